"""The lead's pages: what to judge, how phones are, who is missing, a signed sheet entered afterwards."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.domain.scans import Decided
from eventmgr.domain.walk_ins import WalkIn
from eventmgr.models.checkin import Admission, DoorConflict, Gate, Phone, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.services import arrivals, checkin, gates, sign_in_sheets
from tests import door
from tests.people import SLUG, Person
from tests.services.test_scan_kinds import green
from tests.web.test_door_api import PairedPhone, said

GATES = f"/office/{SLUG}/gates"
PAPER = f"{GATES}/paper"


def text(answer: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", plain)


def double(conference: Conference, name: str = "Lê Thị Ví Dụ") -> DoorConflict:
    """Two phones let in one person."""
    code = door.invited(conference.id, name)
    for number in range(2):
        checkin.record_scans(door.pair_phone(conference.id, name=f"Máy {number}")[1], [green(code, 3 - number)])
    return db.session.scalars(sa.select(DoorConflict)).one()


def test_the_lead_judges_on_the_page_and_takes_it_back(conference: Conference, minh: Person):
    row = double(conference)
    page = text(minh.get(GATES))
    assert "Cần một người quyết định 1" in page
    assert "Một đại biểu, hai lần vào: Lê Thị Ví Dụ" in page
    url = f"{GATES}/conflicts/{row.id}"
    minh.post(url, expect=302, decision="same", version=row.version, note="")
    assert "Cần một người quyết định" not in text(minh.get(GATES))
    judged = text(minh.get(f"{GATES}/conflicts"))
    assert "Cùng một người · Minh," in judged
    minh.post(url, expect=409, decision="same", version=row.version)
    minh.post(url, expect=422, decision="dance", version=0)
    now = db.session.scalar(sa.select(DoorConflict.version))
    minh.post(f"{url}/reopen", expect=302, version=now)
    assert "Cần một người quyết định 1" in text(minh.get(GATES))


def test_presence_brings_a_phones_health_to_the_lead(app: Flask, conference: Conference, minh: Person):
    phone = PairedPhone(app, conference.id)
    told = {"unsent": 14, "snapshot": "1204", "snapshot_at": door.hours_ago(0.25).isoformat(), "battery": 17}
    phone.post("presence", told)
    page = text(minh.get(GATES))
    assert "0 lượt đã gửi · 14 chưa gửi · danh sách cách đây 15 phút (bản 1204 ) · pin 17 %" in page
    assert "Danh sách cũ 15 phút" in page
    phone.post("presence", {"unsent": 0, "snapshot_at": door.hours_ago(0).isoformat(), "battery": 80})
    assert "Đã gửi hết" in text(minh.get(GATES))
    row = db.session.get(Phone, phone.is_.id, populate_existing=True)
    assert row is not None and (row.unsent, row.battery) == (0, 80)


def test_hostile_names_are_text_on_the_leads_pages(conference: Conference, minh: Person):
    name = '<script>alert("x")</script>{{7*7}}'
    _, phone = door.pair_phone(conference.id, name="Máy <b>x</b>")
    guests = [green(None, 1, walk_in=WalkIn(name, post=name, body=name), way="typed") for _ in range(2)]
    hold = door.scan(door.invited(conference.id, name), kind="hold", reason=name)
    checkin.record_scans(phone, [*guests, hold, green(name), green(door.invited(conference.id, name))])
    for url in (GATES, f"{GATES}/now", f"{GATES}/conflicts", f"{GATES}/arrivals", PAPER, f"/office/{SLUG}/delegates"):
        page = minh.get(url).get_data(as_text=True)
        assert ("&lt;script&gt;alert" in page or url == PAPER, "<script>alert" in page, "<b>x</b>" in page) == (True, False, False)


def paper(person: Person, gate_id: int, who: str, hour: str = "7:12", expect: int = 302, **more: Any) -> str:
    answer = person.post(PAPER, expect=expect, gate=gate_id, who=who, hour=hour, **({"key": uuid.uuid4().hex} | more))
    return text(answer if expect != 302 else person.get(answer.headers["Location"]))


@pytest.fixture
def gate(conference: Conference) -> Gate:
    return gates.add(conference.id, "Cửa giấy", [], by=1)


def test_a_line_of_the_signed_sheet_is_entered_by_number_or_name_and_taken_back(
    conference: Conference, gate: Gate, minh: Person
):
    delegate = door.add_delegate(conference.id, "Lê Thị Ví Dụ")
    line = next(line for line in sign_in_sheets.lines(conference.id, gate.id) if line.delegate_id == delegate)
    page = paper(minh, gate.id, str(line.number))
    assert f"{line.number}. Lê Thị Ví Dụ: đã ghi." in page
    row = db.session.execute(sa.select(Admission.delegate_id, Admission.gate_id, Scan.way, Scan.account_id).join(Scan)).one()
    assert (row[0], row[1], row[2], row[3] is not None) == (delegate, gate.id, "paper", True)
    assert "Bảng ký tên" in text(minh.get(f"{GATES}/arrivals"))
    scan_id = db.session.scalars(sa.select(Scan.id)).one()
    minh.post(f"{PAPER}/{scan_id}/undo", expect=302, gate=gate.id)
    assert db.session.scalar(sa.select(sa.func.count(Admission.id)).where(Admission.undone_at.is_(None))) == 0
    assert "Lê Thị Ví Dụ: đã ghi." in paper(minh, gate.id, "vi du le thi")


def test_the_same_line_sent_twice_is_one_fact(conference: Conference, gate: Gate, minh: Person):
    door.add_delegate(conference.id, "Lê Thị Ví Dụ")
    key = uuid.uuid4().hex
    paper(minh, gate.id, "ví dụ", key=key)
    assert "dòng này đã nhập rồi" in paper(minh, gate.id, "ví dụ", key=key)
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 1


def test_somebody_who_is_in_already_is_told_at_once_and_settled_with_one_click(
    conference: Conference, gate: Gate, minh: Person
):
    _, phone = door.pair_phone(conference.id)
    checkin.record_scans(phone, [green(door.invited(conference.id, "Lê Thị Ví Dụ"), 1)])
    page = paper(minh, gate.id, "ví dụ")
    assert re.search(r"Lê Thị Ví Dụ đã có lượt vào lúc \d\d:\d\d, Cửa \d+", page)
    row = db.session.scalars(sa.select(DoorConflict)).one()
    minh.post(f"{GATES}/conflicts/{row.id}?back=paper", expect=302, decision="same", version=row.version)
    assert "Cần một người quyết định" not in text(minh.get(GATES))


@pytest.mark.parametrize(
    ("who", "hour", "sentence"),
    [
        ("", "7:12", "Gõ số thứ tự trên bảng, hoặc họ tên."),
        ("99999", "7:12", "Không có dòng nào như vậy"),
        ("không ai tên thế", "7:12", "Không có dòng nào như vậy"),
        ("vi du", "sáng", "Ghi giờ như trên giấy"),
        ("vi du", "7:12", "Có nhiều người như vậy. Chọn một người ở dưới."),
    ],
)
def test_what_cannot_be_entered_comes_back_as_typed(
    conference: Conference, gate: Gate, minh: Person, who: str, hour: str, sentence: str
):
    for name in ("Lê Thị Ví Dụ", "Trần Văn Ví Dụ"):
        door.add_delegate(conference.id, name)
    answer = minh.post(PAPER, expect=422, gate=gate.id, who=who, hour=hour, key="k" * 10)
    page = answer.get_data(as_text=True)
    assert (sentence in text(answer), f'value="{who}"' in page, f'value="{hour}"' in page) == (True, True, True)


def test_one_of_several_is_chosen_with_a_button(conference: Conference, gate: Gate, minh: Person):
    ids = [door.add_delegate(conference.id, name) for name in ("Lê Thị Ví Dụ", "Trần Văn Ví Dụ")]
    assert "Trần Văn Ví Dụ: đã ghi." in paper(minh, gate.id, "vi du", delegate=ids[1])
    stranger = door.add_delegate(door.other_conference(), "Người Nơi Khác")
    paper(minh, gate.id, "x", expect=422, delegate=stranger)


def test_the_sheet_of_a_gate_holds_its_groups_alone_in_the_order_of_precedence(conference: Conference):
    first, second = door.groups(conference.id)[:2]
    gate = gates.add(conference.id, "Cửa riêng", [second.id], by=1)
    low = door.add_delegate(conference.id, "Y Hai", group_id=second.id, posts=["Chuyên viên"])
    door.add_delegate(conference.id, "Y Một", group_id=first.id)
    listed = sign_in_sheets.lines(conference.id, gate.id)
    assert {line.group for line in listed} == {second.short_label or second.label}
    assert [line.number for line in listed] == list(range(1, len(listed) + 1))
    assert listed[-1].delegate_id == low


def test_a_substitute_stands_on_the_sheet_only_once_the_office_has_agreed(conference: Conference):
    facts = {"substitute_name": "Y Ví Dụ", "substitute_post": "Phó Trưởng ban"}
    for name, more in (("A Một", {"approved_at": door.LONG_AGO}), ("A Hai", {}), ("A Ba", {"refused_at": door.LONG_AGO})):
        door.reply(door.invited(conference.id, name), "substitute", **facts, **more)
    notes = {line.name: line.note for line in sign_in_sheets.lines(conference.id, None)}
    assert [notes[name] for name in ("A Một", "A Hai", "A Ba")] == [
        "Dự thay: Y Ví Dụ, Phó Trưởng ban", "Xin cử người thay, chưa duyệt", "",
    ]  # fmt: skip


def test_the_signature_of_somebody_who_is_asked_to_wait_is_told_and_left_to_a_person(
    conference: Conference, gate: Gate, minh: Person
):
    _, phone = door.pair_phone(conference.id)
    wait = door.scan(door.invited(conference.id, "Lê Thị Ví Dụ"), kind="hold", reason="Giấy mờ, đang hỏi văn phòng")
    checkin.record_scans(phone, [wait])
    page = paper(minh, gate.id, "ví dụ", hour="23:59")
    assert "Lê Thị Ví Dụ đang mời chờ vì: Giấy mờ, đang hỏi văn phòng." in page
    assert "đã có lượt vào" not in page
    assert db.session.scalars(sa.select(DoorConflict.kind)).all() == ["held"]
    assert "Cần một người quyết định 1" in text(minh.get(GATES))


def test_what_was_not_let_in_has_the_time_of_the_gate_and_goes_once_the_delegate_is_in(conference: Conference):
    _, phone = door.pair_phone(conference.id)
    code = door.invited(conference.id, "Đinh Văn Nháp")
    door.reply(code, "substitute", substitute_name="Y Ví Dụ", approved_at=door.LONG_AGO)
    asked = door.scan(code, scanned_at=door.hours_ago(2))
    foreign = door.scan("WIFI:S:Khach;;", scanned_at=door.hours_ago(3))
    checkin.record_scans(phone, [asked, foreign])
    assert [row.at for row in arrivals.refused(conference.id)] == [asked.scanned_at, foreign.scanned_at]
    entry = door.scan(code, answers=["substitute"], scanned_at=door.hours_ago(1))
    checkin.record_scans(phone, [entry])
    assert [row.at for row in arrivals.refused(conference.id)] == [foreign.scanned_at]
    checkin.record_scans(phone, [door.undo(entry.scan_key)])
    assert [row.at for row in arrivals.refused(conference.id)] == [asked.scanned_at, foreign.scanned_at]


def test_a_letter_to_a_post_gets_its_name_from_the_phone_or_from_the_lead(app: Flask, conference: Conference, minh: Person):
    phone = PairedPhone(app, conference.id)
    codes = [door.invited(conference.id, None, posts=[post]) for post in ("Chánh Văn phòng", "Trưởng phòng Nội vụ")]
    for code in codes:
        assert phone.scan(code)["note"] == "Giấy mời chỉ ghi chức vụ: mời vào, rồi ghi họ tên người đến."
    told = phone.post("scans", said(codes[0], kind="named", person={"full_name": " Trần  Thị Mẫu", "address_form": "bà"}))
    assert (told["verdict"]["word"], told["verdict"]["say"]) == ("Đã ghi họ tên", "Mời bà vào hội trường.")
    page = minh.get(GATES).get_data(as_text=True)
    assert "Trần Thị Mẫu" in page
    [url] = re.findall(r'href="([^"]+/name)"', page)
    assert "Họ tên người đến" in text(minh.get(url))
    minh.post(url, expect=422, full_name="", address_form="ông")
    minh.post(url, expect=302, full_name="Lê Văn Mẫu", address_form="ông")
    page = text(minh.get(f"{GATES}/arrivals"))
    assert ("Lê Văn Mẫu" in page, "Ghi họ tên" in page) == (True, False)
    rows = db.session.execute(sa.select(Scan.way, Scan.entered_as, Scan.entered_form).where(Scan.kind == "named").order_by(Scan.id))
    assert [tuple(row) for row in rows] == [("camera", "Trần Thị Mẫu", "bà"), ("office", "Lê Văn Mẫu", "ông")]
    minh.post(url.replace("/admissions/", "/admissions/9"), expect=404, full_name="A", address_form="bà")
    phone.post("scans", said(codes[0], kind="named", person={"full_name": " "}), expect=422)
    phone.post("scans", said(codes[0], kind="named", person="A"), expect=422)
    phone.post("scans", said(codes[0], kind="named", person={"full_name": "A", "address_form": "ngài"}), expect=422)


def test_one_word_is_one_number_at_the_phone_the_lead_the_desk_and_the_sheet(
    app: Flask, conference: Conference, minh: Person, lan: Person
):
    phone = PairedPhone(app, conference.id)
    code, other = door.invited(conference.id, "Lê Thị Ví Dụ"), door.invited(conference.id, "Vũ Thí Dụ")
    principal = db.session.scalar(sa.select(Delegate.id).where(Delegate.full_name == "Lê Thị Ví Dụ"))
    companion = door.add_delegate(conference.id, "Y Mẫu", posts=["Thư ký"], companion_of_id=principal)
    facts = [green(code, 9), green(None, 8, delegate_id=companion), green(None, 7, walk_in=WalkIn("A Lạ"), way="typed")]
    checkin.record_scans(phone.is_, [*facts, green(other, 6), green(other, 5, kind="exit", decided=Decided("left"))])
    assert phone.get("changes?since=0")["inside"] == 3  # "người trong hội trường"
    page = text(minh.get(GATES))
    assert re.search(r"Đã vào lúc [\d:]+ 4 trong \d+ người chờ đón · 1 đang ra ngoài, còn 3 người trong hội trường", page)
    assert "Kể cả người đi cùng và khách đăng ký tại cửa." in page
    assert "4 người đã vào" in page
    assert "Đã vào (không kể người đi cùng) 3" in text(lan.get(f"/office/{SLUG}/"))
    assert re.search(r"4 / \d+ trong bảng này đã vào", text(minh.get(PAPER)))
