"""What people ask about their data, until when it must be answered, and the 72 hours of a breach (Luật 91/2025/QH15, NĐ 356/2025/NĐ-CP).

The days are those of domain notes that lawyers have to confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from eventmgr.domain.working_days import WorkingDays

ACKNOWLEDGE_WORKING_DAYS = 2
REPORT_WITHIN = timedelta(hours=72)


class Ask(StrEnum):
    """What is asked for."""

    VIEW = "view"
    CORRECT = "correct"
    RESTRICT = "restrict"
    DELETE = "delete"


class Outcome(StrEnum):
    """How a request ended."""

    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"


@dataclass(frozen=True)
class AskWords:
    """A kind of request in words, and the days it may take."""

    label: str
    days: int


ASKS: dict[Ask, AskWords] = {
    Ask.VIEW: AskWords("Xem, nhận bản sao dữ liệu của mình", 10),
    Ask.CORRECT: AskWords("Sửa dữ liệu sai", 10),
    Ask.RESTRICT: AskWords("Rút đồng ý, hạn chế hoặc phản đối xử lý", 15),
    Ask.DELETE: AskWords("Xóa dữ liệu", 20),
}
OUTCOMES: dict[Outcome, str] = {
    Outcome.DONE: "Đã làm theo yêu cầu",
    Outcome.PARTLY: "Đã làm một phần, phần còn lại phải lưu trữ theo luật",
    Outcome.REFUSED: "Không làm được, đã nói rõ lý do",
}


def acknowledge_by(received: date, days: WorkingDays) -> date:
    """Return the last day to confirm that a request has arrived: two working days later."""
    return days.after(received, ACKNOWLEDGE_WORKING_DAYS)


def due_on(received: date, ask: Ask, *, extended: bool = False) -> date:
    """Return the last day to answer; extended once it is as long again."""
    return received + timedelta(days=ASKS[ask].days * (2 if extended else 1))


def report_by(found: datetime) -> datetime:
    """Return until when the authority must know of a breach."""
    return found + REPORT_WITHIN
