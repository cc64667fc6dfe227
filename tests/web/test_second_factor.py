"""The second factor: turned on by its owner, asked for after the password, spent once, with codes on paper for bad days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.models.accounts import Account, SignIn
from eventmgr.models.database import db, transaction
from eventmgr.services import accounts
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.database("sqlite")
PAGE = "/office/second-factor"


def turn_on(person: Person) -> tuple[str, list[str]]:
    """Turn the factor on; return the secret and the recovery codes."""
    secret = re.sub(r"\s", "", re.findall(r'<b class="num break">([A-Z2-7 ]+)</b>', person.get(PAGE).get_data(as_text=True))[0])
    page = person.post(PAGE, expect=200, code=code_of(secret)).get_data(as_text=True)
    return secret, re.findall(r'<code class="num">([a-z2-9-]+)</code>', page)


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


def forget_last_step() -> None:
    with transaction():
        db.session.execute(sa.update(Account).values(totp_last_step=0))


def half_way(app: Flask) -> Person:
    person = Person(app)
    answer = person.post("/sign-in", username="lan", password=PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/sign-in/code")
    person.get("/office/", expect=302)
    person.token = None
    return person


def send(person: Person, code: str) -> int:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', person.get("/sign-in/code").get_data(as_text=True))
    assert found is not None
    person.token = found[1]
    return person.post("/sign-in/code", code=code).status_code


def test_password_alone_no_longer_opens_and_the_code_does_once(app: Flask, lan: Person) -> None:
    secret, codes = turn_on(lan)
    assert len(set(codes)) == 10
    assert "Đang bật" in lan.get(PAGE).get_data(as_text=True)
    stored = db.session.scalars(sa.select(Account.totp_secret).where(Account.username == "lan")).one()
    assert stored is not None and secret not in stored
    first = half_way(app)
    assert send(first, "000000") == 422
    assert send(first, code_of(secret)) == 422, "the code that turned it on is spent"
    forget_last_step()
    assert send(first, code_of(secret)) == 302
    first.get("/office/")
    assert send(half_way(app), code_of(secret)) == 422, "nobody looks over a shoulder and signs in with the same code"


def test_a_recovery_code_opens_once(app: Flask, lan: Person) -> None:
    _, codes = turn_on(lan)
    assert send(half_way(app), codes[0].upper().replace("-", " ")) == 302
    assert send(half_way(app), codes[0]) == 422
    assert send(half_way(app), codes[1]) == 302


def test_guessing_is_stopped(app: Flask, lan: Person) -> None:
    turn_on(lan)
    person = half_way(app)
    answers = [send(person, f"{number:06d}") for number in range(6)]
    assert answers[-1] == 429 and set(answers) == {422, 429}
    assert db.session.scalar(sa.select(sa.func.count(SignIn.id)).join(Account).where(Account.username == "lan")) == 1


def test_nobody_comes_to_the_code_without_a_password(stranger: Person) -> None:
    answer = stranger.get("/sign-in/code", expect=302)
    assert answer.location.endswith("/sign-in")


def test_the_owner_turns_it_off_with_the_password(app: Flask, lan: Person) -> None:
    turn_on(lan)
    assert "Mật khẩu chưa đúng." in lan.post(f"{PAGE}/off", expect=422, password="sai").get_data(as_text=True)
    lan.post(f"{PAGE}/off", expect=302, password=PASSWORD)
    Person(app, "lan").get("/office/")


def test_a_new_password_from_the_administrator_takes_the_factor_off(app: Flask, lan: Person) -> None:
    turn_on(lan)
    with app.app_context():
        given = accounts.reset_password(accounts.account_id_of("lan"))
    answer = Person(app).post("/sign-in", username="lan", password=given)
    assert (answer.status_code, answer.location) == (302, "/office/")


def test_a_setting_makes_everybody_have_one(app: Flask) -> None:
    made = create_app(replace(app.extensions["eventmgr"].settings, second_factor="required"))
    person = Person(made, "lan")
    assert person.get("/office/", expect=302).location == PAGE
    turn_on(person)
    person.get("/office/")
