"""The life of a mail: its states, what a server's answer means, when to try again, and when the channel is down."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventmgr.domain.text import clean


class MailState(StrEnum):
    """How far a mail has come.

    SENDING may be taken back at any moment: the end of the data has not been said. HANDING is the moment after it,
    while the server's answer is awaited; whoever dies there leaves a mail UNCLEAR, which only a person settles.
    """

    QUEUED = "queued"
    SENDING = "sending"
    HANDING = "handing"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    UNCLEAR = "unclear"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The state's name on screen."""
        return _LABELS[self]


UNDER_WAY = (MailState.QUEUED, MailState.SENDING, MailState.HANDING, MailState.UNCLEAR)
"""A letter inside one of these must not be put into another mail."""


class MailKind(StrEnum):
    """What a mail is for."""

    LETTERS = "letters"
    REMINDER = "reminder"
    BODY = "body"
    TEST = "test"

    @property
    def label(self) -> str:
        """The kind's name on screen."""
        return {"letters": "Giấy mời", "reminder": "Nhắc trả lời", "body": "Mời đơn vị cử người", "test": "Thư thử"}[self.value]


class Outcome(StrEnum):
    """What one try came to; LOST means the channel failed before the mail itself was judged."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    LOST = "lost"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Answer:
    """What a server said to a mail, in its own words."""

    outcome: Outcome
    words: str


_LABELS = {
    MailState.QUEUED: "Đang chờ gửi",
    MailState.SENDING: "Đang gửi",
    MailState.HANDING: "Đang chờ máy chủ trả lời",
    MailState.SENT: "Đã gửi",
    MailState.REFUSED: "Bị từ chối",
    MailState.GIVEN_UP: "Thôi gửi",
    MailState.UNCLEAR: "Chưa rõ đã đến chưa",
    MailState.CANCELLED: "Đã hủy",
}
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
_CHANNEL_WAITS = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 300))
LONGEST_REST = _CHANNEL_WAITS[-1]
LONGEST = timedelta(hours=48)
"""How long after it was queued a mail that was tried and put off is tried again."""
DOWN_AFTER = 3
"""Failures of the channel in a row after which the office is told."""
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63})")


def mailbox(typed: str | None) -> str | None:
    """Return the address a mail can go to, domain in small letters; None when the text is no plain address."""
    text = clean(typed or "")
    found = _MAILBOX.fullmatch(text)
    if found is None or len(text) > 254 or ".." in text or text.startswith(".") or ".@" in text:
        return None
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def mailbox_key(address: str) -> str:
    """Return what two spellings of one mailbox share: no office tells mailboxes apart by capitals."""
    return address.lower()


def judged(code: int, words: str) -> Answer:
    """Return what a reply code about a mail or its recipient means (RFC 5321, 4.2.1)."""
    said = f"{code} {words}".strip()
    if code == 421:
        return Answer(Outcome.LOST, said)
    if 200 <= code < 300:
        return Answer(Outcome.SENT, said)
    return Answer(Outcome.LATER if 400 <= code < 500 else Outcome.REFUSED, said)


def next_try(tries: int, at: datetime, queued_at: datetime) -> datetime | None:
    """Return when a mail that was put off `tries` times is tried again; None when it is given up."""
    wait = _WAITS[min(tries, len(_WAITS)) - 1]
    return at + wait if at + wait <= queued_at + LONGEST else None


def channel_rest(failures: int, at: datetime) -> datetime:
    """Return until when nothing is tried after this many failures of the channel in a row."""
    return at + _CHANNEL_WAITS[min(failures, len(_CHANNEL_WAITS)) - 1]


def message_id(mail_id: int, made_at: datetime, sender: str) -> str:
    """Return the Message-ID of a mail: the same each time it is tried, so that a receiver knows it again."""
    mark = hashlib.sha256(f"{mail_id} {made_at.isoformat()}".encode()).hexdigest()[:16]
    return f"<giay-moi.{mail_id}.{mark}@{sender.rpartition('@')[2]}>"
