"""The book of breaches: leaks and losses of personal data, what was done, and whether the authority knew within 72 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.data_requests import report_by
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.models.privacy import DataBreach

MOST = 500


@dataclass(frozen=True)
class Row:
    """A breach with the last moment to report it; `hours_left` is below zero when that has passed unreported."""

    breach: DataBreach
    report_by: datetime
    hours_left: int | None
    was_late: bool


def rows() -> list[Row]:
    """Return the breaches, newest first."""
    found = db.session.scalars(sa.select(DataBreach).order_by(DataBreach.found_at.desc(), DataBreach.id.desc()).limit(MOST))
    return [_row(breach) for breach in found]


def one(breach_id: int) -> Row:
    """Return a breach; raises NotFound."""
    return _row(_held(breach_id))


def enter(found_at: datetime, what: str, concerned: str, by: int) -> int:
    """Enter a breach and return its number; raises Invalid for a moment that has not come."""
    _not_to_come(found_at, "found_at")
    with transaction():
        breach = DataBreach(found_at=found_at, what=what[:2000], concerned=concerned[:500], noted_at=clock.now(), noted_by_id=by)
        db.session.add(breach)
        db.session.flush()
        _tell(breach, by, f"Ghi sự cố dữ liệu cá nhân số {breach.id}.")
        return breach.id


def note_measures(breach_id: int, measures: str, by: int) -> None:
    """Write down what was done. Raises Conflict when the breach is closed."""
    with transaction():
        breach = _open(breach_id)
        breach.measures = measures[:2000]
        _tell(breach, by, f"Ghi biện pháp xử lý sự cố số {breach.id}.")


def report(breach_id: int, at: datetime, to: str, by: int) -> None:
    """Note when and to whom the breach was reported. Raises Conflict when it was before, Invalid for a wrong moment."""
    _not_to_come(at, "reported_at")
    with transaction():
        breach = _open(breach_id)
        if breach.reported_at is not None:
            raise Conflict("Sự cố này đã được báo cơ quan chức năng.")
        if at < breach.found_at:
            raise Invalid("Giờ báo không thể trước giờ phát hiện.", "reported_at")
        breach.reported_at, breach.reported_to = at, to[:300]
        _tell(breach, by, f"Báo cơ quan chức năng về sự cố số {breach.id}.")


def close(breach_id: int, by: int) -> None:
    """Close a breach. Raises Conflict while nobody has written what was done."""
    with transaction():
        breach = _open(breach_id)
        if not breach.measures:
            raise Conflict("Ghi biện pháp đã làm trước khi đóng.")
        breach.closed_at = clock.now()
        _tell(breach, by, f"Đóng sự cố số {breach.id}.")


def _row(breach: DataBreach) -> Row:
    last = report_by(breach.found_at)
    left = None if breach.reported_at or breach.closed_at else (last - clock.now()) // timedelta(hours=1)
    return Row(breach, last, left, breach.reported_at is not None and breach.reported_at > last)


def _not_to_come(moment: datetime, field: str) -> None:
    if moment > clock.now():
        raise Invalid("Giờ này chưa đến.", field)


def _open(breach_id: int) -> DataBreach:
    breach = _held(breach_id, lock=True)
    if breach.closed_at is not None:
        raise Conflict("Sự cố này đã đóng.")
    return breach


def _held(breach_id: int, *, lock: bool = False) -> DataBreach:
    breach = db.session.get(DataBreach, breach_id, with_for_update=lock or None)
    if breach is None:
        raise NotFound("Không có sự cố này.")
    return breach


def _tell(breach: DataBreach, by: int, sentence: str) -> None:
    record("privacy.breach", clock.now(), conference_id=None, account_id=by, subject="data_breach", subject_id=breach.id, sentence=sentence)
