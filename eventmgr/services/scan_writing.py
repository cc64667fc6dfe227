"""Writing a fact of the door with what goes beside it: its row, its line in the journal, its conflict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from eventmgr.domain import checkin as rule
from eventmgr.domain import conflicts, passes
from eventmgr.domain.conflicts import Problem
from eventmgr.domain.dates import to_local
from eventmgr.domain.presence import Finding
from eventmgr.domain.scans import LONGEST_TEXT, ScanFact, clock_is_wrong, placed_at
from eventmgr.domain.text import clean
from eventmgr.models.checkin import DoorConflict, Gate, Scan
from eventmgr.models.database import db
from eventmgr.models.journal import record
from eventmgr.services import door_facts, scan_facts
from eventmgr.services.scan_facts import Row

_c = DoorConflict.__table__.c


@dataclass(frozen=True)
class Place:
    """Where a fact comes from: the gate, and the phone or the account behind it."""

    conference_id: int
    gate_id: int
    gate_name: str
    actor: str
    received_at: datetime
    gateway: door_facts.Gateway
    phone_id: int | None = None
    account_id: int | None = None

    def placed(self, fact: ScanFact) -> datetime:
        """Return when the fact happened on the server's clock; what the office enters is taken at its word."""
        if self.phone_id is None:
            return fact.scanned_at
        return placed_at(fact.scanned_at, fact.offset_ms, self.received_at)


@dataclass(frozen=True)
class Stored:
    """A fact that was written: the row as facts are read, the verdict as JSON, the sentence of its conflict if any."""

    row: Row
    verdict: dict[str, Any]
    conflict: str | None = None


def office(conference_id: int, gate_id: int, at: datetime, account_id: int, name: str) -> Place:
    """Return the place of a fact that somebody enters in the office."""
    gateway = door_facts.gate_at(conference_id, gate_id)
    return Place(conference_id, gate_id, gateway.now.name, name, at, gateway, account_id=account_id)


def write(
    place: Place,
    fact: ScanFact,
    verdict: dict[str, Any],
    holder: door_facts.Holder | None = None,
    *,
    passed: bool = False,
    objection: str | None = None,
    doubt: bool = False,
    entered: rule.Substitute | None = None,
) -> Row:
    """Write one fact; `holder` is whom it is about, of this conference."""
    values = {
        "conference_id": place.conference_id, "scan_key": fact.scan_key, "kind": fact.kind, "phone_id": place.phone_id,
        "gate_id": place.gate_id, "delegate_id": holder.delegate_id if holder else None,
        "pass_id": holder.pass_id if holder and fact.code is not None else None, "way": fact.way,
        "scanned_at": fact.scanned_at, "received_at": place.received_at, "offset_ms": fact.offset_ms,
        "outcome": verdict["outcome"], "verdict": verdict, "undoes_key": fact.undoes_key, "reason": fact.reason,
        "at": place.placed(fact), "passed": passed, "again": rule.Answer.AGAIN in fact.answers,
        "cleared": rule.Answer.CLEARED in fact.answers, "objection": objection, "doubt": doubt,
        "decided": fact.decided.outcome if fact.decided else None,
        "snapshot": fact.decided.snapshot if fact.decided else None, "about_key": fact.delegate_key or fact.entry_key,
        "entered_as": entered.name if entered else fact.person.full_name if fact.person else None,
        "entered_form": fact.person.address_form.value if fact.person else None,
        "entered_post": ", ".join(entered.posts)[:300] or None if entered else None,
        "said": _said(fact, holder), "account_id": place.account_id,
    }  # fmt: skip
    row = scan_facts.as_row(scan_facts.insert(values), values)
    if place.phone_id is not None and clock_is_wrong(fact.scanned_at, fact.offset_ms, place.received_at):
        _note_clock(place, row, holder.delegate_id if holder else None)
    return row


def note_conflict(
    place: Place, problem: Problem, row: Row, delegate_id: int | None = None, other_delegate_id: int | None = None,
    other_id: int | None = None,
) -> None:  # fmt: skip
    """Write a conflict that does not follow from one delegate's facts alone."""
    db.session.connection().execute(
        sa.insert(DoorConflict),
        {
            "conference_id": place.conference_id, "kind": problem.value, "scan_id": row.fact.id, "delegate_id": delegate_id,
            "other_delegate_id": other_delegate_id, "other_id": other_id, "found_at": place.received_at, "version": 1,
        },
    )  # fmt: skip


def told(row: Row, findings: Sequence[Finding]) -> str | None:
    """Return the sentence of the first finding that a fact has a part in."""
    for one in findings:
        if row.fact.id in (one.scan_id, one.other_id):
            return conflicts.sentence(one.problem, row.fact.objection)
    return None


def open_conflict(scan_id: int) -> str | None:
    """Return the sentence of a conflict of this fact that nobody has judged yet."""
    wanted = sa.select(_c.kind, Scan.objection).join(Scan, Scan.id == _c.scan_id).where(
        sa.or_(_c.scan_id == scan_id, _c.other_id == scan_id), _c.judged_at.is_(None), _c.gone_at.is_(None)
    )  # fmt: skip
    found = db.session.execute(wanted.order_by(_c.id).limit(1)).first()
    return conflicts.sentence(Problem(found.kind), found.objection) if found is not None else None


def journal(place: Place, verb: str, sentence: str, subject: str, subject_id: int | None, **details: Any) -> None:
    """Write a line of the journal about a fact."""
    record(
        verb, place.received_at, conference_id=place.conference_id, account_id=place.account_id, actor=place.actor,
        subject=subject, subject_id=subject_id, sentence=sentence, gate_id=place.gate_id, **details,
    )  # fmt: skip


def moment_text(at: datetime, gate: str) -> str:
    """Return when and where in words: '07:12, Cửa chính'."""
    return f"{to_local(at):%H:%M}, {gate}"


def gate_name(gate_id: int) -> str:
    """Return the name of a gate."""
    return db.session.scalar(sa.select(Gate.name).where(Gate.id == gate_id)) or ""


def as_json(verdict: rule.Verdict) -> dict[str, Any]:
    """Return a verdict as phones read it and as it is stored: field names of the rule, moments as ISO text."""
    return {name: _plain(value) for name, value in vars(verdict).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _said(fact: ScanFact, holder: door_facts.Holder | None) -> str | None:
    """What no other column keeps: a code that belongs to nobody here (as a digest if it may be a pass), a guest's words."""
    if fact.walk_in is not None:
        guest = fact.walk_in
        return ", ".join(part for part in (guest.full_name, guest.post, guest.body) if part)[:LONGEST_TEXT]
    if holder is not None:
        return None
    if fact.code is not None:
        code = passes.read(fact.code)
        return f"sha256:{passes.digest(code)}" if code else clean(fact.code)[:LONGEST_TEXT]
    return f"delegate_id={fact.delegate_id}" if fact.delegate_id is not None else None


def _note_clock(place: Place, row: Row, delegate_id: int | None) -> None:
    """One conflict for a phone whose clock is wrong, not one for each of its scans."""
    told = sa.select(_c.id).join(Scan, Scan.id == _c.scan_id).where(
        _c.kind == Problem.CLOCK.value, _c.judged_at.is_(None), _c.conference_id == place.conference_id,
        Scan.phone_id == place.phone_id,
    )  # fmt: skip
    if db.session.scalar(told.limit(1)) is None:
        note_conflict(place, Problem.CLOCK, row, delegate_id)
