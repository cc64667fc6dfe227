"""What the database knows about a pass, a delegate and a gate, as the rule of the door wants it.

Plain columns instead of objects: this is read once for every scan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventmgr.domain import passes
from eventmgr.domain.checkin import Entry, GateFacts, PassFacts, Substitute
from eventmgr.domain.names import AddressForm
from eventmgr.models.checkin import Admission, Gate, Phone, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Pass, Reply

d, g, b = Delegate.__table__.c, Group.__table__.c, Body.__table__.c
i, p, r = Invitation.__table__.c, Pass.__table__.c, Reply.__table__.c
a, s, f = Admission.__table__.c, Scan.__table__.c, Phone.__table__.c
_gate = Gate.__table__.c
_conference = Conference.__table__.c

WALK_IN = "door"
"""Origin of a delegate whom the door wrote down; such a guest needs no letter."""

CLOSED_STATES = frozenset({"closed", "archived"})
"""Nobody is let in once the conference is over."""

_COLUMNS = (
    d.id.label("delegate_id"), d.conference_id, d.full_name, d.first_post, d.posts, d.address_form, d.group_id,
    d.seat, d.alert, d.removed_at, d.origin, d.origin, d.companion_of_id,
    g.label.label("group_label"), g.short_label.label("group_short"), b.name.label("body"),
    i.issued_at, i.revoked_at.label("letter_revoked_at"), p.id.label("pass_id"), p.revoked_at.label("pass_revoked_at"),
    r.answer, r.substitute_form, r.substitute_name, r.substitute_post,
    r.approved_at.label("substitute_approved_at"), r.refused_at.label("substitute_refused_at"),
    a.admitted_at, a.substitute_name.label("entered_as"), a.scan_id.label("arrival_id"),
    _gate.name.label("entry_gate"), f.name.label("entry_phone"),
)  # fmt: skip


def _joined(start: Any) -> Any:
    """The tables beside a delegate: group, body, current reply, and the admission that has not ended."""
    return (
        start.join(Group.__table__, g.id == d.group_id)
        .outerjoin(Body.__table__, b.id == d.body_id)
        .outerjoin(Reply.__table__, sa.and_(r.delegate_id == d.id, r.superseded_at.is_(None)))
        .outerjoin(Admission.__table__, sa.and_(a.delegate_id == d.id, a.undone_at.is_(None)))
        .outerjoin(Gate.__table__, _gate.id == a.gate_id)
        .outerjoin(Scan.__table__, s.id == a.scan_id)
        .outerjoin(Phone.__table__, f.id == s.phone_id)
    )


_BY_PASS = (
    sa.select(*_COLUMNS)
    .select_from(
        _joined(
            Pass.__table__.join(Invitation.__table__, i.id == p.invitation_id).join(
                Delegate.__table__, d.id == p.delegate_id
            )
        )
    )
    .where(p.digest == sa.bindparam("digest"))
    .order_by(r.id.desc())
    .limit(1)
    .with_for_update(of=Delegate.__table__, key_share=True)
)
_BY_DELEGATE = (
    sa.select(*_COLUMNS)
    .select_from(
        _joined(
            Delegate.__table__.outerjoin(
                Invitation.__table__, sa.and_(i.delegate_id == d.id, i.revoked_at.is_(None))
            ).outerjoin(Pass.__table__, p.invitation_id == i.id)
        )
    )
    .where(
        d.id == sa.bindparam("delegate_id"), d.conference_id == sa.bindparam("conference_id"), d.removed_at.is_(None)
    )
    .order_by(r.id.desc())
    .limit(1)
    .with_for_update(of=Delegate.__table__, key_share=True)
)
_REPLACED = sa.select(i.id).where(
    i.delegate_id == sa.bindparam("delegate_id"), i.revoked_at.is_(None), i.issued_at.is_not(None)
)
_MERGED = sa.select(d.merged_into_id).where(
    d.id == sa.bindparam("delegate_id"), d.conference_id == sa.bindparam("conference_id"), d.removed_at.is_not(None)
)
_BY_KEY = sa.select(d.id).where(d.conference_id == sa.bindparam("conference_id"), d.key == sa.bindparam("key"))
_GATES = (
    sa.select(_gate.id, _gate.name, _gate.group_ids, _gate.archived_at, _conference.state)
    .join(Conference.__table__, _conference.id == _gate.conference_id)
    .where(_gate.conference_id == sa.bindparam("conference_id"))
    .order_by(_gate.position, _gate.id)
)


@dataclass(frozen=True)
class Holder:
    """Whom a scan is about: the facts for the rule, the rows that the scan is written beside, the scan that let in."""

    facts: PassFacts
    delegate_id: int
    pass_id: int | None
    arrival_id: int | None = None


@dataclass(frozen=True)
class Gateway:
    """A gate as it is now, and since when it is closed."""

    now: GateFacts
    closed_at: datetime | None = None

    def at(self, moment: datetime) -> GateFacts:
        """Return the gate as it was for a phone that decided by itself: a scan sent late is not late at the door."""
        return replace(self.now, open=self.closed_at is None or moment < self.closed_at)


def walk_in_key(scan_key: str) -> str:
    """Return the key of the delegate that is made of a walk-in: no plan and no list uses one like it."""
    return f"door:{scan_key}"


def by_code(code: str) -> Holder | None:
    """Return the holder of the pass with this code in whichever conference, or None."""
    row = db.session.connection().execute(_BY_PASS, {"digest": passes.digest(code)}).first()
    return _holder(row) if row is not None else None


def by_delegate(conference_id: int, delegate_id: int) -> Holder | None:
    """Return a delegate of the conference, found by name instead of by a pass, or None; one that was merged leads on."""
    given = {"delegate_id": delegate_id, "conference_id": conference_id}
    row = db.session.connection().execute(_BY_DELEGATE, given).first()
    if row is not None:
        return _holder(row)
    merged_into = db.session.connection().execute(_MERGED, given).scalar()
    return by_delegate(conference_id, merged_into) if merged_into is not None else None


def by_walk_in(conference_id: int, scan_key: str) -> Holder | None:
    """Return the delegate that was made of a walk-in with this scan's key, or None."""
    given = {"conference_id": conference_id, "key": walk_in_key(scan_key)}
    delegate_id = db.session.connection().execute(_BY_KEY, given).scalar()
    return by_delegate(conference_id, delegate_id) if delegate_id is not None else None


def is_gate(conference_id: int, gate_id: int) -> bool:
    """Return whether a gate is one of the conference."""
    wanted = sa.select(_gate.id).where(_gate.id == gate_id, _gate.conference_id == conference_id)
    return db.session.connection().execute(wanted).first() is not None


def gate_at(conference_id: int, gate_id: int) -> Gateway:
    """Return the gate as the rule wants it, now and at the time of an earlier scan."""
    rows = db.session.connection().execute(_GATES, {"conference_id": conference_id}).all()
    own = next(row for row in rows if row.id == gate_id)
    is_open = own.archived_at is None and own.state not in CLOSED_STATES
    elsewhere: dict[int, str] = {}
    for row in rows:
        if row.archived_at is None and row.id != gate_id:
            for group_id in row.group_ids:
                elsewhere.setdefault(group_id, row.name)
    return Gateway(GateFacts(conference_id, own.name, frozenset(own.group_ids), is_open, elsewhere), own.archived_at)


def gate_facts(conference_id: int, gate_id: int) -> GateFacts:
    """Return the gate as the rule wants it: open or not, and where people of other groups belong."""
    return gate_at(conference_id, gate_id).now


def entry_place(gate: str, phone: str | None) -> str:
    """Return where somebody came in, for reading: 'Cửa bên, máy của Minh'."""
    return f"{gate}, {phone}" if phone else gate


def needs_no_letter(origin: str, companion_of_id: int | None) -> bool:
    """Whether somebody is let in without a letter of the own: written down at the door, or coming with a delegate."""
    return origin == "door" or companion_of_id is not None


def _holder(row: Any) -> Holder:
    revoked_at = row.pass_revoked_at or row.letter_revoked_at or row.removed_at
    replaced = revoked_at is not None and row.removed_at is None and _is_replaced(row.delegate_id)
    facts = PassFacts(
        conference_id=row.conference_id,
        name=row.full_name or "",
        address_form=AddressForm(row.address_form),
        posts=tuple(row.posts or ([row.first_post] if row.first_post else [])),
        body=row.body or "",
        group_id=row.group_id,
        group=row.group_short or row.group_label,
        seat=row.seat or "",
        alert=row.alert or "",
        issued=row.issued_at is not None or needs_no_letter(row.origin, row.companion_of_id),
        revoked_at=revoked_at,
        replaced=replaced,
        reply=row.answer if row.answer and row.substitute_refused_at is None else "none",
        substitute=_substitute(row),
        entry=_entry(row),
    )
    return Holder(facts, row.delegate_id, row.pass_id, row.arrival_id)


def _substitute(row: Any) -> Substitute | None:
    if row.answer != "substitute" or row.substitute_refused_at is not None:
        return None
    return Substitute(
        name=row.substitute_name,
        posts=(row.substitute_post,) if row.substitute_post else (),
        approved=row.substitute_approved_at is not None,
        address_form=AddressForm(row.substitute_form or AddressForm.COMRADE),
    )


def _entry(row: Any) -> Entry | None:
    if row.admitted_at is None:
        return None
    place = entry_place(row.entry_gate, row.entry_phone)
    return Entry(row.admitted_at, place, row.entered_as or row.full_name or "")


def _is_replaced(delegate_id: int) -> bool:
    return db.session.connection().execute(_REPLACED, {"delegate_id": delegate_id}).first() is not None
