"""Who receives for each honouree, and inviting them; registered beside the lists."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict
from eventmgr.services import award_receivers, awards, honourees
from eventmgr.services.award_receivers import ReceiverFacts
from eventmgr.web.access import may, needs
from eventmgr.web.forms import attempt, text_field
from eventmgr.web.office.award_forms import ADDRESS
from eventmgr.web.office.invitee_parts import ChoiceField, body_choices

blueprint = Blueprint("receivers", __name__, url_prefix="/<int:form_id>/receivers")


class ReceiverForm(FlaskForm):
    body_id = ChoiceField("Đơn vị")
    leader_name = text_field("Người lên nhận", 120)
    leader_form = SelectField("Xưng hô", choices=ADDRESS, default="", validate_choice=False)
    leader_post = text_field("Chức vụ", 300)

    def facts(self) -> ReceiverFacts:
        return ReceiverFacts(self.body_id.data, self.leader_form.data or None, self.leader_name.data, self.leader_post.data)


@blueprint.get("")
@needs(Right.SEE_AWARDS)
def page(slug: str, form_id: int) -> ResponseReturnValue:
    return _page(form_id)


@blueprint.post("")
@needs(Right.EDIT_AWARDS)
def invite(slug: str, form_id: int) -> ResponseReturnValue:
    try:
        made, linked = award_receivers.invite(g.conference.id, form_id, g.who.account_id)
    except Conflict as problem:
        return _page(form_id, problem.sentence), 409
    told = [f"thêm {made} người" if made else "", f"{linked} người đã có sẵn trong danh sách" if linked else ""]
    flash(f"Danh sách khách mời: {', '.join(part for part in told if part)}." if made or linked else "Không còn ai để mời thêm.", "ok" if made or linked else "info")
    return redirect(url_for("awards.receivers.page", slug=slug, form_id=form_id))


@blueprint.route("/<int:honouree_id>", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def receiver(slug: str, form_id: int, honouree_id: int) -> ResponseReturnValue:
    honouree = honourees.get(g.conference.id, form_id, honouree_id)
    form, status = ReceiverForm(obj=honouree) if request.method == "GET" else ReceiverForm(), 200
    form.body_id.choices = body_choices(honouree.body_id)
    if request.method == "POST":
        status, _ = attempt(
            form, lambda: award_receivers.name_receiver(g.conference.id, form_id, honouree_id, form.facts(), g.who.account_id)
        )
        if status == 302:
            flash("Đã ghi người lên nhận.", "ok")
            return redirect(url_for("awards.receivers.page", slug=slug, form_id=form_id))
    award = award_receivers.form_of(g.conference.id, form_id)
    return render_template("office/awards_receiver.html", form=form, award=award, honouree=honouree, called=awards.called), status


def _page(form_id: int, problem: str | None = None) -> str:
    award = award_receivers.form_of(g.conference.id, form_id)
    return render_template(
        "office/awards_receivers.html", award=award, called=awards.called, problem=problem,
        rows=award_receivers.receivers(g.conference.id, form_id), sees_delegates=may(Right.SEE_DELEGATES),
    )  # fmt: skip
