"""The live programme: the MC's presses, and the running order that they lead to.

The order is replayed from the presses and never stored, so it survives a restart and every press can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from eventmgr.domain.moves import NO_DETAILS, Console, Details, Holder, Move, Refused, Verb
from eventmgr.domain.presses import applied
from eventmgr.domain.running_order import Phase, RunningOrder, Step, StepRun, StepState

__all__ = [
    "NO_DETAILS",
    "Console",
    "Details",
    "Holder",
    "Move",
    "Phase",
    "Refused",
    "RunningOrder",
    "Step",
    "StepRun",
    "StepState",
    "Verb",
    "holder_of",
    "press",
    "replay",
    "to_undo",
]

NOT_UNDONE = frozenset({Verb.UNDO, Verb.TAKE})
"""Presses that UNDO looks past: control is handed over, never taken back behind somebody's back."""


def replay(
    steps: Sequence[Step],
    moves: Iterable[Move],
    planned_start: datetime | None = None,
    must_end: datetime | None = None,
) -> RunningOrder:
    """Return the running order that these presses, in the order of `seq`, lead to.

    A second move with the same press_id, a move about a step that no longer exists and a move that is
    not allowed where it stands change nothing; a time before the last move counts as the last move's.
    """
    moves = list(moves)
    order = _walk(steps, moves)[-1][1]
    return replace(
        order, version=moves[-1].seq if moves else 0, planned_start=planned_start, must_end=must_end,
        holder=holder_of(moves),
    )


def press(
    steps: Sequence[Step],
    moves: Sequence[Move],
    verb: Verb,
    *,
    press_id: str,
    at: datetime,
    step_id: int | None = None,
    seen: int | None = None,
    details: Details | None = None,
    console: Console | None = None,
) -> Move | Refused:
    """Return the move that a press makes, or why it is not allowed.

    A press that is already among `moves` gives that very move back. `seen` is the version on the screen
    where the button was pressed: when the programme has gone on since, the press is refused, so a double
    tap never advances two. A console other than the one that holds control only looks on. The move names the
    step it is about, so that later edits of the programme cannot change what it meant, and its time is never
    before the last move's.
    """
    known = next((move for move in moves if move.press_id == press_id), None)
    if known is not None:
        return known
    order = replay(steps, moves)
    if seen is not None and seen != order.version:
        return Refused("Chương trình vừa chuyển bước. Xem lại màn hình rồi bấm lại.")
    if refused := _held_by_another(order, verb, console):
        return refused
    made = Move(
        order.version + 1, press_id, verb, step_id, max([at, *(move.at for move in moves)]), details or NO_DETAILS, console
    )
    if verb is Verb.TAKE:
        return _taking(order, made)
    if verb is Verb.UNDO:
        found = to_undo(steps, moves)
        return replace(made, step_id=None) if found else Refused("Không còn thao tác nào để hoàn tác.")
    after = applied(order, made)
    return after if isinstance(after, Refused) else replace(made, step_id=after[1])


def to_undo(steps: Sequence[Step], moves: Iterable[Move]) -> Move | None:
    """Return the move that an UNDO would take back now, to name it on the button; None when there is none."""
    return _walk(steps, moves)[-1][0]


def holder_of(moves: Iterable[Move]) -> Holder | None:
    """Return who holds control: whoever took it last, else whoever pressed first."""
    holder: Holder | None = None
    for move in moves:
        if move.console is not None and (holder is None or move.verb is Verb.TAKE):
            holder = Holder(move.console, move.at)
    return holder


def _held_by_another(order: RunningOrder, verb: Verb, console: Console | None) -> Refused | None:
    if console is None or order.holder is None or verb is Verb.TAKE or order.holder.console.id == console.id:
        return None
    return Refused(f"{order.holder.console.name} đang điều khiển. Bấm Nhận điều khiển trước khi bấm tiếp.")


def _taking(order: RunningOrder, move: Move) -> Move | Refused:
    if move.console is None:
        return Refused("Không rõ máy nào nhận điều khiển.")
    if order.holder is not None and order.holder.console.id == move.console.id:
        return Refused("Máy này đang điều khiển rồi.")
    return replace(move, step_id=None)


def _walk(steps: Sequence[Step], moves: Iterable[Move]) -> list[tuple[Move | None, RunningOrder]]:
    """The moves that count, each with the order after it; first of all the order before any move."""
    begin = RunningOrder(tuple(StepRun(step, minutes=step.minutes) for step in steps))
    trail: list[tuple[Move | None, RunningOrder]] = [(None, begin)]
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
        if move.verb in NOT_UNDONE:
            continue
        after = applied(trail[-1][1], replace(move, at=last))
        if not isinstance(after, Refused):
            trail.append((move, after[0]))
    return trail
