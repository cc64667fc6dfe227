"""A person judges: the state follows at once, can be taken back, and two people never decide the same thing twice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.checkin import Admission, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.journal import Entry
from eventmgr.services import conflicts, lead_view, office_scans
from eventmgr.services.checkin import DoorPhone
from tests import door
from tests.services.test_scan_kinds import green, inside, minh_phone, send, thu, walk_in

__all__ = ["minh_phone", "thu"]


def judge(conference: Conference, decision: str, note: str = "") -> conflicts.Case:
    [case] = conflicts.open_cases(conference.id)
    return conflicts.judge(conference.id, case.id, decision, note, case.version, 1, "Lan")


def two_entries(conference: Conference, thu: DoorPhone, minh_phone: DoorPhone) -> tuple[str, str]:
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    first, second = green(code, 3), green(code, 2)
    send(thu, first)
    send(minh_phone, second)
    return first.scan_key, second.scan_key


def test_both_facts_stand_side_by_side(conference: Conference, thu: DoorPhone, minh_phone: DoorPhone):
    two_entries(conference, thu, minh_phone)
    [case] = conflicts.open_cases(conference.id)
    assert (case.problem.value, case.name) == ("double", "Lê Thị Ví Dụ")
    assert [(told.gate, told.phone, told.way, told.name) for told in case.facts] == [
        ("Cửa trước", "Máy của Thu", "Camera", "Lê Thị Ví Dụ"), ("Cửa sau", "Máy của Minh", "Camera", "Lê Thị Ví Dụ"),
    ]  # fmt: skip
    assert all(told.received_at > told.at for told in case.facts)


@pytest.mark.parametrize(("decision", "stands"), [("same", 0), ("first", 0), ("second", 1)])
def test_the_judged_entry_stands_and_may_be_judged_anew(
    conference: Conference, thu: DoorPhone, minh_phone: DoorPhone, decision: str, stands: int
):
    keys = two_entries(conference, thu, minh_phone)
    case = judge(conference, decision, "Đã gọi cửa bên")
    assert (case.decision and case.decision.value, case.note, case.gone_at) == (decision, "Đã gọi cửa bên", None)
    assert (inside(), conflicts.count_open(conference.id)) == ([(keys[stands], False)], 0)
    conflicts.reopen(conference.id, case.id, case.version, 1, "Lan")
    assert (inside(), conflicts.count_open(conference.id)) == ([(keys[0], False)], 1)
    verbs = db.session.scalars(sa.select(Entry.verb).where(Entry.verb.like("conflict.%")).order_by(Entry.id)).all()
    assert verbs == ["conflict.judged", "conflict.reopened"]


def test_a_judgement_against_an_entry_that_no_longer_stands_is_open_again(
    conference: Conference, thu: DoorPhone, minh_phone: DoorPhone
):
    code = door.invited(conference.id)
    earliest, first, second = green(code, 9), green(code, 3), green(code, 2)
    send(thu, first)
    send(minh_phone, second)
    judge(conference, "second")
    send(thu, earliest)
    assert (inside(), conflicts.count_open(conference.id)) == ([(earliest.scan_key, False)], 2)


def test_a_refused_entry_counts_once_a_person_says_so(conference: Conference, thu: DoorPhone):
    code = door.invited(conference.id)
    door.revoke(code)
    send(thu, entry := green(code))
    case = judge(conference, "stands")
    assert inside() == [(entry.scan_key, False)]
    conflicts.reopen(conference.id, case.id, case.version, 1, "Lan")
    assert inside() == []


def test_an_entry_that_was_ruled_out_stays_out_when_the_delegate_comes(conference: Conference, thu: DoorPhone):
    first, second = door.groups(conference.id)[:2]
    code = door.invited(conference.id, group_id=first.id)
    delegate = db.session.scalars(sa.select(Delegate).order_by(Delegate.id.desc())).first()
    assert delegate is not None
    side = door.pair_phone(conference.id, door.gates.add(conference.id, "Cửa riêng", [second.id], by=1).id)[1]
    send(side, green(code, 3))
    judge(conference, "aside")
    assert inside() == []
    send(thu, own := green(code, 1))
    assert (inside(), conflicts.count_open(conference.id)) == ([(own.scan_key, False)], 0)


def test_a_walk_in_who_was_the_delegate_becomes_one_with_it(conference: Conference, thu: DoorPhone):
    known = door.add_delegate(conference.id, "Bùi Tạm Tính")
    entry = walk_in("Bùi Tạm Tính")
    send(thu, entry)
    judge(conference, "same")
    admission = db.session.scalars(sa.select(Admission).where(Admission.undone_at.is_(None))).one()
    walked_in = db.session.scalars(sa.select(Delegate).where(Delegate.origin == "door")).one()
    assert (admission.delegate_id, walked_in.merged_into_id, inside()) == (known, known, [(entry.scan_key, False)])
    out = door.scan(kind="exit", delegate_key=entry.scan_key, way="search")
    assert send(thu, out) == [("left", False)]


def test_a_walk_in_who_was_the_delegate_after_both_came_is_two_entries_of_one(
    conference: Conference, thu: DoorPhone, minh_phone: DoorPhone
):
    code = door.invited(conference.id, "Bùi Tạm Tính")
    send(minh_phone, own := green(code, 5))
    send(thu, walk_in("Bùi Tạm Tính", 2))
    judge(conference, "same")
    [case] = conflicts.open_cases(conference.id)
    assert (case.problem.value, inside()) == ("double", [(own.scan_key, False)])


def test_two_people_do_not_decide_the_same_thing(conference: Conference, thu: DoorPhone, minh_phone: DoorPhone):
    two_entries(conference, thu, minh_phone)
    [case] = conflicts.open_cases(conference.id)
    conflicts.judge(conference.id, case.id, "same", "", case.version, 1, "Lan")
    with pytest.raises(Conflict):
        conflicts.judge(conference.id, case.id, "second", "", case.version, 2, "Minh")
    with pytest.raises(Conflict):
        conflicts.judge(conference.id, case.id, "second", "", case.version + 1, 2, "Minh")


def test_a_decision_that_does_not_fit_and_one_of_elsewhere_are_refused(
    conference: Conference, thu: DoorPhone, minh_phone: DoorPhone
):
    two_entries(conference, thu, minh_phone)
    [case] = conflicts.open_cases(conference.id)
    with pytest.raises(Invalid):
        conflicts.judge(conference.id, case.id, "stands", "", case.version, 1, "Lan")
    with pytest.raises(NotFound):
        conflicts.judge(door.other_conference(), case.id, "same", "", case.version, 1, "Lan")


def test_a_hold_waits_on_the_leads_page_until_somebody_ends_it(conference: Conference, thu: DoorPhone):
    codes = [door.invited(conference.id, name) for name in ("Y Một", "Y Hai", "Y Ba")]
    send(thu, *(door.scan(code, kind="hold", reason="Ảnh không giống") for code in codes))
    assert [one.name for one in lead_view.waiting(conference.id)] == ["Y Một", "Y Hai", "Y Ba"]
    send(thu, door.scan(codes[0], answers=["cleared"]))
    office_scans.release_hold(conference.id, lead_view.waiting(conference.id)[0].scan_id, 1, "Lan")
    assert [one.name for one in lead_view.waiting(conference.id)] == ["Y Ba"]
    held = db.session.scalars(sa.select(Scan.id).where(Scan.kind == "hold").order_by(Scan.id)).all()
    assert office_scans.release_hold(conference.id, held[1], 1, "Lan") == "Y Hai"
    with pytest.raises(NotFound):
        office_scans.release_hold(door.other_conference(), held[2], 1, "Lan")
