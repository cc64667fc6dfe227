"""Whoever signs out, is shut out or loses the role hears nothing more: open streams end at once, public ones go on."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.accounts import Account, Membership, SignIn
from eventmgr.models.database import db
from eventmgr.services import accounts, people
from tests.people import PASSWORD, SLUG, Person

WAYS = ("signed out", "ended from elsewhere", "password changed", "password reset", "disabled", "role taken back")


class Open:
    """A stream that is read in a thread of its own."""

    def __init__(self, person: Person, view: str) -> None:
        self.heard, self.begun = b"", threading.Event()
        self.answer: Any = person.client.get(f"/e/{SLUG}/stream?view={view}")
        assert self.answer.status_code == 200
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        assert self.begun.wait(30)

    def _read(self) -> None:
        for part in self.answer.response:
            self.heard += part
            if b"event: state" in self.heard:
                self.begun.set()

    def has_ended(self, seconds: float) -> bool:
        self.thread.join(seconds)
        return not self.thread.is_alive()


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("how", WAYS)
def test_an_open_stream_ends_with_its_session(app: Flask, lan: Person, how: str) -> None:
    account_id = db.session.scalars(sa.select(Account.id).where(Account.username == "lan")).one()
    streams = [Open(lan, view) for view in ("desk", "mc", "chair")]
    public = Open(lan, "audience")
    if how == "signed out":
        lan.post("/sign-out", expect=302)
    elif how == "ended from elsewhere":
        newest = db.session.scalars(sa.select(SignIn.id).where(SignIn.account_id == account_id)).one()
        Person(app, "lan").post(f"/office/sessions/{newest}/end", expect=302)
    elif how == "password changed":
        new = "mot mat khau khac 42"
        Person(app, "lan").post("/office/password", expect=302, old=PASSWORD, new=new, again=new)
    elif how == "password reset":
        accounts.reset_password(account_id)
    elif how == "disabled":
        people.set_disabled(account_id, True, 1)
    else:
        member = db.session.scalars(sa.select(Membership).where(Membership.account_id == account_id)).one()
        people.take_role(member.conference_id, member.id, 1)
    assert [stream.has_ended(30) for stream in streams] == [True] * 3
    assert all(stream.heard.endswith(b"event: over\ndata: \n\n") for stream in streams)
    assert not public.has_ended(0.3)
    app.extensions["eventmgr_hub"].close()
    assert public.has_ended(30)


@pytest.mark.database("sqlite")
def test_the_streams_of_others_go_on(app: Flask, lan: Person, ha: Person) -> None:
    of_lan, of_ha = Open(lan, "mc"), Open(ha, "mc")
    lan.post("/sign-out", expect=302)
    assert of_lan.has_ended(30)
    assert not of_ha.has_ended(0.3)
    app.extensions["eventmgr_hub"].close()
    assert of_ha.has_ended(30)
