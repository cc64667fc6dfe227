"""Scans at the door: each is a fact, written once, decided here, whatever the phone repeats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from eventmgr import clock
from eventmgr.domain import checkin as rule
from eventmgr.domain import passes
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.domain.scans import ScanFact, placed_at, read_reason
from eventmgr.models.checkin import Admission, Phone, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.journal import record
from eventmgr.services import door_facts

T = TypeVar("T")

_TRIES = 5
_s, _p = Scan.__table__.c, Phone.__table__.c
_STORED = sa.select(_s.verdict).where(
    _s.conference_id == sa.bindparam("conference_id"), _s.scan_key == sa.bindparam("scan_key")
)
# Statements on the connection, not through objects: this runs for every scan.
_SEEN = sa.update(Phone).where(_p.id == sa.bindparam("row")).values(last_seen_at=sa.bindparam("at"))
_NEW_SCAN, _NEW_ADMISSION = sa.insert(Scan), sa.insert(Admission)


@dataclass(frozen=True)
class DoorPhone:
    """The phone that scans, and the gate it stands at."""

    id: int
    conference_id: int
    gate_id: int
    name: str
    gate_name: str


@dataclass(frozen=True)
class Receipt:
    """That a scan is stored: its key and the verdict as JSON; `repeated` when it had been stored before."""

    scan_key: str
    verdict: dict[str, Any]
    repeated: bool = False


def record_scans(phone: DoorPhone, facts: Sequence[ScanFact]) -> list[Receipt]:
    """Store scans of one phone in their order, in one transaction, and return a receipt for each.

    A key that is stored already gets the stored verdict again and changes nothing. Where two admit one delegate
    at the same time, the database's unique index lets one win and the other is decided again.
    """
    received_at = clock.now()
    return _again_if_beaten(lambda: _record_all(phone, facts, received_at))


def undo_from_office(conference_id: int, admission_id: int, reason: str, by: int, by_name: str) -> None:
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
        scan_key = db.session.scalar(sa.select(Scan.scan_key).where(Scan.id == admission.scan_id))
        fact = ScanFact(f"office-undo-{admission_id}", "undo", "office", at, undoes_key=scan_key, reason=reason)
        verdict = _end_admission(admission, reason, at)
        _insert_scan(None, conference_id, admission.gate_id, fact, verdict, at, admission.delegate_id)
        _journal_undo(conference_id, admission.delegate_id, verdict["name"], reason, at, account_id=by, actor=by_name)


def _again_if_beaten(work: Callable[[], T]) -> T:
    """Do the work; where another transaction was first with the same row, do it again and find what that one left."""
    for _ in range(_TRIES - 1):
        try:
            return work()
        except DBAPIError as problem:
            # 40P01: two transactions that hold each other's rows; PostgreSQL lets one of them go.
            if not isinstance(problem, IntegrityError) and getattr(problem.orig, "sqlstate", None) != "40P01":
                raise
    return work()


def _record_all(phone: DoorPhone, facts: Sequence[ScanFact], received_at: datetime) -> list[Receipt]:
    with transaction():
        if len(facts) > 1:
            _take_turns(phone.conference_id)
        gate = door_facts.gate_facts(phone.conference_id, phone.gate_id)
        receipts = [_record_one(phone, gate, fact, received_at) for fact in facts]
        db.session.connection().execute(_SEEN, {"row": phone.id, "at": received_at})
    return receipts


def _take_turns(conference_id: int) -> None:
    """Batches of one conference go one after the other: two that crossed would hold each other's rows for ever."""
    # "No key": single scans go on meanwhile. SQLite has one writer anyway and leaves the clause out.
    db.session.execute(sa.select(Conference.id).where(Conference.id == conference_id).with_for_update(key_share=True))


def _record_one(phone: DoorPhone, gate: rule.GateFacts, fact: ScanFact, received_at: datetime) -> Receipt:
    key = {"conference_id": phone.conference_id, "scan_key": fact.scan_key}
    stored = db.session.connection().execute(_STORED, key).first()
    if stored is not None:
        return Receipt(fact.scan_key, stored.verdict, repeated=True)
    verdict = _undo(phone, fact, received_at) if fact.kind == "undo" else _enter(phone, gate, fact, received_at)
    return Receipt(fact.scan_key, verdict)


def _enter(phone: DoorPhone, gate: rule.GateFacts, fact: ScanFact, received_at: datetime) -> dict[str, Any]:
    readable, holder = _find(phone.conference_id, fact)
    decided = rule.decide(holder.facts if holder else None, gate, rule.Scan(readable, fact.answers))
    verdict = as_json(decided)
    # A pass of another conference leaves no trace of its holder here.
    own = holder if holder and holder.facts.conference_id == phone.conference_id else None
    delegate_id = own.delegate_id if own else None
    pass_id = own.pass_id if own and fact.code is not None else None
    scan_id = _insert_scan(phone.id, phone.conference_id, phone.gate_id, fact, verdict, received_at, delegate_id, pass_id)
    if decided.outcome is not rule.Outcome.ADMITTED or own is None:
        record(
            "scan.refused", received_at, conference_id=phone.conference_id, actor=phone.name, subject="scan",
            subject_id=scan_id, outcome=decided.outcome.value, delegate_id=delegate_id,
        )
        return verdict
    again = own.facts.entry is not None
    if not again:
        _insert_admission(phone, fact, own, decided, scan_id, received_at)
    _journal_entry(phone, own, decided, again, received_at)
    return verdict


def _find(conference_id: int, fact: ScanFact) -> tuple[bool, door_facts.Holder | None]:
    """Return whether there was a code at all, and whom the scan is about."""
    if fact.code is None:
        return True, door_facts.by_delegate(conference_id, fact.delegate_id or 0)
    code = passes.read(fact.code)
    return code is not None, door_facts.by_code(code) if code else None


def _undo(phone: DoorPhone, fact: ScanFact, received_at: datetime) -> dict[str, Any]:
    scan = db.session.scalar(
        sa.select(Scan).where(Scan.conference_id == phone.conference_id, Scan.scan_key == fact.undoes_key)
    )
    wanted = sa.select(Admission).where(Admission.scan_id == (scan.id if scan is not None else None)).with_for_update()
    admission = db.session.scalar(wanted)
    reason = fact.reason or ""
    if admission is not None and admission.undone_at is None:
        verdict = _end_admission(admission, reason, received_at)
        name = verdict["name"]
        _journal_undo(phone.conference_id, admission.delegate_id, name, reason, received_at, actor=phone.name)
    else:
        ended = admission is not None
        say = "Lượt vào này đã được hoàn tác trước đó." if ended else "Lượt quét này không mở lượt vào nào."
        name = scan.verdict.get("name", "") if scan is not None else ""
        verdict = _undo_verdict("nothing_to_undo", "Không có gì để hoàn tác", say, name)
    delegate_id = scan.delegate_id if scan is not None else None
    _insert_scan(phone.id, phone.conference_id, phone.gate_id, fact, verdict, received_at, delegate_id)
    return verdict


def _end_admission(admission: Admission, reason: str, at: datetime) -> dict[str, Any]:
    admission.undone_at, admission.undone_reason = at, reason
    row = db.session.execute(
        sa.select(Delegate.full_name, Delegate.first_post).where(Delegate.id == admission.delegate_id)
    ).one()
    name = admission.substitute_name or row.full_name or row.first_post or ""
    return _undo_verdict("undone", "Đã hoàn tác", "Khách được ghi là chưa vào. Quét lại khi khách vào.", name)


def _undo_verdict(outcome: str, word: str, say: str, name: str) -> dict[str, Any]:
    return {"outcome": outcome, "tone": rule.Tone.ASK.value, "word": word, "say": say, "name": name, "offers": []}


def _insert_scan(
    phone_id: int | None, conference_id: int, gate_id: int, fact: ScanFact, verdict: dict[str, Any], received_at: datetime,
    delegate_id: int | None = None, pass_id: int | None = None,
) -> int:  # fmt: skip
    row = {
        "conference_id": conference_id, "scan_key": fact.scan_key, "kind": fact.kind, "phone_id": phone_id,
        "gate_id": gate_id, "delegate_id": delegate_id, "pass_id": pass_id, "way": fact.way,
        "scanned_at": fact.scanned_at, "received_at": received_at, "offset_ms": fact.offset_ms,
        "outcome": verdict["outcome"], "verdict": verdict, "undoes_key": fact.undoes_key, "reason": fact.reason,
    }  # fmt: skip
    key = db.session.connection().execute(_NEW_SCAN, row).inserted_primary_key
    assert key is not None
    return int(key[0])


def _insert_admission(
    phone: DoorPhone, fact: ScanFact, holder: door_facts.Holder, decided: rule.Verdict, scan_id: int, received_at: datetime
) -> None:
    substitute = holder.facts.substitute if decided.by_substitute else None
    row = {
        "conference_id": phone.conference_id, "delegate_id": holder.delegate_id, "scan_id": scan_id,
        "gate_id": phone.gate_id, "admitted_at": placed_at(fact.scanned_at, fact.offset_ms, received_at),
        "substitute_name": substitute.name if substitute else None,
        "substitute_post": ", ".join(substitute.posts) or None if substitute else None,
    }  # fmt: skip
    db.session.connection().execute(_NEW_ADMISSION, row)


def _journal_entry(
    phone: DoorPhone, holder: door_facts.Holder, decided: rule.Verdict, again: bool, at: datetime
) -> None:
    name = decided.name or decided.about
    instead = f" (dự thay {holder.facts.name or ', '.join(holder.facts.posts)})" if decided.by_substitute else ""
    record(
        "scan.admitted", at, conference_id=phone.conference_id, actor=phone.name, subject="delegate",
        subject_id=holder.delegate_id, sentence=f"{name}{instead} {'vào lại' if again else 'đã vào'}, {phone.gate_name}.",
        gate_id=phone.gate_id, again=again,
    )


def _journal_undo(
    conference_id: int, delegate_id: int, name: str, reason: str, at: datetime, *, actor: str, account_id: int | None = None
) -> None:
    record(
        "scan.undone", at, conference_id=conference_id, account_id=account_id, actor=actor, subject="delegate",
        subject_id=delegate_id, sentence=f"Hoàn tác lượt vào của {name}: {reason}",
    )


def as_json(verdict: rule.Verdict) -> dict[str, Any]:
    """Return a verdict as phones read it and as it is stored: field names of the rule, moments as ISO text."""
    return {name: _plain(value) for name, value in vars(verdict).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
