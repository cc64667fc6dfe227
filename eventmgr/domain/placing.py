"""Places given by hand in the order of precedence: they win over rank, and newcomers still fall in by rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eventmgr.domain.errors import Conflict
from eventmgr.domain.precedence import precedence_key

_ROOM, _NO_RANK = 20_000, 99_999


@dataclass(frozen=True)
class Placed:
    """A line of the order: its own rank (None when no rank is known) and the place that somebody gave it."""

    id: int
    rank: int | None
    manual_position: int | None

    @property
    def slot(self) -> int:
        """The rank at which the line stands."""
        if self.manual_position is not None:
            return self.manual_position // _ROOM
        return _NO_RANK if self.rank is None else self.rank


def placed_key(rank: int | None, manual_position: int | None) -> str:
    """Return the precedence key of a delegate whose place may be given by hand.

    A place given by hand is rank × 20.000 + number within that rank, so that it stands at a rank which
    need not be the person's own ("manual order wins", protocol.md §2.2).
    """
    if manual_position is None:
        return precedence_key(rank)
    return precedence_key(manual_position // _ROOM, manual_position % _ROOM)


def moved(lines: Sequence[Placed], moved_id: int, to: int) -> dict[int, int]:
    """Return the manual positions (id -> position) that put one line at index `to` of the others.

    `lines` stand in their order now; `to` is 0-based and kept inside the list. Those before the moved line
    at the same rank get places of their own, because only then is the order among them fixed. Raises
    Conflict when more than 20.000 stand at one rank.
    """
    one = next(line for line in lines if line.id == moved_id)
    others = [line for line in lines if line.id != moved_id]
    to = min(max(to, 0), len(others))
    if not others:
        return {}
    slot = others[to - 1].slot if to else others[0].slot
    before = [line for line in others[:to] if line.slot == slot]
    after = [line for line in others[to:] if line.slot == slot and line.manual_position is not None]
    row = [*before, one, *after]
    if len(row) >= _ROOM:
        raise Conflict("Có quá nhiều đại biểu cùng một bậc để xếp tay. Hãy đặt bậc cho họ trước.")
    wanted = {line.id: slot * _ROOM + number for number, line in enumerate(row, start=1)}
    known = {line.id: line.manual_position for line in lines}
    return {line_id: position for line_id, position in wanted.items() if known[line_id] != position}
