"""The rehearsal's day: arrivals at two gates and the programme under way, each at its own minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa

from eventmgr.domain import agenda as running
from eventmgr.domain import checkin as rule
from eventmgr.domain.agenda import Move, Refused, Verb
from eventmgr.models import agenda
from eventmgr.models.checkin import Admission, Gate, Phone, Scan
from eventmgr.models.database import db
from eventmgr.models.journal import record
from eventmgr.services import door_facts, stage_parts
from eventmgr.services.checkin import as_json

SPOKEN = (9, 4, 12, 22, 14, 11)
"""Minutes that the steps before 4.(2) took; it has been on for 4 minutes."""

INTO_THE_STEP = 4
SINCE_BEGIN = timedelta(minutes=sum(SPOKEN) + INTO_THE_STEP)
GATES = ("Cửa chính", "Cửa bên")


@dataclass(frozen=True)
class Arrival:
    """Somebody at a gate; a substitute is asked for the name and scanned again with the answer."""

    at: datetime
    delegate_id: int
    phone: Phone
    by_substitute: bool = False


def open_gates(conference_id: int, at: datetime) -> list[Phone]:
    """Make two gates with a phone each and return the phones; nobody holds a token, so none of them can scan."""
    there = {gate.name: gate for gate in db.session.scalars(sa.select(Gate).where(Gate.conference_id == conference_id))}
    phones = []
    for position, name in enumerate(GATES, 1):
        gate = there.get(name) or Gate(conference_id=conference_id, name=name, position=position)
        gate.archived_at, gate.group_ids = None, []
        db.session.add(gate)
        db.session.flush()
        phone = Phone(
            conference_id=conference_id, gate_id=gate.id, name=f"Máy diễn tập {position}", created_at=at, paired_at=at,
            last_seen_at=at, gate=gate,
        )
        phones.append(phone)
    db.session.add_all(phones)
    db.session.flush()
    return phones


def plan_arrivals(
    early: Sequence[int], others: Sequence[int], substitutes: Sequence[int], phones: Sequence[Phone],
    start: datetime, begun: datetime, rng: Random,
) -> list[Arrival]:  # fmt: skip
    """Spread people over the gates: `early` before the start, `others` up to it, the last six after the introduction."""
    made = [Arrival(start - timedelta(seconds=rng.randrange(900, 2400)), one, rng.choice(phones)) for one in early]
    made += [Arrival(start - timedelta(seconds=rng.randrange(60, 2400)), one, rng.choice(phones)) for one in others[:-6]]
    made += [Arrival(begun + timedelta(seconds=rng.randrange(660, 2400)), one, phones[0]) for one in others[-6:]]
    made += [Arrival(start - timedelta(seconds=rng.randrange(300, 1800)), one, rng.choice(phones), True) for one in substitutes]
    return made


def run_day(conference_id: int, arrivals: Sequence[Arrival], begun: datetime, actor: str) -> str:
    """Let arrivals and presses happen in the order of their times; return the number of the step that is on."""
    pressed = [begun + timedelta(minutes=sum(SPOKEN[:done])) for done in range(len(SPOKEN) + 1)]
    events: list[tuple[datetime, int, Arrival | Verb]] = [(one.at, place, one) for place, one in enumerate(arrivals)]
    events += [(at, -1, Verb.NEXT if place else Verb.START) for place, at in enumerate(pressed)]
    steps = [row.step for row in stage_parts.rows_of(conference_id)]
    moves: list[Move] = []
    for at, _, what in sorted(events, key=lambda event: event[:2]):
        if isinstance(what, Arrival):
            _arrive(conference_id, what)
        elif made := _press(conference_id, steps, moves, what, at, actor):
            moves.append(made)
    inside = sa.select(Admission.delegate_id).where(Admission.conference_id == conference_id, Admission.admitted_at < begun)
    db.session.add_all(
        agenda.IntroductionTick(conference_id=conference_id, delegate_id=delegate_id, at=begun + timedelta(minutes=5))
        for delegate_id in list(db.session.scalars(inside.order_by(Admission.id)))
    )
    current = running.replay(steps, moves).current
    return current.step.number if current else ""


def _arrive(conference_id: int, arrival: Arrival) -> None:
    if arrival.by_substitute:
        _scan(conference_id, arrival, frozenset(), arrival.at - timedelta(seconds=15))
    _scan(conference_id, arrival, frozenset({rule.Answer.SUBSTITUTE}) if arrival.by_substitute else frozenset(), arrival.at)


def _scan(conference_id: int, arrival: Arrival, answers: frozenset[rule.Answer], at: datetime) -> None:
    phone, delegate_id = arrival.phone, arrival.delegate_id
    holder = door_facts.by_delegate(conference_id, delegate_id)
    assert holder is not None
    verdict = rule.decide(holder.facts, door_facts.gate_facts(conference_id, phone.gate_id), rule.Scan(answers=answers))
    scan = Scan(
        conference_id=conference_id, scan_key=f"demo-{delegate_id}-{len(answers)}", kind="entry", phone_id=phone.id,
        gate_id=phone.gate_id, delegate_id=delegate_id, pass_id=holder.pass_id, way="camera", scanned_at=at,
        received_at=at, outcome=verdict.outcome.value, verdict=as_json(verdict),
    )
    phone.last_seen_at = max(at, phone.last_seen_at or at)
    db.session.add(scan)
    db.session.flush()
    admitted = verdict.outcome is rule.Outcome.ADMITTED
    substitute = holder.facts.substitute if verdict.by_substitute else None
    if admitted:
        db.session.add(
            Admission(
                conference_id=conference_id, delegate_id=delegate_id, scan_id=scan.id, gate_id=phone.gate_id, admitted_at=at,
                substitute_name=substitute.name if substitute else None,
                substitute_post=", ".join(substitute.posts) if substitute else None,
            )
        )
    name = verdict.name or verdict.about
    record(
        "scan.admitted" if admitted else "scan.refused", at, conference_id=conference_id, actor=phone.name or "",
        subject="delegate" if admitted else "scan", subject_id=delegate_id if admitted else scan.id,
        sentence=f"{name} đã vào, {phone.gate.name}." if admitted else "", gate_id=phone.gate_id,
    )


def _press(
    conference_id: int, steps: Sequence[running.Step], moves: Sequence[Move], verb: Verb, at: datetime, actor: str
) -> Move | None:
    press_key = f"demo-{len(moves) + 1}"
    made = running.press(steps, moves, verb, press_id=press_key, at=at)
    if isinstance(made, Refused):  # the office has shortened the programme
        return None
    step = next(step for step in steps if step.id == made.step_id)
    db.session.add(
        agenda.Move(
            conference_id=conference_id, seq=made.seq, press_key=press_key, verb=made.verb, item_id=made.step_id, at=made.at
        )
    )
    word = "Bắt đầu" if verb is Verb.START else "Sang"
    record(
        "stage.moved", at, conference_id=conference_id, actor=actor, subject="item", subject_id=made.step_id,
        sentence=f"{word} {step.number} {step.title}.", move=made.verb, seq=made.seq,
    )
    return made
