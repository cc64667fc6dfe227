"""Letters of invitation, the passes that they carry, and the replies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventmgr.models.database import Model, OfConference, one_of
from eventmgr.models.delegates import Delegate

CHANNELS = ("phone", "document", "email", "in_person", "message", "other")


class Invitation(OfConference, Model):
    """A Giấy mời: a draft until a person gives it number, date and signer."""

    __tablename__ = "invitations"
    __table_args__ = (
        sa.UniqueConstraint("number_year", "number_symbol", "number"),
        sa.Index(
            "uq_invitations_one_alive",
            "delegate_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
        sa.CheckConstraint("number IS NULL OR number > 0", name="number_positive"),
        sa.CheckConstraint(
            "(issued_at IS NULL) = (number IS NULL) AND (issued_at IS NULL) = (dated_on IS NULL)"
            " AND (issued_at IS NULL) = (signer_name IS NULL)",
            name="issued_is_whole",
        ),
        sa.CheckConstraint("issued_at IS NULL OR approved_at IS NOT NULL", name="approved_before_issue"),
    )

    delegate_id: Mapped[int] = mapped_column(sa.ForeignKey("delegates.id", ondelete="RESTRICT"), index=True)
    addressee: Mapped[str | None] = mapped_column(sa.String(700))
    extra_note: Mapped[str | None] = mapped_column(sa.String(500))
    drafted_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    number: Mapped[int | None]
    number_symbol: Mapped[str | None] = mapped_column(sa.String(40))
    number_year: Mapped[int | None]
    dated_on: Mapped[date | None]
    signer_lines: Mapped[list[str]] = mapped_column(default=list)
    signer_name: Mapped[str | None] = mapped_column(sa.String(120))
    sheet: Mapped[dict[str, Any] | None]
    opened_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    revoked_reason: Mapped[str | None] = mapped_column(sa.String(300))

    delegate: Mapped[Delegate] = relationship(lazy="raise")


class Pass(OfConference, Model):
    """What the QR stands for: a random seed and a digest; the code itself is never stored."""

    __tablename__ = "passes"

    invitation_id: Mapped[int] = mapped_column(sa.ForeignKey("invitations.id", ondelete="CASCADE"), unique=True)
    delegate_id: Mapped[int] = mapped_column(sa.ForeignKey("delegates.id", ondelete="CASCADE"), index=True)
    seed: Mapped[str] = mapped_column(sa.String(32))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Reply(OfConference, Model):
    """An answer about a delegate; the newest counts, older ones stay as history.

    `invitation_id` is None while no letter was out; `channel` says how the office got it, with the number of a
    document in `document_number`; `is_late` stays as it was when the answer came.
    """

    __tablename__ = "replies"
    __table_args__ = (
        one_of("answer", "comes", "absent", "substitute"),
        one_of("source", "invitee", "office", "body"),
        sa.CheckConstraint(f"channel IS NULL OR channel IN ({', '.join(repr(one) for one in CHANNELS)})", name="channel_known"),
        sa.CheckConstraint("answer <> 'substitute' OR substitute_name IS NOT NULL", name="substitute_named"),
    )

    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitations.id", ondelete="CASCADE"), index=True)
    delegate_id: Mapped[int] = mapped_column(sa.ForeignKey("delegates.id", ondelete="CASCADE"), index=True)
    answer: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    substitute_form: Mapped[str | None] = mapped_column(sa.String(20))
    substitute_name: Mapped[str | None] = mapped_column(sa.String(120))
    substitute_post: Mapped[str | None] = mapped_column(sa.String(300))
    source: Mapped[str] = mapped_column(sa.String(20))
    channel: Mapped[str | None] = mapped_column(sa.String(20))
    document_number: Mapped[str | None] = mapped_column(sa.String(120))
    note: Mapped[str | None] = mapped_column(sa.String(300))
    is_late: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    refused_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
