"""The list to sign on paper at a gate, and the same order for entering it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr.documents.sheets import SignInRow, SignInSheet
from eventmgr.documents.sign_in import render_sign_in
from eventmgr.domain.dates import hour_text, long_date
from eventmgr.domain.delegates import posts_with_body
from eventmgr.domain.text import matches_words, query_words, search_key
from eventmgr.models.checkin import Admission, Gate
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Reply
from eventmgr.services import aside
from eventmgr.services.delegate_keys import printing_order
from eventmgr.services.gates import get as gate_of
from eventmgr.services.letters import letterhead_of


@dataclass(frozen=True)
class Line:
    """One line of the sheet: its number on this list, who it is, and whether the person is in already."""

    number: int
    delegate_id: int
    name: str
    position: str
    group: str
    note: str
    search_key: str
    entered_at: datetime | None
    entered_gate: str


def lines(conference_id: int, gate_id: int | None) -> list[Line]:
    """Return everybody, or those whom a gate is for, in the order of the sheet: groups, then precedence. One query.

    Raises NotFound for a gate of elsewhere.
    """
    gate = gate_of(conference_id, gate_id) if gate_id is not None else None
    wanted = (
        sa.select(
            Delegate, Reply.answer, Reply.substitute_name, Reply.substitute_post, Reply.approved_at, Admission.admitted_at,
            Gate.name,
        )
        .join(Group, Group.id == Delegate.group_id)
        .outerjoin(Body, Body.id == Delegate.body_id)
        .outerjoin(
            Reply, sa.and_(Reply.delegate_id == Delegate.id, Reply.superseded_at.is_(None), Reply.refused_at.is_(None))
        )
        .outerjoin(Admission, sa.and_(Admission.delegate_id == Delegate.id, Admission.undone_at.is_(None)))
        .outerjoin(Gate, Gate.id == Admission.gate_id)
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        .options(joinedload(Delegate.group), joinedload(Delegate.body))
        .order_by(*printing_order())
    )
    if gate is not None and gate.group_ids:
        wanted = wanted.where(Delegate.group_id.in_(gate.group_ids))
    return [_line(number, row) for number, row in enumerate(db.session.execute(wanted), start=1)]


def found(sheet: Sequence[Line], text: str) -> list[Line]:
    """Return the lines that a number or words of a name, post or body mean.

    A number means its line alone; where the words fit a name, posts are not looked at.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return [line for line in sheet if line.number == int(text[:9])]
    if not query_words(text):
        return []
    named = [line for line in sheet if line.name and matches_words(search_key(line.name), text)]
    return named or [line for line in sheet if matches_words(line.search_key, text)]


def pdf(conference_id: int, gate_id: int | None) -> bytes:
    """Return the list to sign, as PDF, of everybody or of those whom a gate is for; raises NotFound for the gate."""
    conference = db.session.get(Conference, conference_id)
    assert conference is not None
    gate = gate_of(conference_id, gate_id) if gate_id is not None else None
    rows = tuple(SignInRow(line.name, line.position, line.group, line.note) for line in lines(conference_id, gate_id))
    sheet = SignInSheet(conference.title, _when(conference), rows, gate.name if gate else None, letterhead=letterhead_of(conference))
    db.session.close()
    made: bytes = aside.run(render_sign_in, sheet)
    return made


def _line(number: int, row: Any) -> Line:
    delegate: Delegate = row.Delegate
    position = posts_with_body(delegate.posts, delegate.body.name if delegate.body else None)
    return Line(
        number, delegate.id, delegate.full_name or "", position, delegate.group.short_label or delegate.group.label,
        _note(row), delegate.search_key, row.admitted_at, row.name or "",
    )  # fmt: skip


def _note(row: Any) -> str:
    if row.answer == "absent":
        return "Đã báo vắng"
    if row.answer == "substitute" and row.approved_at is None:
        return "Xin cử người thay, chưa duyệt"
    if row.answer == "substitute" and row.substitute_name:
        return f"Dự thay: {row.substitute_name}" + (f", {row.substitute_post}" if row.substitute_post else "")
    return ""


def _when(conference: Conference) -> str:
    parts = (
        hour_text(conference.starts_at) if conference.starts_at else "",
        long_date(conference.held_on) if conference.held_on else "",
        conference.venue or "",
    )
    return ", ".join(part for part in parts if part)
