"""What happened: when, who, verb, subject. Append only; live screens are told from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.domain.contacts import masked, masked_details
from eventmgr.models.database import Base, HasId, Model, db, insert_many
from eventmgr.models.journal_guard import guard_after


class Entry(HasId, Model):
    """One line of the journal."""

    __tablename__ = "journal"
    __table_args__ = (sa.Index("ix_journal_conference", "conference_id", "id"),)

    conference_id: Mapped[int | None] = mapped_column(sa.ForeignKey("conferences.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(sa.String(120), default="")
    verb: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(40), default="")
    subject_id: Mapped[int | None]
    sentence: Mapped[str] = mapped_column(sa.String(500), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Seal(Model):
    """A line of the journal, chained to the one before it; what it says about persons is in a digest of its own.

    The salt goes when the personal part is blanked, so that nobody can guess it back from its digest; the chain holds.
    """

    __tablename__ = "journal_seals"

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[str] = mapped_column(sa.String(64))
    personal: Mapped[str] = mapped_column(sa.String(64))
    salt: Mapped[str | None] = mapped_column(sa.String(32))
    hash: Mapped[str] = mapped_column(sa.String(64))
    blanked_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]


guard_after(Base.metadata)


def record(
    verb: str,
    at: datetime,
    *,
    conference_id: int | None,
    account_id: int | None = None,
    actor: str = "",
    subject: str = "",
    subject_id: int | None = None,
    sentence: str = "",
    **details: Any,
) -> None:
    """Write one line of the journal inside the open transaction; `sentence` is what the desk shows.

    Telephone numbers and e-mail addresses are masked before they are stored.
    """
    if not db.session().info.get("writing"):
        raise RuntimeError("the journal is written inside a transaction")
    values = {
        "verb": verb, "at": at, "conference_id": conference_id, "account_id": account_id, "actor": masked(actor)[:120],
        "subject": subject, "subject_id": subject_id, "sentence": masked(sentence)[:500], "details": masked_details(details),
    }  # fmt: skip
    insert_many(Entry, [values])  # every scan writes a line: no mapped object is made for it
