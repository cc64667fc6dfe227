"""Killed at random moments in full work: `python -m tests.faults.storm --rounds 50 [--database postgresql] [--seed N]`.

Each round the web worker, the job process or the whole copy gets SIGKILL while phones scan, people reply, a clerk issues
letters, has PDFs made and sends mails. At the end everything that was answered is compared with what is stored.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.models.jobs import Job
from eventmgr.models.mails import Mail
from tests.conftest import fill, settings_for
from tests.faults.actors import clerk, invitee, phone
from tests.faults.house import Ledger, furnish, kill, processes, wait_for
from tests.faults.reckoning import Account, reckon, settle
from tests.servers import postgresql_database, postgresql_server, redis_server
from tests.smtp import Post, mail_server

TARGETS = ("web", "jobs", "web", "jobs", "all")


def main(rounds: int, database: str, seed: int) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="eventmgr-storm-")))
        url, env = f"sqlite:///{folder / 'storm.db'}", {}
        if database == "postgresql":
            url = stack.enter_context(postgresql_database(stack.enter_context(postgresql_server())))
            env = {"REDIS_URL": stack.enter_context(redis_server()), "EVENTMGR_WORKERS": "2"}
        fill(create_app(settings_for(folder / "first", url)))
        began = time.monotonic()
        account = storm(folder, url, rounds, seed, say=True, **env)
    print(f"{rounds} vòng, {database}, {time.monotonic() - began:.0f} giây, hạt giống {seed}")
    for what, count in account.counts.items():
        print(f"  {what}: " + f"{count:,}".replace(",", "."))
    for problem in account.wrong:
        print(f"✗ {problem}")
    print("Không mất gì, không gì hai lần." if not account.wrong else f"{len(account.wrong)} điều sai.")
    return 1 if account.wrong else 0


def storm(folder: Path, url: str, rounds: int, seed: int, *, say: bool = False, **env: str) -> Account:
    """Run a storm on a filled database and return what it came to."""
    # A third of the mails is answered slowly: then a process dies between the end of a mail and its answer, too.
    slow, draw = itertools.cycle((0.02, 0.02, 0.4)), random.Random(seed)
    post = Post(before_answer=lambda _: time.sleep(next(slow)))
    with mail_server(post):
        house = furnish(folder, url, post, people=max(300, 40 * rounds), letters=max(20, 8 * rounds), **env)
        ledger, over, killed = Ledger(), threading.Event(), Counter[str]()
        work = [(phone, number) for number in range(3)] + [(invitee, number) for number in range(2)]
        people = [threading.Thread(target=act, args=(house, ledger, over, number)) for act, number in work]
        people.append(threading.Thread(target=clerk, args=(house, ledger, over)))
        busy = sa.create_engine(url)
        house.live.start()
        try:
            for person in people:
                person.start()
            for number in range(rounds):
                time.sleep(draw.uniform(0.3, 1.8))
                target = draw.choice(TARGETS)
                if target != "web":
                    _until_busy(busy)
                    time.sleep(draw.uniform(0.0, 2.5))  # a new process first loads what it makes PDFs with
                killed[target] += 1
                if say:
                    print(f"{number + 1}/{rounds}: {target}; {len(ledger.scans)} scans, {len(ledger.issued)} letters", flush=True)
                if target == "all":
                    house.live.restart("KILL")
                    continue
                pids = processes(house.live)[target]
                kill(pids)
                wait_for(lambda: bool(set(processes(house.live)[target]) - set(pids)))  # noqa: B023
            wait_for(lambda: bool(ledger.refused or (ledger.scans and ledger.replies and ledger.batches and ledger.mailed)), 120)
            over.set()
            for person in people:
                person.join(90)
            settle(house, folder)
            account = reckon(house, ledger, folder)
        finally:
            over.set()
            house.live.stop(hard=True)
            busy.dispose()
    words = {"web": "tiến trình web bị ngắt", "jobs": "tiến trình nền bị ngắt", "all": "cả máy bị ngắt"}
    account.counts = {words[name]: count for name, count in sorted(killed.items())} | account.counts
    return account


def _until_busy(engine: sa.Engine) -> None:
    """Wait a while until the job process has something in its hands: then its death is worth something."""
    deadline = time.monotonic() + 8
    at_work = sa.select(sa.func.count()).select_from(Job).where(Job.state == "working", Job.claimed_until > sa.bindparam("now"))
    on_its_way = sa.select(sa.func.count()).select_from(Mail).where(Mail.state.in_(("sending", "handing")), Mail.claimed_until > sa.bindparam("now"))
    begun = clock.now()
    while time.monotonic() < deadline:
        with engine.connect() as line:
            fresh = {"now": begun + timedelta(seconds=60)}  # claimed since we look, not by one who is dead
            if line.scalar(at_work, fresh) or line.scalar(on_its_way, {"now": begun + timedelta(seconds=120)}):
                return
        time.sleep(0.02)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    sys.exit(main(asked.rounds, asked.database, asked.seed))
