"""Alembic's entry: migrate the database of the running application."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

database = current_app.extensions["migrate"].db


def run_migrations() -> None:
    """Run the migrations in one transaction."""
    engine = database.engine
    with engine.connect() as connection:
        _guard_rows(connection, on=False)
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if broken := _broken_references(connection):
                raise RuntimeError(f"rows would point to nothing after the migration: {broken[:3]}")
        connection.commit()
        _guard_rows(connection, on=True)


def _guard_rows(connection: Connection, *, on: bool) -> None:
    """Let SQLite build a table anew: dropping the old one would otherwise delete all rows that point to it.

    The pragma does nothing inside a transaction, so it goes past SQLAlchemy, which has not begun one.
    """
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.cursor().execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _broken_references(connection: Connection) -> list[object]:
    if connection.dialect.name != "sqlite":
        return []
    return list(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())


run_migrations()
