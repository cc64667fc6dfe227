"""The office's own texts in its letters: of a conference, and of a group where it says something else."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventmgr.models.database import Model, OfConference, one_of

BLOCKS = ("subject", "opening", "purpose", "notes", "prepare", "reply", "closing", "code")


class WordingBlock(OfConference, Model):
    """One text in place of the default; without a group it counts for the whole conference.

    An empty text leaves the block out of the letter.
    """

    __tablename__ = "wording_blocks"
    __table_args__ = (
        one_of("block", *BLOCKS),
        sa.Index(
            "uq_wording_blocks_conference",
            "conference_id",
            "block",
            unique=True,
            sqlite_where=sa.text("group_id IS NULL"),
            postgresql_where=sa.text("group_id IS NULL"),
        ),
        sa.Index(
            "uq_wording_blocks_group",
            "group_id",
            "block",
            unique=True,
            sqlite_where=sa.text("group_id IS NOT NULL"),
            postgresql_where=sa.text("group_id IS NOT NULL"),
        ),
    )

    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"))
    block: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text)

    @property
    def plan_key(self) -> str:
        """What the plan file calls it; a group's own text has no place there."""
        return self.block if self.group_id is None else f"{self.block}@{self.group_id}"
