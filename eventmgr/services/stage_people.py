"""Delegates as the stage names them: who of them is in the room, and who comes instead; a private part of services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr.domain import script
from eventmgr.domain.delegates import AddressForm, posts_with_body
from eventmgr.domain.errors import NotFound
from eventmgr.domain.text import clean, query_words
from eventmgr.models.checkin import Admission
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Reply


@dataclass(frozen=True)
class StagePerson:
    """Somebody as the stage names them; `instead_of` is whom a substitute stands in for.

    `form` and `name` are those of whoever comes; `name` is None while only a post is known. `admitted_at` is None
    while nobody has come in, `out_at` when who came in has gone out again.
    """

    delegate_id: int | None
    form: AddressForm
    name: str | None
    post: str
    seat: str | None = None
    admitted_at: datetime | None = None
    instead_of: str | None = None
    body: str = ""
    out_at: datetime | None = None

    @property
    def presenter(self) -> script.Presenter:
        """The person as scripts and screens call them; the post already names the body."""
        posts = [self.post] if self.post else []
        said = script.person(self.form, self.name, posts, None) if self.name else script.holder(self.form, posts, None)
        return replace(said, body=self.body, instead_of=self.instead_of or "")


def people_by_id(conference_id: int, delegate_ids: Iterable[int]) -> dict[int, StagePerson]:
    """Return these delegates by id, those of another conference and removed ones left out; three queries.

    Whoever was admitted counts; before that, an approved substitute.
    """
    ids = set(delegate_ids)
    if not ids:
        return {}
    delegates = db.session.scalars(
        sa.select(Delegate)
        .where(Delegate.id.in_(ids), Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        .options(joinedload(Delegate.body))
    )
    inside = {
        one.delegate_id: one
        for one in db.session.scalars(
            sa.select(Admission).where(Admission.delegate_id.in_(ids), Admission.undone_at.is_(None))
        )
    }
    replies = {
        one.delegate_id: one
        for one in db.session.scalars(
            sa.select(Reply).where(
                Reply.delegate_id.in_(ids), Reply.answer == "substitute", Reply.superseded_at.is_(None),
                Reply.approved_at.is_not(None),
            )
        )
    }
    return {
        one.id: replace(
            _person(one, inside.get(one.id), replies.get(one.id)), out_at=inside[one.id].out_at if one.id in inside else None
        )
        for one in delegates
    }


def person_of(conference_id: int, delegate_id: int) -> StagePerson:
    """Return one delegate as the stage names them; raises NotFound."""
    found = people_by_id(conference_id, [delegate_id]).get(delegate_id)
    if found is None:
        raise NotFound("Không có đại biểu này trong hội nghị.")
    return found


def find(conference_id: int, query: str, limit: int = 12) -> list[StagePerson]:
    """Return the named delegates that a query finds, by precedence; nobody for an empty query."""
    words = query_words(query)
    if not words:
        return []
    found = sa.select(Delegate.id).where(
        Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.full_name.is_not(None),
        *(Delegate.search_key.contains(f" {word}", autoescape=True) for word in words),
    )
    ids = list(db.session.scalars(found.order_by(Delegate.precedence_key, Delegate.name_key, Delegate.id).limit(limit)))
    people = people_by_id(conference_id, ids)
    return [people[one] for one in ids if one in people]


def _person(delegate: Delegate, admission: Admission | None, reply: Reply | None) -> StagePerson:
    body = clean(delegate.body.name) if delegate.body else ""
    form, post = AddressForm(delegate.address_form), posts_with_body(delegate.posts, body or None)
    own = f"{form.label} {delegate.full_name}" if delegate.full_name else post
    at = admission.admitted_at if admission else None
    by = AddressForm(reply.substitute_form) if reply and reply.substitute_form else AddressForm.COMRADE
    if admission is not None and admission.substitute_name:
        name, their_post = admission.substitute_name, admission.substitute_post or body
        return StagePerson(delegate.id, by, name, their_post, delegate.seat, at, own, body)
    if admission is None and reply is not None and reply.substitute_name:
        return StagePerson(delegate.id, by, reply.substitute_name, reply.substitute_post or body, delegate.seat, None, own, body)
    return StagePerson(delegate.id, form, delegate.full_name, post, delegate.seat, at, None, body)
