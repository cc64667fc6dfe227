"""Bodies: list, search, add, edit, put away."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import bodies
from eventmgr.web.access import needs
from eventmgr.web.forms import number_or_none, options, put_problem, text_field
from eventmgr.web.office.invitee_parts import ChoiceField, group_choices, pager_of, people_field, tabs

blueprint = Blueprint("bodies", __name__, url_prefix="/bodies")

FACTS = tuple(bodies.BodyFacts.__dataclass_fields__)


class BodyForm(FlaskForm):
    name = text_field("Tên đơn vị", 300, needed=True)
    group_id = ChoiceField("Nhóm")
    quota = people_field("Số người mời")
    seat_in_group = text_field("Tư cách trong nhóm", 200)

    def facts(self) -> bodies.BodyFacts:
        return bodies.BodyFacts(**{name: self[name].data for name in FACTS})


@blueprint.get("")
@needs(Right.SEE_DELEGATES)
def index(slug: str) -> ResponseReturnValue:
    query, group, archived = (
        request.args.get("q", "")[:200],
        request.args.get("group", ""),
        request.args.get("archived") == "1",
    )
    page = bodies.body_page(
        g.conference.id,
        query,
        number_or_none(group),
        archived=archived,
        number=number_or_none(request.args.get("page")) or 1,
    )

    def address(number: int) -> str:
        return url_for(
            "groups.bodies.index",
            slug=slug,
            q=query or None,
            group=group or None,
            archived="1" if archived else None,
            page=number,
        )

    return render_template(
        "office/bodies.html",
        page=page,
        q=query,
        group=group,
        archived=archived,
        archived_count=bodies.body_counts(g.conference.id)[1],
        groups=[*group_choices("Tất cả các nhóm"), *options((bodies.NO_GROUP, "Chưa xếp nhóm"))],
        tabs_of_invitees=tabs("groups.bodies.index"),
        pager_of_page=pager_of(page, address),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.EDIT_DELEGATES)
def new(slug: str) -> ResponseReturnValue:
    form = BodyForm(group_id=number_or_none(request.args.get("group")))
    form.group_id.choices = group_choices("Chưa xếp nhóm")
    if form.validate_on_submit():
        try:
            body = bodies.add_body(g.conference.id, form.facts(), g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash(f"Đã thêm {body.name}.", "ok")
            return redirect(url_for("groups.bodies.index", slug=slug, group=body.group_id))
    return render_template("office/body.html", form=form, body=None), 422 if request.method == "POST" else 200


@blueprint.route("/<int:body_id>", methods=["GET", "POST"])
@needs(Right.EDIT_DELEGATES)
def page(slug: str, body_id: int) -> ResponseReturnValue:
    body = bodies.get_body(g.conference.id, body_id)
    form = BodyForm(obj=body)
    form.group_id.choices = group_choices("Chưa xếp nhóm")
    if form.validate_on_submit():
        try:
            bodies.edit_body(g.conference.id, body_id, form.facts(), g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã lưu đơn vị.", "ok")
            return redirect(url_for("groups.bodies.index", slug=slug))
    return render_template("office/body.html", form=form, body=body), 422 if request.method == "POST" else 200


@blueprint.post("/<int:body_id>/archive")
@needs(Right.EDIT_DELEGATES)
def archive(slug: str, body_id: int) -> ResponseReturnValue:
    archived = request.form.get("back") != "1"
    try:
        bodies.set_archived(g.conference.id, body_id, archived, g.who.account_id)
    except Conflict as problem:
        flash(problem.sentence, "stop")
        return redirect(url_for("groups.bodies.page", slug=slug, body_id=body_id))
    flash("Đã cất đơn vị; vẫn xem được ở mục “Đã cất”." if archived else "Đã dùng lại đơn vị.", "ok")
    return redirect(url_for("groups.bodies.index", slug=slug))
