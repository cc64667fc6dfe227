from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.checkin import Admission, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import Entry
from eventmgr.services import checkin, door_search, gates, office_scans, phones
from eventmgr.services.checkin import DoorPhone
from tests import door


@pytest.fixture
def phone(conference: Conference) -> DoorPhone:
    return door.pair_phone(conference.id, gates.add(conference.id, "Cửa trước", [], by=1).id)[1]


def outcome(phone: DoorPhone, code: str | None, *answers: str) -> str:
    return str(said(phone, code, *answers)["outcome"])


def said(phone: DoorPhone, code: str | None, *answers: str) -> dict[str, object]:
    [receipt] = checkin.record_scans(phone, [door.scan(code, answers=answers)])
    return receipt.verdict


def admissions() -> list[tuple[str | None, str | None]]:
    rows = db.session.scalars(sa.select(Admission).order_by(Admission.id)).all()
    return [(row.substitute_name, row.undone_reason) for row in rows]


def test_a_pass_admits_once_and_the_second_scan_says_when_and_where(conference: Conference, phone: DoorPhone):
    code = door.invited(conference.id, "A Thí Dụ", seat="B-11", body="Ban Dân tộc tỉnh")
    first = said(phone, code)
    second = said(phone, code)
    wanted = ("outcome", "tone", "word", "say", "name", "about", "body", "seat")
    assert [first[name] for name in wanted] == [
        "admitted", "go", "Mời vào", "Mời đồng chí ngồi hàng B, ghế 11.", "A Thí Dụ", "Trưởng Ban Dân tộc tỉnh",
        "Ban Dân tộc tỉnh", "B-11",
    ]
    assert (second["outcome"], second["already_gate"], second["offers"]) == ("already_in", "Cửa trước, Máy của Thu", ["again"])
    assert second["already_at"] == db.session.scalars(sa.select(Admission.admitted_at)).one().isoformat()
    assert admissions() == [(None, None)]


def test_a_key_that_is_stored_gets_the_stored_verdict_and_changes_nothing(conference: Conference, phone: DoorPhone):
    fact = door.scan(door.invited(conference.id))
    [first] = checkin.record_scans(phone, [fact])
    again = checkin.record_scans(phone, [fact, replace(fact, code="something else"), fact])
    assert (first.verdict["outcome"], first.repeated) == ("admitted", False)
    assert [(one.verdict, one.repeated) for one in again] == [(first.verdict, True)] * 3
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 1
    assert admissions() == [(None, None)]


def test_a_batch_is_stored_in_its_order(conference: Conference, phone: DoorPhone):
    one, two = door.invited(conference.id), door.invited(conference.id, "Y Ví Dụ")
    receipts = checkin.record_scans(phone, [door.scan(code) for code in (one, two, one, "không phải mã")])
    assert [receipt.verdict["outcome"] for receipt in receipts] == ["admitted", "admitted", "already_in", "not_a_pass"]


def test_what_is_no_valid_pass_here_lets_nobody_in(conference: Conference, phone: DoorPhone):
    revoked = door.invited(conference.id)
    door.revoke(revoked)
    good = door.invited(conference.id)
    misspelt = good[:-1] + ("X" if good[-1] != "X" else "Y")
    foreign = door.invited(door.other_conference(), "Người Nơi Khác")
    draft = door.add_pass(conference.id, door.add_delegate(conference.id), issued=False)
    codes = [revoked, misspelt, foreign, draft, "https://example.org/ticket/123", "", "đồng chí", "A" * 5000]
    assert [outcome(phone, code) for code in codes] == [
        "revoked", "not_known", "other_conference", "not_issued", "not_a_pass", "not_a_pass", "not_a_pass", "not_a_pass",
    ]
    assert admissions() == []


def test_a_pass_of_another_conference_leaves_nothing_of_its_holder(conference: Conference, phone: DoorPhone):
    told = said(phone, door.invited(door.other_conference(), "Người Nơi Khác"))
    scan = db.session.scalars(sa.select(Scan)).one()
    assert (told["name"], scan.delegate_id, scan.pass_id, "Người Nơi Khác" in str(scan.verdict)) == ("", None, None, False)


def test_a_revoked_letter_says_whether_a_new_one_took_its_place(conference: Conference, phone: DoorPhone):
    delegate = door.add_delegate(conference.id)
    old = door.add_pass(conference.id, delegate)
    door.revoke(old)
    alone = said(phone, old)["say"]
    new = door.add_pass(conference.id, delegate)
    assert alone == "Nói: “Mời đồng chí sang bàn đón tiếp.”"
    assert said(phone, old)["say"] == "Nói: “Giấy này đã được thay. Mời đồng chí sang bàn đón tiếp.”"
    assert outcome(phone, new) == "admitted"


def test_link_bare_code_and_typed_groups_are_the_same_pass(conference: Conference, phone: DoorPhone):
    code = door.invited(conference.id)
    forms = [f"HTTPS://HOINGHI.TINH.GOV.VN/I/{code}", f"{code[:4]}-{code[4:8]} {code[8:12]} {code[12:]}".lower()]
    assert outcome(phone, code) == "admitted"
    assert [outcome(phone, form) for form in forms] == ["already_in", "already_in"]


def test_wrong_gate_names_the_right_one_and_may_be_overruled(conference: Conference):
    first, second = door.groups(conference.id)[:2]
    _, side = door.pair_phone(conference.id, gates.add(conference.id, "Cửa bên", [second.id], by=1).id)
    gates.add(conference.id, "Cửa trước", [first.id], by=1)
    code = door.invited(conference.id)
    told = said(side, code)
    assert (told["outcome"], told["say"], told["offers"]) == ("wrong_gate", "Nói: “Mời đồng chí sang Cửa trước.”", ["anyway"])
    assert outcome(side, code, "anyway") == "admitted"


def test_a_closed_gate_and_a_closed_conference_let_nobody_in(conference: Conference, phone: DoorPhone):
    code = door.invited(conference.id)
    gates.set_closed(conference.id, phone.gate_id, True, by=1)
    assert outcome(phone, code) == "closed"
    gates.set_closed(conference.id, phone.gate_id, False, by=1)
    with transaction():
        db.session.get_one(Conference, conference.id).state = "closed"
    assert outcome(phone, code) == "closed"


def test_an_approved_substitute_goes_in_under_the_own_name(conference: Conference, phone: DoorPhone):
    code = door.invited(conference.id, "Đinh Văn Nháp", posts=["Chủ tịch UBND huyện"])
    door.reply(
        code, "substitute", substitute_name="Y Ví Dụ", substitute_post="Phó Chủ tịch UBND huyện Kon Plông",
        approved_at=door.LONG_AGO,
    )
    assert outcome(phone, code) == "substitute_expected"
    told = said(phone, code, "substitute")
    assert (told["outcome"], told["name"], told["by_substitute"]) == ("admitted", "Y Ví Dụ", True)
    assert told["about"] == "Phó Chủ tịch UBND huyện Kon Plông, dự thay đồng chí Đinh Văn Nháp, Chủ tịch UBND huyện"
    assert admissions() == [("Y Ví Dụ", None)]
    assert said(phone, code)["name"] == "Y Ví Dụ"
    sentence = db.session.scalars(sa.select(Entry.sentence).where(Entry.verb == "scan.admitted")).one()
    assert sentence == "Y Ví Dụ (dự thay Đinh Văn Nháp) đã vào, Cửa trước."


def test_a_substitute_whom_nobody_approved_waits_and_a_refused_one_does_not_exist(conference: Conference, phone: DoorPhone):
    waiting = door.invited(conference.id)
    door.reply(waiting, "substitute", substitute_name="Bùi Tạm Tính")
    refused = door.invited(conference.id)
    door.reply(refused, "substitute", substitute_name="Bùi Tạm Tính", refused_at=door.LONG_AGO)
    assert [outcome(phone, waiting), outcome(phone, refused)] == ["substitute_waiting", "admitted"]


def test_a_reply_that_no_longer_holds_asks_nothing(conference: Conference, phone: DoorPhone):
    code = door.invited(conference.id)
    door.reply(code, "substitute", substitute_name="Bùi Tạm Tính", superseded_at=door.LONG_AGO)
    assert outcome(phone, code) == "admitted"


def test_letting_in_again_is_no_second_admission(conference: Conference, phone: DoorPhone):
    code = door.invited(conference.id)
    said(phone, code)
    assert said(phone, code, "again")["note"] == "Vào lại."
    assert admissions() == [(None, None)]


def test_undo_ends_the_admission_with_its_reason_and_the_pass_admits_anew(conference: Conference, phone: DoorPhone):
    code = door.invited(conference.id)
    entry = door.scan(code)
    checkin.record_scans(phone, [entry])
    undo = door.undo(entry.scan_key, "Quét nhầm người")
    told = [receipt.verdict["outcome"] for receipt in checkin.record_scans(phone, [undo, undo, door.undo(entry.scan_key)])]
    assert told == ["undone", "undone", "nothing_to_undo"]
    assert admissions() == [(None, "Quét nhầm người")]
    assert outcome(phone, code) == "admitted"
    assert admissions() == [(None, "Quét nhầm người"), (None, None)]


def test_undo_of_a_scan_that_admitted_nobody_or_belongs_elsewhere_ends_nothing(conference: Conference, phone: DoorPhone):
    code = door.invited(conference.id)
    entry, again = door.scan(code), door.scan(code, answers=["again"])
    checkin.record_scans(phone, [entry, again])
    _, stranger = door.pair_phone(door.other_conference())
    by_stranger = checkin.record_scans(stranger, [door.undo(entry.scan_key)])[0].verdict
    mine = [door.undo(again.scan_key), door.undo("no-such-scan-key")]
    assert (by_stranger["outcome"], by_stranger["name"]) == ("nothing_to_undo", "")
    assert [one.verdict["outcome"] for one in checkin.record_scans(phone, mine)] == ["nothing_to_undo"] * 2
    assert admissions() == [(None, None)]


def test_the_office_undoes_with_a_reason_once_and_only_its_own_conference(conference: Conference, phone: DoorPhone):
    checkin.record_scans(phone, [door.scan(door.invited(conference.id))])
    admission_id = db.session.scalars(sa.select(Admission.id)).one()
    with pytest.raises(NotFound):
        office_scans.undo(door.other_conference(), admission_id, "nhầm", 1, "Lan")
    with pytest.raises(Invalid):
        office_scans.undo(conference.id, admission_id, " ", 1, "Lan")
    office_scans.undo(conference.id, admission_id, "nhầm", 1, "Lan")
    with pytest.raises(Conflict):
        office_scans.undo(conference.id, admission_id, "nhầm", 1, "Lan")
    fact = db.session.scalars(sa.select(Scan).order_by(Scan.id.desc()).limit(1)).one()
    assert (fact.kind, fact.way, fact.reason, fact.phone_id) == ("undo", "office", "nhầm", None)
    assert admissions() == [(None, "nhầm")]


def test_a_delegate_found_by_name_is_admitted_as_a_scan(conference: Conference, phone: DoorPhone):
    delegate = door.add_delegate(conference.id, "Lê Thị Ví Dụ")
    door.add_pass(conference.id, delegate)
    [hit] = door_search.find(conference.id, "vi du le")
    [receipt] = checkin.record_scans(phone, [door.scan(delegate_id=hit.delegate_id, way="search")])
    scan = db.session.scalars(sa.select(Scan)).one()
    assert (receipt.verdict["outcome"], scan.way, scan.delegate_id, scan.pass_id) == ("admitted", "search", delegate, None)


def test_a_delegate_of_another_conference_cannot_be_let_in_by_guessing_the_id(conference: Conference, phone: DoorPhone):
    other = door.other_conference()
    stranger = door.add_delegate(other)
    door.add_pass(other, stranger)
    [receipt] = checkin.record_scans(phone, [door.scan(delegate_id=stranger, way="search")])
    assert (receipt.verdict["outcome"], receipt.verdict["name"], admissions()) == ("not_known", "", [])


def test_the_time_of_an_admission_is_the_phones_moved_to_the_servers_clock(conference: Conference, phone: DoorPhone):
    now = clock.now()
    behind = door.scan(door.invited(conference.id), scanned_at=now - timedelta(hours=7), offset_ms=7 * 3_600_000 - 60_000)
    wrong = door.scan(door.invited(conference.id), scanned_at=now + timedelta(days=400))
    checkin.record_scans(phone, [behind, wrong])
    first, second = db.session.scalars(sa.select(Admission.admitted_at).order_by(Admission.id)).all()
    received = db.session.scalars(sa.select(Scan.received_at).distinct()).one()
    assert (first, second) == (now - timedelta(minutes=1), received)


def test_a_hostile_name_is_stored_and_said_as_it_is(conference: Conference, phone: DoorPhone):
    name = "<script>alert(1)</script> {{7*7}} '=1+1"
    assert said(phone, door.invited(conference.id, name))["name"] == name


def test_a_scan_tells_the_live_screens_and_the_phone_was_seen(conference: Conference, phone: DoorPhone):
    before = phones.get(conference.id, phone.id).last_seen_at
    code = door.invited(conference.id)
    checkin.record_scans(phone, [door.scan(code), door.scan("x")])
    lines = db.session.execute(sa.select(Entry.verb, Entry.sentence).where(Entry.verb.like("scan.%")).order_by(Entry.id))
    assert [tuple(line) for line in lines] == [("scan.admitted", "A Thí Dụ đã vào, Cửa trước."), ("scan.refused", "")]
    seen = phones.get(conference.id, phone.id).last_seen_at
    assert before is not None and seen is not None and seen > before
