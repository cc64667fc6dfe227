"""The job process: batches in printing order, killed half way, taken over, given up in plain sight."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.jobs import handlers, worker
from eventmgr.models.database import db, transaction
from eventmgr.models.jobs import Job
from eventmgr.services import jobs, shelf
from tests.people import Person
from tests.web.test_letters import LETTERS, issue_all, name_delegate, settle_date

ROOT = Path(__file__).parents[2]


@pytest.fixture
def batch(lan: Person) -> int:
    """Return the id of a job that prints 48 issued letters."""
    settle_date(lan)
    name_delegate()
    issue_all(lan)
    lan.post(f"{LETTERS}/batches", expect=302, what="issued")
    return db.session.scalars(sa.select(Job.id)).one()


def job(job_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_batch_is_one_pdf_in_printing_order(lan: Person, batch: int) -> None:
    lan.get(f"{LETTERS}/batches/{batch}")
    lan.get(f"{LETTERS}/batches/{batch}.pdf", expect=404)
    assert worker.run_one("w1")
    done = lan.get(f"{LETTERS}/batches/{batch}.json").json
    assert done is not None and (done["state"], done["done"], done["total"]) == ("done", 48, 48)
    reader = pypdf.PdfReader(io.BytesIO(lan.get(done["result_url"]).data))
    assert len(reader.pages) == 48
    numbers = [next(line for line in page.extract_text().splitlines() if "Số:" in line) for page in reader.pages]
    assert [f"{number:02d}/GM-VP" in text for number, text in zip(range(5, 53), numbers, strict=True)] == [True] * 48
    lan.get(f"{LETTERS}/batches")
    lan.get(f"{LETTERS}/batches/{batch}")


def test_nothing_to_print_is_said(lan: Person) -> None:
    answer = lan.post(f"{LETTERS}/batches", expect=302, what="issued")
    assert "Chưa có giấy mời nào được phát hành để in." in lan.get(answer.location).get_data(as_text=True)
    assert not worker.run_one("w1")


def test_killed_worker_leaves_no_file_and_another_one_finishes(app: Flask, lan: Person, batch: int) -> None:
    settings = app.extensions["eventmgr"].settings
    environment = os.environ | {
        "EVENTMGR_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "EVENTMGR_SECRET_KEY": settings.secret_key.decode(),
    }
    process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"], cwd=ROOT, env=environment)
    try:
        until = time.monotonic() + 60
        while job(batch).state == "waiting" and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    if job(batch).state == "done":
        pytest.fail("the worker was too quick to be killed half way")
    assert (job(batch).state, list(shelf.folder().glob("giay-moi*"))) == ("working", [])
    assert not worker.run_one("w2"), "the claim still holds"
    with transaction():
        db.session.execute(sa.update(Job).values(claimed_until=clock.now() - timedelta(seconds=1)))
    assert worker.run_one("w2")
    assert (job(batch).state, job(batch).tries) == ("done", 2)
    assert len(pypdf.PdfReader(io.BytesIO(lan.get(f"{LETTERS}/batches/{batch}.pdf").data)).pages) == 48


def test_worker_that_lost_its_claim_writes_nothing(batch: int) -> None:
    first = jobs.claim("w1")
    assert first is not None
    with transaction():
        db.session.execute(sa.update(Job).values(claimed_until=clock.now() - timedelta(seconds=1)))
    assert jobs.claim("w2") is not None
    with pytest.raises(jobs.LostClaim):
        jobs.progress(batch, "w1", 10, 48)
    with pytest.raises(jobs.LostClaim):
        jobs.finish(batch, "w1", "x.pdf")
    assert job(batch).claimed_by == "w2"


def test_failing_job_is_tried_three_times_and_then_says_why(
    lan: Person, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise OSError("disk full")

    monkeypatch.setitem(handlers.HANDLERS, "print_letters", broken)
    assert [worker.run_one("w1") for _ in range(4)] == [True, True, True, False]
    assert (job(batch).state, job(batch).problem) == ("failed", "Lỗi khi tạo tệp.")
    assert "Lỗi khi tạo tệp." in lan.get(f"{LETTERS}/batches/{batch}").get_data(as_text=True)


def test_batch_of_another_conference_is_not_found(lan: Person, quantri: Person, batch: int) -> None:
    quantri.post("/office/new", expect=302, title="Khác", short_title="Khác", organiser="UBND tỉnh")
    for end in ("", ".json", ".pdf"):
        quantri.get(f"/office/khac/invitations/batches/{batch}{end}", expect=404)
