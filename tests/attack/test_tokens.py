"""Each secret opens its own door and no other: session, phone, pass, pairing code."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from eventmgr import clock
from eventmgr.models.conferences import Conference
from eventmgr.services import phones
from tests import door, nominating
from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")

HEADER = {"X-Eventmgr-Phone": "1"}


@pytest.fixture
def secrets(app: Flask, conference: Conference, lan: Person) -> dict[str, str]:
    token, phone = door.pair_phone(conference.id)
    _, pairing = phones.make_pairing_code(conference.id, phone.gate_id, 1)
    session = lan.client.get_cookie("eventmgr")
    assert session is not None
    signed_in = app.session_interface.get_signing_serializer(app).loads(session.value)["sign_in"]  # type: ignore[attr-defined]
    code = door.add_pass(conference.id, door.add_delegate(conference.id))
    _, link = nominating.body(conference)
    return {"link": link, "session": session.value, "sign_in": signed_in, "phone": token, "pass": code, "pairing": pairing, "empty": ""}


def opened(app: Flask, secret: str) -> set[str]:
    """Which doors this secret opens."""
    staff, phone, visitor = app.test_client(), app.test_client(), app.test_client()
    staff.set_cookie("eventmgr", secret)
    phone.set_cookie("eventmgr_phone", secret)
    scan = {"scan_key": uuid.uuid4().hex, "way": "camera", "scanned_at": clock.now().isoformat(), "code": secret}
    answers = {
        "staff": staff.get(f"/office/{SLUG}/").status_code == 200,
        "door": phone.get("/api/door/state", headers=HEADER).status_code == 200,
        "door page": b"data-module" in phone.get("/door/").data and phone.get("/api/door/state", headers=HEADER).status_code == 200,
        "invitee": visitor.get(f"/i/{secret}").status_code in {200, 302},
        "body": visitor.get(f"/b/{secret}").status_code in {200, 302},
        "pairing": visitor.get(f"/door/pair/{secret}").status_code == 200,
        "as a phone without its header": phone.get("/api/door/state").status_code == 200,
        "scan without a phone": visitor.post("/api/door/scans", json=scan, headers=HEADER).status_code == 200,
    }
    return {door for door, is_open in answers.items() if is_open}


def test_each_secret_opens_its_own_door_only(app: Flask, secrets: dict[str, str]) -> None:
    assert {kind: opened(app, secret) for kind, secret in secrets.items()} == {
        "session": {"staff"}, "sign_in": set(), "phone": {"door", "door page"}, "pass": {"invitee"}, "pairing": {"pairing"},
        "empty": set(), "link": {"body"},
    }


def test_a_secret_one_letter_off_opens_nothing(app: Flask, secrets: dict[str, str]) -> None:
    for kind, secret in secrets.items():
        if secret:
            assert opened(app, secret[:5] + ("A" if secret[5] != "A" else "B") + secret[6:]) == set(), kind


def test_the_door_s_json_cannot_be_sent_by_another_page(app: Flask, secrets: dict[str, str]) -> None:
    client = app.test_client()
    client.set_cookie("eventmgr_phone", secrets["phone"])
    scan = b'{"scan_key":"aaaaaaaaaaaa","way":"typed","scanned_at":"2015-12-29T00:00:00Z","code":"x"}'
    simple = [client.post("/api/door/scans", data=scan, content_type=kind).status_code
              for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json")]  # fmt: skip
    assert simple == [403, 403, 403, 403]
    typed = client.post("/api/door/scans", data=scan, content_type="text/plain", headers=HEADER)
    assert typed.status_code == 415
    asked = client.options("/api/door/scans", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert "Access-Control-Allow-Origin" not in asked.headers
    cookie = [line for line in app.test_client().get("/door/").headers.getlist("Set-Cookie") if "eventmgr_phone" in line]
    assert cookie == []


def test_a_body_s_link_does_nothing_in_place_of_a_pass_and_the_reverse(secrets: dict[str, str], stranger: Person) -> None:
    link, code = secrets["link"], secrets["pass"]
    for url in (f"/i/{link}/reply", f"/i/{link}/opened", f"/b/{code}/notes", f"/b/{code}/opened", f"/b/{code}/people"):
        stranger.post(url, expect=404, answer="comes", words="Thử", full_name="A Thử", posts="Thử", address_form="ông")
    for url in (f"/i/{link}/qr.svg", f"/i/{link}/invitation.pdf", f"/b/{code}/people"):
        stranger.get(url, expect=404)
