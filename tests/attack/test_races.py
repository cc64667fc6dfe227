"""Many at once: each thread with a browser of its own, all let go in the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from eventmgr.models.accounts import Account
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.models.journal import Entry
from eventmgr.services import accounts, pass_codes
from tests import door
from tests.people import SLUG, Person
from tests.web.test_letters import LETTERS, issue_all, settle_date

THREADS = 20
ISSUE = {"dated_on": "22/12/2015", "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Văn Mẫu"}


def at_once(works: list[Callable[[], int]]) -> Counter[int]:
    """Let all go at the same moment; return how often each status was answered."""
    gate, got = threading.Barrier(len(works)), []

    def run(work: Callable[[], int]) -> None:
        gate.wait(30)
        got.append(work())

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    return Counter(got)


def browser(app: Flask, username: str | None) -> Person:
    person = Person(app, username)
    person._csrf()
    return person


def test_one_number_is_given_once(app: Flask, lan: Person) -> None:
    settle_date(lan)
    lan.post(f"{LETTERS}/drafts", expect=302)
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    ids = list(db.session.scalars(sa.select(Invitation.id).order_by(Invitation.id)))[:THREADS]
    people = [browser(app, "lan") for _ in ids]

    def issue(person: Person, invitation_id: int) -> Callable[[], int]:
        data = {"invitation": str(invitation_id), "first_number": "7", "csrf_token": person.token, **ISSUE}
        return lambda: person.client.post(f"{LETTERS}/issue", data=data).status_code

    assert at_once([issue(*pair) for pair in zip(people, ids, strict=True)]) == {302: 1, 409: THREADS - 1}
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id)).where(Invitation.number == 7)) == 1
    assert db.session.scalar(sa.select(sa.func.count(Pass.id))) == 1


def test_a_letter_is_drafted_and_issued_once(app: Flask, lan: Person) -> None:
    settle_date(lan)
    people = [browser(app, "lan") for _ in range(6)]
    drafts = at_once([lambda p=p: p.client.post(f"{LETTERS}/drafts", data={"csrf_token": p.token}).status_code for p in people])
    assert set(drafts) <= {302, 409}
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id))) == 48
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    one = db.session.scalars(sa.select(Invitation.id)).first()

    def issue(person: Person, number: int) -> Callable[[], int]:
        data = {"invitation": str(one), "first_number": str(number), "csrf_token": person.token, **ISSUE}
        return lambda: person.client.post(f"{LETTERS}/issue", data=data).status_code

    got = at_once([issue(person, number) for number, person in enumerate(people, 1)])
    assert got[302] == 1 and set(got) <= {302, 409, 422}
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id)).where(Invitation.issued_at.is_not(None))) == 1


def test_of_many_replies_at_once_one_counts(app: Flask, lan: Person, conference: Conference) -> None:
    settle_date(lan)
    letter = issue_all(lan)[0]
    code = pass_codes.code_of(db.session.scalars(sa.select(Pass).where(Pass.invitation_id == letter.id)).one())
    people = [browser(app, None) for _ in range(8)]

    def answer(person: Person, number: int) -> Callable[[], int]:
        data = {"answer": "comes" if number % 2 else "absent", "reason": "Bận", "csrf_token": person.token}
        return lambda: person.client.post(f"/i/{code}/reply", data=data).status_code

    assert set(at_once([answer(person, number) for number, person in enumerate(people)])) <= {302, 409}
    assert db.session.scalar(sa.select(sa.func.count(Reply.id)).where(Reply.superseded_at.is_(None))) == 1


def test_two_administrators_do_not_lock_each_other_out(app: Flask, quantri: Person) -> None:
    for _ in range(3):
        accounts.add_account("quantri2", "Quản trị hai", is_administrator=True) if not _id("quantri2") else None
        with db.engine.begin() as connection:
            hashed = connection.scalar(sa.select(Account.password_hash).where(Account.username == "quantri"))
            connection.execute(sa.update(Account).values(disabled_at=None))
            connection.execute(
                sa.update(Account).where(Account.username == "quantri2").values(password_hash=hashed, must_change_password=False)
            )
        one, two = browser(app, "quantri"), browser(app, "quantri2")

        def close(person: Person, username: str) -> Callable[[], int]:
            url, data = f"/office/accounts/{_id(username)}/state", {"disabled": "1", "csrf_token": person.token}
            return lambda: person.client.post(url, data=data).status_code

        at_once([close(one, "quantri2"), close(two, "quantri")])
        alive = sa.select(sa.func.count(Account.id)).where(Account.is_administrator, Account.disabled_at.is_(None))
        assert db.session.scalar(alive) == 1


def test_five_wrong_passwords_are_five_however_many_come_at_once(app: Flask) -> None:
    people = [browser(app, None) for _ in range(THREADS)]

    def knock(person: Person) -> Callable[[], int]:
        data = {"username": "lan", "password": "khong-dung", "csrf_token": person.token}
        return lambda: person.client.post("/sign-in", data=data).status_code

    got = at_once([knock(person) for person in people])
    assert got == {422: accounts.PER_ACCOUNT, 429: THREADS - accounts.PER_ACCOUNT}


def test_one_pairing_code_pairs_one_phone(app: Flask, minh: Person, conference: Conference) -> None:
    gate_id = door.pair_phone(conference.id)[1].gate_id
    page = minh.get(minh.post(f"/office/{SLUG}/gates/{gate_id}/phones", expect=302).location).get_data(as_text=True)
    code = page.split("/door/pair/")[1][:20]
    people = [browser(app, None) for _ in range(8)]

    def pair(person: Person) -> Callable[[], int]:
        return lambda: person.client.post(f"/door/pair/{code}", data={"name": "Máy", "csrf_token": person.token}).status_code

    assert at_once([pair(person) for person in people]) == {302: 1, 409: 7}
    assert db.session.scalar(sa.select(sa.func.count(Entry.id)).where(Entry.verb == "phone.paired")) >= 1


def _id(username: str) -> int | None:
    db.session.rollback()
    return db.session.scalar(sa.select(Account.id).where(Account.username == username))
