"""What is still to do: a row of ours, claimed for a while; the queue only wakes the worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import Model, OfConference, one_of


class Job(OfConference, Model):
    """A piece of work for the job process."""

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("state", "waiting", "working", "done", "failed"),
        sa.Index("ix_jobs_state", "state", "claimed_until"),
    )

    kind: Mapped[str] = mapped_column(sa.String(40))
    args: Mapped[dict[str, Any]]
    title: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(sa.String(60))
    claimed_until: Mapped[datetime | None]
    file_name: Mapped[str | None] = mapped_column(sa.String(200))
    problem: Mapped[str | None] = mapped_column(sa.String(500))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    finished_at: Mapped[datetime | None]


class WorkerBeat(Model):
    """When a job process last said that it is alive."""

    __tablename__ = "worker_beats"

    worker: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    at: Mapped[datetime]
