"""What the clocks of the stage say; `static/js/lib/clock.js` says the same, both held to tests/cases/timers.json."""

from __future__ import annotations

from dataclasses import dataclass

LAST_CALL = 60
"""Seconds before its end at which a step's clock changes its colour."""


@dataclass(frozen=True)
class Reading:
    """A running step's clock: `big` in figures, `word` what they mean, `state` '', 'end' or 'over'.

    `value` of `maximum` is the length of the bar, in seconds; without planned minutes there is no bar (maximum 0).
    """

    big: str
    word: str
    detail: str
    state: str
    value: int
    maximum: int


def reading(elapsed: int, minutes: int | None) -> Reading:
    """Return what the clock of a step says after so many seconds; `minutes` are the planned ones, None if open."""
    spent = duration(elapsed)
    if minutes is None:
        return Reading(spent, "Đã nói", "chưa đặt số phút", "", 0, 0)
    planned = 60 * minutes
    left = planned - elapsed
    detail = f"đã nói {spent} trong {duration(planned)}"
    if left < 0:
        return Reading(duration(-left), "Quá giờ", detail, "over", planned, planned)
    return Reading(duration(left), "Còn lại", detail, "end" if left <= LAST_CALL else "", elapsed, planned)


def duration(seconds: int) -> str:
    """Write a span: '8:20', from an hour on '1:02:05'."""
    hours, rest = divmod(max(0, seconds), 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def lateness(seconds: int) -> tuple[str, str]:
    """Return how the conference stands against its plan, 'late', 'early' or 'on_time', and the words for it."""
    minutes = abs(seconds) // 60
    if not minutes:
        return "on_time", "Đúng giờ"
    shown = f"{minutes} phút" if minutes < 60 else f"{minutes // 60} giờ {minutes % 60:02d}"
    return ("late", f"Chậm {shown}") if seconds > 0 else ("early", f"Sớm {shown}")
