"""The discussion, led by the chair and the office."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField

from eventmgr.domain.access import Right
from eventmgr.domain.delegates import AddressForm
from eventmgr.domain.errors import Invalid
from eventmgr.services import discussion, discussion_lead, discussion_papers, stage
from eventmgr.services.discussion_lead import Guest
from eventmgr.web import screens
from eventmgr.web.access import needs
from eventmgr.web.downloads import DOCX, file_response
from eventmgr.web.forms import number_or_none, options, put_problem, text_field

blueprint = Blueprint("discussion", __name__, url_prefix="/stage/<slug>/discussion")


class SpeakerForm(FlaskForm):
    form = SelectField("Cách xưng hô", choices=options(*((form.value, form.label) for form in AddressForm)))
    name = text_field("Họ tên", 120)
    post = text_field("Chức vụ, đơn vị", 300)
    topic = text_field("Nội dung", 300)
    delegate_id = HiddenField()


@blueprint.get("")
@needs(Right.DIRECT_STAGE)
def page(slug: str) -> ResponseReturnValue:
    return _page(SpeakerForm(formdata=None))


@blueprint.post("/opening")
@needs(Right.DIRECT_STAGE)
def opening(slug: str) -> ResponseReturnValue:
    act = discussion_lead.open_discussion if request.form.get("open") == "1" else discussion_lead.close_discussion
    act(g.conference.id, g.who.account_id, g.who.display_name)
    return _done(slug)


@blueprint.post("/minutes")
@needs(Right.DIRECT_STAGE)
def minutes(slug: str) -> ResponseReturnValue:
    wanted = number_or_none(request.form.get("minutes"))
    discussion_lead.set_minutes(g.conference.id, wanted or 0, g.who.account_id, g.who.display_name)
    return _done(slug)


@blueprint.post("/speeches")
@needs(Right.DIRECT_STAGE)
def add(slug: str) -> ResponseReturnValue:
    form = SpeakerForm()
    if form.validate():
        try:
            discussion_lead.add_speaker(g.conference.id, _guest(form), g.who.account_id, g.who.display_name)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã thêm vào danh sách phát biểu.", "ok")
            return redirect(url_for("discussion.page", slug=slug))
    return _page(form), 422


@blueprint.post("/speeches/<int:speech_id>/floor")
@needs(Right.DIRECT_STAGE)
def floor(slug: str, speech_id: int) -> ResponseReturnValue:
    discussion_lead.call(g.conference.id, speech_id, g.who.account_id, g.who.display_name)
    return _done(slug)


@blueprint.post("/speeches/<int:speech_id>/ending")
@needs(Right.DIRECT_STAGE)
def end(slug: str, speech_id: int) -> ResponseReturnValue:
    discussion_lead.end(g.conference.id, speech_id, g.who.account_id, g.who.display_name)
    return _done(slug)


@blueprint.post("/speeches/<int:speech_id>/position")
@needs(Right.DIRECT_STAGE)
def position(slug: str, speech_id: int) -> ResponseReturnValue:
    discussion_lead.move(g.conference.id, speech_id, request.form.get("direction", ""), g.who.account_id, g.who.display_name)
    return _done(slug)


@blueprint.post("/speeches/<int:speech_id>/removal")
@needs(Right.DIRECT_STAGE)
def drop(slug: str, speech_id: int) -> ResponseReturnValue:
    discussion_lead.drop(g.conference.id, speech_id, g.who.account_id, g.who.display_name)
    return _done(slug)


@blueprint.post("/speeches/<int:speech_id>/minutes")
@needs(Right.DIRECT_STAGE)
def more_minutes(slug: str, speech_id: int) -> ResponseReturnValue:
    by = {"1": 1, "5": 5, "-1": -1}.get(request.form.get("by", ""))
    if by is None:
        raise Invalid("Chọn thêm 1 phút, 5 phút hoặc bớt 1 phút.")
    discussion_lead.add_minutes(g.conference.id, speech_id, by, g.who.account_id, g.who.display_name)
    return _done(slug)


@blueprint.post("/speeches/<int:speech_id>/remark")
@needs(Right.DIRECT_STAGE)
def remark(slug: str, speech_id: int) -> ResponseReturnValue:
    text = request.form.get("remark", "")
    try:
        discussion_lead.note_remark(g.conference.id, speech_id, text, g.who.account_id, g.who.display_name)
    except Invalid as problem:
        return _page(SpeakerForm(formdata=None), remark=(speech_id, text, problem.sentence)), 422
    flash("Đã ghi ý kiến.", "ok")
    return redirect(url_for("discussion.page", slug=slug, _anchor=f"speech-{speech_id}"))


@blueprint.get("/remarks.docx")
@needs(Right.DIRECT_STAGE)
def remarks(slug: str) -> ResponseReturnValue:
    return file_response(discussion_papers.remarks_docx(g.conference.id), f"y-kien-thao-luan-{slug}.docx", DOCX, download=True)


def _guest(form: SpeakerForm) -> Guest:
    delegate_id = number_or_none(form.delegate_id.data)
    return Guest(delegate_id, form.form.data, form.name.data or "", form.post.data or "", form.topic.data or "")


def _page(form: SpeakerForm, remark: tuple[int, str, str] | None = None) -> str:
    query = request.args.get("q", "")
    state = stage.stage_state(g.conference.id)
    return render_template(
        "stage/discussion.html", stage=state, talk_aside=screens.talk_aside(state), talk=discussion.discussion_state(g.conference.id), form=form, q=query, kept=remark,
        found=discussion_lead.candidates(g.conference.id, query),
    )


def _done(slug: str) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return {"done": True}
    return redirect(url_for("stage.chair" if request.form.get("back") == "chair" else "discussion.page", slug=slug))
