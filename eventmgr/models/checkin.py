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
    told_at: Mapped[datetime | None]
    unsent: Mapped[int | None]
    snapshot: Mapped[str | None] = mapped_column(sa.String(60))
    snapshot_at: Mapped[datetime | None]
    battery: Mapped[int | None]

    gate: Mapped[Gate] = relationship(lazy="raise")


def _as_scanned(context: Any) -> Any:
    return context.get_current_parameters()["scanned_at"]


def _as_answered(context: Any) -> bool:
    told = context.get_current_parameters()
    return bool(told["kind"] == "entry" and told["outcome"] == "admitted")


class Scan(OfConference, Model):
    """What happened at a gate, as the phone says it; never changed, never deleted.

    `at` is its place on the server's clock; `passed` says that somebody went through the gate; `objection` is what the
    server has against that, whatever the order of arrival; a fact in `doubt` counts only once a person says so.
    """

    __tablename__ = "scans"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "scan_key"),
        one_of("way", "camera", "hand_scanner", "typed", "search", "photo", "office", "paper", "unknown"),
        one_of("kind", "entry", "exit", "undo", "hold", "unread", "named"),
        # The name itself may have been erased.
        sa.CheckConstraint("kind <> 'named' OR entered_form IS NOT NULL", name="naming_has_form"),
        sa.Index("ix_scans_undoes", "conference_id", "undoes_key"),
        sa.Index("ix_scans_kind", "conference_id", "kind", "at"),
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
    at: Mapped[datetime] = mapped_column(default=_as_scanned)
    passed: Mapped[bool] = mapped_column(default=_as_answered)
    again: Mapped[bool] = mapped_column(default=False)
    cleared: Mapped[bool] = mapped_column(default=False)
    objection: Mapped[str | None] = mapped_column(sa.String(30))
    doubt: Mapped[bool] = mapped_column(default=False)
    decided: Mapped[str | None] = mapped_column(sa.String(30))
    snapshot: Mapped[str | None] = mapped_column(sa.String(60))
    about_key: Mapped[str | None] = mapped_column(sa.String(40))
    entered_as: Mapped[str | None] = mapped_column(sa.String(120))
    entered_form: Mapped[str | None] = mapped_column(sa.String(20))
    entered_post: Mapped[str | None] = mapped_column(sa.String(300))
    said: Mapped[str | None] = mapped_column(sa.String(500))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))


class Admission(OfConference, Model):
    """A delegate has come, as the facts say; the index lets nobody come twice. `out_at`: outside at the moment."""

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
    out_at: Mapped[datetime | None]


class DoorConflict(OfConference, Model):
    """Facts at the door that do not go together, for a person to judge (lượt vào cần xem lại).

    `scan_id` is the fact that stands out, `other_id` the one that it stands against, if there is one. One that the
    facts no longer show has `gone_at`; what was judged can be opened again, the journal keeps both.
    """

    __tablename__ = "door_conflicts"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "kind", "scan_id"),
        sa.CheckConstraint("(judged_at IS NULL) = (decision IS NULL)", name="judged_is_whole"),
        sa.Index("ix_door_conflicts_open", "conference_id", "judged_at", "gone_at"),
    )

    kind: Mapped[str] = mapped_column(sa.String(20))
    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"), index=True)
    scan_id: Mapped[int] = mapped_column(sa.ForeignKey("scans.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int | None] = mapped_column(sa.ForeignKey("scans.id", ondelete="CASCADE"))
    other_delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"))
    found_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    decision: Mapped[str | None] = mapped_column(sa.String(20))
    note: Mapped[str | None] = mapped_column(sa.String(300))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class
