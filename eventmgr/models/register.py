"""The register of letters: each number once a year, what became of it, and what was corrected after it went out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventmgr.models.database import Model, OfConference
from eventmgr.models.invitations import Invitation


class RegisterNumber(OfConference, Model):
    """A number of the register that somebody reserved, used or voided; a number without a row is free.

    NĐ 30/2020 Điều 15: each number once a year. A released one keeps its row and its reason and is free again.
    """

    __tablename__ = "register_numbers"
    __table_args__ = (
        sa.UniqueConstraint("year", "symbol", "number"),
        sa.UniqueConstraint("invitation_id"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("voided_at IS NULL OR (invitation_id IS NULL AND reason IS NOT NULL)", name="voided_with_reason"),
        sa.CheckConstraint("released_at IS NULL OR (invitation_id IS NULL AND reason IS NOT NULL)", name="released_with_reason"),
        sa.CheckConstraint("voided_at IS NULL OR released_at IS NULL", name="voided_or_released"),
        sa.CheckConstraint(
            "invitation_id IS NOT NULL OR voided_at IS NOT NULL OR released_at IS NOT NULL OR reserved_at IS NOT NULL",
            name="says_why_it_is_there",
        ),
    )

    year: Mapped[int]
    symbol: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitations.id", ondelete="CASCADE"))
    reserved_at: Mapped[datetime | None]
    reserved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    purpose: Mapped[str | None] = mapped_column(sa.String(300))
    released_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    reason: Mapped[str | None] = mapped_column(sa.String(300))

    invitation: Mapped[Invitation | None] = relationship(lazy="raise")


class Correction(OfConference, Model):
    """A name or post put right on a letter that was out already: same number, day, signer and pass."""

    __tablename__ = "letter_corrections"

    invitation_id: Mapped[int] = mapped_column(sa.ForeignKey("invitations.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(sa.String(300))
    old_text: Mapped[str] = mapped_column(sa.Text)
    new_text: Mapped[str] = mapped_column(sa.Text)
    old_sheet: Mapped[dict[str, Any]]
