"""The list of letters: delegates in printing order, with how far each letter has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr.domain.invitations import InvitationState, state_of
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.services import delivery_facts
from eventmgr.services.delegate_keys import found_by, printing_order

PAGE = 50
STATES = ("none", "draft", "approved", "issued", "undelivered", "delivered", "opened", "answered", "silent")


@dataclass(frozen=True)
class LetterRow:
    """A delegate with the letter that is alive, if there is one."""

    delegate: Delegate
    invitation: Invitation | None
    reply: Reply | None
    delivered_at: datetime | None = None
    under_way: bool = False

    @property
    def state(self) -> InvitationState | None:
        """How far the letter is; None while there is none."""
        letter = self.invitation
        if letter is None:
            return None
        return state_of(
            approved_at=letter.approved_at, issued_at=letter.issued_at, delivered_at=self.delivered_at,
            opened_at=letter.opened_at, answered_at=self.reply.at if self.reply else None,
        )


@dataclass(frozen=True)
class LetterPage:
    """One page of the list: rows, and how many there are in each state."""

    rows: list[LetterRow]
    number: int
    total: int
    counts: dict[str, int]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))

    @property
    def first(self) -> int:
        """Number of the first row on the page."""
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """Number of the last row on the page."""
        return min(self.number * PAGE, self.total)


def letter_page(
    conference_id: int, query: str = "", group_id: int | None = None, state: str = "", number: int = 1
) -> LetterPage:
    """Return a page of delegates with their letters, in printing order, in a fixed number of queries."""
    alive = sa.and_(Invitation.delegate_id == Delegate.id, Invitation.revoked_at.is_(None))
    answer = sa.and_(Reply.delegate_id == Delegate.id, Reply.superseded_at.is_(None))
    facts, busy = delivery_facts.delivered(conference_id), delivery_facts.under_way(conference_id)
    base = (
        sa.select(Delegate, Invitation, Reply, facts.c.at, busy.c.invitation_id.is_not(None))
        .join(Group, Group.id == Delegate.group_id)
        .outerjoin(Body, Body.id == Delegate.body_id)
        .outerjoin(Invitation, alive)
        .outerjoin(Reply, answer)
        .outerjoin(facts, facts.c.invitation_id == Invitation.id)
        .outerjoin(busy, busy.c.invitation_id == Invitation.id)
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
    )
    base = base.where(*found_by(query))
    if group_id is not None:
        base = base.where(Delegate.group_id == group_id)
    conditions = {
        "none": sa.and_(Invitation.id.is_(None), Delegate.companion_of_id.is_(None)),
        "draft": sa.and_(Invitation.id.is_not(None), Invitation.approved_at.is_(None)),
        "approved": sa.and_(Invitation.approved_at.is_not(None), Invitation.issued_at.is_(None)),
        "issued": Invitation.issued_at.is_not(None),
        "undelivered": sa.and_(Invitation.issued_at.is_not(None), sa.not_(delivery_facts.is_delivered(facts))),
        "delivered": sa.and_(Invitation.issued_at.is_not(None), delivery_facts.is_delivered(facts)),
        "opened": Invitation.opened_at.is_not(None),
        "answered": Reply.id.is_not(None),
        "silent": sa.and_(Invitation.issued_at.is_not(None), Reply.id.is_(None)),
    }
    counted = db.session.execute(
        base.with_only_columns(
            sa.func.count(Delegate.id), *(sa.func.count(sa.case((conditions[name], 1))) for name in STATES)
        )
    ).one()
    counts = dict(zip(("all", *STATES), counted, strict=True))
    if state in conditions:
        base = base.where(conditions[state])
    total = counts.get(state or "all", counts["all"])
    number = min(max(1, number), max(1, -(-total // PAGE)))
    rows = db.session.execute(
        base.options(joinedload(Delegate.body), joinedload(Delegate.group))
        .order_by(*printing_order())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).unique()
    return LetterPage([LetterRow(*row) for row in rows], number, total, counts)
