"""What the door lead watches: how people come in, who is still missing, who was asked to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventmgr.domain.arrival_curve import Curve, curve_of
from eventmgr.domain.dates import COUNTRY
from eventmgr.domain.precedence import precedence_key
from eventmgr.models.agenda import Item
from eventmgr.models.awards import Honouree
from eventmgr.models.checkin import Admission, Gate, Phone, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Reply
from eventmgr.services import door_holds

LEADERS = 12
MISSING_SHOWN = 6


@dataclass(frozen=True)
class Missing:
    """Somebody who has not come: `why` names the part in the programme, or an excuse, or who comes instead."""

    delegate_id: int
    name: str
    about: str
    why: str
    excused: bool = False


@dataclass(frozen=True)
class Watched:
    """A kind of people whom the lead watches: how many there are, how many have come, who has not."""

    label: str
    total: int
    present: int
    missing: list[Missing]
    unlinked: int = 0

    @property
    def shown(self) -> list[Missing]:
        """The first of those who are missing; who has excused himself stands last."""
        return sorted(self.missing, key=lambda one: one.excused)[:MISSING_SHOWN]


@dataclass(frozen=True)
class Waiting:
    """Somebody who was asked to wait at the desk: since when, where, why."""

    scan_id: int
    delegate_id: int | None
    name: str
    about: str
    reason: str
    gate: str
    phone: str
    at: datetime


def curve(conference_id: int) -> Curve:
    """Return how many came in by minute and gate, in one query whatever the size."""
    minute = sa.cast(sa.extract("epoch", Admission.admitted_at), sa.Integer) // 60
    rows = db.session.execute(
        sa.select(minute, Admission.gate_id, sa.func.count(Admission.id))
        .where(Admission.conference_id == conference_id, Admission.undone_at.is_(None))
        .group_by(minute, Admission.gate_id)
    )
    return curve_of([(int(at), gate_id, count) for at, gate_id, count in rows])


def watched(conference_id: int) -> list[Watched]:
    """Return presenters, leaders and honourees with who is missing of each, in three queries."""
    presenting = _people(conference_id).add_columns(Item.mark, Item.title).join(Item, Item.delegate_id == Delegate.id)
    leading = _people(conference_id).where(Delegate.precedence_key < precedence_key(None)[:5])
    leading = leading.order_by(Delegate.precedence_key, Delegate.name_key, Delegate.id).limit(LEADERS)
    return [
        _watched("Người trình bày", db.session.execute(presenting.order_by(Item.position, Item.id)).all(), _part),
        _watched("Lãnh đạo", db.session.execute(leading).all(), lambda row: ""),
        _honourees(conference_id),
    ]


def waiting(conference_id: int) -> list[Waiting]:
    """Return who was asked to wait and whom nothing has settled since, longest first; four queries at most."""
    open_ids = [row.fact.id for row in door_holds.open_holds(conference_id).values()]
    undo = aliased(Scan)
    undone = sa.exists().where(undo.conference_id == Scan.conference_id, undo.undoes_key == Scan.scan_key)
    rows = db.session.execute(
        sa.select(Scan, Delegate, Gate.name, Phone.name)
        .outerjoin(Delegate, Delegate.id == Scan.delegate_id)
        .join(Gate, Gate.id == Scan.gate_id)
        .outerjoin(Phone, Phone.id == Scan.phone_id)
        .where(Scan.conference_id == conference_id, Scan.kind == "hold", Delegate.removed_at.is_(None))
        .where(sa.or_(Scan.id.in_(open_ids), sa.and_(Scan.delegate_id.is_(None), ~undone)))
        .order_by(Scan.at, Scan.id)
    )
    return [
        Waiting(
            scan.id, scan.delegate_id, delegate.shown_name if delegate else "Mã chưa rõ là của ai",
            delegate.posts_text if delegate and delegate.full_name else "", scan.reason or "", gate, phone or "", scan.at,
        )
        for scan, delegate, gate, phone in rows
    ]  # fmt: skip


def _people(conference_id: int) -> Any:
    """Delegates with what says whether they have come or will."""
    return (
        sa.select(Delegate, Admission.id.label("admission_id"), Reply.answer, Reply.substitute_name)
        .outerjoin(Admission, sa.and_(Admission.delegate_id == Delegate.id, Admission.undone_at.is_(None)))
        .outerjoin(
            Reply, sa.and_(Reply.delegate_id == Delegate.id, Reply.superseded_at.is_(None), Reply.refused_at.is_(None))
        )
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
    )


def _watched(label: str, rows: Any, part: Any, unlinked: int = 0) -> Watched:
    seen: dict[int, Any] = {}
    for row in rows:
        seen.setdefault(row.Delegate.id, row)
    missing = [_missing(row, part(row)) for row in seen.values() if row.admission_id is None]
    return Watched(label, len(seen) + unlinked, len(seen) - len(missing), missing, unlinked)


def _missing(row: Any, part: str) -> Missing:
    delegate: Delegate = row.Delegate
    instead = f"{row.substitute_name} dự thay" if row.answer == "substitute" and row.substitute_name else ""
    excused = row.answer == "absent"
    why = " · ".join(one for one in (part, instead, "đã báo vắng" if excused else "") if one)
    return Missing(delegate.id, delegate.shown_name, delegate.posts_text if delegate.full_name else "", why, excused)


def _part(row: Any) -> str:
    return f"{row.mark} {row.title}".strip() if row.mark else str(row.title)


def _honourees(conference_id: int) -> Watched:
    linked = _people(conference_id).add_columns(Honouree.printed_name).join(
        Honouree, sa.and_(Honouree.delegate_id == Delegate.id, Honouree.cancelled_at.is_(None))
    )
    rows = db.session.execute(linked.order_by(Honouree.form_id, Honouree.position, Honouree.id)).all()
    unlinked = db.session.scalar(
        sa.select(sa.func.count(Honouree.id)).where(
            Honouree.conference_id == conference_id, Honouree.delegate_id.is_(None), Honouree.cancelled_at.is_(None)
        )
    )
    return _watched("Người được khen thưởng", rows, lambda row: "", int(unlinked or 0))


def begins_at(conference: Conference) -> datetime | None:
    """Return when the conference begins, or None while day or hour is open."""
    if conference.held_on is None or conference.starts_at is None:
        return None
    return datetime.combine(conference.held_on, conference.starts_at, COUNTRY)
