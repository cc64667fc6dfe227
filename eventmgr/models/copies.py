"""Backups that the job process makes: on its schedule, or because the administrator asked for one."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import HasId, Model, one_of


class Copy(HasId, Model):
    """One backup; `slot` is the stretch of the schedule it is for, so that two job processes make it once."""

    __tablename__ = "copies"
    __table_args__ = (
        one_of("state", "asked", "making", "made", "failed"),
        sa.Index(
            "uq_copies_one_open", "state", unique=True,  # one may wait while one is made
            sqlite_where=sa.text("state IN ('asked', 'making')"), postgresql_where=sa.text("state IN ('asked', 'making')"),
        ),
    )  # fmt: skip

    slot: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="asked")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    claimed_until: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    file_name: Mapped[str | None] = mapped_column(sa.String(200))
    bytes: Mapped[int | None] = mapped_column(sa.BigInteger)
    rows: Mapped[int | None] = mapped_column(sa.BigInteger)
    is_locked: Mapped[bool] = mapped_column(default=False)
    proven_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(sa.String(500))
    removed_at: Mapped[datetime | None]
