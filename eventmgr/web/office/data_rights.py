"""Personal data for those who answer for it: how long it is kept, the notice, and what one person may ask for."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.privacy import KINDS
from eventmgr.domain.working_days import FIXED, write_list
from eventmgr.services import erasing, holidays, person_export, retention
from eventmgr.web.access import needs
from eventmgr.web.downloads import file_response
from eventmgr.web.forms import put_problem, text_field

blueprint = Blueprint("data_rights", __name__, url_prefix="/office")


class NoticeForm(FlaskForm):
    controller = text_field("Cơ quan chịu trách nhiệm", 300, needed=True)
    contact = text_field("Nơi liên hệ", 500, needed=True)
    extra = text_field("Điều cần nói thêm", 4000, area=True)


class EraseForm(FlaskForm):
    reason = text_field("Lý do: ai yêu cầu, ngày nào", 300, needed=True)


@blueprint.get("/privacy")
@needs(Right.ADMINISTER)
def index() -> ResponseReturnValue:
    return _index(NoticeForm(obj=retention.newest_notice()))


@blueprint.post("/privacy/rules")
@needs(Right.ADMINISTER)
def rules() -> ResponseReturnValue:
    typed = request.form.to_dict()
    try:
        retention.set_days(typed, g.who.account_id)
    except Invalid as problem:
        return _index(NoticeForm(formdata=None, obj=retention.newest_notice()), typed, problem), 422
    flash("Đã lưu thời hạn giữ dữ liệu.", "ok")
    return redirect(url_for("data_rights.index"))


@blueprint.post("/privacy/holidays")
@needs(Right.ADMINISTER)
def holiday_list() -> ResponseReturnValue:
    typed = request.form.to_dict()
    try:
        count = holidays.set_list(typed.get("holidays", "")[:40_000], g.who.account_id)
    except Invalid as problem:
        return _index(NoticeForm(formdata=None, obj=retention.newest_notice()), typed, problem), 422
    flash(f"Đã lưu {count} ngày nghỉ, ngày làm bù; hạn tính theo ngày làm việc đổi theo.", "ok")
    return redirect(url_for("data_rights.index"))


@blueprint.post("/privacy/run")
@needs(Right.ADMINISTER)
def run() -> ResponseReturnValue:
    rows = sum(one.rows for one in retention.run(g.who.account_id))
    flash(f"Đã xóa {rows} dòng hết hạn giữ; ghi trong Nhật ký." if rows else "Không có gì hết hạn giữ.", "ok")
    return redirect(url_for("data_rights.index"))


@blueprint.post("/privacy/notice")
@needs(Right.ADMINISTER)
def notice() -> ResponseReturnValue:
    form = NoticeForm()
    if not form.validate():
        return _index(form), 422
    retention.publish_notice(form.controller.data or "", form.contact.data or "", form.extra.data or "", g.who.account_id)
    flash("Đã công bố bản mới của thông báo.", "ok")
    return redirect(url_for("data_rights.index"))


@blueprint.get("/<slug>/delegates/<int:delegate_id>/data")
@needs(Right.EDIT_DELEGATES)
def person(slug: str, delegate_id: int) -> ResponseReturnValue:
    return _person(delegate_id, EraseForm())


@blueprint.post("/<slug>/delegates/<int:delegate_id>/data")
@needs(Right.EDIT_DELEGATES)
def export(slug: str, delegate_id: int) -> ResponseReturnValue:
    name, content = person_export.export_person(g.conference.id, delegate_id, g.who.account_id)
    return file_response(content, name, "application/json", download=True)


@blueprint.post("/<slug>/delegates/<int:delegate_id>/erasure")
@needs(Right.EDIT_CONFERENCE)
def erase(slug: str, delegate_id: int) -> ResponseReturnValue:
    form = EraseForm()
    if not form.validate():
        return _person(delegate_id, form), 422
    try:
        erasing.erase_person(g.conference.id, delegate_id, form.reason.data or "", g.who.account_id)
    except Conflict as problem:
        put_problem(form, Invalid(problem.sentence, "reason"))
        return _person(delegate_id, form), 409
    flash("Đã xóa dữ liệu cá nhân của đại biểu; các con số thống kê giữ nguyên.", "ok")
    return redirect(url_for("data_rights.person", slug=slug, delegate_id=delegate_id))


def _index(form: NoticeForm, typed: dict[str, str] | None = None, problem: Invalid | None = None) -> str:
    return render_template(
        "office/privacy.html", form=form, rules=retention.rules(), due=retention.due(), kinds=KINDS, notice=retention.newest_notice(),
        typed=typed or {}, problem=problem, fixed=FIXED, listed=write_list(holidays.calendar().listed),
    )  # fmt: skip


def _person(delegate_id: int, form: EraseForm) -> str:
    told = person_export.read_person(g.conference.id, delegate_id)
    return render_template("office/person_data.html", told=told, form=form, delegate_id=delegate_id)
