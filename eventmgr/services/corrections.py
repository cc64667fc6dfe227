"""Đính chính: a name or post put right on a letter that is out; number, day, signer and pass stay."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from eventmgr import clock
from eventmgr.documents.sheets import InvitationSheet
from eventmgr.domain import wording
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.invitations import number_text
from eventmgr.domain.invitees import DelegateFacts, checked
from eventmgr.domain.wording import Block, Field, Words
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import ADDRESS_FORMS, Delegate
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import record
from eventmgr.models.register import Correction
from eventmgr.services import letter_words, letters
from eventmgr.services.delegate_keys import fill_keys, ranks_of
from eventmgr.services.typed import needed, optional


@dataclass(frozen=True)
class Right:
    """The right name, form of address and posts; `addressee` is a line of one's own in place of these; and why.

    `seen` is how many corrections the page knew of.
    """

    address_form: str
    full_name: str | None
    posts: tuple[str, ...]
    addressee: str | None
    reason: str
    seen: int | None = None


def corrections_of(invitation_id: int) -> list[Correction]:
    """Return what was put right on a letter, newest first."""
    return list(
        db.session.scalars(sa.select(Correction).where(Correction.invitation_id == invitation_id).order_by(Correction.id.desc()))
    )


def correct(conference_id: int, invitation_id: int, right: Right, by: int) -> None:
    """Put a name right on an issued letter and in the list; the sheet is frozen anew from the words it went out with.

    Raises Conflict for a letter that is not out or was corrected in between, Invalid when nothing would change.
    """
    reason = needed(right.reason, "reason", 300)
    addressee = optional(right.addressee, "addressee", 700)
    at = clock.now()
    try:
        with transaction():
            invitation = _out(conference_id, invitation_id)
            if right.seen is not None and right.seen != len(corrections_of(invitation_id)):
                raise Conflict("Có người vừa đính chính giấy này. Xem lại lời mới rồi sửa tiếp.")
            delegate = invitation.delegate
            _put_right(delegate, right)
            old = dict(invitation.sheet or {})
            new = _frozen_anew(old, delegate, addressee)
            if _printed(new) == _printed(old):
                raise Invalid("Chưa có chữ nào trên giấy thay đổi.")
            invitation.sheet, invitation.addressee = new, addressee
            db.session.add(
                Correction(
                    conference_id=conference_id, invitation_id=invitation.id, at=at, by_id=by, reason=reason,
                    old_text=old["addressee"], new_text=new["addressee"], old_sheet=old,
                )
            )
            number = number_text(invitation.number, invitation.number_symbol or "")
            record(
                "invitation.corrected", at, conference_id=conference_id, account_id=by, subject="delegate", subject_id=delegate.id,
                sentence=f"Đính chính giấy mời số {number} thành “{new['addressee']}”: {reason}"[:500],
                invitation_id=invitation.id, before=old["addressee"], after=new["addressee"],
            )  # fmt: skip
    except StaleDataError as error:
        raise Conflict() from error


def _put_right(delegate: Delegate, right: Right) -> None:
    facts = checked(
        DelegateFacts(
            group_id=delegate.group_id, full_name=right.full_name, posts=right.posts, address_form=right.address_form,
            sort_given=delegate.sort_given if right.full_name == delegate.full_name else None,
        )
    )
    if right.address_form not in ADDRESS_FORMS:
        raise Invalid("Chọn cách xưng hô trong danh sách.", "address_form")
    delegate.full_name, delegate.sort_given, delegate.address_form = facts.full_name, facts.sort_given, right.address_form
    delegate.posts, delegate.first_post = list(facts.posts), facts.posts[0] if facts.posts else None
    fill_keys(delegate, ranks_of(delegate.conference_id), delegate.body, delegate.group)


def _frozen_anew(old: dict[str, Any], delegate: Delegate, addressee: str | None) -> dict[str, Any]:
    """Return the stored sheet with the person's fields filled once more; everything else stays to the letter."""
    line = addressee or letter_words.addressee_of(delegate)
    words = old.get("words")
    if words is None:  # it went out before the words were kept with it
        return old | {"addressee": line}
    values: dict[Field, str | None] = {Field(name): value for name, value in words["values"].items()}
    values |= {
        Field.NAME: delegate.full_name,
        Field.POST: delegate.posts_text or delegate.first_post,
        Field.FORM: delegate.address_form,
        Field.INVITEE: line,
    }
    texts = Words({block: words["texts"].get(block.value, "") for block in Block})
    if gaps := wording.missing_fields(wording.used_texts(texts, words["extra"], values), values):
        raise Invalid(f"Lời của giấy này dùng {', '.join(gap.typed for gap in gaps)}, nên không bỏ trống được.")
    said = wording.filled(texts, words["extra"], values)
    sheet = letters.worded(letters.thawed(old), said, line, old["seat"])
    return _stored(sheet, said.code) | {"words": words | {"values": {field.value: value for field, value in values.items()}}}


def _stored(sheet: InvitationSheet, code: str) -> dict[str, Any]:
    return letters.frozen(sheet) | {"reply_line": code or None}


def _printed(sheet: dict[str, Any]) -> str:
    """What stands on paper, so that two sheets can be compared whether or not they have been in the database."""
    return json.dumps({name: value for name, value in sheet.items() if name != "words"}, sort_keys=True)


def _out(conference_id: int, invitation_id: int) -> Invitation:
    found = db.session.scalar(
        sa.select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.conference_id == conference_id)
        .options(
            joinedload(Invitation.delegate).joinedload(Delegate.body), joinedload(Invitation.delegate).joinedload(Delegate.group)
        )
        .with_for_update(of=Invitation)
    )
    if found is None:
        raise NotFound("Không có giấy mời này.")
    if found.issued_at is None:
        raise Conflict("Giấy chưa phát hành: sửa thẳng vào bản nháp.")
    if found.revoked_at is not None:
        raise Conflict("Giấy đã thu hồi, không đính chính được. Soạn giấy mới cho đại biểu.")
    return found
