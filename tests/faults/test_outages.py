"""What people see while the machine cannot, and that the same press works afterwards."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.documents import shelf as files
from eventmgr.jobs import handlers, worker
from eventmgr.models import database
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Reply
from eventmgr.models.jobs import Job, WorkerBeat
from eventmgr.services import health, jobs, outages
from tests import door
from tests.people import SLUG, Person

LOCKED = "Cơ sở dữ liệu đang bận một việc khác nên việc vừa rồi chưa được ghi."
FULL = "Ổ đĩa của máy chủ đã đầy nên việc vừa rồi chưa được ghi. Báo người quản trị dọn chỗ trên máy chủ."


@pytest.fixture
def locked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Somebody else holds the write lock, and nobody waits long for it."""
    monkeypatch.setattr(database, "LONGEST_WAIT", 0.05)
    other = sqlite3.connect(app.extensions["eventmgr"].settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


@pytest.mark.database("sqlite")
def test_an_answer_to_a_locked_database_is_kept_in_the_page_and_sent_again(
    conference: Conference, stranger: Person, locked: sqlite3.Connection
) -> None:
    locked.execute("ROLLBACK")
    code = door.invited(conference.id)
    locked.execute("BEGIN IMMEDIATE")
    said = {"answer": "absent", "reason": "Bận họp ở Đăk Hà <b>", "csrf_token": stranger._csrf()}
    answer = stranger.client.post(f"/i/{code}/reply", data=said, headers={"Sec-Fetch-Site": "same-origin"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Retry-After"], LOCKED in page) == (503, "5", True)
    assert 'value="Bận họp ở Đăk Hà &lt;b&gt;"' in page
    assert re.findall(r"<li>(.*?)</li>", page) == ["Bận họp ở Đăk Hà &lt;b&gt;"]
    stranger.get(f"/i/{code}")  # who only reads is served meanwhile
    locked.execute("ROLLBACK")
    again = dict(re.findall(r'<input[^>]* name="([a-z_]+)"[^>]* value="([^"]*)"', page))
    assert stranger.client.post(f"/i/{code}/reply", data=again).status_code == 302
    assert len(list(db.session.scalars(sa.select(Reply.reason)))) == 1


@pytest.mark.database("sqlite")
def test_what_a_foreign_page_sends_gets_no_button(conference: Conference, stranger: Person, locked: sqlite3.Connection) -> None:
    locked.execute("ROLLBACK")
    code = door.invited(conference.id)
    locked.execute("BEGIN IMMEDIATE")
    answer = stranger.client.post(f"/i/{code}/reply", data={"answer": "absent", "reason": "x", "csrf_token": stranger._csrf()})
    assert (answer.status_code, "<button" in answer.get_data(as_text=True)) == (503, False)


@pytest.mark.database("sqlite")
def test_a_phone_is_told_to_keep_its_scans(app: Flask, conference: Conference, locked: sqlite3.Connection) -> None:
    locked.execute("ROLLBACK")
    token, _ = door.pair_phone(conference.id)
    said = {"scan_key": "a" * 32, "way": "camera", "scanned_at": clock.now().isoformat(), "code": door.invited(conference.id)}
    locked.execute("BEGIN IMMEDIATE")
    phone = app.test_client()
    phone.set_cookie("eventmgr_phone", token)
    answer = phone.post("/api/door/scans", json=said, headers={"X-Eventmgr-Phone": "1"})
    assert (answer.status_code, answer.headers["Retry-After"], answer.json) == (503, "5", {"problem": LOCKED})
    locked.execute("ROLLBACK")
    told = phone.post("/api/door/scans", json=said, headers={"X-Eventmgr-Phone": "1"}).json
    assert told is not None and (told["verdict"]["outcome"], told["repeated"]) == ("admitted", False)


@pytest.mark.database("sqlite")
def test_a_password_is_never_written_back_into_a_page(stranger: Person, locked: sqlite3.Connection) -> None:
    page = stranger.post("/sign-in", expect=503, username="lan", password="mat-khau-rat-rieng").get_data(as_text=True)
    assert "mat-khau-rat-rieng" not in page and "Quay lại" in page


def test_a_full_disk_is_named_and_what_was_typed_stays(
    lan: Person, monkeypatch: pytest.MonkeyPatch, conference: Conference
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "put", full)
        answer = lan.get(f"/e/{SLUG}/programme.pdf", expect=503)
        assert FULL in answer.get_data(as_text=True) and answer.headers["Retry-After"] == "30"
    lan.get(f"/e/{SLUG}/programme.pdf")


def test_a_mistake_of_ours_is_none_of_the_machines(app: Flask) -> None:
    with pytest.raises(sa.exc.DBAPIError) as wrong:
        db.session.execute(sa.text("SELECT nothing FROM nowhere"))
    db.session.rollback()
    assert outages.outage_of(wrong.value) is None
    assert outages.outage_of(OSError(errno.EPERM, "no")) is None
    assert outages.outage_of(ValueError()) is None


def test_a_job_on_a_full_disk_waits_and_is_not_given_up(
    app: Flask, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        job_id = jobs.add_job(conference.id, "print_letters", "Một việc", {}, 1, None).id
    asked = []

    def print_them(*_: object) -> str:
        asked.append(1)
        if len(asked) < 6:
            raise OSError(errno.ENOSPC, "No space left on device")
        return "xong.pdf"

    monkeypatch.setitem(handlers.HANDLERS, "print_letters", print_them)
    for _ in range(5):
        with pytest.raises(OSError, match="No space"):
            worker.run_one("w1")
    assert worker.run_one("w1")
    found = db.session.get_one(Job, job_id, populate_existing=True)
    assert (found.state, found.tries, found.file_name) == ("done", 1, "xong.pdf")


@pytest.mark.database("sqlite")
def test_the_waiting_for_a_lock_gives_way_to_others(tmp_path: Path, app: Flask) -> None:
    """Whoever waits sleeps between two tries, so that an event loop goes on; nobody waits inside SQLite."""
    other = sqlite3.connect(app.extensions["eventmgr"].settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            other.execute("ROLLBACK")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database.time, "sleep", sleep)
        health.beat("w1")
    other.close()
    assert len(slept) == 3
    assert db.session.scalar(sa.select(WorkerBeat.worker)) == "w1"


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_is_set_by_an_hour_holds_up_nothing(
    app: Flask, lan: Person, conference: Conference, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    with transaction():
        first, second = (jobs.add_job(conference.id, "nothing", f"Việc {number}", {}, 1, None).id for number in (1, 2))
    taken = jobs.claim("died")
    assert taken is not None and taken.id == first
    health.beat("died")
    before = clock.now
    monkeypatch.setattr(clock, "now", lambda: before() + timedelta(hours=hours))
    found = [job.id for job in (jobs.claim("w2"), jobs.claim("w2")) if job is not None]
    assert found == [first, second], "what a dead worker held, and what waited"
    newest = app.extensions["eventmgr"].newest_migration
    assert health.checks(newest)["jobs"] is False, "nobody has said since that he lives"
    health.beat("w2")
    assert health.checks(newest)["jobs"] is True
    lan.get("/office/")
