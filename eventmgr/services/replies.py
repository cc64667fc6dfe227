"""What the holder of a letter sees and answers; substitutes wait for the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain import passes
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.invitees import checked_name
from eventmgr.domain.text import clean
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import ADDRESS_FORMS, Delegate
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.models.journal import record

REVOKED = "Giấy mời này đã được thu hồi. Liên hệ Văn phòng nếu cần."


@dataclass(frozen=True)
class Answer:
    """What somebody answers: comes, absent (with reason) or substitute (with name and post)."""

    answer: str
    reason: str | None = None
    substitute_form: str | None = None
    substitute_name: str | None = None
    substitute_post: str | None = None


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
    return Held(conference, invitation, invitation.delegate, held, code, reply, replaced)


def note_opened(invitation_id: int) -> None:
    """Note the first time that somebody opened the page; asked for by the page, never by reading it."""
    at = clock.now()
    with transaction():
        db.session.execute(
            sa.update(Invitation).where(Invitation.id == invitation_id, Invitation.opened_at.is_(None)).values(opened_at=at)
        )


def answer_by_holder(typed: str, answer: Answer) -> None:
    """Store the holder's answer; the earlier one stays as history.

    Raises Conflict for a revoked letter or after the last moment, Invalid for what is missing.
    """
    held = held_by(typed)
    if held.invitation.revoked_at is not None:
        raise Conflict(REVOKED)
    late = held.conference.reply_by is not None and clock.now() > held.conference.reply_by
    if late or held.conference.state in {"closed", "archived"}:
        raise Conflict("Đã hết hạn trả lời. Liên hệ trực tiếp đầu mối ghi trên giấy mời.")
    _store(held.invitation, answer, source="invitee", by=None, approved=False)


def answer_by_office(conference_id: int, invitation_id: int, answer: Answer, by: int) -> None:
    """Enter an answer that came by phone or on paper; a substitute entered by the office is approved."""
    invitation = db.session.scalar(
        sa.select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.conference_id == conference_id)
        .options(joinedload(Invitation.delegate))
    )
    if invitation is None:
        raise NotFound("Không có giấy mời này.")
    if invitation.issued_at is None or invitation.revoked_at is not None:
        raise Conflict("Chỉ ghi trả lời cho giấy đã phát hành và chưa thu hồi.")
    _store(invitation, answer, source="office", by=by, approved=True)


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


def _store(invitation: Invitation, answer: Answer, *, source: str, by: int | None, approved: bool) -> None:
    values = _checked(answer)
    at = clock.now()
    with transaction():
        _hold(invitation)
        if _is_said_already(invitation, values, approved):
            return
        db.session.execute(
            sa.update(Reply)
            .where(Reply.delegate_id == invitation.delegate_id, Reply.superseded_at.is_(None))
            .values(superseded_at=at)
        )
        db.session.add(
            Reply(
                conference_id=invitation.conference_id, invitation_id=invitation.id, delegate_id=invitation.delegate_id,
                source=source, account_id=by, at=at, approved_at=_approval(answer, approved, at), approved_by_id=by, **values,
            )
        )
        record(
            "reply.given", at, conference_id=invitation.conference_id, account_id=by, subject="delegate",
            subject_id=invitation.delegate_id, sentence=_sentence(invitation.delegate.shown_name, answer, values),
        )


def _is_said_already(invitation: Invitation, values: dict[str, str | None], approved: bool) -> bool:
    """Tell whether the answer that counts says just this: a button pressed twice answers once."""
    known = db.session.scalar(
        sa.select(Reply).where(
            Reply.invitation_id == invitation.id, Reply.superseded_at.is_(None), Reply.refused_at.is_(None)
        )
    )
    if known is None or (approved and known.answer == "substitute" and known.approved_at is None):
        return False
    return all(getattr(known, name) == value for name, value in values.items())


def _hold(invitation: Invitation) -> None:
    """Let answers about one delegate go one after the other, so that only one of them counts."""
    delegate = sa.select(Delegate.id).where(Delegate.id == invitation.delegate_id)
    db.session.execute(delegate.with_for_update(key_share=True))
    if db.session.scalar(sa.select(Invitation.revoked_at).where(Invitation.id == invitation.id)) is not None:
        raise Conflict(REVOKED)


def _approval(answer: Answer, approved: bool, at: datetime) -> datetime | None:
    return at if approved and answer.answer == "substitute" else None


def _sentence(name: str, answer: Answer, values: dict[str, str | None]) -> str:
    if answer.answer == "comes":
        return f"{name} sẽ dự."
    if answer.answer == "absent":
        return f"{name} báo vắng" + (f": {values['reason']}." if values["reason"] else ".")
    return f"{name} cử {values['substitute_name']} dự thay."


def _checked(answer: Answer) -> dict[str, str | None]:
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
    if answer.answer == "substitute":
        values["substitute_name"] = _substitute_name(values["substitute_name"] or "")
        if not values["substitute_name"]:
            raise Invalid("Ghi họ tên người dự thay.", "substitute_name")
        if not values["substitute_post"]:
            raise Invalid("Ghi chức vụ của người dự thay.", "substitute_post")
        if values["substitute_form"] not in ADDRESS_FORMS:
            values["substitute_form"] = "đồng chí"
    else:
        values |= {"substitute_form": None, "substitute_name": None, "substitute_post": None}
    return values


def _substitute_name(text: str) -> str | None:
    try:
        return checked_name(text)
    except Invalid as problem:
        raise Invalid(problem.sentence, "substitute_name") from problem
