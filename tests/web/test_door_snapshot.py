"""What a phone holds of the list: the whole, then only who has changed."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain import passes
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.journal import record
from eventmgr.services import door_snapshot
from tests import door
from tests.people import Person
from tests.web.test_door_api import API, PairedPhone


@pytest.fixture
def phone(app: Flask, conference: Conference) -> PairedPhone:
    return PairedPhone(app, conference.id)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute on: what was written before is settled."""
    at = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: at)


def row_of(rows: list[list[Any]], name: str) -> list[Any]:
    [found] = [row for row in rows if row[1] == name]
    return found


def version(phone: PairedPhone) -> int:
    return int(phone.get("snapshot")["version"])


def edit(conference_id: int, delegate_id: int, **values: Any) -> None:
    with transaction():
        delegate = db.session.get_one(Delegate, delegate_id)
        for name, value in values.items():
            setattr(delegate, name, value)
        record("delegate.edited", clock.now(), conference_id=conference_id, subject="delegate", subject_id=delegate_id)


def test_the_whole_list_holds_digests_and_neither_codes_nor_telephone_numbers(conference: Conference, phone: PairedPhone):
    code = door.invited(
        conference.id, "Lê Thị Ví Dụ", phone="0912345678", email="vidu@example.vn", note="riêng", body="Sở Kiểm lâm", seat="A-11"
    )
    door.reply(code, "substitute", substitute_name="Y Ví Dụ", substitute_post="Chuyên viên", approved_at=door.LONG_AGO)
    text = json.dumps(phone.get("snapshot"), ensure_ascii=False)
    assert [secret for secret in (code, "0912", "example.vn", "riêng") if secret in text] == []
    row = row_of(phone.get("snapshot")["people"], "Lê Thị Ví Dụ")
    group = door.groups(conference.id)[0].id
    assert row[2:10] == [
        "đồng chí", ["Trưởng Ban Dân tộc tỉnh"], "Sở Kiểm lâm", group, "A-11", "", "substitute",
        ["Y Ví Dụ", "Chuyên viên", True, "đồng chí"],
    ]
    assert row[14] == [[passes.digest(code)[:24], 1, None, 0]]


def test_revoked_replaced_and_unissued_passes_are_told_apart(conference: Conference, phone: PairedPhone):
    delegate_id = door.add_delegate(conference.id, "Cao Thị Minh Họa")
    old = door.add_pass(conference.id, delegate_id)
    door.revoke(old)
    door.add_pass(conference.id, delegate_id)
    draft = door.add_pass(conference.id, door.add_delegate(conference.id, "Bùi Tạm Tính"), issued=False)
    people = phone.get("snapshot")["people"]
    gone, new = row_of(people, "Cao Thị Minh Họa")[14]
    assert (gone[0], gone[1], gone[2] is not None, gone[3]) == (passes.digest(old)[:24], 1, True, 1)
    assert new[1:] == [1, None, 0]
    assert row_of(people, "Bùi Tạm Tính")[14] == [[passes.digest(draft)[:24], 0, None, 0]]


def test_changes_name_who_was_edited_and_who_came_in_and_nobody_else(conference: Conference, phone: PairedPhone, later: None):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    edited = door.add_delegate(conference.id, "Hoàng Giả Định")
    since = version(phone)
    assert phone.get(f"changes?since={since}")["people"] == []
    edit(conference.id, edited, seat="C-05")
    phone.scan(code)
    told = phone.get(f"changes?since={since}")
    assert {row[1] for row in told["people"]} == {"Lê Thị Ví Dụ", "Hoàng Giả Định"}
    assert row_of(told["people"], "Hoàng Giả Định")[6] == "C-05"
    assert row_of(told["people"], "Lê Thị Ví Dụ")[10][1:] == [f"{phone.is_.gate_name}, Máy của Thu", "Lê Thị Ví Dụ"]
    assert (told["inside"], told["gate"]["name"], told["phone"]["id"]) == (1, phone.is_.gate_name, phone.is_.id)


def test_a_line_younger_than_the_settling_time_is_told_again(
    conference: Conference, phone: PairedPhone, later: None, monkeypatch: pytest.MonkeyPatch
):
    delegate_id = door.add_delegate(conference.id, "Hoàng Giả Định")
    edit(conference.id, delegate_id, seat="C-05")
    first = phone.get(f"changes?since={version(phone)}")
    assert [row[1] for row in first["people"]] == ["Hoàng Giả Định"]
    again = phone.get(f"changes?since={first['version']}")
    assert [row[1] for row in again["people"]] == ["Hoàng Giả Định"]
    at = clock.now() + timedelta(seconds=20)
    monkeypatch.setattr(clock, "now", lambda: at)
    settled = phone.get(f"changes?since={again['version']}")["version"]
    assert phone.get(f"changes?since={settled}")["people"] == []


@pytest.mark.parametrize("verb", ["group.edited", "import.stored", "invitation.issued_all", "body.edited"])
def test_what_may_touch_anybody_asks_for_the_whole_list(conference: Conference, phone: PairedPhone, later: None, verb: str):
    since = version(phone)
    with transaction():
        record(verb, clock.now(), conference_id=conference.id)
    assert phone.get(f"changes?since={since}")["people"] is None


def test_the_stage_and_the_gates_change_nothing_in_the_list(conference: Conference, phone: PairedPhone, minh: Person, later: None):
    since = version(phone)
    minh.post(f"/office/{conference.slug}/gates/{phone.is_.gate_id}/close", expect=302)
    with transaction():
        record("stage.moved", clock.now(), conference_id=conference.id, subject="item", subject_id=1)
    told = phone.get(f"changes?since={since}")
    assert (told["people"], told["gate"]["open"]) == ([], False)


@pytest.mark.parametrize("since", ["", "x", "-1", "1.5", "9" * 13, "²"])
def test_a_version_that_is_none_is_refused_and_one_from_elsewhere_starts_anew(phone: PairedPhone, since: str):
    phone.get(f"changes?since={since}", expect=422)
    assert phone.get("changes?since=999999999999")["people"] is None


def test_a_whole_list_that_was_made_serves_again_and_the_changes_bring_it_up_to_date(
    conference: Conference, phone: PairedPhone, later: None
):
    delegate_id = door.add_delegate(conference.id, "Hoàng Giả Định")
    first = phone.get("snapshot")
    edit(conference.id, delegate_id, full_name="Hoàng Giả Sử")
    kept = phone.get("snapshot")
    assert kept == first
    assert [row[1] for row in phone.get(f"changes?since={kept['version']}")["people"]] == ["Hoàng Giả Sử"]
    with transaction():
        record("import.stored", clock.now(), conference_id=conference.id)
    assert row_of(phone.get("snapshot")["people"], "Hoàng Giả Sử")[0] == delegate_id


def test_the_list_travels_packed_to_whoever_can_read_it(phone: PairedPhone):
    plain = phone.client.get(f"{API}/snapshot", headers={"X-Eventmgr-Phone": "1"})
    packed = phone.client.get(f"{API}/snapshot", headers={"X-Eventmgr-Phone": "1", "Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert (packed.headers["Cache-Control"], packed.headers["Vary"]) == ("no-store", "Accept-Encoding, Cookie")


def test_each_pairing_has_a_sealing_key_of_its_own(app: Flask, conference: Conference, phone: PairedPhone):
    other = PairedPhone(app, conference.id)
    keys = [phone.get("key")["key"], phone.get("key")["key"], other.get("key")["key"]]
    assert (keys[0] == keys[1], keys[0] == keys[2], len(keys[0])) == (True, False, 44)


def test_who_waits_who_went_out_and_who_walked_in_stand_in_the_list(conference: Conference, phone: PairedPhone):
    waits, out = door.invited(conference.id, "Cao Thị Minh Họa"), door.invited(conference.id, "Lê Thị Ví Dụ")
    phone.scan(out)
    moment = {"way": "camera", "scanned_at": clock.now().isoformat()}
    guest = {"scan_key": "walk-in-1", "kind": "entry", "walk_in": {"full_name": "Trần Văn Mẫu", "address_form": "ông"}, **moment}
    facts = [
        {"scan_key": "held-0001", "kind": "hold", "code": waits, "reason": "Người khác cầm giấy", **moment},
        {"scan_key": "left-0001", "kind": "exit", "code": out, **moment}, guest,
    ]  # fmt: skip
    assert [one["stored"] for one in phone.post("scans", facts)["results"]] == [True, True, True]
    people = phone.get("snapshot")["people"]
    assert row_of(people, "Cao Thị Minh Họa")[13][1:] == [phone.is_.gate_name, "Người khác cầm giấy"]
    gone = row_of(people, "Lê Thị Ví Dụ")
    assert (gone[10], gone[11] is not None) == (None, True)
    walked_in = row_of(people, "Trần Văn Mẫu")
    assert (walked_in[10][1], walked_in[16]) == (f"{phone.is_.gate_name}, Máy của Thu", True)
    by_key = {"way": "search", "delegate_key": "walk-in-1"}
    exit_ = by_key | {"scan_key": "left-0002", "kind": "exit", "scanned_at": clock.now().isoformat()}
    assert phone.post("scans", exit_)["verdict"]["outcome"] == "left"
    back = phone.post("scans", by_key | {"scan_key": "back-0002", "scanned_at": clock.now().isoformat()})
    assert back["verdict"]["outcome"] == "admitted"


def test_the_list_of_another_conference_stays_there(app: Flask, conference: Conference, phone: PairedPhone):
    elsewhere = door.other_conference()
    door.invited(elsewhere, "Người Nơi Khác")
    assert "Người Nơi Khác" not in json.dumps(phone.get("snapshot"), ensure_ascii=False)
    there = PairedPhone(app, elsewhere).get("snapshot")["people"]
    assert [row[1] for row in there] == ["Người Nơi Khác"]


def test_a_phone_that_signed_out_is_refused_and_its_cookie_is_gone(phone: PairedPhone):
    assert phone.post("sign-out", {}) == {"left": True}
    assert phone.client.get_cookie("eventmgr_phone") is None
    phone.get("changes?since=0", expect=403)


def test_the_questions_to_the_database_do_not_grow_with_the_list(conference: Conference, phone: PairedPhone, later: None):
    since = version(phone)
    counts = []
    for _ in range(2):
        for _ in range(5):
            edit(conference.id, door.add_delegate(conference.id), seat="A-01")
        asked: list[str] = []
        db.session.remove()
        engine = db.engine

        def note(_c: Any, _u: Any, statement: str, *_rest: Any, seen: list[str] = asked) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        told = door_snapshot.changes(phone.is_, since)
        sa.event.remove(engine, "before_cursor_execute", note)
        counts.append((len(asked), len(told["people"])))
    assert counts == [(10, 5), (10, 10)]


def test_the_worker_names_every_file_that_the_scanner_loads_and_each_is_there(app: Flask, phone: PairedPhone):
    answer = phone.client.get("/door/worker.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    lines = answer.get_data(as_text=True).splitlines()
    files = json.loads(lines[1].removeprefix("const FILES = ").removesuffix(";"))
    assert files[0] == "/door/shell"
    assert [path for path in files if status(phone, path) != 200] == []
    names = {path.partition("?")[0].removeprefix("/static/") for path in files}
    needed = {"js/modules/door.js", "js/lib/verdict.js", "js/door/reader.js", "vendor/zxing/zxing_reader.wasm", "css/door.css"}
    assert needed - names == set()
    assert phone.client.get("/door/worker.js").data == answer.data


def status(phone: PairedPhone, path: str) -> int:
    with phone.client.get(path) as answer:
        return answer.status_code


def test_the_empty_page_carries_nobody_s_data(conference: Conference, phone: PairedPhone):
    page = phone.client.get("/door/shell").get_data(as_text=True)
    assert [text for text in ("Máy của Thu", phone.is_.gate_name, conference.short_title or "") if text and text in page] == []
