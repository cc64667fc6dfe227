"""A body's list from a spreadsheet on its way into a dossier: preview with columns, in, out again. The code is the key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain import body_links as codes
from eventmgr.domain.dossier_rows import COLUMNS
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.services import awards, body_links, dossier_import, dossier_lists
from eventmgr.services.dossier_lists import ShownList
from eventmgr.web.access import holds_pass
from eventmgr.web.downloads import file_response
from eventmgr.web.forms import number_or_none
from eventmgr.web.office.imports import XLSX

blueprint = Blueprint("body_lists", __name__, url_prefix="/b/<code>/dossiers/<int:dossier_id>/lists/<int:list_id>")


@blueprint.get("")
@holds_pass
def page(code: str, dossier_id: int, list_id: int) -> ResponseReturnValue:
    return _page(code, _shown(code, dossier_id, list_id))


@blueprint.post("/columns")
@holds_pass
def columns(code: str, dossier_id: int, list_id: int) -> ResponseReturnValue:
    shown = _shown(code, dossier_id, list_id)
    chosen = [request.form.get(f"column-{place}", "") for place in range(len(shown.task.headings))]
    form_id = number_or_none(request.form.get("form_id"))
    try:
        dossier_import.choose_columns(code, dossier_id, list_id, chosen, form_id, request.form.get("converts", "1") == "1")
    except Invalid as problem:
        return _page(code, _shown(code, dossier_id, list_id), problem.sentence, chosen), 422
    except Conflict as problem:
        return _page(code, _shown(code, dossier_id, list_id), problem.sentence), 409
    return redirect(url_for("body_lists.page", code=code, dossier_id=dossier_id, list_id=list_id, _anchor="rows"))


@blueprint.post("/storage")
@holds_pass
def put_in(code: str, dossier_id: int, list_id: int) -> ResponseReturnValue:
    return _done(code, dossier_id, list_id, lambda: dossier_import.put_in(code, dossier_id, list_id, request.form.get("seen", "")))


@blueprint.post("/undoing")
@holds_pass
def undo(code: str, dossier_id: int, list_id: int) -> ResponseReturnValue:
    return _done(code, dossier_id, list_id, lambda: dossier_import.undo(code, dossier_id, list_id))


@blueprint.post("/removal")
@holds_pass
def drop(code: str, dossier_id: int, list_id: int) -> ResponseReturnValue:
    _shown(code, dossier_id, list_id)
    try:
        dossier_import.drop(code, dossier_id, list_id)
    except Conflict as problem:
        return _page(code, _shown(code, dossier_id, list_id), problem.sentence), 409
    flash("Đã bỏ tệp, không nạp dòng nào.", "ok")
    return redirect(url_for("body_dossiers.page", code=code, dossier_id=dossier_id, _anchor="entries"))


@blueprint.get("/wrong.xlsx")
@holds_pass
def wrong_rows(code: str, dossier_id: int, list_id: int) -> ResponseReturnValue:
    name, content = dossier_lists.wrong_rows_file(_shown(code, dossier_id, list_id))
    return file_response(content, name, XLSX, download=True)


def _shown(code: str, dossier_id: int, list_id: int) -> ShownList:
    if code != _tidy(code):
        abort(404, body_links.UNKNOWN)
    shown = dossier_lists.list_page(code, dossier_id, list_id)
    g.conference = shown.page.conference
    return shown


def _tidy(code: str) -> str:
    return codes.read(code) or code


def _page(code: str, shown: ShownList, problem: str | None = None, chosen: list[str] | None = None) -> str:
    is_open = shown.held.state.is_open and not shown.page.has_ended
    return render_template(
        "body/dossier_list.html", p=shown.page, d=shown.held, shown=shown, code=code, problem=problem, chosen=chosen or shown.task.fields,
        columns=COLUMNS, called=awards.called, is_open=is_open,
    )  # fmt: skip


def _done(code: str, dossier_id: int, list_id: int, act: Callable[[], Any]) -> ResponseReturnValue:
    _shown(code, dossier_id, list_id)
    try:
        act()
    except (Conflict, Invalid) as problem:
        return _page(code, _shown(code, dossier_id, list_id), problem.sentence), 409
    return redirect(url_for("body_lists.page", code=code, dossier_id=dossier_id, list_id=list_id))
