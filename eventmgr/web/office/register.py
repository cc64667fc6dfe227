"""Sổ đăng ký giấy mời: the numbers of a year, kept runs, and why a number went to nobody."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from eventmgr import clock
from eventmgr.domain.access import Right
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import register
from eventmgr.web.access import needs
from eventmgr.web.forms import number_or_none, options, put_problem, text_field

blueprint = Blueprint("register", __name__, url_prefix="/office/<slug>/invitations/register")

_NUMBER = NumberRange(1, 99_999, "Số từ 1 đến 99.999.")


class _RunForm(FlaskForm):
    year = IntegerField("Năm", [InputRequired("Nhập năm của sổ."), NumberRange(1945, 2200, "Năm của sổ chưa đúng.")])
    first = IntegerField("Từ số", [InputRequired("Nhập số đầu."), _NUMBER])
    last = IntegerField("Đến số", [Optional(), _NUMBER])

    def run(self) -> tuple[int, int, int]:
        """Return year, first and last number; a single number needs no end."""
        first = int(self.first.data or 0)
        return int(self.year.data or 0), first, int(self.last.data or first)


class KeepForm(_RunForm):
    purpose = text_field("Dùng cho việc gì", 300)


class EndForm(_RunForm):
    do = RadioField("Việc", choices=options(("release", "Trả lại: ai cũng dùng được"), ("void", "Hủy: không bao giờ dùng")), default="release")
    reason = text_field("Lý do", 300, needed=True)


@blueprint.get("")
@needs(Right.SEE_INVITATIONS)
def page(slug: str) -> ResponseReturnValue:
    return _page()


@blueprint.post("/runs")
@needs(Right.ISSUE_INVITATIONS)
def keep(slug: str) -> ResponseReturnValue:
    form = KeepForm(prefix="keep")

    def store() -> str:
        count = register.reserve(g.conference, *form.run(), form.purpose.data, g.who.account_id)
        return f"Đã giữ {count} số."

    return _stored(form, store, keep=form)


@blueprint.post("/ends")
@needs(Right.ISSUE_INVITATIONS)
def end(slug: str) -> ResponseReturnValue:
    form = EndForm(prefix="end")

    def store() -> str:
        act = register.void if form.do.data == "void" else register.release
        count = act(g.conference, *form.run(), form.reason.data, g.who.account_id)
        return f"Đã {'hủy' if form.do.data == 'void' else 'trả lại'} {count} số."

    return _stored(form, store, end=form)


def _stored(form: _RunForm, store: Callable[[], str], keep: KeepForm | None = None, end: EndForm | None = None) -> ResponseReturnValue:
    if not form.validate():
        return _page(keep, end), 422
    try:
        flash(store(), "ok")
    except Invalid as problem:
        put_problem(form, problem)
        return _page(keep, end), 422
    except Conflict as problem:
        form.first.errors = [problem.sentence]
        return _page(keep, end), 409
    return redirect(url_for("register.page", slug=g.conference.slug, year=form.year.data))


def _page(keep: KeepForm | None = None, end: EndForm | None = None) -> str:
    year, number = number_or_none(request.args.get("year")), request.args.get("page", 1, type=int)
    book = register.register(g.conference, year, number)
    this_year = g.conference.held_on.year if g.conference.held_on else to_local(clock.now()).year
    return render_template(
        "office/register.html", book=book, keep=keep or KeepForm(formdata=None, prefix="keep", year=this_year),
        end=end or EndForm(formdata=None, prefix="end", year=book.year),
        page_url=lambda at: url_for("register.page", slug=g.conference.slug, year=book.year, page=at),
    )
