"""Who is silent: holders of an issued letter who have not answered and still may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from eventmgr.domain.deadlines import is_past, reply_deadline
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation, Reply


def living_reply() -> sa.ColumnElement[bool]:
    """Return the condition that a reply is the one that counts."""
    return sa.and_(Reply.superseded_at.is_(None), Reply.refused_at.is_(None))


def silent_ids(conference_id: int, invitation_ids: Iterable[int], at: datetime) -> set[int]:
    """Return those of the letters whose holder has not answered and is not too late to answer."""
    rows = db.session.execute(
        sa.select(Invitation.id, Group.reply_by, Conference.reply_by)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .join(Group, Group.id == Delegate.group_id)
        .join(Conference, Conference.id == Invitation.conference_id)
        .outerjoin(Reply, sa.and_(Reply.delegate_id == Delegate.id, living_reply()))
        .where(
            Invitation.conference_id == conference_id, Invitation.id.in_(list(invitation_ids)), Reply.id.is_(None),
            Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None), Delegate.removed_at.is_(None),
        )
    )  # fmt: skip
    return {invitation_id for invitation_id, own, general in rows if not is_past(reply_deadline(own, general), at)}
