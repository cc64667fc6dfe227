"""What bodies propose for awards: agreed numbers, the deadline, dossiers with their entries and files, and who did what when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventmgr.models.awards import AwardForm
from eventmgr.models.database import Model, OfConference, one_of
from eventmgr.models.delegates import Body

DOSSIER_STATES = ("draft", "submitted", "returned", "checked", "withdrawn")
ENTRY_STATES = ("proposed", "agreed", "decided", "refused", "withdrawn", "cancelled")
LIST_STATES = ("ready", "stored", "undone")
FILE_KINDS = ("proposal", "report", "minutes", "other")


class AwardTerms(OfConference, Model):
    """Until when dossiers are on time (`dossiers_before`: strictly before that day), and what the numbers rest on."""

    __tablename__ = "award_terms"
    __table_args__ = (sa.UniqueConstraint("conference_id"),)

    dossiers_before: Mapped[date | None]
    basis: Mapped[str | None] = mapped_column(sa.String(500))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class AwardQuota(OfConference, Model):
    """How many collectives and individuals of a body were agreed for one form of award."""

    __tablename__ = "award_quotas"
    __table_args__ = (
        sa.UniqueConstraint("form_id", "body_id"),
        sa.CheckConstraint("collectives >= 0 AND individuals >= 0", name="not_negative"),
    )

    form_id: Mapped[int] = mapped_column(sa.ForeignKey("award_forms.id", ondelete="CASCADE"))
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("bodies.id", ondelete="CASCADE"), index=True)
    collectives: Mapped[int]
    individuals: Mapped[int]
    basis: Mapped[str | None] = mapped_column(sa.String(300))


class Dossier(OfConference, Model):
    """A body's proposal ("tờ trình") with its list; it is the body's to change while it is a draft or was returned."""

    __tablename__ = "dossiers"
    __table_args__ = (
        one_of("state", *DOSSIER_STATES),
        sa.CheckConstraint("state IN ('draft', 'withdrawn') OR first_submitted_at IS NOT NULL", name="submitted_once"),
        sa.Index("ix_dossiers_state", "conference_id", "state", "id"),
    )

    body_id: Mapped[int] = mapped_column(sa.ForeignKey("bodies.id", ondelete="CASCADE"), index=True)
    number: Mapped[str | None] = mapped_column(sa.String(60))
    dated_on: Mapped[date | None]
    words: Mapped[str | None] = mapped_column(sa.String(500))
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    created_at: Mapped[datetime]
    first_submitted_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    is_late: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    body: Mapped[Body] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class DossierEntry(OfConference, Model):
    """A collective or a person that a dossier proposes; a decision makes an honouree of it.

    `place` is where the office put it among all entries of its form and kind; without one it stands by body and dossier.
    """

    __tablename__ = "dossier_entries"
    __table_args__ = (
        one_of("kind", "collective", "individual"),
        one_of("state", *ENTRY_STATES),
        sa.UniqueConstraint("dossier_id", "form_id", "kind", "printed_name", "post"),
        sa.CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name="refused_with_reason"),
        sa.Index("ix_dossier_entries_form", "form_id", "state"),
    )

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossiers.id", ondelete="CASCADE"), index=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("award_forms.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    position: Mapped[int]
    place: Mapped[int | None]
    address_form: Mapped[str | None] = mapped_column(sa.String(20))
    printed_name: Mapped[str] = mapped_column(sa.String(300))
    post: Mapped[str] = mapped_column(sa.String(300), default="")
    achievement: Mapped[str] = mapped_column(sa.String(1000), default="")
    leader_form: Mapped[str | None] = mapped_column(sa.String(20))
    leader_name: Mapped[str | None] = mapped_column(sa.String(120))
    leader_post: Mapped[str | None] = mapped_column(sa.String(300))
    name_key: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    reason: Mapped[str | None] = mapped_column(sa.String(300))
    honouree_id: Mapped[int | None] = mapped_column(sa.ForeignKey("honourees.id", ondelete="SET NULL"), index=True)

    dossier: Mapped[Dossier] = relationship(lazy="raise")
    form: Mapped[AwardForm] = relationship(lazy="raise")


class DossierFile(OfConference, Model):
    """A file of a dossier; its bytes lie on the shelf as `kept_as`, `file_name` is only shown."""

    __tablename__ = "dossier_files"
    __table_args__ = (one_of("kind", *FILE_KINDS), sa.UniqueConstraint("kept_as"), sa.CheckConstraint("size > 0", name="size_positive"))

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossiers.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    suffix: Mapped[str] = mapped_column(sa.String(5))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    kept_as: Mapped[str] = mapped_column(sa.String(200))
    added_at: Mapped[datetime]


class DossierList(OfConference, Model):
    """A spreadsheet on its way into a dossier: its rows at the preview, stored as one unit, perhaps undone.

    `fields` says what each column holds; a row is [number, cells, section, {column: encoding}]. Once stored, `problems`
    has [number, sentence] of the rows left out and `entries` [id, digest, whether it stood as withdrawn before].
    """

    __tablename__ = "dossier_lists"
    __table_args__ = (one_of("state", *LIST_STATES), sa.CheckConstraint("state = 'ready' OR stored_at IS NOT NULL", name="stored_once"))

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossiers.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="ready")
    file_name: Mapped[str] = mapped_column(sa.String(200))
    sheet: Mapped[str] = mapped_column(sa.String(200))
    header_row: Mapped[int]
    headings: Mapped[list[str]] = mapped_column(default=list)
    fields: Mapped[list[str]] = mapped_column(default=list)
    notes: Mapped[list[str]] = mapped_column(default=list)
    rows: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    form_id: Mapped[int | None] = mapped_column(sa.ForeignKey("award_forms.id", ondelete="SET NULL"))
    converts: Mapped[bool] = mapped_column(default=True)
    problems: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    entries: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    created_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    """When the dossier was last handed in as the list was stored; undoing asks whether it still is the same."""


class DossierFact(OfConference, Model):
    """What happened to a dossier or to one entry of it: when, who (`account_id` None: the body itself), in which words."""

    __tablename__ = "dossier_facts"

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossiers.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dossier_entries.id", ondelete="SET NULL"), index=True)
    verb: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    words: Mapped[str | None] = mapped_column(sa.String(500))
