"""Who is in: one delegate's state out of all the facts about it, the same whatever order they arrived in.

Facts count in the order of their times on the server's clock. An undo takes its fact away whenever it comes. The first
entry that stands is the arrival; an exit leaves by it, a later entry comes back. What does not go together becomes a
finding for a person to judge, and a judgement changes the state from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from eventmgr.domain.conflicts import Decision, Problem


@dataclass(frozen=True)
class Fact:
    """One stored fact about a delegate.

    `passed`: somebody went through the gate, in or out; `again`, `cleared`: the staff knew it to be a return, or that the wait was
    over; `objection` and `doubt` as the server judged it; `undoes`: the key that an undo takes away; `entered_at`: when a signature on
    paper was entered, whose `at` is the time written beside it.
    """

    id: int
    key: str
    kind: str
    at: datetime
    passed: bool = False
    again: bool = False
    cleared: bool = False
    objection: str | None = None
    doubt: bool = False
    undoes: str | None = None
    entered_at: datetime | None = None


@dataclass(frozen=True)
class Finding:
    """Facts that do not go together: the one that stands out, and the one that it stands against."""

    problem: Problem
    scan_id: int
    other_id: int | None = None


@dataclass(frozen=True)
class Presence:
    """The state: the entry that stands as the arrival, the exit that ended the stay, a wait that nobody has ended.

    `undone` has the undo of each key that one names.
    """

    arrival: Fact | None = None
    left: Fact | None = None
    hold: Fact | None = None
    undone: Mapping[str, Fact] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def inside(self) -> bool:
        """Whether the delegate is in the hall."""
        return self.arrival is not None and self.left is None


Judgements = Mapping[tuple[Problem, int], tuple[Decision, int | None]]
"""What people decided: by problem and fact, the decision and the other fact it was made against."""


def derive(facts: Iterable[Fact], judged: Judgements | None = None) -> Presence:
    """Return the state that these facts make together with what people have judged of them."""
    judged = judged or {}
    undone: dict[str, Fact] = {}
    ordered = sorted(facts, key=_order)
    for fact in ordered:
        if fact.undoes is not None:
            undone.setdefault(fact.undoes, fact)
    standing = [fact for fact in ordered if fact.kind != "undo" and fact.key not in undone]
    crossed = _crossed(ordered, undone)
    bare = _walk(standing, judged, frozenset())
    told = _walk(standing, judged, _set_aside(judged))
    known = {(one.problem, one.scan_id) for one in told.findings}
    kept = [one for one in bare.findings if (one.problem, one.scan_id) in judged and (one.problem, one.scan_id) not in known]
    return Presence(told.arrival, told.left, told.hold, undone, (*told.findings, *kept, *crossed))


def _walk(standing: Sequence[Fact], judged: Judgements, aside: frozenset[int]) -> Presence:
    """Go through the facts in their order; those that are set aside or in doubt leave findings and move nothing."""
    now = Presence()
    signed = [fact for fact in standing if fact.entered_at is not None and _counts(fact, judged, aside)]
    for fact in standing:
        if fact.kind == "hold":
            # Who has signed the sheet is in, also where the time written there is older than the wait.
            if any(one.at <= fact.at and one.entered_at is not None and fact.at <= one.entered_at for one in signed):
                continue
            now = replace(now, hold=now.hold or fact)
        elif fact.kind == "exit" and fact.passed:
            now = _after_exit(now, fact, fact.id in aside)
        elif fact.kind == "entry" and fact.passed:
            now = _after_entry(_questioned(now, fact), fact, _counts(fact, judged, aside))
    return now


def _questioned(now: Presence, fact: Fact) -> Presence:
    if fact.objection is not None:
        now = _found(now, Problem.REFUSED, fact)
    if now.hold is not None and not fact.cleared:
        now = _found(now, Problem.HELD, fact, now.hold)
    return now


def _after_entry(now: Presence, fact: Fact, counts: bool) -> Presence:
    if not counts:
        return now
    if now.arrival is None:
        return replace(now, arrival=fact, hold=None)
    if now.inside and not fact.again:
        now = replace(now, hold=None if fact.cleared else now.hold)
        return _found(now, Problem.DOUBLE, fact, now.arrival)
    return replace(now, left=None, hold=None)


def _after_exit(now: Presence, fact: Fact, is_aside: bool) -> Presence:
    if is_aside:
        return now
    return replace(now, left=fact) if now.inside else _found(now, Problem.ORDER, fact, now.left)


def _found(now: Presence, problem: Problem, fact: Fact, other: Fact | None = None) -> Presence:
    found = Finding(problem, fact.id, other.id if other is not None else None)
    return replace(now, findings=(*now.findings, found))


def _counts(fact: Fact, judged: Judgements, aside: frozenset[int]) -> bool:
    return fact.id not in aside and (not fact.doubt or _accepted(fact, judged))


def _accepted(fact: Fact, judged: Judgements) -> bool:
    return judged.get((Problem.REFUSED, fact.id), (None, None))[0] is Decision.STANDS


def _set_aside(judged: Judgements) -> frozenset[int]:
    """Facts that people ruled out: somebody else came in under this name."""
    out = {fact_id for (_, fact_id), (decision, _) in judged.items() if decision in (Decision.ASIDE, Decision.FIRST)}
    out |= {other for decision, other in judged.values() if decision is Decision.SECOND and other is not None}
    return frozenset(out)


def _crossed(ordered: Sequence[Fact], undone: Mapping[str, Fact]) -> list[Finding]:
    """Undos whose entry was followed by another entry of the same delegate before the undo was made."""
    found = []
    by_key = {fact.key: fact for fact in ordered}
    for key, undo in undone.items():
        entry = by_key.get(key)
        if entry is None or entry.kind != "entry" or not entry.passed:
            continue
        between = [
            fact for fact in ordered
            if fact.kind == "entry" and fact.passed and fact.key not in undone and entry.at < fact.at <= undo.at
        ]
        if between:
            found.append(Finding(Problem.CROSSED, undo.id, between[0].id))
    return found


def _order(fact: Fact) -> tuple[datetime, str]:
    return fact.at, fact.key
