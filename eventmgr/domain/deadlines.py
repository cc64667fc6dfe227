"""Until when an answer is on time, and until when it can be changed at all."""

from __future__ import annotations

from datetime import datetime


def reply_deadline(of_group: datetime | None, of_conference: datetime | None) -> datetime | None:
    """Return the last moment for an answer that is on time: the group's own, else the conference's; None is open."""
    return of_group if of_group is not None else of_conference


def is_past(moment: datetime | None, now: datetime) -> bool:
    """Tell whether a deadline or freeze has passed; one that nobody set never passes."""
    return moment is not None and now > moment
