"""Finding a delegate by name, post or body at the door, without diacritics; no telephone number, no e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventmgr.domain.text import fold, matches_words, query_words, search_key
from eventmgr.models.checkin import Admission, Gate
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Reply

MOST = 20
_LOOKED_AT = 200
_WORDS = 8


@dataclass(frozen=True)
class Hit:
    """One delegate as the door may see it: `reply` is none, comes, absent or substitute."""

    delegate_id: int
    name: str
    posts: tuple[str, ...]
    body: str
    group: str
    seat: str
    reply: str
    substitute: str
    entered_at: datetime | None
    entered_gate: str


def find(conference_id: int, query: str) -> list[Hit]:
    """Return up to 20 delegates whose words begin with those of the query; names before posts.

    Substitutes are found by their own name. Fewer than two letters find nobody. Two queries whatever the size.
    """
    words = query_words(query)[:_WORDS]
    if sum(map(len, words)) < 2:
        return []
    ids = _substituted(conference_id, " ".join(words))
    matching = sa.and_(*(Delegate.search_key.contains(f" {word}", autoescape=True) for word in words))
    rows = db.session.execute(
        sa.select(
            Delegate.id, Delegate.full_name, Delegate.first_post, Delegate.posts, Delegate.seat, Delegate.name_key,
            Body.name.label("body"), Group.label, Group.short_label, Reply.answer, Reply.substitute_name,
            Admission.admitted_at, Admission.substitute_name.label("entered_as"), Gate.name.label("gate"),
        )
        .join(Group, Group.id == Delegate.group_id)
        .outerjoin(Body, Body.id == Delegate.body_id)
        .outerjoin(
            Reply,
            sa.and_(Reply.delegate_id == Delegate.id, Reply.superseded_at.is_(None), Reply.refused_at.is_(None)),
        )
        .outerjoin(Admission, sa.and_(Admission.delegate_id == Delegate.id, Admission.undone_at.is_(None)))
        .outerjoin(Gate, Gate.id == Admission.gate_id)
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        .where(sa.or_(matching, Delegate.id.in_(ids)) if ids else matching)
        .order_by(Delegate.name_key, Delegate.id)
        .limit(_LOOKED_AT)
    ).all()  # fmt: skip
    best = sorted(rows, key=lambda row: -_in_name(row.full_name, row.substitute_name, words))
    return [_hit(row) for row in best[:MOST]]


def _substituted(conference_id: int, query: str) -> list[int]:
    """Delegates whose substitute matches; there are few substitutes, and they have no search key of their own."""
    rows = db.session.execute(
        sa.select(Reply.delegate_id, Reply.substitute_name, Reply.substitute_post).where(
            Reply.conference_id == conference_id, Reply.answer == "substitute", Reply.superseded_at.is_(None),
            Reply.refused_at.is_(None),
        )
    )  # fmt: skip
    return [row.delegate_id for row in rows if matches_words(search_key(row.substitute_name, row.substitute_post or ""), query)]


def _in_name(full_name: str | None, substitute: str | None, words: list[str]) -> int:
    """How many words of the query begin a word of the name."""
    names = fold(f"{full_name or ''} {substitute or ''}").split()
    return sum(any(name.startswith(word) for name in names) for word in words)


def _hit(row: Any) -> Hit:
    return Hit(
        delegate_id=row.id,
        name=row.full_name or "",
        posts=tuple(row.posts or ([row.first_post] if row.first_post else [])),
        body=row.body or "",
        group=row.short_label or row.label,
        seat=row.seat or "",
        reply=row.answer or "none",
        substitute=row.substitute_name or "",
        entered_at=row.admitted_at,
        entered_gate=row.gate or "",
    )
