"""Files that came in, one by one and as a list; the rows of a preview; wrong rows to take home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventmgr.documents.workbooks import Book, Line, make_workbook
from eventmgr.domain.errors import NotFound
from eventmgr.domain.legacy_text import Encoding, convert
from eventmgr.domain.sheet_words import Field
from eventmgr.models.accounts import Account
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.imports import DOUBT, Import, ImportRow
from eventmgr.models.jobs import Job
from eventmgr.services.import_changes import WORDS
from eventmgr.services.paging import Page, kept_inside

FILTERS = ("look", "wrong", "alike", "changed", "new", "same", "skipped")
REASON = "Lý do chưa nạp được"
_ORDER = ("wrong", "alike", "changed", "new", "same", "unjudged")


@dataclass(frozen=True)
class Known:
    """A file with the names of those who brought it in, and the job that works on it."""

    task: Import
    brought_by: str | None
    job: Job | None

    @property
    def is_busy(self) -> bool:
        """Whether the job process has it in hand."""
        return self.task.state in {"reading", "judging", "storing"} and self.job is not None and self.job.state in {"waiting", "working"}


@dataclass(frozen=True)
class ShownRow:
    """A row of the preview: what it says, who it meets, and the changes in words (field, before, after)."""

    row: ImportRow
    met: Delegate | None
    met_body: str | None
    group: str | None
    body: str | None
    changes: list[tuple[str, str, str]]

    @property
    def said(self) -> dict[str, Any]:
        """What was read from the row."""
        return self.row.read

    def problems_of(self, field: str) -> list[str]:
        """The sentences about one field."""
        return [sentence for name, sentence in self.row.problems if name == field]


def get(conference_id: int, import_id: int) -> Known:
    """Return one file; raises NotFound."""
    found = db.session.execute(_known().where(Import.id == import_id, Import.conference_id == conference_id)).first()
    if found is None:
        raise NotFound("Không có lần nạp này.")
    return Known(*found)


def newest(conference_id: int, limit: int = 50) -> list[Known]:
    """Return the files of a conference, the newest first."""
    rows = db.session.execute(_known().where(Import.conference_id == conference_id).order_by(Import.id.desc()).limit(limit))
    return [Known(*row) for row in rows]


def samples(import_id: int, count: int = 3) -> list[ImportRow]:
    """Return the first rows of a file, to show beside the choice of columns."""
    wanted = sa.select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.number).limit(count)
    return list(db.session.scalars(wanted))


def converted_samples(import_id: int, limit: int = 6) -> list[tuple[str, str, str]]:
    """Return cells of fonts before Unicode: name of the encoding, before, after."""
    found: dict[str, tuple[str, str, str]] = {}
    wanted = sa.select(ImportRow.cells, ImportRow.encodings).where(ImportRow.import_id == import_id).order_by(ImportRow.number)
    for cells, encodings in db.session.execute(wanted.limit(200)):
        for column, code in encodings.items():
            done = convert(cells[int(column)], Encoding(code))
            if done.after != done.before:
                found.setdefault(done.before, (done.encoding.label, done.before, done.after))
    return list(found.values())[:limit]


def preview(task: Import, which: str = "look", number: int = 1) -> Page[ShownRow]:
    """Return a page of rows in a fixed number of queries; `which` is one of FILTERS, 'look' those to decide about."""
    wanted = sa.select(ImportRow).where(ImportRow.import_id == task.id)
    left_out = sa.func.coalesce(ImportRow.choice, "") == "skip"
    if which == "look":
        doubtful = sa.and_(ImportRow.verdict == "new", DOUBT.is_not(None), ~left_out)
        wanted = wanted.where(sa.or_(ImportRow.verdict.in_(("wrong", "alike", "changed")), doubtful))
    elif which == "skipped":
        wanted = wanted.where(left_out, ImportRow.verdict != "same")
    else:
        wanted = wanted.where(ImportRow.verdict == which)
        if which in {"new", "changed"}:
            wanted = wanted.where(~left_out)
    total = int(db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0)
    number = kept_inside(number, total)
    order = sa.case({name: place for place, name in enumerate(_ORDER)}, value=ImportRow.verdict)
    size = Page([], 1, 0).size
    rows = list(db.session.scalars(wanted.order_by(order, ImportRow.number).limit(size).offset((number - 1) * size)))
    return Page(_shown(task.conference_id, rows), number, total)


def new_bodies(import_id: int) -> list[str]:
    """Return the names of bodies that the file would add."""
    name = ImportRow.read["new_body"].as_string()
    wanted = sa.select(name).where(ImportRow.import_id == import_id, name.is_not(None), ImportRow.verdict != "wrong").distinct()
    return sorted(text for text in db.session.scalars(wanted) if text)


def wrong_rows_file(conference_id: int, import_id: int) -> tuple[str, bytes]:
    """Return name and content of an .xlsx of the wrong rows as they stood, the reasons first, ready to come in again.

    What was mended in place stands in the cells. Raises NotFound when nothing is wrong.
    """
    task = get(conference_id, import_id).task
    rows = list(db.session.scalars(
        sa.select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.verdict == "wrong").order_by(ImportRow.number)
    ))  # fmt: skip
    if not rows:
        raise NotFound("Không có dòng sai nào.")
    keeps_section = any(row.section for row in rows) and Field.GROUP.value not in task.fields
    headings = [REASON, *task.headings, *([Field.GROUP.label] if keeps_section else [])]
    lines = [
        Line([
            " ".join(sentence for _, sentence in row.problems),
            *_cells_home(task, row),
            *([row.section] if keeps_section else []),
        ])
        for row in rows
    ]  # fmt: skip
    stem = task.file_name.rsplit(".", 1)[0]
    return f"{stem} - dòng sai.xlsx", make_workbook(Book("Dòng sai", headings, lines))


def _cells_home(task: Import, row: ImportRow) -> list[str]:
    """The cells as they are to be read again: converted, with what was mended."""
    cells = list(row.cells)
    if task.converts:
        for column, code in row.encodings.items():
            cells[int(column)] = convert(cells[int(column)], Encoding(code)).after
    columns = {"full_name": Field.FULL_NAME, "posts": Field.POST}
    for name, text in row.read.get("fixes", {}).items():
        wanted = columns.get(name, Field(name)).value
        if wanted in task.fields:
            cells[task.fields.index(wanted)] = text
    return cells


def _known() -> Any:
    who = aliased(Account)
    return (
        sa.select(Import, who.display_name, Job)
        .outerjoin(who, who.id == Import.created_by_id)
        .outerjoin(Job, Job.id == Import.job_id)
    )


def _shown(conference_id: int, rows: list[ImportRow]) -> list[ShownRow]:
    met_ids = {row.delegate_id for row in rows if row.delegate_id is not None}
    met = {one.id: one for one in db.session.scalars(sa.select(Delegate).where(Delegate.id.in_(met_ids)))}
    groups = {
        one.id: one.short_label or one.label for one in db.session.scalars(sa.select(Group).where(Group.conference_id == conference_id))
    }
    wanted = {row.read.get("body_id") for row in rows} | {one.body_id for one in met.values()}
    for row in rows:
        wanted |= set(row.changes.get("body_id", ()))
    ids = [one for one in wanted if isinstance(one, int)]
    bodies = {one.id: one.name for one in db.session.scalars(sa.select(Body).where(Body.id.in_(ids)))}

    def word(field: str, value: Any) -> str:
        if field in {"group_id", "body_id"} and isinstance(value, int):
            return (groups if field == "group_id" else bodies).get(value, "")
        return "; ".join(value) if isinstance(value, list) else str(value or "")

    return [
        ShownRow(
            row, one := met.get(row.delegate_id or 0), bodies.get(one.body_id or 0) if one else None,
            groups.get(row.read.get("group_id") or (one.group_id if one else 0)), row.read.get("new_body") or bodies.get(row.read.get("body_id") or 0),
            [(WORDS[field], word(field, old), word(field, new)) for field, (old, new) in row.changes.items()],
        )
        for row in rows
    ]  # fmt: skip
