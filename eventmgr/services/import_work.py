"""What the job process does with a file: read it in a child, compare it with the list, put it in, take it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents import shelf as files
from eventmgr.documents.spreadsheet_child import Reading, read_in_child
from eventmgr.documents.spreadsheets import is_plain_text
from eventmgr.domain.errors import Conflict, Mistake
from eventmgr.domain.sheet_reading import doubled, proposed_fields
from eventmgr.models.database import db, insert_many, transaction
from eventmgr.models.imports import Import, ImportRow
from eventmgr.services import shelf
from eventmgr.services.import_judging import Judge
from eventmgr.services.import_outcomes import Judged, newest_line, remembered, rows_of, write_judged
from eventmgr.services.import_storing import Store, note_import, take_back
from eventmgr.services.imports import counted, going_in, signature_of

_NO_EXCEL = "Tệp mang đuôi bảng tính nhưng bên trong chỉ là chữ, không phải tệp Excel đọc được."

Progress = Callable[[int, int], None]
Work = Callable[[int, dict[str, Any], Progress], None]


def read_spreadsheet(conference_id: int, args: dict[str, Any], progress: Progress) -> None:
    """Read a kept file into rows; what cannot be read is told at the import, not as a failed job."""
    task = _task(conference_id, args, "reading")
    if task is None:
        return
    try:
        data = files.read(shelf.folder(), task.kept_as or "")
    except (FileNotFoundError, ValueError):
        _unread(task.id, [], "Tệp đã được xóa. Tải tệp lên lại.")
        return
    sheet, header_row, task_name = task.sheet, task.header_row, task.file_name
    db.session.close()
    progress(0, 100)
    reading = read_in_child(data, sheet, header_row)
    is_text = task_name.lower().endswith((".xlsx", ".xls", ".ods")) and is_plain_text(data)
    del data
    if reading.problem is not None:
        _unread(task.id, reading.sheets, f"{_NO_EXCEL} {reading.problem}" if is_text else reading.problem)
        return
    progress(60, 100)
    if is_text:
        reading.table["notes"] = [f"{_NO_EXCEL} Đã đọc như tệp CSV.", *reading.table["notes"]]
    _keep_table(task.id, reading, progress)


def judge_import(conference_id: int, args: dict[str, Any], progress: Progress) -> None:
    """Compare every row with the list; the outcome is the preview."""
    task = _task(conference_id, args, "judging")
    if task is None:
        return
    line = newest_line(conference_id)
    judge = Judge(task)
    total = int(task.counts.get("total", 0)) or 1
    done = 0
    for part in rows_of(task.id):
        outcomes = [judge.judge(row) for row in part]
        with transaction():
            write_judged(outcomes)
        done += len(part)
        progress(done, total)
    with transaction():
        task = db.session.get_one(Import, task.id)
        task.state, task.problem, task.counts = "ready", None, counted(task.id) | {"line": line}


def store_import(conference_id: int, args: dict[str, Any], progress: Progress) -> None:
    """Put the good rows into the list, all of them or none; if the list changed since the preview, show it anew."""
    task = _task(conference_id, args, "storing")
    if task is None:
        return
    by, total = args.get("by"), going_in(task.counts)
    try:
        store = Store(task, by)
        prepared, differ = _prepared(task, store)
        progress(total // 2, total)
        if differ:
            raise Conflict(
                f"Danh sách đại biểu đã thay đổi sau khi xem trước, {differ} dòng nay khác đi. Xem lại rồi nạp; chưa có gì được ghi."
            )
        with transaction():
            task = db.session.get_one(Import, task.id)
            if task.state != "storing":
                return
            figures = store.write(prepared)
            task.state, task.stored_at, task.stored_by_id, task.problem = "stored", store.at, by, None
            task.counts = {**task.counts, **figures}
            note_import(
                task, "import.stored", by,
                f"Nạp tệp “{task.file_name}”: thêm {figures['added']}, sửa {figures['edited']} đại biểu.", **figures,
            )  # fmt: skip
    except Mistake as problem:
        _back(task.id, "ready", problem.sentence, again=True)


def undo_import(conference_id: int, args: dict[str, Any], progress: Progress) -> None:
    """Take a stored file out of the list again, as one unit."""
    task = _task(conference_id, args, "storing")
    if task is None:
        return
    by, total = args.get("by"), int(task.counts.get("added", 0)) + int(task.counts.get("edited", 0))
    progress(0, total or 1)
    try:
        with transaction():
            task = db.session.get_one(Import, task.id)
            figures = take_back(task, by)
            task.state, task.undone_by_id, task.undone_at = "undone", by, clock.now()
            note_import(
                task, "import.undone", by,
                f"Hoàn tác lần nạp “{task.file_name}”: bỏ {figures['removed']}, trả lại {figures['restored']} đại biểu.", **figures,
            )  # fmt: skip
            task.counts = {**task.counts, **figures}
    except Mistake as problem:
        _back(task.id, "stored", problem.sentence)


def _task(conference_id: int, args: dict[str, Any], state: str) -> Import | None:
    """The file of a job, or None when somebody gave it up or the work is done already."""
    task = db.session.get(Import, int(args["import_id"]), populate_existing=True)
    if task is None or task.conference_id != conference_id or task.state != state:
        return None
    return task


def _unread(import_id: int, sheets: list[str], sentence: str) -> None:
    with transaction():
        task = db.session.get_one(Import, import_id)
        task.state, task.problem, task.sheets = "unread", sentence[:500], sheets[:100]


def _keep_table(import_id: int, reading: Reading, progress: Progress) -> None:
    table = reading.table
    with transaction():
        task = db.session.get_one(Import, import_id)
        db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == import_id))
        for part in reading.parts:
            insert_many(
                ImportRow,
                [
                    {
                        "import_id": import_id, "conference_id": task.conference_id, "number": number, "cells": cells,
                        "section": section, "encodings": encodings, "read": {}, "verdict": "unjudged", "problems": [],
                        "notes": [], "changes": {}, "is_added": False,
                    }
                    for number, cells, section, encodings in part
                ],
            )  # fmt: skip
        task.sheets, task.sheet, task.header_row = reading.sheets[:100], table["sheet"][:200], table["header_row"]
        task.headings, task.notes = [text[:300] for text in table["headings"]], table["notes"][:50]
        task.signature = signature_of(table["signature"])
        _propose(task)
        task.counts, task.state, task.problem = {"total": table["total"]}, "mapping", None
        if not table["total"]:
            task.state, task.problem = "unread", "Có dòng tiêu đề nhưng không có dòng nào dưới đó."
    progress(100, 100)


def _propose(task: Import) -> None:
    """The columns as somebody chose them for the same headings, else as the headings say."""
    known = db.session.execute(
        sa.select(Import.fields, Import.group_id)
        .where(Import.signature == task.signature, Import.id != task.id, Import.conference_id == task.conference_id)
        .where(Import.state.in_(("ready", "storing", "stored", "undone", "dropped")))
        .order_by(Import.id.desc()).limit(1)
    ).first()  # fmt: skip
    if known is not None and len(known.fields) == len(task.headings):
        task.fields, task.group_id = list(known.fields), known.group_id
        task.notes = ["Đã nhớ cách ghép cột của lần nạp trước có cùng tiêu đề.", *task.notes]
    else:
        task.fields = [field.value for field in proposed_fields(tuple(task.headings))]
        task.notes = [*doubled(tuple(task.headings)), *task.notes]


def _prepared(task: Import, store: Store) -> tuple[list[bytes], int]:
    """Everything that goes in, packed, and how many rows now differ from the preview.

    While nothing was written to the list since the preview, its outcomes count; else every row is judged anew.
    """
    packed, differ = [], 0
    unchanged = task.counts.get("line") == newest_line(task.conference_id)
    for part in remembered(task.id) if unchanged else _judged_again(task):
        if not unchanged:
            differ += _differing(part)
        packed.append(store.prepare(part))
    return packed, differ


def _judged_again(task: Import) -> Iterator[list[Judged]]:
    judge = Judge(task)
    for part in rows_of(task.id):
        yield [judge.judge(row) for row in part]


def _differing(outcomes: list[Judged]) -> int:
    rows = db.session.execute(
        sa.select(ImportRow.id, ImportRow.verdict, ImportRow.delegate_id, ImportRow.changes).where(
            ImportRow.id.in_([one.row.id for one in outcomes])
        )
    )
    seen = {row.id: (row.verdict, row.delegate_id, row.changes) for row in rows}
    return sum((one.verdict, one.delegate_id, one.changes) != seen[one.row.id] for one in outcomes)


def _back(import_id: int, state: str, sentence: str, *, again: bool = False) -> None:
    """Return a file to the step before; `again` shows its preview as the list is now."""
    with transaction():
        task = db.session.get_one(Import, import_id)
        if again:
            for part in _judged_again(task):
                write_judged(part)
        task.state, task.problem = state, sentence[:500]
        if again:
            task.counts = counted(task.id)
