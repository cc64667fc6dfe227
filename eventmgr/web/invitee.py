"""Who holds an invitation: read it, answer it, download it. No account; the code in the address is the key."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField

from eventmgr import clock
from eventmgr.domain import passes
from eventmgr.domain.dates import to_local
from eventmgr.domain.delegates import AddressForm, addressed
from eventmgr.domain.errors import Invalid
from eventmgr.services import discussion, invitees, paper_release, programme_versions, replies
from eventmgr.web.access import holds_pass
from eventmgr.web.downloads import file_response, pdf_response
from eventmgr.web.forms import options, put_problem, text_field

blueprint = Blueprint("invitee", __name__)


class AbsentForm(FlaskForm):
    reason = text_field("Lý do", 500, needed=True, area=True)


class SubstituteForm(FlaskForm):
    substitute_form = SelectField("Cách xưng hô", choices=options(("đồng chí", "đồng chí"), ("ông", "ông"), ("bà", "bà")))
    substitute_name = text_field("Họ tên người dự thay", 120, needed=True)
    substitute_post = text_field("Chức vụ, đơn vị", 300, needed=True)


class SpeechForm(FlaskForm):
    topic = text_field("Nội dung muốn phát biểu", 300, needed=True)


@blueprint.get("/I/<code>")
@holds_pass
def capital(code: str) -> ResponseReturnValue:
    return redirect(url_for("invitee.page", code=_tidy(code)), 308)


@blueprint.get("/i/<code>")
@holds_pass
def page(code: str) -> ResponseReturnValue:
    if code != _tidy(code):
        return redirect(url_for("invitee.page", code=_tidy(code)))
    return _page(code)


@blueprint.post("/i/<code>/reply")
@holds_pass
def reply(code: str) -> ResponseReturnValue:
    kind = request.form.get("answer", "")
    forms: dict[str, FlaskForm] = {"absent": AbsentForm(), "substitute": SubstituteForm()}
    form = forms.get(kind)
    if form is not None and not form.validate():
        return _page(code, **{kind: form}), 422
    given = {name: form[name].data for name in form._fields if name != "csrf_token"} if form is not None else {}
    try:
        replies.answer_by_holder(code, replies.Answer(kind, **given))
    except Invalid as problem:
        if form is None:
            raise
        put_problem(form, problem)
        return _page(code, **{kind: form}), 422
    flash("Đã ghi nhận trả lời. Cảm ơn!", "ok")
    return redirect(url_for("invitee.page", code=code))


@blueprint.post("/i/<code>/opened")
@holds_pass
def opened(code: str) -> ResponseReturnValue:
    replies.note_opened(replies.held_by(code).invitation.id)
    return "", 204


@blueprint.get("/i/<code>/speech")
@holds_pass
def speech_place(code: str) -> ResponseReturnValue:
    held = replies.held_by(code)
    return {"html": render_template("invitee/_speak_place.html", d=held.delegate, code=code, talk=_talk(held.conference, held.delegate.id))}


@blueprint.post("/i/<code>/speech")
@holds_pass
def speech(code: str) -> ResponseReturnValue:
    form = SpeechForm()
    try:
        if form.validate():
            discussion.ask(code, form.topic.data or "")
            flash("Đã đăng ký phát biểu. Xin chờ chủ trì mời.", "ok")
            return redirect(url_for("invitee.page", code=code, _anchor="speak"))
    except Invalid as problem:
        put_problem(form, problem)
    return _page(code, speech=form), 422


@blueprint.post("/i/<code>/speech/removal")
@holds_pass
def take_back_speech(code: str) -> ResponseReturnValue:
    discussion.withdraw(code)
    flash("Đã rút đăng ký phát biểu.", "ok")
    return redirect(url_for("invitee.page", code=code, _anchor="speak"))


@blueprint.get("/i/<code>/invitation.pdf")
@holds_pass
def letter(code: str) -> Response:
    name, content = invitees.own_letter(code)
    return pdf_response(content, name)


@blueprint.get("/i/<code>/event.ics")
@holds_pass
def calendar(code: str) -> Response:
    return file_response(invitees.calendar_entry(replies.held_by(code)), "hoi-nghi.ics", "text/calendar; charset=utf-8", download=True)


@blueprint.get("/i/<code>/qr.svg")
@holds_pass
def qr(code: str) -> Response:
    held = replies.held_by(code)
    if held.invitation.revoked_at is not None:
        raise Invalid("Giấy mời này đã được thu hồi.")
    return file_response(invitees.own_qr(held).encode(), "ma-qr.svg", "image/svg+xml")


def _tidy(code: str) -> str:
    """Return the code as this system writes it; what is no code stays and is answered with 404."""
    return passes.read(code) or code


def _page(code: str, absent: FlaskForm | None = None, substitute: FlaskForm | None = None, speech: FlaskForm | None = None) -> str:
    held = replies.held_by(code)
    conference, delegate = held.conference, held.delegate
    g.conference = conference
    frozen = held.times.is_frozen(clock.now())
    return render_template(
        "invitee/page.html", held=held, c=conference, d=delegate, code=code,
        called=addressed(AddressForm(delegate.address_form), delegate.full_name, delegate.posts),
        groups=passes.grouped(held.code), programme=programme_versions.published(conference.id),
        can_answer=not frozen and held.invitation.revoked_at is None, reply_by=held.times.reply_by,
        is_late=held.times.is_late(clock.now()),
        papers=paper_release.shown_papers(conference.id, paper_release.reader_of(held)),
        talk=_talk(conference, delegate.id), speech=speech or SpeechForm(formdata=None),
        absent=absent or AbsentForm(formdata=None), substitute=substitute or SubstituteForm(formdata=None),
    )


def _talk(conference: Any, delegate_id: int) -> dict[str, object]:
    """Whether one may ask to speak, the request that one has made with how many are before it, and whether it may still be opened."""
    asked = discussion.own_request(conference.id, delegate_id)
    return {
        "is_open": discussion.is_open(conference.id), "asked": asked,
        "before": discussion.before(conference.id, asked.id) if asked else 0,
        "today": conference.held_on == to_local(clock.now()).date(),
    }
