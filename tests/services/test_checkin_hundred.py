"""Fifty at once with one pass, again and again: exactly one is let in, and every scan is kept.

Twelve passes in the suite; `DOOR_ROUNDS=100` for the hundred of the design (half a minute on SQLite, one on PostgreSQL).
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from eventmgr.domain.scans import Decided, ScanFact
from eventmgr.models.checkin import Admission, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import checkin
from eventmgr.services.checkin import DoorPhone
from tests import door

AT_ONCE, PHONES = 50, 4
ROUNDS = int(os.environ.get("DOOR_ROUNDS", "12"))


def test_fifty_at_once_again_and_again_let_in_exactly_one(app: Flask, conference: Conference):
    quick()
    phones = [door.pair_phone(conference.id)[1] for _ in range(PHONES)]
    codes = [door.invited(conference.id) for _ in range(ROUNDS)]
    db.session.remove()
    start = threading.Barrier(AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        jobs = [threads.submit(scan_each, app, start, phones[number % PHONES], codes, number) for number in range(AT_ONCE)]
        told = [job.result() for job in jobs]
    for outcomes in zip(*told, strict=True):
        assert Counter(outcomes) == {"admitted": 1, "already_in": AT_ONCE - 1}
    open_ones = sa.select(Admission.delegate_id, sa.func.count()).where(Admission.undone_at.is_(None))
    assert [count for _, count in db.session.execute(open_ones.group_by(Admission.delegate_id))] == [1] * ROUNDS
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == ROUNDS * AT_ONCE


def scan_each(app: Flask, start: threading.Barrier, phone: DoorPhone, codes: list[str], number: int) -> list[str]:
    """Scan one pass after the other in the same moment as everybody else; every second phone has decided by itself."""
    with app.app_context():
        outcomes = []
        for code in codes:
            start.wait(120)
            [receipt] = checkin.record_scans(phone, [fact(code, number)])
            outcomes.append(str(receipt.verdict["outcome"]))
        db.session.remove()
    return outcomes


def fact(code: str, number: int) -> ScanFact:
    return door.scan(code, decided=Decided("admitted") if number % 2 else None)


def quick() -> None:
    """What is asked here is who wins, not what survives a power cut."""
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        sa.event.listen(db.engine, "connect", lambda connection, record: connection.execute("PRAGMA synchronous=OFF"))
