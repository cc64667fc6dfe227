"""What a stranger with a body's link can do to the office: hostile texts, floods, forged marks, other people's rows."""

from __future__ import annotations

import pytest
from flask import Flask

from eventmgr.domain.nominations import MOST_WAITING
from eventmgr.models.conferences import Conference
from eventmgr.services import incoming
from tests.attack.conftest import Other, fingerprint
from tests.attack.test_hostile_texts import TEXTS, run_by
from tests.nominating import body, place_of, sent
from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")

HOME = f"/office/{SLUG}"
ADDRESS = {"address_form": "đồng chí"}


def test_hostile_texts_from_a_body_are_text_everywhere(lan: Person, stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference, quota=500)
    place = place_of(code).delegate.id
    for number, text in enumerate(TEXTS):
        name = f"Người {'ABCDEFGHIKLMNOPQRSTUVXY'[number % 23]} {'ABCDEFGHIKLMNOPQRSTUVXY'[number // 23]}"
        if len([one for one in sent(body_id) if one.state == "waiting"]) > MOST_WAITING - 6:
            for one in sent(body_id):
                if one.state == "waiting":
                    incoming.give_back(conference.id, one.id, 1, one.version, text if text.strip("\u200b\0 ") else "x")
        facts = {"posts": text, "phone": text[:60], "email": text[:254], "words": text}
        assert stranger.post(f"/b/{code}/people", **ADDRESS, full_name=name, **facts).status_code in {302, 422}, text
        assert stranger.post(f"/b/{code}/people", **ADDRESS, full_name=text, **facts).status_code in {302, 422}, text
        assert stranger.post(f"/b/{code}/notes", words=text).status_code in {302, 422}, text
        assert stranger.post(f"/b/{code}/places/{place}/absence", reason=text, mark=text).status_code in {302, 409, 422}, text
        assert stranger.post(f"/b/{code}/companions", of=str(place), **ADDRESS, full_name=f"{name} X", **facts).status_code in {302, 422}, text
    for one in sent(body_id)[::7]:
        if one.state == "waiting" and one.kind in {"name", "companion"}:
            incoming.accept(conference.id, one.id, 1, one.version, one.words)
    pages = [(stranger, f"/b/{code}"), *((lan, url) for url in (
        f"{HOME}/incoming", f"{HOME}/incoming?state=", f"{HOME}/incoming?state=&page=2", f"{HOME}/delegates?body={body_id}",
        f"{HOME}/bodies/{body_id}", f"{HOME}/absences", f"{HOME}/",
    ))]  # fmt: skip
    for person, url in pages:
        page = person.get(url).get_data(as_text=True)
        assert run_by(page) == [] and "<script>alert" not in page and "8281" not in page and "\u202e" not in page, url


def test_a_flood_stops_with_a_sentence(stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference, quota=100_000)
    got = [stranger.post(f"/b/{code}/notes", words=f"Lời {number}").status_code for number in range(MOST_WAITING + 3)]
    assert got == [302] * MOST_WAITING + [409] * 3
    assert len(sent(body_id)) == MOST_WAITING
    stranger.post(f"/b/{code}/notes", expect=422, words="x" * 501)
    stranger.post(f"/b/{code}/notes", expect=413, words="x" * 70_000)


def test_a_link_reaches_nothing_of_another_conference(stranger: Person, conference: Conference, other: Other) -> None:
    _, code = body(conference)
    before = fingerprint()
    ids, data = other.ids, ADDRESS | {"full_name": "A Thử", "posts": "Thử", "reason": "Thử", "mark": "1-0.0-0", "version": "1"}
    for url in (
        f"places/{ids['delegate_id']}/person", f"places/{ids['delegate_id']}/absence", f"places/{ids['delegate_id']}/attendance",
        f"sent/{ids['nomination_id']}", f"sent/{ids['nomination_id']}/withdrawal",
    ):
        assert stranger.post(f"/b/{code}/{url}", **data).status_code in {302, 404}, url
    for name in ("of", "with"):
        stranger.post(f"/b/{code}/companions", expect=404, **data, **{name: str(ids["nomination_id" if name == "with" else "delegate_id"])})
    assert fingerprint() == before


def test_nobody_without_a_token_of_the_page_sends(app: Flask, conference: Conference) -> None:
    body_id, code = body(conference)
    client = app.test_client()
    for url in ("notes", "people", f"places/{place_of(code).delegate.id}/absence"):
        assert client.post(f"/b/{code}/{url}", data={"words": "x", "reason": "x"}).status_code == 400
    assert sent(body_id) == []


def test_the_page_is_kept_by_no_cache_and_names_no_one_to_search_engines(stranger: Person, conference: Conference) -> None:
    _, code = body(conference)
    answer = stranger.get(f"/b/{code}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] in {"no-referrer", "same-origin"}
