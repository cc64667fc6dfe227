"""Invitees out of a decided list: each person, and for each collective the leader that its body named, becomes a delegate."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.awards import RecipientKind, counts_text
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.invitees import checked_name
from eventmgr.domain.likeness import name_bag
from eventmgr.domain.names import AddressForm
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.services import dossier_deciding
from eventmgr.services.award_parts import conference_for_writing, form_for_writing, form_row, note
from eventmgr.services.delegate_keys import fill_keys, ranks_of
from eventmgr.services.honourees import get
from eventmgr.services.typed import optional

ALERT = "Người được khen thưởng: mời đến hàng ghế dành cho người được khen thưởng."
_ORIGIN = "awards"


@dataclass(frozen=True)
class ReceiverFacts:
    """Who receives for an honouree, and the body that it belongs to; a person receives in person."""

    body_id: int | None = None
    leader_form: str | None = None
    leader_name: str | None = None
    leader_post: str | None = None


@dataclass(frozen=True)
class Receiver:
    """An honouree and who is invited for it: `delegate` once invited, else a name with a post, or a `problem`."""

    honouree: Honouree
    body: Body | None
    delegate: Delegate | None
    name: str | None
    post: str
    problem: str | None

    @property
    def is_ready(self) -> bool:
        """Whether somebody can be invited now."""
        return self.delegate is None and self.problem is None


def receivers(conference_id: int, form_id: int) -> list[Receiver]:
    """Return who receives for each honouree of a list, in the order of the annex, in a fixed number of queries."""
    rows = db.session.execute(
        sa.select(Honouree, Body, Delegate)
        .outerjoin(Body, Body.id == Honouree.body_id)
        .outerjoin(Delegate, sa.and_(Delegate.id == Honouree.delegate_id, Delegate.removed_at.is_(None)))
        .where(Honouree.conference_id == conference_id, Honouree.form_id == form_id, Honouree.cancelled_at.is_(None))
        .order_by(Honouree.kind, Honouree.position, Honouree.id)
    )
    return [_receiver(*row) for row in rows]


def name_receiver(conference_id: int, form_id: int, honouree_id: int, facts: ReceiverFacts, by: int) -> None:
    """Say who receives and which body it belongs to; not the decision's words, so a locked list takes it too.

    Raises NotFound, Invalid, Conflict once somebody was invited.
    """
    try:
        name = checked_name(facts.leader_name)
    except Invalid as problem:
        raise Invalid(problem.sentence, "leader_name") from problem
    post = optional(facts.leader_post, "leader_post", 300)
    if facts.leader_form and facts.leader_form not in set(AddressForm):
        raise Invalid("Chọn cách xưng hô trong danh sách.", "leader_form")
    if name and not post:
        raise Invalid("Ghi chức vụ của người lên nhận.", "leader_post")
    with transaction():
        form = form_for_writing(conference_id, form_id)
        honouree = get(conference_id, form_id, honouree_id)
        body = db.session.get(Body, facts.body_id) if facts.body_id is not None else None
        if facts.body_id is not None and (body is None or body.conference_id != conference_id):
            raise Invalid("Chọn đơn vị trong danh sách.", "body_id")
        if honouree.delegate_id is not None:
            raise Conflict("Đã mời người này; sửa ở danh sách khách mời.")
        honouree.body_id = facts.body_id
        if honouree.kind == "collective":
            honouree.leader_form, honouree.leader_name, honouree.leader_post = facts.leader_form or None, name, post if name else None
        note(form, "awards.receiver_named", by, "Ghi người lên nhận cho một tên trong danh sách khen thưởng.", honouree_ids=[honouree_id])


def invite(conference_id: int, form_id: int, by: int) -> tuple[int, int]:
    """Put everybody who can be invited on the guest list, linked to the honouree; return how many are new and were there.

    Who stands there already, of the same body and with the same name, is taken instead of a second entry. Once more
    changes nothing. Raises Conflict before the decision and while no group is for honourees.
    """
    with transaction():
        conference_for_writing(conference_id)  # two lists at once must see each other's people
        form = form_for_writing(conference_id, form_id)
        if form.decision_number is None:
            raise Conflict("Ghi Quyết định trước, rồi mới mời người được khen thưởng.")
        group = _group(conference_id)
        ranks, made, linked, invited = ranks_of(conference_id), 0, 0, []
        known = _known(conference_id)
        taken = {one.delegate.id for one in receivers(conference_id, form_id) if one.delegate is not None}
        for one in receivers(conference_id, form_id):
            if not one.is_ready or one.name is None:
                continue
            same = [each for each in known.get((one.honouree.body_id, name_bag(one.name)), []) if each.id not in taken]
            delegate = same[0] if same else _made(one, group)
            if same:
                linked += 1
            else:
                made += 1
                fill_keys(delegate, ranks, one.body, group)
                db.session.add(delegate)
                db.session.flush()
                known.setdefault((one.honouree.body_id, name_bag(one.name)), []).append(delegate)
            delegate.alert = delegate.alert or ALERT
            taken.add(delegate.id)
            one.honouree.delegate_id, one.honouree.invited_at, one.honouree.invited_by_id = delegate.id, clock.now(), by
            dossier_deciding.tell(one.honouree.id, "invited", by)
            invited.append(one.honouree)
        if invited:
            kinds = [one.kind for one in invited]
            # The desk shows this to everybody who works here, long before the names are read out.
            note(
                form, "awards.invited", by,
                f"Đưa {counts_text(kinds.count('collective'), kinds.count('individual'))} được khen thưởng vào danh sách khách mời.",
                honouree_ids=[one.id for one in invited],
            )  # fmt: skip
    return made, linked


def form_of(conference_id: int, form_id: int) -> AwardForm:
    """Return the form of a list; raises NotFound."""
    return form_row(conference_id, form_id).form


def _receiver(honouree: Honouree, body: Body | None, delegate: Delegate | None) -> Receiver:
    if delegate is not None:
        return Receiver(honouree, body, delegate, delegate.full_name, delegate.posts_text, None)
    if honouree.kind == RecipientKind.COLLECTIVE:
        if not honouree.leader_name:
            return Receiver(honouree, body, None, None, "", "Chưa ghi ai đại diện lên nhận.")
        post = honouree.leader_post or f"Đại diện {honouree.printed_name}"
        return Receiver(honouree, body, None, honouree.leader_name, post[:300], None)
    try:
        name = checked_name(honouree.printed_name)
    except Invalid as problem:
        return Receiver(honouree, body, None, None, honouree.post, f"{problem.sentence} Thêm người này ở danh sách khách mời.")
    return Receiver(honouree, body, None, name, honouree.post, None if name else "Tên in không có họ tên.")


def _group(conference_id: int) -> Group:
    wanted = sa.select(Group).where(Group.conference_id == conference_id, Group.role == "honouree").order_by(Group.position, Group.id)
    group = db.session.scalars(wanted.limit(1)).first()
    if group is None:
        raise Conflict("Chưa có nhóm khách mời cho người được khen thưởng. Thêm nhóm có vai trò đó rồi mời.")
    return group


def _known(conference_id: int) -> dict[tuple[int | None, str], list[Delegate]]:
    """(body, name in any spelling) -> delegates on the list; companions are not who receives."""
    rows = db.session.scalars(
        sa.select(Delegate)
        .where(
            Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.full_name.is_not(None),
            Delegate.companion_of_id.is_(None),
        )
        .options(joinedload(Delegate.group)).order_by(Delegate.id)
    )  # fmt: skip
    found: dict[tuple[int | None, str], list[Delegate]] = {}
    for one in rows:
        if one.body_id is not None or one.group.role == "honouree":  # without a body a name alone says too little
            found.setdefault((one.body_id, name_bag(one.full_name or "")), []).append(one)
    return found


def _made(one: Receiver, group: Group) -> Delegate:
    honouree = one.honouree
    form = honouree.leader_form if honouree.kind == RecipientKind.COLLECTIVE else honouree.address_form
    return Delegate(
        conference_id=honouree.conference_id, group_id=group.id, body_id=honouree.body_id, address_form=form or group.address_form,
        full_name=one.name, posts=[one.post], first_post=one.post, is_host=group.is_host, origin=_ORIGIN, created_at=clock.now(),
    )  # fmt: skip
