"""Gates, phones and what has come in."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from eventmgr import clock
from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.names import AddressForm
from eventmgr.services import arrivals, conflicts, gates, lead_view, office_scans, phone_health, phones, sign_in_sheets
from eventmgr.web.access import needs
from eventmgr.web.forms import chosen_row, put_problem, text_field

blueprint = Blueprint("gates", __name__, url_prefix="/office/<slug>/gates")

LATEST_SHOWN = 8
CASES_SHOWN = 3
ADDRESS_FORMS = tuple(form.value for form in AddressForm)


class GroupBoxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GateForm(FlaskForm):
    name = text_field("Tên cửa", 80, needed=True)
    group_ids = GroupBoxes("Chỉ dành cho các nhóm", coerce=int, validate_choice=False)


class NameForm(FlaskForm):
    full_name = text_field("Họ tên người đến", 120, needed=True)
    address_form = SelectField("Cách xưng hô", choices=list(ADDRESS_FORMS))


class UndoForm(FlaskForm):
    reason = text_field("Lý do hoàn tác", 300, needed=True)


@blueprint.get("")
@needs(Right.SEE_DOOR)
def index(slug: str) -> ResponseReturnValue:
    return render_template("office/gates.html", form=_form(), **_now())


@blueprint.post("")
@needs(Right.RUN_DOOR)
def add(slug: str) -> ResponseReturnValue:
    form = _form()
    if form.validate_on_submit():
        try:
            gates.add(g.conference.id, form.name.data or "", form.group_ids.data or [], g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã thêm cửa.", "ok")
            return redirect(url_for("gates.index", slug=slug))
    return render_template("office/gates.html", form=form, **_now()), 422


@blueprint.get("/now")
@needs(Right.SEE_DOOR)
def now(slug: str) -> ResponseReturnValue:
    return jsonify(html=render_template("office/_gates_now.html", **_now()))


@blueprint.route("/<int:gate_id>", methods=["GET", "POST"])
@needs(Right.RUN_DOOR)
def edit(slug: str, gate_id: int) -> ResponseReturnValue:
    gate = gates.get(g.conference.id, gate_id)
    form = _form(obj=gate)
    if form.validate_on_submit():
        try:
            gates.edit(g.conference.id, gate_id, form.name.data or "", form.group_ids.data or [], g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã lưu cửa.", "ok")
            return redirect(url_for("gates.index", slug=slug))
    status = 422 if request.method == "POST" else 200
    return render_template("office/gate.html", form=form, gate=gate), status


@blueprint.post("/<int:gate_id>/close")
@needs(Right.RUN_DOOR)
def close(slug: str, gate_id: int) -> ResponseReturnValue:
    gates.set_closed(g.conference.id, gate_id, True, g.who.account_id)
    flash("Đã đóng cửa. Máy quét ở cửa này không cho ai vào nữa.", "ok")
    return redirect(url_for("gates.index", slug=slug))


@blueprint.post("/<int:gate_id>/reopen")
@needs(Right.RUN_DOOR)
def reopen(slug: str, gate_id: int) -> ResponseReturnValue:
    gates.set_closed(g.conference.id, gate_id, False, g.who.account_id)
    flash("Đã mở lại cửa.", "ok")
    return redirect(url_for("gates.index", slug=slug))


@blueprint.post("/<int:gate_id>/phones")
@needs(Right.RUN_DOOR)
def offer(slug: str, gate_id: int) -> ResponseReturnValue:
    phone_id, code = phones.make_pairing_code(g.conference.id, gate_id, g.who.account_id)
    # Only this browser gets to see the code again; the database holds its digest.
    session["pairing"] = [phone_id, code]
    return redirect(url_for("gates.pairing", slug=slug, phone_id=phone_id))


@blueprint.get("/phones/<int:phone_id>")
@needs(Right.RUN_DOOR)
def pairing(slug: str, phone_id: int) -> ResponseReturnValue:
    return render_template("office/pairing.html", **_pairing(phone_id))


@blueprint.get("/phones/<int:phone_id>/now")
@needs(Right.RUN_DOOR)
def pairing_now(slug: str, phone_id: int) -> ResponseReturnValue:
    return jsonify(html=render_template("office/_pairing_now.html", **_pairing(phone_id)))


@blueprint.get("/phones/<int:phone_id>/qr.svg")
@needs(Right.RUN_DOOR)
def pairing_qr(slug: str, phone_id: int) -> ResponseReturnValue:
    phones.get(g.conference.id, phone_id)
    link = _pairing_link(phone_id)
    return Response(phones.pair_qr(link), mimetype="image/svg+xml") if link else abort(404)


@blueprint.post("/phones/<int:phone_id>/cut-off")
@needs(Right.RUN_DOOR)
def cut_off(slug: str, phone_id: int) -> ResponseReturnValue:
    phones.cut_off(g.conference.id, phone_id, g.who.account_id)
    flash("Đã ngắt máy quét. Lần gọi tiếp theo của máy bị từ chối.", "ok")
    return redirect(url_for("gates.index", slug=slug))


@blueprint.get("/arrivals")
@needs(Right.SEE_DOOR)
def arrivals_list(slug: str) -> ResponseReturnValue:
    gate_id = chosen_row(request.args, "gate")
    page = arrivals.arrival_page(g.conference.id, request.args.get("page", 1, type=int), gate_id)
    known = gates.all_gates(g.conference.id)

    def url(number: int) -> str:
        return url_for("gates.arrivals_list", slug=slug, gate=gate_id, page=number)

    return render_template("office/arrivals.html", page=page, gates=known, gate_id=gate_id, page_url=url)


@blueprint.route("/admissions/<int:admission_id>/undo", methods=["GET", "POST"])
@needs(Right.RUN_DOOR)
def undo(slug: str, admission_id: int) -> ResponseReturnValue:
    arrival = arrivals.get(g.conference.id, admission_id)
    form = UndoForm()
    if form.validate_on_submit():
        try:
            office_scans.undo(
                g.conference.id, admission_id, form.reason.data, g.who.account_id, g.who.display_name
            )
        except Invalid as problem:
            put_problem(form, problem)
        except Conflict as problem:
            form.form_errors.append(problem.sentence)
            return render_template("office/undo.html", form=form, arrival=arrival), 409
        else:
            flash(f"Đã hoàn tác lượt vào của {arrival.name}.", "ok")
            return redirect(url_for("gates.index", slug=slug))
    status = 422 if request.method == "POST" else 200
    return render_template("office/undo.html", form=form, arrival=arrival), status


@blueprint.route("/admissions/<int:admission_id>/name", methods=["GET", "POST"])
@needs(Right.RUN_DOOR)
def name(slug: str, admission_id: int) -> ResponseReturnValue:
    arrival = arrivals.get(g.conference.id, admission_id)
    form, status = NameForm(), 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            odd = office_scans.name_arrival(
                g.conference.id, admission_id, form.full_name.data, form.address_form.data, g.who.account_id, g.who.display_name
            )
        except Invalid as problem:
            put_problem(form, problem)
        except Conflict as problem:
            form.form_errors.append(problem.sentence)
            status = 409
        else:
            flash(odd or f"Đã ghi người đến: {form.address_form.data} {form.full_name.data}.", "warn" if odd else "ok")
            return redirect(url_for("gates.index", slug=slug))
    return render_template("office/name_arrival.html", form=form, arrival=arrival), status


@blueprint.get("/sign-in.pdf")
@needs(Right.SEE_DOOR)
def sign_in_sheet(slug: str) -> ResponseReturnValue:
    pdf = sign_in_sheets.pdf(g.conference.id, chosen_row(request.args, "gate"))
    headers = {"Content-Disposition": "inline; filename*=UTF-8''danh-sach-ky-ten.pdf"}
    return Response(pdf, mimetype="application/pdf", headers=headers)


def _form(obj: Any = None) -> GateForm:
    form = GateForm(obj=obj)
    form.group_ids.choices = [
        (group.id, group.short_label or group.label) for group in gates.groups_of(g.conference.id)
    ]
    return form


def _now() -> dict[str, Any]:
    """Everything that the page shows of this moment, in a fixed number of queries."""
    conference_id = g.conference.id
    at = clock.now()
    known = phones.paired_phones(conference_id)
    return {
        "gates": gates.all_gates(conference_id),
        "group_names": {group.id: group.short_label or group.label for group in gates.groups_of(conference_id)},
        "counters": arrivals.counters(conference_id),
        "curve": lead_view.curve(conference_id),
        "begins_at": lead_view.begins_at(g.conference),
        "watched": lead_view.watched(conference_id),
        "waiting": lead_view.waiting(conference_id),
        "open_count": conflicts.count_open(conference_id),
        "cases": conflicts.open_cases(conference_id, CASES_SHOWN),
        "latest": arrivals.latest(conference_id, LATEST_SHOWN),
        "refused": arrivals.refused(conference_id),
        "phones": phone_health.rows(conference_id, at),
        "cut_phones": [phone for phone in known if phone.revoked_at is not None],
        "at": at,
    }


def _pairing(phone_id: int) -> dict[str, Any]:
    phone = phones.get(g.conference.id, phone_id)
    at = clock.now()
    state = "paired" if phone.paired_at else "cut" if phone.revoked_at else "late" if _late(phone, at) else "waiting"
    settings = current_app.extensions["eventmgr"].settings
    return {
        "phone": phone,
        "state": state,
        "link": _pairing_link(phone_id) if state == "waiting" else None,
        "only_here": settings.only_here,
        "no_camera": not settings.secure,
    }


def _late(phone: Any, at: Any) -> bool:
    return phone.pair_until is None or at >= phone.pair_until


def _pairing_link(phone_id: int) -> str | None:
    held = session.get("pairing") or [None, None]
    if held[0] != phone_id:
        return None
    return f"{current_app.extensions['eventmgr'].settings.base_url}{url_for('door.pair', code=held[1])}"
