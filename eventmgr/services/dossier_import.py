"""A list of proposed collectives and persons from a spreadsheet into a dossier: upload, preview, in as one unit, out again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.documents.spreadsheet_child import Reading, read_in_child
from eventmgr.documents.workbooks import Book, make_workbook
from eventmgr.domain.dossier_rows import HEADINGS, SKIPPED, checked_columns, columns_of
from eventmgr.domain.dossiers import MOST_ENTRIES
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.text import clean
from eventmgr.models.database import db, transaction
from eventmgr.models.dossiers import Dossier, DossierEntry, DossierList
from eventmgr.services import aside
from eventmgr.services.dossier_judging import digest_of, judged
from eventmgr.services.dossier_lists import entry_state, list_for_writing
from eventmgr.services.dossier_parts import entries_of, forms_of, note, touch
from eventmgr.services.dossiers import TWICE, open_dossier, page_of, store_entries

LARGEST, MOST_TEXT, MOST_COLUMNS, MOST_LISTS = 2 * 1024 * 1024, 1_000_000, 60, 20
"""Bytes of a file, characters in its cells, columns; lists that one dossier keeps."""
KEPT_FOR = timedelta(days=7)
CHANGED = "Hồ sơ hoặc cách ghép cột vừa thay đổi sau khi xem trước. Xem lại bên dưới rồi nạp; chưa có gì được ghi."


def sample_file() -> tuple[str, bytes]:
    """Return name and content of an empty list with the headings that are understood."""
    content: bytes = aside.run(make_workbook, Book("Danh sach", list(HEADINGS)))
    return "Mau danh sach de nghi khen thuong.xlsx", content


def receive(typed: str, dossier_id: int, name: str, data: bytes, form_id: int | None = None) -> int:
    """Keep the rows of a file for the preview and return the list's id; nothing goes into the dossier yet.

    `form_id` is the form of rows that name none. The file is read by a child process with limits and not kept.
    Raises Invalid for the file, Conflict when the dossier is not open.
    """
    page_of(typed).dossier(dossier_id)
    file_name = clean(name.replace("\\", "/").rsplit("/", 1)[-1])[:200]
    if not file_name:
        raise Invalid("Chọn tệp danh sách.", "file")
    if len(data) > LARGEST:
        raise Invalid(f"Tệp nặng quá {LARGEST // 1024 // 1024} MB. Chỉ giữ lại trang tính có danh sách rồi nạp lại.", "file")
    db.session.close()
    reading = read_in_child(data)
    rows = _rows_of(reading)
    table = reading.table
    with transaction():
        _, dossier = open_dossier(typed, dossier_id)
        made = DossierList(
            conference_id=dossier.conference_id, dossier_id=dossier.id, file_name=file_name, sheet=table["sheet"][:200], header_row=table["header_row"],
            headings=[text[:300] for text in table["headings"]], fields=[one or SKIPPED for one in columns_of(table["headings"])],
            notes=table["notes"][:20], rows=rows, form_id=_form(dossier, form_id), created_at=clock.now(),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        kept = sa.select(DossierList.id).where(DossierList.dossier_id == dossier.id).order_by(DossierList.id.desc())
        gone = list(db.session.scalars(kept.offset(MOST_LISTS)))
        db.session.execute(sa.delete(DossierList).where(DossierList.id.in_(gone)))
        return made.id


def choose_columns(typed: str, dossier_id: int, list_id: int, columns: list[str], form_id: int | None, converts: bool) -> None:
    """Say what each column holds, which form rows without one ask for, whether old fonts are converted. Raises Invalid, Conflict."""
    with transaction():
        _, dossier = open_dossier(typed, dossier_id)
        task = list_for_writing(dossier, list_id, "ready")
        task.fields, task.form_id, task.converts = checked_columns(columns, len(task.headings)), _form(dossier, form_id), converts


def put_in(typed: str, dossier_id: int, list_id: int, seen: str) -> int:
    """Add the good rows as one unit and return how many; `seen` is the digest of the preview. Once more changes nothing.

    Raises Conflict when a row would now go in otherwise than it was shown, or none would.
    """
    try:
        with transaction():
            body, dossier = open_dossier(typed, dossier_id)
            task = list_for_writing(dossier, list_id, "ready", "stored")
            if task.state == "stored":
                return len(task.entries)
            there = entries_of(dossier.id)
            rows = judged(task, forms_of(dossier.conference_id), there)
            if digest_of(rows) != seen:
                raise Conflict(CHANGED)
            facts = [row.facts for row in rows if row.facts is not None]
            if not facts:
                raise Conflict("Không có dòng nào nạp được.")
            before = {one.id for one in there if one.state == "withdrawn"}
            made = store_entries(dossier, facts)
            task.state, task.stored_at, task.handed_in_at = "stored", clock.now(), dossier.submitted_at
            task.entries = [[one.id, entry_state(one), one.id in before] for one in made]
            task.problems = [[row.number, row.problem] for row in rows if row.problem]
            note(dossier, "dossier.list_stored", f"{body.name} nạp {len(made)} tên từ tệp vào hồ sơ khen thưởng."[:500], actor=body.name)
            return len(made)
    except IntegrityError as problem:
        raise Conflict(TWICE) from problem


def undo(typed: str, dossier_id: int, list_id: int) -> int:
    """Take a stored list out again as one unit and return how many names; once more changes nothing.

    Raises Conflict once the dossier was handed in since, or one of the names was changed or taken out.
    """
    with transaction():
        body, dossier = open_dossier(typed, dossier_id)
        task = list_for_writing(dossier, list_id, "stored", "undone")
        if task.state == "undone":
            return len(task.entries)
        if dossier.submitted_at != task.handed_in_at:
            raise Conflict("Hồ sơ đã được gửi sau lần nạp này nên không hoàn tác được. Bỏ từng tên trong hồ sơ.")
        _take_out(dossier, task)
        task.state, task.undone_at = "undone", clock.now()
        touch(dossier)
        note(dossier, "dossier.list_undone", f"{body.name} hoàn tác lần nạp {len(task.entries)} tên vào hồ sơ khen thưởng."[:500], actor=body.name)
        return len(task.entries)


def drop(typed: str, dossier_id: int, list_id: int) -> None:
    """Give a list up before it went in; its rows are deleted."""
    with transaction():
        _, dossier = open_dossier(typed, dossier_id)
        db.session.delete(list_for_writing(dossier, list_id, "ready"))


def forget_old_lists() -> int:
    """Delete the rows of lists after seven days, whole lists unless they went in; return how many."""
    old = sa.and_(DossierList.created_at < clock.now() - KEPT_FOR, sa.or_(DossierList.state != "stored", sa.cast(DossierList.rows, sa.Text) != "[]"))
    ids = list(db.session.scalars(sa.select(DossierList.id).where(old)))
    if ids:
        with transaction():
            theirs = DossierList.id.in_(ids)
            db.session.execute(sa.delete(DossierList).where(theirs, DossierList.state != "stored"))
            db.session.execute(sa.update(DossierList).where(theirs, DossierList.state == "stored").values(rows=[], problems=[]))
    return len(ids)


def _take_out(dossier: Dossier, task: DossierList) -> None:
    there = {one.id: one for one in entries_of(dossier.id)}
    for entry_id, stood_as, was_withdrawn in task.entries:
        one: DossierEntry | None = there.get(entry_id)
        if one is None or entry_state(one) != stood_as:
            raise Conflict("Có tên trong lần nạp này đã được sửa hoặc bỏ nên không hoàn tác cả lần nạp. Bỏ từng tên trong hồ sơ.")
        if was_withdrawn:
            one.state = "withdrawn"
        else:
            db.session.delete(one)


def _rows_of(reading: Reading) -> list[list[Any]]:
    """The rows of a file while there are as many as a dossier may have; raises Invalid."""
    if reading.problem is not None:
        raise Invalid(reading.problem, "file")
    total = reading.table["total"]
    rows: list[list[Any]] = []
    for part in reading.parts:  # to its end, which closes the file that they wait in
        rows += part if len(rows) <= MOST_ENTRIES else []
    if not total:
        raise Invalid("Có dòng tiêu đề nhưng không có dòng nào dưới đó.", "file")
    if total > MOST_ENTRIES:
        raise Invalid(f"Tệp có {total} dòng; một hồ sơ có nhiều nhất {MOST_ENTRIES} tên. Chia tệp rồi nạp lại.", "file")
    if len(reading.table["headings"]) > MOST_COLUMNS:
        raise Invalid(f"Bảng có quá {MOST_COLUMNS} cột. Chỉ giữ các cột của danh sách rồi nạp lại.", "file")
    if sum(len(cell) for row in rows for cell in row[1]) > MOST_TEXT:
        raise Invalid("Các ô có quá nhiều chữ. Chỉ giữ danh sách và tóm tắt thành tích rồi nạp lại.", "file")
    return rows


def _form(dossier: Dossier, form_id: int | None) -> int | None:
    return form_id if form_id in {form.id for form in forms_of(dossier.conference_id)} else None
