"""Letters of invitation: draft, approve, issue with number, day and signer, revoke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain import invitations as rules
from eventmgr.domain import wording
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.text import clean
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.models.journal import Entry, record
from eventmgr.services import letters


@dataclass(frozen=True)
class Letter:
    """One letter with everything its page shows."""

    invitation: Invitation
    held: Pass | None
    reply: Reply | None
    replies: list[Reply]
    history: list[Entry]
    earlier: list[Invitation]


def get_letter(conference_id: int, invitation_id: int) -> Letter:
    """Return one letter with its delegate, pass, replies and history; raises NotFound."""
    invitation = _invitation(conference_id, invitation_id)
    held = db.session.scalar(sa.select(Pass).where(Pass.invitation_id == invitation.id))
    replies = list(
        db.session.scalars(sa.select(Reply).where(Reply.delegate_id == invitation.delegate_id).order_by(Reply.id.desc()))
    )
    history = list(
        db.session.scalars(
            sa.select(Entry)
            .where(
                Entry.conference_id == conference_id, Entry.subject == "delegate", Entry.subject_id == invitation.delegate_id
            )
            .order_by(Entry.id.desc())
            .limit(30)
        )
    )
    earlier = list(
        db.session.scalars(
            sa.select(Invitation)
            .where(Invitation.delegate_id == invitation.delegate_id, Invitation.id != invitation.id)
            .order_by(Invitation.id.desc())
        )
    )
    current = next((reply for reply in replies if reply.superseded_at is None), None)
    return Letter(invitation, held, current, replies, history, earlier)


def matching_ids(conference_id: int, group_id: int | None, state: str) -> list[int]:
    """Return the ids of all living letters of a group (or of all) in a state: draft, approved or issued."""
    wanted = (
        sa.select(Invitation.id)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .where(Invitation.conference_id == conference_id, Invitation.revoked_at.is_(None), Delegate.removed_at.is_(None))
    )
    if group_id is not None:
        wanted = wanted.where(Delegate.group_id == group_id)
    wanted = {
        "draft": wanted.where(Invitation.approved_at.is_(None)),
        "approved": wanted.where(Invitation.approved_at.is_not(None), Invitation.issued_at.is_(None)),
        "issued": wanted.where(Invitation.issued_at.is_not(None)),
    }[state]
    return list(db.session.scalars(wanted))


def draft_letters(conference_id: int, by: int, group_id: int | None = None, delegate_ids: Sequence[int] = ()) -> int:
    """Draft a letter for every delegate (of a group, or of these) who has none; return how many were drafted."""
    at = clock.now()
    with transaction():
        # Whoever drafts in the same moment comes after and finds the drafts.
        db.session.execute(sa.select(Conference.id).where(Conference.id == conference_id).with_for_update(key_share=True))
        alive = sa.select(Invitation.delegate_id).where(
            Invitation.conference_id == conference_id, Invitation.revoked_at.is_(None)
        )
        wanted = sa.select(Delegate.id).where(
            Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.id.not_in(alive)
        )
        if group_id is not None:
            wanted = wanted.where(Delegate.group_id == group_id)
        if delegate_ids:
            wanted = wanted.where(Delegate.id.in_(list(delegate_ids)))
        else:  # companions come along with somebody; a letter of their own is drafted on demand only
            wanted = wanted.where(Delegate.companion_of_id.is_(None))
        ids = list(db.session.scalars(wanted.order_by(Delegate.id)))
        db.session.add_all(
            [Invitation(conference_id=conference_id, delegate_id=delegate_id, drafted_at=at) for delegate_id in ids]
        )
        if ids:
            record(
                "invitation.drafted", at, conference_id=conference_id, account_id=by, sentence=f"Soạn {len(ids)} giấy mời.",
                delegate_ids=ids,
            )
    return len(ids)


def edit_draft(conference_id: int, invitation_id: int, addressee: str | None, extra_note: str | None, by: int) -> None:
    """Change the words of one draft; raises Conflict once it is approved or issued, Invalid when too long or with a field that is not."""
    addressee, extra_note = clean(addressee or "") or None, clean(extra_note or "") or None
    if addressee and len(addressee) > 700:
        raise Invalid("Dài nhất 700 ký tự.", "addressee")
    if extra_note and len(extra_note) > 500:
        raise Invalid("Dài nhất 500 ký tự.", "extra_note")
    if extra_note and (problems := wording.problems_of(extra_note)):
        raise Invalid(" ".join(problems), "extra_note")
    with transaction():
        invitation = _invitation(conference_id, invitation_id)
        if invitation.approved_at is not None or invitation.revoked_at is not None:
            raise Conflict("Giấy này đã duyệt. Bỏ duyệt trước khi sửa lời.")
        invitation.addressee, invitation.extra_note = addressee, extra_note
        _note(invitation, "invitation.edited", by, f"Sửa lời giấy mời {invitation.delegate.shown_name}.")


def approve(conference_id: int, ids: Sequence[int], by: int) -> int:
    """Approve drafts; those approved already stay as they are. Return how many were approved now."""
    at = clock.now()
    with transaction():
        rows = _living(conference_id, ids)
        fresh = [invitation for invitation in rows if invitation.approved_at is None]
        for invitation in fresh:
            invitation.approved_at, invitation.approved_by_id = at, by
            _note(invitation, "invitation.approved", by, "" if len(fresh) > 1 else f"Duyệt giấy mời {invitation.delegate.shown_name}.")
        if len(fresh) > 1:
            record("invitation.approved_all", at, conference_id=conference_id, account_id=by, sentence=f"Duyệt {len(fresh)} giấy mời.")
    return len(fresh)


def withdraw_approval(conference_id: int, invitation_id: int, by: int) -> None:
    """Take an approval back; raises Conflict once the letter is issued."""
    with transaction():
        invitation = _invitation(conference_id, invitation_id)
        if invitation.issued_at is not None:
            raise Conflict("Giấy đã phát hành; chỉ có thể thu hồi.")
        invitation.approved_at = invitation.approved_by_id = None
        _note(invitation, "invitation.approval_withdrawn", by, f"Bỏ duyệt giấy mời {invitation.delegate.shown_name}.")


def revoke(conference_id: int, invitation_id: int, reason: str, by: int) -> None:
    """Revoke a letter and its pass; the number stays used. Raises Invalid without a reason."""
    reason = clean(reason)
    if not 1 <= len(reason) <= 300:
        raise Invalid("Ghi lý do thu hồi, dài nhất 300 ký tự.", "reason")
    at = clock.now()
    with transaction():
        invitation = _invitation(conference_id, invitation_id)
        if invitation.revoked_at is not None:
            return
        invitation.revoked_at, invitation.revoked_by_id, invitation.revoked_reason = at, by, reason
        db.session.execute(sa.update(Pass).where(Pass.invitation_id == invitation.id).values(revoked_at=at))
        db.session.execute(
            sa.update(Reply).where(Reply.invitation_id == invitation.id, Reply.superseded_at.is_(None)).values(superseded_at=at)
        )
        what = f"số {rules.number_text(invitation.number, invitation.number_symbol or '')} " if invitation.number else ""
        _note(invitation, "invitation.revoked", by, f"Thu hồi giấy mời {what}{invitation.delegate.shown_name}: {reason}")


def _living(conference_id: int, ids: Sequence[int]) -> list[Invitation]:
    rows = [invitation for invitation, _ in letters.loaded(conference_id, list(ids)) if invitation.revoked_at is None]
    if not rows:
        raise Invalid("Chưa chọn giấy nào.")
    return rows


def _invitation(conference_id: int, invitation_id: int) -> Invitation:
    found = db.session.scalar(
        sa.select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.conference_id == conference_id)
        .options(
            joinedload(Invitation.delegate).joinedload(Delegate.body), joinedload(Invitation.delegate).joinedload(Delegate.group)
        )
    )
    if found is None:
        raise NotFound("Không có giấy mời này.")
    return found


def _note(invitation: Invitation, verb: str, by: int | None, sentence: str) -> None:
    record(
        verb, clock.now(), conference_id=invitation.conference_id, account_id=by, subject="delegate",
        subject_id=invitation.delegate_id, sentence=sentence, invitation_id=invitation.id,
    )
