"""How a phone at the door is, as it says itself; what cannot be read of it is left out, never refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from eventmgr.domain.text import clean

OLD_LIST = timedelta(minutes=10)
"""A phone asks for changes every few seconds; a list this old means that it does not get through."""

LOW_BATTERY = 20
_BIGGEST = 2**31 - 1


@dataclass(frozen=True)
class Health:
    """Scans not sent yet, version and time of the list that it decides by, battery in percent; None: not told."""

    unsent: int | None = None
    snapshot: str | None = None
    snapshot_at: datetime | None = None
    battery: int | None = None


def read_health(said: object) -> Health:
    """Return what a phone's presence call tells: {unsent, snapshot, snapshot_at (ISO), battery}."""
    if not isinstance(said, Mapping):
        return Health()
    snapshot = said.get("snapshot")
    return Health(
        unsent=_number(said.get("unsent"), _BIGGEST),
        snapshot=clean(snapshot)[:60] or None if isinstance(snapshot, str) else None,
        snapshot_at=_moment(said.get("snapshot_at")),
        battery=_number(said.get("battery"), 100),
    )


def _number(said: object, most: int) -> int | None:
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= most:
        return None
    return int(said)


def _moment(said: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said if isinstance(said, str) else "")
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
