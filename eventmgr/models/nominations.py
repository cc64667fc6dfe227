"""What bodies send from their pages: people for their places, changes, excuses, companions, notes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventmgr.models.database import Model, OfConference, one_of
from eventmgr.models.delegates import Body, Delegate

NOMINATION_KINDS = ("name", "replace", "excuse", "companion", "note")
NOMINATION_STATES = ("waiting", "accepted", "returned", "withdrawn")


class Nomination(OfConference, Model):
    """One thing that a body sent; it waits until the office accepts or returns it.

    `delegate_id` is the place it is about (for a companion the delegate it goes with), None for one more person;
    `parent_id` the nomination whose person a companion goes with while that person waits too; `result_id` whom
    acceptance made or named; `reply_id` the answer that was stored with it; `before` who stood at the place then.
    One person waits once in a body, one place has one thing waiting.
    """

    __tablename__ = "nominations"
    __table_args__ = (
        one_of("kind", *NOMINATION_KINDS),
        one_of("state", *NOMINATION_STATES),
        sa.CheckConstraint("full_name IS NOT NULL OR kind IN ('excuse', 'note')", name="person_named"),
        sa.Index(
            "uq_nominations_person", "body_id", "person_key", unique=True,
            sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index(
            "uq_nominations_place", "delegate_id", unique=True,
            sqlite_where=sa.text("state = 'waiting' AND kind IN ('name', 'replace', 'excuse')"),
            postgresql_where=sa.text("state = 'waiting' AND kind IN ('name', 'replace', 'excuse')"),
        ),
        sa.Index("ix_nominations_state", "conference_id", "state", "id"),
    )

    body_id: Mapped[int] = mapped_column(sa.ForeignKey("bodies.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("nominations.id", ondelete="SET NULL"), index=True)
    result_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"))
    reply_id: Mapped[int | None] = mapped_column(sa.ForeignKey("replies.id", ondelete="SET NULL"), index=True)
    address_form: Mapped[str | None] = mapped_column(sa.String(20))
    full_name: Mapped[str | None] = mapped_column(sa.String(120))
    posts: Mapped[list[str]] = mapped_column(default=list)
    phone: Mapped[str | None] = mapped_column(sa.String(60))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    words: Mapped[str | None] = mapped_column(sa.String(500))
    person_key: Mapped[str | None] = mapped_column(sa.String(400))
    before: Mapped[str | None] = mapped_column(sa.String(300))
    state: Mapped[str] = mapped_column(sa.String(20), default="waiting")
    is_late: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(sa.String(500))
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    body: Mapped[Body] = relationship(lazy="raise")
    delegate: Mapped[Delegate | None] = relationship(lazy="raise", foreign_keys=[delegate_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class
