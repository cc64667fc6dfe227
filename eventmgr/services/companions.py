"""Who goes with a delegate: driver, secretary, interpreter. Companions stand on the list beside their delegate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.nominations import PersonFacts, checked_person
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import ADDRESS_FORMS, Delegate
from eventmgr.models.journal import record
from eventmgr.services.delegate_keys import fill_keys, ranks_of


@dataclass(frozen=True)
class Company:
    """Around one delegate: whom it goes with, and who goes with it."""

    principal: Delegate | None
    companions: list[Delegate]


def company_of(delegate: Delegate) -> Company:
    """Return whom a delegate goes with and who goes with it, in one query."""
    wanted = Delegate.companion_of_id == delegate.id
    if delegate.companion_of_id is not None:
        wanted = sa.or_(wanted, Delegate.id == delegate.companion_of_id)
    rows = db.session.scalars(sa.select(Delegate).where(wanted, Delegate.removed_at.is_(None)).order_by(Delegate.id)).all()
    principal = next((row for row in rows if row.id == delegate.companion_of_id), None)
    return Company(principal, [row for row in rows if row.companion_of_id == delegate.id])


def companies_of(delegates: Iterable[Delegate]) -> dict[int, Company]:
    """Return the same for a page of delegates, in one query."""
    known = {one.id: one for one in delegates}
    principals = {one.companion_of_id for one in known.values() if one.companion_of_id}
    rows = db.session.scalars(
        sa.select(Delegate)
        .where(sa.or_(Delegate.companion_of_id.in_(known), Delegate.id.in_(principals)), Delegate.removed_at.is_(None))
        .order_by(Delegate.id)
    ).all()
    by_id = {row.id: row for row in rows}
    made = {}
    for one in known.values():
        mine = [row for row in rows if row.companion_of_id == one.id]
        principal = by_id.get(one.companion_of_id) if one.companion_of_id else None
        if mine or principal:
            made[one.id] = Company(principal, mine)
    return made


def add_companion(conference_id: int, delegate_id: int, facts: PersonFacts, by: int) -> Delegate:
    """Add somebody who goes with a delegate; raises Invalid, NotFound, and Conflict for a companion's companion."""
    facts = checked_person(facts)
    if not facts.full_name:
        raise Invalid("Ghi họ tên người đi cùng.", "full_name")
    if not facts.posts:
        raise Invalid("Ghi việc của người đi cùng, ví dụ: Lái xe, Thư ký.", "posts")
    if facts.address_form not in {None, "", *ADDRESS_FORMS}:
        raise Invalid("Chọn cách xưng hô trong danh sách.", "address_form")
    with transaction():
        principal = db.session.scalar(
            sa.select(Delegate)
            .where(Delegate.id == delegate_id, Delegate.conference_id == conference_id)
            .options(joinedload(Delegate.group), joinedload(Delegate.body))
            .with_for_update(of=Delegate, key_share=True)
        )
        if principal is None:
            raise NotFound("Không có đại biểu này trong hội nghị.")
        if principal.removed_at is not None or principal.companion_of_id is not None:
            raise Conflict("Chỉ thêm người đi cùng cho đại biểu đang có trong danh sách.")
        twice = sa.select(Delegate.id).where(
            Delegate.companion_of_id == delegate_id, Delegate.removed_at.is_(None), Delegate.full_name == facts.full_name
        )
        if db.session.scalar(twice) is not None:
            raise Invalid(f"{facts.full_name} đã được ghi đi cùng rồi.", "full_name")
        made = Delegate(
            conference_id=conference_id, key=None, group_id=principal.group_id, body_id=principal.body_id,
            address_form=facts.address_form or principal.group.address_form, full_name=facts.full_name,
            posts=list(facts.posts), first_post=facts.posts[0], phone=facts.phone, email=facts.email, note=facts.words,
            is_host=principal.is_host, companion_of_id=principal.id, created_at=clock.now(),
        )  # fmt: skip
        fill_keys(made, ranks_of(conference_id), principal.body, principal.group)
        db.session.add(made)
        db.session.flush()
        record(
            "delegate.companion_added", clock.now(), conference_id=conference_id, account_id=by, subject="delegate",
            subject_id=principal.id, sentence=f"Thêm {made.full_name} ({made.first_post}) đi cùng {principal.shown_name}.",
            companion_id=made.id,
        )  # fmt: skip
        return made
