"""Scans at the door: each is a fact, written once, whatever the phone repeats; who is in follows from the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from eventmgr import clock
from eventmgr.domain.scans import ScanFact, UnreadScan
from eventmgr.models.checkin import Phone
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.together import Together
from eventmgr.services import door_facts, scan_facts, scan_kinds, scan_writing
from eventmgr.services.scan_writing import Place, Stored, as_json

__all__ = ["DoorPhone", "Receipt", "as_json", "record_scans"]

T = TypeVar("T")

_TRIES = 5
_MOST = 16
"""Scans of several phones in one transaction: more would hold up the screens for longer than the disk takes."""

_p = Phone.__table__.c
_SEEN = sa.update(Phone).where(_p.id == sa.bindparam("row")).values(last_seen_at=sa.bindparam("at"))


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
    """That a scan is stored: its key and the verdict as JSON; `repeated` when it had been stored before.

    `conflict` is a sentence when a person has to judge; `problem` says what is wrong with a scan that nobody can read.
    """

    scan_key: str | None
    verdict: dict[str, Any]
    repeated: bool = False
    stored: bool = True
    conflict: str | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Sent:
    """What a phone sent in one call, and when it came (UTC)."""

    phone: DoorPhone
    facts: Sequence[ScanFact | UnreadScan]
    received_at: datetime


def record_scans(phone: DoorPhone, facts: Sequence[ScanFact | UnreadScan]) -> list[Receipt]:
    """Store scans of one phone in their order, in one transaction, and return a receipt for each.

    A key that is stored already gets the stored verdict again and changes nothing. Where two admit one delegate
    at the same time, the database's unique index lets one win and the other is decided again. Phones that send at the
    same moment share a transaction.
    """
    sent = Sent(phone, facts, clock.now())
    return again_if_beaten(lambda: _together.ask(sent))


def again_if_beaten(work: Callable[[], T]) -> T:
    """Do the work; where another transaction was first with the same row, do it again and find what that one left."""
    for _ in range(_TRIES - 1):
        try:
            return work()
        except DBAPIError as problem:
            # 40P01: two transactions that hold each other's rows; PostgreSQL lets one of them go.
            if not isinstance(problem, IntegrityError) and getattr(problem.orig, "sqlstate", None) != "40P01":
                raise
    return work()


def _record_all(calls: Sequence[Sent]) -> list[list[Receipt]]:
    found: list[list[Receipt]] = []
    for sent in calls:
        if len(sent.facts) > 1 or any(isinstance(fact, ScanFact) and (fact.walk_in or fact.delegate_key) for fact in sent.facts):
            _take_turns(sent.phone.conference_id)
        found.append([_record_one(place, fact) for place, fact in _placed(sent.phone, sent.facts, sent.received_at)])
    db.session.connection().execute(_SEEN, [{"row": sent.phone.id, "at": sent.received_at} for sent in calls])
    return found


_together = Together(_record_all, weigh=lambda sent: len(sent.facts), most=_MOST)


def _placed(
    phone: DoorPhone, facts: Sequence[ScanFact | UnreadScan], received_at: datetime
) -> Iterator[tuple[Place, ScanFact | UnreadScan]]:
    """Each fact with the gate it happened at: the one it names, if it is one of this conference, else the phone's."""
    known: dict[int, Place] = {}
    for fact in facts:
        gate_id = (fact.gate_id if isinstance(fact, ScanFact) else None) or phone.gate_id
        if gate_id not in known:
            # Another conference's gate is no gate here: it is looked up once and stands for the phone's own.
            own = gate_id == phone.gate_id or door_facts.is_gate(phone.conference_id, gate_id)
            at_id = gate_id if own else phone.gate_id
            gateway = door_facts.gate_at(phone.conference_id, at_id)
            known[gate_id] = Place(
                phone.conference_id, at_id, gateway.now.name, phone.name, received_at, gateway, phone_id=phone.id
            )
        yield known[gate_id], fact


def _take_turns(conference_id: int) -> None:
    """Batches of one conference go one after the other: two that crossed would hold each other's rows for ever.

    So do walk-ins and what names them, which must find each other whichever comes first.
    """
    # "No key": single scans go on meanwhile. SQLite has one writer anyway and leaves the clause out.
    db.session.execute(sa.select(Conference.id).where(Conference.id == conference_id).with_for_update(key_share=True))


def _record_one(place: Place, fact: ScanFact | UnreadScan) -> Receipt:
    problem = fact.problem if isinstance(fact, UnreadScan) else None
    said_key = fact.said_key if isinstance(fact, UnreadScan) else fact.scan_key
    known = scan_facts.stored(place.conference_id, fact.scan_key)
    if known is not None:
        return Receipt(said_key, known.verdict, repeated=True, conflict=scan_writing.open_conflict(known.id), problem=problem)
    stored = _store(place, fact)
    return Receipt(said_key, stored.verdict, conflict=stored.conflict, problem=problem)


def _store(place: Place, fact: ScanFact | UnreadScan) -> Stored:
    if isinstance(fact, UnreadScan):
        return scan_kinds.keep_unread(place, fact)
    kinds = {"undo": scan_kinds.undo, "exit": scan_kinds.leave, "hold": scan_kinds.hold, "named": scan_kinds.name}
    return kinds.get(fact.kind, scan_kinds.enter)(place, fact)
