"""Rows of the programme while they are changed; a private part of the services that write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from eventmgr.domain.errors import NotFound
from eventmgr.domain.programme import Line, is_numbered, marks_for, tree
from eventmgr.models.agenda import Item, Move
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db


def hold_order(conference_id: int) -> None:
    """Let nobody else change the order of this programme until the open transaction ends; raises NotFound.

    The row's key stays free, so that scans and replies, which only point to it, go on.
    """
    held = sa.select(Conference.id).where(Conference.id == conference_id).with_for_update(key_share=True)
    if db.session.scalar(held) is None:
        raise NotFound("Không có hội nghị này.")


def own(conference_id: int, item_id: int) -> Item:
    """Return an item of this conference, fresh from the database; raises NotFound."""
    found = db.session.get(Item, item_id, populate_existing=True)
    if found is None or found.conference_id != conference_id:
        raise NotFound("Không có mục này trong chương trình.")
    return found


def siblings(conference_id: int, parent_id: int | None) -> list[Item]:
    """Return the items of one list in their order."""
    wanted = sa.select(Item).where(Item.conference_id == conference_id, Item.parent_id == parent_id)
    return list(db.session.scalars(wanted.order_by(Item.position, Item.id)))


def renumber(rows: Sequence[Item], numbered: bool | None = None) -> None:
    """Give the rows of one list positions from 1 without gaps, and marks that follow their style."""
    top = bool(rows) and rows[0].parent_id is None
    counted = is_numbered([row.mark for row in rows]) if numbered is None else numbered
    marks = [str(place) for place in range(1, len(rows) + 1)] if top else marks_for(len(rows), counted)
    for place, (row, mark) in enumerate(zip(rows, marks, strict=True), start=1):
        row.position, row.mark = place, mark


def was_on_stage(item_ids: Iterable[int]) -> bool:
    """Tell whether the MC's console has pressed a button about one of these items."""
    return db.session.scalar(sa.select(Move.id).where(Move.item_id.in_(list(item_ids))).limit(1)) is not None


def called(item: Item) -> str:
    """Return how an item is named in a sentence: 'mục 4.(2) “Kết quả …”'."""
    rows = db.session.scalars(sa.select(Item).where(Item.conference_id == item.conference_id))
    nodes = tree(Line(row.id, row.parent_id, row.position, row.mark) for row in rows)
    numbers = {node.id: node.number for top in nodes for node in (top, *top.subs)}
    title = item.title if len(item.title) <= 90 else f"{item.title[:89].rstrip()}…"
    return f"mục {numbers.get(item.id, '')} “{title}”"
