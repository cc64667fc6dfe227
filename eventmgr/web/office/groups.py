"""Groups; bodies and ranks stand beside them."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import Optional

from eventmgr.domain.access import Right
from eventmgr.domain.dates import COUNTRY, to_local
from eventmgr.domain.delegates import GroupRole
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import groups
from eventmgr.web.access import needs
from eventmgr.web.forms import CLOSING, MomentField, options, put_problem, text_field
from eventmgr.web.office import bodies, ranks
from eventmgr.web.office.invitee_parts import ADDRESS_CHOICES, WordField, people_field, tabs

blueprint = Blueprint("groups", __name__, url_prefix="/office/<slug>")
blueprint.register_blueprint(bodies.blueprint)
blueprint.register_blueprint(ranks.blueprint)

MOMENTS = ("reply_by", "freeze_at")
FACTS = tuple(groups.GroupFacts.__dataclass_fields__)


class GroupForm(FlaskForm):
    label = text_field("Tên nhóm", 300, needed=True, area=True)
    short_label = text_field("Tên gọn", 120)
    role = WordField("Loại", choices=options(*((role.value, role.label) for role in GroupRole)))
    address_form = WordField("Cách xưng hô", choices=ADDRESS_CHOICES)
    quota = people_field("Số người mời")
    is_host = BooleanField("Bên chủ trì (giới thiệu sau khách)")
    note = text_field("Ghi chú", 500, area=True)
    reply_by = MomentField("Trả lời trước", [Optional()], hour=CLOSING)
    freeze_at = MomentField("Chốt danh sách lúc", [Optional()])

    def facts(self) -> groups.GroupFacts:
        values = {name: self[name].data for name in FACTS}
        for name in MOMENTS:
            values[name] = values[name].replace(tzinfo=COUNTRY).astimezone(UTC) if values[name] else None
        return groups.GroupFacts(**values)

    def show_moments(self, group: Any) -> None:
        """Show stored moments on the country's clock."""
        for name in MOMENTS:
            moment = getattr(group, name)
            self[name].data = to_local(moment) if moment else None


@blueprint.get("/groups")
@needs(Right.SEE_DELEGATES)
def index(slug: str) -> ResponseReturnValue:
    return render_template(
        "office/groups.html", rows=groups.group_rows(g.conference.id), tabs_of_invitees=tabs("groups.index")
    )


@blueprint.route("/groups/new", methods=["GET", "POST"])
@needs(Right.EDIT_DELEGATES)
def new(slug: str) -> ResponseReturnValue:
    form = GroupForm(role=GroupRole.DELEGATE.value)
    if form.validate_on_submit():
        try:
            group = groups.add_group(g.conference.id, form.facts(), g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash(f"Đã thêm nhóm {group.label}.", "ok")
            return redirect(url_for("groups.index", slug=slug))
    return render_template("office/group.html", form=form, group=None, common=g.conference.reply_by), 422 if request.method == "POST" else 200


@blueprint.route("/groups/<int:group_id>", methods=["GET", "POST"])
@needs(Right.EDIT_DELEGATES)
def page(slug: str, group_id: int) -> ResponseReturnValue:
    group = groups.get_group(g.conference.id, group_id)
    form = GroupForm(obj=group)
    if request.method == "GET":
        form.show_moments(group)
    if form.validate_on_submit():
        try:
            groups.edit_group(g.conference.id, group_id, form.facts(), g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã lưu nhóm.", "ok")
            return redirect(url_for("groups.index", slug=slug))
    return render_template("office/group.html", form=form, group=group, common=g.conference.reply_by), 422 if request.method == "POST" else 200


@blueprint.post("/groups/<int:group_id>/removal")
@needs(Right.EDIT_DELEGATES)
def remove(slug: str, group_id: int) -> ResponseReturnValue:
    try:
        groups.remove_group(g.conference.id, group_id, g.who.account_id)
    except Conflict as problem:
        flash(problem.sentence, "stop")
        return redirect(url_for("groups.page", slug=slug, group_id=group_id))
    flash("Đã bỏ nhóm.", "ok")
    return redirect(url_for("groups.index", slug=slug))


@blueprint.post("/groups/<int:group_id>/place")
@needs(Right.EDIT_DELEGATES)
def place(slug: str, group_id: int) -> ResponseReturnValue:
    step = request.form.get("step", "")
    if step not in {"-1", "1"}:
        raise Invalid("Chọn chuyển lên hoặc chuyển xuống.")
    groups.move_group(g.conference.id, group_id, int(step), g.who.account_id)
    return redirect(url_for("groups.index", slug=slug, _anchor=f"group-{group_id}"))
