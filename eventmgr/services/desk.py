"""The desk of a conference: what is ready, what is missing, what to do next, figures by group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.dates import to_local
from eventmgr.models.conferences import Conference, Task
from eventmgr.models.database import db
from eventmgr.models.journal import Entry
from eventmgr.services import desk_figures
from eventmgr.services.desk_checks import Check, Level, checks
from eventmgr.services.desk_figures import Figures

__all__ = ["Check", "Desk", "Figures", "Level", "desk_of"]

LONG_GONE = 60
"""Days after which a missed deadline is no longer shown as one to act on."""


@dataclass(frozen=True)
class Deadline:
    """A duty of the plan and how many days are left until its last day ("trước ngày" excludes the day)."""

    task: Task
    last_day: date
    days_left: int


@dataclass(frozen=True)
class Desk:
    """Everything that the desk shows."""

    checks: list[Check]
    groups: list[Figures]
    deadlines: list[Deadline]
    recent: list[Entry]
    slug: str
    with_people: bool

    @property
    def due(self) -> list[Deadline]:
        """Deadlines ahead, and those missed not long ago."""
        return [one for one in self.deadlines if one.days_left >= -LONG_GONE]

    @property
    def gone(self) -> int:
        """How many deadlines were missed so long ago that nobody acts on them."""
        return len(self.deadlines) - len(self.due)

    @property
    def next_step(self) -> Check | None:
        """The first thing that is missing, else the first that is under way."""
        for level in (Level.MISSING, Level.DOING):
            for check in self.checks:
                if check.level is level:
                    return check
        return None

    def count(self, level: Level) -> int:
        """Return how many checks stand at a level."""
        return sum(check.level is level for check in self.checks)

    @property
    def total(self) -> Figures:
        """All groups in one line."""
        return desk_figures.total(self.groups)


def desk_of(conference: Conference, *, with_people: bool = False) -> Desk:
    """Return the desk of a conference in a fixed number of queries.

    What happened to single delegates (who came, who cannot and why) is told only `with_people`.
    """
    today = to_local(clock.now()).date()
    groups = desk_figures.by_group(conference.id)
    known = sorted(checks(conference, groups), key=lambda check: list(Level).index(check.level))
    return Desk(known, groups, _deadlines(conference.id, today), _recent(conference.id, with_people), conference.slug, with_people)


def _deadlines(conference_id: int, today: date) -> list[Deadline]:
    tasks = db.session.scalars(
        sa.select(Task)
        .where(Task.conference_id == conference_id, Task.deadline.is_not(None), Task.done_at.is_(None))
        .order_by(Task.deadline, Task.position)
    )
    made = []
    for task in tasks:
        assert task.deadline is not None
        last_day = task.deadline - timedelta(days=1) if task.rule == "before" else task.deadline
        made.append(Deadline(task, last_day, (last_day - today).days))
    return made


def _recent(conference_id: int, with_people: bool) -> list[Entry]:
    wanted = sa.select(Entry).where(Entry.conference_id == conference_id, Entry.sentence != "")
    if not with_people:
        wanted = wanted.where(Entry.subject.not_in(("delegate", "speech", "message")))
    return list(db.session.scalars(wanted.order_by(Entry.id.desc()).limit(8)))
