"""The hostile texts through every other way in: door, bodies, invitees, stage, mail; out on pages, streams, sheets and calendars."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import uuid
from collections import Counter
from typing import Any

import icalendar
import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain.text import clean
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.directing import SpeechRequest
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.services import mail_channel, outbox_work, pass_codes, phones
from tests import door, nominating
from tests.attack.test_hostile_texts import DIRECTIONS, TEXTS, run_by
from tests.letters import issue_some
from tests.people import SLUG, Person
from tests.smtp import mail_server

pytestmark = pytest.mark.database("sqlite")

HOME, STAGE = f"/office/{SLUG}", f"/stage/{SLUG}"
TAKEN = {200, 302, 409, 422}
VIEWS = ("audience", "hall", "caption", "chair", "watch", "mc", "desk", "overview")


def test_there_are_sixty_of_them() -> None:
    assert len(TEXTS) == len(set(TEXTS)) >= 60


class Ways:
    """Every way in that a text may take, with how often each answer was given."""

    def __init__(self, app: Flask, conference: Conference, lan: Person, quantri: Person) -> None:
        self.app, self.lan, self.quantri, self.stranger = app, lan, quantri, Person(app)
        self.conference_id, self.body = conference.id, nominating.body(conference, quota=200)[1]
        letter_id = issue_some(db.session.get_one(Conference, self.conference_id))[0].id
        held = db.session.scalars(sa.select(Pass).where(Pass.invitation_id == letter_id)).one()
        self.code = pass_codes.code_of(held)
        self.token, phone = door.pair_phone(self.conference_id)
        self.gate_id, self.group_id = phone.gate_id, door.groups(self.conference_id)[0].id
        self.answers: dict[str, Counter[int]] = {}
        lan.post(f"{STAGE}/discussion/opening", open="1")
        lan.post(f"{STAGE}/discussion/speeches", expect=302, form="ông", name="Người Thứ Nhất", post="Cán bộ", topic="Thử")
        self.speech_id = db.session.scalars(sa.select(SpeechRequest.id)).one()

    def send(self, text: str, number: int) -> None:
        key = uuid.uuid4().hex
        office = {
            "groups": (f"{HOME}/groups/new", {"label": f"{text} {number}", "short_label": text[:100], "role": "delegate", "note": text}),
            "ranks": (f"{HOME}/ranks/new", {"title": f"{text} {number}"}),
            "speeches": (f"{STAGE}/discussion/speeches", {"form": "ông", "name": text, "post": text, "topic": text}),
            "remarks": (f"{STAGE}/discussion/speeches/{self.speech_id}/remark", {"remark": text}),
            "messages": (f"{STAGE}/messages", {"text": text, "message_key": key}),
            "letterhead": (f"{HOME}/letterhead", {"contact": text, "signer_name": text}),
            "accounts": (f"{HOME}/people", {"account_id": text, "role": text}),
            "filters": (f"{HOME}/exports", {"kind": text, "format": text, "q": text}),
        }
        for place, (url, data) in office.items():
            self.note(place, self.lan.post(url, **data) if place != "accounts" else self.quantri.post(url, **data))
        people = {"full_name": text, "posts": text, "address_form": "ông", "words": text, "mark": key}
        outside = {
            "reasons": (f"/i/{self.code}/reply", {"answer": "absent", "reason": text}),
            "substitutes": (f"/i/{self.code}/reply", {"answer": "substitute", "substitute_form": "ông", "substitute_name": text, "substitute_post": text}),
            "topics": (f"/i/{self.code}/speech", {"topic": text}),
            "nominations": (f"/b/{self.body}/people", people),
            "notes": (f"/b/{self.body}/notes", {"words": text}),
        }
        for place, (url, data) in outside.items():
            self.note(place, self.stranger.post(url, **data))
        register = {"received_on": "04/01/2016", "asked_by": text, "contact": text, "ask": "view", "words": text}
        self.note("register", self.quantri.post("/office/privacy/requests", **register))
        self.note("breaches", self.quantri.post("/office/privacy/breaches", found_at="08:00 04/01/2016", what=text, concerned=text))
        self.scan(text, number)

    def scan(self, text: str, number: int) -> None:
        phone = self.app.test_client()
        phone.set_cookie("eventmgr_phone", self.token)
        common = {"way": "typed", "scanned_at": clock.now().isoformat()}
        said = [
            {"scan_key": f"walk-in-{number:04d}", "walk_in": {"full_name": text, "posts": [text], "group_id": self.group_id, "body": text}},
            {"scan_key": f"hold-in-{number:04d}", "kind": "hold", "code": self.code, "reason": text},
            {"scan_key": f"code-in-{number:04d}", "code": text}, {"scan_key": text, "code": text}, text, {text: text},
        ]
        sent: list[Any] = [one | common if isinstance(one, dict) else one for one in said]
        self.note("scans", phone.post("/api/door/scans", json=sent, headers={"X-Eventmgr-Phone": "1"}))
        told = {"snapshot": text, "unsent": text, "snapshot_at": text, "battery": text}
        self.note("presence", phone.post("/api/door/presence", json=told, headers={"X-Eventmgr-Phone": "1"}))
        self.note("search", phone.get("/api/door/search", query_string={"q": text}, headers={"X-Eventmgr-Phone": "1"}))

    def note(self, place: str, answer: Any) -> None:
        self.answers.setdefault(place, Counter())[answer.status_code] += 1


def test_the_corpus_through_every_way_in_is_text_on_every_way_out(
    app: Flask, conference: Conference, lan: Person, quantri: Person, caplog: pytest.LogCaptureFixture
) -> None:
    ways = Ways(app, conference, lan, quantri)
    with caplog.at_level(logging.INFO):
        for number, text in enumerate(TEXTS):
            _, code = phones.make_pairing_code(ways.conference_id, ways.gate_id, 1)
            ways.note("phones", Person(app).post(f"/door/pair/{code}", name=text))
            ways.send(text, number)
    assert {place: set(codes) - TAKEN for place, codes in ways.answers.items() if set(codes) - TAKEN} == {}
    assert all(sum(codes.values()) >= len(TEXTS) for codes in ways.answers.values()) and len(ways.answers) >= 18
    assert not [record for record in caplog.records if "\n" in record.getMessage() or "\r" in record.getMessage()]
    pages_are_text(app, ways)
    streams_are_text(ways)
    sheets_compute_nothing(ways)
    data_is_text(app, ways)


def pages_are_text(app: Flask, ways: Ways) -> None:
    pages = [str(rule).replace("<slug>", SLUG) for rule in app.url_map.iter_rules()
             if "GET" in (rule.methods or set()) and not rule.arguments - {"slug"} and rule.endpoint != "hall.stream"]  # fmt: skip
    for table, url in ((Delegate, f"{HOME}/delegates/{{}}"), (Group, f"{HOME}/groups/{{}}")):
        numbers = db.session.scalars(sa.select(table.id).where(table.conference_id == ways.conference_id).order_by(table.id.desc()).limit(12))
        pages += [url.format(number) for number in numbers]
    pages += [f"/office/privacy/{book}/{number}" for book in ("requests", "breaches") for number in range(1, 20, 3)]
    bad = {}
    for person, own in ((ways.quantri, pages), (ways.stranger, [f"/i/{ways.code}", f"/b/{ways.body}", f"/b/{ways.body}/people", f"/e/{SLUG}/"])):
        for url in own:
            with person.client.get(url) as answer:
                assert answer.status_code < 500 or url == "/readyz", url
                if answer.mimetype == "text/html":
                    text = answer.get_data(as_text=True)
                    if found := [*run_by(text), *(set(DIRECTIONS) & set(text)), *re.findall("<script>alert|8281", text)]:
                        bad[url] = found
    assert bad == {}


def streams_are_text(ways: Ways) -> None:
    """However a text looks, a frame has one event, one number, and lines of data; the data is a page's fragment."""
    for view in VIEWS:
        with ways.quantri.client.get(f"/e/{SLUG}/stream?view={view}") as answer:
            stream: Any = iter(answer.response)
            told = "".join(next(stream).decode() for _ in range(2))
        events = [line for line in told.split("\n") if line and not line.startswith(("data: ", "retry: "))]
        assert [line.partition(":")[0] for line in events] == ["id", "event"] and "event: state" in events, view
        assert run_by(told) == [] and "<script>alert" not in told and not set(DIRECTIONS) & set(told), view


def sheets_compute_nothing(ways: Ways) -> None:
    for kind in ("delegates", "replies", "absences", "letters"):
        book = openpyxl.load_workbook(io.BytesIO(ways.lan.post(f"{HOME}/exports", expect=200, kind=kind, format="xlsx").data))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"} and not [cell for cell in cells if cell.hyperlink]
        text = ways.lan.post(f"{HOME}/exports", expect=200, kind=kind, format="csv").data.decode("utf-8-sig")
        starts = {cell[:1] for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row}
        assert not starts & set("=+-@\t\r"), kind
    names = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(ways.lan.post(f"{HOME}/exports", expect=200, kind="delegates", format="xlsx").data)).active["B"]]  # type: ignore[index]
    assert any("=1+1" in str(name) for name in names), names


def data_is_text(app: Flask, ways: Ways) -> None:
    phone = app.test_client()
    phone.set_cookie("eventmgr_phone", ways.token)
    answer = phone.get("/api/door/snapshot", headers={"X-Eventmgr-Phone": "1"})
    known = json.loads(answer.data)["people"]
    assert {clean("<script>alert(1)</script>"), clean("=1+1")} <= {str(row[1]) for row in known}
    assert answer.mimetype == "application/json" and answer.headers["X-Content-Type-Options"] == "nosniff"
    calendar = icalendar.Calendar.from_ical(ways.stranger.get(f"/i/{ways.code}/event.ics").data)
    assert [part.name for part in calendar.walk()].count("VEVENT") == 1


@pytest.mark.parametrize("body", [rb'"\ud800"', rb'{"scan_key":"\ud800\udfff","code":"\udc00"}', rb'[{"a\ud800":"\u0000"}]', rb'{"q":"\u202e"}'])
def test_lone_surrogates_in_json_are_kept_as_what_cannot_be_read(app: Flask, conference: Conference, lan: Person, body: bytes) -> None:
    token, _ = door.pair_phone(conference.id)
    phone = app.test_client()
    phone.set_cookie("eventmgr_phone", token)
    for address in ("scans", "presence"):
        answer = phone.post(f"/api/door/{address}", data=body, content_type="application/json", headers={"X-Eventmgr-Phone": "1"})
        assert answer.status_code in {200, 400, 422} and json.loads(answer.data)
    for url in (f"{HOME}/agenda/order", f"{STAGE}/messages/seen"):
        answer = lan.client.post(url, data=body, content_type="application/json", headers={"X-CSRFToken": lan._csrf(), "Accept": "application/json"})
        assert answer.status_code in {409, 422} and json.loads(answer.data)["problem"]


def test_mail_says_to_whom_and_what_once_and_its_calendar_has_one_event(conference: Conference, lan: Person) -> None:
    names = [text for text in TEXTS if any(sign in text for sign in ("Bcc", "VEVENT", "<script>", "{{", "=1+1", "data: giả", "jndi", "file:"))]
    letters = issue_some(db.session.get_one(Conference, conference.id), len(names))
    ids = [(letter.id, letter.delegate_id) for letter in letters]
    with transaction():
        for number, ((letter_id, delegate_id), text) in enumerate(zip(ids, names, strict=True)):
            delegate = db.session.get_one(Delegate, delegate_id)
            delegate.full_name, delegate.posts, delegate.email = clean(text), [clean(text)], f"a{number}@x.example.vn"
            held = db.session.get_one(Invitation, letter_id)
            held.addressee = clean(text)
            held.sheet = {**held.sheet, "addressee": clean(text), "subject": clean(text)} if held.sheet else held.sheet
    with mail_server() as post:
        mail_channel.use(post.server)
        subject = "Mời dự\r\nBcc: ke@evil.example\r\n\r\n<script>alert(1)</script>"
        words = "\r\n".join(names)
        lan.post(f"{HOME}/deliveries/mail", expect=302, do="send", key="0123456789abcdef", subject=subject, words=words)
        postman = outbox_work.Postman("w1")
        while postman.deliver_one():
            pass
        postman.rest()
        mail_channel.use(None)
    assert sorted(to for to, _ in post.mails) == sorted(f"a{number}@x.example.vn" for number in range(len(names)))
    for number, (to, raw) in enumerate(post.mails):
        mail = post.read(number)
        heads = Counter(name.lower() for name in mail)
        assert (mail["To"].addresses[0].addr_spec, len(mail["To"].addresses), heads["bcc"], heads["subject"]) == (to, 1, 0, 1)
        assert "\n" not in str(mail["Subject"]) and raw.count(b"\r\nBcc:") == 0
        parts = {part.get_content_type(): part for part in mail.walk()}
        html = parts["text/html"].get_content()
        assert run_by(re.sub(r' style="[^"]*"', "", html)) == [] and "<script>" not in html and "8281" not in html
        calendar = icalendar.Calendar.from_ical(parts["text/calendar"].get_payload(decode=True))
        assert [part.name for part in calendar.walk()].count("VEVENT") == 1
        assert all(re.fullmatch(r"[^\x00-\x1f/\\\"<>|:*?]+", part.get_filename() or "x") for part in mail.walk()), [part.get_filename() for part in mail.walk()]
