"""Real job processes before one outbox: racing each other, killed at the worst moments; each mail arrives once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain.mailing import MailKind
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation
from eventmgr.models.mails import Mail, MailChannel
from eventmgr.services import letters, mail_channel, mailings
from eventmgr.services.mailboxes import boxed
from eventmgr.services.mailings import Choice, Words
from tests.letters import LAN, issue_some
from tests.smtp import SENDER, Post, mail_server, until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def post(conference: Conference) -> Iterator[Post]:
    with mail_server() as running:
        mail_channel.use(running.server)
        yield running


@contextmanager
def job_process(app: Flask, post: Post) -> Iterator[subprocess.Popen[bytes]]:
    settings = app.extensions["eventmgr"].settings
    environment = os.environ | {
        "EVENTMGR_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "EVENTMGR_SECRET_KEY": settings.secret_key.decode(), "SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "EVENTMGR_MAIL_FROM": SENDER,
    }
    process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def address_all(issued: list[Invitation]) -> None:
    with transaction():
        for number, one in enumerate(issued):
            db.session.get_one(Delegate, one.delegate_id).email = f"a{number}@x.example.vn"
    db.session.rollback()


def states() -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(sa.select(Mail.state)))


def everything_ended() -> bool:
    return not states().keys() & {"queued", "sending", "handing"}


def let_claims_run_out() -> None:
    with transaction():
        db.session.execute(sa.update(Mail).where(Mail.claimed_by.is_not(None)).values(claimed_until=clock.now() - timedelta(1)))
        db.session.execute(sa.update(MailChannel).values(rest_until=None))


@pytest.mark.slow
def test_two_job_processes_send_each_of_sixty_mails_once(app: Flask, conference: Conference, post: Post) -> None:
    issued = issue_some(conference, 60)
    address_all(issued)
    held = letters.loaded(conference.id, [one.id for one in issued])
    mailings.enqueue(conference.id, MailKind.REMINDER, Words(), "reminders", LAN, lambda: boxed(held)[0])
    assert states() == {"queued": 60}
    with job_process(app, post), job_process(app, post):
        until(everything_ended)
    assert states() == {"sent": 60}
    assert post.arrivals == {f"a{number}@x.example.vn": 1 for number in range(60)}
    workers = db.session.scalars(sa.text("SELECT worker FROM mail_tries"))
    assert len(set(workers)) == 2, "both had their share"


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "left"), [("before the data", {"sent": 4}), ("before the answer", {"sent": 3, "unclear": 1})])
def test_job_process_killed_in_the_middle_sends_nothing_twice_and_loses_nothing_silently(
    app: Flask, conference: Conference, post: Post, moment: str, left: dict[str, int]
) -> None:
    address_all(issue_some(conference, 4))
    mailings.send_letters(conference.id, Choice(), Words(), "killedonce", LAN)
    with job_process(app, post) as victim:

        def kill(recipient: str) -> None:
            if recipient == "a2@x.example.vn":
                victim.send_signal(signal.SIGKILL)
                victim.wait()

        if moment == "before the data":
            post.before_data = kill
        else:
            post.before_answer = kill
        victim.wait(60)
    post.before_data = post.before_answer = None
    assert states()["handing" if moment == "before the answer" else "sending"] == 1
    let_claims_run_out()
    with job_process(app, post):
        until(everything_ended)
    assert states() == left
    assert post.arrivals == {f"a{number}@x.example.vn": 1 for number in range(4)}
