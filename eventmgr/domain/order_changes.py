"""What the presses changed in the order of the programme, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from eventmgr.domain.programme_changes import longest_rising
from eventmgr.domain.running_order import RunningOrder, StepRun, StepState


class Change(Enum):
    """What happened to a step; the value is the note beside it on paper."""

    INSERTED = "Mục chèn thêm, không có trong chương trình"
    MOVED = "Đổi thứ tự so với chương trình"
    LEFT_OUT = "Bỏ qua, không thực hiện"
    OTHER_MINUTES = "Đổi thời lượng so với chương trình"


@dataclass(frozen=True)
class OrderChange:
    """One change of one step, with the sentence that tells it."""

    step_id: int
    change: Change
    sentence: str


def order_changes(order: RunningOrder, planned: Sequence[int]) -> tuple[OrderChange, ...]:
    """Return what differs from the programme, step by step as they stand now; `planned` are the steps in its order.

    Where two changed places the fewest are named.
    """
    spoken = order.spoken
    moved = _moved([run.step.id for run in spoken if not run.step.inserted], planned)
    found: list[OrderChange] = []
    for place, run in enumerate(spoken):
        behind = spoken[place - 1] if place else None
        found += (OrderChange(run.step.id, change, said) for change, said in _about(run, behind, run.step.id in moved))
    return tuple(found)


def _about(run: StepRun, behind: StepRun | None, is_moved: bool) -> Iterable[tuple[Change, str]]:
    step, where = run.step, f"sau mục {behind.step.number}" if behind else "ở đầu chương trình"
    if step.inserted:
        minutes = f" ({run.minutes} phút)" if run.minutes else ""
        yield Change.INSERTED, f"Chèn thêm mục {step.number} “{step.title}”{minutes}, {where}."
    if is_moved:
        yield Change.MOVED, f"Mục {step.number} “{step.title}” nay {where}."
    if run.state is StepState.SKIPPED:
        yield Change.LEFT_OUT, f"Bỏ qua mục {step.number} “{step.title}”."
    elif run.minutes != step.minutes and not step.inserted:
        was = f"chương trình ghi {step.minutes} phút" if step.minutes else "chương trình chưa ghi số phút"
        yield Change.OTHER_MINUTES, f"Mục {step.number}: nay {run.minutes} phút, {was}."


def _moved(now: Sequence[int], planned: Sequence[int]) -> set[int]:
    places = {step_id: place for place, step_id in enumerate(planned)}
    kept = longest_rising([places[one] for one in now if one in places])
    return {one for one in now if one in places and places[one] not in kept}
