"""The programme as stored, turned into the steps, moves and presenters that the stage works with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr.domain import programme, script
from eventmgr.domain.agenda import Move, Step, Verb
from eventmgr.domain.dates import COUNTRY
from eventmgr.domain.errors import NotFound
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.names import AddressForm
from eventmgr.models import agenda
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate

_NO_STEP = -1
_ABOUT_A_STEP = {Verb.START, Verb.NEXT, Verb.BACK, Verb.SKIP}


@dataclass(frozen=True)
class Row:
    """A row of the programme with its number, its presenter and the office's words for it."""

    item: agenda.Item
    number: str
    mark: str
    is_heading: bool
    heading: str | None
    presenter: script.Presenter | None

    @property
    def kind(self) -> ItemKind:
        """What happens in it; a kind that nobody knows any more counts as other."""
        return ItemKind(self.item.kind) if self.item.kind in set(ItemKind) else ItemKind.OTHER

    @property
    def step(self) -> Step:
        """The row as the running order knows it."""
        return Step(self.item.id, self.number, self.item.title, self.item.minutes, self.kind, self.is_heading)

    @property
    def cue(self) -> script.Cue:
        """The row as the script knows it."""
        return script.Cue(self.item.title, self.kind, self.presenter, self.item.script)


def conference_of(conference_id: int) -> Conference:
    """Return the conference; raises NotFound."""
    conference = db.session.get(Conference, conference_id)
    if conference is None:
        raise NotFound("Không có hội nghị này.")
    return conference


def rows_of(conference_id: int) -> list[Row]:
    """Return the rows of the programme in their order, headings before their sub-items; three queries."""
    items = {
        item.id: item for item in db.session.scalars(sa.select(agenda.Item).where(agenda.Item.conference_id == conference_id))
    }
    people = _delegates({item.delegate_id for item in items.values() if item.delegate_id})
    bodies = _bodies({item.body_id for item in items.values() if item.body_id})
    nodes = programme.tree(
        programme.Line(item.id, item.parent_id, item.position, item.mark, item.minutes) for item in items.values()
    )
    rows: list[Row] = []
    for node in nodes:
        item = items[node.id]
        own = _presenter(item, people, bodies)
        rows.append(Row(item, node.number, node.number, bool(node.subs), None, own))
        for sub in node.subs:
            said = _presenter(items[sub.id], people, bodies) or own
            mark = sub.number.removeprefix(node.number).lstrip(".")
            rows.append(Row(items[sub.id], sub.number, mark, False, item.title, said))
    return rows


def moves_of(conference_id: int) -> list[Move]:
    """Return the presses in their order."""
    stored = db.session.scalars(
        sa.select(agenda.Move).where(agenda.Move.conference_id == conference_id).order_by(agenda.Move.seq)
    )
    return [move_of(move) for move in stored]


def move_of(stored: agenda.Move) -> Move:
    """Return a stored press; one about an item that was deleted since is about no step that exists."""
    verb = Verb(stored.verb)
    about = stored.item_id if stored.item_id is not None or verb not in _ABOUT_A_STEP else _NO_STEP
    return Move(stored.seq, stored.press_key, verb, about, stored.at)


def planned_start(conference: Conference) -> datetime | None:
    """Return when the conference is planned to begin, in UTC, or None while day or hour are open."""
    if conference.held_on is None or conference.starts_at is None:
        return None
    return datetime.combine(conference.held_on, conference.starts_at, COUNTRY).astimezone(UTC)


def occasion_of(conference: Conference, rows: Sequence[Row]) -> script.Occasion:
    """Return what the opening words need; the contents are the rows after the one that opens the conference."""
    tops = [row.item.title for row in rows if row.heading is None]
    return script.Occasion(conference.title, conference.organiser, conference.legal_basis, tuple(tops[1:]))


def _delegates(ids: set[int]) -> dict[int, Delegate]:
    asked = sa.select(Delegate).where(Delegate.id.in_(ids)).options(joinedload(Delegate.body))
    return {delegate.id: delegate for delegate in db.session.scalars(asked)}


def _bodies(ids: set[int]) -> dict[int, str]:
    return {body.id: body.name for body in db.session.scalars(sa.select(Body).where(Body.id.in_(ids)))}


def _presenter(item: agenda.Item, people: dict[int, Delegate], bodies: dict[int, str]) -> script.Presenter | None:
    delegate = people.get(item.delegate_id or 0)
    if delegate is not None and delegate.removed_at is None:
        body = delegate.body.name if delegate.body else None
        form = AddressForm(delegate.address_form)
        if delegate.full_name is None:
            return script.holder(form, delegate.posts, body)
        return script.person(form, delegate.full_name, delegate.posts, body)
    return script.written(PresenterKind(item.presenter_kind), item.presenter or "", bodies.get(item.body_id or 0))
