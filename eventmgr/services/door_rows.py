"""The rows of the list on a phone: what the door may see of a delegate, and the digests of the passes.

Columns instead of names, because twenty thousand rows travel at once; static/js/lib/roster.js reads them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from eventmgr.models.checkin import Admission, Gate, Phone, Scan
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.services.door_facts import entry_place, needs_no_letter
from eventmgr.services.door_holds import waiting

DIGITS = 24
"""So many hex digits of a digest are enough: 96 bits tell every pass from every other code."""

_OPEN_REPLY = sa.and_(Reply.delegate_id == Delegate.id, Reply.superseded_at.is_(None))
_OPEN_ADMISSION = sa.and_(Admission.delegate_id == Delegate.id, Admission.undone_at.is_(None))
_PEOPLE = (
    sa.select(
        Delegate.id, Delegate.full_name, Delegate.address_form, Delegate.first_post, Delegate.posts, Body.name.label("body"),
        Delegate.group_id, Delegate.seat, Delegate.alert, Delegate.removed_at, Delegate.companion_of_id, Delegate.origin,
        Reply.answer, Reply.substitute_name, Reply.substitute_post, Reply.substitute_form,
        Reply.approved_at.label("substitute_approved_at"), Reply.refused_at.label("substitute_refused_at"),
        Admission.admitted_at, Admission.out_at, Admission.substitute_name.label("entered_as"),
        Gate.name.label("gate"), Phone.name.label("phone"),
    )
    .select_from(Delegate)
    .outerjoin(Body, Body.id == Delegate.body_id)
    .outerjoin(Reply, _OPEN_REPLY)
    .outerjoin(Admission, _OPEN_ADMISSION)
    .outerjoin(Gate, Gate.id == Admission.gate_id)
    .outerjoin(Scan, Scan.id == Admission.scan_id)
    .outerjoin(Phone, Phone.id == Scan.phone_id)
    .order_by(Delegate.id, Reply.id)
)  # fmt: skip
_PASSES = (
    sa.select(
        Pass.delegate_id,
        Pass.digest,
        Pass.revoked_at,
        Invitation.issued_at,
        Invitation.revoked_at.label("letter_revoked_at"),
    )
    .join(Invitation, Invitation.id == Pass.invitation_id)
    .order_by(Pass.id)
)


def people(conference_id: int, ids: Sequence[int] | None = None) -> list[list[Any]]:
    """Return the rows of a conference's delegates (or of those with these ids), in four queries.

    [id, name, form of address, posts, body, group id, seat, alert, reply, substitute, entry, left at, companion of (id),
    hold, passes, removed, needs no letter]; a pass is [digits, issued, revoked at, replaced]. Empty ends are left out.
    """
    if ids is not None and not ids:
        return []
    wanted, held = (
        _PEOPLE.where(Delegate.conference_id == conference_id),
        _PASSES.where(Pass.conference_id == conference_id),
    )
    if ids is not None:
        wanted, held = wanted.where(Delegate.id.in_(ids)), held.where(Pass.delegate_id.in_(ids))
    passes: dict[int, list[Any]] = defaultdict(list)
    for one in db.session.connection().execute(held):
        passes[one.delegate_id].append(one)
    holds = waiting(conference_id, ids)
    rows = {row.id: _row(row, passes.get(row.id, []), holds.get(row.id)) for row in db.session.connection().execute(wanted)}
    return list(rows.values())


def _row(row: Any, held: list[Any], hold: list[str] | None) -> list[Any]:
    removed = row.removed_at is not None
    is_replaced = not removed and any(one.letter_revoked_at is None and one.issued_at is not None for one in held)
    made = [
        row.id, row.full_name or "", row.address_form, row.posts or ([row.first_post] if row.first_post else []),
        row.body or "", row.group_id, row.seat or "", row.alert or "",
        row.answer if row.answer and row.substitute_refused_at is None else "none",
        _substitute(row), _entry(row), row.out_at.isoformat() if row.out_at else None, row.companion_of_id, hold,
        [_pass(one, row.removed_at, is_replaced) for one in held], removed, needs_no_letter(row.origin, row.companion_of_id),
    ]  # fmt: skip
    while not made[-1] and len(made) > 1:
        made.pop()
    return made


def _substitute(row: Any) -> list[Any] | None:
    if row.answer != "substitute" or row.substitute_refused_at is not None:
        return None
    approved = row.substitute_approved_at is not None
    return [row.substitute_name, row.substitute_post or "", approved, row.substitute_form or "đồng chí"]


def _entry(row: Any) -> list[Any] | None:
    if row.admitted_at is None or row.out_at is not None:
        return None
    return [row.admitted_at.isoformat(), entry_place(row.gate, row.phone), row.entered_as or row.full_name or ""]


def _pass(one: Any, removed_at: Any, is_replaced: bool) -> list[Any]:
    revoked_at = one.revoked_at or one.letter_revoked_at or removed_at
    return [
        one.digest[:DIGITS], int(one.issued_at is not None), revoked_at.isoformat() if revoked_at else None,
        int(bool(revoked_at) and is_replaced),
    ]  # fmt: skip
