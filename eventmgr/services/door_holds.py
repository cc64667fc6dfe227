"""Who is asked to wait at the door and has not been judged yet, for the list on the phones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from eventmgr.domain.conflicts import Decision, Problem
from eventmgr.domain.presence import Judgements, derive
from eventmgr.models.checkin import DoorConflict, Gate, Scan
from eventmgr.models.database import db
from eventmgr.services import scan_facts


def waiting(conference_id: int, ids: Sequence[int] | None = None) -> dict[int, list[str]]:
    """Return [since when, at which gate, why] of each delegate who waits, by id; `ids` limits it to these delegates."""
    waits = open_holds(conference_id, ids)
    gates: dict[int, str] = {}
    if waits:
        named = db.session.execute(sa.select(Gate.id, Gate.name).where(Gate.id.in_({row.gate_id for row in waits.values()})))
        gates = {gate_id: name for gate_id, name in named}
    return {
        delegate_id: [row.fact.at.isoformat(), gates.get(row.gate_id, ""), row.reason or ""] for delegate_id, row in waits.items()
    }


def open_holds(conference_id: int, ids: Sequence[int] | None = None) -> dict[int, scan_facts.Row]:
    """Return the hold that nothing has settled of each delegate who has one: the same answer as the rule at the gate."""
    held = sa.select(Scan.delegate_id).where(
        Scan.conference_id == conference_id, Scan.kind == "hold", Scan.delegate_id.is_not(None)
    )
    held = held if ids is None else held.where(Scan.delegate_id.in_(ids))
    facts: dict[int, list[scan_facts.Row]] = defaultdict(list)
    for found in db.session.execute(scan_facts.ALL.where(Scan.delegate_id.in_(held))):
        facts[found.delegate_id].append(scan_facts.read(found))
    judged = _judged(held) if facts else {}
    return {
        delegate_id: next(row for row in rows if row.fact.id == hold.id)
        for delegate_id, rows in facts.items()
        if (hold := derive((row.fact for row in rows), judged.get(delegate_id)).hold) is not None
    }


def _judged(held: sa.Select[Any]) -> dict[int, Judgements]:
    """What people have decided of those who were ever asked to wait."""
    rows = db.session.scalars(
        sa.select(DoorConflict).where(
            DoorConflict.delegate_id.in_(held), DoorConflict.decision.is_not(None), DoorConflict.gone_at.is_(None)
        )
    )
    made: dict[int, dict[tuple[Problem, int], tuple[Decision, int | None]]] = defaultdict(dict)
    for row in rows:
        if row.delegate_id is not None and row.decision is not None:
            made[row.delegate_id][Problem(row.kind), row.scan_id] = (Decision(row.decision), row.other_id)
    return dict(made)
