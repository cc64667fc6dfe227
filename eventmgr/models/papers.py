"""Files of the conference's papers: what was uploaded, who may have it and from when, and who opened it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import Model, OfConference, one_of

RELEASES = ("held", "now", "at", "item")


class PaperFile(OfConference, Model):
    """The file of a paper; another upload takes its place. `opened` counts the downloads of those without a name.

    `told_at` says when the screens were told that a promised hour has come.
    """

    __tablename__ = "paper_files"
    __table_args__ = (
        sa.UniqueConstraint("paper_id"),
        sa.UniqueConstraint("kept_as"),
        one_of("release", *RELEASES),
        sa.CheckConstraint("(release = 'at') = (release_at IS NOT NULL)", name="hour_when_promised"),
        sa.CheckConstraint("bytes > 0", name="not_empty"),
    )

    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("papers.id", ondelete="CASCADE"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    suffix: Mapped[str] = mapped_column(sa.String(10))
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    kept_as: Mapped[str] = mapped_column(sa.String(60))
    release: Mapped[str] = mapped_column(sa.String(10))
    release_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))


class PaperOpening(OfConference, Model):
    """The first time that a delegate opened a file."""

    __tablename__ = "paper_openings"
    __table_args__ = (sa.UniqueConstraint("file_id", "delegate_id"),)

    file_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_files.id", ondelete="CASCADE"))
    delegate_id: Mapped[int] = mapped_column(sa.ForeignKey("delegates.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
