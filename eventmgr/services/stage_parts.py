"""The programme as stored, turned into the steps, moves and presenters that the stage works with."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from eventmgr.domain import programme, script
from eventmgr.domain.agenda import Console, Details, Move, RunningOrder, Step, Verb, replay
from eventmgr.domain.dates import COUNTRY
from eventmgr.domain.errors import NotFound
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.names import AddressForm
from eventmgr.models import agenda
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body
from eventmgr.models.directing import StandIn
from eventmgr.services.stage_people import StagePerson, people_by_id

_NO_STEP = 0
_ABOUT_A_STEP = frozenset(Verb) - {Verb.END, Verb.UNDO, Verb.CATCH_UP, Verb.TAKE, Verb.INSERT}


@dataclass(frozen=True)
class Row:
    """A row of the programme: the step, its presenter and the office's own words; `item` None was inserted on the spot.

    `mark` is the number without that of its heading, `heading_id` and `heading` name the row above a sub-item.
    """

    step: Step
    mark: str
    heading_id: int | None
    heading: str | None
    presenter: script.Presenter | None
    item: agenda.Item | None

    @property
    def id(self) -> int:
        """The step's number."""
        return self.step.id

    @property
    def number(self) -> str:
        """What the step is called by."""
        return self.step.number

    @property
    def is_heading(self) -> bool:
        """Whether only its sub-items are spoken."""
        return self.step.heading_only

    @property
    def kind(self) -> ItemKind:
        """What happens in it; a kind that nobody knows any more counts as other."""
        return ItemKind(self.step.kind) if self.step.kind in set(ItemKind) else ItemKind.OTHER

    @property
    def cue(self) -> script.Cue:
        """The row as the script knows it."""
        return script.Cue(self.step.title, self.kind, self.presenter, self.item.script if self.item else None)


def conference_of(conference_id: int) -> Conference:
    """Return the conference; raises NotFound."""
    conference = db.session.get(Conference, conference_id)
    if conference is None:
        raise NotFound("Không có hội nghị này.")
    return conference


def rows_of(conference_id: int) -> list[Row]:
    """Return the rows of the programme in their order, headings before their sub-items; seven queries at most."""
    items = {
        item.id: item for item in db.session.scalars(sa.select(agenda.Item).where(agenda.Item.conference_id == conference_id))
    }
    stand_ins = stand_ins_of(conference_id)
    people = people_by_id(conference_id, {item.delegate_id for item in items.values() if item.delegate_id})
    bodies = _bodies({item.body_id for item in items.values() if item.body_id})
    day = conference_of(conference_id).held_on
    nodes = programme.tree(
        programme.Line(item.id, item.parent_id, item.position, item.mark, item.minutes) for item in items.values()
    )
    rows: list[Row] = []
    for node in nodes:
        item = items[node.id]
        own = _instead(stand_ins.get(item.id), _presenter(item, people, bodies))
        rows.append(Row(_step(item, node.number, day, bool(node.subs)), node.number, None, None, own, item))
        for sub in node.subs:
            below = items[sub.id]
            said = _instead(stand_ins.get(below.id), _presenter(below, people, bodies) or own)
            mark = sub.number.removeprefix(node.number).lstrip(".")
            rows.append(Row(_step(below, sub.number, day), mark, item.id, item.title, said, below))
    return rows


def stand_ins_of(conference_id: int) -> dict[int, script.Presenter]:
    """Return who stands in, by item; both names are kept."""
    rows = list(
        db.session.scalars(sa.select(StandIn).where(StandIn.conference_id == conference_id, StandIn.removed_at.is_(None)))
    )
    people = people_by_id(conference_id, [row.delegate_id for row in rows if row.delegate_id])
    made = {}
    for row in rows:
        person = people.get(row.delegate_id) if row.delegate_id else None
        if row.name:
            form = AddressForm(row.address_form or AddressForm.COMRADE.value)
            made[row.item_id] = script.person(form, row.name, [row.post] if row.post else [], None)
        elif person is not None:
            made[row.item_id] = person.presenter
    return made


def inserted_row(step: Step) -> Row:
    """Return the row of a step that was inserted on the spot."""
    return Row(step, step.number, None, None, script.written(PresenterKind.BODY, step.presenter), None)


def rows_in_order(rows: Sequence[Row], order: RunningOrder) -> list[Row]:
    """Return the rows as they stand now, with what was inserted, in the order that the presses gave them."""
    known = {row.id: row for row in rows}
    return [known.get(run.step.id) or inserted_row(run.step) for run in order.runs]


def cues_around(rows: Sequence[Row], place: int, left_out: Set[int]) -> tuple[script.Cue | None, script.Cue | None]:
    """Return what is spoken before and after the row at a place; `left_out` are the steps that were skipped."""
    before = [row.cue for row in rows[:place] if row.id not in left_out]
    after = [row.cue for row in rows[place + 1 :] if row.id not in left_out]
    return before[-1] if before else None, after[0] if after else None


def order_of(conference: Conference, rows: Sequence[Row], moves: Sequence[Move]) -> RunningOrder:
    """Return the running order that the presses lead to, with the promises of the conference."""
    steps = [row.step for row in rows]
    return replay(steps, moves, planned_start(conference), moment(conference.held_on, conference.must_end_at))


def moves_of(conference_id: int) -> list[Move]:
    """Return the presses in their order."""
    stored = db.session.scalars(
        sa.select(agenda.Move).where(agenda.Move.conference_id == conference_id).order_by(agenda.Move.seq)
    )
    return [move_of(move) for move in stored]


def move_of(stored: agenda.Move) -> Move:
    """Return a stored press; one about an item that was deleted since is about no step that exists."""
    verb = Verb(stored.verb)
    about = -stored.inserted_seq if stored.inserted_seq is not None else stored.item_id
    if about is None and verb in _ABOUT_A_STEP:
        about = _NO_STEP
    console = Console(stored.console, stored.console_name or "") if stored.console else None
    return Move(stored.seq, stored.press_key, verb, about, stored.at, details_of(stored.details), console)


def stored_move(conference_id: int, move: Move, by: int | None) -> agenda.Move:
    """Return the row of a press."""
    about = move.step_id
    return agenda.Move(
        conference_id=conference_id, seq=move.seq, press_key=move.press_id, verb=move.verb.value, at=move.at, account_id=by,
        item_id=about if about is not None and about > 0 else None,
        inserted_seq=-about if about is not None and about < 0 else None,
        details=as_json(move.details),
        console=move.console.id if move.console else None,
        console_name=move.console.name if move.console else None,
    )  # fmt: skip


def as_json(details: Details) -> dict[str, Any]:
    """Return what a press says beyond its step, without what it leaves open."""
    known = {name: getattr(details, name) for name in Details.__dataclass_fields__}
    usual = {name: getattr(Details(), name) for name in known}
    return {name: value for name, value in known.items() if value != usual[name]}


def details_of(stored: dict[str, Any]) -> Details:
    """Return the same from the database."""
    known = {name: value for name, value in stored.items() if name in Details.__dataclass_fields__}
    if "cuts" in known:
        known["cuts"] = tuple((int(step), int(minutes)) for step, minutes in known["cuts"])
    return Details(**known)


def planned_start(conference: Conference) -> datetime | None:
    """Return when the conference is planned to begin, in UTC, or None while day or hour are open."""
    return moment(conference.held_on, conference.starts_at)


def moment(day: date | None, hour: time | None) -> datetime | None:
    """Return a local hour of a day as a moment in UTC, or None while one of them is open."""
    return datetime.combine(day, hour, COUNTRY).astimezone(UTC) if day is not None and hour is not None else None


def occasion_of(conference: Conference, rows: Sequence[Row]) -> script.Occasion:
    """Return what the opening words need; the contents are the rows after the one that opens the conference."""
    tops = [row.step.title for row in rows if row.heading is None]
    return script.Occasion(conference.title, conference.organiser, conference.legal_basis, tuple(tops[1:]), conference.chair)


def _step(item: agenda.Item, number: str, day: date | None, is_heading: bool = False) -> Step:
    fixed = None if is_heading else moment(day, item.fixed_at)
    return Step(item.id, number, item.title, item.minutes, item.kind, is_heading, fixed)


def _bodies(ids: set[int]) -> dict[int, str]:
    return {body.id: body.name for body in db.session.scalars(sa.select(Body).where(Body.id.in_(ids)))}


def _presenter(
    item: agenda.Item, people: dict[int, StagePerson], bodies: dict[int, str]
) -> script.Presenter | None:
    """Whoever the programme names: the person (or who was let come instead), else what it says in words."""
    person = people.get(item.delegate_id or 0)
    if person is not None:
        return person.presenter
    return script.written(PresenterKind(item.presenter_kind), item.presenter or "", bodies.get(item.body_id or 0))


def _instead(stand_in: script.Presenter | None, named: script.Presenter | None) -> script.Presenter | None:
    if stand_in is None:
        return named
    return replace(stand_in, body=stand_in.body or (named.body if named else ""), instead_of=named.short if named else "")
