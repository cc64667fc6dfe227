"""Bodies: list, search, add, edit, put away."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import bodies, body_links, incoming
from eventmgr.web.access import needs
from eventmgr.web.downloads import file_response
from eventmgr.web.forms import chosen_row, number_or_none, options, put_problem, text_field
from eventmgr.web.office.invitee_parts import ChoiceField, group_choices, pager_of, people_field, tabs

blueprint = Blueprint("bodies", __name__, url_prefix="/bodies")

FACTS = tuple(bodies.BodyFacts.__dataclass_fields__)


class BodyForm(FlaskForm):
    name = text_field("Tên đơn vị", 300, needed=True)
    group_id = ChoiceField("Nhóm")
    quota = people_field("Số người mời")
    seat_in_group = text_field("Tư cách trong nhóm", 200)
    email = text_field("Thư điện tử của đơn vị", 254)
    phone = text_field("Điện thoại của đơn vị", 60)

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
    return render_template("office/body.html", form=form, body=None, link=None, sent=None), 422 if request.method == "POST" else 200


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
    return render_template(
        "office/body.html", form=form, body=body, link=body_links.link_of(body), sent=incoming.came_page(g.conference.id, "", body_id=body_id),
    ), 422 if request.method == "POST" else 200


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


@blueprint.post("/links")
@needs(Right.EDIT_DELEGATES)
def make_links(slug: str) -> ResponseReturnValue:
    made = body_links.make_links(g.conference.id, g.who.account_id)
    flash(f"Đã tạo liên kết cho {made} đơn vị." if made else "Đơn vị nào trong nhóm cũng đã có liên kết.", "ok")
    return redirect(url_for("groups.bodies.links", slug=slug))


@blueprint.get("/links")
@needs(Right.EDIT_DELEGATES)
def links(slug: str) -> ResponseReturnValue:
    """Everything to be printed and cut up: one slip with QR a body."""
    body_id, group_id = chosen_row(request.args, "body"), chosen_row(request.args, "group")
    found = bodies.linked_bodies(g.conference.id, group_id, body_id)
    slips = [(body, link) for body in found if (link := body_links.link_of(body))]
    return render_template(
        "office/body_links.html", slips=slips, body_id=body_id, group=str(group_id or ""), groups=group_choices("Tất cả các nhóm"),
        only_here=current_app.extensions["eventmgr"].settings.only_here,
    )


@blueprint.post("/<int:body_id>/link")
@needs(Right.EDIT_DELEGATES)
def link(slug: str, body_id: int) -> ResponseReturnValue:
    had = bodies.get_body(g.conference.id, body_id).link_seed is not None
    body_links.renew_link(g.conference.id, body_id, g.who.account_id)
    flash("Đã đổi liên kết; liên kết cũ không mở được nữa." if had else "Đã tạo liên kết của đơn vị.", "ok")
    return redirect(url_for("groups.bodies.page", slug=slug, body_id=body_id, _anchor="link"))


@blueprint.post("/<int:body_id>/link/removal")
@needs(Right.EDIT_DELEGATES)
def revoke_link(slug: str, body_id: int) -> ResponseReturnValue:
    body_links.revoke_link(g.conference.id, body_id, g.who.account_id)
    flash("Đã thu hồi liên kết; trang của đơn vị không mở được nữa.", "ok")
    return redirect(url_for("groups.bodies.page", slug=slug, body_id=body_id, _anchor="link"))


@blueprint.get("/<int:body_id>/qr.svg")
@needs(Right.EDIT_DELEGATES)
def qr(slug: str, body_id: int) -> ResponseReturnValue:
    return file_response(body_links.qr_of(g.conference.id, body_id), "lien-ket-don-vi.svg", "image/svg+xml")
