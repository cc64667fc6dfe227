"""Programmes as they were published: who, when, and what everybody outside the office reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import Model, OfConference


class ProgrammeVersion(OfConference, Model):
    """A published programme; `items` are its rows in their order, `changes` what differed from the one before.

    Each row holds id, parent_id, position, mark, title, kind, presenter_kind, presenter, delegate_id, minutes and
    titled. Names of persons are looked up by delegate_id, so that a corrected or erased name is so everywhere.
    """

    __tablename__ = "programme_versions"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )

    number: Mapped[int]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(sa.String(120), default="")
    items: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    changes: Mapped[list[str]] = mapped_column(default=list)
