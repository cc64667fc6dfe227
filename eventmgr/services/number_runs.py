"""Numbers of the register inside an open transaction; a private part of the services that issue and keep the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from eventmgr.domain.errors import Conflict
from eventmgr.domain.invitations import number_text
from eventmgr.models.database import db
from eventmgr.models.register import RegisterNumber

LAST = 99_999


def take(conference_id: int, year: int, symbol: str, given: Mapping[int, int]) -> None:
    """Give each number (the key) to an issued letter (its id), reserved ones of this conference first of all.

    Raises Conflict when one is used, voided, or kept for another conference: then nothing may be issued.
    Whoever asks for a free number in the same moment meets the constraint when the transaction ends.
    """
    rows = among(year, symbol, list(given))
    refuse_taken(conference_id, rows.values(), "Chưa có giấy nào được phát hành; chọn số khác.")
    for number, invitation_id in given.items():
        row = rows.get(number)
        if row is None:
            db.session.add(
                RegisterNumber(conference_id=conference_id, year=year, symbol=symbol, number=number, invitation_id=invitation_id)
            )
        else:
            row.conference_id, row.invitation_id = conference_id, invitation_id
            row.released_at = row.reason = row.ended_by_id = None


def among(year: int, symbol: str, numbers: Sequence[int]) -> dict[int, RegisterNumber]:
    """Return the rows of these numbers, held until the transaction ends."""
    rows = db.session.scalars(
        sa.select(RegisterNumber)
        .where(
            RegisterNumber.year == year, RegisterNumber.symbol == symbol,
            RegisterNumber.number.between(min(numbers), max(numbers)),
        )
        .order_by(RegisterNumber.number)
        .with_for_update()
    )
    return {row.number: row for row in rows if row.number in set(numbers)}


def refuse_taken(conference_id: int, rows: Iterable[RegisterNumber], outcome: str) -> None:
    """Raise Conflict naming the first numbers that are not free for this conference."""
    taken = [row for row in rows if not is_free(row) and not is_kept_for(row, conference_id)]
    if not taken:
        return
    used = [row for row in taken if row.invitation_id is not None]
    if used:
        shown = ", ".join(number_text(row.number, row.symbol) for row in used[:3])
        raise Conflict(f"Năm {used[0].year} đã dùng số {shown}. {outcome}")
    first = taken[0]
    what = f"đã hủy ({first.reason})" if first.voided_at else "đang giữ cho hội nghị khác"
    raise Conflict(f"Số {number_text(first.number, first.symbol)} của năm {first.year} {what}. {outcome}")


def is_free(row: RegisterNumber) -> bool:
    """Tell whether anybody may have the number."""
    return row.released_at is not None


def is_kept_for(row: RegisterNumber, conference_id: int) -> bool:
    """Tell whether the number is reserved by this conference and not used yet."""
    return row.conference_id == conference_id and is_reserved(row)


def is_reserved(row: RegisterNumber) -> bool:
    """Tell whether the number waits for a letter."""
    return row.invitation_id is None and row.voided_at is None and row.released_at is None


def reserved_runs(conference_id: int, symbol: str, year: int | None = None) -> list[tuple[int, int, int]]:
    """Return (year, first, last) of each run of numbers that the conference keeps and has not used."""
    wanted = sa.select(RegisterNumber.year, RegisterNumber.number).where(
        RegisterNumber.conference_id == conference_id, RegisterNumber.symbol == symbol,
        RegisterNumber.invitation_id.is_(None), RegisterNumber.voided_at.is_(None), RegisterNumber.released_at.is_(None),
    )  # fmt: skip
    if year is not None:
        wanted = wanted.where(RegisterNumber.year == year)
    runs: list[tuple[int, int, int]] = []
    for of_year, number in db.session.execute(wanted.order_by(RegisterNumber.year, RegisterNumber.number)):
        if runs and runs[-1][0] == of_year and runs[-1][2] == number - 1:
            runs[-1] = (of_year, runs[-1][1], number)
        else:
            runs.append((of_year, number, number))
    return runs


def highest(year: int, symbol: str) -> int:
    """Return the highest number that is used or voided, 0 when there is none."""
    found = db.session.scalar(
        sa.select(sa.func.max(RegisterNumber.number)).where(
            RegisterNumber.year == year, RegisterNumber.symbol == symbol,
            sa.or_(RegisterNumber.invitation_id.is_not(None), RegisterNumber.voided_at.is_not(None)),
        )
    )
    return int(found or 0)


def years(symbol: str) -> list[int]:
    """Return the years in which the register has numbers of this symbol, newest first."""
    return list(
        db.session.scalars(
            sa.select(RegisterNumber.year).where(RegisterNumber.symbol == symbol).distinct().order_by(RegisterNumber.year.desc())
        )
    )


def reserve_all(
    conference_id: int, year: int, symbol: str, numbers: Sequence[int], purpose: str | None, by: int, at: datetime
) -> None:
    """Keep these numbers for the conference; raises Conflict when one is not free."""
    rows = among(year, symbol, numbers)
    refuse_taken(0, rows.values(), "Chưa giữ số nào.")
    for number in numbers:
        row = rows.get(number)
        if row is None:
            row = RegisterNumber(year=year, symbol=symbol, number=number)
            db.session.add(row)
        row.conference_id, row.reserved_at, row.reserved_by_id, row.purpose = conference_id, at, by, purpose
        row.released_at = row.reason = row.ended_by_id = None
