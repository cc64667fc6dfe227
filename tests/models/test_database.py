"""The one way to write: whole or not at all, never inside another, and the schema is what the migrations make."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from eventmgr import clock
from eventmgr.models.accounts import SignInAttempt
from eventmgr.models.database import db, tell_after_commit, transaction
from eventmgr.models.journal import Entry, record


def attempts() -> int:
    return db.session.scalar(sa.select(sa.func.count(SignInAttempt.id))) or 0


def test_failed_transaction_leaves_nothing(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="half way"), transaction():
        db.session.add(SignInAttempt(username="x", address="y", at=clock.now()))
        db.session.flush()
        raise RuntimeError("half way")
    assert attempts() == 0


def test_transactions_do_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="already open"), transaction(), transaction():
        pass


def test_journal_is_written_inside_a_transaction_only(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        record("x", clock.now(), conference_id=None)
    assert db.session.scalar(sa.select(sa.func.count(Entry.id)).where(Entry.verb == "x")) == 0


def test_nobody_hears_of_what_was_rolled_back(app: Flask) -> None:
    heard: list[int] = []
    tell_after_commit(lambda: heard.append(attempts()))
    with pytest.raises(ValueError, match="no"), transaction():
        raise ValueError("no")
    with transaction():
        db.session.add(SignInAttempt(username="x", address="y", at=clock.now()))
    assert heard == [1]


def test_time_without_zone_is_refused(app: Flask) -> None:
    with pytest.raises(sa.exc.StatementError), transaction():
        db.session.add(SignInAttempt(username="x", address="y", at=datetime(2015, 12, 29, 7, 30)))


def test_four_writers_at_once_never_meet_a_lock(app: Flask) -> None:
    problems: list[BaseException] = []

    def write() -> None:
        with app.app_context():
            for _ in range(50):
                try:
                    with transaction():
                        count = attempts()
                        db.session.add(SignInAttempt(username=str(count), address="y", at=clock.now()))
                except BaseException as problem:
                    problems.append(problem)
            db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert attempts() == 200


def test_migrations_make_the_tables_that_the_code_knows(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
