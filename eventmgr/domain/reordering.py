"""The order of the steps while the conference runs: insert one on the spot, change two, put one later."""

from __future__ import annotations

from dataclasses import replace

from eventmgr.domain.moves import Move, Refused
from eventmgr.domain.running_order import RunningOrder, Step, StepRun, StepState

MOST_INSERTED = 40


def found(order: RunningOrder, step_id: int | None) -> StepRun | Refused:
    """Return the spoken step with this number, or why there is none."""
    run = next((run for run in order.runs if run.step.id == step_id), None)
    if run is None:
        return Refused("Nội dung này không còn trong chương trình.")
    if run.step.heading_only:
        return Refused("Mục này chỉ là tiêu đề. Chọn một tiểu mục bên dưới.")
    return run


def inserted(order: RunningOrder, move: Move) -> tuple[RunningOrder, int] | Refused:
    """Return the order with a new step: the next one, or the one behind `details.after`; its number is minus the seq."""
    there = sum(run.step.inserted for run in order.runs)
    if not move.details.title:
        return Refused("Cần ghi nội dung của mục chèn thêm.")
    if there >= MOST_INSERTED:
        return Refused(f"Mỗi hội nghị chèn thêm nhiều nhất {MOST_INSERTED} mục.")
    given = move.details
    step = Step(
        -move.seq, f"BS{there + 1}", given.title, given.minutes, given.kind, inserted=True, presenter=given.presenter
    )
    new = StepRun(step, minutes=given.minutes)
    runs = list(order.runs)
    if given.after is not None:
        behind = found(order, given.after)
        if isinstance(behind, Refused):
            return behind
        place = runs.index(behind) + 1
    else:
        place = _before_next(order)
    return replace(order, runs=(*runs[:place], new, *runs[place:])), step.id


def swapped(order: RunningOrder, move: Move) -> tuple[RunningOrder, int] | Refused:
    """Return the order with two open steps in each other's place; by default the next one and the one behind it."""
    pair = _pair(order, move)
    if isinstance(pair, Refused):
        return pair
    one, other = pair
    places = {one.step.id: other, other.step.id: one}
    return replace(order, runs=tuple(places.get(run.step.id, run) for run in order.runs)), one.step.id


def put_later(order: RunningOrder, move: Move) -> tuple[RunningOrder, int] | Refused:
    """Return the order with one open step behind another; by default the next one behind all that is open."""
    pair = _pair(order, move, last=True)
    if isinstance(pair, Refused):
        return pair
    one, other = pair
    runs = [run for run in order.runs if run is not one]
    place = runs.index(other) + 1
    return replace(order, runs=(*runs[:place], one, *runs[place:])), one.step.id


def _pair(order: RunningOrder, move: Move, last: bool = False) -> tuple[StepRun, StepRun] | Refused:
    waiting = order.to_come
    one = found(order, move.step_id) if move.step_id is not None else order.next
    if isinstance(one, Refused):
        return one
    after = move.details.after
    behind = [run for run in waiting if run is not one]
    usual = (waiting[-1] if last else behind[0]) if behind else None
    other = found(order, after) if after is not None else usual
    if isinstance(other, Refused):
        return other
    if one is None or other is None or one is other:
        return Refused("Không còn nội dung nào phía sau để đổi thứ tự.")
    if one.state is not StepState.NOT_YET or other.state is not StepState.NOT_YET:
        return Refused("Chỉ đổi được thứ tự của nội dung chưa diễn ra.")
    if one.step.fixed_at is not None or (not last and other.step.fixed_at is not None):
        return Refused("Nội dung cố định giờ không đổi chỗ được.")
    return one, other


def _before_next(order: RunningOrder) -> int:
    """The place of the next step, before the heading that leads to it."""
    runs = list(order.runs)
    if order.next is None:
        return len(runs)
    place = runs.index(order.next)
    return place - 1 if place and runs[place - 1].step.heading_only else place
