"""People and their roles in a conference."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField

from eventmgr.domain.access import CONFERENCE_ROLES, Right, Role
from eventmgr.domain.errors import Invalid
from eventmgr.services import people
from eventmgr.web.access import needs
from eventmgr.web.forms import options, put_problem

blueprint = Blueprint("people", __name__, url_prefix="/office/<slug>/people")


class RoleForm(FlaskForm):
    account_id = SelectField("Tài khoản", coerce=int)
    role = SelectField("Vai trò", choices=options(*((role.value, role.label) for role in CONFERENCE_ROLES)))


@blueprint.route("", methods=["GET", "POST"])
@needs(Right.EDIT_PEOPLE)
def index(slug: str) -> ResponseReturnValue:
    form = RoleForm()
    form.account_id.choices = options(
        *(
            (account.id, f"{account.display_name} ({account.username})")
            for account in people.all_accounts()
            if account.disabled_at is None and not account.is_administrator
        )
    )
    if form.validate_on_submit():
        try:
            people.give_role(g.conference.id, form.account_id.data, form.role.data, g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã phân công.", "ok")
            return redirect(url_for("people.index", slug=slug))
    members = people.members(g.conference.id)
    labels = {role.value: role.label for role in Role}
    status = 422 if request.method == "POST" else 200
    return render_template("office/people.html", form=form, members=members, labels=labels), status


@blueprint.post("/<int:membership_id>/remove")
@needs(Right.EDIT_PEOPLE)
def remove(slug: str, membership_id: int) -> ResponseReturnValue:
    people.take_role(g.conference.id, membership_id, g.who.account_id)
    flash("Đã bỏ phân công.", "ok")
    return redirect(url_for("people.index", slug=slug))
