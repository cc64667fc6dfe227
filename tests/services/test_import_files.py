"""Uploaded lists are personal data: seven days, then the job process deletes them without being asked."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.jobs import worker
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.imports import Import, ImportRow
from eventmgr.services import shelf
from tests.corpus.make import HEAD, PEOPLE, xlsx
from tests.people import Person
from tests.web.test_imports import choose, put_in, upload


def one_turn_of_the_job_process() -> None:
    """It tidies up as it starts and once an hour."""
    stop = threading.Event()
    turns = iter((None,))

    class Once:
        def is_set(self) -> bool:
            return next(turns, stop) is stop

        def wait(self, seconds: float) -> None: ...

    worker.run(Once(), "test")  # type: ignore[arg-type]


def kept_files() -> list[str]:
    return sorted(path.name for path in shelf.folder().glob("nap-*"))


def test_job_process_deletes_lists_after_seven_days(lan: Person, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in(lan, choose(lan, upload(lan, "a.xlsx", xlsx([HEAD, *PEOPLE]))))
    choose(lan, upload(lan, "b.xlsx", xlsx([HEAD, ["1", "Lê Văn Chờ", "Chuyên viên", "Sở Nội vụ", ""]])))
    assert len(kept_files()) == 2
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=6, hours=23))
    one_turn_of_the_job_process()
    assert len(kept_files()) == 2
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7, minutes=1))
    one_turn_of_the_job_process()
    db.session.rollback()
    assert kept_files() == []
    found = db.session.execute(sa.select(Import.file_name, Import.state, Import.kept_as).order_by(Import.id)).all()
    assert [tuple(row) for row in found] == [("a.xlsx", "stored", None), ("b.xlsx", "dropped", None)]
    assert db.session.scalars(sa.select(Import.file_name).join(ImportRow, ImportRow.import_id == Import.id).distinct()).all() == ["a.xlsx"]
    assert db.session.scalar(sa.select(sa.func.count(Delegate.id)).where(Delegate.origin == "import")) == 3
