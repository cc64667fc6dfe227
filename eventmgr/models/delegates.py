"""Groups, bodies, the ranks of posts, and delegates."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventmgr.models.database import Model, OfConference, one_of

# Keys are ASCII and their order is that of their bytes; a server's own collation would put them in another.
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

GROUP_ROLES = ("guest", "delegate", "honouree", "press", "chair", "staff")
ADDRESS_FORMS = ("đồng chí", "ông", "bà")


class Group(OfConference, Model):
    """A group of invitees in the plan's order, which is not the order of precedence."""

    __tablename__ = "groups"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "key"),
        one_of("role", *GROUP_ROLES),
        one_of("address_form", *ADDRESS_FORMS),
        sa.CheckConstraint("quota IS NULL OR quota >= 0", name="quota_not_negative"),
        sa.CheckConstraint("freeze_at IS NULL OR reply_by IS NULL OR freeze_at >= reply_by", name="freeze_after_deadline"),
    )

    key: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(sa.String(300))
    short_label: Mapped[str | None] = mapped_column(sa.String(120))
    printed: Mapped[str | None] = mapped_column(sa.String(300))
    line: Mapped[int | None]
    bloc: Mapped[str] = mapped_column(sa.String(40))
    invited_as: Mapped[str] = mapped_column(sa.String(40))
    role: Mapped[str] = mapped_column(sa.String(20))
    address_form: Mapped[str] = mapped_column(sa.String(20))
    is_host: Mapped[bool] = mapped_column(default=False)
    quota: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(sa.String(500))
    reply_by: Mapped[datetime | None]
    freeze_at: Mapped[datetime | None]


class Body(OfConference, Model):
    """An agency or unit; it may stand in a group with a quota, or only be known by name.

    The link to its page stands behind a random seed and a digest, as a pass does; without them there is no link.
    """

    __tablename__ = "bodies"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "key"),
        sa.CheckConstraint("quota IS NULL OR quota >= 0", name="quota_not_negative"),
        sa.CheckConstraint("(link_seed IS NULL) = (link_digest IS NULL)", name="link_is_whole"),
    )

    key: Mapped[str] = mapped_column(sa.String(60))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(300))
    printed: Mapped[str | None] = mapped_column(sa.String(300))
    bloc: Mapped[str | None] = mapped_column(sa.String(40))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="SET NULL"), index=True)
    seat_in_group: Mapped[str | None] = mapped_column(sa.String(200))
    quota: Mapped[int | None]
    origin: Mapped[str] = mapped_column(sa.String(20), default="office")
    search_key: Mapped[str] = mapped_column(sa.Text, default="")
    archived_at: Mapped[datetime | None]
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(60))
    link_seed: Mapped[str | None] = mapped_column(sa.String(32))
    link_digest: Mapped[str | None] = mapped_column(sa.String(64), index=True, unique=True)
    link_made_at: Mapped[datetime | None]
    link_opened_at: Mapped[datetime | None]

    group: Mapped[Group | None] = relationship(lazy="raise")


class Rank(OfConference, Model):
    """A line of the order of precedence, edited by the office."""

    __tablename__ = "ranks"
    __table_args__ = (sa.UniqueConstraint("conference_id", "value"),)

    value: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(300))
    bloc: Mapped[str | None] = mapped_column(sa.String(40))


class Delegate(OfConference, Model):
    """An invitee: a person, or a post that has no name yet; a companion (driver, secretary) stands beside its delegate."""

    __tablename__ = "delegates"
    __table_args__ = (
        sa.CheckConstraint("full_name IS NOT NULL OR first_post IS NOT NULL", name="name_or_post"),
        one_of("address_form", *ADDRESS_FORMS),
        sa.CheckConstraint("companion_of_id <> id", name="companion_of_another"),
        sa.UniqueConstraint("conference_id", "key"),
        sa.Index("ix_delegates_precedence", "conference_id", "precedence_key"),
        sa.Index("ix_delegates_name", "conference_id", "name_key"),
    )

    key: Mapped[str | None] = mapped_column(sa.String(60))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="RESTRICT"), index=True)
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bodies.id", ondelete="SET NULL"), index=True)
    address_form: Mapped[str] = mapped_column(sa.String(20))
    full_name: Mapped[str | None] = mapped_column(sa.String(120))
    sort_given: Mapped[str | None] = mapped_column(sa.String(60))
    first_post: Mapped[str | None] = mapped_column(sa.String(300))
    posts: Mapped[list[str]] = mapped_column(default=list)
    rank: Mapped[int | None]
    manual_position: Mapped[int | None]
    is_host: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str | None] = mapped_column(sa.String(60))
    phone_key: Mapped[str | None] = mapped_column(sa.String(120))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    seat: Mapped[str | None] = mapped_column(sa.String(40))
    alert: Mapped[str | None] = mapped_column(sa.String(300))
    note: Mapped[str | None] = mapped_column(sa.String(500))
    origin: Mapped[str] = mapped_column(sa.String(20), default="office")
    name_key: Mapped[str] = mapped_column(_KEY, default="")
    search_key: Mapped[str] = mapped_column(sa.Text, default="")
    precedence_key: Mapped[str] = mapped_column(_KEY, default="")
    removed_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"), index=True)
    companion_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegates.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    group: Mapped[Group] = relationship(lazy="raise")
    body: Mapped[Body | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @property
    def shown_name(self) -> str:
        """The name, or the post while there is no name."""
        return self.full_name or self.first_post or ""

    @property
    def posts_text(self) -> str:
        """All posts, highest first, as they are written after a name."""
        return ", ".join(self.posts)
