"""A letter that is out and wrong: put right under the same number, or replaced by another one."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.invitations import short_notice
from eventmgr.services import corrections, handovers, holidays, invitations, issuing, letter_words, letters
from eventmgr.web.access import needs
from eventmgr.web.forms import LinesField, number_or_none, options, put_problem, text_field
from eventmgr.web.office.invitation_forms import IssueForm

blueprint = Blueprint("letters_again", __name__, url_prefix="/office/<slug>/invitations/<int:invitation_id>")

FORMS = (("đồng chí", "đồng chí"), ("ông", "ông"), ("bà", "bà"))


class CorrectionForm(FlaskForm):
    address_form = SelectField("Cách xưng hô", choices=options(*FORMS))
    full_name = text_field("Họ và tên", 120)
    posts = LinesField("Chức vụ")
    addressee = text_field("Lời ghi riêng trên giấy", 700, area=True)
    reason = text_field("Lý do đính chính", 300, needed=True)
    seen = HiddenField()


class ReissueForm(IssueForm):
    reason = text_field("Lý do thu hồi giấy cũ", 300, needed=True)
    addressee = text_field("Kính mời", 700, area=True)
    extra_note = text_field("Lưu ý riêng cho đại biểu này", 500, area=True)


@blueprint.route("/correction", methods=["GET", "POST"])
@needs(Right.ISSUE_INVITATIONS)
def correction(slug: str, invitation_id: int) -> ResponseReturnValue:
    letter = invitations.get_letter(g.conference.id, invitation_id)
    done, delegate = corrections.corrections_of(invitation_id), letter.invitation.delegate
    form = CorrectionForm(
        address_form=delegate.address_form, full_name=delegate.full_name, posts=delegate.posts,
        addressee=letter.invitation.addressee, seen=str(len(done)),
    )  # fmt: skip
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            right = corrections.Right(
                form.address_form.data, form.full_name.data, tuple(form.posts.data), form.addressee.data, form.reason.data,
                number_or_none(form.seen.data),
            )  # fmt: skip
            try:
                corrections.correct(g.conference.id, invitation_id, right, g.who.account_id)
            except Invalid as problem:
                put_problem(form, problem)
            except Conflict as problem:
                form.form_errors.append(problem.sentence)
                status = 409
            else:
                is_out = any(way.is_out for way in handovers.ways_of(g.conference.id, invitation_id))
                flash(f"Đã đính chính.{' Bản giấy đã gửi mang lời cũ: in lại và đổi cho đại biểu.' if is_out else ''}", "ok")
                return redirect(url_for("invitations.page", slug=slug, invitation_id=invitation_id))
    return render_template("office/letter_correction.html", letter=letter, invitation=letter.invitation, delegate=delegate, form=form), status


@blueprint.route("/reissue", methods=["GET", "POST"])
@needs(Right.ISSUE_INVITATIONS)
def reissue(slug: str, invitation_id: int) -> ResponseReturnValue:
    conference = g.conference
    letter = invitations.get_letter(conference.id, invitation_id)
    old = letter.invitation
    form = ReissueForm(
        signer_lines=old.signer_lines, signer_name=old.signer_name, addressee=old.addressee, extra_note=old.extra_note
    )
    form.first_number.label.text = "Số của giấy mới"
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            again = issuing.Again(form.reason.data, form.addressee.data, form.extra_note.data)
            try:
                made = issuing.reissue(conference.id, invitation_id, form.facts(), again, g.who.account_id)
            except Invalid as problem:
                put_problem(form, problem)
            except Conflict as problem:
                form.first_number.errors = [problem.sentence]
                status = 409
            else:
                flash("Đã thu hồi giấy cũ và phát hành giấy mới; mã QR cũ hết hiệu lực.", "ok")
                if late := short_notice(form.day(), conference.held_on, holidays.calendar()):
                    flash(late, "warn")
                return redirect(url_for("invitations.page", slug=slug, invitation_id=made))
    return render_template(
        "office/letter_reissue.html", letter=letter, invitation=old, delegate=old.delegate, form=form,
        suggested=letter_words.addressee_of(old.delegate), symbol=letters.printed_symbol(conference), kept=issuing.kept_runs(conference),
    ), status
