"""Gates: the ways into the hall, who may use which, open or closed."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.domain.text import clean
from eventmgr.models.checkin import Gate
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Group
from eventmgr.models.journal import record


def all_gates(conference_id: int) -> list[Gate]:
    """Return the gates of a conference, open ones first, in their order."""
    return list(
        db.session.scalars(
            sa.select(Gate)
            .where(Gate.conference_id == conference_id)
            .order_by(Gate.archived_at.is_not(None), Gate.position, Gate.id)
        )
    )


def groups_of(conference_id: int) -> list[Group]:
    """Return the groups that a gate may be kept for, in the plan's order."""
    return list(
        db.session.scalars(sa.select(Group).where(Group.conference_id == conference_id).order_by(Group.position, Group.id))
    )


def get(conference_id: int, gate_id: int) -> Gate:
    """Return a gate of the conference; raises NotFound."""
    gate = db.session.get(Gate, gate_id)
    if gate is None or gate.conference_id != conference_id:
        raise NotFound("Không có cửa này.")
    return gate


def add(conference_id: int, name: str, group_ids: Sequence[int], by: int) -> Gate:
    """Add a gate at the end of the list; raises Invalid for the name or a group of another conference."""
    name = _checked_name(name)
    try:
        with transaction():
            last = db.session.scalar(sa.select(sa.func.max(Gate.position)).where(Gate.conference_id == conference_id))
            gate = Gate(
                conference_id=conference_id, name=name, position=(last or 0) + 1,
                group_ids=_checked_groups(conference_id, group_ids),
            )
            db.session.add(gate)
            db.session.flush()
            _note(gate, "gate.added", by, f"Thêm {name}.")
    except IntegrityError as error:
        raise _name_taken() from error
    return gate


def edit(conference_id: int, gate_id: int, name: str, group_ids: Sequence[int], by: int) -> None:
    """Rename a gate and say which groups it is kept for (none: everybody)."""
    name = _checked_name(name)
    try:
        with transaction():
            gate = get(conference_id, gate_id)
            gate.name, gate.group_ids = name, _checked_groups(conference_id, group_ids)
            db.session.flush()
            _note(gate, "gate.edited", by, f"Sửa {name}.")
    except IntegrityError as error:
        raise _name_taken() from error


def set_closed(conference_id: int, gate_id: int, closed: bool, by: int) -> None:
    """Close a gate, so that its phones let nobody in, or open it again; twice changes nothing."""
    at = clock.now()
    with transaction():
        gate = get(conference_id, gate_id)
        if (gate.archived_at is not None) == closed:
            return
        gate.archived_at = at if closed else None
        _note(gate, "gate.closed" if closed else "gate.opened", by, f"{'Đóng' if closed else 'Mở lại'} {gate.name}.")


def _checked_name(name: str) -> str:
    name = clean(name)
    if not 1 <= len(name) <= 80:
        raise Invalid("Đặt tên cửa, dài nhất 80 ký tự. Ví dụ: Cửa chính.", "name")
    return name


def _checked_groups(conference_id: int, group_ids: Sequence[int]) -> list[int]:
    known = set(db.session.scalars(sa.select(Group.id).where(Group.conference_id == conference_id)))
    if not set(group_ids) <= known:
        raise Invalid("Chọn nhóm trong danh sách của hội nghị này.", "group_ids")
    return sorted(set(group_ids))


def _name_taken() -> Invalid:
    return Invalid("Hội nghị đã có cửa tên này.", "name")


def _note(gate: Gate, verb: str, by: int, sentence: str) -> None:
    record(
        verb, clock.now(), conference_id=gate.conference_id, account_id=by, subject="gate", subject_id=gate.id,
        sentence=sentence,
    )
