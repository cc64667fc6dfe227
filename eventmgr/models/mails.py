"""Mails on their way out, what each carries, every try with the server's words, and letters handed over by people."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventmgr.models.database import HasId, Model, OfConference, one_of
from eventmgr.models.invitations import Invitation

_OPEN = "sent_at IS NULL AND closed_at IS NULL AND kind IN ('letters', 'reminder')"


class Mailing(OfConference, Model):
    """One act of sending; `key` comes from the page that asked, so that a second press finds the first."""

    __tablename__ = "mailings"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "key"),
        one_of("kind", "letters", "reminder", "body", "test"),
    )

    key: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(10))
    subject: Mapped[str | None] = mapped_column(sa.String(200))
    words: Mapped[str | None] = mapped_column(sa.String(2000))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))


class Mail(OfConference, Model):
    """One mail to one mailbox; a mailing has one for each mailbox, or several numbered parts when it is large."""

    __tablename__ = "mails"
    __table_args__ = (
        sa.UniqueConstraint("mailing_id", "mailbox_key", "part"),
        one_of("state", "queued", "sending", "handing", "sent", "refused", "given_up", "unclear", "cancelled"),
        sa.CheckConstraint("part >= 1 AND part <= parts", name="part_within"),
        sa.Index("ix_mails_state", "state", "due_at"),
    )

    mailing_id: Mapped[int] = mapped_column(sa.ForeignKey("mailings.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    mailbox: Mapped[str] = mapped_column(sa.String(254))
    mailbox_key: Mapped[str] = mapped_column(sa.String(254))
    to_name: Mapped[str] = mapped_column(sa.String(700), default="")
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bodies.id", ondelete="SET NULL"), index=True)
    part: Mapped[int] = mapped_column(default=1)
    parts: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(sa.String(10), default="queued")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(sa.String(60))
    claimed_until: Mapped[datetime | None]
    words: Mapped[str | None] = mapped_column(sa.String(500))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))

    mailing: Mapped[Mailing] = relationship(lazy="raise")


class MailLetter(OfConference, Model):
    """A letter inside a mail: each delegate's state is kept apart; one letter is under way in one mail only."""

    __tablename__ = "mail_letters"
    __table_args__ = (
        sa.UniqueConstraint("mail_id", "invitation_id"),
        sa.Index(
            "uq_mail_letters_under_way", "invitation_id", "kind", unique=True, sqlite_where=sa.text(_OPEN),
            postgresql_where=sa.text(_OPEN),
        ),
        sa.Index("ix_mail_letters_sent", "conference_id", "kind", "sent_at"),
    )

    mail_id: Mapped[int] = mapped_column(sa.ForeignKey("mails.id", ondelete="CASCADE"), index=True)
    invitation_id: Mapped[int] = mapped_column(sa.ForeignKey("invitations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    sent_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(sa.String(300))

    mail: Mapped[Mail] = relationship(lazy="raise")
    invitation: Mapped[Invitation] = relationship(lazy="raise")


class MailTry(HasId, Model):
    """One try to hand a mail over; `outcome` stays empty while it runs or when nobody lived to tell."""

    __tablename__ = "mail_tries"
    __table_args__ = (sa.Index("ix_mail_tries_at", "at"),)

    mail_id: Mapped[int] = mapped_column(sa.ForeignKey("mails.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    worker: Mapped[str] = mapped_column(sa.String(60))
    outcome: Mapped[str | None] = mapped_column(sa.String(10))
    words: Mapped[str | None] = mapped_column(sa.String(500))


class MailChannel(HasId, Model):
    """The one row about the mail server: failures in a row, its last words, and until when nothing is tried."""

    __tablename__ = "mail_channel"

    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    words: Mapped[str | None] = mapped_column(sa.String(500))
    rest_until: Mapped[datetime | None]
    worked_at: Mapped[datetime | None]


class Handover(OfConference, Model):
    """A letter that left on paper: by post or courier, or into somebody's hand; a wrong mark is taken back, not erased."""

    __tablename__ = "handovers"
    __table_args__ = (
        one_of("way", "post", "hand"),
        sa.Index(
            "uq_handovers_one_alive", "invitation_id", unique=True, sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        ),
    )

    invitation_id: Mapped[int] = mapped_column(sa.ForeignKey("invitations.id", ondelete="CASCADE"), index=True)
    way: Mapped[str] = mapped_column(sa.String(10))
    to_whom: Mapped[str | None] = mapped_column(sa.String(200))
    at: Mapped[datetime]
    marked_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    taken_back_why: Mapped[str | None] = mapped_column(sa.String(300))
