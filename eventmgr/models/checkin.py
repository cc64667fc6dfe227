"""The door: gates, phones, scans as facts, and admissions derived from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventmgr.models.database import Model, OfConference, one_of


class Gate(OfConference, Model):
    """A way into the hall; an empty list of groups lets everyone in."""

    __tablename__ = "gates"
    __table_args__ = (sa.UniqueConstraint("conference_id", "name"),)

    name: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]
    group_ids: Mapped[list[int]] = mapped_column(default=list)
    archived_at: Mapped[datetime | None]


class Phone(OfConference, Model):
    """A paired phone: first a code to show as a QR, then a token that only the phone knows."""

    __tablename__ = "phones"

    gate_id: Mapped[int] = mapped_column(sa.ForeignKey("gates.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str | None] = mapped_column(sa.String(80))
    pair_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    pair_until: Mapped[datetime | None]
    token_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    paired_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    gate: Mapped[Gate] = relationship(lazy="raise")


class Scan(OfConference, Model):
    """What happened at a gate, as the phone says it; never changed, never deleted."""

    __tablename__ = "scans"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "scan_key"),
        one_of("way", "camera", "hand_scanner", "typed", "search", "photo", "office"),
        one_of("kind", "entry", "undo"),
    )

    scan_key: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(10))
    phone_id: Mapped[int | None] = mapped_column(sa.ForeignKey("phones.id", ondelete="SET NULL"), index=True)
    gate_id: Mapped[int] = mapped_column(sa.ForeignKey("gates.id", ondelete="RESTRICT"), index=True)
    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"), index=True)
    pass_id: Mapped[int | None] = mapped_column(sa.ForeignKey("passes.id", ondelete="SET NULL"))
    way: Mapped[str] = mapped_column(sa.String(20))
    scanned_at: Mapped[datetime]
    received_at: Mapped[datetime]
    offset_ms: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str] = mapped_column(sa.String(30))
    verdict: Mapped[dict[str, Any]]
    undoes_key: Mapped[str | None] = mapped_column(sa.String(40))
    reason: Mapped[str | None] = mapped_column(sa.String(300))


class Admission(OfConference, Model):
    """A delegate is in the hall; the index lets nobody be in it twice."""

    __tablename__ = "admissions"
    __table_args__ = (
        sa.Index(
            "uq_admissions_one_open",
            "delegate_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.Index("ix_admissions_conference_at", "conference_id", "admitted_at"),
    )

    delegate_id: Mapped[int] = mapped_column(sa.ForeignKey("delegates.id", ondelete="CASCADE"), index=True)
    scan_id: Mapped[int] = mapped_column(sa.ForeignKey("scans.id", ondelete="RESTRICT"), unique=True)
    gate_id: Mapped[int] = mapped_column(sa.ForeignKey("gates.id", ondelete="RESTRICT"), index=True)
    admitted_at: Mapped[datetime]
    substitute_name: Mapped[str | None] = mapped_column(sa.String(120))
    substitute_post: Mapped[str | None] = mapped_column(sa.String(300))
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str | None] = mapped_column(sa.String(300))
