"""People of an earlier conference, to be taken over into this one: name, posts, body, contacts; never letters or replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.domain.likeness import Candidate, Known, Register, posts_key
from eventmgr.domain.text import same_text
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group, Rank
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import record
from eventmgr.services.delegate_keys import body_search_key, fill_keys, found_by, ranks_of
from eventmgr.services.paging import Page, kept_inside
from eventmgr.services.typed import free_key

SIZE = 100
MOST = 2000


@dataclass(frozen=True)
class Earlier:
    """Somebody of the earlier conference; `twin` says who of this one it likely is, `place` that its post waits for a name."""

    delegate: Delegate
    twin: str | None
    place: bool

    @property
    def can_come(self) -> bool:
        """Whether this person can be taken over."""
        return self.twin is None or self.place


@dataclass(frozen=True)
class EarlierPage(Page[Earlier]):
    """A page of people, the groups they stood in, and the group of this conference that each goes to by default."""

    groups: list[Group] = None  # type: ignore[assignment]
    guesses: Mapping[int, int | None] = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Taken:
    """What came of it: how many were added, how many places got a name, and who was left out as known already."""

    added: int
    named: int
    known: list[str]


def named_counts(conference_ids: Sequence[int]) -> dict[int, int]:
    """Return how many people with a name each conference has."""
    rows = db.session.execute(
        sa.select(Delegate.conference_id, sa.func.count(Delegate.id))
        .where(Delegate.conference_id.in_(conference_ids), *_people())
        .group_by(Delegate.conference_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def earlier_page(conference_id: int, source_id: int, query: str = "", group_id: int | None = None, number: int = 1) -> EarlierPage:
    """Return people of the source with what is known of them here, in a fixed number of queries."""
    wanted = _wanted(source_id, query, group_id)
    total = int(db.session.scalar(wanted.with_only_columns(sa.func.count(Delegate.id))) or 0)
    number = kept_inside(number, total, SIZE)
    rows = db.session.scalars(_ordered(wanted).limit(SIZE).offset((number - 1) * SIZE)).all()
    judge = _Judge(conference_id)
    found = [judge.look(row) for row in rows]
    groups = list(db.session.scalars(sa.select(Group).where(Group.conference_id == source_id).order_by(Group.position)))
    return EarlierPage(found, number, total, SIZE, groups, {group.id: judge.group_for(group) for group in groups})


def take_over(
    conference_id: int, source_id: int, delegate_ids: Sequence[int] | None, groups: Mapping[int, int | None], by: int, *,
    with_contacts: bool, query: str = "", group_id: int | None = None,
) -> Taken:
    """Take these people over (None: all that query and group find); `groups` says into which group each group goes.

    Whoever is known here already is left out and named; a post that waits for a name gets it. Rank follows the posts.
    Raises Invalid when a group is left open, NotFound for people or groups of other conferences.
    """
    at = clock.now()
    with transaction():
        db.session.execute(sa.select(Conference.id).where(Conference.id == conference_id).with_for_update())
        people = _chosen(source_id, delegate_ids, query, group_id)
        judge, ranks, known = _Judge(conference_id), ranks_of(conference_id), []
        added = named = 0
        for one in people:
            seen = judge.look(one)
            if not seen.can_come:
                known.append(one.full_name or "")
                continue
            if seen.place and judge.place(one, with_contacts, ranks):
                named += 1
                continue
            added += 1
            judge.add(one, _target(judge, groups, one), at, with_contacts, ranks)
        source = db.session.get_one(Conference, source_id)
        if added or named:
            record(
                "delegate.taken_over", at, conference_id=conference_id, account_id=by, subject="list",
                sentence=f"Lấy lại {added + named} người từ “{source.short_title}”.", source_id=source_id, added=added, named=named,
            )  # fmt: skip
        return Taken(added, named, known)


class _Judge:
    """What this conference knows: its people, bodies and groups, and what is added on the way."""

    def __init__(self, conference_id: int) -> None:
        self.conference_id = conference_id
        self.groups = list(db.session.scalars(sa.select(Group).where(Group.conference_id == conference_id).order_by(Group.position)))
        self.bodies = list(db.session.scalars(sa.select(Body).where(Body.conference_id == conference_id)))
        self.by_body = {body.id: body for body in self.bodies}
        rows = db.session.execute(
            sa.select(Delegate.id, Delegate.full_name, Delegate.group_id, Delegate.body_id, Delegate.posts, Delegate.phone_key,
                      Delegate.first_post)
            .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        ).all()  # fmt: skip
        self.words = {row.id: ", ".join(part for part in (row.full_name, row.first_post) if part) for row in rows}
        self.unnamed = {row.id for row in rows if row.full_name is None}
        self.register = Register.of(
            Known(row.id, row.full_name, row.group_id, row.body_id, posts_key(row.posts, self._body_name(row.body_id)), row.phone_key)
            for row in rows
        )

    def look(self, one: Delegate) -> Earlier:
        """Say whether somebody of the source is known here: the same name with nothing that tells them apart."""
        body = self.body_for(one)
        key = posts_key(one.posts, one.body.name if one.body else None)
        like = self.register.find(Candidate(one.full_name, None, body.id if body else None, key, one.phone_key))
        if like is None:
            return Earlier(one, None, False)
        if like.id in self.unnamed:
            return Earlier(one, self.words[like.id], True)
        other = not like.sure and not like.strong
        return Earlier(one, None if other else self.words[like.id], False)

    def place(self, one: Delegate, with_contacts: bool, ranks: Sequence[Rank]) -> bool:
        """Give the post that waits the name of who holds it; a post whose letter is out is left to a person."""
        body = self.body_for(one)
        key = posts_key(one.posts, one.body.name if one.body else None)
        like = self.register.find(Candidate(one.full_name, None, body.id if body else None, key, one.phone_key))
        out = like and db.session.scalar(
            sa.select(Invitation.id).where(
                Invitation.delegate_id == like.id, Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None)
            )
        )
        if like is None or like.id not in self.unnamed or out:
            return False
        held = db.session.get_one(Delegate, like.id)
        held.full_name, held.sort_given, held.address_form = one.full_name, one.sort_given, one.address_form
        if with_contacts:
            held.phone, held.email = one.phone or held.phone, one.email or held.email
        fill_keys(held, ranks, self.by_body.get(held.body_id or 0), next(g for g in self.groups if g.id == held.group_id))
        self.unnamed.discard(like.id)
        self._know(held)
        return True

    def add(self, one: Delegate, group: Group, at: object, with_contacts: bool, ranks: Sequence[Rank]) -> None:
        """Add somebody as a new delegate, with the body of the same name, which is added when there is none."""
        body = self.body_for(one) or self._new_body(one, group)
        made = Delegate(
            conference_id=self.conference_id, key=None, group_id=group.id, body_id=body.id if body else None,
            address_form=one.address_form, full_name=one.full_name, sort_given=one.sort_given, posts=list(one.posts),
            first_post=one.first_post, is_host=group.is_host, phone=one.phone if with_contacts else None,
            email=one.email if with_contacts else None, origin="earlier", created_at=at,
        )  # fmt: skip
        fill_keys(made, ranks, body, group)
        db.session.add(made)
        db.session.flush()
        self._know(made)

    def body_for(self, one: Delegate) -> Body | None:
        """Return the body of this conference with the same name."""
        if one.body is None:
            return None
        name = one.body.name
        return next((body for body in self.bodies if body.key == one.body.key and same_text(body.name, name)), None) or next(
            (body for body in self.bodies if same_text(body.name, name)), None
        )

    def group_for(self, group: Group) -> int | None:
        """Return the group that people of an earlier group go to by default: by key, by name, else the only one of its role."""
        for fits in (
            lambda one: one.key == group.key and one.role == group.role,
            lambda one: same_text(one.label, group.label) or same_text(one.short_label or one.label, group.short_label or group.label),
        ):
            if found := next((one for one in self.groups if fits(one)), None):
                return found.id
        same = [one.id for one in self.groups if one.role == group.role]
        return same[0] if len(same) == 1 else None

    def _new_body(self, one: Delegate, group: Group) -> Body | None:
        if one.body is None:
            return None
        taken = {body.key for body in self.bodies}
        made = Body(
            conference_id=self.conference_id, key=free_key(one.body.name, taken, 60), name=one.body.name, group_id=group.id,
            position=max((body.position for body in self.bodies), default=0) + 1, bloc=one.body.bloc,
        )  # fmt: skip
        made.search_key = body_search_key(made.name)
        db.session.add(made)
        db.session.flush()
        self.bodies.append(made)
        self.by_body[made.id] = made
        return made

    def _know(self, one: Delegate) -> None:
        self.words[one.id] = ", ".join(part for part in (one.full_name, one.first_post) if part)
        key = posts_key(one.posts, self._body_name(one.body_id))
        self.register.add(Known(one.id, one.full_name, one.group_id, one.body_id, key, one.phone_key))

    def _body_name(self, body_id: int | None) -> str | None:
        return self.by_body[body_id].name if body_id in self.by_body else None


def _target(judge: _Judge, groups: Mapping[int, int | None], one: Delegate) -> Group:
    chosen = groups.get(one.group_id, judge.group_for(one.group))
    if chosen is None:
        raise Invalid(f"Chọn nhóm cho những người thuộc “{one.group.short_label or one.group.label}”.")
    found = next((group for group in judge.groups if group.id == chosen), None)
    if found is None:
        raise Invalid("Chọn nhóm trong danh sách.")
    return found


def _chosen(source_id: int, delegate_ids: Sequence[int] | None, query: str, group_id: int | None) -> list[Delegate]:
    if delegate_ids is None:
        found = list(db.session.scalars(_ordered(_wanted(source_id, query, group_id)).limit(MOST)))
    else:
        ids = list(dict.fromkeys(delegate_ids))[:MOST]
        found = list(db.session.scalars(_ordered(_wanted(source_id, "", None).where(Delegate.id.in_(ids)))))
        if len(found) != len(ids):
            raise NotFound("Có người không thuộc hội nghị đã chọn.")
    if not found:
        raise Invalid("Chưa chọn ai: đánh dấu ở đầu dòng rồi bấm lại.")
    return found


def _people() -> tuple[sa.ColumnElement[bool], ...]:
    """Those who can be taken over: with a name, still on their list, nobody's companion."""
    return Delegate.removed_at.is_(None), Delegate.full_name.is_not(None), Delegate.companion_of_id.is_(None)


def _wanted(source_id: int, query: str, group_id: int | None) -> sa.Select[Delegate]:
    wanted = sa.select(Delegate).where(Delegate.conference_id == source_id, *_people(), *found_by(query))
    return wanted if group_id is None else wanted.where(Delegate.group_id == group_id)


def _ordered(wanted: sa.Select[Delegate]) -> sa.Select[Delegate]:
    return (
        wanted.join(Group, Group.id == Delegate.group_id)
        .options(joinedload(Delegate.group), joinedload(Delegate.body))
        .order_by(Group.position, Delegate.precedence_key, Delegate.name_key, Delegate.id)
    )
