"""The programme at one moment: what is done, now and next, and how it stands against the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from eventmgr.domain.moves import Holder


class StepState(StrEnum):
    """Where a step stands."""

    NOT_YET = "not_yet"
    NOW = "now"
    DONE = "done"
    SKIPPED = "skipped"


class Phase(StrEnum):
    """Where the whole conference stands; PAUSED: begun, nothing running, steps left."""

    NOT_BEGUN = "not_begun"
    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"


@dataclass(frozen=True)
class Step:
    """A row of the programme; one with sub-items is `heading_only` and is never spoken.

    `minutes` are the planned ones. `fixed_at` is an hour that nothing moves. A step `inserted` on the spot is not in
    the plan; its id is below zero and `presenter` says who speaks.
    """

    id: int
    number: str
    title: str
    minutes: int | None = None
    kind: str = "other"
    heading_only: bool = False
    fixed_at: datetime | None = None
    inserted: bool = False
    presenter: str = ""

    @property
    def in_plan(self) -> int | None:
        """The minutes that the plan gave it: none to what was inserted."""
        return 0 if self.inserted else self.minutes


@dataclass(frozen=True)
class StepRun:
    """A step with what happened to it; `spent` holds the finished stretches, `resumed_at` the running one.

    `minutes` are those it has by now: the planned ones with what the MC gave and took. A step that BACK set aside is
    not yet again and keeps its start and the time it has had; one that is paused is now and its clock stands.
    """

    step: Step
    state: StepState = StepState.NOT_YET
    started_at: datetime | None = None
    ended_at: datetime | None = None
    spent: timedelta = timedelta()
    resumed_at: datetime | None = None
    minutes: int | None = None

    def elapsed(self, now: datetime) -> int:
        """Return the whole seconds that the step has had so far."""
        running = max(timedelta(), now - self.resumed_at) if self.resumed_at else timedelta()
        return int((self.spent + running).total_seconds())

    def over_under(self, now: datetime) -> int | None:
        """Return the seconds over its minutes (negative: left), or None when it has none."""
        return None if self.minutes is None else self.elapsed(now) - 60 * self.minutes


@dataclass(frozen=True)
class RunningOrder:
    """The programme at one moment. `runs` are all rows in their order, headings included.

    Times are aware datetimes, spans whole seconds. What depends on a start or on minutes that nobody
    has planned is None, never guessed. `paused_at` is set while the running step's clock stands.
    """

    runs: tuple[StepRun, ...]
    version: int = 0
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    planned_start: datetime | None = None
    closed: tuple[int, ...] = ()
    paused_at: datetime | None = None
    must_end: datetime | None = None
    holder: Holder | None = None

    @property
    def spoken(self) -> tuple[StepRun, ...]:
        """The rows that are spoken."""
        return tuple(run for run in self.runs if not run.step.heading_only)

    @property
    def current(self) -> StepRun | None:
        """The step that is being spoken."""
        return next((run for run in self.spoken if run.state is StepState.NOW), None)

    @property
    def to_come(self) -> tuple[StepRun, ...]:
        """The open steps as they will be spoken: those behind the current or last one, then those left behind."""
        if self.ended_at is not None:
            return ()
        spoken = self.spoken
        ids = [run.step.id for run in spoken]
        here = self.current.step.id if self.current else self.closed[-1] if self.closed else None
        behind = ids.index(here) + 1 if here in ids else 0
        return tuple(run for run in spoken[behind:] + spoken[:behind] if run.state is StepState.NOT_YET)

    @property
    def next(self) -> StepRun | None:
        """The step that NEXT would start: the first open one behind the current or last one, else any open one."""
        return next(iter(self.to_come), None)

    @property
    def phase(self) -> Phase:
        """Where the conference stands."""
        if self.begun_at is None:
            return Phase.NOT_BEGUN
        if self.ended_at is not None:
            return Phase.OVER
        return Phase.RUNNING if self.current else Phase.PAUSED

    @property
    def planned_end(self) -> datetime | None:
        """The end by the plan, or None when the start or any step's minutes are open."""
        return _after((run.step for run in self.spoken if not run.step.inserted), self.planned_start)

    def with_run(self, changed: StepRun) -> RunningOrder:
        """Return the order with one step as it is now."""
        return replace(self, runs=tuple(changed if run.step.id == changed.step.id else run for run in self.runs))

    def expected(self, now: datetime) -> tuple[tuple[StepRun, datetime | None], ...]:
        """Return the open steps in their order with the moment each will begin; None behind open minutes."""
        at, found = self.free_at(now), []
        for run in self.to_come:
            at = max(at, run.step.fixed_at or at) if at else None
            found.append((run, at))
            at = at + timedelta(minutes=run.minutes) if at and run.minutes is not None else None
        return tuple(found)

    def projected_end(self, now: datetime) -> datetime | None:
        """Return when it will end if every open step takes its minutes; once over, when it ended."""
        if self.ended_at is not None:
            return self.ended_at
        waiting = self.expected(now)
        if not waiting:
            return self.free_at(now)
        last, begins = waiting[-1]
        return None if begins is None or last.minutes is None else begins + timedelta(minutes=last.minutes)

    def late_by(self, now: datetime) -> int | None:
        """Return by how many seconds the conference is behind its plan (negative: ahead).

        Only the planned minutes of steps that are done, skipped or running count, so it is known as soon as those are.
        """
        if self.planned_start is None:
            return None
        if self.begun_at is None:
            return max(0, int((now - self.planned_start).total_seconds()))
        over = self.phase is Phase.OVER
        due = _after((run.step for run in self.spoken if over or run.state is not StepState.NOT_YET), self.planned_start)
        free = self.free_at(now)
        return None if due is None or free is None else int((free - due).total_seconds())

    def free_at(self, now: datetime) -> datetime | None:
        """Return when the current step will be through; None while its minutes or the start are open."""
        if self.ended_at is not None:
            return self.ended_at
        if self.begun_at is None:
            return None if self.planned_start is None else max(now, self.planned_start)
        if self.current is None:
            return now
        over = self.current.over_under(now)
        return None if over is None else now + timedelta(seconds=max(0, -over))


def _after(steps: Iterable[Step], start: datetime | None) -> datetime | None:
    """When these steps are through by the plan, one behind the other; None behind a start or minutes that are open."""
    at = start
    for step in steps:
        if at is None or step.in_plan is None:
            return None
        at = max(at, step.fixed_at or at) + timedelta(minutes=step.in_plan)
    return at
