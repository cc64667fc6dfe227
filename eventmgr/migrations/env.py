"""Alembic's entry: migrate the database of the running application."""

from __future__ import annotations

from alembic import context
from sqlalchemy.engine import Connection

from eventmgr.models.database import db as database


def run_migrations() -> None:
    """Run the migrations in one transaction.

    SQLite changes a table by making it anew and dropping the old one. With foreign keys on, the drop would delete
    every row that refers to it; so they are off meanwhile, and looked through before anything is kept.
    """
    with database.engine.connect() as connection:
        _foreign_keys(connection, "OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=database.metadata,
                render_as_batch=True,
                compare_type=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"the migration would leave rows without what they refer to: {lost[:5]}")
            connection.commit()
        finally:
            connection.rollback()
            _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, word: str) -> None:
    """Tell SQLite before a transaction begins; inside one it would not listen."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.cursor().execute(f"PRAGMA foreign_keys={word}")


run_migrations()
