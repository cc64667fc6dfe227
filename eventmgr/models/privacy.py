"""How long each kind of personal data is kept, the notice that tells people so, what they asked, and breaches."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import HasId, Model, one_of


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


class DataRequest(HasId, Model):
    """What somebody asked about the own data: when, what, and how it was answered."""

    __tablename__ = "data_requests"
    __table_args__ = (
        one_of("ask", "view", "correct", "restrict", "delete"),
        one_of("outcome", "done", "partly", "refused"),
        sa.CheckConstraint("(answered_on IS NULL) = (outcome IS NULL)", name="answered_with_outcome"),
        sa.CheckConstraint("(extended_on IS NULL) = (extended_because IS NULL)", name="extended_with_reason"),
    )

    received_on: Mapped[date]
    asked_by: Mapped[str] = mapped_column(sa.String(200))
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    ask: Mapped[str] = mapped_column(sa.String(10))
    words: Mapped[str] = mapped_column(sa.String(2000))
    acknowledged_on: Mapped[date | None]
    extended_on: Mapped[date | None]
    extended_because: Mapped[str | None] = mapped_column(sa.String(500))
    answered_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(10))
    answer: Mapped[str | None] = mapped_column(sa.String(2000))
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))


class DataBreach(HasId, Model):
    """A leak or loss of personal data: what happened, to whom, what was done, and when the authority was told."""

    __tablename__ = "data_breaches"
    __table_args__ = (sa.CheckConstraint("(reported_at IS NULL) = (reported_to IS NULL)", name="reported_to_somebody"),)

    found_at: Mapped[datetime]
    what: Mapped[str] = mapped_column(sa.String(2000))
    concerned: Mapped[str] = mapped_column(sa.String(500))
    measures: Mapped[str] = mapped_column(sa.String(2000), default="")
    reported_at: Mapped[datetime | None]
    reported_to: Mapped[str | None] = mapped_column(sa.String(300))
    closed_at: Mapped[datetime | None]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
