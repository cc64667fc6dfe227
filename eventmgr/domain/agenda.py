"""The live programme: the MC's presses, and the running order that they lead to.

The order is replayed from the presses and never stored, so it survives a restart and every press can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from eventmgr.domain.running_order import Phase, RunningOrder, Step, StepRun, StepState

__all__ = [
    "Move",
    "Phase",
    "Refused",
    "RunningOrder",
    "Step",
    "StepRun",
    "StepState",
    "Verb",
    "press",
    "replay",
    "to_undo",
]


class Verb(StrEnum):
    """What the MC pressed."""

    START = "start"
    NEXT = "next"
    END = "end"
    BACK = "back"
    SKIP = "skip"
    UNDO = "undo"


@dataclass(frozen=True)
class Move:
    """One press: `seq` counts from 1 without gaps, `press_id` is the console's own, `at` is aware."""

    seq: int
    press_id: str
    verb: Verb
    step_id: int | None
    at: datetime


@dataclass(frozen=True)
class Refused:
    """A press that is not allowed; `reason` is a sentence for the MC."""

    reason: str


def replay(steps: Sequence[Step], moves: Iterable[Move], planned_start: datetime | None = None) -> RunningOrder:
    """Return the running order that these presses, in the order of `seq`, lead to.

    A second move with the same press_id, a move about a step that no longer exists and a move that is
    not allowed where it stands change nothing; a time before the last move counts as the last move's.
    """
    moves = list(moves)
    order = _walk(steps, moves)[-1][1]
    return replace(order, version=moves[-1].seq if moves else 0, planned_start=planned_start)


def press(
    steps: Sequence[Step],
    moves: Sequence[Move],
    verb: Verb,
    *,
    press_id: str,
    at: datetime,
    step_id: int | None = None,
    seen: int | None = None,
) -> Move | Refused:
    """Return the move that a press makes, or why it is not allowed.

    A press that is already among `moves` gives that very move back. `seen` is the version on the screen
    where the button was pressed: when the programme has gone on since, the press is refused, so a double
    tap never advances two. The move names the step it is about, so that later edits of the programme
    cannot change what it meant, and its time is never before the last move's.
    """
    known = next((move for move in moves if move.press_id == press_id), None)
    if known is not None:
        return known
    order = replay(steps, moves)
    if seen is not None and seen != order.version:
        return Refused("Chương trình vừa chuyển bước. Xem lại màn hình rồi bấm lại.")
    seq, at = order.version + 1, max([at, *(move.at for move in moves)])
    if verb is Verb.UNDO:
        target = to_undo(steps, moves)
        return Move(seq, press_id, verb, None, at) if target else Refused("Không còn thao tác nào để hoàn tác.")
    after = _apply(order, verb, step_id, at)
    return after if isinstance(after, Refused) else Move(seq, press_id, verb, after[1], at)


def to_undo(steps: Sequence[Step], moves: Iterable[Move]) -> Move | None:
    """Return the move that an UNDO would take back now, to name it on the button; None when there is none."""
    return _walk(steps, moves)[-1][0]


def _walk(steps: Sequence[Step], moves: Iterable[Move]) -> list[tuple[Move | None, RunningOrder]]:
    """The moves that count, each with the order after it; first of all the order before any move."""
    trail: list[tuple[Move | None, RunningOrder]] = [(None, RunningOrder(tuple(StepRun(step) for step in steps)))]
    seen: set[str] = set()
    last: datetime | None = None
    for move in moves:
        if move.press_id in seen:
            continue
        seen.add(move.press_id)
        last = move.at if last is None else max(last, move.at)
        if move.verb is Verb.UNDO:
            trail = trail[:-1] or trail
            continue
        after = _apply(trail[-1][1], move.verb, move.step_id, last)
        if not isinstance(after, Refused):
            trail.append((move, after[0]))
    return trail


_Applied = tuple[RunningOrder, int | None] | Refused


def _apply(order: RunningOrder, verb: Verb, step_id: int | None, at: datetime) -> _Applied:
    """The order after one press and the step that it was about."""
    if verb is Verb.BACK:
        return _back(order, step_id, at)
    if order.phase is Phase.OVER:
        return Refused("Hội nghị đã kết thúc. Bấm Hoàn tác nếu kết thúc nhầm.")
    if verb is Verb.SKIP:
        return _skip(order, step_id)
    if verb is Verb.START and order.current:
        return Refused("Đang có nội dung diễn ra. Bấm Tiếp theo để sang nội dung khác.")
    if verb is not Verb.START and order.phase is Phase.NOT_BEGUN:
        return Refused("Chương trình chưa bắt đầu. Bấm Bắt đầu.")
    return _end(order, at) if verb is Verb.END else _go(order, step_id, at)


def _go(order: RunningOrder, step_id: int | None, at: datetime) -> _Applied:
    target = _find(order, step_id) if step_id is not None else order.next
    if target is None:
        return Refused("Đây là nội dung cuối cùng. Bấm Kết thúc.")
    if isinstance(target, Refused):
        return target
    if target.state is StepState.NOW:
        return Refused("Nội dung này đang diễn ra.")
    if target.state is StepState.DONE:
        return Refused("Nội dung này đã xong. Bấm Quay lại để mở lại nội dung trước.")
    order = _with(_closed(order, at), _running(target, at))
    return replace(order, begun_at=order.begun_at or at), target.step.id


def _end(order: RunningOrder, at: datetime) -> _Applied:
    current = order.current
    if current is None:
        return replace(order, ended_at=at), None
    order = _closed(order, at)
    return replace(order, ended_at=None if order.next else at), current.step.id


def _back(order: RunningOrder, step_id: int | None, at: datetime) -> _Applied:
    done = {run.step.id: run for run in order.spoken if run.state is StepState.DONE}
    wanted = [key for key in order.closed if key in done and step_id in (None, key)]
    if not wanted:
        return Refused("Chưa có nội dung nào để quay lại.")
    if order.current:
        aside = replace(_stopped(order.current, at), state=StepState.NOT_YET, ended_at=None)
        order = _with(order, aside)
    order = _with(order, _running(done[wanted[-1]], at))
    return replace(order, closed=tuple(key for key in order.closed if key != wanted[-1]), ended_at=None), wanted[-1]


def _skip(order: RunningOrder, step_id: int | None) -> _Applied:
    target = _find(order, step_id) if step_id is not None else order.next
    if target is None:
        return Refused("Không còn nội dung nào phía sau để bỏ qua.")
    if isinstance(target, Refused):
        return target
    if target.state is not StepState.NOT_YET:
        return Refused("Chỉ bỏ qua được nội dung chưa diễn ra.")
    return _with(order, replace(target, state=StepState.SKIPPED)), target.step.id


def _find(order: RunningOrder, step_id: int) -> StepRun | Refused:
    found = next((run for run in order.runs if run.step.id == step_id), None)
    if found is None:
        return Refused("Nội dung này không còn trong chương trình.")
    if found.step.heading_only:
        return Refused("Mục này chỉ là tiêu đề. Chọn một tiểu mục bên dưới.")
    return found


def _with(order: RunningOrder, changed: StepRun) -> RunningOrder:
    return replace(order, runs=tuple(changed if run.step.id == changed.step.id else run for run in order.runs))


def _closed(order: RunningOrder, at: datetime) -> RunningOrder:
    """The order with the current step done; the same order when nothing runs."""
    current = order.current
    if current is None:
        return order
    return replace(_with(order, _stopped(current, at)), closed=(*order.closed, current.step.id))


def _stopped(run: StepRun, at: datetime) -> StepRun:
    spent = run.spent + (at - run.resumed_at) if run.resumed_at else run.spent
    return replace(run, state=StepState.DONE, ended_at=at, spent=spent, resumed_at=None)


def _running(run: StepRun, at: datetime) -> StepRun:
    return replace(run, state=StepState.NOW, started_at=run.started_at or at, ended_at=None, resumed_at=at)
