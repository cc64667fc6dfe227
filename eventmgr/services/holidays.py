"""The office's list of holidays and days worked instead, which every count of working days goes by."""

from __future__ import annotations

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.errors import Invalid
from eventmgr.domain.working_days import BadLine, ListedDay, WorkingDays, read_list
from eventmgr.models.database import db, transaction
from eventmgr.models.holidays import Holiday
from eventmgr.models.journal import record


def calendar() -> WorkingDays:
    """Return which days are worked."""
    rows = db.session.scalars(sa.select(Holiday).order_by(Holiday.day))
    return WorkingDays(tuple(ListedDay(row.day, row.is_worked, row.name) for row in rows))


def set_list(text: str, by: int) -> int:
    """Put a list as it was typed in the place of the old one; return its days. Raises Invalid that names the line."""
    try:
        listed = read_list(text)
    except BadLine as problem:
        raise Invalid(str(problem), "holidays") from problem
    with transaction():
        db.session.execute(sa.delete(Holiday))
        db.session.add_all(Holiday(day=one.day, is_worked=one.is_worked, name=one.name) for one in listed)
        record(
            "privacy.holidays_set", clock.now(), conference_id=None, account_id=by, subject="holidays",
            sentence=f"Sửa danh sách ngày nghỉ, ngày làm bù: {len(listed)} ngày.",
        )  # fmt: skip
    return len(listed)
