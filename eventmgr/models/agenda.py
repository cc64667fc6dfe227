"""The programme and the presses of the MC, from which the running order is replayed."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.domain.moves import Verb
from eventmgr.models.database import Model, OfConference, one_of

PRESENTER_KINDS = ("person_of_body", "body", "collective", "everyone", "nobody")


class Item(OfConference, Model):
    """A row of the programme; a row with sub-items is a heading that nobody speaks."""

    __tablename__ = "items"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "key"),
        one_of("presenter_kind", *PRESENTER_KINDS),
        sa.CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 600", name="minutes_sensible"),
        sa.Index("ix_items_order", "conference_id", "parent_id", "position"),
    )

    key: Mapped[str] = mapped_column(sa.String(40))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("items.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    mark: Mapped[str] = mapped_column(sa.String(10), default="")
    title: Mapped[str] = mapped_column(sa.String(700))
    printed: Mapped[str | None] = mapped_column(sa.String(700))
    line: Mapped[int | None]
    kind: Mapped[str] = mapped_column(sa.String(30), default="other")
    presenter_kind: Mapped[str] = mapped_column(sa.String(20), default="nobody")
    presenter: Mapped[str | None] = mapped_column(sa.String(300))
    presenter_printed: Mapped[str | None] = mapped_column(sa.String(300))
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bodies.id", ondelete="SET NULL"))
    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"))
    minutes: Mapped[int | None]
    fixed_at: Mapped[time | None]
    script: Mapped[str | None] = mapped_column(sa.Text)


class Move(OfConference, Model):
    """One press on the MC's console; `seq` has no gaps, so two presses cannot both be the next.

    A step that was inserted on the spot is no item: `inserted_seq` names the press that inserted it. `details` and
    `console` are those of domain/moves.py.
    """

    __tablename__ = "moves"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "seq"),
        sa.UniqueConstraint("conference_id", "press_key"),
        one_of("verb", *(verb.value for verb in Verb)),
    )

    seq: Mapped[int]
    press_key: Mapped[str] = mapped_column(sa.String(40))
    verb: Mapped[str] = mapped_column(sa.String(10))
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("items.id", ondelete="SET NULL"))
    inserted_seq: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    console: Mapped[str | None] = mapped_column(sa.String(40))
    console_name: Mapped[str | None] = mapped_column(sa.String(160))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class IntroductionTick(OfConference, Model):
    """The MC has read out this delegate."""

    __tablename__ = "introduction_ticks"
    __table_args__ = (sa.UniqueConstraint("conference_id", "delegate_id"),)

    delegate_id: Mapped[int] = mapped_column(sa.ForeignKey("delegates.id", ondelete="CASCADE"))
    at: Mapped[datetime]
