from __future__ import annotations

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventmgr.web import packing

LONG = "<p>Hội nghị sơ kết</p>" * 100
PACKED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("front", static_folder=None)
    packing.init_app(app)
    app.add_url_rule("/e/<slug>/", "programme", lambda slug: LONG)
    app.add_url_rule("/i/<code>", "invitee", lambda code: LONG, methods=["GET", "POST"])
    app.add_url_rule("/b/<code>", "body", lambda code: "<p>Ngắn</p>")
    app.add_url_rule("/office/", "office", lambda: LONG)
    return app.test_client()


@pytest.mark.parametrize("address", ["/e/hoi-nghi/", "/i/0000000000000000"])
def test_a_page_for_phones_travels_packed(client: FlaskClient, address: str):
    answer = client.get(address, headers=PACKED)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(answer.data).decode() == LONG
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(LONG.encode()) / 10


def test_a_browser_that_cannot_unpack_gets_it_plain(client: FlaskClient):
    answer = client.get("/e/hoi-nghi/")
    assert ("Content-Encoding" in answer.headers, answer.text) == (False, LONG)


@pytest.mark.parametrize("address", ["/e/hoi-nghi/?q=a", "/office/", "/b/0000000000000000"])
def test_what_the_request_has_a_say_in_or_is_short_stays_plain(client: FlaskClient, address: str):
    assert "Content-Encoding" not in client.get(address, headers=PACKED).headers


def test_the_answer_to_a_form_stays_plain(client: FlaskClient):
    assert "Content-Encoding" not in client.post("/i/0000000000000000", headers=PACKED).headers
