"""How far the invitations are, by group and by body: invited, issued, delivered, opened, and what people answered.

Each figure is the number of people that the list of delegates shows under the same filter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from eventmgr.models.checkin import Admission
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.services import delivery_facts

NO_BODY = 0
"""The key of the line of delegates who stand in no body; the list of delegates knows it too."""
_NAMES = ("invited", "issued", "delivered", "opened", "comes", "substitutes", "absent", "admitted")


@dataclass(frozen=True)
class Figures:
    """One group, one body or all: invited = all its delegates; `key` is its id."""

    key: int
    label: str
    invited: int
    issued: int
    delivered: int
    opened: int
    comes: int
    substitutes: int
    absent: int
    admitted: int

    @property
    def answered(self) -> int:
        """Delegates who have answered."""
        return self.comes + self.substitutes + self.absent

    @property
    def silent(self) -> int:
        """Delegates who have not answered."""
        return self.invited - self.answered

    @property
    def expected(self) -> int:
        """Delegates or substitutes who will be there."""
        return self.comes + self.substitutes


def total(lines: Sequence[Figures]) -> Figures:
    """Return the sum of the lines."""
    return Figures(0, "Tất cả", *(sum(getattr(line, name) for line in lines) for name in _NAMES))


def by_group(conference_id: int) -> list[Figures]:
    """Return the figures of every group in the plan's order, in one query; groups without anybody too."""
    facts = delivery_facts.delivered(conference_id)
    label = sa.func.coalesce(Group.short_label, Group.label)
    wanted = (
        sa.select(Group.id, label, *_counts(facts))
        .select_from(Group)
        .outerjoin(Delegate, sa.and_(Delegate.group_id == Group.id, _is_invited()))
        .where(Group.conference_id == conference_id)
        .group_by(Group.id, Group.short_label, Group.label, Group.position)
        .order_by(Group.position, Group.id)
    )
    return [Figures(*row) for row in db.session.execute(_joined(wanted, facts))]


def by_body(conference_id: int) -> list[Figures]:
    """Return the figures of every body that has delegates, in the plan's order, those without a body last, in one query."""
    facts = delivery_facts.delivered(conference_id)
    wanted = (
        sa.select(sa.func.coalesce(Body.id, NO_BODY), sa.func.coalesce(Body.name, "Không thuộc đơn vị nào"), *_counts(facts))
        .select_from(Delegate)
        .outerjoin(Body, Body.id == Delegate.body_id)
        .where(Delegate.conference_id == conference_id, _is_invited())
        .group_by(Body.id, Body.name, Body.position)
        .order_by(Body.id.is_(None), Body.position, Body.id)
    )
    return [Figures(*row) for row in db.session.execute(_joined(wanted, facts))]


def _is_invited() -> sa.ColumnElement[bool]:
    """Companions come along with somebody; they are in the room, but nobody invited them."""
    return sa.and_(Delegate.removed_at.is_(None), Delegate.companion_of_id.is_(None))


def _counts(facts: sa.Subquery) -> list[Any]:
    def number(condition: sa.ColumnElement[bool]) -> sa.Function[int]:
        return sa.func.count(sa.case((condition, 1)))

    return [
        sa.func.count(Delegate.id), number(Invitation.issued_at.is_not(None)),
        number(sa.and_(Invitation.issued_at.is_not(None), delivery_facts.is_delivered(facts))),
        number(Invitation.opened_at.is_not(None)),
        *(number(Reply.answer == word) for word in ("comes", "substitute", "absent")), sa.func.count(Admission.id),
    ]  # fmt: skip


def _joined(wanted: sa.Select[Any], facts: sa.Subquery) -> sa.Select[Any]:
    """Join to each delegate the living letter, its delivery, the answer that counts and the admission: one of each."""
    answer = sa.and_(Reply.delegate_id == Delegate.id, Reply.superseded_at.is_(None), Reply.refused_at.is_(None))
    return (
        wanted.outerjoin(Invitation, sa.and_(Invitation.delegate_id == Delegate.id, Invitation.revoked_at.is_(None)))
        .outerjoin(facts, facts.c.invitation_id == Invitation.id)
        .outerjoin(Reply, answer)
        .outerjoin(Admission, sa.and_(Admission.delegate_id == Delegate.id, Admission.undone_at.is_(None)))
    )
