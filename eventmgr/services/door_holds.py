"""Who is asked to wait at the door and has not been judged yet, for the list on the phones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from eventmgr.domain.presence import derive
from eventmgr.models.checkin import Gate, Scan
from eventmgr.models.database import db
from eventmgr.services import scan_facts


def waiting(conference_id: int, ids: Sequence[int] | None = None) -> dict[int, list[str]]:
    """Return [since when, at which gate, why] of each delegate who waits, by id; `ids` limits it to these delegates."""
    held = sa.select(Scan.delegate_id).where(
        Scan.conference_id == conference_id, Scan.kind == "hold", Scan.delegate_id.is_not(None)
    )
    wanted = scan_facts.ALL.where(Scan.delegate_id.in_(held if ids is None else held.where(Scan.delegate_id.in_(ids))))
    facts: dict[int, list[scan_facts.Row]] = defaultdict(list)
    for found in db.session.execute(wanted):
        facts[found.delegate_id].append(scan_facts.read(found))
    waits = {
        delegate_id: next(row for row in rows if row.fact.id == hold.id)
        for delegate_id, rows in facts.items()
        if (hold := derive(row.fact for row in rows).hold) is not None
    }
    gates: dict[int, str] = {}
    if waits:
        named = db.session.execute(sa.select(Gate.id, Gate.name).where(Gate.id.in_({row.gate_id for row in waits.values()})))
        gates = {gate_id: name for gate_id, name in named}
    return {
        delegate_id: [row.fact.at.isoformat(), gates.get(row.gate_id, ""), row.reason or ""] for delegate_id, row in waits.items()
    }
