"""Lists out of the conference as .xlsx and CSV: delegates, replies, letters; each export leaves a line in the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventmgr import clock
from eventmgr.documents.workbooks import Book, Line, make_csv, make_workbook
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Invalid
from eventmgr.domain.sheet_words import Field
from eventmgr.domain.text import query_words
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.journal import record
from eventmgr.services import aside
from eventmgr.services.absences import how_it_came
from eventmgr.services.delegate_keys import printing_order

KINDS = {"delegates": "Đại biểu", "replies": "Trả lời", "absences": "Báo vắng", "letters": "Giấy mời"}
FORMATS = ("xlsx", "csv")
CONTACTS = (Field.PHONE, Field.EMAIL)
ANSWERS = {"comes": "Sẽ dự", "absent": "Báo vắng", "substitute": "Cử người thay"}
_CODE, _NAME, _FORM, _POST, _BODY, _GROUP = (
    field.label for field in (Field.CODE, Field.FULL_NAME, Field.ADDRESS_FORM, Field.POST, Field.BODY, Field.GROUP)
)


@dataclass(frozen=True)
class Wanted:
    """What is to be exported: kind, format, and the filter of the list that it was asked from."""

    kind: str = "delegates"
    format: str = "xlsx"
    query: str = ""
    group_id: int | None = None
    reply: str = ""


@dataclass(frozen=True)
class _Row:
    delegate: Delegate
    letter: Invitation | None
    reply: Reply | None
    goes_with: str | None


def export(conference_id: int, wanted: Wanted, by: int, *, with_contacts: bool) -> tuple[str, bytes]:
    """Return name and content of a file; phone and e-mail only `with_contacts`.

    Written to the journal with the filter and the number of rows (privacy.md §4). Raises Invalid for an unknown kind.
    """
    if wanted.kind not in KINDS or wanted.format not in FORMATS:
        raise Invalid("Chọn loại danh sách và dạng tệp.")
    rows = _rows(conference_id, wanted)
    book = _BOOKS[wanted.kind](rows, with_contacts)
    db.session.close()
    content: bytes = aside.run(make_workbook if wanted.format == "xlsx" else make_csv, book)
    what = KINDS[wanted.kind]
    with transaction():
        record(
            "list.exported", clock.now(), conference_id=conference_id, account_id=by, subject="list",
            sentence=f"Xuất danh sách {what.lower()}: {len(rows)} dòng{', có điện thoại và thư điện tử' if with_contacts else ''}.",
            kind=wanted.kind, format=wanted.format, query=wanted.query[:200], group_id=wanted.group_id, reply=wanted.reply,
            rows=len(rows), with_contacts=with_contacts,
        )  # fmt: skip
    return f"{what} {to_local(clock.now()):%Y-%m-%d}.{wanted.format}", content


def _rows(conference_id: int, wanted: Wanted) -> list[_Row]:
    newest = (
        sa.select(Reply.delegate_id, sa.func.max(Reply.id).label("id"))
        .where(Reply.conference_id == conference_id, Reply.superseded_at.is_(None), Reply.refused_at.is_(None))
        .group_by(Reply.delegate_id).subquery()
    )  # fmt: skip
    principal = aliased(Delegate)
    found = (
        sa.select(Delegate, Invitation, Reply, sa.func.coalesce(principal.full_name, principal.first_post))
        .outerjoin(principal, principal.id == Delegate.companion_of_id)
        .join(Group, Group.id == Delegate.group_id)
        .outerjoin(Body, Body.id == Delegate.body_id)
        .outerjoin(Invitation, sa.and_(Invitation.delegate_id == Delegate.id, Invitation.revoked_at.is_(None)))
        .outerjoin(newest, newest.c.delegate_id == Delegate.id)
        .outerjoin(Reply, Reply.id == newest.c.id)
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        .options(joinedload(Delegate.group), joinedload(Delegate.body))
        .order_by(*printing_order())
    )
    for word in query_words(wanted.query)[:12]:
        found = found.where(Delegate.search_key.contains(f" {word}", autoescape=True))
    if wanted.group_id is not None:
        found = found.where(Delegate.group_id == wanted.group_id)
    if wanted.kind != "absences" and wanted.reply in ANSWERS:
        found = found.where(Reply.answer == wanted.reply)
    elif wanted.kind == "absences":
        found = found.where(Reply.answer == "absent")
    elif wanted.reply == "silent":
        found = found.where(Reply.id.is_(None))
    elif wanted.reply == "unnamed":
        found = found.where(Delegate.full_name.is_(None))
    if wanted.kind == "letters":
        found = found.where(Invitation.id.is_not(None))
    return [_Row(*row) for row in db.session.execute(found)]


def _delegates(rows: list[_Row], with_contacts: bool) -> Book:
    contacts = [field.label for field in CONTACTS] if with_contacts else []
    headings = [_CODE, _NAME, _FORM, _POST, _BODY, _GROUP, *contacts, Field.SEAT.label, Field.ALERT.label, Field.NOTE.label, "Đi cùng"]
    lines = [
        Line([
            *_who(row.delegate), *([row.delegate.phone or "", row.delegate.email or ""] if with_contacts else []),
            row.delegate.seat or "", row.delegate.alert or "", row.delegate.note or "", row.goes_with or "",
        ])
        for row in rows
    ]  # fmt: skip
    return Book("Đại biểu", headings, lines)


def _replies(rows: list[_Row], with_contacts: bool) -> Book:
    contacts = [field.label for field in CONTACTS] if with_contacts else []
    headings = [_CODE, _NAME, _FORM, _POST, _BODY, _GROUP, *contacts, "Trả lời", "Lý do", "Người dự thay", "Chức vụ người dự thay", "Trả lời lúc", "Ai trả lời", "Đúng hạn"]
    return Book("Trả lời", headings, [
        Line([
            *_who(row.delegate), *([row.delegate.phone or "", row.delegate.email or ""] if with_contacts else []), *_reply(row.reply),
        ])
        for row in rows
    ])  # fmt: skip


def _absences(rows: list[_Row], with_contacts: bool) -> Book:
    headings = [_CODE, _NAME, _FORM, _POST, _BODY, _GROUP, "Lý do vắng", "Báo lúc", "Ai báo", "Đúng hạn"]
    lines = []
    for row in rows:
        told = _reply(row.reply)
        lines.append(Line([*_who(row.delegate), told[1], *told[4:]]))
    return Book("Báo vắng", headings, lines)


def _letters(rows: list[_Row], with_contacts: bool) -> Book:
    headings = ["Số giấy mời", "Ngày", *(_CODE, _NAME, _FORM, _POST, _BODY, _GROUP), "Tình trạng"]
    return Book("Giấy mời", headings, [Line([*_letter(row.letter), *_who(row.delegate), _letter_word(row.letter)]) for row in rows])


_BOOKS: dict[str, Callable[[list[_Row], bool], Book]] = {"delegates": _delegates, "replies": _replies, "absences": _absences, "letters": _letters}


def _who(one: Delegate) -> list[str]:
    return [
        f"{one.conference_id}-{one.id}", one.full_name or "", one.address_form, "\n".join(one.posts),
        one.body.name if one.body else "", one.group.label,
    ]  # fmt: skip


def _reply(reply: Any) -> list[str]:
    if reply is None:
        return ["Chưa trả lời", "", "", "", "", "", ""]
    return [
        ANSWERS[reply.answer], reply.reason or "", reply.substitute_name or "", reply.substitute_post or "",
        f"{to_local(reply.at):%d/%m/%Y %H:%M}", how_it_came(reply), "Muộn" if reply.is_late else "Đúng hạn",
    ]  # fmt: skip


def _letter(letter: Invitation | None) -> list[str]:
    if letter is None or letter.number is None or letter.dated_on is None:
        return ["", ""]
    return [f"{letter.number:02d}/{letter.number_symbol}", f"{letter.dated_on:%d/%m/%Y}"]


def _letter_word(letter: Invitation | None) -> str:
    if letter is None:
        return "Chưa có"
    if letter.issued_at is None:
        return "Nháp" if letter.approved_at is None else "Đã duyệt"
    return "Đã phát hành, đã mở" if letter.opened_at else "Đã phát hành"
