"""Ways around the sign-in: other spellings, other addresses, old cookies, other hosts, forged requests."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.accounts import Account, Membership
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import accounts, people
from tests import nominating
from tests.attack.conftest import fingerprint
from tests.people import PASSWORD, SLUG, Person

pytestmark = pytest.mark.database("sqlite")


def knock(person: Person, username: str = "lan", password: str = "khong-dung", **where: str) -> int:
    data = {"username": username, "password": password, "csrf_token": person._csrf()}
    return person.client.post("/sign-in", data=data, environ_base=where).status_code


def test_other_spellings_of_a_name_are_one_account(stranger: Person) -> None:
    for spelling in ("LAN", " lan ", "lan\u200b", "\u202elan", "lan\0"):
        assert knock(stranger, spelling) == 422
    assert knock(stranger, "lan", PASSWORD) == 429


def test_other_addresses_of_one_caller_are_counted_together(stranger: Person) -> None:
    for number in range(accounts.PER_ADDRESS):
        assert knock(stranger, f"nguoi{number}", REMOTE_ADDR=f"2001:db8:1:2::{number:x}") == 422
    assert knock(stranger, "ha", PASSWORD, REMOTE_ADDR="2001:db8:1:2:ffff::1") == 429
    assert knock(stranger, "ha", PASSWORD, REMOTE_ADDR="2001:db8:1:3::1") == 302


def test_what_a_caller_says_about_the_address_counts_for_nothing(stranger: Person) -> None:
    for number in range(accounts.PER_ADDRESS):
        assert knock(stranger, f"nguoi{number}", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}") == 422
    assert knock(stranger, "ha", PASSWORD, HTTP_X_FORWARDED_FOR="10.9.9.9") == 429


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/\r\nX: y", "javascript:alert(1)", "//[x",
     "\0//evil.example", " //evil.example", "/\u2028/evil.example", "http:/\\evil.example", "a" * 9000],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(stranger: Person, wanted: str) -> None:
    answer = stranger.post("/sign-in", expect=302, username="lan", password=PASSWORD, next=wanted)
    assert answer.location == "/office/"


def test_a_session_from_before_is_not_the_session_after(app: Flask, stranger: Person) -> None:
    stranger._csrf()
    before = stranger.client.get_cookie("eventmgr")
    stranger.post("/sign-in", expect=302, username="lan", password=PASSWORD)
    after = stranger.client.get_cookie("eventmgr")
    assert before is not None and after is not None and before.value != after.value
    old = Person(app)
    old.client.set_cookie("eventmgr", before.value)
    assert old.client.get("/office/").status_code == 302


@pytest.mark.parametrize("how", ["signed out", "password changed", "password reset", "disabled"])
def test_an_old_cookie_opens_nothing(app: Flask, lan: Person, how: str) -> None:
    cookie = lan.client.get_cookie("eventmgr")
    assert cookie is not None
    account_id = db.session.scalars(sa.select(Account.id).where(Account.username == "lan")).one()
    if how == "signed out":
        lan.post("/sign-out", expect=302)
    elif how == "password changed":
        other = Person(app, "lan")
        new = "mot mat khau khac 42"
        other.post("/office/password", expect=302, old=PASSWORD, new=new, again=new)
    elif how == "password reset":
        accounts.reset_password(account_id)
    else:
        people.set_disabled(account_id, True, 1)
    thief = Person(app)
    thief.client.set_cookie("eventmgr", cookie.value)
    for path in ("/office/", f"/office/{SLUG}/", f"/office/{SLUG}/delegates", f"/stage/{SLUG}/"):
        assert thief.client.get(path).location.startswith("/sign-in?")
    assert thief.client.get(f"/e/{SLUG}/stream?view=desk").status_code == 403


def test_a_role_taken_back_ends_at_once(lan: Person) -> None:
    lan.get(f"/office/{SLUG}/delegates")
    with transaction():
        db.session.execute(sa.delete(Membership))
    lan.get(f"/office/{SLUG}/delegates", expect=403)


def test_every_write_asks_for_its_token(app: Flask, quantri: Person, conference: Conference) -> None:
    _, of_body = nominating.body(conference)  # without a link a file is not even read
    got = {}
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()) or rule.endpoint.startswith("door_api."):
            continue
        values = {name: SLUG if name == "slug" else 1 if kind.__class__.__name__ == "RowConverter" else of_body if "/b/<" in str(rule) else "0" * 16
                  for name, kind in rule._converters.items()}  # fmt: skip
        with app.test_request_context():
            url = app.url_for(rule.endpoint, **values)
        bodies = ({"data": {"a": "1"}}, {"data": "a=1", "content_type": "text/plain"}, {"json": {"a": 1}})
        for number, body in enumerate(bodies):
            got[url, number] = quantri.client.post(url, **body).status_code
    assert len(got) > 150
    assert {key: code for key, code in got.items() if code != 400} == {}


def test_reading_changes_nothing(app: Flask, quantri: Person) -> None:
    before = fingerprint()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.arguments - {"slug"} and rule.endpoint != "hall.stream":
            with quantri.client.get(str(rule).replace("<slug>", SLUG)) as answer:
                assert answer.status_code < 500 or answer.status_code == 503  # no job process here
    after = fingerprint()
    assert {name for name in after if after[name] != before[name]} == set()
