"""The discussion as it stands, and a delegate who asks to speak from the own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain import speeches
from eventmgr.domain.errors import Conflict
from eventmgr.domain.script import upper_first
from eventmgr.domain.speeches import SpeechState
from eventmgr.models.database import db, transaction
from eventmgr.models.directing import SpeechRequest
from eventmgr.services.agenda_rows import hold_order
from eventmgr.services.replies import held_by
from eventmgr.services.speech_rows import Speech, add_row, checked_topic, open_one, own_rows, speech_of, tell, times
from eventmgr.services.stage_people import people_by_id, person_of
from eventmgr.services.stage_settings import settings_of

CLOSED = "Phần thảo luận chưa mở hoặc đã đóng nên chưa đăng ký phát biểu được."
ALREADY = "Đã có một đăng ký phát biểu đang chờ. Rút đăng ký cũ trước khi đăng ký lại."


@dataclass(frozen=True)
class DiscussionState:
    """Who speaks, who waits in which order, who has spoken or went away; `minutes` are a speech's."""

    is_open: bool
    minutes: int
    speaking: Speech | None
    waiting: tuple[Speech, ...]
    spoken: tuple[Speech, ...]

    @property
    def next(self) -> Speech | None:
        """Who is called next."""
        return self.waiting[0] if self.waiting else None


def discussion_state(conference_id: int) -> DiscussionState:
    """Return the discussion at this moment, in a fixed number of queries."""
    at = clock.now()
    rows = list(
        db.session.scalars(
            sa.select(SpeechRequest).where(SpeechRequest.conference_id == conference_id, SpeechRequest.withdrawn_at.is_(None))
        )
    )
    people = people_by_id(conference_id, [row.delegate_id for row in rows if row.delegate_id])
    made = {row.id: speech_of(row, people, at) for row in rows}
    order = speeches.queue(times(row) for row in rows)
    spoken = sorted((row for row in rows if row.ended_at), key=lambda row: (row.called_at or at, row.id))
    return DiscussionState(
        is_open=open_one(conference_id) is not None,
        minutes=settings_of(conference_id).speaking_minutes,
        speaking=next((one for one in made.values() if one.state is SpeechState.SPEAKING), None),
        waiting=tuple(made[one.id] for one in order),
        spoken=tuple(made[row.id] for row in spoken),
    )


def own_request(conference_id: int, delegate_id: int) -> Speech | None:
    """Return the request of a delegate that still waits or is being spoken."""
    row = db.session.scalar(own_rows(conference_id, delegate_id))
    return speech_of(row, people_by_id(conference_id, [delegate_id]), clock.now()) if row else None


def before(conference_id: int, request_id: int) -> int:
    """Return how many are called before this request."""
    asked = sa.select(SpeechRequest).where(
        SpeechRequest.conference_id == conference_id, SpeechRequest.called_at.is_(None), SpeechRequest.withdrawn_at.is_(None)
    )
    ids = [one.id for one in speeches.queue(times(row) for row in db.session.scalars(asked))]
    return ids.index(request_id) if request_id in ids else 0


def is_open(conference_id: int) -> bool:
    """Tell whether delegates may ask to speak."""
    return open_one(conference_id) is not None


def ask(code: str, topic: str) -> None:
    """Ask to speak, by whoever holds this pass.

    Raises NotFound for a wrong code, Conflict while the discussion is closed, for a revoked letter, a second open
    request or too many in an hour, Invalid for a topic that is missing or too long.
    """
    held = held_by(code)
    if held.invitation.revoked_at is not None:
        raise Conflict("Giấy mời này đã được thu hồi.")
    person = person_of(held.conference.id, held.delegate.id)
    wanted, at = checked_topic(topic, needed=True), clock.now()
    try:
        with transaction():
            hold_order(held.conference.id)
            if open_one(held.conference.id) is None:
                raise Conflict(CLOSED)
            _check_rate(held.conference.id, held.delegate.id, at)
            row = add_row(held.conference.id, at, delegate_id=held.delegate.id, topic=wanted)
            tell(row, "stage.speech_asked", at, f"{upper_first(person.presenter.short)} đăng ký phát biểu.")
    except IntegrityError as error:
        raise Conflict(ALREADY) from error


def withdraw(code: str) -> None:
    """Take the own request back; it changes nothing when there is none that waits."""
    held, at = held_by(code), clock.now()
    with transaction():
        hold_order(held.conference.id)
        row = db.session.scalar(own_rows(held.conference.id, held.delegate.id).where(SpeechRequest.called_at.is_(None)))
        if row is not None:
            row.withdrawn_at = at
            tell(row, "stage.speech_withdrawn", at, "Một đại biểu rút đăng ký phát biểu.")


def _check_rate(conference_id: int, delegate_id: int, at: datetime) -> None:
    asked = sa.select(sa.func.count()).where(
        SpeechRequest.conference_id == conference_id, SpeechRequest.delegate_id == delegate_id,
        SpeechRequest.asked_at > at - timedelta(hours=1),
    )
    if (db.session.scalar(asked) or 0) >= speeches.ASKS_AN_HOUR:
        raise Conflict("Đã đăng ký rồi rút quá nhiều lần trong một giờ. Xin liên hệ Ban tổ chức.")
