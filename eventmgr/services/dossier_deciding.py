"""From agreed entries to honourees and back, inside the transaction of a decision; a private part of the award services."""

from __future__ import annotations

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.text import search_key
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.database import db
from eventmgr.models.delegates import Body
from eventmgr.models.dossiers import Dossier, DossierEntry
from eventmgr.services.dossier_parts import fact

_SAID = ("leader_form", "leader_name", "leader_post")


def annex_order() -> tuple[sa.ColumnElement[int], ...]:
    """Return the order of entries within a form: collectives, then individuals; as the office put them, else by body and dossier."""
    collectives_first = sa.case((DossierEntry.kind == RecipientKind.COLLECTIVE.value, 0), else_=1)
    placed = sa.func.coalesce(DossierEntry.place, 1_000_000)
    rest = (Body.position, Body.id, Dossier.id, DossierEntry.position, DossierEntry.id)
    return collectives_first, placed, *(sa.type_coerce(column, sa.Integer) for column in rest)


def agreed_of(form_id: int) -> list[tuple[DossierEntry, Dossier]]:
    """Return the agreed entries of a form in the order of the annex: collectives, then individuals, by body and dossier."""
    rows = db.session.execute(
        sa.select(DossierEntry, Dossier)
        .join(Dossier, Dossier.id == DossierEntry.dossier_id)
        .join(Body, Body.id == Dossier.body_id)
        .where(DossierEntry.form_id == form_id, DossierEntry.state == "agreed", Dossier.state == "checked")
        .order_by(*annex_order())
    )
    return [(entry, dossier) for entry, dossier in rows]


def take_in(form: AwardForm, by: int) -> int:
    """Put the agreed entries of a form on its list, behind who is there; return how many.

    A name that is on the list already, letter for letter, is not put there twice.
    """
    listed = list(db.session.scalars(sa.select(Honouree).where(Honouree.form_id == form.id)))
    known = {(one.kind, one.printed_name, one.post): one for one in listed}
    last = {kind.value: max((one.position for one in listed if one.kind == kind), default=0) for kind in RecipientKind}
    at, agreed = clock.now(), agreed_of(form.id)
    for entry, dossier in agreed:
        honouree = known.get((entry.kind, entry.printed_name, entry.post))
        if honouree is None:
            last[entry.kind] += 1
            honouree = Honouree(
                conference_id=form.conference_id, form_id=form.id, kind=entry.kind, position=last[entry.kind],
                printed_name=entry.printed_name, post=entry.post, address_form=entry.address_form,
                search_key=search_key(entry.printed_name, entry.post), created_at=at,
            )
            known[entry.kind, entry.printed_name, entry.post] = honouree
            db.session.add(honouree)
        honouree.body_id = honouree.body_id or dossier.body_id
        if honouree.leader_name is None:
            for name in _SAID:
                setattr(honouree, name, getattr(entry, name))
        db.session.flush()
        entry.state, entry.honouree_id = "decided", honouree.id
        fact(dossier, "decided", by=by, entry_id=entry.id)
    return len(agreed)


def undo(form: AwardForm, by: int) -> None:
    """Let entries be agreed again because the decision was taken back; whoever they made stays on the list."""
    for entry, dossier in _entries(DossierEntry.form_id == form.id, DossierEntry.state == "decided"):
        entry.state = "agreed"
        fact(dossier, "undecided", by=by, entry_id=entry.id)
    for honouree in db.session.scalars(sa.select(Honouree).where(Honouree.form_id == form.id, Honouree.certificate_at.is_not(None))):
        honouree.certificate_at = honouree.certificate_by_id = None  # it names a decision that no longer stands


def release(honouree_id: int, by: int) -> None:
    """Let an entry wait again because who it made was taken off the list: the next decision must not bring it back."""
    for entry, dossier in _entries(DossierEntry.honouree_id == honouree_id):
        entry.state, entry.honouree_id = "proposed", None
        fact(dossier, "back", by=by, entry_id=entry.id)


def follow(honouree_id: int, state: str, by: int, reason: str | None) -> None:
    """Let an entry say that the award was cancelled, or stands again."""
    for entry, dossier in _entries(DossierEntry.honouree_id == honouree_id):
        entry.state, entry.reason = state, reason
        fact(dossier, "cancelled" if state == "cancelled" else "decided", by=by, entry_id=entry.id, words=reason)


def tell(honouree_id: int, verb: str, by: int) -> None:
    """Let the dossier of an honouree say what happened: invited, certificate ready or not."""
    for entry, dossier in _entries(DossierEntry.honouree_id == honouree_id):
        fact(dossier, verb, by=by, entry_id=entry.id)


def _entries(*only: sa.ColumnElement[bool]) -> list[tuple[DossierEntry, Dossier]]:
    rows = db.session.execute(sa.select(DossierEntry, Dossier).join(Dossier, Dossier.id == DossierEntry.dossier_id).where(*only))
    return [(entry, dossier) for entry, dossier in rows]
