"""The stage at one moment, as all its screens are told it; a private part of the services of the stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from eventmgr.domain import agenda as running
from eventmgr.domain import catch_up, script, timer
from eventmgr.domain.agenda import Holder, Move, Phase, RunningOrder, StepRun, StepState
from eventmgr.domain.catch_up import Proposal
from eventmgr.domain.items import ItemKind
from eventmgr.models.conferences import Conference
from eventmgr.services import stage_parts, stage_words
from eventmgr.services.stage_parts import Row


@dataclass(frozen=True)
class StageStep:
    """A row of the programme as screens show it. `mark` is its number without that of its heading.

    A step `inserted` on the spot has an id below zero. `place` counts the spoken rows from 1 (0 for a heading).
    `minutes` are those it has by now, `planned_minutes` the plan's. Times are aware: `planned_at` by the plan,
    `expected_at` as things stand (open steps), `fixed_at` a promised hour. `elapsed` is in whole seconds at the state's
    `at`, `running_since` the moment from which a clock counts up (the start, moved back by what was spent before an
    interruption), None when it does not run.
    """

    id: int
    number: str
    mark: str
    title: str
    heading: str | None
    is_heading: bool
    kind: ItemKind
    minutes: int | None
    presenter: script.Presenter | None
    state: StepState
    place: int
    started_at: datetime | None
    ended_at: datetime | None
    elapsed: int
    running_since: datetime | None
    planned_minutes: int | None = None
    planned_at: datetime | None = None
    expected_at: datetime | None = None
    fixed_at: datetime | None = None
    inserted: bool = False

    @property
    def reading(self) -> timer.Reading:
        """What the step's clock says."""
        return timer.reading(self.elapsed, self.minutes)

    @property
    def over_under(self) -> int | None:
        """Seconds over the planned minutes (negative: under); None where none are planned."""
        return None if self.planned_minutes is None else self.elapsed - 60 * self.planned_minutes


@dataclass(frozen=True)
class StageState:
    """All that the screens need, at one moment `at`; `version` counts the presses.

    `free_at` is when the running step is through by its minutes, `due_at` when it should be by the plan: together
    they say how late it is, now and later. While `paused_at` is set the step's clock stands and it still needs `rest`
    seconds. `left` is what the steps after it take, `not_before` the earliest end that fixed hours allow.
    `proposals` say how a late conference can end on time. `holder` is the console that presses. Each is None where
    the plan leaves a start or minutes open.
    """

    conference: Conference
    at: datetime
    version: int
    phase: Phase
    rows: tuple[StageStep, ...]
    now: StageStep | None
    next: StageStep | None
    later: StageStep | None
    begun_at: datetime | None
    ended_at: datetime | None
    planned_start: datetime | None
    planned_end: datetime | None
    projected_end: datetime | None
    late: int | None
    free_at: datetime | None
    due_at: datetime | None
    left: timedelta | None
    undo: str | None
    paused_at: datetime | None = None
    rest: int = 0
    not_before: datetime | None = None
    must_end: datetime | None = None
    proposals: tuple[Proposal, ...] = ()
    holder: Holder | None = None
    upcoming: tuple[StageStep, ...] = ()

    @property
    def steps(self) -> tuple[StageStep, ...]:
        """The spoken rows."""
        return tuple(row for row in self.rows if not row.is_heading)

    @property
    def begun(self) -> frozenset[int]:
        """The rows that are on or over, headings among them."""
        return frozenset(row.id for row in self.rows if row.state in {StepState.NOW, StepState.DONE})

    @property
    def to_come(self) -> tuple[StageStep, ...]:
        """The steps that are still open, in the order in which they will be spoken."""
        return self.upcoming

    @property
    def last_done(self) -> StageStep | None:
        """The step that ended last."""
        done = [row for row in self.steps if row.ended_at is not None and row.state is StepState.DONE]
        return max(done, key=lambda row: (row.ended_at or self.at, row.place), default=None)

    @property
    def over_under(self) -> int | None:
        """Seconds that the steps so far took over their planned minutes; what the running one has left does not count."""
        total = 0
        for row in self.steps:
            if row.state in {StepState.DONE, StepState.NOW}:
                if row.over_under is None:
                    return None
                total += row.over_under if row.state is StepState.DONE else max(0, row.over_under)
        return total


def state_of(conference: Conference, rows: Sequence[Row], moves: Sequence[Move], at: datetime) -> StageState:
    """Return the stage of a conference at a moment."""
    order = stage_parts.order_of(conference, rows, moves)
    shown = _shown(rows, order, at)
    by_id = {step.id: step for step in shown}
    upcoming = tuple(by_id[run.step.id] for run in order.to_come)
    undone = running.to_undo([row.step for row in rows], moves)
    free_at, due_at, left = _times(order, at)
    current = order.current
    return StageState(
        conference, at, order.version, order.phase, shown, by_id[current.step.id] if current else None,
        upcoming[0] if upcoming else None, upcoming[1] if len(upcoming) > 1 else None,
        order.begun_at, order.ended_at, order.planned_start, order.planned_end, order.projected_end(at),
        order.late_by(at), free_at, due_at, left, stage_words.named(rows, moves, undone) if undone else None,
        paused_at=order.paused_at, rest=_rest(order, at), not_before=_not_before(order), must_end=order.must_end,
        proposals=catch_up.proposals(order, at), holder=order.holder, upcoming=upcoming,
    )  # fmt: skip


def _shown(rows: Sequence[Row], order: RunningOrder, at: datetime) -> tuple[StageStep, ...]:
    planned = _planned(rows, order.planned_start)
    expected = {run.step.id: begins for run, begins in order.expected(at)}
    standing = stage_parts.rows_in_order(rows, order)
    states = {run.step.id: run.state for run in order.runs}
    made: list[StageStep] = []
    place, under = 0, None
    for row, run in zip(standing, order.runs, strict=True):
        place += not row.is_heading
        under = row.id if row.is_heading else under if row.heading_id is not None else None
        away = row.heading_id is not None and row.heading_id != under
        step = StageStep(
            row.id, row.number, row.number if away else row.mark, row.step.title, None if away else row.heading,
            row.is_heading, row.kind, run.minutes, row.presenter,
            _heading_state(row, standing, states) if row.is_heading else run.state,
            0 if row.is_heading else place, run.started_at, run.ended_at, run.elapsed(at), _running_since(run),
            planned_minutes=row.step.in_plan, planned_at=planned.get(row.id), expected_at=expected.get(row.id),
            fixed_at=row.step.fixed_at, inserted=row.step.inserted,
        )  # fmt: skip
        made.append(replace(step, planned_minutes=None) if row.is_heading else step)
    return tuple(made)


def _planned(rows: Sequence[Row], start: datetime | None) -> dict[int, datetime | None]:
    """When each step begins by the plan; None behind open minutes, known again from a fixed hour on."""
    found: dict[int, datetime | None] = {}
    at = start
    for step in (row.step for row in rows if not row.is_heading):
        at = step.fixed_at or at
        found[step.id] = at
        at = at + timedelta(minutes=step.minutes) if at and step.minutes is not None else None
    return found


def _heading_state(row: Row, rows: Sequence[Row], states: dict[int, StepState]) -> StepState:
    """A heading is on while one of its steps is, and done when all of them are through."""
    below = {states[other.id] for other in rows if other.heading_id == row.id}
    if StepState.NOW in below or (StepState.DONE in below and StepState.NOT_YET in below):
        return StepState.NOW
    if StepState.NOT_YET in below:
        return StepState.NOT_YET
    return StepState.DONE if StepState.DONE in below else StepState.SKIPPED


def _running_since(run: StepRun) -> datetime | None:
    return run.resumed_at - run.spent if run.resumed_at else None


def _times(order: RunningOrder, at: datetime) -> tuple[datetime | None, datetime | None, timedelta | None]:
    """When the running step is through by its minutes, when it should be by the plan, and what comes after it."""
    waiting = [run.minutes for run in order.to_come]
    known = [minutes for minutes in waiting if minutes is not None]
    left = timedelta(minutes=sum(known)) if len(known) == len(waiting) else None
    if order.phase in {Phase.NOT_BEGUN, Phase.OVER}:
        return None, None, left
    late = order.late_by(at)
    over = order.current.over_under(at) if order.current else 0
    if over is None:
        return None, None, left
    free = at - timedelta(seconds=over)
    due = None if late is None else max(free, at) - timedelta(seconds=late)
    return free, due, left


def _rest(order: RunningOrder, at: datetime) -> int:
    """The seconds that a paused step still needs."""
    over = order.current.over_under(at) if order.current and order.paused_at else None
    return 0 if over is None else max(0, -over)


def _not_before(order: RunningOrder) -> datetime | None:
    """The end that the last fixed hour allows at the earliest, with what comes after it."""
    earliest: datetime | None = None
    for run in order.to_come:
        fixed = run.step.fixed_at
        if fixed is not None and (earliest is None or fixed > earliest):
            earliest = fixed
        if earliest is not None:
            if run.minutes is None:
                return None
            earliest += timedelta(minutes=run.minutes)
    return earliest
