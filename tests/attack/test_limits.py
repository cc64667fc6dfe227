"""Wrong codes by the hundred, strangers who try to shut somebody out: told to wait, and nobody else is held up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from eventmgr.domain.callers import Tries
from eventmgr.models.conferences import Conference
from eventmgr.services import accounts, phones
from eventmgr.web import wrong_codes
from tests import door, nominating
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.database("sqlite")

AT = datetime(2015, 12, 29, 7, 30, tzinfo=UTC)


def test_tries_are_counted_in_a_window_and_callers_are_forgotten_at_last() -> None:
    tries = Tries(3, timedelta(minutes=10), callers=2)
    assert [tries.count("a", AT) for _ in range(4)] == [None, None, None, 601]
    assert tries.count("a", AT + timedelta(minutes=9)) == 61
    assert tries.count("b", AT) is None
    assert tries.count("a", AT + timedelta(minutes=10)) is None, "a new window"
    for caller in "bc":
        tries.count(caller, AT)
    assert len(tries._seen) == 2 and "a" not in tries._seen


@pytest.fixture
def few(app: Flask) -> None:
    app.extensions["eventmgr_wrong_codes"] = Tries(5, wrong_codes.WINDOW)


@pytest.mark.parametrize("path", ["/i/{}", "/i/{}/qr.svg", "/b/{}", "/door/pair/{}"])
def test_many_wrong_codes_are_told_to_wait(app: Flask, few: None, stranger: Person, path: str) -> None:
    got = [stranger.get(path.format(f"{number:016d}"), expect=None) for number in range(8)]  # type: ignore[arg-type]
    assert [answer.status_code for answer in got] == [404] * 5 + [429] * 3
    assert "mã đúng vẫn mở được" in got[-1].get_data(as_text=True) and 0 < int(got[-1].headers["Retry-After"]) <= 601


def test_a_right_code_opens_for_the_whole_hall_behind_one_address(
    app: Flask, few: None, conference: Conference, stranger: Person
) -> None:
    code, body = door.add_pass(conference.id, door.add_delegate(conference.id)), nominating.body(conference)[1]
    _, phone = door.pair_phone(conference.id)
    _, pairing = phones.make_pairing_code(conference.id, phone.gate_id, 1)
    for number in range(9):
        stranger.client.get(f"/i/{number:016d}")
    stranger.get(f"/i/{'1' * 16}", expect=429)
    for path in (f"/i/{code}", f"/i/{code}/qr.svg", f"/b/{body}", f"/door/pair/{pairing}"):
        stranger.get(path)
    stranger.post(f"/i/{code}/reply", expect=302, answer="comes")
    elsewhere = app.test_client().get(f"/i/{'1' * 16}", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 404


def test_strangers_cannot_keep_the_owner_of_a_known_browser_out(app: Flask, lan: Person, stranger: Person) -> None:
    lan.post("/sign-out", expect=302)
    wrong = {"username": "lan", "password": "khong-dung"}
    for _ in range(accounts.PER_ACCOUNT):
        stranger.post("/sign-in", expect=422, **wrong)
    Person(app).post("/sign-in", expect=429, username="lan", password=PASSWORD)
    for _ in range(accounts.PER_ADDRESS):
        stranger.post("/sign-in", username="ai-do", password="x")
    lan.token = None
    lan.post("/sign-in", expect=302, username="lan", password=PASSWORD)
    stranger.post("/sign-in", expect=429, **wrong)


def test_a_known_browser_has_five_tries_too_and_is_known_for_its_own_people_only(app: Flask, lan: Person) -> None:
    lan.post("/sign-out", expect=302)
    lan.token = None
    for _ in range(accounts.PER_ACCOUNT):
        lan.post("/sign-in", expect=422, username="lan", password="khong-dung")
    lan.post("/sign-in", expect=429, username="lan", password=PASSWORD)
    Person(app).post("/sign-in", expect=302, username="lan", password=PASSWORD)
    for _ in range(accounts.PER_ACCOUNT):
        Person(app).post("/sign-in", expect=422, username="ha", password="khong-dung")
    lan.post("/sign-in", expect=429, username="ha", password=PASSWORD)


def test_the_mark_of_a_known_browser_opens_nothing_and_cannot_be_forged(app: Flask, lan: Person) -> None:
    mark = lan.client.get_cookie("eventmgr_known", path="/sign-in")
    assert mark is not None and mark.http_only and mark.same_site == "Strict" and mark.path == "/sign-in"
    thief = Person(app)
    thief.client.set_cookie("eventmgr_known", mark.value, path="/")
    thief.client.set_cookie("eventmgr", mark.value)
    assert thief.client.get("/office/").status_code == 302
    forged = Person(app)
    forged.client.set_cookie("eventmgr_known", mark.value[:-2] + "xx", path="/sign-in")
    for _ in range(accounts.PER_ACCOUNT):
        Person(app).post("/sign-in", expect=422, username="lan", password="khong-dung")
    forged.post("/sign-in", expect=429, username="lan", password=PASSWORD)
