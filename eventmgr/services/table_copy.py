"""All rows from one database to another, whatever tables there are: counted and digested on both sides.

Tables are read from the databases themselves, so that a table added yesterday is copied like every other. A digest does
not depend on the order of rows, nor on which of the two databases holds them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

AT_ONCE = 1000
_WHOLE = 2**256

Tallies = dict[str, "Tally"]


@dataclass(frozen=True)
class Tally:
    """How many rows a table has, and one digest of them all (64 hex digits)."""

    rows: int
    digest: str


def tables_of(connection: Connection) -> list[sa.Table]:
    """Return the tables of a database, those first that others refer to."""
    known = sa.MetaData()
    known.reflect(connection)
    return known.sorted_tables


def tally_all(connection: Connection) -> Tallies:
    """Count and digest every table of a database; whoever needs one moment opens a transaction that shows one."""
    found = {}
    for table in tables_of(connection):
        sum_up = _Sum(table)
        for rows in _read(connection, table):
            sum_up.add(rows)
        found[table.name] = sum_up.tally()
    return found


def copy_all(source: Connection, target: Connection) -> Tallies:
    """Copy every row into the same tables of `target`, which must be empty; return the tallies of what was read.

    The two have the same schema. References are checked when all is there. Needs a transaction on both; raises
    ValueError when a table is missing.
    """
    places = {table.name: table for table in tables_of(target)}
    found = {}
    with _references_later(target, list(places.values())):
        for table in tables_of(source):
            if table.name not in places:
                raise ValueError(f"no table {table.name} to copy into")
            place = places[table.name]
            if table.name == "alembic_version":
                target.execute(sa.delete(place))
            sum_up, statement = _Sum(table), _insert(place, target.dialect.name)
            for rows in _read(source, table):
                sum_up.add(rows)
                target.execute(statement, [_bound(table, row, target.dialect.name) for row in rows])
            found[table.name] = sum_up.tally()
    _number_on(target, places.values())
    return found


class _Sum:
    """The tally of a table while its rows come by."""

    def __init__(self, table: sa.Table) -> None:
        self._columns = sorted((column.name, index, _is_json(column)) for index, column in enumerate(table.columns))
        self._rows, self._sum = 0, 0

    def add(self, rows: list[Any]) -> None:
        for row in rows:
            plain = [_plain(row[index], is_json) for _, index, is_json in self._columns]
            text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            self._sum += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        self._rows += len(rows)

    def tally(self) -> Tally:
        names = ",".join(name for name, _, _ in self._columns)
        whole = f"{names}:{self._rows}:{self._sum % _WHOLE:x}"
        return Tally(self._rows, hashlib.sha256(whole.encode()).hexdigest())


def _read(connection: Connection, table: sa.Table) -> Iterator[list[Any]]:
    """Yield the rows in pieces; JSON as its text, because a stored null and no value are two things."""
    columns = [sa.cast(column, sa.Text).label(column.name) if _is_json(column) else column for column in table.columns]
    result = connection.execution_options(stream_results=True).execute(sa.select(*columns))
    for rows in result.partitions(AT_ONCE):
        yield list(rows)


def _insert(table: sa.Table, dialect: str) -> sa.Insert:
    values: dict[str, Any] = {}
    for column in table.columns:
        if not _is_json(column):
            values[column.name] = sa.bindparam(f"v_{column.name}", type_=column.type)
        elif dialect == "postgresql":
            values[column.name] = sa.cast(sa.bindparam(f"v_{column.name}", type_=sa.Text), column.type)
        else:
            values[column.name] = sa.bindparam(f"v_{column.name}", type_=sa.Text)
    return sa.insert(table).values(values)


def _bound(table: sa.Table, row: Any, dialect: str) -> dict[str, Any]:
    return {f"v_{column.name}": _moment(value, dialect) for column, value in zip(table.columns, row, strict=True)}


def _moment(value: Any, dialect: str) -> Any:
    if not isinstance(value, datetime):
        return value
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.replace(tzinfo=None) if dialect == "sqlite" else aware


def _plain(value: Any, is_json: bool) -> Any:
    """Return what is the same for one value on both databases."""
    if is_json:
        return None if value is None else [json.loads(value)]
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)


@contextmanager
def _references_later(target: Connection, tables: list[sa.Table]) -> Iterator[None]:
    """Let rows refer to rows that come later; SQLite must have been told before its transaction began."""
    if target.dialect.name != "postgresql":
        yield
        if broken := target.execute(sa.text("PRAGMA foreign_key_check")).first():
            raise ValueError(f"a row of {broken[0]} refers to nothing")
        return
    quote = target.dialect.identifier_preparer.quote
    references = [(quote(table.name), quote(str(key.name))) for table in tables for key in table.foreign_key_constraints]
    for table, key in references:
        target.execute(sa.text(f"ALTER TABLE {table} ALTER CONSTRAINT {key} DEFERRABLE INITIALLY DEFERRED"))
    yield
    target.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, key in references:
        target.execute(sa.text(f"ALTER TABLE {table} ALTER CONSTRAINT {key} NOT DEFERRABLE"))


def _number_on(target: Connection, tables: Any) -> None:
    """Let PostgreSQL number new rows behind those that came."""
    if target.dialect.name != "postgresql":
        return
    for table in tables:
        if "id" not in table.columns:
            continue
        series = target.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, "id")))
        highest = target.scalar(sa.select(sa.func.max(table.c.id)))
        if series and highest:
            target.execute(sa.select(sa.func.setval(series, highest)))
