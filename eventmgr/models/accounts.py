"""Staff accounts, their roles per conference, open sessions and sign-in attempts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventmgr.models.database import HasId, Model, OfConference, one_of


class Account(HasId, Model):
    """A member of staff; `password_hash` is argon2id."""

    __tablename__ = "accounts"

    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    display_name: Mapped[str] = mapped_column(sa.String(120))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    must_change_password: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(sa.String(200))
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]


class RecoveryCode(HasId, Model):
    """A code on paper that opens a session once when the phone is lost; the table has its digest."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    used_at: Mapped[datetime | None]


class Membership(OfConference, Model):
    """A role of an account in one conference."""

    __tablename__ = "memberships"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "account_id", "role"),
        one_of("role", "office", "awards", "usher", "door_lead", "mc", "chair", "press_officer", "observer"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))

    account: Mapped[Account] = relationship(lazy="raise")


class SignIn(HasId, Model):
    """An open session: the browser holds the token, the table its digest."""

    __tablename__ = "sign_ins"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(sa.String(60))
    browser: Mapped[str] = mapped_column(sa.String(200))
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise")


class SignInAttempt(HasId, Model):
    """A failed sign-in; the count per account and per address survives a restart."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        sa.Index("ix_sign_in_attempts_username_at", "username", "at"),
        sa.Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    username: Mapped[str] = mapped_column(sa.String(60))
    address: Mapped[str] = mapped_column(sa.String(60))
    at: Mapped[datetime]
