"""All conferences: list, create, copy."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField

from eventmgr.domain.access import Right, rights_of
from eventmgr.domain.errors import Invalid
from eventmgr.services import conferences
from eventmgr.web.access import needs, signed_in
from eventmgr.web.forms import options, put_problem, text_field

blueprint = Blueprint("office", __name__, url_prefix="/office")


class NewConferenceForm(FlaskForm):
    title = text_field("Tên hội nghị", 500, needed=True, area=True)
    short_title = text_field("Tên ngắn", 160, needed=True)
    organiser = text_field("Cơ quan tổ chức", 200, needed=True)


class CopyForm(FlaskForm):
    title = text_field("Tên hội nghị", 500, needed=True, area=True)
    short_title = text_field("Tên ngắn", 160, needed=True)
    purpose = RadioField(
        "Sao chép để làm gì",
        choices=options(
            ("template", "Hội nghị mới: giữ nhóm, đơn vị, chức vụ, chương trình; bỏ họ tên, ngày họp"),
            ("rehearsal", "Diễn tập: giữ cả họ tên; giấy mời và lượt quét không ảnh hưởng hội nghị thật"),
        ),
        default="template",
    )


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    who = g.who
    shown = conferences.all_conferences() if who.is_administrator else conferences.of_ids(list(who.roles))
    return render_template("office/conferences.html", conferences=shown, labels=conferences.STATE_LABELS, who=who, home_of=_home_of)


def _home_of(conference_id: int, slug: str) -> str:
    """The page that somebody starts from: the desk, or the tray for who carries it and is nothing else."""
    has_desk = Right.SEE_DESK in rights_of(g.who.roles_in(conference_id))
    only_tray = not has_desk and Right.RUN_TRAY in rights_of(g.who.roles_in(conference_id))
    return url_for("ceremony.tray" if only_tray else "desk.page", slug=slug)


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.ADMINISTER)
def new() -> ResponseReturnValue:
    form = NewConferenceForm()
    if form.validate_on_submit():
        try:
            made = conferences.create(
                conferences.ConferenceFacts(form.title.data, form.short_title.data, form.organiser.data), g.who.account_id
            )
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã tạo hội nghị. Điền tiếp ngày giờ, địa điểm.", "ok")
            return redirect(url_for("desk.settings", slug=made.slug))
    return render_template("office/conference_new.html", form=form), 422 if request.method == "POST" else 200


@blueprint.route("/<slug>/copy", methods=["GET", "POST"])
@needs(Right.EDIT_CONFERENCE)
def copy(slug: str) -> ResponseReturnValue:
    form = CopyForm(title=g.conference.title, short_title=g.conference.short_title)
    if form.validate_on_submit():
        rehearsal = form.purpose.data == "rehearsal"
        try:
            made = conferences.copy(
                g.conference.id, form.title.data, form.short_title.data, g.who.account_id, rehearsal=rehearsal
            )
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã sao chép. Đây là hội nghị mới." if not rehearsal else "Đã tạo bản diễn tập.", "ok")
            return redirect(url_for("desk.page", slug=made.slug))
    return render_template("office/conference_copy.html", form=form), 422 if request.method == "POST" else 200


