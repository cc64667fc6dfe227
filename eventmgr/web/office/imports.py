"""Lists from Excel: upload, columns, preview, result, undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.sheet_words import Field
from eventmgr.services import groups, import_lists, imports
from eventmgr.services.import_lists import FILTERS, Known
from eventmgr.web.access import needs
from eventmgr.web.downloads import file_response
from eventmgr.web.forms import number_or_none
from eventmgr.web.office.invitee_parts import group_choices, pager_of

blueprint = Blueprint("imports", __name__, url_prefix="/office/<slug>/imports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = {
    "reading": ("doing", "Đang đọc tệp"),
    "unread": ("stop", "Chưa đọc được"),
    "mapping": ("warn", "Chờ ghép cột"),
    "judging": ("doing", "Đang so với danh sách"),
    "ready": ("warn", "Chờ xem trước và nạp"),
    "storing": ("doing", "Đang ghi"),
    "stored": ("ok", "Đã nạp"),
    "undone": ("idle", "Đã hoàn tác"),
    "dropped": ("idle", "Đã bỏ"),
}
CHIPS = (("look", "Cần xem"), ("new", "Mới"), ("changed", "Thay đổi"), ("alike", "Có thể trùng"), ("wrong", "Sai"),
         ("skipped", "Bỏ qua"), ("same", "Không đổi"))  # fmt: skip
COLUMNS = [field for field in Field if field is not Field.SENSITIVE]


@blueprint.get("")
@needs(Right.EDIT_DELEGATES)
def index(slug: str) -> ResponseReturnValue:
    return _index()


@blueprint.post("")
@needs(Right.EDIT_DELEGATES)
def upload(slug: str) -> ResponseReturnValue:
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid("Chọn tệp danh sách.", "file")
        task = imports.upload(g.conference.id, sent.filename, sent.read(), g.who.account_id)
    except Invalid as problem:
        return _index(problem.sentence), 422
    return redirect(url_for("imports.page", slug=slug, import_id=task.id))


@blueprint.get("/<int:import_id>")
@needs(Right.EDIT_DELEGATES)
def page(slug: str, import_id: int) -> ResponseReturnValue:
    known = import_lists.get(g.conference.id, import_id)
    if known.is_busy:
        return render_template("office/import_work.html", known=known, states=STATES)
    shown = {
        "ready": _preview, "storing": _preview, "mapping": _columns, "judging": _columns, "unread": _unread, "reading": _unread,
    }.get(known.task.state, _result)  # fmt: skip
    return _result(known) if known.task.stored_at else shown(known)


@blueprint.get("/<int:import_id>.json")
@needs(Right.EDIT_DELEGATES)
def state(slug: str, import_id: int) -> ResponseReturnValue:
    known = import_lists.get(g.conference.id, import_id)
    here = url_for("imports.page", slug=slug, import_id=import_id)
    done, total = (known.job.done, known.job.total) if known.job else (1, 1)
    return {
        "done": done, "total": total, "state": "working" if known.is_busy else "done",
        "word": STATES[known.task.state][1], "result_url": None if known.is_busy else here,
    }  # fmt: skip


@blueprint.get("/<int:import_id>/columns")
@needs(Right.EDIT_DELEGATES)
def columns(slug: str, import_id: int) -> ResponseReturnValue:
    known = import_lists.get(g.conference.id, import_id)
    if known.task.state not in {"mapping", "ready"}:
        return redirect(url_for("imports.page", slug=slug, import_id=import_id))
    return _columns(known)


@blueprint.post("/<int:import_id>/columns")
@needs(Right.EDIT_DELEGATES)
def choose_columns(slug: str, import_id: int) -> ResponseReturnValue:
    known = import_lists.get(g.conference.id, import_id)
    if known.task.state not in {"mapping", "ready"}:
        return redirect(url_for("imports.page", slug=slug, import_id=import_id))
    chosen = [request.form.get(f"column-{place}", Field.SKIPPED.value) for place in range(len(known.task.headings))]
    try:
        imports.choose_columns(
            g.conference.id, import_id, chosen, number_or_none(request.form.get("group")),
            request.form.get("converts", "1") == "1", g.who.account_id,
        )  # fmt: skip
    except Invalid as problem:
        return _columns(known, problem.sentence, chosen), 422
    return redirect(url_for("imports.page", slug=slug, import_id=import_id))


@blueprint.post("/<int:import_id>/reading")
@needs(Right.EDIT_DELEGATES)
def read_again(slug: str, import_id: int) -> ResponseReturnValue:
    row = request.form.get("header_row", "").strip()
    try:
        if row and number_or_none(row) is None:
            raise Invalid("Nhập số dòng tiêu đề, ví dụ 7.")
        imports.read_again(
            g.conference.id, import_id, request.form.get("sheet") or None, number_or_none(row), g.who.account_id
        )
    except Invalid as problem:
        flash(problem.sentence, "stop")
    return redirect(url_for("imports.page", slug=slug, import_id=import_id))


@blueprint.post("/<int:import_id>/rows")
@needs(Right.EDIT_DELEGATES)
def settle(slug: str, import_id: int) -> ResponseReturnValue:
    import_lists.get(g.conference.id, import_id)
    count = _settle(import_id)
    flash(f"Đã xem lại {count} dòng." if count else "Không có gì thay đổi.", "ok" if count else "info")
    return redirect(_preview_url(import_id))


@blueprint.post("/<int:import_id>/storage")
@needs(Right.EDIT_DELEGATES)
def put_in(slug: str, import_id: int) -> ResponseReturnValue:
    try:
        _settle(import_id)
        imports.put_in(g.conference.id, import_id, g.who.account_id)
    except Conflict as problem:
        flash(problem.sentence, "stop")
    return redirect(url_for("imports.page", slug=slug, import_id=import_id))


@blueprint.post("/<int:import_id>/undoing")
@needs(Right.EDIT_DELEGATES)
def undo(slug: str, import_id: int) -> ResponseReturnValue:
    try:
        imports.undo(g.conference.id, import_id, g.who.account_id)
    except Conflict as problem:
        flash(problem.sentence, "stop")
    return redirect(url_for("imports.page", slug=slug, import_id=import_id))


@blueprint.post("/<int:import_id>/dropping")
@needs(Right.EDIT_DELEGATES)
def drop(slug: str, import_id: int) -> ResponseReturnValue:
    imports.drop(g.conference.id, import_id, g.who.account_id)
    flash("Đã bỏ tệp này. Không có gì được ghi vào danh sách.", "ok")
    return redirect(url_for("imports.index", slug=slug))


@blueprint.get("/<int:import_id>/wrong.xlsx")
@needs(Right.EDIT_DELEGATES)
def wrong_rows(slug: str, import_id: int) -> ResponseReturnValue:
    name, content = import_lists.wrong_rows_file(g.conference.id, import_id)
    return file_response(content, name, XLSX, download=True)


def _index(problem: str | None = None) -> str:
    return render_template("office/imports.html", files=import_lists.newest(g.conference.id), states=STATES, problem=problem)


def _unread(known: Known) -> str:
    problem = known.task.problem or (known.job.problem if known.job else None) or "Chưa đọc được tệp. Thử đọc lại."
    return render_template("office/import_unread.html", known=known, problem=problem)


def _columns(known: Known, problem: str | None = None, chosen: list[str] | None = None) -> str:
    return render_template(
        "office/import_columns.html", known=known, problem=problem, chosen=chosen or known.task.fields, fields=COLUMNS,
        samples=import_lists.samples(known.task.id), converted=import_lists.converted_samples(known.task.id),
        groups=group_choices("Không có; báo sai nếu dòng không ghi nhóm"),
        group=number_or_none(request.form.get("group")) if problem else known.task.group_id,
    )  # fmt: skip


def _preview(known: Known) -> str:
    task = known.task
    which = request.args.get("show", "")
    counts = task.counts
    look = sum(counts.get(name, 0) for name in ("wrong", "alike", "changed", "doubtful_new"))
    if which not in FILTERS:
        which = "look" if look or not counts.get("new") else "new"
    page = import_lists.preview(task, which, number_or_none(request.args.get("page")) or 1)

    def address(number: int) -> str:
        return url_for("imports.page", slug=g.conference.slug, import_id=task.id, show=which, page=number)

    chips = [
        (word, url_for("imports.page", slug=g.conference.slug, import_id=task.id, show=name), name == which,
         look if name == "look" else counts.get(name, 0))
        for name, word in CHIPS
    ]  # fmt: skip
    return render_template(
        "office/import_preview.html", known=known, page=page, which=which, chips_of_rows=chips,
        pager_of_page=pager_of(page, address), going_in=imports.going_in(counts), new_bodies=import_lists.new_bodies(task.id),
        all_groups=groups.list_groups(g.conference.id),
    )  # fmt: skip


def _result(known: Known) -> str:
    problem = known.task.problem or (known.job.problem if known.job else None)
    return render_template("office/import_result.html", known=known, states=STATES, problem=problem)


def _settle(import_id: int) -> int:
    """Take over what was mended and chosen on the page: fix-<row>-<field>, choice-<row>."""
    fixes: dict[int, dict[str, str]] = {}
    choices: dict[int, str] = {}
    for name, value in request.form.items():
        what, _, rest = name.partition("-")
        row, _, field = rest.partition("-")
        number = number_or_none(row)
        if number is None:
            continue
        if what == "fix" and value != request.form.get(f"was-{number}-{field}", ""):
            fixes.setdefault(number, {})[field] = value
        elif what == "choice":
            choices[number] = value
    if not fixes and not choices:
        return 0
    return imports.settle_rows(g.conference.id, import_id, fixes, choices, g.who.account_id)


def _preview_url(import_id: int) -> str:
    back: dict[str, Any] = {name: request.form.get(name) or None for name in ("show", "page")}
    return url_for("imports.page", slug=g.conference.slug, import_id=import_id, **back)
