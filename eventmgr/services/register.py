"""Sổ đăng ký giấy mời: every number of a year, whom it went to, and why one did not; runs kept ahead for a conference."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.invitations import number_text
from eventmgr.models.accounts import Account
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import record
from eventmgr.models.register import Correction, RegisterNumber
from eventmgr.services import letters, number_runs
from eventmgr.services.paging import Page, kept_inside
from eventmgr.services.typed import needed, optional

SIZE = 100
LONGEST_RUN = 2_000


@dataclass(frozen=True)
class Line:
    """One line of the register: a number (`first` == `last`) with its row, or a run of numbers nobody has used.

    `row` of another conference shows the number alone: whom that conference invites is its own affair.
    """

    first: int
    last: int
    row: RegisterNumber | None = None
    foreign: bool = False
    actor: str = ""
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Register:
    """A page of the register of one year and symbol, with what the conference keeps and how many numbers are what."""

    year: int
    symbol: str
    years: list[int]
    page: Page[Line]
    kept: list[tuple[int, int, int]]
    counts: dict[str, int]


def register(conference: Conference, year: int | None, number: int = 1) -> Register:
    """Return a page of the register that the conference's letters are numbered in, in a fixed number of queries."""
    symbol = letters.printed_symbol(conference)
    years = number_runs.years(symbol)
    this = year if year is not None else years[0] if years else clock.now().year
    of = (RegisterNumber.year == this, RegisterNumber.symbol == symbol)
    counts = _counts(of)
    number = kept_inside(number, counts["all"], SIZE)
    rows = list(
        db.session.scalars(
            sa.select(RegisterNumber)
            .where(*of)
            .options(joinedload(RegisterNumber.invitation).joinedload(Invitation.delegate))
            .order_by(RegisterNumber.number)
            .offset((number - 1) * SIZE)
            .limit(SIZE)
        )
    )
    before = 0
    if rows and number > 1:
        before = int(db.session.scalar(sa.select(sa.func.max(RegisterNumber.number)).where(*of, RegisterNumber.number < rows[0].number)) or 0)
    lines = _lines(conference.id, rows, before)
    return Register(
        this, symbol, years or [this], Page(lines, number, counts["all"], SIZE), number_runs.reserved_runs(conference.id, symbol), counts
    )


def reserve(conference: Conference, year: int, first: int, last: int, purpose: str | None, by: int) -> int:
    """Keep a run of numbers for the conference's letters; return how many.

    Raises Invalid for a run that cannot be, Conflict when one of its numbers is used, voided or kept already.
    """
    _check_run(year, first, last)
    purpose = optional(purpose, "purpose", 300)
    symbol, at, conference_id = letters.printed_symbol(conference), clock.now(), conference.id
    numbers = list(range(first, last + 1))
    try:
        with transaction():
            number_runs.reserve_all(conference_id, year, symbol, numbers, purpose, by, at)
            _note(conference_id, "register.reserved", by, f"Giữ {_named(first, last, symbol)} năm {year}.", year, first, last)
    except IntegrityError as error:
        raise Conflict("Có người vừa lấy số trong khoảng này. Chưa giữ số nào; xem lại sổ rồi chọn số khác.") from error
    return len(numbers)


def release(conference: Conference, year: int, first: int, last: int, reason: str, by: int) -> int:
    """Give back kept numbers that no letter has; they are free for anybody. Return how many.

    Raises Invalid without a reason, Conflict when the conference keeps none of them.
    """
    return _end(conference, year, first, last, reason, by, void=False)


def void(conference: Conference, year: int, first: int, last: int, reason: str, by: int) -> int:
    """Write down that numbers will never be used, with the reason: kept ones, or ones missing in the register.

    Raises Invalid without a reason, Conflict when one of them is used or kept for another conference.
    """
    return _end(conference, year, first, last, reason, by, void=True)


def _end(conference: Conference, year: int, first: int, last: int, reason: str, by: int, *, void: bool) -> int:
    _check_run(year, first, last)
    reason = needed(reason, "reason", 300)
    symbol, at, conference_id = letters.printed_symbol(conference), clock.now(), conference.id
    numbers = list(range(first, last + 1))
    try:
        with transaction():
            rows = number_runs.among(year, symbol, numbers)
            if void:
                number_runs.refuse_taken(conference_id, rows.values(), "Chưa hủy số nào; giấy đã phát hành thì thu hồi giấy.")
                for number in numbers:
                    if number not in rows:
                        rows[number] = RegisterNumber(conference_id=conference_id, year=year, symbol=symbol, number=number)
                        db.session.add(rows[number])
                ended = list(rows.values())
            else:
                ended = [row for row in rows.values() if number_runs.is_kept_for(row, conference_id)]
                if not ended:
                    raise Conflict("Hội nghị này không giữ số nào trong khoảng ấy.")
            for row in ended:
                row.conference_id, row.reason, row.ended_by_id = conference_id, reason, by
                row.voided_at, row.released_at = (at, None) if void else (None, at)
            word = "Hủy" if void else "Trả lại"
            verb = "register.voided" if void else "register.released"
            _note(conference_id, verb, by, f"{word} {_named(first, last, symbol)} năm {year}: {reason}", year, first, last)
    except IntegrityError as error:
        raise Conflict("Có người vừa lấy số trong khoảng này. Chưa ghi gì; xem lại sổ.") from error
    return len(ended)


def _lines(conference_id: int, rows: list[RegisterNumber], before: int) -> list[Line]:
    letter_ids = [row.invitation_id for row in rows if row.invitation_id is not None and row.conference_id == conference_id]
    corrections: dict[int, list[Correction]] = defaultdict(list)
    for one in db.session.scalars(
        sa.select(Correction).where(Correction.invitation_id.in_(letter_ids)).order_by(Correction.id)
    ):
        corrections[one.invitation_id].append(one)
    accounts = db.session.execute(sa.select(Account.id, Account.display_name).where(Account.id.in_(_actors(rows))))
    names = {row.id: row.display_name for row in accounts}
    lines = []
    for row in rows:
        if row.number > before + 1:
            lines.append(Line(before + 1, row.number - 1))
        own = row.conference_id == conference_id
        actor = names.get(_actor(row) or 0, "")
        lines.append(Line(row.number, row.number, row, not own, actor if own else "", tuple(corrections[row.invitation_id or 0])))
        before = row.number
    return lines


def _actors(rows: list[RegisterNumber]) -> list[int]:
    return [found for row in rows if (found := _actor(row)) is not None]


def _actor(row: RegisterNumber) -> int | None:
    if row.invitation is not None:
        return row.invitation.revoked_by_id if row.invitation.revoked_at else row.invitation.issued_by_id
    return row.ended_by_id if row.voided_at or row.released_at else row.reserved_by_id


def _counts(of: tuple[sa.ColumnElement[bool], ...]) -> dict[str, int]:
    """How many numbers have a row, are with a letter that counts, are with a revoked one, are kept, are voided."""
    reserved = sa.and_(
        RegisterNumber.invitation_id.is_(None), RegisterNumber.voided_at.is_(None), RegisterNumber.released_at.is_(None)
    )
    conditions = {
        "out": sa.and_(Invitation.id.is_not(None), Invitation.revoked_at.is_(None)),
        "revoked": Invitation.revoked_at.is_not(None),
        "kept": reserved,
        "voided": RegisterNumber.voided_at.is_not(None),
        "released": RegisterNumber.released_at.is_not(None),
    }
    row = db.session.execute(
        sa.select(
            sa.func.count(RegisterNumber.id), sa.func.max(RegisterNumber.number),
            *(sa.func.count(sa.case((condition, 1))) for condition in conditions.values()),
        )
        .outerjoin(Invitation, Invitation.id == RegisterNumber.invitation_id)
        .where(*of)
    ).one()
    return {"all": row[0], "highest": row[1] or 0} | dict(zip(conditions, row[2:], strict=True))


def _check_run(year: int, first: int, last: int) -> None:
    if not 1945 <= year <= 2200:
        raise Invalid("Năm của sổ chưa đúng.", "year")
    if not 1 <= first <= number_runs.LAST:
        raise Invalid("Số đầu từ 1 đến 99.999.", "first")
    if not first <= last <= number_runs.LAST:
        raise Invalid("Số cuối từ số đầu trở lên, nhiều nhất 99.999.", "last")
    if last - first >= LONGEST_RUN:
        raise Invalid(f"Mỗi lần nhiều nhất {LONGEST_RUN:,} số.".replace(",", "."), "last")


def _named(first: int, last: int, symbol: str) -> str:
    return f"số {number_text(first, symbol)}" if first == last else f"các số {first}–{last}/{symbol}"


def _note(conference_id: int, verb: str, by: int, sentence: str, year: int, first: int, last: int) -> None:
    record(verb, clock.now(), conference_id=conference_id, account_id=by, sentence=sentence, year=year, numbers=[first, last])
