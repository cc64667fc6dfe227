"""Phones at the door as the lead sees them: alive, what they have not sent, how old their list is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.phone_health import LOW_BATTERY, OLD_LIST, read_health
from eventmgr.models.checkin import Phone, Scan
from eventmgr.models.database import db, transaction
from eventmgr.services.checkin import DoorPhone
from eventmgr.services.phones import paired_phones

SILENT_AFTER = timedelta(minutes=2)
"""A phone calls twice a minute."""


@dataclass(frozen=True)
class PhoneRow:
    """One phone: what the lead reads of it. Minutes are whole; None where the phone has not told."""

    phone: Phone
    scans: int
    silent: int
    list_age: int | None
    is_silent: bool

    @property
    def list_is_old(self) -> bool:
        """Whether the phone decides by a list that misses what happened since."""
        return self.list_age is not None and self.list_age >= OLD_LIST.total_seconds() // 60

    @property
    def battery_is_low(self) -> bool:
        """Whether somebody should bring a charger."""
        return self.phone.battery is not None and self.phone.battery < LOW_BATTERY


def note(phone: DoorPhone, said: object) -> None:
    """Note that a phone is alive, and how it says it is."""
    at = clock.now()
    told = read_health(said)
    values = {"last_seen_at": at, "told_at": at} | {name: value for name, value in vars(told).items() if value is not None}
    with transaction():
        db.session.execute(sa.update(Phone).where(Phone.id == phone.id).values(values))


def rows(conference_id: int, at: datetime) -> list[PhoneRow]:
    """Return the phones in use, by gate and name, in two queries."""
    known = [phone for phone in paired_phones(conference_id) if phone.revoked_at is None]
    scans = _scans(conference_id)
    return [_row(phone, scans.get(phone.id, 0), at) for phone in known]


def _row(phone: Phone, scans: int, at: datetime) -> PhoneRow:
    silent = at - (phone.last_seen_at or phone.paired_at or at)
    age = _minutes(at - phone.snapshot_at) if phone.snapshot_at is not None else None
    return PhoneRow(phone, scans, _minutes(silent), age, silent >= SILENT_AFTER)


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


def _scans(conference_id: int) -> dict[int, int]:
    counted = (
        sa.select(Scan.phone_id, sa.func.count(Scan.id))
        .where(Scan.conference_id == conference_id, Scan.phone_id.is_not(None))
        .group_by(Scan.phone_id)
    )
    return {phone_id: count for phone_id, count in db.session.execute(counted) if phone_id is not None}
