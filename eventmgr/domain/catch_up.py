"""How a conference that runs late can end on time: which steps to shorten, or at worst to leave out.

Steps with a fixed hour are neither moved nor cut; what begins, ends or honours is not cut either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from eventmgr.domain.dates import to_local
from eventmgr.domain.items import ItemKind
from eventmgr.domain.running_order import Phase, RunningOrder, StepRun, StepState

FLEXIBLE = (
    ItemKind.DISCUSSION, ItemKind.BREAK, ItemKind.OTHER, ItemKind.PAPER, ItemKind.PAPERS, ItemKind.REPORT, ItemKind.SPEECH,
)  # fmt: skip
"""Kinds that may be cut, the one to be cut first in front."""
LEAVE_OUT = frozenset({ItemKind.BREAK, ItemKind.OTHER, ItemKind.PAPER, ItemKind.DISCUSSION})
SHORTEST = 3
WORTH = 60
"""Seconds of lateness from which a proposal is worth a word."""
MOST = 4


@dataclass(frozen=True)
class Goal:
    """What is to be met: `step` is the fixed one that would begin late, None the end; `late` in seconds."""

    at: datetime
    late: int
    step: StepRun | None
    strict: bool


@dataclass(frozen=True)
class Proposal:
    """Cuts (step -> minutes it keeps, 0: left out) and what they lead to; `late` are the seconds still missing."""

    cuts: tuple[tuple[int, int], ...]
    late: int
    sentence: str


def goal_of(order: RunningOrder, now: datetime) -> Goal | None:
    """Return the first promise that would be broken as things stand; None when all are kept or nothing is known."""
    if order.phase is Phase.OVER or not order.spoken:
        return None
    for goal in _goals(order, now):
        if goal.late >= WORTH:
            return goal
    return None


def proposals(order: RunningOrder, now: datetime) -> tuple[Proposal, ...]:
    """Return how to meet the first promise that would be broken, the gentlest first."""
    goal = goal_of(order, now)
    if goal is None:
        return ()
    may_be_cut = _flexible(order, goal)
    found: dict[tuple[tuple[int, int], ...], Proposal] = {}
    for cuts in _ways(may_be_cut, goal, now):
        late = _late_with(order, cuts, goal, now)
        if late < WORTH and cuts not in found:
            found[cuts] = Proposal(cuts, max(0, late), _sentence(order, cuts, goal, late))
    if not found and may_be_cut:
        cuts = tuple((run.step.id, _shortest(run, now)) for run in may_be_cut if _spare(run, now))
        late = _late_with(order, cuts, goal, now)
        if cuts and late < goal.late:
            found[cuts] = Proposal(cuts, late, _sentence(order, cuts, goal, late))
        found |= {one.cuts: one for one in _left_out(order, cuts, goal, now)}
    return tuple(found.values())[:MOST]


def _goals(order: RunningOrder, now: datetime) -> Iterable[Goal]:
    free = order.free_at(now)
    for run, begins in order.expected(now):
        if run.step.fixed_at is not None and begins is not None:
            yield Goal(run.step.fixed_at, int((begins - run.step.fixed_at).total_seconds()), run, True)
    end, wanted = order.projected_end(now), order.must_end or order.planned_end
    if end is not None and wanted is not None and free is not None:
        yield Goal(wanted, int((end - wanted).total_seconds()), None, order.must_end is not None)


def _flexible(order: RunningOrder, goal: Goal) -> list[StepRun]:
    """The steps before the goal that may be cut, the one to be cut first in front."""
    coming = list(order.to_come)
    if goal.step is not None:
        coming = coming[: coming.index(goal.step)]
    runs = [run for run in ([order.current] if order.current else []) + coming if run.step.fixed_at is None]
    found = [run for run in runs if run.step.kind in FLEXIBLE and run.minutes is not None]
    return sorted(found, key=lambda run: FLEXIBLE.index(ItemKind(run.step.kind)))


def _ways(runs: list[StepRun], goal: Goal, now: datetime) -> Iterable[tuple[tuple[int, int], ...]]:
    """Single steps first, then steps of one kind together, then all together."""
    need = -(-goal.late // 60)
    for run in runs:
        if _spare(run, now) >= need:
            yield ((run.step.id, (run.minutes or 0) - need),)
    for kind in dict.fromkeys(run.step.kind for run in runs):
        yield from _shared([run for run in runs if run.step.kind == kind], need, now)
    yield from _shared(runs, need, now)


def _shared(runs: list[StepRun], need: int, now: datetime) -> Iterable[tuple[tuple[int, int], ...]]:
    """The minutes that are needed taken from several steps, a minute from each in turn."""
    spare = {run.step.id: _spare(run, now) for run in runs}
    if len(runs) < 2 or sum(spare.values()) < need:
        return
    taken = dict.fromkeys(spare, 0)
    while need:
        for key in [key for key in spare if taken[key] < spare[key]][:need]:
            taken[key] += 1
            need -= 1
    yield tuple((run.step.id, (run.minutes or 0) - taken[run.step.id]) for run in runs if taken[run.step.id])


def _left_out(order: RunningOrder, cuts: tuple[tuple[int, int], ...], goal: Goal, now: datetime) -> Iterable[Proposal]:
    """Leaving one step out on top of the cuts, where cutting alone does not do."""
    for run in reversed(_flexible(order, goal)):
        if run.state is not StepState.NOT_YET or run.step.kind not in LEAVE_OUT:
            continue
        more = (*((key, minutes) for key, minutes in cuts if key != run.step.id), (run.step.id, 0))
        late = _late_with(order, more, goal, now)
        if late < WORTH:
            yield Proposal(more, max(0, late), _sentence(order, more, goal, late))


def _late_with(order: RunningOrder, cuts: Iterable[tuple[int, int]], goal: Goal, now: datetime) -> int:
    wanted: Mapping[int, int] = dict(cuts)
    runs = tuple(_cut(run, wanted[run.step.id]) if run.step.id in wanted else run for run in order.runs)
    tried = replace(order, runs=runs)
    key = goal.step.step.id if goal.step else None
    return next((one.late for one in _goals(tried, now) if (one.step.step.id if one.step else None) == key), goal.late)


def _cut(run: StepRun, minutes: int) -> StepRun:
    return replace(run, state=StepState.SKIPPED) if minutes == 0 else replace(run, minutes=minutes)


def _shortest(run: StepRun, now: datetime) -> int:
    """What must be left of a step: a third of it, and never less than it has had already."""
    minutes = run.minutes or 0
    return min(minutes, max(SHORTEST, -(-minutes // 3), -(-run.elapsed(now) // 60)))


def _spare(run: StepRun, now: datetime) -> int:
    return (run.minutes or 0) - _shortest(run, now)


def _sentence(order: RunningOrder, cuts: tuple[tuple[int, int], ...], goal: Goal, late: int) -> str:
    runs = {run.step.id: run for run in order.runs}
    kept = _kept([(runs[key], minutes) for key, minutes in cuts if minutes])
    left_out = [_called(runs[key]) for key, minutes in cuts if not minutes]
    parts = [f"rút {', '.join(kept)}"] if kept else []
    parts += [f"bỏ {', '.join(left_out)}"] if left_out else []
    said = ", ".join(parts)
    met = f"thì vẫn chậm {-(-late // 60)} phút" if late >= WORTH else _met(goal)
    return f"{said[:1].upper()}{said[1:]} {met}"


def _kept(cuts: list[tuple[StepRun, int]]) -> list[str]:
    """What each step keeps; steps of one kind that keep the same are told together."""
    alike: dict[tuple[str, int], list[StepRun]] = {}
    for run, minutes in cuts:
        alike.setdefault((run.step.kind, minutes), []).append(run)
    return [
        f"mỗi {ItemKind(kind).label} ({', '.join(run.step.number for run in runs)}) còn {minutes} phút"
        if len(runs) > 1 and kind != ItemKind.OTHER
        else ", ".join(f"{_called(run)} còn {minutes} phút" for run in runs)
        for (kind, minutes), runs in alike.items()
    ]


def _met(goal: Goal) -> str:
    hour = f"{to_local(goal.at):%H:%M}"
    if goal.step is not None:
        return f"là kịp {_called(goal.step)} lúc {hour}"
    return f"là xong trước {hour}" if goal.strict else "là đúng giờ"


def _called(run: StepRun) -> str:
    """A step as the MC knows it: 'Thảo luận (6)', 'Tham luận (4.(2))'."""
    step = run.step
    name = step.title if step.inserted or step.kind == ItemKind.OTHER else ItemKind(step.kind).label
    return f"{name if len(name) <= 60 else name[:60].rsplit(' ', 1)[0] + '…'} ({step.number})"
