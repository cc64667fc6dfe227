"""Who asks to speak in the discussion, in which order, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SPEAKING_MINUTES = 5
MOST_WAITING = 200
ASKS_AN_HOUR = 10
"""How often one delegate may ask within an hour, withdrawn requests included."""

NAMED_UNTIL = 110
"""The last rank whose holders are introduced one by one (protocol.md §2.2: the provincial leaders)."""


class SpeechState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    SPOKEN = "spoken"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Times:
    """What happened to a request, and its place in the queue."""

    id: int
    position: int
    called_at: datetime | None = None
    ended_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def state(self) -> SpeechState:
        """Where it stands."""
        if self.withdrawn_at is not None:
            return SpeechState.WITHDRAWN
        if self.called_at is None:
            return SpeechState.WAITING
        return SpeechState.SPEAKING if self.ended_at is None else SpeechState.SPOKEN


def queue(requests: Iterable[Times]) -> list[Times]:
    """Return those who wait, in the order in which they will be called."""
    waiting = [one for one in requests if one.state is SpeechState.WAITING]
    return sorted(waiting, key=lambda one: (one.position, one.id))


def moved(ids: Sequence[int], request_id: int, direction: str) -> list[int]:
    """Return the order after one request went "up", "down" or to the "front"; it stops at the ends.

    Raises ValueError for a request that is not waiting or another direction.
    """
    order = list(ids)
    place = order.index(request_id)
    order.pop(place)
    to = {"up": max(0, place - 1), "down": place + 1, "front": 0}
    if direction not in to:
        raise ValueError(direction)
    order.insert(to[direction], request_id)
    return order
