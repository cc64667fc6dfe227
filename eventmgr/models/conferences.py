"""Conferences, the plan each came from, and the facts of its letterhead."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import HasId, Model, OfConference, one_of

STATES = ("preparing", "open", "running", "closed", "archived")


class Conference(HasId, Model):
    """One conference; every other object belongs to exactly one."""

    __tablename__ = "conferences"
    __table_args__ = (
        one_of("state", *STATES),
        one_of("letterhead", "office", "committee"),
        one_of("letter_form", "nd30", "tt01"),
        sa.CheckConstraint("ends_at IS NULL OR starts_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
    )

    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[str] = mapped_column(sa.String(500))
    short_title: Mapped[str] = mapped_column(sa.String(160))
    kind: Mapped[str] = mapped_column(sa.String(80), default="Hội nghị")
    level: Mapped[str | None] = mapped_column(sa.String(80))
    organiser: Mapped[str] = mapped_column(sa.String(200))
    standing_body: Mapped[str | None] = mapped_column(sa.String(200))
    invitation_issuer: Mapped[str | None] = mapped_column(sa.String(200))
    chair: Mapped[str | None] = mapped_column(sa.String(300))
    legal_basis: Mapped[str | None] = mapped_column(sa.String(500))
    venue: Mapped[str | None] = mapped_column(sa.String(300))
    venue_address: Mapped[str | None] = mapped_column(sa.String(300))
    capacity: Mapped[int | None]
    date_text: Mapped[str | None] = mapped_column(sa.String(120))
    held_on: Mapped[date | None]
    date_is_assumed: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    must_end_at: Mapped[time | None]
    sessions: Mapped[str | None] = mapped_column(sa.String(40))
    state: Mapped[str] = mapped_column(sa.String(20), default="preparing")
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("conferences.id", ondelete="SET NULL"))

    letterhead: Mapped[str] = mapped_column(sa.String(20), default="office")
    letter_form: Mapped[str] = mapped_column(sa.String(10), default="nd30")
    province: Mapped[str] = mapped_column(sa.String(80), default="")
    number_symbol: Mapped[str] = mapped_column(sa.String(40), default="GM-VP")
    place: Mapped[str] = mapped_column(sa.String(80), default="")
    letter_recipients: Mapped[list[str]] = mapped_column(default=list)
    signer_lines: Mapped[list[str]] = mapped_column(default=list)
    signer_name: Mapped[str | None] = mapped_column(sa.String(120))
    with_kinh_gui: Mapped[bool] = mapped_column(default=False)
    reply_by: Mapped[datetime | None]
    contact: Mapped[str | None] = mapped_column(sa.String(300))
    awards_announced_at: Mapped[datetime | None]

    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Plan(OfConference, Model):
    """The written plan a conference came from; `facts` keeps what has no screen yet."""

    __tablename__ = "plans"
    __table_args__ = (sa.UniqueConstraint("conference_id"),)

    key: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[str] = mapped_column(sa.String(60))
    dated_on: Mapped[date | None]
    issuer: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.String(500))
    digest: Mapped[str] = mapped_column(sa.String(64))
    facts: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]


class Task(OfConference, Model):
    """A duty that the plan gives to a body, with its deadline as printed and its rule."""

    __tablename__ = "tasks"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "key"),
        one_of("rule", "before", "by"),
    )

    key: Mapped[str] = mapped_column(sa.String(20))
    position: Mapped[int]
    section: Mapped[str] = mapped_column(sa.String(20))
    line: Mapped[int | None]
    owner: Mapped[str] = mapped_column(sa.String(200))
    partners: Mapped[list[str]]
    what: Mapped[str] = mapped_column(sa.String(500))
    deadline: Mapped[date | None]
    rule: Mapped[str | None] = mapped_column(sa.String(10))
    send_to: Mapped[str | None] = mapped_column(sa.String(200))
    item_key: Mapped[str | None] = mapped_column(sa.String(20))
    conflicts_with: Mapped[str | None] = mapped_column(sa.String(20))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))


class Paper(OfConference, Model):
    """A document that the conference needs: who owns it and who may see it."""

    __tablename__ = "papers"
    __table_args__ = (sa.UniqueConstraint("conference_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(20))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(300))
    owner: Mapped[str] = mapped_column(sa.String(200))
    stage: Mapped[str] = mapped_column(sa.String(20))
    audience: Mapped[str] = mapped_column(sa.String(40))
    item_key: Mapped[str | None] = mapped_column(sa.String(20))
    note: Mapped[str | None] = mapped_column(sa.String(300))


class BudgetLine(OfConference, Model):
    """A source of money that the plan names; the amount in whole đồng stays open until known."""

    __tablename__ = "budget_lines"
    __table_args__ = (sa.UniqueConstraint("conference_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(20))
    position: Mapped[int]
    level: Mapped[str] = mapped_column(sa.String(40))
    source: Mapped[str] = mapped_column(sa.String(300))
    holder: Mapped[str | None] = mapped_column(sa.String(200))
    purpose: Mapped[str | None] = mapped_column(sa.String(300))
    amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    line: Mapped[int | None]


class PlanRecipient(OfConference, Model):
    """A line of the plan's "Nơi nhận"."""

    __tablename__ = "plan_recipients"
    __table_args__ = (sa.UniqueConstraint("conference_id", "position"),)

    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(200))
    printed: Mapped[str] = mapped_column(sa.String(200))
    mark: Mapped[str | None] = mapped_column(sa.String(40))
    line: Mapped[int | None]
