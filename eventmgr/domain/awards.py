"""Awards: the order of the list and of the calling, waves on stage, counts in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Protocol, TypeVar


class RecipientKind(StrEnum):
    """Who an award goes to."""

    COLLECTIVE = "collective"
    INDIVIDUAL = "individual"

    @property
    def label(self) -> str:
        """The kind's name on screen."""
        return "Tập thể" if self is RecipientKind.COLLECTIVE else "Cá nhân"


class Listed(Protocol):
    """What has to be known of an honouree to put it in order.

    `form_position` counts the forms of award from the highest; `position` is the place in the decision.
    """

    @property
    def id(self) -> int: ...
    @property
    def form_position(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def position(self) -> int: ...


_H = TypeVar("_H", bound=Listed)


@dataclass(frozen=True)
class Honouree:
    """A collective or a person on an award list; `present` None: nobody has looked yet."""

    id: int
    kind: RecipientKind
    printed_name: str
    post: str = ""
    position: int = 0
    form_position: int = 0
    present: bool | None = None


def list_order(honourees: Iterable[_H], collectives_first: bool = True) -> list[_H]:
    """Return honourees as the decision's annex lists them: highest form first, collectives, then individuals.

    Published decisions name collectives first; some templates do not, so it is a setting (awards.md §5).
    """
    first = RecipientKind.COLLECTIVE if collectives_first else RecipientKind.INDIVIDUAL
    return sorted(honourees, key=lambda one: (one.form_position, one.kind != first, one.position, one.id))


def calling_order(honourees: Iterable[Honouree], collectives_first: bool = True) -> list[Honouree]:
    """Return who is called to the stage, in order: the list's order without those known to be absent.

    The same order is the row's on stage and the pile's on the tray (protocol.md §7).
    """
    return [one for one in list_order(honourees, collectives_first) if one.present is not False]


def waves(called: Sequence[Honouree], size: int) -> list[tuple[Honouree, ...]]:
    """Return those called in rows of at most `size`; a row holds one form of award and one kind of honouree.

    Raises ValueError when `size` is less than 1.
    """
    if size < 1:
        raise ValueError("a wave holds at least one")
    rows: list[tuple[Honouree, ...]] = []
    for _, group in groupby(called, key=lambda one: (one.form_position, one.kind)):
        same = tuple(group)
        rows += [same[start : start + size] for start in range(0, len(same), size)]
    return rows


def counts_text(collectives: int, individuals: int) -> str:
    """Return '05 tập thể và 10 cá nhân', two digits at least; a kind with nobody is left out, nobody at all is ''."""
    parts = [f"{count:02d} {noun}" for count, noun in ((collectives, "tập thể"), (individuals, "cá nhân")) if count]
    return " và ".join(parts)


def award_line(name: str | None, authority: str, kinds: Iterable[RecipientKind]) -> str:
    """Return the second line of the annex's title: 'TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG BẰNG KHEN CỦA CHỦ TỊCH UBND TỈNH'.

    `kinds` are those on the list; none counts as both. While the form of award is open (`name` None) only who
    commends is said.
    """
    listed = set(kinds) or set(RecipientKind)
    who = ", ".join(kind.label for kind in RecipientKind if kind in listed)
    line = f"{who} được tặng {name} của {authority}" if name else f"{who} được {authority} khen thưởng"
    return line.upper()


def authority_in_full(authority: str, province: str) -> str:
    """Return an authority as a paper spells it out: 'Chủ tịch UBND tỉnh' -> 'Chủ tịch Ủy ban nhân dân tỉnh Kon Tum'."""
    spelled = authority.replace("UBND", "Ủy ban nhân dân")
    return f"{spelled} {province}" if province and spelled.endswith("tỉnh") else spelled


def decision_parts(typed: str, symbol: str = "QĐ-UBND") -> tuple[str, str]:
    """Return number and symbol of a decision: '1234/QĐ-UBND' -> ('1234', 'QĐ-UBND'); `symbol` where none is typed."""
    number, slash, own = typed.partition("/")
    return (number.strip(), own.strip()) if slash and own.strip() else (number.strip(), symbol)
