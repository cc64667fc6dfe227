"""Groups of invitees in the plan's order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.delegates import Bloc, GroupRole
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.text import same_text
from eventmgr.models.checkin import Gate
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import ADDRESS_FORMS, Body, Delegate, Group
from eventmgr.models.journal import record
from eventmgr.services.delegate_keys import refresh_keys
from eventmgr.services.typed import count, free_key, needed, optional


@dataclass(frozen=True)
class GroupFacts:
    """What the office says about a group; `quota` counts people, None is open; the moments are UTC."""

    label: str
    short_label: str | None = None
    role: str = GroupRole.DELEGATE.value
    address_form: str = "đồng chí"
    quota: int | None = None
    is_host: bool = False
    note: str | None = None
    reply_by: datetime | None = None
    freeze_at: datetime | None = None


@dataclass(frozen=True)
class GroupRow:
    """A group and how many bodies, delegates and names it has."""

    group: Group
    bodies: int
    delegates: int
    named: int


def list_groups(conference_id: int) -> list[Group]:
    """Return the groups in the plan's order."""
    return list(
        db.session.scalars(
            sa.select(Group).where(Group.conference_id == conference_id).order_by(Group.position, Group.id)
        )
    )


def group_rows(conference_id: int) -> list[GroupRow]:
    """Return the groups in the plan's order with their counts, in one query."""
    people = (
        sa.select(
            Delegate.group_id,
            sa.func.count(Delegate.id).label("people"),
            sa.func.count(Delegate.full_name).label("named"),
        )
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        .group_by(Delegate.group_id)
        .subquery()
    )
    bodies = (
        sa.select(Body.group_id, sa.func.count(Body.id).label("bodies"))
        .where(Body.conference_id == conference_id, Body.archived_at.is_(None))
        .group_by(Body.group_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(
            Group,
            sa.func.coalesce(bodies.c.bodies, 0),
            sa.func.coalesce(people.c.people, 0),
            sa.func.coalesce(people.c.named, 0),
        )
        .outerjoin(people, people.c.group_id == Group.id)
        .outerjoin(bodies, bodies.c.group_id == Group.id)
        .where(Group.conference_id == conference_id)
        .order_by(Group.position, Group.id)
    )
    return [GroupRow(*row) for row in rows]


def get_group(conference_id: int, group_id: int) -> Group:
    """Return one group; raises NotFound."""
    found = db.session.get(Group, group_id)
    if found is None or found.conference_id != conference_id:
        raise NotFound("Không có nhóm này trong hội nghị.")
    return found


def add_group(conference_id: int, facts: GroupFacts, by: int) -> Group:
    """Add a group at the end; raises Invalid."""
    values = _checked(facts)
    try:
        with transaction():
            known = list_groups(conference_id)
            _refuse_twice(values["label"], known)
            group = Group(
                conference_id=conference_id,
                key=free_key(facts.short_label or facts.label, {group.key for group in known}, 40),
                position=max((group.position for group in known), default=0) + 1,
                bloc=Bloc.OTHER.value,
                invited_as="delegate",
                **values,
            )
            db.session.add(group)
            db.session.flush()
            _note(group, "group.added", by, f"Thêm nhóm {group.label}.")
    except IntegrityError as error:
        raise Conflict("Nhóm này vừa có người thêm. Mở lại danh sách.") from error
    return group


def edit_group(conference_id: int, group_id: int, facts: GroupFacts, by: int) -> Group:
    """Change what is known about a group; raises Invalid or NotFound."""
    values = _checked(facts)
    with transaction():
        group = get_group(conference_id, group_id)
        _refuse_twice(values["label"], [other for other in list_groups(conference_id) if other.id != group_id])
        changed = sorted(name for name, value in values.items() if getattr(group, name) != value)
        for name in changed:
            setattr(group, name, values[name])
        if changed:
            db.session.flush()
            refresh_keys(conference_id, Delegate.group_id == group_id)
            _note(group, "group.edited", by, f"Sửa nhóm {group.label}.", changed=changed)
    return group


def remove_group(conference_id: int, group_id: int, by: int) -> None:
    """Remove an empty group; raises Conflict while somebody or something still belongs to it."""
    with transaction():
        group = get_group(conference_id, group_id)
        if people := _count(Delegate, group_id):
            raise Conflict(
                f"Nhóm còn {people} đại biểu, kể cả người đã bỏ khỏi danh sách. Chuyển họ sang nhóm khác trước."
            )
        if bodies := _count(Body, group_id):
            raise Conflict(f"Nhóm còn {bodies} đơn vị. Chuyển đơn vị sang nhóm khác trước.")
        gates = db.session.scalars(sa.select(Gate).where(Gate.conference_id == conference_id)).all()
        if mine := [gate.name for gate in gates if group_id in gate.group_ids]:
            raise Conflict(f"Nhóm đang được xếp vào {mine[0]}. Sửa cửa đó trước.")
        _note(group, "group.removed", by, f"Bỏ nhóm {group.label}.")
        db.session.delete(group)


def move_group(conference_id: int, group_id: int, step: int, by: int) -> None:
    """Move a group up (step -1) or down (step 1) in the plan's order; at the end nothing happens."""
    with transaction():
        db.session.execute(sa.select(Conference.id).where(Conference.id == conference_id).with_for_update())
        group = get_group(conference_id, group_id)
        order = list_groups(conference_id)
        at = order.index(group)
        to = min(max(at + step, 0), len(order) - 1)
        if to == at:
            return
        order.insert(to, order.pop(at))
        for position, other in enumerate(order, start=1):
            other.position = position
        _note(group, "group.moved", by, f"Chuyển nhóm {group.label} lên thứ {to + 1}.")


def _checked(facts: GroupFacts) -> dict[str, object]:
    if facts.address_form not in ADDRESS_FORMS:
        raise Invalid("Chọn cách xưng hô trong danh sách.", "address_form")
    if facts.reply_by and facts.freeze_at and facts.freeze_at < facts.reply_by:
        raise Invalid("Chốt danh sách không thể trước hạn trả lời.", "freeze_at")
    if facts.role not in {role.value for role in GroupRole}:
        raise Invalid("Chọn loại nhóm trong danh sách.", "role")
    return {
        "label": needed(facts.label, "label", 300),
        "short_label": optional(facts.short_label, "short_label", 120),
        "role": facts.role,
        "address_form": facts.address_form,
        "quota": count(facts.quota, "quota"),
        "is_host": facts.is_host,
        "note": optional(facts.note, "note", 500),
        "reply_by": facts.reply_by,
        "freeze_at": facts.freeze_at,
    }


def _refuse_twice(label: object, others: list[Group]) -> None:
    if any(same_text(str(label), other.label) for other in others):
        raise Invalid("Đã có nhóm mang tên này.", "label")


def _count(table: type[Delegate] | type[Body], group_id: int) -> int:
    return int(db.session.scalar(sa.select(sa.func.count(table.id)).where(table.group_id == group_id)) or 0)


def _note(group: Group, verb: str, by: int, sentence: str, **details: Any) -> None:
    record(
        verb,
        clock.now(),
        conference_id=group.conference_id,
        account_id=by,
        subject="group",
        subject_id=group.id,
        sentence=sentence,
        **details,
    )
