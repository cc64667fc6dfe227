"""The table of scans as facts: whether one is stored, all about a delegate, and writing a new one.

Statements on the connection, not through objects: this runs for every scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventmgr.domain.presence import Fact
from eventmgr.models.checkin import DoorConflict, Scan
from eventmgr.models.database import db

_s = Scan.__table__.c
_STORED = sa.select(_s.id, _s.verdict).where(
    _s.conference_id == sa.bindparam("conference_id"), _s.scan_key == sa.bindparam("scan_key")
)
_BY_KEY = sa.select(_s.id, _s.delegate_id, _s.kind, _s.verdict, _s.gate_id).where(
    _s.conference_id == sa.bindparam("conference_id"), _s.scan_key == sa.bindparam("scan_key")
)
_COLUMNS = (
    _s.id, _s.scan_key, _s.kind, _s.at, _s.passed, _s.again, _s.cleared, _s.objection, _s.doubt, _s.undoes_key, _s.gate_id,
    _s.entered_as, _s.entered_post, _s.delegate_id, _s.reason, _s.received_at, _s.way,
)  # fmt: skip
ALL = sa.select(*_COLUMNS)
"""Every fact, to be narrowed; `read` makes rows of what it finds."""

_ABOUT = ALL.where(
    sa.or_(
        _s.delegate_id == sa.bindparam("delegate_id"),
        sa.and_(_s.conference_id == sa.bindparam("conference_id"), _s.undoes_key == sa.bindparam("scan_key")),
    )
)
_ADOPT_UNDO = (
    sa.update(Scan)
    .where(_s.conference_id == sa.bindparam("conference"), _s.undoes_key == sa.bindparam("key"), _s.delegate_id.is_(None))
    .values(delegate_id=sa.bindparam("delegate"))
)
_ADOPT_ABOUT = (
    sa.update(Scan)
    .where(_s.conference_id == sa.bindparam("conference"), _s.about_key == sa.bindparam("key"), _s.delegate_id.is_(None))
    .values(delegate_id=sa.bindparam("delegate"))
)
_named = Scan.__table__.alias("named")
_ADOPT_UNDO_OF_ABOUT = (
    sa.update(Scan)
    .where(
        _s.conference_id == sa.bindparam("conference"), _s.delegate_id.is_(None),
        _s.undoes_key.in_(
            sa.select(_named.c.scan_key).where(
                _named.c.conference_id == sa.bindparam("conference"), _named.c.about_key == sa.bindparam("key")
            )
        ),
    )
    .values(delegate_id=sa.bindparam("delegate"))
)  # fmt: skip
_ADOPT_CONFLICT = (
    sa.update(DoorConflict)
    .where(
        DoorConflict.delegate_id.is_(None),
        DoorConflict.scan_id.in_(
            sa.select(_named.c.id).where(
                _named.c.conference_id == sa.bindparam("conference"), _named.c.about_key == sa.bindparam("key")
            )
        ),
    )
    .values(delegate_id=sa.bindparam("delegate"))
)  # fmt: skip
_NEW = sa.insert(Scan)


@dataclass(frozen=True)
class Row:
    """A stored fact, with what an admission made of it holds: the gate, and the name of a substitute."""

    fact: Fact
    gate_id: int
    entered_as: str | None = None
    entered_post: str | None = None
    reason: str | None = None
    received_at: datetime | None = None


def stored(conference_id: int, scan_key: str) -> Any:
    """Return id and verdict of the scan with this key, or None."""
    given = {"conference_id": conference_id, "scan_key": scan_key}
    return db.session.connection().execute(_STORED, given).first()


def by_key(conference_id: int, scan_key: str) -> Any:
    """Return the scan that somebody names by its key, or None."""
    given = {"conference_id": conference_id, "scan_key": scan_key}
    return db.session.connection().execute(_BY_KEY, given).first()


def free_key(conference_id: int, stem: str) -> str:
    """Return a key that starts with this stem and that no scan of the conference has."""
    number, key = 1, stem
    while stored(conference_id, key) is not None:
        number += 1
        key = f"{stem}-{number}"
    return key


def about(conference_id: int, delegate_id: int, scan_key: str = "") -> list[Row]:
    """Return every fact about a delegate, with the undo of a new scan that came before it (`scan_key`)."""
    given = {"conference_id": conference_id, "delegate_id": delegate_id, "scan_key": scan_key}
    return [read(found) for found in db.session.connection().execute(_ABOUT, given)]


def adopt(conference_id: int, delegate_id: int, scan_key: str, *, walk_in: bool = False) -> None:
    """Give a delegate the facts that named its scan before the scan itself arrived; of a walk-in also what names it."""
    given = {"conference": conference_id, "key": scan_key, "delegate": delegate_id}
    statements = (_ADOPT_UNDO, _ADOPT_ABOUT, _ADOPT_UNDO_OF_ABOUT, _ADOPT_CONFLICT) if walk_in else (_ADOPT_UNDO,)
    for statement in statements:
        db.session.connection().execute(statement, given)


def is_undone(conference_id: int, scan_key: str) -> bool:
    """Whether the undo of a scan arrived before the scan."""
    undo = sa.select(_s.id).where(_s.conference_id == conference_id, _s.undoes_key == scan_key)
    return db.session.scalar(undo.limit(1)) is not None


def insert(row: dict[str, Any]) -> int:
    """Write a fact and return its number."""
    key = db.session.connection().execute(_NEW, row).inserted_primary_key
    assert key is not None
    return int(key[0])


def as_row(scan_id: int, values: dict[str, Any]) -> Row:
    """Return a fact that was just written, as `about` would read it."""
    fact = Fact(
        scan_id, values["scan_key"], values["kind"], values["at"], values["passed"], values["again"], values["cleared"],
        values["objection"], values["doubt"], values["undoes_key"],
        values["received_at"] if values["way"] == "paper" else None,
    )  # fmt: skip
    return Row(
        fact, values["gate_id"], values["entered_as"], values["entered_post"], values["reason"], values["received_at"]
    )


def read(found: Any) -> Row:
    """Return a fact that the database has given."""
    fact = Fact(
        found.id, found.scan_key, found.kind, found.at, found.passed, found.again, found.cleared, found.objection, found.doubt,
        found.undoes_key, found.received_at if found.way == "paper" else None,
    )  # fmt: skip
    return Row(fact, found.gate_id, found.entered_as, found.entered_post, found.reason, found.received_at)
