"""Handing over, for ushers (a phone beside the tray) and the award office (the whole picture and corrections)."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import Optional

from eventmgr.domain.access import Right
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.ceremony import OF_THE_USHER, Verb
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.domain.names import AddressForm
from eventmgr.services import award_waves, ceremony
from eventmgr.services.award_waves import CeremonyView, Place
from eventmgr.services.ceremony import Press, Pressed
from eventmgr.web import screens
from eventmgr.web.access import may, needs
from eventmgr.web.ceremony_presses import answer, new_key, press, press_of_form
from eventmgr.web.forms import DayField, attempt, number_or_none, options, text_field

blueprint = Blueprint("ceremony", __name__, url_prefix="/office/<slug>/awards/ceremony")
ADDRESS = options(("", "Không ghi"), *((form.value, form.label) for form in AddressForm))


class PersonForm(FlaskForm):
    address_form = SelectField("Xưng hô", choices=ADDRESS, default="", validate_choice=False)
    name = text_field("Họ tên", 120, needed=True)
    post = text_field("Chức vụ, đơn vị", 300)


class HandoverForm(PersonForm):
    handed_on = DayField("Ngày trao", [Optional()])
    note = text_field("Ghi chú", 300)


@blueprint.get("")
@needs(Right.SEE_AWARDS)
def page(slug: str) -> ResponseReturnValue:
    return _show("office/awards_ceremony.html", None)


@blueprint.get("/tray")
@needs(Right.RUN_TRAY)
def tray(slug: str) -> ResponseReturnValue:
    return _show("office/awards_tray.html", None)


@blueprint.post("/marks")
@needs(Right.RUN_TRAY)
def mark(slug: str) -> ResponseReturnValue:
    back = _back()
    try:
        done = _press(press_of_form())
    except Conflict as problem:
        if request.accept_mimetypes.best == "application/json":
            raise
        return _show("office/awards_tray.html" if back == "tray" else "office/awards_ceremony.html", problem.sentence), 409
    return answer(done, url_for(f"ceremony.{back}", slug=slug))


@blueprint.route("/<int:honouree_id>/stand-in", methods=["GET", "POST"])
@needs(Right.RUN_TRAY)
def stand_in(slug: str, honouree_id: int) -> ResponseReturnValue:
    view = award_waves.ceremony(g.conference.id) if may(Right.SEE_AWARDS) else award_waves.for_usher(g.conference.id)
    place, form, status = _place(view, honouree_id), PersonForm(), 200
    if request.method == "POST":
        status = _typed(form, honouree_id, Verb.RECEIVED if request.form.get("received") else Verb.STAND_IN)
        if status == 302:
            return redirect(url_for(f"ceremony.{_back()}", slug=slug))
    return render_template(
        "office/awards_person.html", title="Người nhận thay", place=place, form=form, seen=view.version, press_key=new_key(),
        started=place.state.value in {"on_stage", "received", "received_by", "later"}, back=_back(), later=False,
    ), status  # fmt: skip


@blueprint.route("/<int:honouree_id>/handover", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def handover(slug: str, honouree_id: int) -> ResponseReturnValue:
    view = award_waves.ceremony(g.conference.id)
    place, form, status = _place(view, honouree_id), HandoverForm(), 200
    if request.method == "POST":
        status = _typed(form, honouree_id, Verb.HANDED)
        if status == 302:
            flash("Đã ghi trao sau.", "ok")
            return redirect(url_for("ceremony.page", slug=slug, _anchor="later"))
    return render_template(
        "office/awards_person.html", title="Ghi trao sau", place=place, form=form, seen=view.version, press_key=new_key(), started=False,
        back="", later=True,
    ), status  # fmt: skip


@blueprint.post("/leaders")
@needs(Right.EDIT_AWARDS)
def leaders(slug: str) -> ResponseReturnValue:
    form = request.form
    form_id = number_or_none(form.get("form_id"))
    if form_id is None:
        raise NotFound()
    ceremony.set_leaders(
        g.conference.id, form_id, form.get("kind", ""), number_or_none(form.get("number")), form.get("presenter", ""), form.get("reader", ""),
        g.who.account_id,
    )
    flash("Đã lưu người trao, người đọc.", "ok")
    return redirect(url_for("ceremony.page", slug=slug, _anchor="leaders"))


def _back() -> str:
    """Where the way back leads: an usher knows the tray alone."""
    return "tray" if request.values.get("back") == "tray" or not may(Right.SEE_AWARDS) else "page"


def _press(wanted: Press) -> Pressed:
    """Make the press: the award office may make any, an usher those of tray and row, once names are known there."""
    if may(Right.EDIT_AWARDS):
        return press(wanted)
    if not award_waves.usher_knows_names(g.conference.id):
        raise Conflict("Tên hiện ra ở đây từ ngày họp; khi đó mới đánh dấu được.")
    return press(wanted, OF_THE_USHER)


def _typed(form: PersonForm, honouree_id: int, verb: Verb) -> int:
    """Make the press that a typed form describes; the status of the answer, 302 when it was stored."""
    def act() -> None:
        day = form.handed_on.data if isinstance(form, HandoverForm) else None
        _press(replace(press_of_form(), verb=verb.value, honouree_id=honouree_id, undoes=None, handed_on=day))

    return attempt(form, act)[0]


def _place(view: CeremonyView, honouree_id: int) -> Place:
    everybody = [*view.later, *view.done, *(one for wave in view.waves for one in (*wave.row, *wave.out))]
    found = next((one for one in everybody if one.id == honouree_id), None)
    if found is None:
        raise NotFound("Không có tên này trong danh sách trao.")
    return found


def _show(template: str, problem: str | None) -> str:
    follows = "awards" if not template.endswith("tray.html") else "tray" if may(Right.SEE_AWARDS) else "usher"
    shown = screens.values(g.conference.id, follows) | {"follows": follows}
    return render_template(template, problem=problem, press_key=new_key(), kinds=RecipientKind, **shown)
