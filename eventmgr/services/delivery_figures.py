"""How many letters of each group still have to go out, and which of them can go by e-mail."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation
from eventmgr.services import delivery_facts


@dataclass(frozen=True)
class GroupDelivery:
    """One group: issued letters, those that went out, those in a mail under way, and of the rest how many have an address."""

    group_id: int
    label: str
    issued: int
    delivered: int
    under_way: int
    with_address: int

    @property
    def left(self) -> int:
        """Letters that still have to go out and are under way in no mail."""
        return self.issued - self.delivered - self.under_way

    @property
    def without_address(self) -> int:
        """Of these, letters that only paper or a hand can bring."""
        return self.left - self.with_address


def by_group(conference_id: int) -> list[GroupDelivery]:
    """Return every group that has issued letters, in the plan's order, in one query."""
    facts, busy = delivery_facts.delivered(conference_id), delivery_facts.under_way(conference_id)
    out = delivery_facts.is_delivered(facts)
    waits = sa.and_(sa.not_(out), busy.c.invitation_id.is_not(None))
    left = sa.and_(sa.not_(out), busy.c.invitation_id.is_(None))
    address = sa.or_(Delegate.email.contains("@"), Body.email.contains("@"))

    def number(condition: sa.ColumnElement[bool]) -> sa.Function[int]:
        return sa.func.count(sa.case((condition, 1)))

    rows = db.session.execute(
        sa.select(
            Group.id, sa.func.coalesce(Group.short_label, Group.label), sa.func.count(Invitation.id), number(out), number(waits),
            number(sa.and_(left, address)),
        )
        .join(Delegate, Delegate.group_id == Group.id)
        .join(Invitation, Invitation.delegate_id == Delegate.id)
        .outerjoin(Body, Body.id == Delegate.body_id)
        .outerjoin(facts, facts.c.invitation_id == Invitation.id)
        .outerjoin(busy, busy.c.invitation_id == Invitation.id)
        .where(
            Group.conference_id == conference_id, Delegate.removed_at.is_(None), Invitation.issued_at.is_not(None),
            Invitation.revoked_at.is_(None),
        )
        .group_by(Group.id, Group.short_label, Group.label, Group.position)
        .order_by(Group.position, Group.id)
    )  # fmt: skip
    return [GroupDelivery(*row) for row in rows]
