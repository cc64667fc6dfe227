"""Chaining the journal behind the back of those who write it, and proving the chain.

Writers never wait for it: lines are chained later, in the order of their numbers. On PostgreSQL a lower number may be
stored after a higher one, so lines are chained up to the highest number at a moment when nobody was writing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from eventmgr.domain import chain
from eventmgr.domain.dates import to_local
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import Entry, Seal

AT_ONCE = 1000

_e, _s = Entry.__table__.c, Seal.__table__.c


@dataclass(frozen=True)
class ChainState:
    """What a proof found: lines chained, waiting, blanked, gone; the newest hash; the first wrong line in words."""

    chained: int
    waiting: int
    blanked: int
    gone: int
    head: tuple[int, str] | None
    wrong: str | None


def seal_lines() -> int:
    """Chain the lines that nobody can come before any more; return how many. Does nothing while somebody is writing."""
    newest, sealed = db.session.execute(
        sa.select(sa.select(sa.func.max(_e.id)).scalar_subquery(), sa.select(sa.func.max(_s.entry_id)).scalar_subquery())
    ).one()
    db.session.close()
    if newest is None or newest == sealed:
        return 0
    horizon = _horizon()
    count = 0
    while horizon and (done := _seal_some(horizon)):
        count += done
    return count


def check_chain(connection: Connection) -> ChainState:
    """Prove every hash and every line behind it, in one pass; `wrong` names the first line that does not hold."""
    previous, head, wrong = chain.START, None, None
    chained = blanked = gone = 0
    for row in _joined(connection):
        problem = _problem(row, previous)
        if problem and wrong is None:
            when = f" ({to_local(row.at):%d/%m/%Y %H:%M:%S})" if row.at else ""
            wrong = f"Dòng nhật ký số {row.entry_id}{when}: {problem}"
        previous, head = row.hash, (int(row.entry_id), str(row.hash))
        chained += 1
        blanked += row.blanked_at is not None
        gone += row.gone_at is not None
    last = head[0] if head else 0
    loose = sa.select(_e.id).outerjoin(Seal, _s.entry_id == _e.id).where(_s.entry_id.is_(None))
    put_in = connection.scalar(loose.where(_e.id < last).order_by(_e.id).limit(1))
    if put_in is not None and wrong is None:
        wrong = f"Dòng nhật ký số {put_in}: được chen vào sau khi các dòng quanh nó đã niêm phong."
    waiting = connection.scalar(sa.select(sa.func.count()).select_from(loose.where(_e.id > last).subquery())) or 0
    return ChainState(chained, int(waiting), blanked, gone, head, wrong)


def prove_chain() -> ChainState:
    """Chain what can be chained, then prove the whole journal of this database."""
    seal_lines()
    with db.engine.connect() as connection:
        return check_chain(connection)


def head_of(connection: Connection) -> tuple[int, str] | None:
    """Return number and hash of the newest chained line, or None."""
    row = connection.execute(sa.select(_s.entry_id, _s.hash).order_by(_s.entry_id.desc()).limit(1)).first()
    return (int(row.entry_id), str(row.hash)) if row else None


def newest_seal() -> tuple[int, str, int]:
    """Return number and hash of the newest chained line (0 and "" when there is none) and how many lines wait."""
    head = head_of(db.session.connection()) or (0, "")
    waiting = db.session.scalar(sa.select(sa.func.count(_e.id)).where(_e.id > head[0])) or 0
    return *head, int(waiting)


def _horizon() -> int | None:
    """Return the highest number below which no further line can appear; None while somebody is writing."""
    try:
        with transaction():
            if db.engine.dialect.name == "postgresql":
                # Only free when no writer holds numbers that are not stored yet; let go of at once, so nobody waits.
                db.session.execute(sa.text("LOCK TABLE journal IN SHARE MODE NOWAIT"))
            highest: int | None = db.session.scalar(sa.select(sa.func.max(_e.id)))
            return highest
    except OperationalError:
        return None


def _seal_some(horizon: int) -> int:
    try:
        with transaction():
            head = head_of(db.session.connection())
            last, previous = head or (0, chain.START)
            rows = db.session.execute(
                sa.select(*Entry.__table__.columns).where(_e.id > last, _e.id <= horizon).order_by(_e.id).limit(AT_ONCE)
            ).all()
            made = []
            for row in rows:
                salt = secrets.token_hex(16)
                public, personal = _public(row, row.id), chain.personal_digest(salt, row.actor, row.sentence, row.details)
                previous = chain.link(previous, row.id, public, personal)
                made.append(
                    {"entry_id": row.id, "public": public, "personal": personal, "salt": salt, "hash": previous}
                )
            if made:
                db.session.execute(sa.insert(Seal), made)
            return len(made)
    except IntegrityError:  # another job process was quicker
        return 0


def _joined(connection: Connection) -> Iterator[Any]:
    wanted = sa.select(*Seal.__table__.columns, *Entry.__table__.columns).outerjoin_from(Seal, Entry, _e.id == _s.entry_id)
    result = connection.execution_options(stream_results=True).execute(wanted.order_by(_s.entry_id))
    for rows in result.partitions(AT_ONCE):
        yield from rows


def _problem(row: Any, previous: str) -> str | None:
    if row.hash != chain.link(previous, row.entry_id, row.public, row.personal):
        return "chuỗi niêm phong bị đứt."
    if row.id is None:
        return None if row.gone_at is not None else "đã bị xóa."
    if row.public != _public(row, row.entry_id):
        return "đã bị sửa."
    if row.blanked_at is not None:
        return None if (row.actor, row.sentence, row.details) == ("", "", {}) else "phần đã làm trống lại có chữ."
    if row.salt is None or row.personal != chain.personal_digest(row.salt, row.actor, row.sentence, row.details):
        return "đã bị sửa."
    return None


def _public(row: Any, entry_id: int) -> str:
    return chain.public_digest(entry_id, row.at, row.conference_id, row.account_id, row.verb, row.subject, row.subject_id)
