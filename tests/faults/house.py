"""A conference in full work for the storms: people with passes, letters that wait to be issued, a mail server, a live copy."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time as hour
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation
from eventmgr.services import invitations
from tests import door
from tests.bench.door import add_delegates
from tests.browser.live_copy import LiveCopy
from tests.conftest import settings_for
from tests.letters import LAN
from tests.people import SLUG
from tests.smtp import SENDER, Post

SECRET = "tests only, never elsewhere 0123456789"


@dataclass
class House:
    """What the callers need to know; `waiting` are approved letters that nobody has issued yet, in printing order."""

    conference_id: int
    group_id: int
    codes: list[str]
    tokens: list[str]
    waiting: list[int]
    live: LiveCopy
    post: Post


@dataclass
class Ledger:
    """What was answered, and so must be there for ever; what was only sent may be there or not."""

    scans: dict[str, str] = field(default_factory=dict)
    sent_scans: dict[str, str] = field(default_factory=dict)
    replies: set[str] = field(default_factory=set)
    sent_replies: set[str] = field(default_factory=set)
    issued: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    mailed: list[int] = field(default_factory=list)
    silences: int = 0
    refused: list[str] = field(default_factory=list)


def furnish(folder: Path, url: str, post: Post, people: int, letters: int, **env: str) -> House:
    """Fill a migrated database of tests.conftest.fill and return the house; its copy is not started yet."""
    app = create_app(settings_for(folder / "filling", url))
    with app.app_context():
        conference_id = db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one()
        groups = [group.id for group in door.groups(conference_id)]
        today = clock.now().date()
        with transaction():
            conference = db.session.get_one(Conference, conference_id)
            conference.held_on, conference.starts_at = today + timedelta(days=20), hour(7, 30)
        waiting = _letters(conference_id, groups[0], letters) if letters else []
        codes = add_delegates(conference_id, groups[1:], people)
        gate = door.pair_phone(conference_id)[1].gate_id
        tokens = [door.pair_phone(conference_id, gate, f"Máy {number}")[0] for number in range(3)]
        _close(app)
    mail = {"SMTP_URL": f"smtp://127.0.0.1:{post.port}", "EVENTMGR_MAIL_FROM": SENDER, "EVENTMGR_MAIL_PER_HOUR": "100000"}
    return House(conference_id, groups[0], codes, tokens, waiting, LiveCopy(folder / "live", url, env=mail | env), post)


def _letters(conference_id: int, group_id: int, count: int) -> list[int]:
    """Approved letters of people with a mailbox each, whose printing order is that of their ids."""
    with transaction():
        people = [
            Delegate(
                conference_id=conference_id, group_id=group_id, address_form="đồng chí", full_name=f"Nguyễn Văn Mẫu {number}",
                first_post="Chuyên viên", posts=["Chuyên viên"], created_at=clock.now(), precedence_key=f"{number:06d}",
                email=f"vanthu{number}@donvi.kontum.example.vn", search_key=f" nguyen van mau {number} ",
            )
            for number in range(count)
        ]  # fmt: skip
        db.session.add_all(people)
        db.session.flush()
        ids = [one.id for one in people]
    invitations.draft_letters(conference_id, LAN, delegate_ids=ids)
    letters = list(db.session.scalars(sa.select(Invitation.id).where(Invitation.delegate_id.in_(ids)).order_by(Invitation.id)))
    invitations.approve(conference_id, letters, LAN)
    return letters


def _close(app: Flask) -> None:
    app.extensions["eventmgr_hub"].close()
    db.session.remove()
    db.engine.dispose()


def processes(live: LiveCopy) -> dict[str, list[int]]:
    """The pids of a running copy: "web" are gunicorn's workers, "jobs" the job process."""
    assert live.process is not None
    found: dict[str, list[int]] = {"web": [], "jobs": []}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == live.process.pid:
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(fields[3]) != live.process.pid or fields[0] == "Z":
            continue
        if b"worker" in words:
            found["jobs"].append(int(entry.name))
        elif b"app.py" in words and int(fields[1]) == live.process.pid:
            found["web"].append(int(entry.name))
    return found


def kill(pids: list[int]) -> None:
    """End processes of the copy as the kernel does: without a word."""
    for pid in pids:
        os.kill(pid, 9)


def wait_for(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition; AssertionError when it does not come."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
