"""No honoured name before the announcement: every GET address as everybody without the role, streams, journal, figures, files."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.awards import Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.dossiers import DossierEntry, DossierFile
from eventmgr.models.journal import Entry
from eventmgr.services import award_receivers, awards, council, dossier_desk, dossiers, honourees
from tests import door
from tests.architecture.routes import PEOPLE_OF, ROUTES
from tests.awards import DECISION, form_of
from tests.documents import reading
from tests.dossiers import OTHER_BODY, PDF, body, collective, entries, fresh, individual, submitted
from tests.people import SLUG, STAFF, Person

pytestmark = pytest.mark.database("sqlite")

KNOW = {"quantri", "lan", "khanh"}
MARKS = ("Zuôn Xờ", "Zơm Xê", "Zôn Đầu", "Zin Thành Tích", "Zen Trả Lời", "Zan Tệp", "Zun Nháp", "Zum Hủy")
WITHOUT = [name for name in (None, *STAFF) if name not in KNOW]


@pytest.fixture
def told(app: Flask, conference: Conference) -> dict[str, Any]:
    """Marks in a dossier of every state, on a decided list, in a file's name, a reason, a draft; return ids for addresses."""
    code, form = body(conference), form_of()
    made = submitted(
        code, collective("Tập thể Zơm Xê", leader_name="Zôn Đầu", leader_post="Trưởng phòng", achievement="Zin Thành Tích"),
        individual("Zuôn Xờ", "Trưởng thôn"), individual("Zum Hủy", "Trưởng thôn"),
    )  # fmt: skip
    dossier_desk.give_back(conference.id, made.id, "Zen Trả Lời chưa rõ", made.version, 1)
    dossiers.add_file(code, made.id, "report", "Zan Tệp.pdf", PDF)
    dossiers.submit(code, made.id, fresh(made.id).version)
    dossiers.add_entry(code, dossiers.create(code, dossiers.DossierFacts("99/TTr")).id, individual("Zun Nháp", "Trưởng thôn"))
    dossier_desk.check(conference.id, made.id, fresh(made.id).version, 1)
    rows = entries(made.id)
    council.judge(conference.id, [one.id for one in rows[:2]], "agree", None, 1)
    council.judge(conference.id, [rows[2].id], "refuse", "Zum Hủy chưa đạt", 1)
    awards.decide(conference.id, form.id, DECISION, 1)
    typed = honourees.add(conference.id, form_of("W2").id, honourees.HonoureeFacts("individual", "Zum Hủy", "Cán bộ"), 1)
    held = db.session.scalars(sa.select(DossierFile)).one()
    return {
        "code": body(conference, OTHER_BODY), "own": code, "dossier_id": made.id, "entry_id": rows[0].id, "file_id": held.id, "form_id": form.id,
        "honouree_id": typed.id,
    }  # fmt: skip


def said_by(answer: Any) -> str:
    data, headers = answer.get_data(), unquote(str(dict(answer.headers)))
    if data.startswith(b"%PDF-"):
        return headers + (reading.text(data) if data != PDF else "")
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return headers + "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return headers + str(data.decode("utf-8", "replace"))


def everything(app: Flask, person: Person, known: dict[str, Any]) -> dict[str, str]:
    """Address -> what it says, for every GET route that the person can open; numbers are those of the marked rows, else 1."""
    found = {}
    for rule in app.url_map.iter_rules():
        if (rule.endpoint, "GET") not in ROUTES or rule.endpoint in {"static", "hall.stream", "health.metrics"}:
            continue
        values = {name: known.get(name, SLUG if name == "slug" else 1) for name in rule.arguments}
        with app.test_request_context():
            url = app.url_for(rule.endpoint, **values)
        with person.client.get(url) as answer:
            if answer.status_code < 400:
                found[url] = said_by(answer)
    for view in ("audience", "hall", "chair", "watch", "mc", "desk", "overview", "waves", "tray", "usher", "awards", "caption"):
        with person.client.get(f"/e/{SLUG}/stream?view={view}") as answer:
            if answer.status_code == 200:
                stream: Any = iter(answer.response)
                found[view] = "".join(next(stream).decode() for _ in range(2))
    with person.client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}) as answer:
        found["/metrics"] = answer.get_data(as_text=True)
    return found


def leaks(app: Flask, known: dict[str, Any], people: list[str | None], marks: tuple[str, ...] = MARKS) -> list[str]:
    wrong = []
    for username in people:
        for url, text in everything(app, Person(app, username), known).items():
            wrong += [f"{username} {url}: {mark}" for mark in marks if mark in text]
    return wrong


def test_no_marked_name_reaches_anybody_without_the_role(app: Flask, told: dict[str, Any]) -> None:
    assert {name for name in PEOPLE_OF["see_awards"]} == KNOW
    assert leaks(app, told, WITHOUT) == []
    seen = "\n".join(everything(app, Person(app, "khanh"), told).values())
    assert {mark for mark in MARKS if mark in seen} == set(MARKS) - {"Zun Nháp"}, "a draft is the body's alone; the rest the office must see"


def test_the_journal_names_nobody_who_was_proposed(app: Flask, told: dict[str, Any]) -> None:
    lines = list(db.session.scalars(sa.select(Entry)))
    about = [one for one in lines if one.verb.startswith(("dossier.", "awards."))]
    assert len(about) >= 7
    assert [one.verb for one in lines for mark in MARKS if mark in f"{one.sentence} {one.actor} {one.details}"] == []


def test_a_phone_at_the_door_learns_nothing(app: Flask, conference: Conference, told: dict[str, Any]) -> None:
    token, _ = door.pair_phone(conference.id)
    client = app.test_client()
    client.set_cookie("eventmgr_phone", token)
    header = {"X-Eventmgr-Phone": "1"}
    texts = [client.get(url, headers=header).get_data(as_text=True) for url in ("/api/door/snapshot", "/api/door/state", "/api/door/counters", "/api/door/search?q=zuon")]
    assert [mark for text in texts for mark in MARKS if mark in text] == []


def test_who_was_invited_stays_among_those_who_work_with_guests(app: Flask, conference: Conference, told: dict[str, Any]) -> None:
    """An honouree who was invited is a guest: guest lists and the door know the person, the public and the press do not."""
    award_receivers.invite(conference.id, told["form_id"], 1)
    assert db.session.scalar(sa.select(sa.func.count(Honouree.delegate_id))) == 2
    assert leaks(app, told, [None, "dung", "oanh"]) == []
    assert db.session.scalar(sa.select(sa.func.count(DossierEntry.id))) == 4
