"""Work for later: ask for it, claim it for a while, tell how far it is, finish or give up in plain sight."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.errors import NotFound
from eventmgr.models.database import db, transaction
from eventmgr.models.jobs import Job
from eventmgr.models.journal import record

LEASE = timedelta(seconds=60)
TRIES = 3


class LostClaim(Exception):
    """Another worker has taken the job over: stop without a trace."""


def get(conference_id: int, job_id: int) -> Job:
    """Return a job of the conference; raises NotFound."""
    job = db.session.get(Job, job_id)
    if job is None or job.conference_id != conference_id:
        raise NotFound("Không có công việc này.")
    return job


def newest(conference_id: int, kind: str, limit: int = 10) -> list[Job]:
    """Return the newest jobs of a kind."""
    wanted = sa.select(Job).where(Job.conference_id == conference_id, Job.kind == kind)
    return list(db.session.scalars(wanted.order_by(Job.id.desc()).limit(limit)))


def add_job(conference_id: int, kind: str, title: str, args: dict[str, Any], total: int, by: int | None) -> Job:
    """Write a job inside the caller's transaction and return it."""
    job = Job(
        conference_id=conference_id, kind=kind, title=title[:200], args=args, total=total, created_at=clock.now(),
        created_by_id=by,
    )
    db.session.add(job)
    db.session.flush()
    return job


def claim(worker: str) -> Job | None:
    """Take the oldest job that nobody works on, or one whose worker has gone silent; None when there is none."""
    at = clock.now()
    # A claim further ahead than any is made comes from a clock that was ahead: it would hold for an hour.
    lapsed = sa.or_(Job.claimed_until < at, Job.claimed_until > at + 2 * LEASE)
    open_jobs = sa.or_(Job.state == "waiting", sa.and_(Job.state == "working", lapsed))
    found = db.session.scalar(sa.select(Job.id).where(open_jobs).order_by(Job.id).limit(1))
    if found is None:
        db.session.close()
        return None
    with transaction():
        taken = db.session.execute(
            sa.update(Job)
            .where(Job.id == found, open_jobs)
            .values(state="working", claimed_by=worker, claimed_until=at + LEASE, tries=Job.tries + 1, done=0)
        )
        job = db.session.get(Job, found, populate_existing=True) if taken.rowcount == 1 else None  # type: ignore[attr-defined]
        if job is not None and job.tries > TRIES:
            _give_up(job, "Công việc bị ngắt nhiều lần. Tạo lại hoặc báo người quản trị.")
            job = None
    return job


def progress(job_id: int, worker: str, done: int, total: int) -> None:
    """Tell how far the job is and keep the claim; raises LostClaim when somebody else has it."""
    with transaction():
        kept = db.session.execute(
            sa.update(Job)
            .where(Job.id == job_id, Job.claimed_by == worker, Job.state == "working")
            .values(done=done, total=total, claimed_until=clock.now() + LEASE)
        )
        if kept.rowcount != 1:  # type: ignore[attr-defined]
            raise LostClaim


def finish(job_id: int, worker: str, file_name: str | None) -> None:
    """Mark the job as done with the file it made; raises LostClaim when somebody else has it."""
    at = clock.now()
    with transaction():
        kept = db.session.execute(
            sa.update(Job)
            .where(Job.id == job_id, Job.claimed_by == worker, Job.state == "working")
            .values(state="done", done=Job.total, finished_at=at, file_name=file_name, claimed_until=None)
        )
        if kept.rowcount != 1:  # type: ignore[attr-defined]
            raise LostClaim
        job = db.session.get_one(Job, job_id)
        record("job.done", at, conference_id=job.conference_id, subject="job", subject_id=job_id, sentence=f"Xong: {job.title}.")


def fail(job_id: int, worker: str, problem: str, *, again: bool) -> None:
    """Give the job back to be tried again, or give it up for good with a sentence for the office."""
    with transaction():
        job = db.session.get(Job, job_id, populate_existing=True)
        if job is None or job.claimed_by != worker or job.state != "working":
            return
        if again and job.tries < TRIES:
            job.state, job.claimed_by, job.claimed_until = "waiting", None, None
        else:
            _give_up(job, problem)


def give_back(job_id: int, worker: str) -> None:
    """Put the job back as if it had not been tried: the machine could not, the job has done nothing wrong."""
    with transaction():
        db.session.execute(
            sa.update(Job)
            .where(Job.id == job_id, Job.claimed_by == worker, Job.state == "working")
            .values(state="waiting", claimed_by=None, claimed_until=None, tries=Job.tries - 1)
        )


def _give_up(job: Job, problem: str) -> None:
    at = clock.now()
    job.state, job.problem, job.finished_at, job.claimed_until = "failed", problem[:500], at, None
    record(
        "job.failed", at, conference_id=job.conference_id, subject="job", subject_id=job.id,
        sentence=f"Không xong: {job.title}. {problem}",
    )
