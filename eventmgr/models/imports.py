"""Lists that were brought in from spreadsheets: each is one unit, with its rows as they stood in the file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import Model, OfConference, one_of

IMPORT_STATES = ("reading", "unread", "mapping", "judging", "ready", "storing", "stored", "undone", "dropped")
VERDICTS = ("unjudged", "new", "changed", "same", "alike", "wrong")
CHOICES = ("same", "other", "skip")


class Import(OfConference, Model):
    """A file on its way in: reading, mapping, preview, stored; a stored one may be undone."""

    __tablename__ = "imports"
    __table_args__ = (one_of("state", *IMPORT_STATES),)

    file_name: Mapped[str] = mapped_column(sa.String(200))
    kept_as: Mapped[str | None] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(10))
    sheets: Mapped[list[str]] = mapped_column(default=list)
    sheet: Mapped[str | None] = mapped_column(sa.String(200))
    header_row: Mapped[int | None]
    headings: Mapped[list[str]] = mapped_column(default=list)
    signature: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    fields: Mapped[list[str]] = mapped_column(default=list)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="SET NULL"))
    converts: Mapped[bool] = mapped_column(default=True)
    notes: Mapped[list[str]] = mapped_column(default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[str | None] = mapped_column(sa.String(500))
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    stored_at: Mapped[datetime | None]
    stored_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))


class ImportRow(OfConference, Model):
    """A row of a file: its cells, what was read from them, what it means for the list, and what was there before."""

    __tablename__ = "import_rows"
    __table_args__ = (
        one_of("verdict", *VERDICTS),
        sa.CheckConstraint("choice IS NULL OR choice IN ('same', 'other', 'skip')", name="choice_known"),
        sa.UniqueConstraint("import_id", "number"),
        sa.Index("ix_import_rows_verdict", "import_id", "verdict", "number"),
    )

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id", ondelete="CASCADE"))
    number: Mapped[int]
    cells: Mapped[list[str]]
    section: Mapped[str] = mapped_column(sa.String(300), default="")
    encodings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    read: Mapped[dict[str, Any]] = mapped_column(default=dict)
    verdict: Mapped[str] = mapped_column(sa.String(10), default="unjudged")
    problems: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list)
    notes: Mapped[list[str]] = mapped_column(default=list)
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"), index=True)
    choice: Mapped[str | None] = mapped_column(sa.String(10))
    is_added: Mapped[bool] = mapped_column(default=False)
    before: Mapped[dict[str, Any] | None]


DOUBT: sa.ColumnElement[str] = ImportRow.read["doubt"].as_string()
"""What somebody should look at in a row before it goes in, or NULL."""
