"""The names that the door gives to delegates whose letters name a post: written where the list has none."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr.domain.conflicts import Problem
from eventmgr.domain.names import AddressForm
from eventmgr.domain.namings import NamedPerson, Naming, left, others, same_name, standing
from eventmgr.domain.presence import Finding, Presence
from eventmgr.models.checkin import Scan
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.services.delegate_keys import fill_keys, ranks_of
from eventmgr.services.scan_facts import Row

_COLUMNS = Scan.id, Scan.scan_key, Scan.at, Scan.entered_as, Scan.entered_form, Scan.about_key


def settle(
    delegate_id: int, rows: Sequence[Row], presence: Presence, noted: Collection[int] = (), new_id: int | None = None
) -> tuple[Finding, ...]:
    """Write the name that the facts give and return what does not go with it; costs nothing where no fact names.

    A name that the office has written stays. What differs from it is found when it arrives (`new_id`) and stays found
    (`noted`): the office may correct a name afterwards without being asked again.
    """
    if all(row.fact.kind != "named" for row in rows):
        return ()
    delegate, namings = _held(delegate_id), _namings(delegate_id)
    arrival_key = presence.arrival.key if presence.arrival else None
    if delegate.full_name is not None and all(one.person.full_name != delegate.full_name for one in namings):
        odd = [one for one in left(namings, presence.undone) if not same_name(one.person.full_name, delegate.full_name)]
        return tuple(Finding(Problem.NAMED, one.id) for one in odd if one.id in noted or one.id == new_id)
    found = standing(namings, presence.undone, arrival_key)
    _write(delegate, found)
    return tuple(
        Finding(Problem.NAMED, one.id, found.id) for one in others(namings, presence.undone, arrival_key) if found is not None
    )


def _write(delegate: Delegate, found: Naming | None) -> None:
    name = found.person.full_name if found else None
    form = found.person.address_form.value if found else delegate.group.address_form
    if (delegate.full_name, delegate.address_form) == (name, form):
        return
    delegate.full_name, delegate.address_form, delegate.sort_given = name, form, None
    fill_keys(delegate, ranks_of(delegate.conference_id), delegate.body, delegate.group)
    db.session.flush()


def _held(delegate_id: int) -> Delegate:
    wanted = sa.select(Delegate).where(Delegate.id == delegate_id).options(joinedload(Delegate.body), joinedload(Delegate.group))
    return db.session.scalars(wanted).one()


def _namings(delegate_id: int) -> list[Naming]:
    rows = db.session.execute(sa.select(*_COLUMNS).where(Scan.delegate_id == delegate_id, Scan.kind == "named"))
    return [
        Naming(row.id, row.scan_key, row.at, NamedPerson(row.entered_as or "", AddressForm(row.entered_form)), row.about_key)
        for row in rows
    ]
