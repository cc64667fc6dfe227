"""Rows of speech requests while they are read and changed; a private part of the services of the discussion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventmgr.domain import speeches, timer
from eventmgr.domain.delegates import AddressForm
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.script import Presenter
from eventmgr.domain.speeches import SpeechState
from eventmgr.domain.text import clean
from eventmgr.models.database import db
from eventmgr.models.directing import Discussion, SpeechRequest
from eventmgr.models.journal import record
from eventmgr.services.stage_people import StagePerson, people_by_id
from eventmgr.services.stage_settings import settings_of

TOPIC = 300


@dataclass(frozen=True)
class Speech:
    """A request to speak with whoever asked; `elapsed` whole seconds at the state's moment, while called."""

    id: int
    person: StagePerson
    topic: str
    state: SpeechState
    minutes: int
    asked_at: datetime
    called_at: datetime | None
    ended_at: datetime | None
    by_office: bool
    remark: str | None
    elapsed: int

    @property
    def presenter(self) -> Presenter:
        """The speaker as screens call them."""
        return self.person.presenter

    @property
    def reading(self) -> timer.Reading:
        """What the speech's clock says."""
        return timer.reading(self.elapsed, self.minutes)


def speech_of(row: SpeechRequest, people: dict[int, StagePerson], at: datetime) -> Speech:
    """Return a stored request as a speech."""
    elapsed = int(((row.ended_at or at) - row.called_at).total_seconds()) if row.called_at else 0
    return Speech(
        row.id, who(row, people), row.topic, times(row).state, row.minutes, row.asked_at, row.called_at, row.ended_at,
        row.asked_by_id is not None, row.remark, max(0, elapsed),
    )


def who(row: SpeechRequest, people: dict[int, StagePerson]) -> StagePerson:
    """Return whoever asked."""
    if row.delegate_id is not None:
        return people.get(row.delegate_id) or StagePerson(row.delegate_id, AddressForm.COMRADE, "đã rút khỏi danh sách", "")
    return StagePerson(None, AddressForm(row.address_form or AddressForm.COMRADE.value), row.name, row.post or "")


def named(row: SpeechRequest) -> StagePerson:
    """Return whoever asked, for a sentence."""
    ids = [row.delegate_id] if row.delegate_id else []
    return who(row, people_by_id(row.conference_id, ids))


def checked_topic(text: str, needed: bool) -> str:
    """Return the topic cleaned; raises Invalid."""
    topic = clean(text)
    if needed and not topic:
        raise Invalid("Ghi ngắn gọn nội dung muốn phát biểu.", "topic")
    if len(topic) > TOPIC:
        raise Invalid(f"Nội dung dài nhất {TOPIC} ký tự; đang có {len(topic)}.", "topic")
    return topic


def add_row(conference_id: int, at: datetime, **facts: object) -> SpeechRequest:
    """Put a request at the end of the queue; raises Conflict when it is full."""
    waiting = sa.select(sa.func.count()).where(
        SpeechRequest.conference_id == conference_id, SpeechRequest.called_at.is_(None), SpeechRequest.withdrawn_at.is_(None)
    )
    if (db.session.scalar(waiting) or 0) >= speeches.MOST_WAITING:
        raise Conflict("Danh sách đăng ký phát biểu đã đầy.")
    last = db.session.scalar(sa.select(sa.func.max(SpeechRequest.position)).where(SpeechRequest.conference_id == conference_id))
    row = SpeechRequest(
        conference_id=conference_id, position=(last or 0) + 1, minutes=settings_of(conference_id).speaking_minutes,
        asked_at=at, **facts,
    )
    db.session.add(row)
    db.session.flush()
    return row


def row_of(conference_id: int, request_id: int) -> SpeechRequest:
    """Return a request of this conference, fresh from the database; raises NotFound."""
    row = db.session.get(SpeechRequest, request_id, populate_existing=True)
    if row is None or row.conference_id != conference_id:
        raise NotFound("Không có đăng ký phát biểu này.")
    return row


def own_rows(conference_id: int, delegate_id: int) -> sa.Select[SpeechRequest]:
    """Select the open request of a delegate."""
    return sa.select(SpeechRequest).where(
        SpeechRequest.conference_id == conference_id, SpeechRequest.delegate_id == delegate_id,
        SpeechRequest.ended_at.is_(None), SpeechRequest.withdrawn_at.is_(None),
    )


def open_one(conference_id: int) -> Discussion | None:
    """Return the discussion that is open."""
    asked = sa.select(Discussion).where(Discussion.conference_id == conference_id, Discussion.closed_at.is_(None))
    return db.session.scalar(asked)


def times(row: SpeechRequest) -> speeches.Times:
    """Return what the rules need to know of a request."""
    return speeches.Times(row.id, row.position, row.called_at, row.ended_at, row.withdrawn_at)


def tell(row: SpeechRequest, verb: str, at: datetime, sentence: str, by: int | None = None, actor: str = "") -> None:
    """Write the journal's line about a request."""
    record(
        verb, at, conference_id=row.conference_id, account_id=by, actor=actor, subject="speech", subject_id=row.id,
        sentence=sentence,
    )


def say(conference_id: int, verb: str, at: datetime, sentence: str, by: int, actor: str) -> None:
    """Write the journal's line about the discussion."""
    record(verb, at, conference_id=conference_id, account_id=by, actor=actor, subject="discussion", sentence=sentence)
