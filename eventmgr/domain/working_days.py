"""Which days are worked: not at weekends, not on public holidays, but on the days that make up for some of them.

Public holidays are those of Điều 112 Bộ luật Lao động 2019. Four of them fall on the same day each year and are known here; Tết
Nguyên đán, Giỗ Tổ Hùng Vương, the day beside 2/9, days off in place of a weekend (Điều 111 khoản 3), days worked instead and
holidays that a later law adds are announced every year: the office lists them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from eventmgr.domain.dates import short_date
from eventmgr.domain.text import clean

FIXED = {(1, 1): "Tết Dương lịch", (30, 4): "Ngày Chiến thắng", (1, 5): "Ngày Quốc tế lao động", (2, 9): "Quốc khánh"}
MOST, LONGEST_SPELL, LONGEST_NAME = 400, 31, 120
_DAY = r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})"
_LINE = re.compile(rf"(?P<worked>làm bù\s+)?(?P<first>{_DAY})(?:\s*(?:-|–|đến)\s*(?P<last>{_DAY}))?(?:[\s:,]+(?P<name>.+))?", re.IGNORECASE)


class BadLine(Exception):
    """A line of the list that cannot be read; the message is a Vietnamese sentence that names it."""


@dataclass(frozen=True, order=True)
class ListedDay:
    """A day that the office listed: off, or worked instead of another; `name` says which holiday, by which paper."""

    day: date
    is_worked: bool
    name: str


@dataclass(frozen=True)
class WorkingDays:
    """The calendar of the office."""

    listed: tuple[ListedDay, ...] = ()

    def is_worked(self, day: date) -> bool:
        """Tell whether a day is worked; what the office listed counts before everything else."""
        for one in self.listed:
            if one.day == day:
                return one.is_worked
        return day.weekday() < 5 and (day.day, day.month) not in FIXED

    def after(self, day: date, count: int) -> date:
        """Return the last of so many working days after a day."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_worked(day)
        return day

    def between(self, first: date, last: date, most: int) -> int:
        """Count the working days after `first` up to `last`, but not beyond `most`."""
        found = 0
        while first < last and found < most:
            first += timedelta(days=1)
            found += self.is_worked(first)
        return found


def read_list(text: str) -> tuple[ListedDay, ...]:
    """Read what the office typed, a day or a spell of days a line; raises BadLine for the first that cannot be read."""
    found: dict[date, ListedDay] = {}
    for number, typed in enumerate(text.splitlines(), 1):
        line = clean(typed)
        if not line:
            continue
        read = _LINE.fullmatch(line)
        if read is None or len(read["name"] or "") > LONGEST_NAME:
            raise BadLine(f"Dòng {number}: viết ngày rồi tên ngày nghỉ, ví dụ “17/02/2026 Tết Nguyên đán”, “làm bù 28/02/2026”.")
        first = _day(read["first"], number)
        last = _day(read["last"], number) if read["last"] else first
        if not 0 <= (last - first).days < LONGEST_SPELL:
            raise BadLine(f"Dòng {number}: một đợt nghỉ dài từ 1 đến {LONGEST_SPELL} ngày.")
        for day in (first + timedelta(days=more) for more in range((last - first).days + 1)):
            if day in found:
                raise BadLine(f"Dòng {number}: ngày {short_date(day)} đã có ở dòng trên.")
            found[day] = ListedDay(day, bool(read["worked"]), read["name"] or "")
    if len(found) > MOST:
        raise BadLine(f"Danh sách dài nhất {MOST} ngày; bỏ những năm đã qua.")
    return tuple(sorted(found.values()))


def write_list(listed: Iterable[ListedDay]) -> str:
    """Write the list as the office may type it, one day a line."""
    return "\n".join(f"{'làm bù ' if one.is_worked else ''}{short_date(one.day)} {one.name}".strip() for one in listed)


def _day(text: str, number: int) -> date:
    day, month, year = (int(part) for part in re.split(r"[/.\-]", text))
    try:
        read = date(year, month, day)
    except ValueError:
        raise BadLine(f"Dòng {number}: không có ngày {text}.") from None
    if not 2000 <= year <= 2100:
        raise BadLine(f"Dòng {number}: năm phải từ 2000 đến 2100.")
    return read
