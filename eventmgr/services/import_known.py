"""What a conference knows when a file is compared with it: groups, bodies, living delegates; a private part of imports."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eventmgr.domain.text import spelled_alike
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation

_COLUMNS = (
    Delegate.id, Delegate.full_name, Delegate.group_id, Delegate.body_id, Delegate.posts, Delegate.phone,
    Delegate.phone_key, Delegate.address_form, Delegate.email, Delegate.seat, Delegate.alert, Delegate.note,
    Delegate.version,
)  # fmt: skip


def groups_of(conference_id: int) -> tuple[dict[str, int], dict[int, tuple[str, str]]]:
    """Return the groups by each of their names, spelled alike, and (short name, form of address) of each."""
    found: dict[str, int] = {}
    names = {}
    rows = db.session.execute(
        sa.select(Group.id, Group.label, Group.short_label, Group.printed, Group.address_form)
        .where(Group.conference_id == conference_id).order_by(Group.position)
    )  # fmt: skip
    for row in rows:
        names[row.id] = (row.short_label or row.label, row.address_form)
        for text in (row.label, row.short_label, row.printed):
            if text:
                found.setdefault(spelled_alike(text), row.id)
    return found, names


def bodies_of(conference_id: int) -> tuple[dict[str, int], dict[int, tuple[str, int | None]]]:
    """Return the bodies in use by each of their names, spelled alike, and (name, group) of each."""
    found: dict[str, int] = {}
    known = {}
    rows = db.session.execute(
        sa.select(Body.id, Body.name, Body.printed, Body.group_id, Body.archived_at)
        .where(Body.conference_id == conference_id).order_by(Body.archived_at.is_not(None), Body.position)
    )  # fmt: skip
    for row in rows:
        known[row.id] = (row.name, row.group_id)
        for text in (row.name, row.printed):
            if text and row.archived_at is None:
                found.setdefault(spelled_alike(text), row.id)
    return found, known


def living(conference_id: int) -> Any:
    """Return the query for the delegates on the list, plain columns."""
    return (
        sa.select(*_COLUMNS)
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        .order_by(Delegate.id)
    )


def issued(conference_id: int) -> sa.Select[int]:
    """Return the query for the ids of those whose letter is out."""
    return sa.select(Invitation.delegate_id).where(
        Invitation.conference_id == conference_id, Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None)
    )
