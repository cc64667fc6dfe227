"""Phones at the door: pairing by a code shown as a QR, knowing them again, cutting them off."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.documents.qr import qr_svg
from eventmgr.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eventmgr.domain.text import clean
from eventmgr.models.checkin import Gate, Phone
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services.checkin import DoorPhone

PAIRING_TIME = timedelta(minutes=15)
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_CODE_LENGTH = 20
"""About 98 bits, in letters that nobody confuses when typing them."""

NOT_PAIRED = "Máy này chưa được ghép với cửa nào. Nhờ trưởng cửa mở mã ghép, rồi quét mã đó bằng máy này."
CUT_OFF = "Máy này đã bị ngắt khỏi cửa. Gặp trưởng cửa để ghép lại."
ARCHIVED = "Hội nghị đã lưu trữ, máy quét không dùng được nữa."

_p, _g, _c = Phone.__table__.c, Gate.__table__.c, Conference.__table__.c
_KNOWN = (
    sa.select(_p.id, _p.conference_id, _p.gate_id, _p.name, _p.revoked_at, _g.name.label("gate_name"), _c.state)
    .join(Gate.__table__, _g.id == _p.gate_id)
    .join(Conference.__table__, _c.id == _p.conference_id)
    .where(_p.token_digest == sa.bindparam("digest"))
)


@dataclass(frozen=True)
class PairingOffer:
    """What the page behind a pairing code shows before the phone is paired."""

    gate_name: str
    conference_title: str
    until: datetime


def make_pairing_code(conference_id: int, gate_id: int, by: int) -> tuple[int, str]:
    """Open the door for one phone at a gate; return the waiting phone's id and the code to show as a QR.

    The code is good once and for PAIRING_TIME; only its digest is stored. Raises NotFound, Conflict for a closed gate.
    """
    at = clock.now()
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    with transaction():
        gate = db.session.get(Gate, gate_id)
        if gate is None or gate.conference_id != conference_id:
            raise NotFound("Không có cửa này.")
        if gate.archived_at is not None:
            raise Conflict("Cửa này đã đóng. Mở lại cửa trước khi ghép máy.")
        phone = Phone(
            conference_id=conference_id, gate_id=gate_id, pair_digest=_digest("pair", code), pair_until=at + PAIRING_TIME,
            created_at=at, created_by_id=by,
        )
        db.session.add(phone)
        db.session.flush()
        record("phone.offered", at, conference_id=conference_id, account_id=by, subject="phone", subject_id=phone.id)
    return phone.id, code


def pair_qr(link: str) -> str:
    """Return the QR of a pairing link as SVG."""
    return qr_svg(link)


def offer_of(code: str) -> PairingOffer:
    """Return what a pairing code offers; raises NotFound for an unknown code, Conflict for a used or expired one."""
    phone = _offered(code)
    conference = db.session.get(Conference, phone.conference_id)
    assert conference is not None and phone.pair_until is not None
    return PairingOffer(phone.gate.name, conference.short_title or conference.title, phone.pair_until)


def pair(code: str, name: str, old_token: str | None = None) -> str:
    """Pair the phone that shows this code under a name and return its token, which is stored as a digest only.

    A phone that was paired before leaves its old place. Raises NotFound or Conflict for the code, Invalid for the name.
    """
    name = clean(name)
    if not 1 <= len(name) <= 80:
        raise Invalid("Đặt tên cho máy, dài nhất 80 ký tự. Ví dụ: Máy của Thu.", "name")
    at = clock.now()
    token = secrets.token_urlsafe(32)
    with transaction():
        phone = _offered(code, lock=True)
        if old_token:
            _leave(old_token, at)
        phone.name, phone.token_digest, phone.paired_at, phone.last_seen_at = name, _digest("token", token), at, at
        record(
            "phone.paired", at, conference_id=phone.conference_id, actor=name, subject="phone", subject_id=phone.id,
            sentence=f"Ghép máy quét “{name}” vào {phone.gate.name}.",
        )
    return token


def known_by(token: str | None) -> DoorPhone:
    """Return the phone that holds this token; raises NotAllowed with the sentence that its page shows."""
    row = None
    if token:
        row = db.session.connection().execute(_KNOWN, {"digest": _digest("token", token)}).first()
    if row is None:
        raise NotAllowed(NOT_PAIRED)
    if row.revoked_at is not None:
        raise NotAllowed(CUT_OFF)
    if row.state == "archived":
        raise NotAllowed(ARCHIVED)
    return DoorPhone(row.id, row.conference_id, row.gate_id, row.name, row.gate_name)


def leave(phone: DoorPhone) -> None:
    """Let a phone sign itself out: it is refused from its next call on."""
    at = clock.now()
    with transaction():
        db.session.execute(sa.update(Phone).where(Phone.id == phone.id, Phone.revoked_at.is_(None)).values(revoked_at=at))
        record(
            "phone.left", at, conference_id=phone.conference_id, actor=phone.name, subject="phone", subject_id=phone.id,
            sentence=f"Máy quét “{phone.name}” tự rời {phone.gate_name}.",
        )


def cut_off(conference_id: int, phone_id: int, by: int) -> None:
    """Refuse the phone from its next call on; a code that is still waiting is spent. Twice changes nothing."""
    at = clock.now()
    with transaction():
        phone = get(conference_id, phone_id)
        if phone.revoked_at is not None:
            return
        phone.revoked_at = at
        told = f"Ngắt máy quét “{phone.name}” khỏi {phone.gate.name}." if phone.paired_at else ""
        record(
            "phone.cut_off", at, conference_id=conference_id, account_id=by, subject="phone", subject_id=phone_id,
            sentence=told,
        )


def get(conference_id: int, phone_id: int) -> Phone:
    """Return a phone of the conference with its gate; raises NotFound."""
    phone = db.session.scalar(
        sa.select(Phone)
        .where(Phone.id == phone_id, Phone.conference_id == conference_id)
        .options(joinedload(Phone.gate))
    )
    if phone is None:
        raise NotFound("Không có máy quét này.")
    return phone


def paired_phones(conference_id: int) -> list[Phone]:
    """Return the phones that were ever paired, with their gates: those in use first, by gate and name."""
    return list(
        db.session.scalars(
            sa.select(Phone)
            .join(Gate, Gate.id == Phone.gate_id)
            .where(Phone.conference_id == conference_id, Phone.paired_at.is_not(None))
            .options(joinedload(Phone.gate))
            .order_by(Phone.revoked_at.is_not(None), Gate.position, Phone.name, Phone.id)
        )
    )


def _offered(code: str, lock: bool = False) -> Phone:
    wanted = sa.select(Phone).where(Phone.pair_digest == _digest("pair", code.strip().upper()))
    phone = db.session.scalar(
        wanted.with_for_update(of=Phone).options(joinedload(Phone.gate, innerjoin=True))
        if lock
        else wanted.options(joinedload(Phone.gate))
    )
    if phone is None:
        raise NotFound("Mã ghép này không đúng. Nhờ trưởng cửa mở mã mới.")
    if phone.paired_at is not None:
        raise Conflict("Mã ghép này đã dùng cho một máy. Nhờ trưởng cửa mở mã mới.")
    assert phone.pair_until is not None
    if phone.revoked_at is not None or clock.now() >= phone.pair_until:
        raise Conflict("Mã ghép này đã hết hạn. Nhờ trưởng cửa mở mã mới.")
    return phone


def _leave(token: str, at: datetime) -> None:
    db.session.execute(
        sa.update(Phone)
        .where(Phone.token_digest == _digest("token", token), Phone.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def _digest(kind: str, secret: str) -> str:
    return hashlib.sha256(f"eventmgr phone {kind} {secret}".encode()).hexdigest()
