"""How people come in over time: counts by minute and gate, gathered into columns that fit on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MOST_COLUMNS = 24
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1440)


@dataclass(frozen=True)
class Column:
    """Those who came in from `start` on for one step: all, and by gate id."""

    start: datetime
    count: int
    by_gate: dict[int, int]


@dataclass(frozen=True)
class Curve:
    """The columns, without gaps, each `minutes` wide."""

    minutes: int
    columns: tuple[Column, ...]

    @property
    def highest(self) -> int:
        """The largest count of a column, at least one."""
        return max((column.count for column in self.columns), default=0) or 1

    @property
    def busiest(self) -> Column | None:
        """The column with the most people, the earliest of equals."""
        return max(self.columns, key=lambda column: column.count, default=None)


def curve_of(counts: Iterable[tuple[int, int, int]], most: int = MOST_COLUMNS) -> Curve:
    """Return the curve of (minute since 1970, gate id, people): the finest step that leaves at most `most` columns.

    When even the coarsest step leaves more (a test weeks before the day), the latest columns are shown.
    """
    rows = [row for row in counts if row[2]]
    if not rows:
        return Curve(_STEPS[0], ())
    first, last = min(row[0] for row in rows), max(row[0] for row in rows)
    step = next((step for step in _STEPS if last // step - first // step < most), _STEPS[-1])
    start = max(first // step, last // step - most + 1)
    return Curve(step, tuple(_column(rows, place, step) for place in range(start, last // step + 1)))


def _column(rows: Sequence[tuple[int, int, int]], place: int, step: int) -> Column:
    by_gate: dict[int, int] = {}
    for minute, gate_id, count in rows:
        if minute // step == place:
            by_gate[gate_id] = by_gate.get(gate_id, 0) + count
    return Column(datetime.fromtimestamp(place * step * 60, UTC), sum(by_gate.values()), by_gate)
