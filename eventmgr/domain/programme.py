"""The programme as a tree: numbers, planned times, and the order of the items under one heading."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from eventmgr.domain.items import step_number

DASH = "-"


@dataclass(frozen=True)
class Line:
    """What numbering and timing need to know of one stored item; `minutes` None is open, `fixed` a promised hour."""

    id: int
    parent_id: int | None
    position: int
    mark: str = ""
    minutes: int | None = None
    fixed: time | None = None


@dataclass(frozen=True)
class Node:
    """An item at its place: how it is called, what stands before it, when it begins.

    `number` is what the item is called by ('4', '4.(2)', '1a'), `mark` what stands before it in print ('4', '(2)',
    '-'). `minutes` of a heading are those of its sub-items. `starts` (local) and `minutes` are None while open.
    """

    id: int
    number: str
    mark: str
    minutes: int | None
    starts: time | None = None
    subs: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Minutes:
    """The planned minutes of the steps together, and how many steps have none yet."""

    planned: int
    open: int

    @property
    def total(self) -> int | None:
        """All minutes, or None while a step is open."""
        return None if self.open else self.planned


def tree(lines: Iterable[Line], starts_at: time | None = None) -> tuple[Node, ...]:
    """Return the items in their order with their sub-items, numbered and timed.

    A time is given as long as every step before it has its minutes, and again from a step with a fixed hour on;
    nothing is guessed. Lines whose parent is not
    among them are left out.
    """
    children: dict[int | None, list[Line]] = {}
    for line in sorted(lines, key=lambda line: (line.position, line.id)):
        children.setdefault(line.parent_id, []).append(line)
    clock = _Clock(starts_at)
    nodes = []
    for place, row in enumerate(children.get(None, []), start=1):
        number = str(place)
        clock.wait_until(row.fixed)
        starts = clock.shown
        subs = _sub_nodes(number, children.get(row.id, []), clock)
        minutes = minutes_of(subs).total if subs else row.minutes
        if not subs:
            clock.pass_by(row.minutes)
        nodes.append(Node(row.id, number, number, minutes, starts, subs))
    return tuple(nodes)


def steps(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield what is spoken, in its order: items without sub-items, and sub-items."""
    for node in nodes:
        yield from node.subs or (node,)


def minutes_of(nodes: Iterable[Node]) -> Minutes:
    """Return the sum of the steps' minutes and how many are open."""
    found = [node.minutes for node in steps(nodes)]
    return Minutes(sum(minutes or 0 for minutes in found), found.count(None))


def planned_end(nodes: Sequence[Node], starts_at: time | None) -> time | None:
    """Return when the programme ends by its minutes, or None while the start or any minutes are open."""
    total = minutes_of(nodes).total
    if starts_at is None or total is None or not nodes:
        return None
    *_, last = steps(nodes)
    clock = _Clock(last.starts or starts_at)  # the last step's own start knows of fixed hours
    clock.pass_by(last.minutes if last.starts else total)
    return clock.shown


def is_numbered(marks: Sequence[str]) -> bool:
    """Tell whether sub-items with these marks are counted, "(1)", rather than dashed."""
    return any(mark.strip().startswith("(") for mark in marks)


def marks_for(count: int, numbered: bool) -> list[str]:
    """Return the marks of so many sub-items: "(1)", "(2)" … or dashes."""
    return [f"({place})" if numbered else DASH for place in range(1, count + 1)]


def moved(ids: Sequence[int], item: int, by: int) -> list[int]:
    """Return the order after one item went `by` places down (negative: up); it stops at the ends.

    Raises ValueError for an item that is not among them.
    """
    order = list(ids)
    place = order.index(item)
    order.pop(place)
    order.insert(min(max(place + by, 0), len(order)), item)
    return order


def order_version(ids: Iterable[int]) -> str:
    """Return a short text that is equal for equal orders: what a screen has seen of a list."""
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:12]


def _sub_nodes(row: str, lines: Sequence[Line], clock: _Clock) -> tuple[Node, ...]:
    marks = marks_for(len(lines), is_numbered([line.mark for line in lines]))
    made = []
    for place, (line, mark) in enumerate(zip(lines, marks, strict=True), start=1):
        clock.wait_until(line.fixed)
        made.append(Node(line.id, step_number(row, mark, place), mark, line.minutes, clock.shown))
        clock.pass_by(line.minutes)
    return tuple(made)


class _Clock:
    """The local time of day along the programme; it stops at open minutes until a fixed hour is known again."""

    def __init__(self, starts_at: time | None) -> None:
        # The day does not matter; date.min leaves room for a programme that runs past midnight.
        self._at = None if starts_at is None else datetime.combine(date.min, starts_at)

    @property
    def shown(self) -> time | None:
        return self._at.time() if self._at else None

    def wait_until(self, fixed: time | None) -> None:
        if fixed is not None:
            self._at = datetime.combine(self._at.date() if self._at else date.min, fixed)

    def pass_by(self, minutes: int | None) -> None:
        self._at = None if self._at is None or minutes is None else self._at + timedelta(minutes=minutes)
