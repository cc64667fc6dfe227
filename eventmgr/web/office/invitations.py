"""Letters: draft, approve, issue, revoke; replies entered by the office."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr import clock
from eventmgr.domain.access import Right
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.invitations import short_notice
from eventmgr.services import (
    corrections,
    groups,
    handovers,
    holidays,
    invitations,
    issuing,
    letter_lists,
    letter_words,
    letters,
    printing,
    replies,
)
from eventmgr.web.access import needs
from eventmgr.web.downloads import file_response, pdf_response
from eventmgr.web.forms import chosen_row, put_problem, row_number
from eventmgr.web.office.invitation_forms import EnteredReplyForm, IssueForm, ReplyForm, RevokeForm, WordsForm

WORDS_OF_VERBS = {
    "invitation.drafted": "Soạn giấy mời.",
    "invitation.approved": "Duyệt giấy mời.",
    "invitation.issued": "Cấp số, phát hành giấy mời.",
}

blueprint = Blueprint("invitations", __name__, url_prefix="/office/<slug>/invitations")


@blueprint.get("")
@needs(Right.SEE_INVITATIONS)
def index(slug: str) -> ResponseReturnValue:
    query, state = request.args.get("q", ""), request.args.get("state", "")
    group_id = chosen_row(request.args, "group")
    page = letter_lists.letter_page(g.conference.id, query, group_id, state, request.args.get("page", 1, type=int))
    return render_template(
        "office/invitations.html", page=page, q=query, state=state, group_id=group_id,
        groups=groups.list_groups(g.conference.id), waiting=replies.waiting_substitutes(g.conference.id),
        page_url=lambda number: url_for("invitations.index", slug=slug, q=query, state=state, group=group_id, page=number),
    )


@blueprint.post("/drafts")
@needs(Right.EDIT_INVITATIONS)
def draft(slug: str) -> ResponseReturnValue:
    made = invitations.draft_letters(
        g.conference.id, g.who.account_id, chosen_row(request.form, "group"), request.form.getlist("delegate", type=row_number)
    )
    flash(f"Đã soạn {made} giấy mời." if made else "Mọi đại biểu đều đã có giấy mời.", "ok")
    return redirect(url_for("invitations.index", slug=slug, state="draft" if made else None))


@blueprint.post("/approvals")
@needs(Right.ISSUE_INVITATIONS)
def approve(slug: str) -> ResponseReturnValue:
    ids = _chosen("draft")
    if not ids:
        return _nothing_chosen(slug)
    made = invitations.approve(g.conference.id, ids, g.who.account_id)
    flash(f"Đã duyệt {made} giấy mời.", "ok")
    if request.form.get("one"):
        return redirect(url_for("invitations.page", slug=slug, invitation_id=request.form.get("invitation", type=row_number)))
    return redirect(url_for("invitations.index", slug=slug, state="approved"))


@blueprint.route("/issue", methods=["GET", "POST"])
@needs(Right.ISSUE_INVITATIONS)
def issue(slug: str) -> ResponseReturnValue:
    conference = g.conference
    ids = _chosen("approved")
    if not ids and not _asked_for_all():
        return _nothing_chosen(slug)
    form = IssueForm(signer_lines=conference.signer_lines, signer_name=conference.signer_name)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            facts = form.facts()
            try:
                numbers = issuing.issue(conference.id, ids, facts, g.who.account_id)
            except Invalid as problem:
                put_problem(form, problem)
            except Conflict as problem:
                form.first_number.errors = [problem.sentence]
                status = 409
            else:
                flash(f"Đã phát hành {len(numbers)} giấy mời.", "ok")
                if late := short_notice(facts.dated_on, conference.held_on, holidays.calendar()):
                    flash(late, "warn")
                if len(ids) == 1:
                    return redirect(url_for("invitations.page", slug=slug, invitation_id=ids[0]))
                return redirect(url_for("invitations.index", slug=slug, state="issued"))
    chosen = [invitation for invitation, _ in letters.loaded(conference.id, ids)]
    year = to_local(clock.now()).year
    return render_template(
        "office/invitation_issue.html", form=form, chosen=chosen, ids=ids, symbol=letters.printed_symbol(conference),
        only_here=current_app.extensions["eventmgr"].settings.only_here,
        hint=issuing.next_free_number(conference, form.dated_on.data.year if form.dated_on.data else year),
        kept=issuing.kept_runs(conference),
    ), status


@blueprint.get("/<int:invitation_id>")
@needs(Right.SEE_INVITATIONS)
def page(slug: str, invitation_id: int) -> ResponseReturnValue:
    return _letter(invitation_id)


@blueprint.post("/<int:invitation_id>/words")
@needs(Right.EDIT_INVITATIONS)
def edit(slug: str, invitation_id: int) -> ResponseReturnValue:
    form = WordsForm()
    if form.validate():
        try:
            invitations.edit_draft(
                g.conference.id, invitation_id, form.addressee.data, form.extra_note.data, g.who.account_id
            )
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã lưu bản nháp.", "ok")
            return redirect(url_for("invitations.page", slug=slug, invitation_id=invitation_id))
    return _letter(invitation_id, words=form, status=422)


@blueprint.post("/<int:invitation_id>/approval")
@needs(Right.ISSUE_INVITATIONS)
def withdraw(slug: str, invitation_id: int) -> ResponseReturnValue:
    invitations.withdraw_approval(g.conference.id, invitation_id, g.who.account_id)
    flash("Đã bỏ duyệt; giấy trở lại bản nháp.", "ok")
    return redirect(url_for("invitations.page", slug=slug, invitation_id=invitation_id))


@blueprint.post("/<int:invitation_id>/revocation")
@needs(Right.ISSUE_INVITATIONS)
def revoke(slug: str, invitation_id: int) -> ResponseReturnValue:
    form = RevokeForm()
    if form.validate():
        invitations.revoke(g.conference.id, invitation_id, form.reason.data, g.who.account_id)
        flash("Đã thu hồi giấy mời; mã QR cũ hết hiệu lực.", "ok")
        return redirect(url_for("invitations.page", slug=slug, invitation_id=invitation_id))
    return _letter(invitation_id, revoke_form=form, status=422)


@blueprint.get("/<int:invitation_id>/letter.pdf")
@needs(Right.SEE_INVITATIONS)
def pdf(slug: str, invitation_id: int) -> Response:
    return pdf_response(printing.letter_pdf(g.conference.id, invitation_id), f"giay-moi-{invitation_id}.pdf")


@blueprint.get("/<int:invitation_id>/qr.svg")
@needs(Right.SEE_INVITATIONS)
def qr(slug: str, invitation_id: int) -> Response:
    return file_response(letters.qr_of(g.conference.id, invitation_id), "ma-qr.svg", "image/svg+xml")


@blueprint.post("/<int:invitation_id>/replies")
@needs(Right.EDIT_INVITATIONS)
def reply(slug: str, invitation_id: int) -> ResponseReturnValue:
    form = EnteredReplyForm()
    if form.validate():
        try:
            replies.answer_by_office(g.conference.id, invitation_id, form.answered(), g.who.account_id, form.how())
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã ghi trả lời.", "ok")
            return redirect(url_for("invitations.page", slug=slug, invitation_id=invitation_id))
    return _letter(invitation_id, reply_form=form, status=422)


@blueprint.post("/substitutes/<int:reply_id>")
@needs(Right.EDIT_INVITATIONS)
def judge(slug: str, reply_id: int) -> ResponseReturnValue:
    accept = request.form.get("accept") == "1"
    replies.judge_substitute(g.conference.id, reply_id, accept, g.who.account_id)
    flash("Đã đồng ý người dự thay." if accept else "Đã trả lại đề nghị.", "ok")
    return redirect(url_for("invitations.index", slug=slug))


def _chosen(state: str) -> list[int]:
    """Return the letters that the form or the address names: ticked ones, or on demand all (of a group) in a state."""
    ids = list(dict.fromkeys(request.values.getlist("invitation", type=row_number)))
    if ids:
        return ids[:5000]
    if not _asked_for_all():
        return []
    return invitations.matching_ids(g.conference.id, chosen_row(request.values, "group"), state)


def _asked_for_all() -> bool:
    return request.values.get("all") == "1"


def _nothing_chosen(slug: str) -> ResponseReturnValue:
    word = "Không còn bản nháp nào để duyệt." if _asked_for_all() else "Chưa chọn giấy nào: đánh dấu ở đầu dòng rồi bấm lại."
    flash(word, "warn")
    return redirect(url_for("invitations.index", slug=slug))


def _letter(
    invitation_id: int,
    words: WordsForm | None = None,
    reply_form: ReplyForm | None = None,
    revoke_form: RevokeForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    letter = invitations.get_letter(g.conference.id, invitation_id)
    sheet = letters.sheet_of(g.conference, letter.invitation, letter.held)
    shown = words or WordsForm(formdata=None, obj=letter.invitation)
    return render_template(
        "office/invitation.html", letter=letter, invitation=letter.invitation, delegate=letter.invitation.delegate,
        ways=handovers.ways_of(g.conference.id, invitation_id),
        preview=letters.preview(sheet), words=shown, words_of_verbs=WORDS_OF_VERBS, reply_form=reply_form or EnteredReplyForm(formdata=None),
        revoke_form=revoke_form or RevokeForm(formdata=None), suggested=letter_words.addressee_of(letter.invitation.delegate),
        corrections=corrections.corrections_of(invitation_id),
    ), status
