"""Mời chờ: whoever was asked to wait waits no longer once anything settles it, and all see the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.scans import Decided, ScanFact
from eventmgr.models.checkin import Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.invitations import Pass
from eventmgr.services import conflicts, door_holds, lead_view, office_scans, presences
from eventmgr.services.checkin import DoorPhone
from tests import door
from tests.services.test_scan_kinds import green, minh_phone, send, thu

__all__ = ["minh_phone", "thu"]


@pytest.fixture
def held(conference: Conference, thu: DoorPhone) -> str:
    """Somebody with a letter who was asked to wait five minutes ago; the code."""
    code = door.invited(conference.id, "Y Một")
    send(thu, waits(code, 5))
    return code


def waits(code: str, minutes_ago: float) -> ScanFact:
    at = clock.now() - timedelta(minutes=minutes_ago)
    return door.scan(code, kind="hold", reason="Ảnh không giống", scanned_at=at, decided=Decided("held"))


def still_waits(conference: Conference) -> list[int]:
    """How many wait for the lead, on the phones, and for the rule at the gate: three mouths, one answer."""
    delegate_id = db.session.scalars(sa.select(Scan.delegate_id).where(Scan.kind == "hold")).first()
    assert delegate_id is not None
    rule = presences.known(conference.id, delegate_id).presence.hold
    return [len(lead_view.waiting(conference.id)), len(door_holds.waiting(conference.id)), int(rule is not None)]


@pytest.mark.parametrize("minutes", [-10, 0])
def test_a_signature_ends_the_wait_whatever_time_is_written_beside_it(
    conference: Conference, thu: DoorPhone, held: str, minutes: int
):
    delegate_id = db.session.scalars(sa.select(Scan.delegate_id)).one() or 0
    at = clock.now() + timedelta(minutes=minutes)
    line = office_scans.enter_signed(conference.id, delegate_id, thu.gate_id, at, "paper-000001", 1, "Lan")
    assert (line.wait, still_waits(conference)) == ("Ảnh không giống", [0, 0, 0])
    office_scans.undo_scan(conference.id, line.scan_id, "Gõ nhầm dòng", 1, "Lan")
    assert still_waits(conference) == [1, 1, 1]


def test_a_wait_that_begins_after_the_signature_was_entered_stands(conference: Conference, thu: DoorPhone):
    code = door.invited(conference.id, "Y Một")
    delegate_id = db.session.scalars(sa.select(Pass.delegate_id)).one()
    office_scans.enter_signed(conference.id, delegate_id, thu.gate_id, door.hours_ago(1), "paper-000001", 1, "Lan")
    send(thu, waits(code, -0.5))
    assert still_waits(conference) == [1, 1, 1]


def test_a_wait_ends_with_the_admission_at_another_gate_and_is_back_when_that_is_undone(
    conference: Conference, minh_phone: DoorPhone, held: str
):
    entry = green(held, 2, answers=["cleared"])
    send(minh_phone, entry)
    assert still_waits(conference) == [0, 0, 0]
    send(minh_phone, door.undo(entry.scan_key))
    assert still_waits(conference) == [1, 1, 1]


def test_a_wait_ends_when_its_own_fact_is_undone(conference: Conference, thu: DoorPhone, held: str):
    key = db.session.scalars(sa.select(Scan.scan_key).where(Scan.kind == "hold")).one()
    send(thu, door.undo(key))
    assert still_waits(conference) == [0, 0, 0]


def test_a_wait_ends_when_the_substitute_comes_in(conference: Conference, thu: DoorPhone, held: str):
    door.reply(held, "substitute", substitute_name="Y Ví Dụ", approved_at=door.LONG_AGO)
    send(thu, green(held, 1, answers=["cleared", "substitute"]))
    assert still_waits(conference) == [0, 0, 0]


def test_a_cleared_wait_of_somebody_who_was_in_already_ends_too(conference: Conference, thu: DoorPhone, minh_phone: DoorPhone):
    code = door.invited(conference.id, "Y Một")
    send(thu, green(code, 9))
    send(minh_phone, waits(code, 5), green(code, 3, answers=["cleared"]))
    assert still_waits(conference) == [0, 0, 0]


def test_one_answer_at_the_desk_ends_the_waits_of_two_gates(conference: Conference, minh_phone: DoorPhone, held: str):
    send(minh_phone, waits(held, 3))
    [case] = lead_view.waiting(conference.id)
    assert office_scans.release_hold(conference.id, case.scan_id, 1, "Lan") == "Y Một"
    assert still_waits(conference) == [0, 0, 0]


def test_an_entry_that_a_person_did_not_count_leaves_the_wait_open(conference: Conference, minh_phone: DoorPhone, held: str):
    send(minh_phone, green(held, 2))
    assert still_waits(conference) == [0, 0, 0]
    [case] = conflicts.open_cases(conference.id)
    conflicts.judge(conference.id, case.id, "aside", "", case.version, 1, "Lan")
    assert still_waits(conference) == [1, 1, 1]
