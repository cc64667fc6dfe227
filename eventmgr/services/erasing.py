"""Erasing a person or the people of a closed conference: statistics, numbers of letters and the journal's chain stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from eventmgr import clock
from eventmgr.documents import shelf as files
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.privacy import ERASED
from eventmgr.models.ceremony import CeremonyMark
from eventmgr.models.checkin import Admission
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.journal import Entry, Seal, record
from eventmgr.services import seals, shelf
from eventmgr.services.dossier_erasing import forget_dossiers, forget_people
from eventmgr.services.person_rows import columns_about_people, of_delegates, of_person, pieces, table_of

# JSON that pages read by its keys: texts about the person go, the shape stays. Elsewhere the whole value is emptied.
_KEEP_SHAPE = {"scans", "invitations", "letter_corrections", "moves"}
_PAPER = ("giay-moi", "danh-sach", "goi-thu", "thu-")


@dataclass(frozen=True)
class Erased:
    """What was (or would be) erased: rows per table, and lines of the journal whose personal part went."""

    rows: dict[str, int]
    lines: int


def erase_person(conference_id: int, delegate_id: int, reason: str, by: int | None, *, dry_run: bool = False) -> Erased:
    """Erase what is kept about one person; the entry stays without name, so that counts stay right.

    Raises NotFound, Invalid without a reason, Conflict while lines of the journal cannot be chained yet.
    """
    if not reason.strip():
        raise Invalid("Ghi lý do xóa: yêu cầu của ai, ngày nào.", "reason")
    delegate = db.session.get(Delegate, delegate_id)
    if delegate is None or delegate.conference_id != conference_id:
        raise NotFound("Không có đại biểu này.")
    db.session.close()
    return _erase(conference_id, [delegate_id], f"Xóa dữ liệu cá nhân của đại biểu số {delegate_id}. {reason.strip()}"[:500], by, dry_run)


def erase_conference(conference_id: int, by: int | None, *, dry_run: bool = False) -> Erased:
    """Erase all people of a conference that is closed; its statistics are written down first.

    Raises NotFound, or Conflict while the conference is not closed.
    """
    conference = db.session.get(Conference, conference_id)
    if conference is None:
        raise NotFound("Không có hội nghị này.")
    if conference.state not in {"closed", "archived"}:
        raise Conflict("Chỉ xóa dữ liệu cá nhân của hội nghị đã kết thúc hoặc đã lưu trữ.")
    ids = list(db.session.scalars(sa.select(Delegate.id).where(Delegate.conference_id == conference_id)))
    db.session.close()
    done = _erase(conference_id, ids, f"Xóa dữ liệu cá nhân của cả hội nghị: {len(ids)} đại biểu.", by, dry_run)
    if not dry_run:
        forget_dossiers(conference_id)
    return done


def statistics(conference_id: int) -> dict[str, int]:
    """Return the counts that stay when the people are gone."""

    def count(what: sa.Select[Any]) -> int:
        return int(db.session.scalar(sa.select(sa.func.count()).select_from(what.subquery())) or 0)

    return {
        "delegates": count(sa.select(Delegate.id).where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))),
        "letters": count(sa.select(Invitation.id).where(Invitation.conference_id == conference_id, Invitation.issued_at.is_not(None))),
        "answered": count(sa.select(Reply.delegate_id).where(Reply.conference_id == conference_id, Reply.superseded_at.is_(None)).distinct()),
        "admitted": count(sa.select(Admission.id).where(Admission.conference_id == conference_id, Admission.undone_at.is_(None))),
    }


def _erase(conference_id: int, ids: list[int], sentence: str, by: int | None, dry_run: bool) -> Erased:
    seals.seal_lines()
    numbers = statistics(conference_id)
    with transaction():
        connection = db.session.connection()
        owned: dict[str, list[int]] = {}
        for delegate_id in ids if len(ids) == 1 else []:
            owned = of_person(connection, delegate_id)
        owned = owned or of_delegates(connection, ids)
        known = _known_texts(connection, owned)
        lines = _lines_about(connection, conference_id, owned["delegates"], known if len(ids) == 1 else None)
        if lines and lines[-1] > (seals.head_of(connection) or (0, ""))[0]:
            raise Conflict("Nhật ký đang được ghi; thử lại sau ít giây.")
        done = Erased({name: len(rows) for name, rows in owned.items()}, len(lines))
        if dry_run:
            return done
        for name, rows in owned.items():
            _blank(connection, table_of(name), rows, known)
        _blank_equal(connection, conference_id, known)
        _blank_marks(connection, conference_id, known if len(ids) == 1 else None)
        forget_people(connection, conference_id, owned["delegates"], known)
        blank_lines(connection, lines)
        record("privacy.erased", clock.now(), conference_id=conference_id, account_id=by, subject="privacy", sentence=sentence, kept=numbers, rows=done.rows)
    for path in shelf.folder().iterdir():
        if path.name.startswith(_PAPER):  # made anew from the rows when somebody asks
            files.delete(shelf.folder(), path.name)
    return done


def blank_lines(connection: Connection, lines: list[int]) -> None:
    """Blank the personal part of sealed lines of the journal; the chain holds."""
    for ids in pieces(lines):
        connection.execute(
            sa.update(Seal).where(Seal.entry_id.in_(ids), Seal.blanked_at.is_(None)).values(blanked_at=clock.now(), salt=None)
        )
        connection.execute(sa.update(Entry).where(Entry.id.in_(ids)).values(actor="", sentence="", details={}))


def _known_texts(connection: Connection, owned: dict[str, list[int]]) -> set[str]:
    """Return what names the person: the names, contacts and posts in the rows."""
    found: set[str] = set()
    for name, rows in owned.items():
        table = table_of(name)
        columns = [column for column in columns_about_people(table) if column.name.endswith(("name", "phone", "email", "mailbox", "addressee", "entered_as"))]
        for ids in pieces(rows) if columns else []:
            for row in connection.execute(sa.select(*columns).where(table.c.id.in_(ids))):
                found |= {str(value) for value in row if value and len(str(value)) >= 5}
    return found


def _lines_about(connection: Connection, conference_id: int, delegates: list[int], known: set[str] | None) -> list[int]:
    """Return the lines about these delegates; of a whole conference (known is None) every line that is not blank."""
    own = sa.select(Entry.id).where(Entry.conference_id == conference_id, sa.or_(Entry.sentence != "", Entry.actor != "", Entry.subject_id.is_not(None)))
    if known is not None:
        texts = [column.contains(text, autoescape=True) for text in sorted(known)[:50] for column in (Entry.sentence, Entry.actor)]
        own = own.where(sa.or_(sa.and_(Entry.subject == "delegate", Entry.subject_id.in_(delegates)), *texts))
    blanked = sa.select(Seal.entry_id).where(Seal.blanked_at.is_not(None))
    return sorted(connection.scalars(own.where(Entry.id.not_in(blanked), Entry.verb.not_like("privacy.%"))))


def _blank(connection: Connection, table: sa.Table, rows: list[int], known: set[str]) -> None:
    values: dict[str, Any] = {}
    if table.name == "delegates":
        values = {"full_name": ERASED, "name_key": "", "search_key": "", "precedence_key": ""}  # a name must stay where no post does
    for column in columns_about_people(table):
        if column.name in values:
            continue
        if column.name.endswith("name"):
            values[column.name] = sa.case((column.is_(None), None), else_=ERASED)
        else:
            values[column.name] = None if column.nullable else ""
    shapes = [column for column in table.columns if isinstance(column.type, sa.JSON)]
    for ids in pieces(rows):
        if values:
            connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(values))
        for row in connection.execute(sa.select(table.c.id, *shapes).where(table.c.id.in_(ids))).all() if shapes else []:
            held = {column.name: value for column, value in zip(shapes, row[1:], strict=True) if value is not None}
            emptied = {name: _scrubbed(value, known) if table.name in _KEEP_SHAPE else type(value)() for name, value in held.items()}
            if emptied:
                connection.execute(sa.update(table).where(table.c.id == row.id).values(emptied))


def _scrubbed(value: Any, known: set[str]) -> Any:
    if isinstance(value, str):
        return ERASED if any(text in value for text in known) else value
    if isinstance(value, list):
        return [_scrubbed(one, known) for one in value]
    if isinstance(value, dict):
        return {name: _scrubbed(one, known) for name, one in value.items()}
    return value


def _blank_equal(connection: Connection, conference_id: int, known: Iterable[str]) -> None:
    """Blank the same contacts where no row refers to the person: a mail that was sent to the mailbox, say."""
    contacts = [text for text in known if "@" in text]
    for table in db.metadata.sorted_tables if contacts else []:
        if "conference_id" not in table.columns or table.name in {"conferences", "bodies"}:
            continue
        for column in table.columns:
            if isinstance(column.type, sa.String) and not column.foreign_keys and column.name.startswith(("mailbox", "email")):
                connection.execute(
                    sa.update(table).where(table.c.conference_id == conference_id, column.in_(contacts))
                    .values({column.name: None if column.nullable else ""})
                )  # fmt: skip


def _blank_marks(connection: Connection, conference_id: int, known: set[str] | None) -> None:
    """Blank who stood in or took an award later: of one person by the name that was typed, of a conference all of them.

    The marks stay, so that the order of the ceremony can still be told.
    """
    which = [CeremonyMark.conference_id == conference_id, CeremonyMark.name.is_not(None)]
    if known is not None:
        which.append(CeremonyMark.name.in_(known))
    connection.execute(sa.update(CeremonyMark).where(*which).values(name=ERASED, post=None, note=None))
