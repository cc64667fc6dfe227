"""Two web workers and two job processes on PostgreSQL and Redis: one conference, whoever serves; and each of them away."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
import redis
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.live.bell import CHANNEL
from eventmgr.models.checkin import Scan
from eventmgr.models.database import db, transaction
from eventmgr.models.jobs import Job
from eventmgr.services import jobs
from tests.browser.live_copy import LiveCopy
from tests.conftest import fill, settings_for
from tests.faults.callers import Caller
from tests.faults.house import House, _close, furnish, processes, wait_for
from tests.people import SLUG
from tests.servers import postgresql_service, redis_service
from tests.smtp import Post, mail_server

T = TypeVar("T")
AWAY = "Cơ sở dữ liệu đang tạm ngừng nên việc vừa rồi chưa được ghi."
HOME = f"/office/{SLUG}"
pytestmark = pytest.mark.database("postgresql")


class Screen:
    """An open live page: how many states it has been told so far."""

    def __init__(self, caller: Caller) -> None:
        self.caller, self.seen, self.lines = caller, 0, b""
        caller.connect()
        assert caller._line is not None and caller._line.sock is not None
        self.sock = caller._line.sock
        self.sock.sendall(f"GET /e/{SLUG}/stream?view=audience HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        self.told(1)

    def told(self, count: int) -> None:
        """Wait until that many states have come in all."""
        while self.seen < count:
            got = self.sock.recv(65536)
            assert got, "the stream ended"
            self.lines += got
            self.seen = len(re.findall(rb"event: state\n", self.lines))


@contextmanager
def only(live: LiveCopy, pid: int) -> Iterator[None]:
    """Hold every other web worker: what connects now belongs to this one."""
    others = [one for one in processes(live)["web"] if one != pid]
    for one in others:
        os.kill(one, signal.SIGSTOP)
        wait_for(lambda: (Path("/proc") / str(one) / "stat").read_text().rpartition(")")[2].split()[0] == "T")  # noqa: B023
    try:
        yield
    finally:
        for one in others:
            os.kill(one, signal.SIGCONT)


@contextmanager
def second_jobs(house: House) -> Iterator[subprocess.Popen[bytes]]:
    """Another job process beside the copy's own."""
    command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    with (house.live.instance / "second.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=house.live.root, env=house.live._environment(), stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


class Mc:
    """The MC at the console, on whichever worker the connection was opened."""

    def __init__(self, house: House) -> None:
        self.caller, self.seen = Caller(house.live.port), 0
        assert self.caller.sign_in("ha")
        self.token = self.caller.token("/office/password") or ""

    def press(self) -> None:
        fields = [("press_key", secrets.token_hex(8)), ("seen", self.seen), ("verb", "next" if self.seen else "start")]
        said = self.caller.post(f"/stage/{SLUG}/moves", fields, self.token)
        assert said is not None and said.status in {200, 302, 303}, said
        self.seen += 1


def scan(code: str) -> dict[str, object]:
    return {
        "scan_key": uuid.uuid4().hex, "way": "camera", "scanned_at": clock.now().isoformat(), "code": code,
        "decided": {"outcome": "admitted", "snapshot": "1"},
    }  # fmt: skip


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Do things at the same time; return what each came to."""
    made: dict[int, T] = {}
    threads = [threading.Thread(target=lambda n=n, act=act: made.update({n: act()})) for n, act in enumerate(acts)]  # type: ignore[misc]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    return [made[number] for number in range(len(acts))]


@contextmanager
def bell(url: str) -> Iterator[Callable[[], bool]]:
    """Hear the bell in Redis; the function waits a second for a ring."""
    with redis.Redis.from_url(url) as client, client.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(CHANNEL)
        heard.get_message(timeout=5)

        def rung() -> bool:
            return heard.get_message(timeout=1) is not None

        yield rung


def opened(house: House) -> ExitStack:
    """An application on the house's database, for looking into it."""
    stack = ExitStack()
    app = create_app(settings_for(house.live.instance.parent / "looking", house.live.database_url))
    stack.enter_context(app.app_context())
    stack.callback(_close, app)
    return stack


def test_two_web_workers_and_two_job_processes_serve_one_conference(database_url: str, redis_url: str, tmp_path: Path) -> None:
    with mail_server(Post()) as post:
        house = furnish(tmp_path, database_url, post, people=60, letters=24, REDIS_URL=redis_url, EVENTMGR_WORKERS="2")
        house.live.start()
        try:
            wait_for(lambda: len(processes(house.live)["web"]) == 2)
            with second_jobs(house):
                _a_press_on_one_worker_reaches_the_other(house, redis_url)
                _scans_over_both_are_counted_once(house)
                _no_job_and_no_mail_twice(house, post)
        finally:
            house.live.stop(hard=True)


def _a_press_on_one_worker_reaches_the_other(house: House, redis_url: str) -> None:
    first, second = processes(house.live)["web"]
    screens = []
    for pid in (first, second):
        with only(house.live, pid):
            screens.append(Screen(Caller(house.live.port)))
    with only(house.live, first):
        mc = Mc(house)
    with bell(redis_url) as rung:
        for press in range(2):
            mc.press()
            for screen in screens:
                screen.told(press + 2)
        wait_for(rung)


def _scans_over_both_are_counted_once(house: House) -> None:
    """One phone, two connections, each held by another worker; half of what each sends the other sends too."""
    phones = []
    for pid in processes(house.live)["web"]:
        phones.append(Caller(house.live.port, {"eventmgr_phone": house.tokens[0]}))
        with only(house.live, pid):
            assert phones[-1].call("GET", "/api/door/state", X_Eventmgr_Phone="1") is not None
    facts = [scan(code) for code in house.codes]
    batches = [facts[:40], facts[20:]]
    said = at_once(*(lambda one=one, batch=batch: one.scan(batch) for one, batch in zip(phones, batches, strict=True)))  # type: ignore[misc]
    outcomes = {result["scan_key"]: result["verdict"]["outcome"] for one in said if one for result in one.json["results"]}
    assert [one.status for one in said if one] == [200, 200]
    assert outcomes == {fact["scan_key"]: "admitted" for fact in facts}
    with opened(house):
        assert Counter(db.session.scalars(sa.select(Scan.scan_key))) == Counter(fact["scan_key"] for fact in facts)


def _no_job_and_no_mail_twice(house: House, post: Post) -> None:
    office = Caller(house.live.port)
    assert office.sign_in("lan")
    token = office.token("/office/password") or ""
    chosen = [("invitation", one) for one in house.waiting]
    facts = [("first_number", 5), ("dated_on", f"{clock.now():%d/%m/%Y}"), ("signer_lines", "CVP"), ("signer_name", "Lê Văn Mẫu")]
    wanted = [(f"{HOME}/invitations/issue", [*chosen, *facts])]
    wanted += [(f"{HOME}/deliveries/mail", [*chosen, ("do", "send"), ("key", secrets.token_hex(8))])]
    wanted += [(f"{HOME}/invitations/batches", [("what", "issued"), ("group", house.group_id)])] * 8
    answers = [office.post(path, fields, token) for path, fields in wanted]
    assert [one.status for one in answers if one] == [302] * 10
    with opened(house):

        def done() -> bool:
            db.session.rollback()
            return set(db.session.scalars(sa.select(Job.state))) == {"done"} and len(post.mails) >= len(house.waiting)

        wait_for(done, 120)
        db.session.rollback()
        found = [(state, tries) for state, tries in db.session.execute(sa.select(Job.state, Job.tries))]
        workers = db.session.scalars(sa.select(Job.claimed_by).distinct()).all()
    assert found == [("done", 1)] * 8
    assert len(workers) <= 2
    assert post.arrivals == {f"vanthu{number}@donvi.kontum.example.vn": 1 for number in range(24)}


def test_it_goes_on_by_itself_after_redis_and_postgresql_were_away(database_kind: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        database, line = stack.enter_context(postgresql_service()), stack.enter_context(redis_service())
        url = database.url
        fill(create_app(settings_for(tmp_path / "first", url)))
        house = furnish(tmp_path, url, stack.enter_context(mail_server(Post())), people=8, letters=0, REDIS_URL=line.url, EVENTMGR_WORKERS="2")
        stack.callback(house.live.stop, hard=True)
        house.live.start()
        screen, mc = Screen(Caller(house.live.port)), Mc(house)
        before = processes(house.live)
        mc.press()
        screen.told(2)
        line.stop()
        mc.press()  # nobody at the console notices; screens look by themselves
        screen.told(3)
        line.start()
        mc.press()
        screen.told(4)
        phone, visitor = Caller(house.live.port, {"eventmgr_phone": house.tokens[0]}), Caller(house.live.port)
        with bell(line.url) as rung:  # whoever found Redis gone leaves it alone for a few seconds, then rings again
            wait_for(lambda: phone.scan([scan(house.codes[2])]) is not None and rung())
        first, second = scan(house.codes[0]), scan(house.codes[1])
        assert phone.scan([first]).json["results"][0]["verdict"]["outcome"] == "admitted"  # type: ignore[union-attr]
        database.stop(signal.SIGINT)
        told, page = phone.scan([second]), visitor.get(f"/e/{SLUG}/")
        assert told is not None and (told.status, told.json, told.headers["retry-after"]) == (503, {"problem": AWAY}, "10")
        assert page is not None and (page.status, AWAY in page.text, "Mở lại trang" in page.text) == (503, True, True)
        alive = visitor.get("/healthz")
        assert alive is not None and alive.status == 200
        database.start()
        told, page = phone.scan([first, second]), visitor.get(f"/e/{SLUG}/")
        assert told is not None and page is not None and page.status == 200
        assert [(one["verdict"]["outcome"], one["repeated"]) for one in told.json["results"]] == [("admitted", True), ("admitted", False)]
        mc.press()
        screen.told(mc.seen + 1)
        with opened(house):
            with transaction():
                job_id = jobs.add_job(house.conference_id, "unknown", "Một việc", {}, 1, None).id
            wait_for(lambda: _state(job_id) == "failed")  # the job process took it up and said that it knows no such work
        assert processes(house.live) == before, "nobody had to be started again"


def _state(job_id: int) -> str:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True).state


