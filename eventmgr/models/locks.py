"""Names that one transaction holds alone, where no row stands for what must not be decided twice at once."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from eventmgr.models.database import db


def hold(*names: str) -> None:
    """Hold the names until the open transaction ends; whoever wants one of them waits.

    A write on SQLite is alone already. All names are taken in one order, so that two callers never wait for each other.
    """
    if db.engine.dialect.name == "postgresql":
        for key in sorted({_key(name) for name in names}):
            db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _key(name: str) -> int:
    """Return the 64 bits by which PostgreSQL knows a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
