"""What chair and office direct on the day: discussion, messages to the MC, who stands in, what the wall shows."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import Model, OfConference
from eventmgr.models.delegates import ADDRESS_FORMS

_FORMS = ", ".join(repr(one) for one in ADDRESS_FORMS)


def _only_one(name: str, columns: tuple[str, ...], where: str) -> sa.Index:
    """An index that allows one row that still counts."""
    return sa.Index(name, *columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class StageSettings(OfConference, Model):
    """What is set for one conference's stage; without a row the defaults of services/stage_settings count."""

    __tablename__ = "stage_settings"
    __table_args__ = (
        sa.UniqueConstraint("conference_id"),
        sa.CheckConstraint("speaking_minutes BETWEEN 1 AND 60", name="speaking_minutes_sensible"),
        sa.CheckConstraint("named_until >= 0", name="named_until_not_negative"),
    )

    named_until: Mapped[int]
    speaking_minutes: Mapped[int]


class Discussion(OfConference, Model):
    """Delegates may ask to speak, from the opening to the closing; only one is open at a time."""

    __tablename__ = "discussions"
    __table_args__ = (_only_one("uq_discussions_one_open", ("conference_id",), "closed_at IS NULL"),)

    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))


class SpeechRequest(OfConference, Model):
    """Somebody asks to speak: a delegate, whose name is looked up, or a guest by name and post.

    It waits until it is called, ends, or is withdrawn (by whoever asked, or by chair and office). A delegate has one
    that is open, a conference one that is being spoken.
    """

    __tablename__ = "speech_requests"
    __table_args__ = (
        _only_one("uq_speech_requests_one_open", ("conference_id", "delegate_id"), "ended_at IS NULL AND withdrawn_at IS NULL"),
        _only_one(
            "uq_speech_requests_one_speaks", ("conference_id",),
            "called_at IS NOT NULL AND ended_at IS NULL AND withdrawn_at IS NULL",
        ),
        sa.CheckConstraint("delegate_id IS NOT NULL OR name IS NOT NULL", name="somebody"),
        sa.CheckConstraint("ended_at IS NULL OR called_at IS NOT NULL", name="called_before_end"),
        sa.CheckConstraint("withdrawn_at IS NULL OR called_at IS NULL", name="called_is_not_withdrawn"),
        sa.CheckConstraint("minutes BETWEEN 1 AND 60", name="minutes_sensible"),
        sa.CheckConstraint(f"address_form IS NULL OR address_form IN ({_FORMS})", name="address_form_known"),
    )

    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="CASCADE"), index=True)
    address_form: Mapped[str | None] = mapped_column(sa.String(20))
    name: Mapped[str | None] = mapped_column(sa.String(120))
    post: Mapped[str | None] = mapped_column(sa.String(300))
    topic: Mapped[str] = mapped_column(sa.String(300), default="")
    position: Mapped[int]
    minutes: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    remark: Mapped[str | None] = mapped_column(sa.Text)


class StageMessage(OfConference, Model):
    """A message from office or chair to the MC, with who saw and who acknowledged it."""

    __tablename__ = "stage_messages"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "message_key"),
        sa.CheckConstraint("acknowledged_at IS NULL OR withdrawn_at IS NULL", name="acknowledged_is_not_withdrawn"),
    )

    message_key: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.String(300))
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    sender: Mapped[str] = mapped_column(sa.String(120))
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None] = mapped_column(sa.String(120))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(sa.String(120))
    withdrawn_at: Mapped[datetime | None]


class StandIn(OfConference, Model):
    """Somebody who presents an item instead of whom the programme names: a delegate, or a name and post."""

    __tablename__ = "stand_ins"
    __table_args__ = (
        _only_one("uq_stand_ins_one_counts", ("item_id",), "removed_at IS NULL"),
        sa.CheckConstraint("delegate_id IS NOT NULL OR name IS NOT NULL", name="somebody"),
        sa.CheckConstraint(f"address_form IS NULL OR address_form IN ({_FORMS})", name="address_form_known"),
    )

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id", ondelete="CASCADE"))
    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="CASCADE"), index=True)
    address_form: Mapped[str | None] = mapped_column(sa.String(20))
    name: Mapped[str | None] = mapped_column(sa.String(120))
    post: Mapped[str | None] = mapped_column(sa.String(300))
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    removed_at: Mapped[datetime | None]
