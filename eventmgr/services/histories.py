"""Whose lines of the journal tell a delegate's history; a private part of the services that show it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eventmgr.models.delegates import Delegate


def whole_history(delegate_id: int) -> sa.CompoundSelect[Any]:
    """Return the numbers of a delegate and of those merged into it, for use with IN."""
    once = sa.select(Delegate.id).where(Delegate.merged_into_id == delegate_id)
    twice = sa.select(Delegate.id).where(Delegate.merged_into_id.in_(once))
    return sa.union(sa.select(sa.literal(delegate_id)), once, twice)
