"""Can this copy serve: database, migrations, job process; and a few figures."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from eventmgr import clock
from eventmgr.models.checkin import Admission, Scan
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation
from eventmgr.models.jobs import Job, WorkerBeat
from eventmgr.models.journal import Entry

BEAT_LIMIT = timedelta(seconds=30)


def checks(newest_migration: str | None) -> dict[str, bool]:
    """Return name -> good for the database, its migrations, and the job process."""
    try:
        version = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        beat = db.session.scalar(last_beat(clock.now()))
    except SQLAlchemyError:
        return {"database": False, "migrations": False, "jobs": False}
    return {
        "database": True,
        "migrations": version == newest_migration,
        "jobs": beat is not None and clock.now() - beat < BEAT_LIMIT,
    }


def last_beat(at: datetime) -> sa.Select[datetime]:
    """When a job process last said that it is alive; what a clock that was ahead has left is not believed."""
    return sa.select(sa.func.max(WorkerBeat.at)).where(WorkerBeat.at <= at + BEAT_LIMIT)


def beat(worker: str) -> None:
    """Note that a job process is alive."""
    with transaction():
        row = db.session.get(WorkerBeat, worker)
        if row is None:
            db.session.add(WorkerBeat(worker=worker, at=clock.now()))
        else:
            row.at = clock.now()
        db.session.execute(sa.delete(WorkerBeat).where(WorkerBeat.at < clock.now() - timedelta(days=1)))


def figures() -> dict[str, int]:
    """Return counts for monitoring: no names, no codes."""
    waiting = sa.select(sa.func.count()).select_from(Job).where(Job.state == "waiting")
    issued = sa.select(sa.func.count()).select_from(Invitation).where(Invitation.issued_at.is_not(None))
    return {
        "scans_total": int(db.session.scalar(sa.select(sa.func.count(Scan.id))) or 0),
        "admissions_total": int(db.session.scalar(sa.select(sa.func.count(Admission.id))) or 0),
        "letters_issued_total": int(db.session.scalar(issued) or 0),
        "jobs_waiting": int(db.session.scalar(waiting) or 0),
        "journal_last_id": int(db.session.scalar(sa.select(sa.func.max(Entry.id))) or 0),
    }
