"""The announced award list as it leaves the house: page, PDF, .xlsx, and plain text to paste into an article."""

from __future__ import annotations

from dataclasses import dataclass

from eventmgr.documents.award_tables import AwardTableSheet, Column, TablePart, render_award_table
from eventmgr.documents.workbooks import make_workbook
from eventmgr.domain.awards import counts_text
from eventmgr.domain.errors import NotFound
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import aside
from eventmgr.services.award_files import as_book
from eventmgr.services.award_waves import is_announced
from eventmgr.services.kept import kept_pdf
from eventmgr.services.press import AwardGroup, award_groups

TITLE = "DANH SÁCH KHEN THƯỞNG"


@dataclass(frozen=True)
class Release:
    """The lists of a conference that were announced."""

    conference: str
    organiser: str
    groups: tuple[AwardGroup, ...]


def release(conference_id: int) -> Release:
    """Return what was announced; raises NotFound before."""
    conference = db.session.get(Conference, conference_id)
    if conference is None or not is_announced(conference_id):
        raise NotFound("Danh sách khen thưởng chưa được công bố.")
    return Release(conference.title, conference.organiser, award_groups(conference_id))


def release_pdf(told: Release) -> bytes:
    """Return the lists as PDF; the same lists are printed once and kept."""
    db.session.close()
    return kept_pdf("danh-sach-khen-thuong-cong-bo", _sheet(told), render_award_table)


def release_workbook(told: Release) -> bytes:
    """Return the lists as .xlsx."""
    db.session.close()
    made: bytes = aside.run(make_workbook, as_book(_sheet(told)))
    return made


def release_text(told: Release) -> str:
    """Return the lists as plain text, a name a line, ready to paste into an article."""
    lines = [f"Danh sách khen thưởng tại {told.conference}"]
    for group in told.groups:
        lines += ["", group.title + (f" ({group.decision})" if group.decision else "") + f": {counts_text(len(group.collectives), len(group.persons))}."]
        persons = [f"{name}, {post}" if post else name for name, post in group.persons]
        for heading, names in _parts(group, list(group.collectives), persons):
            lines += ["", f"{heading}:", *(f"{number}. {name}" for number, name in enumerate(names, 1))]
    return "\n".join(lines) + "\n"


def _parts(group: AwardGroup, collectives: list[str], persons: list[str]) -> list[tuple[str, list[str]]]:
    parts = [("Tập thể", collectives), ("Cá nhân", persons)]
    return [part for part in (parts if group.collectives_first else parts[::-1]) if part[1]]


def _sheet(told: Release) -> AwardTableSheet:
    parts = []
    for group in told.groups:
        rows = {
            "Tập thể": tuple((str(number), name, "") for number, name in enumerate(group.collectives, 1)),
            "Cá nhân": tuple((str(number), name, post) for number, (name, post) in enumerate(group.persons, 1)),
        }
        said = f"{group.title}, {group.decision}" if group.decision else group.title
        parts += [TablePart(f"{said} – {kind.lower()}", rows[kind]) for kind, names in _parts(group, list(group.collectives), [name for name, _ in group.persons]) if names]
    columns = (Column("TT", 11, "centre"), Column("Tên"), Column("Chức vụ, đơn vị", 90))
    return AwardTableSheet(TITLE, (told.conference,), columns, tuple(parts))
