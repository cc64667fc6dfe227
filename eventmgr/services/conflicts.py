"""Lượt vào cần xem lại: both facts side by side, what a person decided of them, and opening a decision again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.orm.exc import StaleDataError

from eventmgr import clock
from eventmgr.domain.conflicts import Decision, Problem, objection_text
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.scans import WAYS
from eventmgr.domain.text import clean
from eventmgr.models.accounts import Account
from eventmgr.models.checkin import DoorConflict, Gate, Phone, Scan
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.journal import record
from eventmgr.services import door_facts, presences

LONGEST_NOTE = 300
JUDGED_SHOWN = 30
_CHANGED = "Mục này vừa thay đổi. Xem lại trước khi quyết định."


@dataclass(frozen=True)
class Told:
    """One fact as a person reads it: the phone's own time and the server's, gate, phone, way, under which name."""

    at: datetime
    phone_time: datetime
    received_at: datetime
    gate: str
    phone: str
    way: str
    kind: str
    name: str
    words: str
    reason: str


@dataclass(frozen=True)
class Case:
    """One conflict: whom it is about, both facts (the earlier first), what may be decided or was."""

    id: int
    version: int
    problem: Problem
    name: str
    about: str
    delegate_id: int | None
    facts: tuple[Told, ...]
    other_name: str
    why: str
    found_at: datetime
    decision: Decision | None
    judged_at: datetime | None
    judged_by: str
    note: str
    gone_at: datetime | None

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What a person may decide; a fact about nobody in the list cannot be counted for anybody."""
        if self.delegate_id is None:
            return (Decision.NOTED,)
        return self.problem.decisions


def count_open(conference_id: int) -> int:
    """Return how many conflicts wait for a person."""
    return int(db.session.scalar(sa.select(sa.func.count(DoorConflict.id)).where(*_open(conference_id))) or 0)


def open_cases(conference_id: int, limit: int | None = None) -> list[Case]:
    """Return the conflicts that wait for a person, oldest first, in one query."""
    return _cases(sa.and_(*_open(conference_id)), DoorConflict.id, limit)


def judged_cases(conference_id: int, limit: int = JUDGED_SHOWN) -> list[Case]:
    """Return what people have decided, newest first."""
    wanted = sa.and_(DoorConflict.conference_id == conference_id, DoorConflict.judged_at.is_not(None))
    return _cases(wanted, DoorConflict.judged_at.desc(), limit)


def case(conference_id: int, conflict_id: int) -> Case:
    """Return one conflict of the conference; raises NotFound."""
    found = _cases(sa.and_(DoorConflict.conference_id == conference_id, DoorConflict.id == conflict_id), DoorConflict.id, 1)
    if not found:
        raise NotFound("Không có lượt vào cần xem lại này.")
    return found[0]


def judge(
    conference_id: int, conflict_id: int, decision: str, note: str, version: int, by: int, by_name: str
) -> Case:
    """Decide a conflict; the state of the delegate follows at once.

    Raises NotFound, Invalid for a decision that does not fit, Conflict when somebody else decided or the facts changed.
    """
    at = clock.now()
    note = clean(note)
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"Ghi chú dài nhất {LONGEST_NOTE} ký tự.", "note")
    known = case(conference_id, conflict_id)
    if decision not in {one.value for one in known.decisions}:
        raise Invalid("Chọn một trong các cách xử lý của mục này.", "decision")
    chosen = Decision(decision)
    with _changing(conference_id, conflict_id, version) as row:
        if row.judged_at is not None or row.gone_at is not None:
            raise Conflict("Mục này vừa có người xử lý. Xem lại trước khi quyết định.")
        row.judged_at, row.judged_by_id, row.decision, row.note = at, by, chosen.value, note or None
        db.session.flush()
        _settle(row, chosen, at)
        _note(row, "conflict.judged", at, by, by_name, f"{known.problem.label}: {known.name}. {chosen.label}.")
    return case(conference_id, conflict_id)


def reopen(conference_id: int, conflict_id: int, version: int, by: int, by_name: str) -> None:
    """Take a decision back, so that somebody can decide anew; what it did to the state goes with it."""
    at = clock.now()
    known = case(conference_id, conflict_id)
    with _changing(conference_id, conflict_id, version) as row:
        if row.judged_at is None:
            raise Conflict("Mục này chưa có ai xử lý.")
        if row.kind == Problem.LOOKALIKE and row.decision == Decision.SAME:
            raise Conflict("Hai hồ sơ đã gộp làm một; không tách lại được từ đây.")
        row.judged_at = row.judged_by_id = row.decision = None
        db.session.flush()
        _settle(row, None, at)
        _note(row, "conflict.reopened", at, by, by_name, f"Xem lại lần nữa: {known.problem.label}, {known.name}.")


@contextmanager
def _changing(conference_id: int, conflict_id: int, version: int) -> Iterator[DoorConflict]:
    """The open transaction around one conflict, held and of the version that the person has seen."""
    try:
        with transaction():
            row = db.session.get(DoorConflict, conflict_id, with_for_update=True)
            if row is None or row.conference_id != conference_id:
                raise NotFound("Không có lượt vào cần xem lại này.")
            if row.version != version:
                raise Conflict(_CHANGED)
            yield row
    except StaleDataError as error:
        raise Conflict(_CHANGED) from error


def _settle(row: DoorConflict, decision: Decision | None, at: datetime) -> None:
    if row.kind == Problem.LOOKALIKE and decision is Decision.SAME:
        _make_one(row, at)
    elif row.delegate_id is not None and Problem(row.kind) in presences.DERIVED:
        presences.settle_again(row.conference_id, row.delegate_id, at)


def _make_one(row: DoorConflict, at: datetime) -> None:
    """The walk-in was the delegate: its facts pass over, its own entry leaves the list."""
    goes, stays = row.delegate_id, row.other_delegate_id
    walk_in = db.session.get(Delegate, goes) if goes is not None else None
    known = db.session.get(Delegate, stays) if stays is not None else None
    if goes is None or stays is None or walk_in is None or known is None or known.removed_at is not None:
        raise Conflict("Đại biểu cùng tên không còn trong danh sách. Xem lại trước khi quyết định.")
    if walk_in.origin != door_facts.WALK_IN:
        goes, stays, walk_in = stays, goes, known
    walk_in.removed_at, walk_in.merged_into_id = at, stays
    db.session.flush()
    for table in (Scan, DoorConflict):
        db.session.execute(
            sa.update(table).where(table.delegate_id == goes).values(delegate_id=stays)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    row.delegate_id, row.other_delegate_id = stays, goes
    db.session.flush()
    presences.take_over(row.conference_id, goes, stays, at)


def _open(conference_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return DoorConflict.conference_id == conference_id, DoorConflict.judged_at.is_(None), DoorConflict.gone_at.is_(None)


_one, _two = aliased(Scan, name="one"), aliased(Scan, name="two")
_gate_one, _gate_two = aliased(Gate, name="gate_one"), aliased(Gate, name="gate_two")
_phone_one, _phone_two = aliased(Phone, name="phone_one"), aliased(Phone, name="phone_two")
_else, _by, _by_one, _by_two = aliased(Delegate), aliased(Account), aliased(Account), aliased(Account)
_CASES = (
    sa.select(DoorConflict, Delegate, _one, _two, _gate_one.name, _gate_two.name, _phone_one.name, _phone_two.name,
              _else, _by.display_name, _by_one.display_name, _by_two.display_name)
    .outerjoin(Delegate, Delegate.id == DoorConflict.delegate_id)
    .outerjoin(_else, _else.id == DoorConflict.other_delegate_id)
    .join(_one, _one.id == DoorConflict.scan_id)
    .join(_gate_one, _gate_one.id == _one.gate_id)
    .outerjoin(_phone_one, _phone_one.id == _one.phone_id)
    .outerjoin(_by_one, _by_one.id == _one.account_id)
    .outerjoin(_two, _two.id == DoorConflict.other_id)
    .outerjoin(_gate_two, _gate_two.id == _two.gate_id)
    .outerjoin(_phone_two, _phone_two.id == _two.phone_id)
    .outerjoin(_by_two, _by_two.id == _two.account_id)
    .outerjoin(_by, _by.id == DoorConflict.judged_by_id)
)  # fmt: skip


def _cases(wanted: sa.ColumnElement[bool], order: sa.ColumnElement[object] | object, limit: int | None) -> list[Case]:
    rows = db.session.execute(
        _CASES.where(wanted).order_by(order, DoorConflict.id).limit(limit).execution_options(populate_existing=True)  # type: ignore[arg-type]
    )
    return [_case(*row) for row in rows]  # type: ignore[call-arg]


def _case(
    row: DoorConflict, delegate: Delegate | None, one: Scan, two: Scan | None, gate_one: str, gate_two: str | None,
    phone_one: str | None, phone_two: str | None, other: Delegate | None, judged_by: str | None, by_one: str | None,
    by_two: str | None,
) -> Case:  # fmt: skip
    facts = [_told(one, gate_one, phone_one or by_one)]
    if two is not None:
        facts.append(_told(two, gate_two or "", phone_two or by_two))
    problem = Problem(row.kind)
    return Case(
        row.id, row.version, problem, _name(delegate, one), delegate.posts_text if delegate and delegate.full_name else "",
        row.delegate_id, tuple(sorted(facts, key=lambda told: told.at)), _other_name(other), _why(problem, one), row.found_at,
        Decision(row.decision) if row.decision else None, row.judged_at, judged_by or "", row.note or "", row.gone_at,
    )  # fmt: skip


def _told(scan: Scan, gate: str, phone: str | None) -> Told:
    name = scan.entered_as or str(scan.verdict.get("name") or "")
    return Told(
        scan.at, scan.scanned_at, scan.received_at, gate, phone or "", WAYS[scan.way], scan.kind, name, _words(scan.said),
        scan.reason or "",
    )  # fmt: skip


def _words(said: str | None) -> str:
    """What only the fact itself says; a code that may be a pass was never kept."""
    return "Mã có dạng mã giấy mời, không thuộc đại biểu nào." if said and said.startswith("sha256:") else said or ""


def _name(delegate: Delegate | None, scan: Scan) -> str:
    if delegate is not None:
        return delegate.shown_name
    return str(scan.verdict.get("name") or "") or "chưa rõ là ai"


def _other_name(other: Delegate | None) -> str:
    if other is None:
        return ""
    return ", ".join(part for part in (other.shown_name, other.posts_text if other.full_name else "") if part)


def _why(problem: Problem, scan: Scan) -> str:
    if problem is Problem.REFUSED:
        return objection_text(scan.objection or scan.outcome)
    return (scan.reason or "").rstrip(".") if problem in (Problem.UNREAD, Problem.CROSSED) else ""


def _note(row: DoorConflict, verb: str, at: datetime, by: int, by_name: str, sentence: str) -> None:
    record(
        verb, at, conference_id=row.conference_id, account_id=by, actor=by_name, subject="conflict", subject_id=row.id,
        sentence=sentence, delegate_id=row.delegate_id, goes=row.other_delegate_id, note=row.note,
    )  # fmt: skip
