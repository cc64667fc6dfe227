"""The programme of a conference as everybody reads it: page, paper, calendar, stage and editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import sqlalchemy as sa

from eventmgr.domain.dates import hour_text, long_date, short_date
from eventmgr.domain.delegates import posts_with_body
from eventmgr.domain.errors import NotFound
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.programme import Line, Minutes, Node, minutes_of, order_version, planned_end, tree
from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference, Plan
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate

LATER = "Thời gian cụ thể sẽ có Giấy mời sau"


@dataclass(frozen=True)
class Presenter:
    """The person who is known to present an item; `posts` are written after the name."""

    delegate_id: int
    address_form: str
    full_name: str
    posts: str


@dataclass(frozen=True)
class ProgrammeItem:
    """An item of the programme; one with `subs` is a heading that nobody speaks.

    `number` is what it is called by ('4', '4.(2)', '1a'), `mark` what is printed before it. `presenter` is None
    where nobody is named. `starts` (local time) and `minutes` are None while open. `titled` is False for a heading
    that the plan does not print: it prints the sub-items alone.
    """

    id: int
    number: str
    mark: str
    title: str
    kind: ItemKind
    presenter_kind: PresenterKind
    presenter: str | None
    person: Presenter | None
    minutes: int | None
    starts: time | None
    script: str | None
    titled: bool = True
    subs: tuple[ProgrammeItem, ...] = ()

    @property
    def order_version(self) -> str:
        """What a screen has seen of the order of the sub-items."""
        return order_version(sub.id for sub in self.subs)


@dataclass(frozen=True)
class Version:
    """A published programme: its number from 1, when, by whom, and what was changed since the one before."""

    number: int
    published_at: datetime
    published_by: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Programme:
    """The programme with what stands at its head; times are local, open things None.

    `version` is None for the one that the office works on, and while none is published.
    """

    conference_id: int
    slug: str
    title: str
    kind: str
    organiser: str
    chair: str | None
    venue: str | None
    venue_address: str | None
    held_on: date | None
    starts_at: time | None
    ends_at: time | None
    date_is_assumed: bool
    date_text: str | None
    sessions: str | None
    source_note: tuple[str, ...]
    items: tuple[ProgrammeItem, ...]
    minutes: Minutes
    planned_end: time | None
    version: Version | None = None

    @property
    def steps(self) -> tuple[ProgrammeItem, ...]:
        """What is spoken, in its order."""
        return tuple(step for item in self.items for step in (item.subs or (item,)))

    @property
    def order_version(self) -> str:
        """What a screen has seen of the order of the top items."""
        return order_version(item.id for item in self.items)

    @property
    def when(self) -> str:
        """When it is, in words: '07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015 (giả định)', or that it is open."""
        if self.held_on is None:
            return f"{self.date_text[:1].upper()}{self.date_text[1:]}. {LATER}" if self.date_text else LATER
        hour = f"{hour_text(self.starts_at)}, " if self.starts_at else ""
        return f"{hour}{long_date(self.held_on)}{' (giả định)' if self.date_is_assumed else ''}"

    @property
    def where(self) -> str:
        """Where it is, in words; empty while open."""
        return ", ".join(part for part in (self.venue, self.venue_address) if part)


@dataclass(frozen=True)
class ItemRow:
    """A row of the programme as it is stored, now or in a published version; `fixed_at` is a promised hour, "09:30"."""

    id: int
    parent_id: int | None
    position: int
    mark: str
    title: str
    kind: str
    presenter_kind: str
    presenter: str | None
    delegate_id: int | None
    minutes: int | None
    titled: bool = True
    script: str | None = None
    fixed_at: str | None = None


def programme(conference_id: int) -> Programme:
    """Return the programme that the office works on, in a fixed number of queries; raises NotFound."""
    conference = db.session.get(Conference, conference_id)
    if conference is None:
        raise NotFound("Không có hội nghị này.")
    return assembled(conference, rows_of(conference_id))


def rows_of(conference_id: int) -> list[ItemRow]:
    """Return the stored rows of the programme that the office works on."""
    asked = sa.select(Item).where(Item.conference_id == conference_id).order_by(Item.position, Item.id)
    return [
        ItemRow(
            item.id, item.parent_id, item.position, item.mark, item.title, item.kind, item.presenter_kind, item.presenter,
            item.delegate_id, item.minutes,
            titled=item.line is None or bool(item.printed and not item.printed.startswith("-")), script=item.script,
            fixed_at=f"{item.fixed_at:%H:%M}" if item.fixed_at else None,
        )
        for item in db.session.scalars(asked)
    ]


def assembled(conference: Conference, rows: Sequence[ItemRow], version: Version | None = None) -> Programme:
    """Return rows as a programme: numbered, timed, with the names that its presenters have today."""
    nodes = tree((_line(row) for row in rows), conference.starts_at)
    by_id, people = {row.id: row for row in rows}, people_of(conference.id, rows)
    return Programme(
        conference_id=conference.id,
        slug=conference.slug,
        title=conference.title,
        kind=conference.kind,
        organiser=conference.organiser,
        chair=conference.chair,
        venue=conference.venue,
        venue_address=conference.venue_address,
        held_on=conference.held_on,
        starts_at=conference.starts_at,
        ends_at=conference.ends_at,
        date_is_assumed=conference.date_is_assumed,
        date_text=conference.date_text,
        sessions=conference.sessions,
        source_note=_source_note(conference.id),
        items=tuple(_item(node, by_id, people) for node in nodes),
        minutes=minutes_of(nodes),
        planned_end=planned_end(nodes, conference.starts_at),
        version=version,
    )


def people_of(conference_id: int, rows: Sequence[ItemRow]) -> dict[int, Presenter]:
    """Return the named delegates among the presenters of these rows; one query."""
    found = db.session.execute(
        sa.select(Delegate, Body.name)
        .outerjoin(Body, Body.id == Delegate.body_id)
        .where(
            Delegate.id.in_({row.delegate_id for row in rows if row.delegate_id}),
            Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.full_name.is_not(None),
        )
    )
    return {
        one.id: Presenter(one.id, one.address_form, one.full_name or "", posts_with_body(one.posts, body))
        for one, body in found
    }


def _line(row: ItemRow) -> Line:
    fixed = time.fromisoformat(row.fixed_at) if row.fixed_at else None
    return Line(row.id, row.parent_id, row.position, row.mark, row.minutes, fixed)


def _item(
    node: Node, rows: dict[int, ItemRow], people: dict[int, Presenter], above: ProgrammeItem | None = None
) -> ProgrammeItem:
    row = rows[node.id]
    kind, who = PresenterKind(row.presenter_kind), row.presenter
    person = people.get(row.delegate_id or 0)
    if above is not None and kind is PresenterKind.NOBODY and not who:
        # A dash line without a presenter of its own is spoken by whoever stands beside the whole item.
        kind, who, person = above.presenter_kind, above.presenter, person or above.person
    made = ProgrammeItem(
        id=node.id,
        number=node.number,
        mark=node.mark,
        title=row.title,
        kind=_kind(row.kind),
        presenter_kind=kind,
        presenter=who,
        person=person,
        minutes=node.minutes,
        starts=node.starts,
        script=row.script,
        titled=not node.subs or row.titled,
    )
    if not node.subs:
        return made
    return replace(made, subs=tuple(_item(sub, rows, people, made) for sub in node.subs))


def _kind(stored: str) -> ItemKind:
    return ItemKind(stored) if stored in set(ItemKind) else ItemKind.OTHER


def _source_note(conference_id: int) -> tuple[str, ...]:
    plan = db.session.scalar(sa.select(Plan).where(Plan.conference_id == conference_id))
    if plan is None:
        return ()
    day = f" ngày {short_date(plan.dated_on)}" if plan.dated_on else ""
    return (f"Kèm theo Kế hoạch số {plan.number}{day}", f"của {plan.issuer}")
