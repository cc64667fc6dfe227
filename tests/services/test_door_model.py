"""Queues of several phones and the server, in every order that a bad network makes: no fact is lost, the state is one.

Hypothesis plays the door: people are let in, out, asked to wait, written down and undone on phones that decide by
themselves; uploads are cut, repeated and turned round. At the end the same facts go to the server once more, for other
people, in the order in which they happened: both must leave the same state.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from eventmgr import clock
from eventmgr.domain.checkin import Answer
from eventmgr.domain.namings import NamedPerson
from eventmgr.domain.scans import Decided, ScanFact
from eventmgr.domain.walk_ins import WalkIn
from eventmgr.models.checkin import Admission, DoorConflict, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.services import checkin
from eventmgr.services.checkin import DoorPhone
from tests import door

PHONES, PEOPLE = 3, 2
NAMES = ("Trần Thị Mẫu", "Lê Văn Mẫu", "Trần thị mẫu")
_runs = itertools.count(1)


@dataclass
class Happened:
    """What happened at the door, apart from keys and people: `who` is a person, `of` an earlier happening."""

    kind: str
    second: int
    who: int | None = None
    of: int | None = None
    green: bool = True
    answers: frozenset[Answer] = frozenset()


@dataclass
class Hall:
    """One set of people, and the keys under which the happenings are told about them."""

    phones: list[DoorPhone]
    start: datetime
    run: int = field(default_factory=lambda: next(_runs))
    people: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        conference_id = self.phones[0].conference_id
        for _ in range(PEOPLE):
            delegate = door.add_delegate(conference_id, None)
            door.add_letter(conference_id, delegate)
            self.people.append(delegate)

    def key(self, number: int) -> str:
        return f"model-{self.run:05d}-{number:05d}"

    def fact(self, number: int, what: Happened) -> ScanFact:
        """The happening as a phone sends it."""
        at = self.start + timedelta(seconds=what.second)
        bare: dict[str, Any] = {"scan_key": self.key(number), "kind": what.kind, "way": "search", "scanned_at": at}
        if what.kind == "undo":
            return ScanFact(**bare, undoes_key=self.key(what.of or 0), reason="nhầm")
        if what.kind == "named":
            name = NamedPerson(NAMES[what.second % len(NAMES)])
            entry = self.key(what.of) if what.of is not None else None
            return ScanFact(**bare, delegate_id=self.people[what.who or 0], person=name, entry_key=entry, decided=Decided("named"))
        if what.kind == "walk_in":
            bare["kind"] = "entry"
            return ScanFact(**bare, walk_in=WalkIn(f"Y Mẫu {self.run} {number}"), decided=Decided("admitted"))
        said = {"entry": "admitted", "exit": "left", "hold": "held"}[what.kind] if what.green else "already_in"
        named = {"delegate_key": self.key(what.of)} if what.of is not None else {"delegate_id": self.people[what.who or 0]}
        reason = "Ảnh không giống" if what.kind == "hold" else None
        return ScanFact(**bare, **named, decided=Decided(said), answers=what.answers, reason=reason)  # type: ignore[arg-type]

    def state(self) -> dict[str, object]:
        """Everything that the server says of these people, with keys cut to the happening's number."""
        db.session.remove()
        mine = f"model-{self.run:05d}-%"
        number = {
            scan_id: key[-5:] for scan_id, key in db.session.execute(sa.select(Scan.id, Scan.scan_key).where(Scan.scan_key.like(mine)))
        }
        admitted = db.session.execute(
            sa.select(Admission.scan_id, Admission.out_at).where(
                Admission.undone_at.is_(None), Admission.scan_id.in_(number)
            )
        )
        found = db.session.scalars(
            sa.select(DoorConflict).where(DoorConflict.gone_at.is_(None), DoorConflict.scan_id.in_(number))
        )
        called = db.session.execute(sa.select(Delegate.full_name, Delegate.search_key).where(Delegate.id.in_(self.people)).order_by(Delegate.id))
        return {
            "called": [tuple(row) for row in called],
            "facts": sorted(number.values()),
            "in": sorted((number[scan_id], str(out_at - self.start) if out_at else "") for scan_id, out_at in admitted),
            "conflicts": sorted((row.kind, number[row.scan_id], number.get(row.other_id or 0, "")) for row in found),
        }


class Door(RuleBasedStateMachine):
    """Phones whose queues reach the server as the network likes."""

    phones: list[DoorPhone]

    @initialize()
    def open(self) -> None:
        self.hall = Hall(self.phones, clock.now() - timedelta(hours=1))
        self.log: list[Happened] = []
        self.queues: list[list[int]] = [[] for _ in range(PHONES)]

    def happen(self, phone: int, what: Happened) -> None:
        self.queues[phone].append(len(self.log))
        self.log.append(replace(what, second=len(self.log)))

    @rule(phone=st.integers(0, PHONES - 1), who=st.integers(0, PEOPLE - 1), green=st.booleans(), answer=st.sampled_from([None, *Answer]))
    def enter(self, phone: int, who: int, green: bool, answer: Answer | None) -> None:
        answers = frozenset([answer]) if answer else frozenset()
        self.happen(phone, Happened("entry", 0, who, green=green or answer is not None, answers=answers))

    @rule(phone=st.integers(0, PHONES - 1), who=st.integers(0, PEOPLE - 1), kind=st.sampled_from(["exit", "hold"]))
    def leave_or_wait(self, phone: int, who: int, kind: str) -> None:
        self.happen(phone, Happened(kind, 0, who))

    @rule(phone=st.integers(0, PHONES - 1), who=st.integers(0, PEOPLE - 1), data=st.data())
    def say_who_came(self, phone: int, who: int, data: st.DataObject) -> None:
        entries = [number for number, what in enumerate(self.log) if what.kind == "entry" and what.who == who]
        self.happen(phone, Happened("named", 0, who, data.draw(st.sampled_from([None, *entries]))))

    @rule(phone=st.integers(0, PHONES - 1))
    def walk_in(self, phone: int) -> None:
        self.happen(phone, Happened("walk_in", 0))

    @rule(phone=st.integers(0, PHONES - 1), data=st.data())
    def name_a_walk_in(self, phone: int, data: st.DataObject) -> None:
        if known := [number for number, what in enumerate(self.log) if what.kind == "walk_in"]:
            kind = data.draw(st.sampled_from(["exit", "entry", "hold"]))
            self.happen(phone, Happened(kind, 0, of=data.draw(st.sampled_from(known))))

    @rule(phone=st.integers(0, PHONES - 1), data=st.data())
    def undo(self, phone: int, data: st.DataObject) -> None:
        if self.log:
            self.happen(phone, Happened("undo", 0, of=data.draw(st.integers(0, len(self.log) - 1))))

    @rule(
        phone=st.integers(0, PHONES - 1), size=st.integers(1, 5), lost=st.booleans(), turned=st.booleans(),
        seed=st.integers(0, 1000),
    )  # fmt: skip
    def upload(self, phone: int, size: int, lost: bool, turned: bool, seed: int) -> None:
        """Send the first of a queue; where the receipt is lost, the phone will send them again."""
        sent = self.queues[phone][:size]
        if turned:
            random.Random(seed).shuffle(sent)
        self.send(self.hall, self.phones[phone], sent)
        if not lost:
            self.queues[phone] = [number for number in self.queues[phone] if number not in sent]

    def send(self, hall: Hall, phone: DoorPhone, numbers: list[int]) -> None:
        if numbers:
            receipts = checkin.record_scans(phone, [hall.fact(number, self.log[number]) for number in numbers])
            assert [receipt.scan_key for receipt in receipts] == [hall.key(number) for number in numbers]

    def teardown(self) -> None:
        if not hasattr(self, "hall"):
            return
        for phone, queue in enumerate(self.queues):
            self.send(self.hall, self.phones[phone], queue)
        again = Hall(self.phones, self.hall.start)
        self.send(again, self.phones[0], list(range(len(self.log))))
        ended = self.hall.state()
        assert ended == again.state()
        assert ended["facts"] == [f"{number:05d}" for number in range(len(self.log))]


def test_whatever_the_network_does_no_fact_is_lost_and_the_state_is_one(app: Flask, conference: Conference) -> None:
    made = [door.pair_phone(conference.id)[1] for _ in range(PHONES)]
    machine = type("DoorHere", (Door,), {"phones": made})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate]
        ),
    )
    assert db.session.scalar(sa.select(sa.func.count(Delegate.id)).where(Delegate.origin == "door")) != 0
