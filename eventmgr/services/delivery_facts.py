"""How far letters got, as conditions and subqueries that lists, figures and the choice of what to send share."""

from __future__ import annotations

import sqlalchemy as sa

from eventmgr.models.invitations import Invitation
from eventmgr.models.mails import Handover, MailLetter


def delivered(conference_id: int) -> sa.Subquery:
    """Return the letters that went out by mail, by post or into a hand: invitation_id and `at`, the first moment."""
    mailed = sa.select(MailLetter.invitation_id, MailLetter.sent_at.label("at")).where(
        MailLetter.conference_id == conference_id, MailLetter.kind == "letters", MailLetter.sent_at.is_not(None)
    )
    handed = sa.select(Handover.invitation_id, Handover.at.label("at")).where(
        Handover.conference_id == conference_id, Handover.taken_back_at.is_(None)
    )
    both = sa.union_all(mailed, handed).subquery()
    return (
        sa.select(both.c.invitation_id, sa.func.min(both.c.at).label("at")).group_by(both.c.invitation_id).subquery("delivered")
    )


def is_delivered(facts: sa.Subquery) -> sa.ColumnElement[bool]:
    """Return the condition that a letter reached its holder: it was sent, or its page was opened."""
    return sa.or_(facts.c.at.is_not(None), Invitation.opened_at.is_not(None))


def under_way(conference_id: int, kind: str = "letters") -> sa.Subquery:
    """Return the letters that stand in a mail which has not ended yet."""
    return (
        sa.select(MailLetter.invitation_id)
        .where(
            MailLetter.conference_id == conference_id, MailLetter.kind == kind, MailLetter.sent_at.is_(None),
            MailLetter.closed_at.is_(None),
        )
        .subquery("under_way")
    )  # fmt: skip
