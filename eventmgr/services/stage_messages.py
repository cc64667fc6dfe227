"""Messages from office and chair to the MC: sent, seen, acknowledged, or taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.text import clean
from eventmgr.models.database import db, transaction
from eventmgr.models.directing import StageMessage
from eventmgr.models.journal import record

LENGTH = 300
A_MINUTE = 12
"""Messages in a minute beyond which nobody could read them."""


@dataclass(frozen=True)
class Messages:
    """What waits for the MC, the oldest first, and what is done with, the newest first."""

    waiting: tuple[StageMessage, ...]
    past: tuple[StageMessage, ...]


def messages(conference_id: int, limit: int = 50) -> Messages:
    """Return the messages of a conference; one query."""
    asked = sa.select(StageMessage).where(StageMessage.conference_id == conference_id)
    rows = list(db.session.scalars(asked.order_by(StageMessage.id.desc()).limit(limit)))
    waiting = [row for row in rows if row.acknowledged_at is None and row.withdrawn_at is None]
    return Messages(tuple(reversed(waiting)), tuple(row for row in rows if row not in waiting))


def send(conference_id: int, text: str, message_key: str, by: int, actor: str) -> None:
    """Send a message to the MC; the same key again sends nothing more.

    Raises Invalid for a text that is missing or too long, Conflict when too many were sent in a minute.
    """
    said, at = clean(text), clock.now()
    if not said:
        raise Invalid("Ghi lời nhắn trước khi gửi.", "text")
    if len(said) > LENGTH:
        raise Invalid(f"Lời nhắn dài nhất {LENGTH} ký tự để đọc kịp trên bục; đang có {len(said)}.", "text")
    try:
        with transaction():
            known = sa.select(StageMessage.id).where(
                StageMessage.conference_id == conference_id, StageMessage.message_key == message_key
            )
            if db.session.scalar(known) is not None:
                return
            lately = sa.select(sa.func.count()).where(
                StageMessage.conference_id == conference_id, StageMessage.sent_at > at - timedelta(minutes=1)
            )
            if (db.session.scalar(lately) or 0) >= A_MINUTE:
                raise Conflict("Đã gửi quá nhiều lời nhắn trong một phút. Chờ người dẫn đọc rồi gửi tiếp.")
            row = StageMessage(
                conference_id=conference_id, message_key=message_key, text=said, sent_at=at, sent_by_id=by, sender=actor[:120]
            )
            db.session.add(row)
            db.session.flush()
            _tell(row, "stage.message_sent", f"Nhắn người dẫn: {said}", by, actor)
    except IntegrityError:
        return  # the same key, sent twice in the same moment


def note_seen(conference_id: int, message_ids: list[int], by: int, actor: str) -> None:
    """Note that the MC's console has shown these messages; the first time counts."""
    at = clock.now()
    with transaction():
        fresh = sa.select(StageMessage).where(
            StageMessage.conference_id == conference_id, StageMessage.id.in_(message_ids[:50]), StageMessage.seen_at.is_(None),
            StageMessage.withdrawn_at.is_(None),
        )
        for row in db.session.scalars(fresh):
            row.seen_at, row.seen_by = at, actor[:120]
            _tell(row, "stage.message_seen", "", by, actor)


def acknowledge(conference_id: int, message_id: int, by: int, actor: str) -> None:
    """Say that the MC has understood; twice is as good as once. Raises NotFound, Conflict for one taken back."""
    at = clock.now()
    with transaction():
        row = _row(conference_id, message_id)
        if row.withdrawn_at is not None:
            raise Conflict("Lời nhắn này vừa được rút lại.")
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by = at, actor[:120]
            row.seen_at, row.seen_by = row.seen_at or at, row.seen_by or actor[:120]
            _tell(row, "stage.message_acknowledged", f"Người dẫn đã rõ: {row.text}", by, actor)


def withdraw(conference_id: int, message_id: int, by: int, actor: str) -> None:
    """Take a message back; raises NotFound, Conflict once it was acknowledged."""
    at = clock.now()
    with transaction():
        row = _row(conference_id, message_id)
        if row.acknowledged_at is not None:
            raise Conflict("Người dẫn đã đọc và báo đã rõ nên không rút lại được. Gửi lời nhắn mới nếu cần.")
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            _tell(row, "stage.message_withdrawn", f"Rút lời nhắn: {row.text}", by, actor)


def _row(conference_id: int, message_id: int) -> StageMessage:
    row = db.session.get(StageMessage, message_id, populate_existing=True)
    if row is None or row.conference_id != conference_id:
        raise NotFound("Không có lời nhắn này.")
    return row


def _tell(row: StageMessage, verb: str, sentence: str, by: int, actor: str) -> None:
    record(
        verb, clock.now(), conference_id=row.conference_id, account_id=by, actor=actor, subject="message", subject_id=row.id,
        sentence=sentence,
    )
