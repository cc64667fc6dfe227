"""What the holder of a letter sees and answers; substitutes wait for the office."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain import passes
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.models.accounts import Account
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.models.journal import record
from eventmgr.models.nominations import Nomination
from eventmgr.services.answering import (
    FROZEN,
    Answer,
    How,
    Times,
    checked_answer,
    checked_how,
    counting,
    hold_delegate,
    letter_out,
    put_answer,
    times_of,
)
from eventmgr.services.histories import whole_history

REVOKED = "Giấy mời này đã được thu hồi. Liên hệ Văn phòng nếu cần."

__all__ = [
    "REVOKED", "Answer", "Held", "How", "Told", "answer_by_holder", "answer_by_office", "answer_for", "held_by", "history_of",
    "judge_substitute", "note_opened", "take_back", "waiting_substitutes",
]


@dataclass(frozen=True)
class Held:
    """What the code of a pass leads to."""

    conference: Conference
    invitation: Invitation
    delegate: Delegate
    held: Pass
    code: str
    reply: Reply | None
    replaced: bool
    times: Times


@dataclass(frozen=True)
class Told:
    """One line of the history of answers: the answer, who entered it if somebody of the office did, whether it counts."""

    reply: Reply
    by: str | None
    counts: bool


def held_by(typed: str) -> Held:
    """Return what this code leads to; raises NotFound for anything that is not a pass of this system."""
    code = passes.read(typed)
    unknown = NotFound("Mã này không đúng. Kiểm tra lại từng nhóm bốn ký tự in trên giấy mời.")
    if code is None:
        raise unknown
    row = db.session.execute(
        sa.select(Pass, Invitation, Conference)
        .join(Invitation, Invitation.id == Pass.invitation_id)
        .join(Conference, Conference.id == Pass.conference_id)
        .where(Pass.digest == passes.digest(code))
        .options(
            joinedload(Invitation.delegate).joinedload(Delegate.body),
            joinedload(Invitation.delegate).joinedload(Delegate.group),
        )
    ).first()
    if row is None:
        raise unknown
    held, invitation, conference = row
    reply = db.session.scalar(
        sa.select(Reply).where(Reply.delegate_id == invitation.delegate_id, Reply.superseded_at.is_(None))
    )
    replaced = invitation.revoked_at is not None and bool(
        db.session.scalar(
            sa.select(Invitation.id).where(
                Invitation.delegate_id == invitation.delegate_id, Invitation.issued_at.is_not(None),
                Invitation.revoked_at.is_(None),
            )
        )
    )
    return Held(conference, invitation, invitation.delegate, held, code, reply, replaced, times_of(invitation.delegate_id))


def note_opened(invitation_id: int) -> None:
    """Note the first time that somebody opened the page; asked for by the page, never by reading it."""
    at = clock.now()
    with transaction():
        db.session.execute(
            sa.update(Invitation).where(Invitation.id == invitation_id, Invitation.opened_at.is_(None)).values(opened_at=at)
        )


def answer_by_holder(typed: str, answer: Answer) -> None:
    """Store the holder's answer; the earlier one stays as history, one after the deadline is marked as late.

    Raises Conflict for a revoked letter or once the list is frozen, Invalid for what is missing.
    """
    held = held_by(typed)
    if held.invitation.revoked_at is not None:
        raise Conflict(REVOKED)
    if held.times.is_frozen(clock.now()):
        raise Conflict(f"{FROZEN} Liên hệ trực tiếp đầu mối ghi trên giấy mời.")
    _store(held.invitation.delegate, held.invitation, answer, source="invitee")


def answer_by_office(
    conference_id: int, invitation_id: int, answer: Answer, by: int, how: How | None = None
) -> None:
    """Enter an answer about a letter that came by phone or on paper; a substitute entered by the office is approved."""
    invitation = db.session.scalar(
        sa.select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.conference_id == conference_id)
        .options(joinedload(Invitation.delegate))
    )
    if invitation is None:
        raise NotFound("Không có giấy mời này.")
    if invitation.issued_at is None or invitation.revoked_at is not None:
        raise Conflict("Chỉ ghi trả lời cho giấy đã phát hành và chưa thu hồi.")
    _store(invitation.delegate, invitation, answer, source="office", by=by, how=how)


def answer_for(conference_id: int, delegate_id: int, answer: Answer, how: How, by: int) -> None:
    """Enter an answer about a delegate, whether a letter is out or not and whatever the deadlines say."""
    delegate = _delegate(conference_id, delegate_id)
    if delegate.removed_at is not None:
        raise Conflict("Đại biểu đã được bỏ khỏi danh sách.")
    _store(delegate, letter_out(delegate_id), answer, source="office", by=by, how=how)


def take_back(conference_id: int, reply_id: int, by: int) -> int:
    """Take a wrong entry back, so that it does not count; the history shows who did. Return the delegate's number."""
    at = clock.now()
    with transaction():
        reply = db.session.get(Reply, reply_id)
        if reply is None or reply.conference_id != conference_id:
            raise NotFound("Không có câu trả lời này.")
        delegate = _delegate(conference_id, reply.delegate_id)
        hold_delegate(delegate.id)
        if reply.superseded_at is None:
            reply.superseded_at, reply.taken_back_at, reply.taken_back_by_id = at, at, by
            record(
                "reply.taken_back", at, conference_id=conference_id, account_id=by, subject="delegate",
                subject_id=delegate.id, sentence=f"Bỏ câu trả lời ghi nhầm của {delegate.shown_name}.",
            )
        elif reply.taken_back_at is None:
            raise Conflict("Câu trả lời này đã được thay bằng câu trả lời mới hơn.")
        return delegate.id


def history_of(conference_id: int, delegate_id: int) -> list[Told]:
    """Return every answer about a delegate, newest first, in two queries; raises NotFound."""
    _delegate(conference_id, delegate_id)
    rows = db.session.execute(
        sa.select(Reply, Account.display_name)
        .outerjoin(Account, Account.id == Reply.account_id)
        .where(Reply.delegate_id.in_(whole_history(delegate_id)))
        .order_by(Reply.id.desc())
    ).all()
    known = counting(delegate_id)
    return [Told(reply, by, known is not None and reply.id == known.id) for reply, by in rows]


def judge_substitute(conference_id: int, reply_id: int, accept: bool, by: int) -> None:
    """Approve or refuse a substitute; a refused one leaves the delegate without an answer."""
    at = clock.now()
    with transaction():
        reply = db.session.get(Reply, reply_id)
        if reply is None or reply.conference_id != conference_id or reply.answer != "substitute":
            raise NotFound("Không có đề nghị cử người dự thay này.")
        if reply.superseded_at is not None:
            raise Conflict("Đại biểu đã trả lời lại sau đề nghị này.")
        if accept and reply.approved_at is not None:
            return
        if accept:
            reply.approved_at, reply.approved_by_id, reply.refused_at = at, by, None
        else:
            reply.refused_at, reply.superseded_at = at, at
        db.session.execute(  # what the body sent along with it is judged in the same act
            sa.update(Nomination)
            .where(Nomination.reply_id == reply_id, Nomination.state == "waiting")
            .values(
                state="accepted" if accept else "returned", judged_at=at, judged_by_id=by, result_id=reply.delegate_id,
                version=Nomination.version + 1,
            )
        )
        word = "Đồng ý" if accept else "Không đồng ý"
        record(
            "reply.judged", at, conference_id=conference_id, account_id=by, subject="delegate",
            subject_id=reply.delegate_id, sentence=f"{word} người dự thay: {reply.substitute_name}.",
        )


def waiting_substitutes(conference_id: int) -> list[tuple[Reply, Delegate]]:
    """Return proposals that nobody has judged, oldest first."""
    rows = db.session.execute(
        sa.select(Reply, Delegate)
        .join(Delegate, Delegate.id == Reply.delegate_id)
        .where(
            Reply.conference_id == conference_id, Reply.answer == "substitute", Reply.approved_at.is_(None),
            Reply.superseded_at.is_(None),
        )
        .order_by(Reply.id)
    )
    return [(reply, delegate) for reply, delegate in rows]


def _store(
    delegate: Delegate, invitation: Invitation | None, answer: Answer, *, source: str, by: int | None = None, how: How | None = None
) -> None:
    values, how = checked_answer(answer), checked_how(how or How())
    approved = source == "office"
    with transaction():
        hold_delegate(delegate.id)
        if invitation is not None and db.session.scalar(sa.select(Invitation.revoked_at).where(Invitation.id == invitation.id)):
            raise Conflict(REVOKED)
        if _is_said_already(delegate.id, values, how, approved):
            return
        put_answer(
            delegate, values, source=source, is_late=times_of(delegate.id).is_late(clock.now()),
            invitation_id=invitation.id if invitation else None, by=by, how=how, approved=approved,
        )  # fmt: skip


def _is_said_already(delegate_id: int, values: dict[str, str | None], how: How, approved: bool) -> bool:
    """Tell whether the answer that counts says just this: a button pressed twice answers once."""
    known = counting(delegate_id)
    if known is None or (approved and known.answer == "substitute" and known.approved_at is None):
        return False
    if how != How() and how != How(known.channel, known.document_number, known.note):
        return False
    return all(getattr(known, name) == value for name, value in values.items())


def _delegate(conference_id: int, delegate_id: int) -> Delegate:
    found = db.session.get(Delegate, delegate_id)
    if found is None or found.conference_id != conference_id:
        raise NotFound("Không có đại biểu này trong hội nghị.")
    return found
