from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from eventmgr import clock
from eventmgr.models.checkin import Admission, Phone, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import phones
from tests import door
from tests.people import Person

API = "/api/door"


class PairedPhone:
    """A phone at a gate, talking to the server as its page does."""

    def __init__(self, app: Flask, conference_id: int, name: str = "Máy của Thu") -> None:
        token, self.is_ = door.pair_phone(conference_id, name=name)
        self.client = app.test_client()
        self.client.set_cookie("eventmgr_phone", token)

    def get(self, path: str, expect: int = 200, **headers: str) -> Any:
        answer = self.client.get(f"{API}/{path}", headers={"X-Eventmgr-Phone": "1"} | headers)
        assert answer.status_code == expect, answer.get_data(as_text=True)
        return answer.get_json()

    def post(self, path: str, body: Any, expect: int = 200) -> Any:
        answer = self.client.post(f"{API}/{path}", json=body, headers={"X-Eventmgr-Phone": "1"})
        assert answer.status_code == expect, answer.get_data(as_text=True)
        return answer.get_json()

    def scan(self, code: str, *answers: str) -> dict[str, Any]:
        told: dict[str, Any] = self.post("scans", said(code, answers=list(answers)))["verdict"]
        return told


def said(code: str, **more: Any) -> dict[str, Any]:
    moment = clock.now().isoformat()
    return {"scan_key": uuid.uuid4().hex, "way": "camera", "scanned_at": moment, "code": code} | more


@pytest.fixture
def phone(app: Flask, conference: Conference) -> PairedPhone:
    return PairedPhone(app, conference.id)


def problem(answer: TestResponse) -> tuple[int, str, list[str]]:
    return answer.status_code, answer.mimetype, list(answer.get_json())


def test_every_kind_of_verdict_comes_over_the_wire(app: Flask, conference: Conference, phone: PairedPhone):
    good, waiting, expected, revoked = (door.invited(conference.id) for _ in range(4))
    door.reply(waiting, "substitute", substitute_name="Bùi Tạm Tính")
    door.reply(expected, "substitute", substitute_name="Y Ví Dụ", approved_at=door.LONG_AGO)
    door.revoke(revoked)
    draft = door.add_pass(conference.id, door.add_delegate(conference.id), issued=False)
    foreign = door.invited(door.other_conference())
    misspelt = good[:-1] + ("7" if good[-1] != "7" else "8")
    scanned = [good, good, waiting, expected, revoked, draft, foreign, misspelt, "WIFI:S:Khach;;"]
    told = [phone.scan(code) for code in scanned]
    assert [(one["outcome"], one["tone"]) for one in told] == [
        ("admitted", "go"), ("already_in", "ask"), ("substitute_waiting", "ask"), ("substitute_expected", "ask"),
        ("revoked", "no"), ("not_issued", "ask"), ("other_conference", "no"), ("not_known", "no"), ("not_a_pass", "no"),
    ]
    assert phone.scan(good, "again")["note"] == "Vào lại."
    assert phone.scan(expected, "substitute")["name"] == "Y Ví Dụ"
    assert phone.scan(waiting, "in_person")["outcome"] == "admitted"


def test_one_scan_sent_again_is_answered_alike(conference: Conference, phone: PairedPhone):
    scan = said(door.invited(conference.id))
    first, second = phone.post("scans", scan), phone.post("scans", scan)
    assert (first["repeated"], second["repeated"], first["verdict"] == second["verdict"]) == (False, True, True)
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 1


def test_a_batch_is_answered_in_its_order_and_what_is_broken_holds_up_nothing(conference: Conference, phone: PairedPhone):
    good = door.invited(conference.id)
    broken = said(good) | {"scanned_at": "yesterday"}
    results = phone.post("scans", [said(good), broken, "x", said(good)])["results"]
    assert [one.get("verdict", {}).get("outcome") for one in results] == ["admitted", None, None, "already_in"]
    assert (results[1]["scan_key"], results[1]["problem"]) == (broken["scan_key"], "Giờ quét chưa đúng.")
    assert (results[2]["scan_key"], results[2]["problem"]) == (None, "Lượt quét phải là một đối tượng JSON.")


def test_undo_ends_the_admission_and_the_pass_admits_anew(conference: Conference, phone: PairedPhone):
    code = door.invited(conference.id)
    scan = said(code)
    phone.post("scans", scan)
    undo = said(code, kind="undo", undoes_key=scan["scan_key"], reason="Quét nhầm")
    assert phone.post("scans", undo)["verdict"]["outcome"] == "undone"
    assert phone.get("counters")["inside"] == 0
    assert phone.scan(code)["outcome"] == "admitted"
    assert phone.post("scans", undo | {"scan_key": "another-key", "reason": ""}, expect=422) == {
        "problem": "Ghi lý do hoàn tác, dài nhất 300 ký tự."
    }


def test_a_phone_without_its_cookie_header_or_type_is_refused_in_words(app: Flask, phone: PairedPhone, minh: Person):
    header = {"X-Eventmgr-Phone": "1"}
    stranger = app.test_client()
    assert problem(stranger.get(f"{API}/state", headers=header)) == (403, "application/json", ["problem"])
    assert problem(minh.client.get(f"{API}/state", headers=header)) == (403, "application/json", ["problem"])
    assert problem(phone.client.get(f"{API}/state")) == (403, "application/json", ["problem"])
    assert problem(phone.client.post(f"{API}/scans", json=[])) == (403, "application/json", ["problem"])
    form = phone.client.post(f"{API}/scans", data={"code": "x"}, headers=header)
    assert problem(form) == (415, "application/json", ["problem"])
    plain = phone.client.post(f"{API}/scans", data="[]", headers=header | {"Content-Type": "text/plain"})
    assert problem(plain) == (415, "application/json", ["problem"])
    stranger.set_cookie("eventmgr_phone", "made up")
    assert problem(stranger.get(f"{API}/state", headers=header)) == (403, "application/json", ["problem"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400), ("null", 400), ("7", 400), ('"x"', 400), ("", 400), ("{}", 422), ("[" * 30_000, 400),
        (json.dumps([{}] * 201), 413), ('["' + "x" * 65_536 + '"]', 413),
    ],
)  # fmt: skip
def test_a_body_that_is_no_scan_is_refused_with_its_status(phone: PairedPhone, body: str, status: int):
    headers = {"X-Eventmgr-Phone": "1", "Content-Type": "application/json"}
    assert problem(phone.client.post(f"{API}/scans", data=body, headers=headers)) == (status, "application/json", ["problem"])


def test_a_body_that_is_too_large_says_so(phone: PairedPhone):
    body = [{"scan_key": "x" * 70_000}]
    assert phone.post("scans", body, expect=413) == {"problem": "Gói lượt quét quá lớn; gửi làm nhiều lần."}
    assert phone.post("scans", [{}] * 201, expect=413) == {"problem": "Mỗi lần gửi nhiều nhất 200 lượt quét."}


def test_a_body_whose_length_nobody_says_is_refused_beyond_the_limit(phone: PairedPhone):
    headers = {"X-Eventmgr-Phone": "1", "Content-Type": "application/json", "Transfer-Encoding": "chunked"}
    unsaid = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    statuses = [
        phone.client.post(
            f"{API}/scans", data=f'[{" " * size}]', headers=headers, environ_overrides=unsaid
        ).status_code
        for size in (60_000, 70_000)
    ]
    assert statuses == [200, 413]


def test_a_phone_that_was_cut_off_is_refused_from_its_next_call_on(conference: Conference, phone: PairedPhone, minh: Person):
    code = door.invited(conference.id)
    phone.get("state")
    minh.post(f"/office/{conference.slug}/gates/phones/{phone.is_.id}/cut-off", expect=302)
    sentence = {"problem": "Máy này đã bị ngắt khỏi cửa. Gặp trưởng cửa để ghép lại."}
    assert phone.get("state", expect=403) == sentence
    assert phone.post("scans", said(code), expect=403) == sentence
    assert phone.post("presence", {}, expect=403) == sentence
    assert sentence["problem"] in phone.client.get("/door/").get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 0


def test_the_phones_of_an_archived_conference_are_refused(conference: Conference, phone: PairedPhone):
    with transaction():
        db.session.get_one(Conference, conference.id).state = "archived"
    assert phone.get("state", expect=403) == {"problem": "Hội nghị đã lưu trữ, máy quét không dùng được nữa."}


def test_state_gives_the_servers_time_and_changes_nothing(conference: Conference, phone: PairedPhone):
    before = clock.now().timestamp() * 1000
    state = phone.get("state")
    assert before - 1 <= state.pop("server_ms") <= clock.now().timestamp() * 1000
    gate = phone.is_.gate_name
    assert state == {"conference": conference.short_title, "gate": gate, "phone": "Máy của Thu", "inside": 0}


def test_presence_is_noted_and_a_get_is_not(phone: PairedPhone):
    old = clock.now() - timedelta(hours=1)
    with transaction():
        db.session.get_one(Phone, phone.is_.id).last_seen_at = old
    phone.get("state")
    phone.get("search?q=thi+du")
    assert last_seen(phone) == old
    phone.post("presence", {})
    assert last_seen(phone) > old


def last_seen(phone: PairedPhone) -> Any:
    return db.session.scalar(sa.select(Phone.last_seen_at).where(Phone.id == phone.is_.id))


def test_search_needs_no_diacritics_and_knows_posts_bodies_substitutes_and_who_is_in(
    conference: Conference, phone: PairedPhone
):
    in_hall = door.invited(conference.id, "Lê Thị Minh Họa", posts=["Chủ tịch Hội"], body="Hội Liên hiệp Phụ nữ", seat="B-02")
    phone.scan(in_hall)
    door.invited(conference.id, "Trần Văn Mẫu", posts=["Chuyên viên"])
    instead = door.invited(conference.id, None, posts=["Giám đốc Sở Kiểm lâm"])
    door.reply(instead, "substitute", substitute_name="Đặng Minh Họa", approved_at=door.LONG_AGO)
    both = phone.get("search?q=MINH%20HOA")["hits"]
    assert sorted((hit["name"], hit["substitute"]) for hit in both) == [("", "Đặng Minh Họa"), ("Lê Thị Minh Họa", "")]
    [hit] = phone.get("search?q=phu+nu+minh+hoa")["hits"]
    assert hit.pop("entered_at") is not None
    assert hit.pop("delegate_id") > 0
    group = door.groups(conference.id)[0]
    assert hit == {
        "name": "Lê Thị Minh Họa", "posts": ["Chủ tịch Hội"], "body": "Hội Liên hiệp Phụ nữ",
        "group": group.short_label or group.label, "seat": "B-02", "reply": "none", "substitute": "",
        "entered_gate": phone.is_.gate_name,
    }
    assert [hit["posts"] for hit in phone.get("search?q=giam+doc+so+kiem+lam")["hits"]] == [["Giám đốc Sở Kiểm lâm"]]


def test_search_gives_twenty_at_most_and_nothing_for_too_little(conference: Conference, phone: PairedPhone):
    for _ in range(25):
        door.add_delegate(conference.id, "Nguyễn Văn Đông")
    assert len(phone.get("search?q=dong")["hits"]) == 20
    for query in ("", "d", "%25", "__", "%25%25", "x" * 500):
        assert phone.get(f"search?q={query}")["hits"] == []


def test_search_stays_in_its_conference(app: Flask, conference: Conference, phone: PairedPhone):
    door.invited(door.other_conference(), "Người Nơi Khác")
    assert phone.get("search?q=noi+khac")["hits"] == []


def test_a_phone_never_sees_a_telephone_number_or_an_address(conference: Conference, phone: PairedPhone):
    code = door.invited(conference.id, "Lê Thị Ví Dụ", phone="0912345678", email="vidu@example.vn", note="ghi chú riêng")
    answers = [
        phone.scan(code), phone.scan(code), phone.get("search?q=vi+du"), phone.get("counters"), phone.get("state"),
        phone.get("search?q=0912345678"), phone.get("search?q=vidu%40example.vn"),
    ]
    told = json.dumps(answers, ensure_ascii=False)
    assert "Lê Thị Ví Dụ" in told
    assert [secret for secret in ("0912", "345678", "example.vn", "ghi chú riêng") if secret in told] == []
    assert (answers[5], answers[6]) == ({"hits": []}, {"hits": []})


def test_counters_count_who_is_in_by_gate_and_group(conference: Conference, phone: PairedPhone):
    first, second = ((group.id, group.short_label or group.label) for group in door.groups(conference.id)[:2])
    before = {group["label"]: group["awaited"] for group in phone.get("counters")["groups"]}
    here = [door.invited(conference.id, group_id=first[0]) for _ in range(2)]
    door.invited(conference.id, group_id=second[0])
    door.reply(door.invited(conference.id, group_id=second[0]), "absent")
    for code in here:
        phone.scan(code)
    counted = phone.get("counters")
    assert (counted["inside"], counted["awaited"], counted["at_this_gate"], len(counted["last"])) == (
        2, sum(before.values()) + 3, 2, 2,
    )
    assert [group for group in counted["groups"] if group["label"] in {first[1], second[1]}] == [
        {"label": first[1], "inside": 2, "awaited": before.get(first[1], 0) + 2},
        {"label": second[1], "inside": 0, "awaited": before.get(second[1], 0) + 1},
    ]


def test_a_hostile_name_travels_as_text(conference: Conference, phone: PairedPhone):
    name = "</script><script>alert(1)</script>"
    assert phone.scan(door.invited(conference.id, name))["name"] == name


def test_pairing_gives_a_cookie_that_scripts_and_strangers_cannot_use(app: Flask, conference: Conference):
    _, code = phones.make_pairing_code(conference.id, door.pair_phone(conference.id)[1].gate_id, by=1)
    person = Person(app)
    page = person.get(f"/door/pair/{code}").get_data(as_text=True)
    assert "Ghép máy vào" in page
    answer = person.post(f"/door/pair/{code.lower()}", expect=302, name="Máy của Thu")
    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("eventmgr_phone=")]
    assert [flag for flag in ("HttpOnly", "SameSite=Strict", "Path=/") if flag not in cookie] == []
    token = cookie.split("=")[1].split(";")[0]
    assert token not in str(db.session.execute(sa.select(Phone.token_digest, Phone.pair_digest)).all())
    assert answer.headers["Location"] == "/door/"
    assert "data-module=\"door " in person.get("/door/").get_data(as_text=True)


def test_a_pairing_code_is_good_once_for_fifteen_minutes_and_reading_spends_nothing(
    app: Flask, conference: Conference, monkeypatch: pytest.MonkeyPatch
):
    gate_id = door.pair_phone(conference.id)[1].gate_id
    first, second = (phones.make_pairing_code(conference.id, gate_id, by=1)[1] for _ in range(2))
    thu, minh = Person(app), Person(app)
    for _ in range(3):
        thu.get(f"/door/pair/{first}")
    thu.post(f"/door/pair/{first}", expect=302, name="Máy của Thu")
    assert "đã dùng" in minh.get(f"/door/pair/{first}", expect=409).get_data(as_text=True)
    minh.post(f"/door/pair/{first}", expect=409, name="Máy khác")
    minh.get("/door/pair/NOSUCHCODE", expect=404)
    later = clock.now() + timedelta(minutes=15)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "hết hạn" in minh.get(f"/door/pair/{second}", expect=409).get_data(as_text=True)
    minh.post(f"/door/pair/{second}", expect=409, name="Máy khác")


def test_a_phone_needs_a_name_and_pairing_needs_its_form(app: Flask, conference: Conference):
    _, code = phones.make_pairing_code(conference.id, door.pair_phone(conference.id)[1].gate_id, by=1)
    person = Person(app)
    for name in ("", "   ", "x" * 81):
        person.post(f"/door/pair/{code}", expect=422, name=name)
    assert app.test_client().post(f"/door/pair/{code}", data={"name": "Máy lạ"}).status_code == 400
    assert phones.offer_of(code).gate_name != ""


def test_a_phone_paired_anew_leaves_its_old_gate(app: Flask, conference: Conference):
    gate_id = door.pair_phone(conference.id)[1].gate_id
    person = Person(app)
    for name in ("Máy của Thu", "Máy của Thu, cửa bên"):
        _, code = phones.make_pairing_code(conference.id, gate_id, by=1)
        person.post(f"/door/pair/{code}", expect=302, name=name)
    named = sa.select(Phone.name, Phone.revoked_at.is_(None)).where(Phone.name.like("Máy của Thu%")).order_by(Phone.id)
    rows = [tuple(row) for row in db.session.execute(named)]
    assert rows[-2:] == [("Máy của Thu", False), ("Máy của Thu, cửa bên", True)]


def test_a_phone_that_is_not_paired_is_told_what_to_do(stranger: Person):
    page = stranger.get("/door/").get_data(as_text=True)
    assert "Máy này chưa được ghép với cửa nào." in page
    assert "data-module=\"door " not in page


def test_the_scanners_page_carries_names_as_text(app: Flask, conference: Conference):
    token, _ = door.pair_phone(conference.id, name="<img src=x onerror=alert(1)>")
    person = Person(app)
    person.client.set_cookie("eventmgr_phone", token)
    assert "&lt;img src=x" in person.get("/door/").get_data(as_text=True)


def test_admissions_of_a_batch_carry_the_phones_corrected_time(conference: Conference, phone: PairedPhone):
    behind = clock.now() - timedelta(minutes=10)
    scan = said(door.invited(conference.id), scanned_at=(behind - timedelta(hours=1)).isoformat(), offset_ms=3_600_000)
    phone.post("scans", [scan])
    assert db.session.scalars(sa.select(Admission.admitted_at)).one() == behind

