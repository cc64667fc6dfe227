"""A signed sheet, entered afterwards: number or name, hour, Enter."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from eventmgr import clock
from eventmgr.domain.access import Right
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Invalid
from eventmgr.domain.paper_time import moment_of, read_hour
from eventmgr.services import arrivals, gates, office_scans, sign_in_sheets
from eventmgr.web.access import needs
from eventmgr.web.forms import chosen_row

blueprint = Blueprint("paper_entry", __name__, url_prefix="/office/<slug>/gates/paper")

ENTERED_SHOWN = 12
FOUND_SHOWN = 12


@blueprint.get("")
@needs(Right.RUN_DOOR)
def page(slug: str) -> ResponseReturnValue:
    return render_template("office/paper_entry.html", **_page(chosen_row(request.args, "gate")))


@blueprint.post("")
@needs(Right.RUN_DOOR)
def enter(slug: str) -> ResponseReturnValue:
    said = request.form
    gate_id = chosen_row(said, "gate")
    gates.get(g.conference.id, gate_id or 0)
    sheet = sign_in_sheets.lines(g.conference.id, gate_id)
    chosen = said.get("delegate", 0, int)
    found = [line for line in sheet if line.delegate_id == chosen] if chosen else sign_in_sheets.found(sheet, said.get("who", ""))
    problem, at = "", None
    try:
        at = moment_of(g.conference.held_on or to_local(clock.now()).date(), read_hour(said.get("hour", "")))
    except Invalid as error:
        problem = error.sentence
    if at is None or len(found) != 1:
        return render_template(
            "office/paper_entry.html", **_page(gate_id, said, found, problem or _not_one(found, said.get("who", "")))
        ), 422  # fmt: skip
    entered = office_scans.enter_signed(
        g.conference.id, found[0].delegate_id, gate_id or 0, at, said.get("key") or uuid.uuid4().hex, g.who.account_id,
        g.who.display_name,
    )  # fmt: skip
    _tell(entered, found[0])
    return redirect(url_for("paper_entry.page", slug=slug, gate=gate_id, hour=said.get("hour", "").strip()))


@blueprint.post("/<int:scan_id>/undo")
@needs(Right.RUN_DOOR)
def undo(slug: str, scan_id: int) -> ResponseReturnValue:
    name = office_scans.undo_scan(g.conference.id, scan_id, "Nhập nhầm dòng của bảng ký tên", g.who.account_id, g.who.display_name)
    flash(f"Đã bỏ dòng vừa nhập của {name}." if name else "Đã bỏ dòng vừa nhập.", "ok")
    return redirect(url_for("paper_entry.page", slug=slug, gate=chosen_row(request.form, "gate")))


def _tell(entered: office_scans.Entered, line: sign_in_sheets.Line) -> None:
    name = line.name or line.position
    if entered.conflict_id is not None:
        session["paper_conflict"] = [entered.conflict_id, entered.version, name, entered.earlier]
    if entered.wait:
        flash(f"{line.number}. {name} đang mời chờ vì: {entered.wait}. Đã ghi chữ ký; xem lại ở trang Cửa vào.", "warn")
    elif entered.conflict_id is not None:
        return
    elif entered.conflict is None and not entered.earlier:
        flash(f"{line.number}. {name}: đã ghi.", "ok")
    elif not entered.earlier:
        flash(f"{line.number}. {name}: đã ghi. Có điều cần xem lại ở trang Cửa vào.", "warn")
    else:
        flash(f"{line.number}. {name}: dòng này đã nhập rồi.", "warn")


def _not_one(found: list[sign_in_sheets.Line], who: str) -> str:
    if not who.strip():
        return "Gõ số thứ tự trên bảng, hoặc họ tên."
    if not found:
        return "Không có dòng nào như vậy trong bảng của cửa này. Gõ tên, hoặc chọn cửa khác."
    return "Có nhiều người như vậy. Chọn một người ở dưới."


def _page(
    gate_id: int | None, said: Any = None, found: list[sign_in_sheets.Line] | None = None, problem: str = ""
) -> dict[str, Any]:
    conference_id = g.conference.id
    known = [gate for gate in gates.all_gates(conference_id)]
    chosen = gate_id or (known[0].id if known else None)
    sheet = sign_in_sheets.lines(conference_id, chosen) if chosen else []
    several = found if found and len(found) > 1 else []
    return {
        "gates": known, "gate_id": chosen, "total": len(sheet), "came": sum(line.entered_at is not None for line in sheet),
        "who": said.get("who", "") if said else "", "hour": (said or request.args).get("hour", ""), "problem": problem,
        "found": several[:FOUND_SHOWN], "more": max(0, len(several) - FOUND_SHOWN), "key": uuid.uuid4().hex,
        "entered": arrivals.signed(conference_id, ENTERED_SHOWN), "conflict": session.pop("paper_conflict", None),
        "day": g.conference.held_on or to_local(clock.now()).date(), "day_is_today": g.conference.held_on is None,
    }  # fmt: skip
