"""Rows of a file and what came of them, as they are stored; a private part of the services of imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import sqlalchemy as sa

from eventmgr.domain.import_rows import Problem, Said
from eventmgr.models.database import db
from eventmgr.models.imports import ImportRow
from eventmgr.models.journal import Entry

_KEPT = tuple(one.name for one in fields(Said) if one.name not in {"problems", "notes", "doubts"})


@dataclass(frozen=True)
class Row:
    """A row to be judged, as it is stored."""

    id: int
    number: int
    cells: list[str]
    section: str
    encodings: dict[str, Any]
    fixes: dict[str, str]
    choice: str | None
    delegate_id: int | None


@dataclass
class Judged:
    """The outcome for one row; `values` are those of a new delegate, `changes` field -> [old, new]."""

    row: Row
    verdict: str
    said: Said
    group_id: int | None = None
    body_id: int | None = None
    new_body: str | None = None
    delegate_id: int | None = None
    choice: str | None = None
    reason: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self) -> dict[str, Any]:
        """What is stored of the reading, as JSON."""
        said = self.said
        return {name: getattr(said, name) for name in _KEPT} | {
            "group_id": self.group_id, "body_id": self.body_id, "new_body": self.new_body, "reason": self.reason,
            "fixes": self.row.fixes, "doubt": " ".join(said.doubts) or None,
        }  # fmt: skip


def rows_of(import_id: int, *only: sa.ColumnElement[bool], chunk: int = 2000) -> Iterator[list[Row]]:
    """Yield the rows of a file in its order, some at a time."""
    columns = (
        ImportRow.id, ImportRow.number, ImportRow.cells, ImportRow.section, ImportRow.encodings, ImportRow.read,
        ImportRow.choice, ImportRow.delegate_id,
    )  # fmt: skip
    for found in _in_order(import_id, columns, only, chunk):
        yield [
            Row(one.id, one.number, one.cells, one.section, one.encodings, one.read.get("fixes", {}), one.choice, one.delegate_id)
            for one in found
        ]


def remembered(import_id: int, chunk: int = 2000) -> Iterator[list[Judged]]:
    """Yield the outcomes as they are stored, some at a time, for a list in which nothing has changed since."""
    columns = (
        ImportRow.id, ImportRow.number, ImportRow.read, ImportRow.verdict, ImportRow.choice, ImportRow.delegate_id,
        ImportRow.changes,
    )  # fmt: skip
    for found in _in_order(import_id, columns, (), chunk):
        yield [_remembered(one) for one in found]


def newest_line(conference_id: int) -> int:
    """Return the number of the newest line about the conference's lists: while it stays, nothing has changed in them."""
    newest = sa.select(sa.func.max(Entry.id)).where(Entry.conference_id == conference_id)
    return int(db.session.scalar(newest.where(Entry.subject.not_in(("job", "list", "import")))) or 0)


def write_judged(outcomes: Iterable[Judged]) -> None:
    """Store outcomes at their rows, inside the open transaction."""
    values = [
        {
            "row": one.row.id, "new_read": one.read(), "new_verdict": one.verdict, "new_delegate": one.delegate_id,
            "new_problems": [[problem.field, problem.sentence] for problem in one.problems], "new_notes": one.notes,
            "new_changes": one.changes, "new_choice": one.choice or (one.row.choice if one.row.choice == "skip" else None),
        }
        for one in outcomes
    ]  # fmt: skip
    if values:
        db.session.connection().execute(
            sa.update(ImportRow).where(ImportRow.id == sa.bindparam("row")).values(
                read=sa.bindparam("new_read", type_=sa.JSON()), verdict=sa.bindparam("new_verdict"),
                delegate_id=sa.bindparam("new_delegate"), problems=sa.bindparam("new_problems", type_=sa.JSON()),
                notes=sa.bindparam("new_notes", type_=sa.JSON()), changes=sa.bindparam("new_changes", type_=sa.JSON()),
                choice=sa.bindparam("new_choice"),
            ),
            values,
        )  # fmt: skip


def _in_order(
    import_id: int, columns: tuple[Any, ...], only: tuple[sa.ColumnElement[bool], ...], chunk: int
) -> Iterator[Sequence[sa.Row[Any]]]:
    last = 0
    while True:
        wanted = sa.select(*columns).where(ImportRow.import_id == import_id, ImportRow.number > last, *only)
        found = db.session.execute(wanted.order_by(ImportRow.number).limit(chunk)).all()
        if not found:
            return
        last = found[-1].number
        yield found


def _remembered(one: sa.Row[Any]) -> Judged:
    read = dict(one.read)
    read.pop("doubt", None)
    row = Row(one.id, one.number, [], "", {}, read.pop("fixes"), one.choice, one.delegate_id)
    place = {name: read.pop(name) for name in ("group_id", "body_id", "new_body", "reason")}
    said = Said(**{**read, "posts": tuple(read["posts"])})
    return Judged(row, one.verdict, said, delegate_id=one.delegate_id, choice=one.choice, changes=one.changes, **place)
