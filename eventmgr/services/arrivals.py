"""Who has come in: counters, the list of arrivals, scans that let nobody in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventmgr.domain.errors import NotFound
from eventmgr.domain.scans import WAYS
from eventmgr.models.accounts import Account
from eventmgr.models.checkin import Admission, Gate, Phone, Scan
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Reply

PAGE = 50
REFUSED_SHOWN = 10


@dataclass(frozen=True)
class Arrival:
    """One admission as people read it; `undone_at` is set when it was taken back, `is_unnamed` while only a post is known."""

    admission_id: int
    delegate_id: int
    name: str
    about: str
    group: str
    seat: str
    gate: str
    phone: str
    way: str
    at: datetime
    undone_at: datetime | None = None
    undone_reason: str = ""
    is_unnamed: bool = False


@dataclass(frozen=True)
class RefusedScan:
    """A scan that let nobody in: when, where, why, and about whom if that is known."""

    at: datetime
    gate: str
    phone: str
    way: str
    tone: str
    word: str
    name: str


@dataclass(frozen=True)
class GroupCount:
    """How many of a group are in, and how many are awaited (those who replied 'cannot come' are not)."""

    label: str
    inside: int
    awaited: int


@dataclass(frozen=True)
class Counters:
    """How many have come: all, per gate id, per group in the plan's order; `outside` of them have gone out since."""

    inside: int
    awaited: int
    absent: int
    by_gate: dict[int, int]
    by_group: list[GroupCount]
    outside: int = 0


@dataclass(frozen=True)
class ArrivalPage:
    """A page of arrivals, newest first."""

    rows: list[Arrival]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))

    @property
    def first(self) -> int:
        """Number of the first row on the page."""
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """Number of the last row on the page."""
        return min(self.number * PAGE, self.total)


def counters(conference_id: int) -> Counters:
    """Return the counters of a conference, in three queries whatever its size."""
    open_admission = sa.and_(Admission.delegate_id == Delegate.id, Admission.undone_at.is_(None))
    answer = sa.and_(Reply.delegate_id == Delegate.id, Reply.superseded_at.is_(None))
    is_in = sa.func.count(sa.distinct(Admission.delegate_id))
    is_absent = sa.func.count(
        sa.distinct(sa.case((sa.and_(Reply.answer == "absent", Admission.id.is_(None)), Delegate.id)))
    )
    rows = db.session.execute(
        sa.select(Group.label, Group.short_label, sa.func.count(sa.distinct(Delegate.id)), is_in, is_absent)
        .join(Delegate, Delegate.group_id == Group.id)
        .outerjoin(Admission, open_admission)
        .outerjoin(Reply, answer)
        .where(Group.conference_id == conference_id, Delegate.removed_at.is_(None))
        .group_by(Group.id, Group.label, Group.short_label, Group.position)
        .order_by(Group.position, Group.id)
    ).all()
    gates = db.session.execute(
        sa.select(Admission.gate_id, sa.func.count(Admission.id), sa.func.count(Admission.out_at))
        .where(Admission.conference_id == conference_id, Admission.undone_at.is_(None))
        .group_by(Admission.gate_id)
    ).all()
    by_gate = {gate_id: count for gate_id, count, _ in gates}
    by_group = [GroupCount(short or label, inside, total - absent) for label, short, total, inside, absent in rows]
    return Counters(
        sum(by_gate.values()), sum(row.awaited for row in by_group), sum(row[4] for row in rows), by_gate, by_group,
        sum(row[2] for row in gates),
    )


def inside(conference_id: int) -> int:
    """Return how many are in the hall at this moment."""
    counted = sa.select(sa.func.count(Admission.id)).where(
        Admission.conference_id == conference_id, Admission.undone_at.is_(None), Admission.out_at.is_(None)
    )
    return int(db.session.scalar(counted) or 0)


def latest(conference_id: int, limit: int) -> list[Arrival]:
    """Return the newest arrivals that still count."""
    return _arrivals(conference_id, limit, 0, Admission.undone_at.is_(None))


def arrival_page(conference_id: int, number: int = 1, gate_id: int | None = None) -> ArrivalPage:
    """Return one page of all arrivals, those taken back included, newest first."""
    wanted = [Admission.gate_id == gate_id] if gate_id is not None else []
    counted = sa.select(sa.func.count(Admission.id)).where(Admission.conference_id == conference_id, *wanted)
    total = int(db.session.scalar(counted) or 0)
    number = min(max(1, number), max(1, -(-total // PAGE)))
    return ArrivalPage(_arrivals(conference_id, PAGE, (number - 1) * PAGE, *wanted), number, total)


def get(conference_id: int, admission_id: int) -> Arrival:
    """Return one arrival of the conference; raises NotFound."""
    found = _arrivals(conference_id, 1, 0, Admission.id == admission_id)
    if not found:
        raise NotFound("Không có lượt vào này.")
    return found[0]


def refused(conference_id: int, limit: int = REFUSED_SHOWN) -> list[RefusedScan]:
    """Return the newest scans that let nobody in, without those whose delegate was let in afterwards."""
    later, undo = aliased(Scan), aliased(Scan)
    undone = sa.exists().where(undo.conference_id == later.conference_id, undo.undoes_key == later.scan_key)
    let_in = sa.exists().where(
        later.delegate_id == Scan.delegate_id, later.kind == "entry", later.passed, ~later.doubt, later.at >= Scan.at, ~undone
    )
    rows = db.session.execute(
        sa.select(Scan.at, Gate.name, Phone.name, Scan.way, Scan.verdict)
        .join(Gate, Gate.id == Scan.gate_id)
        .outerjoin(Phone, Phone.id == Scan.phone_id)
        .where(Scan.conference_id == conference_id, Scan.kind == "entry", ~Scan.passed, ~let_in)
        .order_by(Scan.at.desc(), Scan.id.desc())
        .limit(limit)
    )
    return [
        RefusedScan(at, gate, phone or "", WAYS[way], told["tone"], told["word"], told["name"] or told.get("about", ""))
        for at, gate, phone, way, told in rows
    ]


def _arrivals(conference_id: int, limit: int, offset: int, *wanted: sa.ColumnElement[bool]) -> list[Arrival]:
    rows = db.session.execute(
        sa.select(Admission, Delegate, Group, Gate.name, Phone.name, Scan.way)
        .join(Delegate, Delegate.id == Admission.delegate_id)
        .join(Group, Group.id == Delegate.group_id)
        .join(Gate, Gate.id == Admission.gate_id)
        .join(Scan, Scan.id == Admission.scan_id)
        .outerjoin(Phone, Phone.id == Scan.phone_id)
        .where(Admission.conference_id == conference_id, *wanted)
        .order_by(Admission.admitted_at.desc(), Admission.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_arrival(*row) for row in rows]


def _arrival(admission: Admission, delegate: Delegate, group: Group, gate: str, phone: Any, way: str) -> Arrival:
    about = delegate.posts_text if delegate.full_name else ""
    name = delegate.shown_name
    if admission.substitute_name:
        instead = f"dự thay {delegate.shown_name}"
        about = f"{admission.substitute_post}, {instead}" if admission.substitute_post else instead
        name = admission.substitute_name
    return Arrival(
        admission.id, delegate.id, name, about, group.short_label or group.label, delegate.seat or "", gate, phone or "",
        WAYS[way], admission.admitted_at, admission.undone_at, admission.undone_reason or "",
        not delegate.full_name and not admission.substitute_name and admission.undone_at is None,
    )  # fmt: skip


@dataclass(frozen=True)
class Signed:
    """A line of a signed sheet that was entered and still stands."""

    scan_id: int
    name: str
    gate: str
    at: datetime
    by: str


def signed(conference_id: int, limit: int) -> list[Signed]:
    """Return the lines of signed sheets that were entered last, newest first, without those taken back."""
    undo = aliased(Scan)
    undone = sa.exists().where(undo.conference_id == Scan.conference_id, undo.undoes_key == Scan.scan_key)
    rows = db.session.execute(
        sa.select(Scan.id, Delegate, Gate.name, Scan.at, Account.display_name)
        .join(Delegate, Delegate.id == Scan.delegate_id)
        .join(Gate, Gate.id == Scan.gate_id)
        .outerjoin(Account, Account.id == Scan.account_id)
        .where(Scan.conference_id == conference_id, Scan.way == "paper", ~undone)
        .order_by(Scan.id.desc())
        .limit(limit)
    )
    return [Signed(scan_id, delegate.shown_name, gate, at, by or "") for scan_id, delegate, gate, at, by in rows]
