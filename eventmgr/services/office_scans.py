"""Facts of the door that the office enters: an undo, the end of a wait, a line of a signed sheet, a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.conflicts import Problem
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.domain.namings import named_person
from eventmgr.domain.scans import Decided, ScanFact, read_reason
from eventmgr.models.checkin import Admission, DoorConflict, Gate, Scan
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.services import door_holds, scan_facts, scan_kinds, scan_writing
from eventmgr.services.checkin import again_if_beaten


@dataclass(frozen=True)
class Entered:
    """A line of a signed sheet that was entered: the new scan, and what does not go with it.

    `conflict` is its sentence; `conflict_id` and `version` are there for somebody who was in already (`earlier`);
    `wait` is why the delegate was asked to wait at that moment.
    """

    scan_id: int
    delegate_id: int
    name: str
    conflict: str | None
    conflict_id: int | None
    version: int
    earlier: str
    wait: str = ""


def undo(conference_id: int, admission_id: int, reason: str, by: int, by_name: str) -> None:
    """End an admission from the office's page, as a fact with its reason.

    Raises NotFound for an admission of another conference, Conflict when it has ended already, Invalid without a reason.
    """
    reason = read_reason(reason)
    at = clock.now()
    with transaction():
        admission = db.session.get(Admission, admission_id, with_for_update=True)
        if admission is None or admission.conference_id != conference_id:
            raise NotFound("Không có lượt vào này.")
        if admission.undone_at is not None:
            raise Conflict("Lượt vào này đã được hoàn tác trước đó.")
        _undo(conference_id, admission.scan_id, reason, at, by, by_name)


def undo_scan(conference_id: int, scan_id: int, reason: str, by: int, by_name: str) -> str:
    """Undo any fact of the conference from the office; return the name it was about. Raises NotFound."""
    reason = read_reason(reason)
    at = clock.now()
    with transaction():
        return _undo(conference_id, scan_id, reason, at, by, by_name)


def name_arrival(
    conference_id: int, admission_id: int, full_name: str | None, address_form: str | None, by: int, by_name: str
) -> str | None:
    """Write down who came with a letter to a post, as a fact; return the sentence of a conflict, if there is one.

    Raises NotFound for an admission of elsewhere, Conflict for one that was undone, Invalid without a name.
    """
    person = named_person(full_name, address_form)
    at = clock.now()
    with transaction():
        admission = db.session.get(Admission, admission_id)
        if admission is None or admission.conference_id != conference_id:
            raise NotFound("Không có lượt vào này.")
        if admission.undone_at is not None:
            raise Conflict("Lượt vào này đã được hoàn tác, nên không ghi họ tên được nữa.")
        entry = db.session.get_one(Scan, admission.scan_id)
        key = scan_facts.free_key(conference_id, f"office-name-{entry.id}")
        fact = ScanFact(
            key, "named", "office", at, delegate_id=admission.delegate_id, person=person, entry_key=entry.scan_key
        )
        return scan_kinds.name(scan_writing.office(conference_id, admission.gate_id, at, by, by_name), fact).conflict


def release_hold(conference_id: int, scan_id: int, by: int, by_name: str) -> str:
    """End somebody's wait at the desk; twice changes nothing. Returns the name. Raises NotFound."""
    at = clock.now()
    with transaction():
        hold = db.session.get(Scan, scan_id)
        if hold is None or hold.conference_id != conference_id or hold.kind != "hold":
            raise NotFound("Không có lượt mời chờ này.")
        name = str(hold.verdict.get("name") or "")
        # Two gates may have asked the same person to wait: one answer ends both.
        while hold is not None and not scan_facts.is_undone(conference_id, hold.scan_key):
            _undo(conference_id, hold.id, "Đã rõ, không phải chờ nữa", at, by, by_name)
            db.session.flush()
            again = door_holds.open_holds(conference_id, [hold.delegate_id]) if hold.delegate_id is not None else {}
            hold = db.session.get(Scan, again[hold.delegate_id].fact.id) if hold.delegate_id in again else None
        return name


def enter_signed(
    conference_id: int, delegate_id: int, gate_id: int, at: datetime, key: str, by: int, by_name: str
) -> Entered:
    """Enter one signature of a paper sheet with the time written beside it; the same key again changes nothing.

    Somebody who is in already makes a conflict, and so does somebody who is asked to wait; both are told at once. Raises NotFound for a delegate or gate of elsewhere.
    """
    return again_if_beaten(lambda: _enter_signed(conference_id, delegate_id, gate_id, at, key, by, by_name))


def _enter_signed(
    conference_id: int, delegate_id: int, gate_id: int, at: datetime, key: str, by: int, by_name: str
) -> Entered:
    now = clock.now()
    with transaction():
        delegate = db.session.get(Delegate, delegate_id)
        gate = db.session.get(Gate, gate_id)
        if delegate is None or delegate.conference_id != conference_id or delegate.removed_at is not None:
            raise NotFound("Không có đại biểu này trong hội nghị.")
        if gate is None or gate.conference_id != conference_id:
            raise NotFound("Không có cửa này.")
        earlier = _earlier(delegate_id)
        known = scan_facts.stored(conference_id, key)
        if known is not None:
            return Entered(known.id, delegate_id, delegate.shown_name, None, None, 0, earlier)
        wait = door_holds.waiting(conference_id, [delegate_id]).get(delegate_id)
        fact = ScanFact(key, "entry", "paper", min(at, now), delegate_id=delegate_id, decided=Decided("admitted"))
        stored = scan_kinds.enter(scan_writing.office(conference_id, gate_id, now, by, by_name), fact)
        db.session.flush()
        conflict = _double_of(stored.row.fact.id)
        return Entered(
            stored.row.fact.id, delegate_id, delegate.shown_name, stored.conflict, conflict.id if conflict else None,
            conflict.version if conflict else 0, earlier, wait[2] if wait else "",
        )  # fmt: skip


def _undo(conference_id: int, scan_id: int, reason: str, at: datetime, by: int, by_name: str) -> str:
    scan = db.session.get(Scan, scan_id)
    if scan is None or scan.conference_id != conference_id:
        raise NotFound("Không có lượt vào này.")
    key = scan_facts.free_key(conference_id, f"office-undo-{scan_id}")
    fact = ScanFact(key, "undo", "office", at, undoes_key=scan.scan_key, reason=reason)
    stored = scan_kinds.undo(scan_writing.office(conference_id, scan.gate_id, at, by, by_name), fact)
    return str(stored.verdict.get("name") or "")


def _earlier(delegate_id: int) -> str:
    """When and where somebody came in, as the end of a sentence; empty for somebody who has not."""
    found = db.session.execute(
        sa.select(Admission.admitted_at, Gate.name)
        .join(Gate, Gate.id == Admission.gate_id)
        .where(Admission.delegate_id == delegate_id, Admission.undone_at.is_(None))
    ).first()
    return scan_writing.moment_text(found.admitted_at, found.name) if found is not None else ""


def _double_of(scan_id: int) -> DoorConflict | None:
    wanted = sa.or_(DoorConflict.scan_id == scan_id, DoorConflict.other_id == scan_id)
    open_only = DoorConflict.kind == Problem.DOUBLE, DoorConflict.judged_at.is_(None), DoorConflict.gone_at.is_(None)
    return db.session.scalar(sa.select(DoorConflict).where(wanted, *open_only).order_by(DoorConflict.id).limit(1))
