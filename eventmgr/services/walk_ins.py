"""Walk-ins: somebody whom no list knows becomes a delegate, and whom the list may know after all."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eventmgr.domain.checkin import PassFacts
from eventmgr.domain.conflicts import Problem, sentence
from eventmgr.domain.delegates import Bloc, GroupRole
from eventmgr.domain.scans import ScanFact
from eventmgr.domain.text import fold, same_text
from eventmgr.domain.walk_ins import GROUP_KEY, GROUP_LABEL, WalkIn, looks_like
from eventmgr.models.checkin import DoorConflict, Scan
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.services import door_facts, scan_facts
from eventmgr.services.delegate_keys import fill_keys, found_by
from eventmgr.services.door_facts import Holder
from eventmgr.services.scan_facts import Row
from eventmgr.services.scan_writing import Place, journal, note_conflict

MOST_ALIKE = 20


def make(place: Place, fact: ScanFact) -> Holder:
    """Make the delegate of a walk-in inside the open transaction; its key is the scan's, so that later facts can name it."""
    guest = fact.walk_in
    assert guest is not None
    group = _group(place.conference_id, guest.group_id)
    body = _body(place.conference_id, guest.body)
    posts = _posts(guest, body)
    delegate = Delegate(
        conference_id=place.conference_id, key=door_facts.walk_in_key(fact.scan_key), group_id=group.id,
        body_id=body.id if body else None, address_form=guest.address_form.value, full_name=guest.full_name,
        first_post=posts[0] if posts else None, posts=posts, origin=door_facts.WALK_IN, created_at=place.received_at,
    )  # fmt: skip
    fill_keys(delegate, (), body, group)
    db.session.add(delegate)
    db.session.flush()
    scan_facts.adopt(place.conference_id, delegate.id, fact.scan_key, walk_in=True)
    line = f"Khách đăng ký tại {place.gate_name}: {guest.full_name}."
    journal(place, "delegate.walked_in", line, "delegate", delegate.id)
    facts = PassFacts(
        place.conference_id, guest.full_name, guest.address_form, tuple(posts), body.name if body else "", group.id,
        group.short_label or group.label,
    )  # fmt: skip
    return Holder(facts, delegate.id, None)


def note_odd(place: Place, row: Row, fact: ScanFact, holder: Holder) -> str | None:
    """Write what a person has to look at about a walk-in; return the sentence for the phone."""
    looks_like = _note_lookalike(place, row, holder.delegate_id)
    chosen = fact.walk_in.group_id if fact.walk_in is not None else None
    if chosen is None or chosen == holder.facts.group_id:
        return looks_like
    # The group was taken off the plan after the phone had read its list: the guest is kept, in the group for walk-ins.
    note_conflict(place, Problem.GROUP, row, holder.delegate_id)
    return looks_like or sentence(Problem.GROUP)


def _note_lookalike(place: Place, row: Row, delegate_id: int) -> str | None:
    """Write a conflict when a delegate has the walk-in's name; return the sentence for the phone.

    Of two walk-ins with one name the later stands out, whichever arrived first.
    """
    delegate = db.session.get(Delegate, delegate_id)
    assert delegate is not None and delegate.full_name is not None
    alike = db.session.scalars(
        sa.select(Delegate)
        .where(
            Delegate.conference_id == place.conference_id, Delegate.removed_at.is_(None), Delegate.id != delegate_id,
            *found_by(delegate.full_name),
        )
        .order_by(Delegate.origin == door_facts.WALK_IN, Delegate.id)
        .limit(MOST_ALIKE)
    )
    other = next((one for one in alike if looks_like(one.full_name or "", delegate.full_name)), None)
    if other is None:
        return None
    later = _walked_in(place.conference_id, other)
    if later is not None and (later.at, later.scan_key) > (row.fact.at, row.fact.key):
        db.session.execute(_conflict_of(place, later.id, other.id, delegate_id, row.fact.id))
    else:
        note_conflict(place, Problem.LOOKALIKE, row, delegate_id, other.id, later.id if later is not None else None)
    return sentence(Problem.LOOKALIKE)


def _walked_in(conference_id: int, delegate: Delegate) -> Any:
    """The scan that made this delegate, if one did."""
    prefix = door_facts.walk_in_key("")
    if delegate.key is None or not delegate.key.startswith(prefix):
        return None
    return db.session.execute(
        sa.select(Scan.id, Scan.at, Scan.scan_key).where(
            Scan.conference_id == conference_id, Scan.scan_key == delegate.key.removeprefix(prefix)
        )
    ).first()


def _conflict_of(place: Place, scan_id: int, delegate_id: int, other_delegate_id: int, other_id: int) -> Any:
    known = sa.select(DoorConflict.id).where(DoorConflict.kind == Problem.LOOKALIKE.value, DoorConflict.scan_id == scan_id)
    values = {
        "conference_id": place.conference_id, "kind": Problem.LOOKALIKE.value, "scan_id": scan_id, "delegate_id": delegate_id,
        "other_delegate_id": other_delegate_id, "other_id": other_id, "found_at": place.received_at, "version": 1,
    }  # fmt: skip
    if (row_id := db.session.scalar(known)) is not None:
        return sa.update(DoorConflict).where(DoorConflict.id == row_id).values(other_id=other_id)
    return sa.insert(DoorConflict).values(values)


def _group(conference_id: int, group_id: int | None) -> Group:
    """The group that was chosen, if it is one of this conference, else the one for walk-ins, made when first needed."""
    chosen = db.session.get(Group, group_id) if group_id is not None else None
    if chosen is not None and chosen.conference_id == conference_id:
        return chosen
    own = sa.select(Group).where(Group.conference_id == conference_id)
    group = db.session.scalar(own.where(Group.key == GROUP_KEY))
    if group is None:
        last = db.session.scalar(sa.select(sa.func.max(Group.position)).where(Group.conference_id == conference_id))
        group = Group(
            conference_id=conference_id, key=GROUP_KEY, position=(last or 0) + 1, label=GROUP_LABEL, bloc=Bloc.OTHER.value,
            invited_as="delegate", role=GroupRole.DELEGATE.value, address_form="đồng chí",
        )  # fmt: skip
        db.session.add(group)
        db.session.flush()
    return group


def _body(conference_id: int, name: str) -> Body | None:
    if not fold(name):
        return None
    bodies = db.session.scalars(
        sa.select(Body).where(Body.conference_id == conference_id, Body.archived_at.is_(None)).order_by(Body.position)
    )
    return next((body for body in bodies if same_text(body.name, name)), None)


def _posts(guest: WalkIn, body: Body | None) -> list[str]:
    """A body that is in no list stands with the post, as it would on a card."""
    said: list[Any] = [guest.post, guest.body if body is None else ""]
    line = ", ".join(part for part in said if part)
    return [line[:300]] if line else []
