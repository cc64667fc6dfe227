"""The programme at one moment: what is done, now and next, and how it stands against the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


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
    """A row of the programme; one with sub-items is `heading_only` and is never spoken."""

    id: int
    number: str
    title: str
    minutes: int | None = None
    kind: str = "other"
    heading_only: bool = False


@dataclass(frozen=True)
class StepRun:
    """A step with what happened to it; `spent` holds the finished stretches, `resumed_at` the running one.

    A step that BACK set aside is not yet again and keeps its start and the time it has had.
    """

    step: Step
    state: StepState = StepState.NOT_YET
    started_at: datetime | None = None
    ended_at: datetime | None = None
    spent: timedelta = timedelta()
    resumed_at: datetime | None = None

    def elapsed(self, now: datetime) -> int:
        """Return the whole seconds that the step has had so far."""
        running = max(timedelta(), now - self.resumed_at) if self.resumed_at else timedelta()
        return int((self.spent + running).total_seconds())

    def over_under(self, now: datetime) -> int | None:
        """Return the seconds over the planned minutes (negative: left), or None when none are planned."""
        return None if self.step.minutes is None else self.elapsed(now) - 60 * self.step.minutes


@dataclass(frozen=True)
class RunningOrder:
    """The programme at one moment. `runs` are all rows in their order, headings included.

    Times are aware datetimes, spans whole seconds. What depends on a start or on minutes that nobody
    has planned is None, never guessed.
    """

    runs: tuple[StepRun, ...]
    version: int = 0
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    planned_start: datetime | None = None
    closed: tuple[int, ...] = ()

    @property
    def spoken(self) -> tuple[StepRun, ...]:
        """The rows that are spoken."""
        return tuple(run for run in self.runs if not run.step.heading_only)

    @property
    def current(self) -> StepRun | None:
        """The step that is being spoken."""
        return next((run for run in self.spoken if run.state is StepState.NOW), None)

    @property
    def next(self) -> StepRun | None:
        """The step that NEXT would start: the first open one behind the current or last one, else any open one."""
        if self.ended_at is not None:
            return None
        ids = [run.step.id for run in self.spoken]
        here = self.current.step.id if self.current else self.closed[-1] if self.closed else None
        behind = ids.index(here) + 1 if here in ids else 0
        turned = self.spoken[behind:] + self.spoken[:behind]
        return next((run for run in turned if run.state is StepState.NOT_YET), None)

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
        total = _minutes(self.spoken)
        return None if self.planned_start is None or total is None else self.planned_start + total

    def projected_end(self, now: datetime) -> datetime | None:
        """Return when it will end if every open step takes its minutes; once over, when it ended."""
        if self.ended_at is not None:
            return self.ended_at
        left = _minutes(run for run in self.spoken if run.state is StepState.NOT_YET)
        free = self._free_at(now)
        return None if left is None or free is None else free + left

    def late_by(self, now: datetime) -> int | None:
        """Return by how many seconds the conference is behind its plan (negative: ahead).

        Only the minutes of steps that are done, skipped or running count, so it is known as soon as those are.
        """
        if self.planned_start is None:
            return None
        if self.begun_at is None:
            return max(0, int((now - self.planned_start).total_seconds()))
        over = self.phase is Phase.OVER
        planned = _minutes(run for run in self.spoken if over or run.state is not StepState.NOT_YET)
        free = self._free_at(now)
        if planned is None or free is None:
            return None
        return int((free - self.planned_start - planned).total_seconds())

    def _free_at(self, now: datetime) -> datetime | None:
        """When the current step will be through."""
        if self.ended_at is not None:
            return self.ended_at
        if self.begun_at is None:
            return None if self.planned_start is None else max(now, self.planned_start)
        if self.current is None:
            return now
        over = self.current.over_under(now)
        return None if over is None else now + timedelta(seconds=max(0, -over))


def _minutes(runs: Iterable[StepRun]) -> timedelta | None:
    """The planned time of these steps together, or None when one of them has none."""
    total = 0
    for run in runs:
        if run.step.minutes is None:
            return None
        total += run.step.minutes
    return timedelta(minutes=total)
