"""The desk of a conference, and what is known about it."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional

from eventmgr import clock
from eventmgr.domain.access import Right
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import conferences, desk, desk_figures, plans
from eventmgr.web.access import may, needs
from eventmgr.web.forms import DayField, HourField, put_problem, text_field, version_of

blueprint = Blueprint("desk", __name__, url_prefix="/office/<slug>")

CHECK_RIGHTS = {
    "desk.settings": Right.EDIT_CONFERENCE,
    "letterhead.page": Right.EDIT_CONFERENCE,
    "incoming.index": Right.EDIT_DELEGATES,
    "delegates.index": Right.SEE_DELEGATES,
    "invitations.index": Right.SEE_INVITATIONS,
    "agenda.index": Right.SEE_AGENDA,
    "awards.index": Right.SEE_AWARDS,
    "deliveries.index": Right.SEE_INVITATIONS,
    "gates.index": Right.SEE_DOOR,
    "people.index": Right.EDIT_PEOPLE,
}


class ConferenceForm(FlaskForm):
    title = text_field("Tên hội nghị", 500, needed=True, area=True)
    short_title = text_field("Tên ngắn (dùng trên màn hình)", 160, needed=True)
    kind = text_field("Loại hội nghị", 80, needed=True)
    level = text_field("Cấp", 80)
    organiser = text_field("Cơ quan tổ chức", 200, needed=True)
    standing_body = text_field("Cơ quan thường trực", 200)
    chair = text_field("Chủ trì (chức vụ hoặc họ tên)", 300)
    legal_basis = text_field("Căn cứ", 500)
    held_on = DayField("Ngày họp", [Optional()])
    starts_at = HourField("Giờ bắt đầu", [Optional()])
    ends_at = HourField("Giờ kết thúc", [Optional()])
    must_end_at = HourField("Phải xong trước", [Optional()])
    date_is_assumed = BooleanField("Ngày giờ này mới là giả định")
    date_text = text_field("Thời gian ghi trong kế hoạch", 120)
    sessions = text_field("Thời lượng", 40)
    venue = text_field("Địa điểm", 300)
    venue_address = text_field("Địa chỉ", 300)
    capacity = IntegerField("Sức chứa", [Optional(), NumberRange(1, 100_000, "Sức chứa là số từ 1 đến 100.000.")])
    version = HiddenField()


FACTS = [name for name in conferences.ConferenceFacts.__dataclass_fields__ if name != "invitation_issuer"]


@blueprint.get("/")
@needs(Right.SEE_DESK)
def page(slug: str) -> ResponseReturnValue:
    shown = desk.desk_of(g.conference, with_people=may(Right.SEE_DELEGATES))
    checks = [check for check in shown.checks if may(CHECK_RIGHTS[check.endpoint]) and check.endpoint in current_app.view_functions]
    next_step = next((c for level in (desk.Level.MISSING, desk.Level.DOING) for c in checks if c.level is level), None)
    return render_template(
        "office/desk.html", desk=shown, checks=checks, next_step_check=next_step, labels=conferences.STATE_LABELS,
        plan=plans.plan_of(g.conference.id), level=desk.Level,
    )


@blueprint.get("/figures")
@needs(Right.SEE_DESK)
def figures(slug: str) -> ResponseReturnValue:
    by = "body" if request.args.get("by") == "body" else "group"
    rows = desk_figures.by_body(g.conference.id) if by == "body" else desk_figures.by_group(g.conference.id)
    return render_template("office/figures.html", rows=rows, by=by, total=desk_figures.total(rows))


@blueprint.route("/settings", methods=["GET", "POST"])
@needs(Right.EDIT_CONFERENCE)
def settings(slug: str) -> ResponseReturnValue:
    conference = g.conference
    form = ConferenceForm(obj=conference)
    if form.validate_on_submit():
        facts = conferences.ConferenceFacts(
            invitation_issuer=conference.invitation_issuer, **{name: form[name].data for name in FACTS}
        )
        try:
            conferences.edit(conference.id, facts, g.who.account_id, version_of(form))
        except Invalid as problem:
            put_problem(form, problem)
        except Conflict as problem:
            form.form_errors.append(problem.sentence)
            return render_template("office/settings.html", form=form, labels=conferences.STATE_LABELS), 409
        else:
            flash("Đã lưu thông tin hội nghị.", "ok")
            if warning := _past(facts):
                flash(warning, "warn")
            return redirect(url_for("desk.page", slug=slug))
    status = 422 if request.method == "POST" else 200
    return render_template("office/settings.html", form=form, labels=conferences.STATE_LABELS), status


@blueprint.post("/state")
@needs(Right.EDIT_CONFERENCE)
def state(slug: str) -> ResponseReturnValue:
    conferences.set_state(g.conference.id, request.form.get("state", ""), g.who.account_id)
    flash("Đã đổi trạng thái hội nghị.", "ok")
    return redirect(url_for("desk.page", slug=slug))


@blueprint.get("/plan")
@needs(Right.SEE_DESK)
def plan(slug: str) -> ResponseReturnValue:
    return render_template("office/plan.html", plan=plans.plan_of(g.conference.id), parts=plans.parts_of(g.conference.id))


def _past(facts: conferences.ConferenceFacts) -> str | None:
    if facts.held_on is not None and facts.held_on < to_local(clock.now()).date():
        return "Lưu ý: ngày họp vừa nhập đã qua. Nếu nhập nhầm năm, hãy sửa lại."
    return None
