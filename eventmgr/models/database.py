"""The database: one session, one way to write, UTC times, and what SQLite needs to be told."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment: aware UTC in Python on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; hand SQLite plain UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_COLUMN_TYPES: dict[Any, Any] = {
    datetime: UtcDateTime(),
    dict[str, Any]: sa.JSON(),
    list[str]: sa.JSON(),
    list[int]: sa.JSON(),
}


class Base(DeclarativeBase):
    """What every table shares."""

    registry = registry(metadata=sa.MetaData(naming_convention=NAMING), type_annotation_map=_COLUMN_TYPES)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": True})

# What tables are made from; mypy cannot follow db.Model, which is made at run time.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

_after_commit: list[Callable[[], None]] = []

LONGEST_WAIT = 10.0
"""Seconds to wait for a database that somebody else has locked."""


class HasId:
    """A table with a number of its own."""

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)


class OfConference(HasId):
    """A row that belongs to one conference and to no other."""

    conference_id: Mapped[int] = mapped_column(sa.ForeignKey("conferences.id", ondelete="CASCADE"), index=True)


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """Return the constraint that the column holds one of the values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


@contextmanager
def transaction() -> Iterator[None]:
    """Do everything inside as one unit: all of it is stored, or nothing.

    Ends any read first, so that SQLite never upgrades a lock; on SQLite begins IMMEDIATE. Raises
    RuntimeError when it is opened inside another one.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("a transaction is already open")
    session.close()
    session.info["writing"] = True
    try:
        session.connection(execution_options={"eventmgr_begin": "IMMEDIATE"})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
    for told in _after_commit:
        told()


def take_ids(table: type[Any], count: int) -> list[int]:
    """Return `count` numbers for new rows of a table with a number of its own, rising, inside the open transaction.

    Nobody else gets them: on SQLite the transaction is the only writer, on PostgreSQL they come from the sequence.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        drawn = sa.text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return sorted(connection.scalars(drawn, {"name": table.__tablename__, "count": count}))
    last = connection.scalar(sa.select(sa.func.max(table.id))) or 0
    return list(range(last + 1, last + count + 1))


def insert_many(table: type[Any], rows: list[dict[str, Any]]) -> None:
    """Store rows given as values by column, in one go and without mapped objects, inside the open transaction."""
    if rows:
        db.session.connection().execute(sa.insert(table.__table__), rows)


def tell_after_commit(told: Callable[[], None]) -> None:
    """Call `told` after every committed transaction; used by bootstrap to ring the bell."""
    _after_commit.clear()
    _after_commit.append(told)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={int(LONGEST_WAIT * 1000)}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        if connection.get_execution_options().get("eventmgr_begin") == "IMMEDIATE":
            _begin_when_free(connection)
        else:
            connection.exec_driver_sql("BEGIN DEFERRED")


def _begin_when_free(connection: Connection) -> None:
    """Wait for the lock by asking again: SQLite's own waiting would stop the whole event loop, screens and reads too."""
    cursor = connection.connection.cursor()
    deadline, pause = time.monotonic() + LONGEST_WAIT, 0.001
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as problem:
                if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, 0.02)
    finally:
        cursor.execute(f"PRAGMA busy_timeout={int(LONGEST_WAIT * 1000)}")
        cursor.close()
