"""What people asked about their data, and what went wrong with it: two books for those who answer for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField

from eventmgr import clock
from eventmgr.domain.access import Right
from eventmgr.domain.data_requests import ASKS, OUTCOMES
from eventmgr.domain.dates import COUNTRY, to_local
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.services import breaches, data_requests
from eventmgr.services.data_requests import RequestFacts
from eventmgr.web.access import needs
from eventmgr.web.forms import NEEDED, DayField, MomentField, options, put_problem, text_field

Value = TypeVar("Value")

blueprint = Blueprint("data_register", __name__, url_prefix="/office/privacy")


class RequestForm(FlaskForm):
    received_on = DayField("Ngày nhận", [NEEDED])
    asked_by = text_field("Người yêu cầu", 200, needed=True)
    contact = text_field("Liên hệ để trả lời", 200)
    ask = SelectField("Yêu cầu", choices=options(*((key.value, words.label) for key, words in ASKS.items())), validate_choice=False)
    words = text_field("Nội dung", 2000, needed=True, area=True)


class ExtendForm(FlaskForm):
    why = text_field("Lý do gia hạn đã báo cho người yêu cầu", 500, needed=True, area=True)


class AnswerForm(FlaskForm):
    outcome = SelectField("Kết quả", choices=options(*((key.value, label) for key, label in OUTCOMES.items())), validate_choice=False)
    answer = text_field("Đã trả lời thế nào", 2000, needed=True, area=True)


class BreachForm(FlaskForm):
    found_at = MomentField("Phát hiện lúc", [NEEDED])
    what = text_field("Việc gì xảy ra", 2000, needed=True, area=True)
    concerned = text_field("Dữ liệu nào, của bao nhiêu người", 500, needed=True)


class MeasuresForm(FlaskForm):
    measures = text_field("Biện pháp đã làm", 2000, needed=True, area=True)


class ReportForm(FlaskForm):
    reported_at = MomentField("Báo lúc", [NEEDED])
    reported_to = text_field("Báo cho ai, số văn bản", 300, needed=True)


@blueprint.route("/requests", methods=["GET", "POST"])
@needs(Right.ADMINISTER)
def requests() -> ResponseReturnValue:
    form = RequestForm(data={"received_on": to_local(clock.now()).date()})
    if form.validate_on_submit():
        facts = RequestFacts(
            _given(form.received_on.data), form.asked_by.data or "", form.contact.data or "", form.ask.data or "", form.words.data or ""
        )
        try:
            number = data_requests.enter(facts, g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash(f"Đã ghi yêu cầu số {number}.", "ok")
            return redirect(url_for("data_register.request_page", request_id=number))
    return render_template("office/data_requests.html", form=form, rows=data_requests.rows()), _status()


@blueprint.route("/requests/<int:request_id>", methods=["GET", "POST"])
@needs(Right.ADMINISTER)
def request_page(request_id: int) -> ResponseReturnValue:
    data_requests.one(request_id)
    do = request.form.get("do", "")
    extend, answer = (kind() if do == name else kind(formdata=None) for name, kind in (("extend", ExtendForm), ("answer", AnswerForm)))
    by = g.who.account_id
    works: dict[str, tuple[FlaskForm | None, Callable[[], None]]] = {
        "acknowledge": (None, lambda: data_requests.acknowledge(request_id, by)),
        "extend": (extend, lambda: data_requests.extend(request_id, extend.why.data or "", by)),
        "answer": (answer, lambda: data_requests.answer(request_id, answer.outcome.data or "", answer.answer.data or "", by)),
    }
    if request.method == "POST" and _is_done(do, works):
        return redirect(url_for("data_register.request_page", request_id=request_id))
    return render_template("office/data_request.html", row=data_requests.one(request_id), extend=extend, answer=answer), _status()


@blueprint.route("/breaches", methods=["GET", "POST"])
@needs(Right.ADMINISTER)
def breach_book() -> ResponseReturnValue:
    form = BreachForm()
    if form.validate_on_submit():
        try:
            number = breaches.enter(_utc(_given(form.found_at.data)), form.what.data or "", form.concerned.data or "", g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash(f"Đã ghi sự cố số {number}.", "ok")
            return redirect(url_for("data_register.breach_page", breach_id=number))
    return render_template("office/breaches.html", form=form, rows=breaches.rows()), _status()


@blueprint.route("/breaches/<int:breach_id>", methods=["GET", "POST"])
@needs(Right.ADMINISTER)
def breach_page(breach_id: int) -> ResponseReturnValue:
    row = breaches.one(breach_id)
    do = request.form.get("do", "")
    measures = MeasuresForm() if do == "measures" else MeasuresForm(formdata=None, obj=row.breach)
    report = ReportForm() if do == "report" else ReportForm(formdata=None)
    by = g.who.account_id
    works: dict[str, tuple[FlaskForm | None, Callable[[], None]]] = {
        "measures": (measures, lambda: breaches.note_measures(breach_id, measures.measures.data or "", by)),
        "report": (report, lambda: breaches.report(breach_id, _utc(_given(report.reported_at.data)), report.reported_to.data or "", by)),
        "close": (None, lambda: breaches.close(breach_id, by)),
    }
    if request.method == "POST" and _is_done(do, works):
        return redirect(url_for("data_register.breach_page", breach_id=breach_id))
    return render_template("office/breach.html", row=breaches.one(breach_id), measures=measures, report=report), _status()


def _is_done(do: str, works: dict[str, tuple[FlaskForm | None, Callable[[], None]]]) -> bool:
    """Do what the pressed button says; a refusal stays at its field. Raises NotFound for no known button."""
    if do not in works:
        raise NotFound()
    form, work = works[do]
    if form is not None and not form.validate():
        return False
    try:
        work()
    except Invalid as problem:
        if form is None:
            raise
        put_problem(form, problem)
        return False
    flash("Đã ghi vào sổ.", "ok")
    return True


def _status() -> int:
    return 422 if request.method == "POST" else 200


def _given(value: Value | None) -> Value:
    """Return what a needed field holds once its form is valid."""
    if value is None:
        raise Invalid("Cần điền mục này.")
    return value


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=COUNTRY)
