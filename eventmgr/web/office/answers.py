"""Answers about delegates: the whole history, entering one with how it came, taking a wrong one back; absences."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.services import absences, delegates, replies
from eventmgr.web.access import needs
from eventmgr.web.forms import attempt, chosen_row
from eventmgr.web.office.invitation_forms import EnteredReplyForm
from eventmgr.web.office.invitee_parts import group_choices

blueprint = Blueprint("answers", __name__, url_prefix="/office/<slug>")


@blueprint.get("/delegates/<int:delegate_id>/answers")
@needs(Right.SEE_DELEGATES)
def page(slug: str, delegate_id: int) -> ResponseReturnValue:
    return _page(delegate_id, EnteredReplyForm(formdata=None))


@blueprint.post("/delegates/<int:delegate_id>/answers")
@needs(Right.EDIT_INVITATIONS)
def enter(slug: str, delegate_id: int) -> ResponseReturnValue:
    form = EnteredReplyForm()
    status, _ = attempt(form, lambda: replies.answer_for(g.conference.id, delegate_id, form.answered(), form.how(), g.who.account_id))
    if status == 302:
        flash("Đã ghi trả lời.", "ok")
        return redirect(url_for("answers.page", slug=slug, delegate_id=delegate_id))
    return _page(delegate_id, form), status


@blueprint.post("/answers/<int:reply_id>/removal")
@needs(Right.EDIT_INVITATIONS)
def take_back(slug: str, reply_id: int) -> ResponseReturnValue:
    delegate_id = replies.take_back(g.conference.id, reply_id, g.who.account_id)
    flash("Đã bỏ câu trả lời ghi nhầm; lịch sử vẫn giữ.", "ok")
    return redirect(url_for("answers.page", slug=slug, delegate_id=delegate_id))


@blueprint.get("/absences")
@needs(Right.SEE_DELEGATES)
def absent(slug: str) -> ResponseReturnValue:
    group_id = chosen_row(request.args, "group")
    return render_template(
        "office/absences.html", rows=absences.absences(g.conference.id, group_id), how=absences.how_it_came,
        group=str(group_id or ""), groups=group_choices("Tất cả các nhóm"),
    )


def _page(delegate_id: int, form: EnteredReplyForm) -> str:
    delegate = delegates.get_delegate(g.conference.id, delegate_id)
    return render_template(
        "office/answers.html", delegate=delegate, form=form, told=replies.history_of(g.conference.id, delegate_id),
        how=absences.how_it_came,
    )
