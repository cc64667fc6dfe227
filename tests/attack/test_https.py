"""Behind HTTPS: browsers are told to stay there, and every cookie demands it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from eventmgr.bootstrap import create_app
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import phones
from tests import door
from tests.conftest import settings_for
from tests.people import PASSWORD, SLUG, Person

pytestmark = pytest.mark.database("sqlite")

BASE = "https://hoinghi.example.vn"


@pytest.fixture
def secure(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(replace(settings_for(tmp_path / "secure", database_url), base_url=BASE))
    yield made
    made.extensions["eventmgr_hub"].close()
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_browsers_are_told_to_stay_with_https_and_only_there(app: Flask, secure: Flask) -> None:
    for path, kept in (("/sign-in", "no-store"), (f"/e/{SLUG}/", "public"), ("/door/", "no-store"), ("/i/0000", "no-store")):
        told = secure.test_client().get(path, base_url=BASE)
        assert (path, told.headers.get("Strict-Transport-Security")) == (path, "max-age=2592000")
        assert kept in told.headers["Cache-Control"], path
        assert "Strict-Transport-Security" not in app.test_client().get(path).headers


def test_every_cookie_demands_https(secure: Flask, conference: Conference) -> None:
    _, phone = door.pair_phone(conference.id)
    _, pairing = phones.make_pairing_code(conference.id, phone.gate_id, 1)
    person = Person(secure)
    person.client.environ_base |= {"wsgi.url_scheme": "https", "HTTP_HOST": "hoinghi.example.vn"}
    said = [person.client.get("/sign-in", base_url=BASE)]
    token = said[0].get_data(as_text=True).split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    for path, data in (("/sign-in", {"username": "lan", "password": PASSWORD}), (f"/door/pair/{pairing}", {"name": "Máy thử"})):
        said.append(person.client.post(path, base_url=BASE, data=data | {"csrf_token": token}))
        assert said[-1].status_code == 302, path
        token = person.client.get("/office/password", base_url=BASE).get_data(as_text=True)
        token = token.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    said.append(person.client.get(f"/stage/{SLUG}/", base_url=BASE))
    cookies = {line.split("=")[0]: set(line.split("; ")[1:]) for one in said for line in one.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"eventmgr", "eventmgr_known", "eventmgr_phone", "eventmgr_console"}
    assert all({"Secure", "HttpOnly"} <= flags and flags & {"SameSite=Lax", "SameSite=Strict"} for flags in cookies.values())
