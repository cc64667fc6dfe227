"""Lượt vào cần xem lại: what two phones or the server see differently, for a person to decide."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid, Mistake
from eventmgr.services import conflicts, office_scans
from eventmgr.web.access import needs
from eventmgr.web.forms import chosen_row

blueprint = Blueprint("door_conflicts", __name__, url_prefix="/office/<slug>/gates/conflicts")


@blueprint.get("")
@needs(Right.SEE_DOOR)
def index(slug: str) -> ResponseReturnValue:
    return _page()


@blueprint.post("/<int:conflict_id>")
@needs(Right.RUN_DOOR)
def judge(slug: str, conflict_id: int) -> ResponseReturnValue:
    said = request.form
    try:
        case = conflicts.judge(
            g.conference.id, conflict_id, said.get("decision", ""), said.get("note", ""), said.get("version", 0, int),
            g.who.account_id, g.who.display_name,
        )  # fmt: skip
    except (Conflict, Invalid) as problem:
        return _page(problem)
    decided = case.decision.label if case.decision else ""
    flash(f"{case.problem.label}: {case.name}. Đã ghi: {decided}.", "ok")
    back = {"list": "door_conflicts.index", "paper": "paper_entry.page"}.get(request.args.get("back", ""), "gates.index")
    return redirect(url_for(back, slug=slug, gate=chosen_row(request.args, "gate")))


@blueprint.post("/<int:conflict_id>/reopen")
@needs(Right.RUN_DOOR)
def reopen(slug: str, conflict_id: int) -> ResponseReturnValue:
    try:
        conflicts.reopen(g.conference.id, conflict_id, request.form.get("version", 0, int), g.who.account_id, g.who.display_name)
    except Conflict as problem:
        return _page(problem)
    flash("Đã mở lại để xem lần nữa.", "ok")
    return redirect(url_for("door_conflicts.index", slug=slug))


@blueprint.post("/holds/<int:scan_id>/release")
@needs(Right.RUN_DOOR)
def release(slug: str, scan_id: int) -> ResponseReturnValue:
    name = office_scans.release_hold(g.conference.id, scan_id, g.who.account_id, g.who.display_name)
    flash(f"{name or 'Khách'} không phải chờ nữa.", "ok")
    return redirect(url_for("gates.index", slug=slug))


def _page(problem: Mistake | None = None) -> ResponseReturnValue:
    conference_id = g.conference.id
    status = 200 if problem is None else 409 if isinstance(problem, Conflict) else 422
    return render_template(
        "office/door_conflicts.html", cases=conflicts.open_cases(conference_id), judged=conflicts.judged_cases(conference_id),
        problem=problem.sentence if problem else None,
    ), status  # fmt: skip
