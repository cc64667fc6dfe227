"""The way mails go out: which server, whether it works, and what everybody in the office should know about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.mailing import DOWN_AFTER, Answer, Outcome, channel_rest
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.invitations import Invitation
from eventmgr.models.mails import Mail, MailChannel
from eventmgr.services import delivery_facts
from eventmgr.services.health import BEAT_LIMIT, last_beat
from eventmgr.settings import MailServer

_server: list[MailServer | None] = [None]
ROW = 1


@dataclass(frozen=True)
class ChannelState:
    """How the channel is: whether a server is set, failures in a row, the server's words, and what waits for it."""

    is_set: bool
    failures: int = 0
    failing_since: datetime | None = None
    words: str | None = None
    rest_until: datetime | None = None
    waiting: int = 0
    unclear: int = 0
    silent: bool = False
    undelivered: int = 0

    @property
    def is_missed(self) -> bool:
        """Whether e-mail is off while issued letters still wait to go out."""
        return not self.is_set and self.undelivered > 0

    @property
    def is_down(self) -> bool:
        """Whether mails do not leave: no server while some wait, failures in a row, or nobody who works."""
        if not self.is_set:
            return self.waiting > 0
        return self.failures >= DOWN_AFTER or self.silent


def use(server: MailServer | None) -> None:
    """Send through this server, or not at all; bootstrap says which."""
    _server[:] = [server]


def server() -> MailServer | None:
    """Return the mail server of this copy."""
    return _server[0]


def state_of_channel(conference_id: int | None = None) -> ChannelState:
    """Return how the channel is, in one query; letters that wait to go out are those of the conference."""
    one = sa.select(sa.literal(ROW).label("id")).subquery()
    row = db.session.execute(
        sa.select(
            MailChannel.failures, MailChannel.failing_since, MailChannel.words, MailChannel.rest_until,
            sa.select(sa.func.count(Mail.id)).where(Mail.state.in_(("queued", "sending", "handing"))).scalar_subquery(),
            sa.select(sa.func.count(Mail.id)).where(Mail.state == "unclear").scalar_subquery(),
            last_beat(clock.now()).scalar_subquery(), _undelivered(conference_id),
        ).select_from(one).outerjoin(MailChannel, MailChannel.id == one.c.id)
    ).one()  # fmt: skip
    failures, since, words, rest, waiting, unclear, beat, undelivered = row
    # A copy where nothing ever waited has had no need of its job process.
    silent = waiting > 0 and (beat is None or clock.now() - beat > BEAT_LIMIT)
    return ChannelState(server() is not None, failures or 0, since, words, rest, waiting, unclear, silent, undelivered or 0)


def _undelivered(conference_id: int | None) -> sa.ColumnElement[int]:
    if conference_id is None or server() is not None:
        return sa.literal(0)
    facts = delivery_facts.delivered(conference_id)
    wanted = (
        sa.select(sa.func.count(Invitation.id))
        .outerjoin(facts, facts.c.invitation_id == Invitation.id)
        .join(Conference, Conference.id == Invitation.conference_id)
        .where(
            Invitation.conference_id == conference_id, Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None),
            Conference.state.in_(("preparing", "open")), sa.not_(delivery_facts.is_delivered(facts)),
        )
    )  # fmt: skip
    return wanted.scalar_subquery()


def lock_channel() -> MailChannel:
    """Return the row of the channel, held until the transaction ends, so that claims go one after the other."""
    row = db.session.scalar(sa.select(MailChannel).where(MailChannel.id == ROW).with_for_update())
    if row is None:
        row = MailChannel(id=ROW, failures=0)
        db.session.add(row)
        db.session.flush()
    return row


def note_answer(answer: Answer, at: datetime) -> None:
    """Note inside the open transaction what an answer tells about the channel: it works, or it failed once more."""
    row = lock_channel()
    if answer.outcome in {Outcome.LOST, Outcome.UNCLEAR}:
        row.failures += 1
        row.failing_since = row.failing_since or at
        row.words, row.rest_until = answer.words[:500], channel_rest(row.failures, at)
    else:
        row.failures, row.failing_since, row.words, row.rest_until, row.worked_at = 0, None, None, None, at
