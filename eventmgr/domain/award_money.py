"""Award money: coefficient x base salary valid on the day of the decision, in whole đồng (awards.md §6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.text import fold

ROUNDING = 10_000
"""Amounts are rounded to ten thousand đồng, up or down: 223.500 -> 220.000, 447.000 -> 450.000."""


@dataclass(frozen=True)
class BaseSalary:
    """The monthly base salary ("mức lương cơ sở") from a day on, in đồng, with its legal basis."""

    valid_from: date
    amount: int
    basis: str


@dataclass(frozen=True)
class Rate:
    """The coefficient of one level of award for one kind, in hundredths (150 = 1,5); both days count."""

    level: str
    kind: RecipientKind
    hundredths: int
    valid_from: date
    valid_to: date | None
    basis: str

    def counts_on(self, day: date) -> bool:
        """Tell whether the coefficient counts on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Level:
    """A level of award; a form of award belongs to it whose name and authority contain these words."""

    key: str
    label: str
    form: str
    authority: str


@dataclass(frozen=True)
class Amount:
    """What one honouree gets: `exact` is the product before rounding; `basis` names both rules."""

    hundredths: int
    base: int
    exact: int
    amount: int
    basis: str

    @property
    def shown_coefficient(self) -> str:
        """The coefficient as papers write it: '1,0', '0,15'."""
        return coefficient_text(self.hundredths)


def amount_on(
    level: str, kind: RecipientKind, day: date, rates: Iterable[Rate], salaries: Iterable[BaseSalary], rounding: int = ROUNDING
) -> Amount | None:
    """Return the money for a decision of a day; None where no coefficient or no base salary is known for that day."""
    held = [one for one in rates if one.level == level and one.kind is kind and one.counts_on(day)]
    paid = [one for one in salaries if one.valid_from <= day]
    if not held or not paid:
        return None
    rate, base = max(held, key=lambda one: one.valid_from), max(paid, key=lambda one: one.valid_from)
    hundred_times = rate.hundredths * base.amount
    exact = (hundred_times + 50) // 100
    return Amount(rate.hundredths, base.amount, exact, rounded(exact, rounding), f"{rate.basis}; {base.basis}")


def rounded(amount: int, step: int = ROUNDING) -> int:
    """Return an amount rounded to the nearest step, the half up."""
    return (amount + step // 2) // step * step


def level_of(name: str | None, authority: str, levels: Iterable[Level]) -> str | None:
    """Return the level of a form of award by its name and who gives it; the first that fits, None for an open form."""
    called, by = fold(name or ""), fold(authority).split()
    for level in levels:
        if fold(level.form) in called and (not level.authority or fold(level.authority) in by):
            return level.key
    return None


def coefficient_text(hundredths: int) -> str:
    """Return '1,0', '1,5' or '0,15'."""
    whole, rest = divmod(hundredths, 100)
    digits = f"{rest:02d}"
    return f"{whole},{digits[0] if digits.endswith('0') else digits}"


def money_text(amount: int) -> str:
    """Return '1.150.000 đồng'."""
    return f"{thousands(amount)} đồng"


def thousands(amount: int) -> str:
    """Return '1.150.000'."""
    return f"{amount:,}".replace(",", ".")


@dataclass(frozen=True)
class Entitled:
    """Somebody on a list and what that list alone would pay; `person` is the same for the same person or collective."""

    id: int
    person: tuple[object, ...]
    achievement: str
    amount: int


def highest_only(entitled: Sequence[Entitled]) -> Mapping[int, int]:
    """Return what each is paid: of several forms for one achievement the highest alone, the first of equal ones."""
    best: dict[tuple[object, ...], Entitled] = {}
    for one in entitled:
        key = (*one.person, fold(one.achievement))
        if key not in best or one.amount > best[key].amount:
            best[key] = one
    chosen = {one.id for one in best.values()}
    return {one.id: one.amount if one.id in chosen else 0 for one in entitled}


_UNITS = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ")


def in_words(amount: int) -> str:
    """Return a sum in words as a receipt spells it: 'Một triệu một trăm năm mươi nghìn đồng'."""
    if amount <= 0:
        return "Không đồng"
    groups = []
    rest = amount
    while rest:
        rest, group = divmod(rest, 1000)
        groups.append(group)
    if len(groups) > len(_GROUPS):
        raise ValueError("a sum beyond a thousand billion has no words here")
    said = []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            said += [*_three(groups[place], full=place < len(groups) - 1), _GROUPS[place]]
    words = " ".join(word for word in said if word)
    return f"{words[0].upper()}{words[1:]} đồng"


def _three(number: int, full: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [_UNITS[hundreds] or "không", "trăm"] if hundreds or full else []
    if tens == 0 and ones and words:
        words.append("lẻ")
    elif tens == 1:
        words.append("mười")
    elif tens:
        words += [_UNITS[tens], "mươi"]
    if ones:
        words.append({1: "mốt" if tens > 1 else "một", 5: "lăm" if tens else "năm"}.get(ones, _UNITS[ones]))
    return words
