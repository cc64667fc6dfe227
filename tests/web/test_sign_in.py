"""Signing in: right, wrong, too often, first password, ended sessions, other hosts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.models.accounts import Account, SignIn, SignInAttempt
from eventmgr.models.database import db, transaction
from eventmgr.services import accounts
from tests.people import PASSWORD, SLUG, Person


def attempt(person: Person, password: str, username: str = "lan", **more: str):  # type: ignore[no-untyped-def]
    return person.post("/sign-in", username=username, password=password, **more)


def test_wrong_password_and_unknown_account_answer_alike(stranger: Person) -> None:
    known, unknown = attempt(stranger, "khong-dung"), attempt(stranger, "khong-dung", "khong-co")
    assert (known.status_code, unknown.status_code) == (422, 422)
    for answer in (known, unknown):
        assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in answer.get_data(as_text=True)


def test_sixth_attempt_waits_even_with_the_right_password_and_after_a_restart(app: Flask, stranger: Person) -> None:
    for _ in range(5):
        assert attempt(stranger, "khong-dung").status_code == 422
    answer = attempt(stranger, PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    again = create_app(app.extensions["eventmgr"].settings)
    assert attempt(Person(again), PASSWORD).status_code == 429
    assert attempt(stranger, PASSWORD, "ha").status_code == 302


def test_attempts_of_one_address_on_many_accounts_are_counted(stranger: Person) -> None:
    for number in range(accounts.PER_ADDRESS):
        attempt(stranger, "khong-dung", f"nguoi{number}")
    assert attempt(stranger, PASSWORD).status_code == 429


def test_attempts_are_forgiven_after_the_window(app: Flask, stranger: Person) -> None:
    with transaction():
        old = clock.now() - accounts.WINDOW - timedelta(seconds=1)
        db.session.add_all([SignInAttempt(username="lan", address="127.0.0.1", at=old) for _ in range(10)])
    assert attempt(stranger, PASSWORD).status_code == 302


def test_first_password_must_be_changed_before_anything_else(app: Flask) -> None:
    account_id, password = accounts.add_account("moi", "Người mới")
    person = Person(app)
    assert attempt(person, password, "moi").status_code == 302
    person.token = None
    assert person.client.get("/office/").location == "/office/password"
    assert person.client.get(f"/office/{SLUG}/").location == "/office/password"
    person.post("/office/password", expect=422, old=password, new="ngan", again="ngan")
    person.post("/office/password", expect=422, old="sai", new="mat-khau-dai-hon", again="mat-khau-dai-hon")
    person.post("/office/password", expect=422, old=password, new="mat-khau-dai-hon", again="mat-khau-khac-nua")
    person.post("/office/password", expect=302, old=password, new="mat-khau-dai-hon", again="mat-khau-dai-hon")
    person.get("/office/")
    assert db.session.get_one(Account, account_id).password_hash.startswith("$argon2id$")


def test_changed_password_ends_the_other_sessions(app: Flask, lan: Person) -> None:
    elsewhere = Person(app, "lan")
    lan.post("/office/password", expect=302, old=PASSWORD, new="mat-khau-dai-hon", again="mat-khau-dai-hon")
    lan.get("/office/")
    assert elsewhere.client.get("/office/").location.startswith("/sign-in")


def test_ended_session_is_out_at_once(app: Flask, lan: Person) -> None:
    elsewhere = Person(app, "lan")
    newest = db.session.scalars(sa.select(SignIn).order_by(SignIn.id.desc())).first()
    assert newest is not None
    lan.get("/office/sessions")
    lan.post(f"/office/sessions/{newest.id}/end", expect=302)
    assert elsewhere.client.get("/office/").location.startswith("/sign-in")


def test_nobody_ends_the_session_of_another(app: Flask, lan: Person, ha: Person) -> None:
    of_ha = db.session.scalars(sa.select(SignIn).order_by(SignIn.id.desc())).first()
    assert of_ha is not None
    lan.post(f"/office/sessions/{of_ha.id}/end", expect=302)
    ha.get("/office/")


def test_old_session_ends_by_itself(app: Flask, lan: Person) -> None:
    with transaction():
        db.session.execute(sa.update(SignIn).values(created_at=clock.now() - accounts.SESSION_WHOLE - timedelta(minutes=1)))
    assert lan.client.get("/office/").location.startswith("/sign-in")


def test_signing_out_ends_the_session_on_the_server_too(app: Flask, lan: Person) -> None:
    cookie = lan.client.get_cookie("eventmgr")
    assert cookie is not None
    lan.post("/sign-out", expect=302)
    thief = Person(app)
    thief.client.set_cookie("eventmgr", cookie.value)
    assert thief.client.get("/office/").location.startswith("/sign-in")


def test_cookie_is_not_for_scripts_nor_for_other_sites(app: Flask) -> None:
    person = Person(app)
    headers = attempt(person, PASSWORD).headers.getlist("Set-Cookie")
    assert {one.partition("=")[0]: {"HttpOnly", "SameSite=Lax", "SameSite=Strict"} & set(one.split("; ")) for one in headers} == {
        "eventmgr": {"HttpOnly", "SameSite=Lax"}, "eventmgr_known": {"HttpOnly", "SameSite=Strict"},
    }  # fmt: skip


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "office"])
def test_after_signing_in_nobody_is_sent_elsewhere(stranger: Person, wanted: str) -> None:
    assert attempt(stranger, PASSWORD, next=wanted).location == "/office/"


def test_after_signing_in_the_wanted_page_opens(stranger: Person) -> None:
    assert attempt(stranger, PASSWORD, next=f"/office/{SLUG}/").location == f"/office/{SLUG}/"


def test_what_was_typed_outlives_the_session(app: Flask, lan: Person) -> None:
    own = {"Sec-Fetch-Site": "same-origin"}
    form = {"full_name": "Trần Thị Mẫu", "posts": "Trưởng phòng", "csrf_token": lan._csrf(), "again": "1"}
    with transaction():
        db.session.execute(sa.update(SignIn).values(ended_at=clock.now()))
    address = f"/office/{SLUG}/delegates/new"
    kept = lan.client.post(address, data=form, headers=own)
    page = kept.get_data(as_text=True)
    assert kept.status_code == 403
    assert "Phiên làm việc đã hết" in page and "<li>Trần Thị Mẫu</li>" in page
    assert f'<form method="post" action="{address}"' in page and 'name="posts" value="Trưởng phòng"' in page
    attempt(lan, PASSWORD)
    once_more = lan.client.post(address, data=form, headers=own)
    page = once_more.get_data(as_text=True)
    assert once_more.status_code == 400
    assert "Gửi lại nội dung vừa nhập" in page and 'name="full_name" value="Trần Thị Mẫu"' in page
    assert page.count("Gửi lại</button>") == 1
    foreign = lan.client.post(address, data=form, headers={"Sec-Fetch-Site": "cross-site"}).get_data(as_text=True)
    assert "<li>Trần Thị Mẫu</li>" in foreign and "</button>" not in foreign


def test_passwords_are_not_kept_for_another_try(lan: Person) -> None:
    answer = lan.client.post("/office/password", data={"old": "mat-khau-bi-mat", "new": "x"})
    assert answer.status_code == 400
    assert "mat-khau-bi-mat" not in answer.get_data(as_text=True)


def test_session_is_named_in_words(app: Flask, lan: Person) -> None:
    with transaction():
        agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
        db.session.execute(sa.update(SignIn).values(browser=agent))
    page = lan.get("/office/sessions").get_data(as_text=True)
    assert "Chrome trên Windows" in page and "Mozilla" not in page


def test_write_without_token_is_refused(lan: Person) -> None:
    answer = lan.client.post("/sign-out")
    assert answer.status_code == 400
    lan.get("/office/")


def test_other_host_is_refused(stranger: Person) -> None:
    assert stranger.client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


def test_nothing_opens_before_an_administrator_exists(app: Flask) -> None:
    with transaction():
        db.session.execute(sa.update(Account).values(is_administrator=False))
    fresh = create_app(app.extensions["eventmgr"].settings)
    answer = fresh.test_client().get("/")
    assert answer.status_code == 503
    assert "flask --app app init" in answer.get_data(as_text=True)
    assert fresh.test_client().get("/healthz").status_code == 200


def test_administrator_makes_gives_and_closes_accounts(app: Flask, quantri: Person) -> None:
    quantri.post("/office/accounts", expect=422, username="Sai Tên", display_name="Sai")
    quantri.post("/office/accounts", expect=422, username="lan", display_name="Trùng")
    page = quantri.post("/office/accounts", expect=200, username="hoa", display_name="Hoa").get_data(as_text=True)
    assert "Mật khẩu chỉ hiện một lần" in page
    hoa = accounts.account_id_of("hoa")
    quantri.post(f"/office/{SLUG}/people", expect=302, account_id=str(hoa), role="mc")
    assert "Hoa" in quantri.get(f"/office/{SLUG}/people").get_data(as_text=True)
    quantri.post(f"/office/accounts/{hoa}/state", expect=302, disabled="1")
    me = accounts.account_id_of("quantri")
    quantri.post(f"/office/accounts/{me}/state", expect=409, disabled="1")


def test_role_is_taken_back(app: Flask, quantri: Person, ha: Person) -> None:
    ha.get(f"/office/{SLUG}/")
    page = quantri.get(f"/office/{SLUG}/people").get_data(as_text=True)
    row = next(part for part in page.split("<tr>") if "(ha)" in part)
    quantri.post(row.split('action="')[1].split('"')[0], expect=302)
    ha.get(f"/office/{SLUG}/", expect=403)
