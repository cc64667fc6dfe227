"""What each press does to the running order, or why it may not be pressed now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from eventmgr.domain import reordering
from eventmgr.domain.moves import Move, Refused, Verb
from eventmgr.domain.running_order import Phase, RunningOrder, StepRun, StepState

Applied = tuple[RunningOrder, int | None] | Refused
"""The order after a press and the step that it was about."""


def applied(order: RunningOrder, move: Move) -> Applied:
    """Return the order after one press together with the step that it was about; UNDO and TAKE are not for here."""
    if order.phase is Phase.OVER and move.verb is not Verb.BACK:
        return Refused("Hội nghị đã kết thúc. Bấm Hoàn tác nếu kết thúc nhầm.")
    if order.phase is Phase.NOT_BEGUN and move.verb in _WHEN_BEGUN:
        return Refused("Chương trình chưa bắt đầu. Bấm Bắt đầu.")
    return _PRESSES[move.verb](order, move)


def _start(order: RunningOrder, move: Move) -> Applied:
    if order.current:
        return Refused("Đang có nội dung diễn ra. Bấm Tiếp theo để sang nội dung khác.")
    return _go(order, move)


def _go(order: RunningOrder, move: Move) -> Applied:
    target = reordering.found(order, move.step_id) if move.step_id is not None else order.next
    if target is None:
        return Refused("Đây là nội dung cuối cùng. Bấm Kết thúc.")
    if isinstance(target, Refused):
        return target
    if target.state is StepState.NOW:
        return Refused("Nội dung này đang diễn ra.")
    if target.state is StepState.DONE:
        return Refused("Nội dung này đã xong. Bấm Quay lại để mở lại nội dung trước.")
    order = _closed(order, move.at).with_run(_running(target, move.at))
    return replace(order, begun_at=order.begun_at or move.at), target.step.id


def _end(order: RunningOrder, move: Move) -> Applied:
    current = order.current
    if current is None:
        return replace(order, ended_at=move.at), None
    order = _closed(order, move.at)
    return replace(order, ended_at=None if order.next else move.at), current.step.id


def _back(order: RunningOrder, move: Move) -> Applied:
    done = {run.step.id: run for run in order.spoken if run.state is StepState.DONE}
    wanted = [key for key in order.closed if key in done and move.step_id in (None, key)]
    if not wanted:
        return Refused("Chưa có nội dung nào để quay lại.")
    if order.current:
        order = order.with_run(replace(_stopped(order.current, move.at), state=StepState.NOT_YET, ended_at=None))
    order = order.with_run(_running(done[wanted[-1]], move.at))
    closed = tuple(key for key in order.closed if key != wanted[-1])
    return replace(order, closed=closed, ended_at=None, paused_at=None), wanted[-1]


def _skip(order: RunningOrder, move: Move) -> Applied:
    target = reordering.found(order, move.step_id) if move.step_id is not None else order.next
    if target is None:
        return Refused("Không còn nội dung nào phía sau để bỏ qua.")
    if isinstance(target, Refused):
        return target
    if target.state is not StepState.NOT_YET:
        return Refused("Chỉ bỏ qua được nội dung chưa diễn ra.")
    return order.with_run(replace(target, state=StepState.SKIPPED)), target.step.id


def _pause(order: RunningOrder, move: Move) -> Applied:
    current = order.current
    if current is None:
        return Refused("Không có nội dung nào đang diễn ra để tạm dừng.")
    if order.paused_at is not None:
        return Refused("Chương trình đang tạm dừng rồi.")
    stopped = replace(_stopped(current, move.at), state=StepState.NOW, ended_at=None)
    return replace(order.with_run(stopped), paused_at=move.at), current.step.id


def _resume(order: RunningOrder, move: Move) -> Applied:
    current = order.current
    if current is None or order.paused_at is None:
        return Refused("Chương trình không tạm dừng.")
    return replace(order.with_run(replace(current, resumed_at=move.at)), paused_at=None), current.step.id


def _adjust(order: RunningOrder, move: Move) -> Applied:
    target = reordering.found(order, move.step_id) if move.step_id is not None else order.current or order.next
    if isinstance(target, Refused):
        return target
    by = move.details.minutes
    if target is None or target.state not in {StepState.NOW, StepState.NOT_YET}:
        return Refused("Chỉ thêm bớt thời gian của nội dung đang hoặc chưa diễn ra.")
    if not by or abs(by) > 120:
        return Refused("Mỗi lần thêm bớt từ 1 đến 120 phút.")
    minutes = (_spoken_minutes(target, move.at) if target.minutes is None else target.minutes) + by
    if not 1 <= minutes <= 600:
        return Refused("Một nội dung có từ 1 đến 600 phút.")
    return order.with_run(replace(target, minutes=minutes)), target.step.id


def _catch_up(order: RunningOrder, move: Move) -> Applied:
    if not move.details.cuts:
        return Refused("Không có đề xuất nào để áp dụng.")
    for step_id, minutes in move.details.cuts:
        run = reordering.found(order, step_id)
        if isinstance(run, Refused):
            return run
        if run.step.fixed_at is not None:
            return Refused("Nội dung cố định giờ không rút ngắn được.")
        open_to = {StepState.NOT_YET} if minutes == 0 else {StepState.NOW, StepState.NOT_YET}
        if run.state not in open_to or run.minutes is None or not 0 <= minutes < run.minutes:
            return Refused("Đề xuất này không còn phù hợp. Xem đề xuất mới.")
        order = order.with_run(replace(run, state=StepState.SKIPPED) if minutes == 0 else replace(run, minutes=minutes))
    return order, None


def _closed(order: RunningOrder, at: datetime) -> RunningOrder:
    """The order with the current step done; the same order when nothing runs."""
    current = order.current
    if current is None:
        return order
    return replace(order.with_run(_stopped(current, at)), closed=(*order.closed, current.step.id), paused_at=None)


def _stopped(run: StepRun, at: datetime) -> StepRun:
    spent = run.spent + (at - run.resumed_at) if run.resumed_at else run.spent
    return replace(run, state=StepState.DONE, ended_at=at, spent=spent, resumed_at=None)


def _running(run: StepRun, at: datetime) -> StepRun:
    return replace(run, state=StepState.NOW, started_at=run.started_at or at, ended_at=None, resumed_at=at)


def _spoken_minutes(run: StepRun, at: datetime) -> int:
    """The whole minutes that a step without planned ones has had, so that more of them count from now."""
    return -(-run.elapsed(at) // 60)


_WHEN_BEGUN = frozenset({Verb.NEXT, Verb.END, Verb.PAUSE, Verb.RESUME})
_PRESSES: dict[Verb, Callable[[RunningOrder, Move], Applied]] = {
    Verb.START: _start,
    Verb.NEXT: _go,
    Verb.END: _end,
    Verb.BACK: _back,
    Verb.SKIP: _skip,
    Verb.PAUSE: _pause,
    Verb.RESUME: _resume,
    Verb.ADJUST: _adjust,
    Verb.CATCH_UP: _catch_up,
    Verb.INSERT: reordering.inserted,
    Verb.SWAP: reordering.swapped,
    Verb.LATER: reordering.put_later,
}
