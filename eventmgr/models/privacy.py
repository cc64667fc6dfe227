"""How long each kind of personal data is kept, and the versions of the notice that tells people so."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import HasId, Model


class KeepRule(Model):
    """Days that a kind of personal data is kept after the conference, where the office changed the default."""

    __tablename__ = "keep_rules"
    __table_args__ = (sa.CheckConstraint("days BETWEEN 0 AND 36500", name="days_sensible"),)

    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    days: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))


class Notice(HasId, Model):
    """A version of the notice on personal data; the newest one counts, older ones stay readable."""

    __tablename__ = "notices"

    dated_on: Mapped[date]
    controller: Mapped[str] = mapped_column(sa.String(300))
    contact: Mapped[str] = mapped_column(sa.String(500))
    extra: Mapped[str] = mapped_column(sa.Text, default="")
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
