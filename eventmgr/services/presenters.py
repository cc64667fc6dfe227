"""Who speaks to each step: in the room or not, since when, who stands in, and the paper that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.delegates import AddressForm
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.script import upper_first
from eventmgr.domain.text import clean
from eventmgr.models.agenda import Item
from eventmgr.models.database import db, transaction
from eventmgr.models.directing import StandIn
from eventmgr.models.journal import record
from eventmgr.services.agenda_rows import called, hold_order, own
from eventmgr.services.papers import kept_papers
from eventmgr.services.stage_people import StagePerson, find, people_by_id, person_of

AHEAD = 2
"""How many steps ahead a missing presenter is told of."""


@dataclass(frozen=True)
class StepPaper:
    """A paper that goes with a step; `file_of` is its number once there is a file, `label` kind and weight of that."""

    title: str
    file_of: int | None = None
    label: str = ""


@dataclass(frozen=True)
class StepPresenter:
    """What is known of a step's presenter; `person` is None where only words name one."""

    step_id: int
    person: StagePerson | None
    stands_in: bool
    papers: tuple[StepPaper, ...]

    @property
    def missing(self) -> bool:
        """Whether a known person has not come in."""
        person = self.person
        return person is not None and person.delegate_id is not None and (person.admitted_at is None or person.out_at is not None)


def presenters(conference_id: int) -> dict[int, StepPresenter]:
    """Return what is known of each item's presenter; six queries at most."""
    items = list(db.session.scalars(sa.select(Item).where(Item.conference_id == conference_id)))
    stand_ins = {
        one.item_id: one
        for one in db.session.scalars(
            sa.select(StandIn).where(StandIn.conference_id == conference_id, StandIn.removed_at.is_(None))
        )
    }
    ids = {item.delegate_id for item in items} | {one.delegate_id for one in stand_ins.values()}
    people, papers = people_by_id(conference_id, {one for one in ids if one}), _papers(conference_id)
    by_id = {item.id: item for item in items}
    made = {}
    for item in items:
        above = by_id.get(item.parent_id or 0)
        held = stand_ins.get(item.id)
        named = people.get(item.delegate_id or 0)
        if named is None and above is not None and not item.presenter:
            named = people.get(above.delegate_id or 0)
        beside = papers.get(item.id, ()) + (papers.get(above.id, ()) if above else ())
        made[item.id] = StepPresenter(item.id, _typed(held, people) if held else named, held is not None, beside)
    return made


def missing_soon(known: dict[int, StepPresenter], coming: Sequence[int]) -> list[StepPresenter]:
    """Return the presenters of the next steps who have not come in; `coming` are the open steps in their order."""
    return [known[one] for one in coming[:AHEAD] if one in known and known[one].missing]


def candidates(conference_id: int, query: str) -> list[StagePerson]:
    """Return delegates whom the query finds."""
    return find(conference_id, query)


@dataclass(frozen=True)
class Instead:
    """Who stands in: a delegate of the list, or a name with a post."""

    delegate_id: int | None = None
    form: str = AddressForm.COMRADE.value
    name: str = ""
    post: str = ""


def set_stand_in(conference_id: int, item_id: int, instead: Instead, by: int, actor: str = "") -> None:
    """Let somebody else speak to an item; the programme keeps the first name. Another stand-in is replaced.

    Raises NotFound, Invalid without a name, Conflict when somebody named another one in the same moment.
    """
    at = clock.now()
    person = person_of(conference_id, instead.delegate_id) if instead.delegate_id is not None else _checked(instead)
    try:
        with transaction():
            hold_order(conference_id)
            item = own(conference_id, item_id)
            _take_away(item_id)
            facts = (
                {"delegate_id": instead.delegate_id}
                if instead.delegate_id is not None
                else {"name": person.name, "post": person.post or None, "address_form": person.form.value}
            )
            row = StandIn(conference_id=conference_id, item_id=item_id, set_at=at, set_by_id=by, **facts)
            db.session.add(row)
            db.session.flush()
            record(
                "stage.stand_in_set", at, conference_id=conference_id, account_id=by, actor=actor, subject="delegate",
                subject_id=instead.delegate_id,
                sentence=f"{upper_first(person.presenter.short)} trình bày thay ở {called(item)}.", item=item_id,
            )
    except IntegrityError as error:
        raise Conflict("Có người vừa đặt người trình bày thay cho mục này. Xem lại rồi chọn.") from error


def remove_stand_in(conference_id: int, item_id: int, by: int, actor: str = "") -> None:
    """Let the programme's presenter speak again; it changes nothing where nobody stands in. Raises NotFound."""
    at = clock.now()
    with transaction():
        hold_order(conference_id)
        item = own(conference_id, item_id)
        if _take_away(item_id):
            record(
                "stage.stand_in_removed", at, conference_id=conference_id, account_id=by, actor=actor, subject="item",
                subject_id=item_id, sentence=f"Người trình bày {called(item)} trở lại theo chương trình.",
            )


def _take_away(item_id: int) -> bool:
    done = db.session.execute(
        sa.update(StandIn).where(StandIn.item_id == item_id, StandIn.removed_at.is_(None)).values(removed_at=clock.now())
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _typed(row: StandIn, people: dict[int, StagePerson]) -> StagePerson | None:
    if row.delegate_id is not None:
        return people.get(row.delegate_id)
    return StagePerson(None, AddressForm(row.address_form or AddressForm.COMRADE.value), row.name, row.post or "")


def _checked(instead: Instead) -> StagePerson:
    name, post = clean(instead.name), clean(instead.post)
    if not name:
        raise Invalid("Ghi họ tên người trình bày thay, hoặc chọn trong danh sách đại biểu.", "name")
    if len(name) > 120 or len(post) > 300:
        raise Invalid("Họ tên dài nhất 120 ký tự, chức vụ dài nhất 300 ký tự.", "name")
    if instead.form not in set(AddressForm):
        raise Invalid("Chọn cách xưng hô trong danh sách.", "form")
    return StagePerson(None, AddressForm(instead.form), name, post)


def _papers(conference_id: int) -> dict[int, tuple[StepPaper, ...]]:
    found: dict[int, tuple[StepPaper, ...]] = {}
    for one in kept_papers(conference_id):
        if one.item_id is not None:
            made = StepPaper(one.paper.title, one.paper.id if one.file else None, one.label)
            found[one.item_id] = (*found.get(one.item_id, ()), made)
    return found
