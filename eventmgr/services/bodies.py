"""Bodies: agencies and units whose people are invited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.text import query_words, same_text
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.journal import record
from eventmgr.services.delegate_keys import body_search_key, refresh_keys
from eventmgr.services.paging import Page, kept_inside
from eventmgr.services.typed import count, free_key, needed, optional

SIZE = 100
NO_GROUP = 0


@dataclass(frozen=True)
class BodyFacts:
    """What the office says about a body; `seat_in_group` is why it stands in its group."""

    name: str
    group_id: int | None = None
    quota: int | None = None
    seat_in_group: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class BodyRow:
    """A body and how many delegates it has."""

    body: Body
    delegates: int


@dataclass(frozen=True)
class BodyChoice:
    """A body that can be chosen in a form; `group` names the heading it stands under."""

    id: int
    name: str
    group: str


def body_page(
    conference_id: int, query: str = "", group_id: int | None = None, *, archived: bool = False, number: int = 1
) -> Page[BodyRow]:
    """Return a page of bodies by group, those without a group last, in two queries; NO_GROUP asks for these only."""
    people = (
        sa.select(Delegate.body_id, sa.func.count(Delegate.id).label("people"))
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        .group_by(Delegate.body_id)
        .subquery()
    )
    wanted = sa.select(Body).where(Body.conference_id == conference_id)
    wanted = wanted.where(Body.archived_at.is_not(None) if archived else Body.archived_at.is_(None))
    for word in query_words(query):
        wanted = wanted.where(Body.search_key.contains(f" {word}", autoescape=True))
    if group_id is not None:
        wanted = wanted.where(Body.group_id.is_(None) if group_id == NO_GROUP else Body.group_id == group_id)
    total = int(db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0)
    number = kept_inside(number, total, SIZE)
    rows = db.session.execute(
        wanted.add_columns(sa.func.coalesce(people.c.people, 0))
        .outerjoin(Group, Group.id == Body.group_id)
        .outerjoin(people, people.c.body_id == Body.id)
        .options(contains_eager(Body.group))
        .order_by(*_order())
        .limit(SIZE)
        .offset((number - 1) * SIZE)
    )
    return Page([BodyRow(*row) for row in rows], number, total, SIZE)


def body_choices(conference_id: int, also: int | None = None) -> list[BodyChoice]:
    """Return the bodies to choose from, by group; `also` is one that stays even when it is archived."""
    rows = db.session.execute(
        sa.select(Body.id, Body.name, sa.func.coalesce(Group.short_label, Group.label, "Chưa xếp nhóm"))
        .outerjoin(Group, Group.id == Body.group_id)
        .where(Body.conference_id == conference_id, sa.or_(Body.archived_at.is_(None), Body.id == also))
        .order_by(*_order())
    )
    return [BodyChoice(*row) for row in rows]


def body_counts(conference_id: int) -> tuple[int, int]:
    """Return how many bodies are in use and how many are archived."""
    row = db.session.execute(
        sa.select(sa.func.count(Body.id), sa.func.count(Body.archived_at)).where(Body.conference_id == conference_id)
    ).one()
    return row[0] - row[1], row[1]


def linked_bodies(conference_id: int, group_id: int | None = None, body_id: int | None = None) -> list[Body]:
    """Return the bodies that have a link, by group, to be printed; `body_id` is one of them. Raises NotFound."""
    if body_id is not None:
        get_body(conference_id, body_id)
    wanted = sa.select(Body).where(Body.conference_id == conference_id, Body.link_seed.is_not(None), Body.archived_at.is_(None))
    if group_id is not None:
        wanted = wanted.where(Body.group_id == group_id)
    if body_id is not None:
        wanted = wanted.where(Body.id == body_id)
    wanted = wanted.outerjoin(Group, Group.id == Body.group_id).options(contains_eager(Body.group))
    return list(db.session.scalars(wanted.order_by(*_order())))


def get_body(conference_id: int, body_id: int) -> Body:
    """Return one body; raises NotFound."""
    found = db.session.get(Body, body_id)
    if found is None or found.conference_id != conference_id:
        raise NotFound("Không có đơn vị này trong hội nghị.")
    return found


def add_body(conference_id: int, facts: BodyFacts, by: int) -> Body:
    """Add a body at the end of its group; raises Invalid."""
    values = _checked(facts)
    try:
        with transaction():
            _refuse(conference_id, values)
            taken = set(db.session.scalars(sa.select(Body.key).where(Body.conference_id == conference_id)))
            last = db.session.scalar(sa.select(sa.func.max(Body.position)).where(Body.conference_id == conference_id))
            body = Body(
                conference_id=conference_id, key=free_key(facts.name, taken, 60), position=(last or 0) + 1, **values
            )
            body.search_key = body_search_key(body.name, body.seat_in_group)
            db.session.add(body)
            db.session.flush()
            _note(body, "body.added", by, f"Thêm đơn vị {body.name}.")
    except IntegrityError as error:
        raise Conflict("Đơn vị này vừa có người thêm. Mở lại danh sách.") from error
    return body


def edit_body(conference_id: int, body_id: int, facts: BodyFacts, by: int) -> Body:
    """Change a body; its delegates are found under the new name at once. Raises Invalid or NotFound."""
    values = _checked(facts)
    with transaction():
        body = get_body(conference_id, body_id)
        _refuse(conference_id, values, but=body_id)
        changed = sorted(name for name, value in values.items() if getattr(body, name) != value)
        for name in changed:
            setattr(body, name, values[name])
        if {"name", "seat_in_group"} & set(changed):
            body.search_key = body_search_key(body.name, body.seat_in_group)
            db.session.flush()
            refresh_keys(conference_id, Delegate.body_id == body_id)
        if changed:
            _note(body, "body.edited", by, f"Sửa đơn vị {body.name}.", changed=changed)
    return body


def set_archived(conference_id: int, body_id: int, archived: bool, by: int) -> None:
    """Put a body away, or take it back; raises Conflict while delegates belong to it."""
    at = clock.now()
    with transaction():
        body = get_body(conference_id, body_id)
        if (body.archived_at is not None) == archived:
            return
        people = db.session.scalar(
            sa.select(sa.func.count(Delegate.id)).where(Delegate.body_id == body_id, Delegate.removed_at.is_(None))
        )
        if archived and people:
            raise Conflict(f"Đơn vị còn {people} đại biểu. Chuyển họ sang đơn vị khác trước khi cất đi.")
        body.archived_at = at if archived else None
        verb, word = ("body.archived", "Cất") if archived else ("body.restored", "Dùng lại")
        _note(body, verb, by, f"{word} đơn vị {body.name}.")


def _order() -> tuple[sa.ColumnElement[int], ...]:
    by_group = sa.func.coalesce(Group.position, 1_000_000)
    return by_group, Body.position.expression, Body.id.expression


def _checked(facts: BodyFacts) -> dict[str, object]:
    name = needed(facts.name, "name", 300)
    seat = optional(facts.seat_in_group, "seat_in_group", 200)
    return {
        "name": name,
        "group_id": facts.group_id,
        "quota": count(facts.quota, "quota"),
        "seat_in_group": seat,
        "email": optional(facts.email, "email", 254),
        "phone": optional(facts.phone, "phone", 60),
    }


def _refuse(conference_id: int, values: dict[str, object], but: int | None = None) -> None:
    if values["group_id"] is not None:
        group = db.session.get(Group, values["group_id"])
        if group is None or group.conference_id != conference_id:
            raise Invalid("Chọn nhóm trong danh sách.", "group_id")
    known = db.session.execute(sa.select(Body.id, Body.name).where(Body.conference_id == conference_id))
    if any(same_text(str(values["name"]), name) for body_id, name in known if body_id != but):
        raise Invalid("Đã có đơn vị mang tên này, có thể đang được cất.", "name")


def _note(body: Body, verb: str, by: int, sentence: str, **details: Any) -> None:
    record(
        verb,
        clock.now(),
        conference_id=body.conference_id,
        account_id=by,
        subject="body",
        subject_id=body.id,
        sentence=sentence,
        **details,
    )
