"""What follows from the facts about one delegate: its admission and its conflicts, brought up to date after each fact.

The caller holds the delegate's row (see door_facts), so that two facts about one person never cross.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from eventmgr.domain.conflicts import Decision, Problem
from eventmgr.domain.presence import Fact, Finding, Judgements, Presence, derive
from eventmgr.models.checkin import Admission, DoorConflict
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.services import door_names, scan_facts
from eventmgr.services.scan_facts import Row

DERIVED = (Problem.DOUBLE, Problem.REFUSED, Problem.HELD, Problem.CROSSED, Problem.ORDER, Problem.NAMED)
_ROUNDS = 10
_NOT_COUNTED = "Không tính lượt vào này, theo người xem lại."
_a = Admission.__table__.c


@dataclass(frozen=True)
class Known:
    """Everything about a delegate before a new fact: the facts, the conflicts found so far, the state."""

    rows: list[Row]
    conflicts: list[DoorConflict]
    presence: Presence


def known(conference_id: int, delegate_id: int, scan_key: str = "") -> Known:
    """Return what is known of a delegate; one query for somebody who was never scanned, else two."""
    rows = scan_facts.about(conference_id, delegate_id, scan_key)
    conflicts = _conflicts(delegate_id) if rows else []
    return Known(rows, conflicts, derive([row.fact for row in rows], _judged(conflicts)))


def with_undo(before: Known, undoes: str, undo_key: str, at: datetime) -> Presence:
    """Return the state as it would be with this undo."""
    undo = Fact(0, undo_key, "undo", at, undoes=undoes)
    return derive([*(row.fact for row in before.rows), undo], _judged(before.conflicts))


def forget(scan_id: int, at: datetime) -> bool:
    """Take back the conflict of a fact about nobody, which was undone; return whether there was one."""
    gone = sa.update(DoorConflict).where(DoorConflict.scan_id == scan_id, DoorConflict.gone_at.is_(None)).values(gone_at=at)
    return bool(db.session.connection().execute(gone).rowcount)


def settle(conference_id: int, delegate_id: int, at: datetime, rows: Sequence[Row], before: Known) -> Presence:
    """Write what follows from these facts and return the state."""
    presence, conflicts = _settled(rows, before.conflicts)
    presence = _with_names(delegate_id, rows, presence, conflicts, rows[-1].fact.id)
    _write_conflicts(conference_id, delegate_id, at, presence.findings, conflicts)
    _write_admission(conference_id, delegate_id, at, presence, {row.fact.id: row for row in rows}, bool(before.rows))
    return presence


def settle_again(conference_id: int, delegate_id: int, at: datetime) -> Presence:
    """Hold the delegate, read all facts anew and write what follows; after a judgement or a merge."""
    db.session.execute(sa.select(Delegate.id).where(Delegate.id == delegate_id).with_for_update(key_share=True))
    db.session.flush()
    before = known(conference_id, delegate_id)
    held = Known(before.rows or [], before.conflicts or _conflicts(delegate_id), before.presence)
    presence, conflicts = _settled(held.rows, held.conflicts)
    presence = _with_names(delegate_id, held.rows, presence, conflicts)
    _write_conflicts(conference_id, delegate_id, at, presence.findings, conflicts)
    _write_admission(conference_id, delegate_id, at, presence, {row.fact.id: row for row in held.rows}, True)
    return presence


def take_over(conference_id: int, goes: int, stays: int, at: datetime) -> None:
    """Bring both up to date after the facts of one delegate have passed to another: the one that goes was never here."""
    # A row of admissions cannot stand for both while it changes hands, and its scan may let in one person only.
    ended = {"undone_at": at, "undone_reason": "Đã gộp với một đại biểu khác.", "out_at": None}
    db.session.execute(sa.update(Admission).where(_a.delegate_id == goes, _a.undone_at.is_(None)).values(ended))
    db.session.execute(sa.update(Admission).where(_a.delegate_id == goes).values(delegate_id=stays))
    settle_again(conference_id, stays, at)


def _with_names(
    delegate_id: int, rows: Sequence[Row], presence: Presence, conflicts: Sequence[DoorConflict], new_id: int | None = None
) -> Presence:
    noted = {row.scan_id for row in conflicts if row.kind == Problem.NAMED and row.gone_at is None}
    found = door_names.settle(delegate_id, rows, presence, noted, new_id)
    return replace(presence, findings=(*presence.findings, *found)) if found else presence


def _settled(rows: Sequence[Row], conflicts: list[DoorConflict]) -> tuple[Presence, list[DoorConflict]]:
    """The state; a judgement that was made against another fact than the one that stands now is open again."""
    facts = [row.fact for row in rows]
    for _ in range(_ROUNDS):
        presence = derive(facts, _judged(conflicts))
        against = {(one.problem, one.scan_id): one.other_id for one in presence.findings}
        outdated = [
            row for row in conflicts
            if row.judged_at is not None and row.kind == Problem.DOUBLE
            and against.get((Problem(row.kind), row.scan_id), row.other_id) != row.other_id
        ]
        if not outdated:
            break
        for row in outdated:
            row.judged_at = row.judged_by_id = row.decision = None
    return presence, conflicts


def _conflicts(delegate_id: int) -> list[DoorConflict]:
    wanted = sa.select(DoorConflict).where(
        DoorConflict.delegate_id == delegate_id, DoorConflict.kind.in_([one.value for one in DERIVED])
    )
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def _judged(conflicts: Sequence[DoorConflict]) -> Judgements:
    return {
        (Problem(row.kind), row.scan_id): (Decision(row.decision), row.other_id)
        for row in conflicts
        if row.decision is not None and row.gone_at is None
    }


def _write_conflicts(
    conference_id: int, delegate_id: int, at: datetime, findings: Sequence[Finding], conflicts: Sequence[DoorConflict]
) -> None:
    rows = {(row.kind, row.scan_id): row for row in conflicts}
    for finding in findings:
        row = rows.pop((finding.problem.value, finding.scan_id), None)
        if row is None:
            db.session.add(
                DoorConflict(
                    conference_id=conference_id, delegate_id=delegate_id, kind=finding.problem.value,
                    scan_id=finding.scan_id, other_id=finding.other_id, found_at=at,
                )
            )
        elif row.judged_at is None or row.gone_at is not None:
            row.other_id, row.gone_at = finding.other_id, None
    for row in rows.values():
        if row.gone_at is None:
            row.gone_at = at


def _write_admission(
    conference_id: int, delegate_id: int, at: datetime, presence: Presence, rows: dict[int, Row], may_exist: bool
) -> None:
    admissions = _admissions(delegate_id) if may_exist else []
    current = next((row for row in admissions if row.undone_at is None), None)
    arrival = presence.arrival
    if arrival is None:
        if current is not None:
            _end(current, at, presence, rows)
        return
    row = rows[arrival.id]
    values = {
        "scan_id": arrival.id, "gate_id": row.gate_id, "admitted_at": arrival.at, "substitute_name": row.entered_as,
        "substitute_post": row.entered_post, "undone_at": None, "undone_reason": None,
        "out_at": presence.left.at if presence.left else None,
    }  # fmt: skip
    own = next((one for one in admissions if one.scan_id == arrival.id), None)
    if own is None and current is not None and _key(rows, current.scan_id) not in presence.undone:
        own = current
    if current is not None and own is not current:
        _end(current, at, presence, rows)
    if own is None:
        new = {"conference_id": conference_id, "delegate_id": delegate_id} | values
        db.session.connection().execute(sa.insert(Admission), new)
    else:
        db.session.connection().execute(sa.update(Admission).where(_a.id == own.id).values(values))


def _end(admission: Admission, at: datetime, presence: Presence, rows: dict[int, Row]) -> None:
    undo = presence.undone.get(_key(rows, admission.scan_id) or "")
    reason = rows[undo.id].reason if undo is not None else _NOT_COUNTED
    ended = {"undone_at": at, "undone_reason": reason, "out_at": None}
    db.session.connection().execute(sa.update(Admission).where(_a.id == admission.id).values(ended))


def _key(rows: dict[int, Row], scan_id: int) -> str | None:
    return rows[scan_id].fact.key if scan_id in rows else None


def _admissions(delegate_id: int) -> list[Admission]:
    wanted = sa.select(Admission).where(Admission.delegate_id == delegate_id).order_by(Admission.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))
