"""Phones decide by themselves: every fact is kept, the state follows, and what does not go together is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.names import AddressForm
from eventmgr.domain.namings import NamedPerson
from eventmgr.domain.scans import Decided, ScanFact, unread
from eventmgr.domain.walk_ins import WalkIn
from eventmgr.models.checkin import Admission, DoorConflict, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Pass
from eventmgr.services import arrivals, checkin, conferences, door_rows, erasing, gates, introductions, sign_in_sheets
from eventmgr.services.checkin import DoorPhone
from tests import door

GREEN = Decided("admitted", "7")


@pytest.fixture
def thu(conference: Conference) -> DoorPhone:
    return door.pair_phone(conference.id, gates.add(conference.id, "Cửa trước", [], by=1).id)[1]


@pytest.fixture
def minh_phone(conference: Conference) -> DoorPhone:
    return door.pair_phone(conference.id, gates.add(conference.id, "Cửa sau", [], by=1).id, "Máy của Minh")[1]


def green(code: str | None = None, minutes_ago: float = 0, **more: Any) -> ScanFact:
    """An entry that the phone let in by itself."""
    at = clock.now() - timedelta(minutes=minutes_ago)
    return door.scan(code, scanned_at=at, **({"decided": GREEN} | more))


def send(phone: DoorPhone, *facts: Any) -> list[tuple[str, bool]]:
    """Outcome of each scan, and whether a person has to judge it."""
    return [(str(one.verdict["outcome"]), one.conflict is not None) for one in checkin.record_scans(phone, facts)]


def conflicts() -> list[tuple[str, bool]]:
    rows = db.session.scalars(sa.select(DoorConflict).order_by(DoorConflict.id).execution_options(populate_existing=True))
    return [(row.kind, row.gone_at is not None) for row in rows]


def inside() -> list[tuple[str | None, bool]]:
    """The scan that let each in, and whether the person is outside at the moment."""
    rows = db.session.execute(
        sa.select(Scan.scan_key, Admission.out_at)
        .join(Scan, Scan.id == Admission.scan_id)
        .where(Admission.undone_at.is_(None))
        .order_by(Admission.id)
    )
    return [(key, out_at is not None) for key, out_at in rows]


def test_two_phones_that_let_in_one_pass_offline_make_one_admission_and_a_conflict(
    conference: Conference, thu: DoorPhone, minh_phone: DoorPhone
):
    code = door.invited(conference.id)
    first, second = green(code, 3), green(code, 2)
    assert send(minh_phone, second) == [("admitted", False)]
    assert send(thu, first) == [("already_in", True)]
    assert inside() == [(first.scan_key, False)]
    row = db.session.scalars(sa.select(DoorConflict)).one()
    keys = db.session.execute(sa.select(Scan.id, Scan.scan_key)).all()
    names = {scan_id: key for scan_id, key in keys}
    assert (row.kind, names[row.scan_id], names[row.other_id or 0]) == ("double", second.scan_key, first.scan_key)


def test_a_receipt_that_is_asked_for_again_names_the_conflict_again(
    conference: Conference, thu: DoorPhone, minh_phone: DoorPhone
):
    code = door.invited(conference.id)
    send(thu, green(code, 3))
    second = green(code, 2)
    assert send(minh_phone, second, second) == [("already_in", True), ("already_in", True)]


def test_a_phone_that_did_not_let_in_admits_nobody(conference: Conference, thu: DoorPhone):
    code = door.invited(conference.id)
    assert send(thu, green(code, decided=Decided("wrong_gate"))) == [("admitted", False)]
    assert inside() == []


def test_a_code_unknown_to_the_phone_is_the_servers_to_decide_while_the_phone_waits(conference: Conference, thu: DoorPhone):
    now, later = door.invited(conference.id), door.invited(conference.id)
    asked = Decided("not_on_phone")
    send(thu, green(now, decided=asked), green(later, 10, decided=asked))
    assert len(inside()) == 1


def test_a_revoked_pass_that_a_phone_let_in_does_not_count_and_is_found(conference: Conference, thu: DoorPhone):
    code = door.invited(conference.id)
    door.revoke(code)
    assert send(thu, green(code)) == [("revoked", True)]
    assert (inside(), conflicts()) == ([], [("refused", False)])


def test_a_wrong_gate_that_a_phone_let_through_counts_and_is_found(conference: Conference):
    first, second = door.groups(conference.id)[:2]
    side = door.pair_phone(conference.id, gates.add(conference.id, "Cửa riêng", [second.id], by=1).id)[1]
    code = door.invited(conference.id, group_id=first.id)
    assert send(side, green(code)) == [("wrong_gate", True)]
    assert (len(inside()), conflicts()) == (1, [("refused", False)])


def test_scans_sent_after_the_gate_was_closed_were_good_when_they_were_made(conference: Conference, thu: DoorPhone):
    before, after = green(door.invited(conference.id), 5), green(door.invited(conference.id))
    gates.set_closed(conference.id, thu.gate_id, True, by=1)
    late = green(door.invited(conference.id))
    assert send(thu, before, after, late) == [("admitted", False), ("admitted", False), ("closed", True)]
    assert len(inside()) == 3


@pytest.mark.parametrize("code", ["0000000000000000", "WIFI:S:Khach\x00;;"])
def test_a_code_of_nobody_that_a_phone_let_in_is_kept_and_found(conference: Conference, thu: DoorPhone, code: str):
    entry = green(code)
    [(outcome, found)] = send(thu, entry)
    assert (outcome in ("not_known", "not_a_pass"), found, conflicts()) == (True, True, [("refused", False)])
    said = db.session.scalars(sa.select(Scan.said)).one()
    assert said is not None and "0000000000000000" not in said
    assert send(thu, door.undo(entry.scan_key)) == [("undone", False)]
    assert conflicts() == [("refused", True)]


def test_out_and_in_again(conference: Conference, thu: DoorPhone):
    code = door.invited(conference.id)
    first, out, back = green(code, 9), green(code, 5, kind="exit", decided=Decided("left")), green(code, 1)
    assert send(thu, first, out) == [("admitted", False), ("left", False)]
    assert inside() == [(first.scan_key, True)]
    assert send(thu, back) == [("admitted", False)]
    assert (inside(), conflicts()) == ([(first.scan_key, False)], [])


def test_an_exit_without_an_entry_is_refused_by_the_server_and_found_when_the_phone_did_it(
    conference: Conference, thu: DoorPhone
):
    code = door.invited(conference.id)
    assert send(thu, door.scan(code, kind="exit")) == [("not_inside", False)]
    assert send(thu, green(code, kind="exit", decided=Decided("left"))) == [("not_inside", True)]
    assert (inside(), conflicts()) == ([], [("order", False)])


def test_an_exit_that_arrives_before_its_entry_finds_its_place(conference: Conference, thu: DoorPhone, minh_phone: DoorPhone):
    code = door.invited(conference.id)
    entry, out = green(code, 9), green(code, 5, kind="exit", decided=Decided("left"))
    assert send(minh_phone, out) == [("not_inside", True)]
    send(thu, entry)
    assert (inside(), conflicts()) == ([(entry.scan_key, True)], [("order", True)])


def test_a_hold_admits_nobody_and_stops_the_next_scan(conference: Conference, thu: DoorPhone):
    code = door.invited(conference.id)
    hold = door.scan(code, kind="hold", reason="Ảnh không giống", scanned_at=door.hours_ago(0.1))
    assert send(thu, hold, door.scan(code)) == [("held", False), ("held", False)]
    assert inside() == []
    assert send(thu, door.scan(code, answers=["cleared"])) == [("admitted", False)]
    assert (len(inside()), conflicts()) == (1, [])


def test_an_undo_that_arrives_before_its_entry_waits_for_it(conference: Conference, thu: DoorPhone, minh_phone: DoorPhone):
    entry = green(door.invited(conference.id), 5)
    assert send(minh_phone, door.undo(entry.scan_key)) == [("nothing_to_undo", False)]
    assert send(thu, entry) == [("undone", False)]
    assert (inside(), conflicts()) == ([], [])
    undo = db.session.scalars(sa.select(Scan).where(Scan.kind == "undo")).one()
    assert undo.delegate_id is not None


def test_undoing_one_of_two_entries_leaves_the_other(conference: Conference, thu: DoorPhone, minh_phone: DoorPhone):
    code = door.invited(conference.id)
    first, second = green(code, 3), green(code, 2)
    send(thu, first)
    send(minh_phone, second)
    assert send(thu, door.undo(first.scan_key)) == [("undone", True)]
    assert inside() == [(second.scan_key, False)]
    assert conflicts() == [("double", True), ("crossed", False)]


def walk_in(name: str = "Bùi Tạm Tính", minutes_ago: float = 1, **more: Any) -> ScanFact:
    facts = {"post": more.pop("post", "Trưởng phòng"), "body": more.pop("body", ""), "group_id": more.pop("group_id", None)}
    return green(None, minutes_ago, walk_in=WalkIn(name, AddressForm.MS, **facts), way="typed", **more)


def test_a_walk_in_becomes_a_delegate_whom_later_facts_can_name(conference: Conference, thu: DoorPhone):
    entry = walk_in(body="Công ty Mẫu")
    assert send(thu, entry, entry) == [("admitted", False)] * 2
    made = db.session.scalars(sa.select(Delegate).where(Delegate.origin == "door")).one()
    group = db.session.get_one(Group, made.group_id)
    assert (made.full_name, made.posts, made.address_form, group.label) == (
        "Bùi Tạm Tính", ["Trưởng phòng, Công ty Mẫu"], "bà", "Khách đăng ký tại cửa",
    )  # fmt: skip
    out = door.scan(kind="exit", delegate_key=entry.scan_key, decided=Decided("left"), way="search")
    assert send(thu, out) == [("left", False)]
    assert inside() == [(entry.scan_key, True)]


def test_an_exit_that_names_a_walk_in_not_yet_arrived_finds_it(conference: Conference, thu: DoorPhone, minh_phone: DoorPhone):
    entry = walk_in(minutes_ago=5)
    out = door.scan(kind="exit", delegate_key=entry.scan_key, decided=Decided("left"), way="search")
    assert send(minh_phone, out) == [("not_known", False)]
    assert send(thu, entry) == [("admitted", False)]
    assert inside() == [(entry.scan_key, True)]


def test_a_walk_in_with_the_name_of_a_delegate_is_found(conference: Conference, thu: DoorPhone):
    door.add_delegate(conference.id, "Bùi  Tạm Tính")
    door.add_delegate(conference.id, "Bùi Tạm Tính Toán")
    assert send(thu, walk_in("bui tam tinh")) == [("admitted", True)]
    assert conflicts() == [("lookalike", False)]


def test_a_walk_in_goes_to_the_group_that_was_chosen_but_never_to_another_conferences(
    conference: Conference, thu: DoorPhone
):
    foreign = door.groups(door.other_conference())[0].id
    own = door.groups(conference.id)[1].id
    gone = own + 100_000
    told = send(thu, walk_in("Y Một", group_id=foreign), walk_in("Y Hai", group_id=own), walk_in("Y Ba", group_id=gone))
    assert told == [("admitted", True), ("admitted", False), ("admitted", True)]
    assert (len(inside()), conflicts()) == (3, [("group", False), ("group", False)])
    groups = db.session.scalars(sa.select(Group).join(Delegate).where(Delegate.origin == "door").order_by(Delegate.id)).all()
    assert [group.conference_id for group in groups] == [conference.id] * 3
    assert (groups[0].key, groups[1].id) == ("door-walk-in", own)


def test_what_nobody_can_read_is_kept_once_with_what_is_wrong(conference: Conference, thu: DoorPhone):
    broken = unread({"scan_key": "abcdefgh", "kind": "dance"}, "Loại lượt quét chưa đúng.")
    assert send(thu, broken, broken) == [("unread", True)] * 2
    row = db.session.scalars(sa.select(Scan)).one()
    assert (row.kind, row.said, row.reason) == ("unread", '{"kind": "dance", "scan_key": "abcdefgh"}', "Loại lượt quét chưa đúng.")
    assert conflicts() == [("unread", False)]


def test_a_phone_with_a_wrong_clock_is_one_conflict_not_one_for_each_scan(conference: Conference, thu: DoorPhone):
    facts = [green(door.invited(conference.id), -60 * 24 * 400) for _ in range(3)]
    send(thu, *facts)
    assert (len(inside()), conflicts()) == (3, [("clock", False)])


def test_an_approved_substitute_stays_the_one_who_came_when_the_order_of_arrival_is_turned(
    conference: Conference, thu: DoorPhone, minh_phone: DoorPhone
):
    code = door.invited(conference.id)
    door.reply(code, "substitute", substitute_name="Y Ví Dụ", substitute_post="Phó Trưởng ban", approved_at=door.LONG_AGO)
    first, second = green(code, 3, answers=["substitute"]), green(code, 2)
    assert send(minh_phone, second) == [("substitute_expected", True)]
    send(thu, first)
    row = db.session.scalars(sa.select(Admission).execution_options(populate_existing=True)).one()
    assert (row.substitute_name, row.substitute_post, inside()) == ("Y Ví Dụ", "Phó Trưởng ban", [(first.scan_key, False)])


def test_a_scan_counts_at_the_gate_where_the_phone_stood_then(conference: Conference, thu: DoorPhone, minh_phone: DoorPhone):
    first, second, third = (door.add_pass(conference.id, door.add_delegate(conference.id, f"Người {n}")) for n in range(3))
    other = gates.add(copied(conference).id, "Cửa nơi khác", [], by=1)
    facts = [green(first, gate_id=thu.gate_id), green(second), green(third, gate_id=other.id)]
    assert send(minh_phone, *facts) == [("admitted", False)] * 3
    stood = db.session.scalars(sa.select(Scan.gate_id).order_by(Scan.id)).all()
    assert stood == [thu.gate_id, minh_phone.gate_id, minh_phone.gate_id]
    entered = db.session.scalars(sa.select(Admission.gate_id).order_by(Admission.id)).all()
    assert entered == stood


def copied(conference: Conference) -> Conference:
    return conferences.copy(conference.id, "Hội nghị khác", "Hội nghị khác", 1, rehearsal=True)


def named(name: str, minutes_ago: float = 0, form: AddressForm = AddressForm.COMRADE, **more: Any) -> ScanFact:
    """The name of who came with a letter to a post."""
    at = clock.now() - timedelta(minutes=minutes_ago)
    return door.scan(kind="named", way="typed", scanned_at=at, person=NamedPerson(name, form), decided=Decided("named"), **more)


def called(conference: Conference) -> list[tuple[str | None, str]]:
    """Name and form of address of those who hold a letter."""
    held = Delegate.id.in_(sa.select(Pass.delegate_id).where(Pass.conference_id == conference.id))
    rows = db.session.execute(sa.select(Delegate.full_name, Delegate.address_form).where(held))
    return [(name, form) for name, form in rows]


def post_letter(conference: Conference) -> tuple[int, str]:
    delegate_id = door.add_delegate(conference.id, None, posts=["Chánh Văn phòng"], body="Sở Kiểm lâm")
    return delegate_id, door.add_pass(conference.id, delegate_id)


def test_a_letter_to_a_post_takes_the_name_of_who_came_everywhere(conference: Conference, thu: DoorPhone):
    delegate_id, code = post_letter(conference)
    entry = green(code, 3)
    said = named("Trần Thị Mẫu", 2, AddressForm.MS, code=code, entry_key=entry.scan_key)
    assert send(thu, entry, said, said) == [("admitted", False), ("named", False), ("named", False)]
    assert (called(conference), inside(), conflicts()) == ([("Trần Thị Mẫu", "bà")], [(entry.scan_key, False)], [])
    [shown] = introductions.introduction_list(conference.id).people
    assert (shown.name, shown.post) == ("Bà Trần Thị Mẫu", "Chánh Văn phòng, Sở Kiểm lâm")
    [line] = sign_in_sheets.found(sign_in_sheets.lines(conference.id, None), "tran thi mau")
    assert (line.name, line.position) == ("Trần Thị Mẫu", "Chánh Văn phòng, Sở Kiểm lâm")
    [arrival] = arrivals.latest(conference.id, 5)
    assert (arrival.name, arrival.about, arrival.is_unnamed) == ("Trần Thị Mẫu", "Chánh Văn phòng", False)
    assert [row[1:3] for row in door_rows.people(conference.id, [delegate_id])] == [["Trần Thị Mẫu", "bà"]]


def test_a_name_goes_with_its_entry_and_the_last_is_the_correction(conference: Conference, thu: DoorPhone):
    _, code = post_letter(conference)
    entry = green(code, 9)
    wrong, right = (named(name, ago, code=code, entry_key=entry.scan_key) for name, ago in [("Trần Văn Mẫu", 8), ("Trần Thị Mẫu", 7)])
    send(thu, right, wrong, entry)
    assert called(conference) == [("Trần Thị Mẫu", "đồng chí")]
    assert send(thu, door.undo(right.scan_key)) == [("undone", False)]
    assert called(conference) == [("Trần Văn Mẫu", "đồng chí")]
    send(thu, door.undo(entry.scan_key))
    assert (called(conference), inside()) == ([(None, "đồng chí")], [])


@pytest.mark.parametrize("turned", [False, True])
def test_an_undo_before_the_name_and_two_names_from_two_gates(
    conference: Conference, thu: DoorPhone, minh_phone: DoorPhone, turned: bool
):
    _, code = post_letter(conference)
    first, second = green(code, 9), green(code, 8)
    mine = [first, named("Y Mẫu", 5, code=code, entry_key=first.scan_key)]
    other = [second, named("A Thí Dụ", 4, code=code, entry_key=second.scan_key)]
    for phone, facts in [(minh_phone, other), (thu, mine)] if turned else [(thu, mine), (minh_phone, other)]:
        send(phone, *facts)
    assert called(conference) == [("Y Mẫu", "đồng chí")]  # the name said at the gate that let in first
    assert sorted(conflicts()) == [("double", False), ("named", False)]
    send(thu, door.undo(first.scan_key))
    assert called(conference) == [("A Thí Dụ", "đồng chí")]


def test_a_name_of_the_list_is_never_overwritten_by_the_door(conference: Conference, thu: DoorPhone):
    code = door.invited(conference.id, "A Thí Dụ")
    assert send(thu, green(code, 3), named("A THÍ DỤ", 2, code=code)) == [("admitted", False), ("named", False)]
    assert send(thu, named("Y Mẫu", 1, code=code)) == [("named", True)]
    assert (called(conference), conflicts()) == ([("A Thí Dụ", "đồng chí")], [("named", False)])


def test_a_name_for_nobody_is_kept(conference: Conference, thu: DoorPhone):
    assert send(thu, named("Y Mẫu", code="0000000000000000")) == [("not_known", False)]
    assert db.session.execute(sa.select(Scan.kind, Scan.entered_as)).all() == [("named", "Y Mẫu")]


def test_a_name_from_the_door_is_erased_as_any_other_the_mistyped_one_too(conference: Conference, thu: DoorPhone):
    delegate_id, code = post_letter(conference)
    entry = green(code, 9)
    names = [named(name, ago, code=code, entry_key=entry.scan_key) for name, ago in [("Trần Văn Nhầm", 8), ("Trần Thị Mẫu", 7)]]
    send(thu, entry, *names)
    erasing.erase_person(conference.id, delegate_id, "Theo đơn ngày 02/12/2015", None)
    db.session.remove()
    rows = db.session.scalars(sa.select(Scan).where(Scan.kind == "named")).all()
    assert [(row.entered_as, row.entered_form, row.verdict["name"]) for row in rows] == [(None, "đồng chí", erasing.ERASED)] * 2
    send(thu, door.undo(names[1].scan_key))
    assert called(conference) == [(erasing.ERASED, "đồng chí")]
