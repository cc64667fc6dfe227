"""The server is killed again and again while phones scan: whatever it has answered is stored, once."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.models.checkin import Admission, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from tests import door
from tests.browser.live_copy import LiveCopy

pytestmark = pytest.mark.browser
KILLS, WHOLE, PHONES = 20, 2, 4


@dataclass
class Storm:
    """One phone that scans as fast as it can and sends a scan again until it has the receipt."""

    live: LiveCopy
    token: str
    codes: list[str]
    over: threading.Event
    answered: list[str] = field(default_factory=list)
    cuts: int = 0

    def run(self) -> None:
        for code in self.codes:
            key = uuid.uuid4().hex
            said = {
                "scan_key": key, "kind": "entry", "way": "camera", "scanned_at": clock.now().isoformat(), "code": code,
                "decided": {"outcome": "admitted", "snapshot": "1"},
            }  # fmt: skip
            while not self.stored(said):
                self.cuts += 1
                time.sleep(0.01)
            self.answered.append(key)
            if self.over.is_set():
                return

    def stored(self, said: dict[str, object]) -> bool:
        """Whether the server gave a receipt; a connection that breaks is no answer."""
        headers = {"Cookie": f"eventmgr_phone={self.token}", "X-Eventmgr-Phone": "1", "Content-Type": "application/json"}
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.live.port, timeout=5)) as line:
                line.request("POST", "/api/door/scans", json.dumps(said), headers)
                with line.getresponse() as answer:
                    return answer.status == 200 and json.loads(answer.read())["stored"] is True
        except (OSError, http.client.HTTPException, ValueError):
            return False


def test_no_answered_scan_is_lost_when_the_server_is_killed_twenty_times(
    app: Flask, conference: Conference, database_url: str, tmp_path: Path
) -> None:
    codes = [[door.invited(conference.id) for _ in range(250)] for _ in range(PHONES)]
    tokens = [door.pair_phone(conference.id)[0] for _ in range(PHONES)]
    db.session.remove()
    live = LiveCopy(tmp_path / "live", database_url)
    live.start()
    over = threading.Event()
    storms = [Storm(live, token, own, over) for token, own in zip(tokens, codes, strict=True)]
    threads = [threading.Thread(target=storm.run) for storm in storms]
    try:
        for thread in threads:
            thread.start()
        for number in range(KILLS):
            wait_for_more(storms)
            if number % (KILLS // WHOLE) == 0:
                live.restart("KILL")
            else:
                os.kill(web_process(live), signal.SIGKILL)
        wait_for_more(storms)
        over.set()
        for thread in threads:
            thread.join(30)
    finally:
        over.set()
        live.stop()
    answered = [key for storm in storms for key in storm.answered]
    stored = list(db.session.scalars(sa.select(Scan.scan_key)))
    admitted = sa.select(Scan.scan_key).join(Admission, Admission.scan_id == Scan.id).where(Admission.undone_at.is_(None))
    assert sorted(set(answered) - set(stored)) == []
    assert len(stored) == len(set(stored))
    assert sorted(set(answered) - set(db.session.scalars(admitted))) == []
    assert sum(storm.cuts for storm in storms) > 0


def wait_for_more(storms: list[Storm]) -> None:
    """Wait until the phones have some more answers, so that each kill meets work under way."""
    before, deadline = sum(len(storm.answered) for storm in storms), time.monotonic() + 60
    while sum(len(storm.answered) for storm in storms) < before + 3:
        assert time.monotonic() < deadline, "no scan was answered for a minute"
        time.sleep(0.005)


def web_process(live: LiveCopy) -> int:
    """The process that answers: a child of the server that is still the same program."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and is_web(entry, live):
                return int(entry.name)
        time.sleep(0.01)
    raise RuntimeError("the server has no web process")


def is_web(entry: Path, live: LiveCopy) -> bool:
    assert live.process is not None
    try:
        parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        return parent == live.process.pid and b"app.py" in (entry / "cmdline").read_bytes()
    except OSError:
        return False
