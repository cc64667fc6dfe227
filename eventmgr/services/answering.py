"""Storing an answer about a delegate; a private part of the services that take answers.

One answer of a delegate counts; answers about one delegate go one after the other (`hold_delegate`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.deadlines import is_past, reply_deadline
from eventmgr.domain.errors import Invalid
from eventmgr.domain.invitees import checked_name
from eventmgr.domain.text import clean
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import ADDRESS_FORMS, Delegate, Group
from eventmgr.models.invitations import CHANNELS, Invitation, Reply
from eventmgr.models.journal import record

FROZEN = "Danh sách đã chốt, không đổi qua trang này được nữa."


@dataclass(frozen=True)
class Answer:
    """What somebody answers: comes, absent (with reason) or substitute (with name and post)."""

    answer: str
    reason: str | None = None
    substitute_form: str | None = None
    substitute_name: str | None = None
    substitute_post: str | None = None


@dataclass(frozen=True)
class How:
    """How the office got an answer: channel, number of the document, a note for the record."""

    channel: str | None = None
    document_number: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Times:
    """Until when an answer about a delegate is on time, and from when it is closed."""

    reply_by: datetime | None
    freeze_at: datetime | None
    is_over: bool

    def is_late(self, now: datetime) -> bool:
        """Whether an answer given now is late."""
        return is_past(self.reply_by, now)

    def is_frozen(self, now: datetime) -> bool:
        """Whether only the office changes an answer now."""
        return self.is_over or is_past(self.freeze_at, now)


def times_of(delegate_id: int) -> Times:
    """Return the times that count for a delegate: those of its group, else the conference's deadline."""
    row = db.session.execute(
        sa.select(Group.reply_by, Group.freeze_at, Conference.reply_by, Conference.state)
        .select_from(Delegate)
        .join(Group, Group.id == Delegate.group_id)
        .join(Conference, Conference.id == Delegate.conference_id)
        .where(Delegate.id == delegate_id)
    ).one()
    return Times(reply_deadline(row[0], row[2]), row[1], row[3] in {"closed", "archived"})


def hold_delegate(delegate_id: int) -> None:
    """Let answers about one delegate go one after the other, so that only one of them counts."""
    db.session.execute(sa.select(Delegate.id).where(Delegate.id == delegate_id).with_for_update(key_share=True))


def letter_out(delegate_id: int) -> Invitation | None:
    """Return the issued letter of a delegate that has not been revoked."""
    return db.session.scalar(
        sa.select(Invitation).where(
            Invitation.delegate_id == delegate_id, Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None)
        )
    )


def counting(delegate_id: int) -> Reply | None:
    """Return the answer that counts, a substitute who waits included."""
    return db.session.scalar(
        sa.select(Reply)
        .where(Reply.delegate_id == delegate_id, Reply.superseded_at.is_(None), Reply.refused_at.is_(None))
        .order_by(Reply.id.desc())
        .limit(1)
    )


def put_answer(
    delegate: Delegate, values: dict[str, str | None], *, source: str, is_late: bool, invitation_id: int | None,
    by: int | None = None, how: How | None = None, approved: bool = False, actor: str = "",
) -> Reply:
    """Store an answer that now counts, and its line in the journal; earlier ones stay as history."""
    at = clock.now()
    how = how or How()
    supersede(delegate.id, at)
    reply = Reply(
        conference_id=delegate.conference_id, invitation_id=invitation_id, delegate_id=delegate.id, source=source,
        account_id=by, at=at, is_late=is_late, channel=how.channel, document_number=how.document_number, note=how.note,
        approved_at=at if approved and values["answer"] == "substitute" else None,
        approved_by_id=by if approved and values["answer"] == "substitute" else None, **values,
    )  # fmt: skip
    db.session.add(reply)
    db.session.flush()
    record(
        "reply.given", at, conference_id=delegate.conference_id, account_id=by, actor=actor, subject="delegate",
        subject_id=delegate.id, sentence=sentence_of(delegate.shown_name, values),
    )  # fmt: skip
    return reply


def supersede(delegate_id: int, at: datetime) -> None:
    """Let no answer of a delegate count any more."""
    db.session.execute(
        sa.update(Reply).where(Reply.delegate_id == delegate_id, Reply.superseded_at.is_(None)).values(superseded_at=at)
    )


def sentence_of(name: str, values: dict[str, Any]) -> str:
    """Return what the journal says about an answer."""
    if values["answer"] == "comes":
        return f"{name} sẽ dự."
    if values["answer"] == "absent":
        return f"{name} báo vắng" + (f": {values['reason']}." if values["reason"] else ".")
    return f"{name} cử {values['substitute_name']} dự thay."


def checked_answer(answer: Answer) -> dict[str, str | None]:
    """Return the columns of an answer; raises Invalid with the field that cannot be accepted."""
    if answer.answer not in {"comes", "absent", "substitute"}:
        raise Invalid("Chọn một trong ba câu trả lời.", "answer")
    values = {
        "answer": answer.answer,
        "reason": clean(answer.reason or "") or None,
        "substitute_form": answer.substitute_form or None,
        "substitute_name": clean(answer.substitute_name or "") or None,
        "substitute_post": clean(answer.substitute_post or "") or None,
    }
    for name, limit in (("reason", 500), ("substitute_name", 120), ("substitute_post", 300)):
        if len(values[name] or "") > limit:
            raise Invalid(f"Dài nhất {limit} ký tự.", name)
    if answer.answer == "absent" and not values["reason"]:
        raise Invalid("Ghi lý do không dự được để Văn phòng báo cáo.", "reason")
    if answer.answer != "substitute":
        return values | {"substitute_form": None, "substitute_name": None, "substitute_post": None}
    values["substitute_name"] = _substitute_name(values["substitute_name"] or "")
    if not values["substitute_name"]:
        raise Invalid("Ghi họ tên người dự thay.", "substitute_name")
    if not values["substitute_post"]:
        raise Invalid("Ghi chức vụ của người dự thay.", "substitute_post")
    if values["substitute_form"] not in ADDRESS_FORMS:
        values["substitute_form"] = "đồng chí"
    return values


def checked_how(how: How) -> How:
    """Return how an answer came, cleaned; raises Invalid."""
    if how.channel not in {None, "", *CHANNELS}:
        raise Invalid("Chọn cách nhận trong danh sách.", "channel")
    number, note = clean(how.document_number or "") or None, clean(how.note or "") or None
    if len(number or "") > 120:
        raise Invalid("Dài nhất 120 ký tự.", "document_number")
    if len(note or "") > 300:
        raise Invalid("Dài nhất 300 ký tự.", "note")
    if how.channel == "document" and not number:
        raise Invalid("Ghi số, ký hiệu công văn.", "document_number")
    return How(how.channel or None, number, note)


def _substitute_name(text: str) -> str | None:
    try:
        return checked_name(text)
    except Invalid as problem:
        raise Invalid(problem.sentence, "substitute_name") from problem
