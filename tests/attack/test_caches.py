"""What a cache may keep carries nobody's session; what is personal is kept by nobody."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.attack.conftest import Other
from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")

PUBLIC = ["/static/css/public.css", f"/e/{SLUG}/", f"/e/{SLUG}/programme.json", f"/e/{SLUG}/programme.pdf", f"/e/{SLUG}/press"]


@pytest.mark.parametrize("address", PUBLIC)
def test_what_may_be_kept_hands_no_session_on(lan: Person, address: str) -> None:
    with lan.client.get(address) as answer:
        assert answer.status_code == 200
        assert "no-store" not in answer.headers["Cache-Control"]
        assert answer.headers.getlist("Set-Cookie") == []


def test_personal_pages_are_kept_by_nobody_and_the_session_goes_on(app: Flask, lan: Person, other: Other) -> None:
    for address in (f"/office/{SLUG}/", f"/office/{SLUG}/delegates", "/sign-in", "/office/password", f"/stage/{SLUG}/"):
        answer = lan.client.get(address)
        assert answer.headers["Cache-Control"] == "no-store", address
        cookies = {cookie.partition("=")[0]: set(cookie.split("; ")) for cookie in answer.headers.getlist("Set-Cookie")}
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= cookies.pop("eventmgr")
        if address.startswith("/stage/"):
            assert {"HttpOnly", "SameSite=Strict", "Path=/stage/"} <= cookies.pop("eventmgr_console")
        assert cookies == {}
    assert Person(app).get("/door/").headers["Cache-Control"] == "no-store"
    assert Person(app).get("/i/0000000000000000", expect=404).headers["Cache-Control"] == "no-store"
