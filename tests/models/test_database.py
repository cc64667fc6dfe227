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
from eventmgr.migrating import downgrade, upgrade
from eventmgr.models.accounts import SignInAttempt
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, tell_after_commit, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
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


def test_migrations_make_the_checks_that_the_code_knows(app: Flask) -> None:
    """compare_metadata does not look at CHECKs, and on SQLite a table that is built anew may lose some."""
    looked = sa.inspect(db.engine)
    stands = {(table, str(check["name"])) for table in db.metadata.tables for check in looked.get_check_constraints(table)}
    wanted = {
        (table.name, str(db.engine.dialect.identifier_preparer.format_constraint(check)))
        for table in db.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, sa.CheckConstraint)
    }
    assert stands == wanted


def test_migrations_keep_every_row(app: Flask, conference: Conference) -> None:
    """Down to the first tables and up again: what stood there still stands, nothing was deleted along with a table."""
    with transaction():
        group = db.session.scalars(sa.select(Group).where(Group.conference_id == conference.id)).first()
        assert group is not None
        delegate = Delegate(
            conference_id=conference.id, group_id=group.id, address_form="bà", full_name="Y Mẫu", created_at=clock.now()
        )
        db.session.add(delegate)
        db.session.flush()
        letter = Invitation(conference_id=conference.id, delegate_id=delegate.id, drafted_at=clock.now())
        db.session.add(letter)
        db.session.flush()
        db.session.add(
            Reply(
                conference_id=conference.id, invitation_id=letter.id, delegate_id=delegate.id, answer="comes",
                source="invitee", at=clock.now(),
            )
        )

    def counts() -> dict[str, int]:
        with db.engine.connect() as connection:
            return {
                table: connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
                for table in sa.inspect(connection).get_table_names()
            }

    before = counts()
    db.session.remove()
    db.engine.dispose()
    downgrade("0001")
    first = counts()
    assert {name: before[name] for name in first} == first
    upgrade()
    assert counts() == before
