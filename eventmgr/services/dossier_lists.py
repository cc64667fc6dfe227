"""A body's lists from spreadsheets as its page shows them: the preview, what went in, the wrong rows to take home."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from eventmgr.documents.workbooks import Book, Line, make_workbook
from eventmgr.domain.dossier_rows import COLUMNS
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.domain.legacy_text import Encoding, convert
from eventmgr.models.database import db
from eventmgr.models.dossiers import Dossier, DossierEntry, DossierList
from eventmgr.services import aside
from eventmgr.services.dossier_judging import JudgedRow, digest_of, judged, read_cells
from eventmgr.services.dossiers import OwnDossier, OwnPage, page_of

REASON = "Lý do chưa nạp được"
UNKNOWN = "Không có lần nạp này. Có thể lần nạp đã bị bỏ, hoặc đã quá 7 ngày."
_VALUES = ("form_id", "kind", "printed_name", "post", "address_form", "achievement", "leader_form", "leader_name", "leader_post", "state")


@dataclass(frozen=True)
class ShownList:
    """A list with its dossier and page; `rows` are the outcomes while it waits, `problems` number and sentence of rows left out."""

    page: OwnPage
    held: OwnDossier
    task: DossierList
    rows: list[JudgedRow]
    problems: list[tuple[int, str]]

    @property
    def good(self) -> list[JudgedRow]:
        """The rows that would go in."""
        return [row for row in self.rows if row.problem is None]

    @property
    def seen(self) -> str:
        """What the confirmation sends along, so that nothing goes in otherwise than it was shown."""
        return digest_of(self.rows)

    @property
    def samples(self) -> list[str]:
        """The first thing that stands in each column."""
        rows = [read_cells(cells, encodings, self.task.converts) for _, cells, _, encodings in self.task.rows]
        return [next((cells[place] for cells in rows if place < len(cells) and cells[place]), "") for place in range(len(self.task.headings))]

    @property
    def converted(self) -> list[tuple[str, str, str]]:
        """Some cells of fonts before Unicode: name of the encoding, before, after."""
        found = [
            (Encoding(code).label, cells[int(place)], convert(cells[int(place)], Encoding(code)).after)
            for _, cells, _, encodings in self.task.rows for place, code in encodings.items()
        ]  # fmt: skip
        return [one for one in dict.fromkeys(found) if one[1] != one[2]][:4]


def list_page(typed: str, dossier_id: int, list_id: int) -> ShownList:
    """Return one list of a body's dossier; raises NotFound, for a list of another dossier too."""
    page = page_of(typed)
    held = page.dossier(dossier_id)
    task = db.session.get(DossierList, list_id)
    if task is None or task.dossier_id != dossier_id:
        raise NotFound(UNKNOWN)
    if task.state != "ready":
        return ShownList(page, held, task, [], [(number, sentence) for number, sentence in task.problems])
    rows = judged(task, page.forms, held.entries)
    return ShownList(page, held, task, rows, [(row.number, row.problem) for row in rows if row.problem])


def lists_of(dossier: Dossier) -> list[tuple[int, str, str]]:
    """Return id, name of the file and state of a dossier's lists, the newest first."""
    wanted = sa.select(DossierList.id, DossierList.file_name, DossierList.state).where(DossierList.dossier_id == dossier.id)
    return [(row.id, row.file_name, row.state) for row in db.session.execute(wanted.order_by(DossierList.id.desc()))]


def wrong_rows_file(shown: ShownList) -> tuple[str, bytes]:
    """Return name and content of an .xlsx of the rows left out, the reasons first, ready to come in again; raises NotFound."""
    task, why = shown.task, dict(shown.problems)
    rows = [row for row in task.rows if row[0] in why]
    if not rows:
        raise NotFound("Không có dòng sai nào.")
    section = any(row[2] for row in rows) and "kind" not in task.fields
    lines = [
        Line([why[number], *read_cells(cells, encodings, task.converts), *[""] * (len(task.headings) - len(cells)), *([under] if section else [])])
        for number, cells, under, encodings in rows
    ]  # fmt: skip
    book = Book("Dòng sai", [REASON, *task.headings, *([COLUMNS["kind"]] if section else [])], lines)
    content: bytes = aside.run(make_workbook, book)
    return f"{task.file_name.rsplit('.', 1)[0]} - dòng sai.xlsx", content


def list_for_writing(dossier: Dossier, list_id: int, *states: str) -> DossierList:
    """Return a list under the lock of its dossier; raises NotFound, Conflict in another state."""
    task = db.session.get(DossierList, list_id, populate_existing=True)
    if task is None or task.dossier_id != dossier.id:
        raise NotFound(UNKNOWN)
    if task.state not in states:
        raise Conflict("Lần nạp này đã được hoàn tác." if task.state == "undone" else "Lần nạp này đã sang bước khác. Mở lại trang để xem.")
    return task


def entry_state(entry: DossierEntry) -> str:
    """Return what changes as soon as anything of an entry does."""
    return hashlib.sha256(repr([getattr(entry, name) for name in _VALUES]).encode()).hexdigest()[:32]
