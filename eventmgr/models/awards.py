"""Award forms, the decision, and the honourees."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventmgr.models.database import Model, OfConference, one_of


class AwardForm(OfConference, Model):
    """A form of award with the authority that gives it; the plan may leave the form open."""

    __tablename__ = "award_forms"
    __table_args__ = (sa.UniqueConstraint("conference_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(20))
    position: Mapped[int]
    name: Mapped[str | None] = mapped_column(sa.String(120))
    authority: Mapped[str] = mapped_column(sa.String(200))
    recipient_kinds: Mapped[list[str]]
    funded_by: Mapped[str | None] = mapped_column(sa.String(20))
    prepared_by: Mapped[str | None] = mapped_column(sa.String(200))
    at_conference: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None] = mapped_column(sa.String(300))
    line: Mapped[int | None]
    achievement: Mapped[str | None] = mapped_column(sa.String(500))
    legal_basis: Mapped[str | None] = mapped_column(sa.String(500))
    decision_number: Mapped[str | None] = mapped_column(sa.String(60))
    decision_on: Mapped[date | None]
    decision_by: Mapped[str | None] = mapped_column(sa.String(200))


class Honouree(OfConference, Model):
    """A collective or a person on an award list; `printed_name` is the decision's, letter for letter.

    `body_id` is the body that proposed it. Whoever receives for a collective is its leader; `delegate_id` is who was
    invited. One whose award was cancelled stays on the office's list with the reason and is called nowhere any more.
    `certificate_at` is when somebody said that the certificate lies written and sealed on the table.
    """

    __tablename__ = "honourees"
    __table_args__ = (
        one_of("kind", "collective", "individual"),
        sa.UniqueConstraint("conference_id", "form_id", "kind", "printed_name", "post"),
        sa.CheckConstraint("(cancelled_at IS NULL) = (cancelled_reason IS NULL)", name="cancelled_with_reason"),
    )

    form_id: Mapped[int] = mapped_column(sa.ForeignKey("award_forms.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    position: Mapped[int]
    address_form: Mapped[str | None] = mapped_column(sa.String(20))
    printed_name: Mapped[str] = mapped_column(sa.String(300))
    post: Mapped[str] = mapped_column(sa.String(300), default="")
    note: Mapped[str | None] = mapped_column(sa.String(300))
    search_key: Mapped[str] = mapped_column(sa.Text, default="")
    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"))
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bodies.id", ondelete="SET NULL"))
    leader_form: Mapped[str | None] = mapped_column(sa.String(20))
    leader_name: Mapped[str | None] = mapped_column(sa.String(120))
    leader_post: Mapped[str | None] = mapped_column(sa.String(300))
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str | None] = mapped_column(sa.String(300))
    created_at: Mapped[datetime]
    certificate_at: Mapped[datetime | None]
    certificate_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    invited_at: Mapped[datetime | None]
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))

    form: Mapped[AwardForm] = relationship(lazy="raise")
