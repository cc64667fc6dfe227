from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from flask import Flask

from eventmgr.models.checkin import Admission, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import checkin
from eventmgr.services.checkin import DoorPhone
from tests import door

AT_ONCE = 50


def all_at_once(app: Flask, work: list[tuple[DoorPhone, list[checkin.ScanFact]]]) -> list[list[checkin.Receipt]]:
    """Let every phone send its scans in the same moment."""
    start = Barrier(len(work))

    def one(phone: DoorPhone, facts: list[checkin.ScanFact]) -> list[checkin.Receipt]:
        with app.app_context():
            start.wait(30)
            try:
                return checkin.record_scans(phone, facts)
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(work)) as threads:
        return [future.result() for future in [threads.submit(one, *job) for job in work]]


def test_fifty_at_once_with_one_pass_admit_exactly_one(app: Flask, conference: Conference):
    phones = [door.pair_phone(conference.id)[1] for _ in range(4)]
    code = door.invited(conference.id)
    receipts = all_at_once(app, [(phones[number % 4], [door.scan(code)]) for number in range(AT_ONCE)])
    assert Counter(one.verdict["outcome"] for [one] in receipts) == {"admitted": 1, "already_in": AT_ONCE - 1}
    assert db.session.scalar(sa.select(sa.func.count(Admission.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == AT_ONCE


def test_one_scan_sent_fifty_times_at_once_is_one_fact(app: Flask, conference: Conference):
    _, phone = door.pair_phone(conference.id)
    fact = door.scan(door.invited(conference.id))
    receipts = all_at_once(app, [(phone, [fact])] * AT_ONCE)
    assert Counter(one.verdict["outcome"] for [one] in receipts) == {"admitted": AT_ONCE}
    assert sum(not one.repeated for [one] in receipts) == 1
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 1


def test_batches_that_cross_each_other_lose_no_scan(app: Flask, conference: Conference):
    codes = [door.invited(conference.id) for _ in range(10)]
    phones = [door.pair_phone(conference.id)[1] for _ in range(4)]
    work = [(phone, [door.scan(code) for code in codes[:: 1 if number % 2 else -1]]) for number, phone in enumerate(phones)]
    receipts = all_at_once(app, work)
    outcomes = Counter(one.verdict["outcome"] for batch in receipts for one in batch)
    assert outcomes == {"admitted": 10, "already_in": 30}
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 40
