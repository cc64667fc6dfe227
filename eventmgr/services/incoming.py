"""What bodies sent, for the office: the list, how much waits, accepting and returning with a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from eventmgr import clock
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.domain.likeness import name_bag
from eventmgr.domain.nominations import same_posts
from eventmgr.domain.text import query_words
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Reply
from eventmgr.models.nominations import NOMINATION_STATES, Nomination
from eventmgr.services import nominating
from eventmgr.services.answering import Answer, checked_answer, hold_delegate, letter_out, put_answer
from eventmgr.services.delegate_keys import fill_keys, rank_of, ranks_of
from eventmgr.services.paging import Page, kept_inside
from eventmgr.services.typed import needed, optional

SIZE = 50


@dataclass(frozen=True)
class Came:
    """One thing that a body sent, as the office judges it: the rank its posts give, and what it should know first."""

    nomination: Nomination
    rank: int | None
    doubts: list[str]


@dataclass(frozen=True)
class CamePage(Page[Came]):
    """A page of what came in, and how many there are in each state."""

    counts: dict[str, int] | None = None


def waiting_count(conference_id: int) -> int:
    """Return how much waits for the office, for menu and desk."""
    return int(
        db.session.scalar(
            sa.select(sa.func.count(Nomination.id)).where(
                Nomination.conference_id == conference_id, Nomination.state == "waiting"
            )
        ) or 0
    )  # fmt: skip


def came_page(
    conference_id: int, state: str = "waiting", kind: str = "", query: str = "", body_id: int | None = None, number: int = 1
) -> CamePage:
    """Return what came in, in the order in which it came (judged ones newest first), in a fixed number of queries."""
    wanted = sa.select(Nomination).join(Body, Body.id == Nomination.body_id).where(Nomination.conference_id == conference_id)
    if kind in nominating.KINDS:
        wanted = wanted.where(Nomination.kind == kind)
    if body_id is not None:
        wanted = wanted.where(Nomination.body_id == body_id)
    for word in query_words(query)[:12]:
        wanted = wanted.where(
            sa.or_(Body.search_key.contains(f" {word}", autoescape=True), Nomination.person_key.contains(word, autoescape=True))
        )
    found = db.session.execute(
        wanted.with_only_columns(Nomination.state, sa.func.count(Nomination.id)).group_by(Nomination.state)
    )
    counted = {row[0]: int(row[1]) for row in found}
    counts = {one: counted.get(one, 0) for one in NOMINATION_STATES} | {"": sum(counted.values())}
    if state in NOMINATION_STATES:
        wanted = wanted.where(Nomination.state == state)
    total = counts[state if state in NOMINATION_STATES else ""]
    number = kept_inside(number, total, SIZE)
    order = Nomination.id.expression if state == "waiting" else Nomination.id.desc()
    rows = db.session.scalars(
        wanted.options(joinedload(Nomination.body).joinedload(Body.group), joinedload(Nomination.delegate))
        .order_by(order).limit(SIZE).offset((number - 1) * SIZE)
    ).all()  # fmt: skip
    return CamePage(_dressed(conference_id, rows), number, total, SIZE, counts)


def accept(conference_id: int, nomination_id: int, by: int, version: int, words: str | None = None) -> Nomination:
    """Accept what a body sent: the delegate gets the name, or is added; a letter that is out keeps its number.

    A person with other posts than the issued letter names, or in place of somebody whom it names, comes as a
    substitute with the own rank. Raises Conflict when it was judged or changed meanwhile, or the place is gone.
    """
    words = optional(words, "words", 500)
    with _in_time(), transaction():
        one = _held(conference_id, nomination_id)
        nominating.must_wait(one, version)
        {"name": _named, "replace": _replaced, "companion": _companion}.get(one.kind, _seen)(one, by)
        _judge(one, "accepted", words, by)
        nominating.note(one, "nomination.accepted", f"Nhận từ {one.body.name}: {_what(one)}.", by=by)
        return one


def give_back(conference_id: int, nomination_id: int, by: int, version: int, words: str | None) -> Nomination:
    """Return what a body sent, with the sentence that the body reads; an answer stored with it counts no more."""
    words = needed(words, "words", 500)
    at = clock.now()
    with transaction():
        one = _held(conference_id, nomination_id)
        nominating.must_wait(one, version)
        reply = db.session.get(Reply, one.reply_id) if one.reply_id else None
        if reply is not None and reply.superseded_at is None:
            reply.refused_at = reply.superseded_at = at
        children = db.session.scalars(
            sa.select(Nomination).where(Nomination.parent_id == one.id, Nomination.state == "waiting")
        )
        for child in children:
            _judge(child, "returned", words, by)
        _judge(one, "returned", words, by)
        nominating.note(one, "nomination.returned", f"Trả lại {one.body.name}: {_what(one)}. {words}", by=by)
        return one


def _named(one: Nomination, by: int) -> None:
    if one.delegate_id is None:
        _added(one)
        return
    place = _place(one)
    if place.full_name is not None:
        raise Conflict(f"Vị trí này đã có tên {place.full_name}. Trả lại cho đơn vị, hoặc sửa đại biểu trước.")
    if letter_out(place.id) is not None and not same_posts(place.posts, one.posts):
        _stand_in(one, place, by)
        return
    _fill(one, place)


def _replaced(one: Nomination, by: int) -> None:
    place = _place(one)
    reply = db.session.get(Reply, one.reply_id) if one.reply_id else None
    if reply is not None and reply.superseded_at is not None:
        raise Conflict("Đại biểu đã trả lời lại sau đề nghị này. Trả lại cho đơn vị kèm lời giải thích.")
    if reply is not None:
        reply.approved_at, reply.approved_by_id, one.result_id = clock.now(), by, place.id
    elif letter_out(place.id) is not None:  # issued in the other name since it was sent
        _stand_in(one, place, by)
    else:
        _fill(one, place)


def _companion(one: Nomination, by: int) -> None:
    parent = db.session.get(Nomination, one.parent_id) if one.parent_id else None
    if parent is not None and parent.state != "accepted":
        raise Conflict(f"Nhận {parent.full_name} trước, rồi mới nhận người đi cùng.")
    principal_id = one.delegate_id or (parent.result_id if parent else None)
    principal = db.session.get(Delegate, principal_id) if principal_id else None
    if principal is None or principal.removed_at is not None:
        raise Conflict("Người chính không còn trong danh sách. Trả lại cho đơn vị.")
    _create(one, principal.group_id, principal.id)


def _seen(one: Nomination, by: int) -> None:
    one.result_id = one.delegate_id


def _added(one: Nomination) -> None:
    if one.body.group_id is None:
        raise Conflict("Đơn vị chưa xếp vào nhóm nào. Xếp nhóm cho đơn vị trước.")
    made = _create(one, one.body.group_id, None)
    _comes(one, made)


def _create(one: Nomination, group_id: int, companion_of_id: int | None) -> Delegate:
    group = db.session.get_one(Group, group_id)
    made = Delegate(
        conference_id=one.conference_id, key=None, group_id=group_id, body_id=one.body_id, is_host=group.is_host,
        address_form=one.address_form or group.address_form, full_name=one.full_name, posts=list(one.posts),
        first_post=one.posts[0] if one.posts else None, phone=one.phone, email=one.email, note=one.words,
        origin="body", created_at=clock.now(), companion_of_id=companion_of_id,
    )  # fmt: skip
    fill_keys(made, ranks_of(one.conference_id), one.body, group)
    db.session.add(made)
    db.session.flush()
    one.result_id = made.id
    return made


def _fill(one: Nomination, place: Delegate) -> None:
    """Give the place its person; rank and keys follow the posts, the number of a letter stays."""
    group = db.session.get_one(Group, place.group_id)
    if not same_posts(place.posts, one.posts):
        place.posts, place.rank, place.manual_position = list(one.posts), None, None
        place.first_post = one.posts[0]
    place.full_name, place.sort_given = one.full_name, None
    place.address_form = one.address_form or place.address_form
    if one.kind == "replace":  # numbers of whoever was there belong to nobody else
        place.phone = place.email = None
    place.phone, place.email = one.phone or place.phone, one.email or place.email
    fill_keys(place, ranks_of(one.conference_id), one.body, group)
    one.result_id = place.id
    _comes(one, place)


def _comes(one: Nomination, delegate: Delegate) -> None:
    """A body that names somebody says that this person comes; who named is told by source and actor."""
    letter = letter_out(delegate.id)
    one.reply_id = put_answer(
        delegate, checked_answer(Answer("comes")), source="body", is_late=one.is_late,
        invitation_id=letter.id if letter else None, actor=one.body.name,
    ).id  # fmt: skip


def _stand_in(one: Nomination, place: Delegate, by: int) -> None:
    answer = Answer("substitute", None, one.address_form, one.full_name, ", ".join(one.posts)[:300])
    letter = letter_out(place.id)
    one.reply_id = put_answer(
        place, checked_answer(answer), source="body", is_late=one.is_late, invitation_id=letter.id if letter else None,
        by=by, approved=True, actor=one.body.name,
    ).id  # fmt: skip
    one.result_id = place.id


def _place(one: Nomination) -> Delegate:
    found = db.session.get(Delegate, one.delegate_id) if one.delegate_id else None
    if found is None or found.removed_at is not None:
        raise Conflict("Vị trí này đã bỏ khỏi danh sách. Trả lại cho đơn vị.")
    hold_delegate(found.id)
    return found


def _held(conference_id: int, nomination_id: int) -> Nomination:
    found = db.session.get(Nomination, nomination_id)
    if found is None or found.conference_id != conference_id:
        raise NotFound("Không có nội dung này.")
    nominating.hold_body(found.body_id)
    return db.session.scalars(
        sa.select(Nomination).where(Nomination.id == nomination_id).options(joinedload(Nomination.body))
        .execution_options(populate_existing=True)
    ).one()  # fmt: skip


def _judge(one: Nomination, state: str, words: str | None, by: int) -> None:
    one.state, one.answer, one.judged_at, one.judged_by_id = state, words, clock.now(), by


def _what(one: Nomination) -> str:
    if one.kind == "replace":
        return f"{one.full_name} thay {one.before}"
    if one.kind == "excuse":
        return f"báo vắng {one.before}"
    return one.full_name or nominating.KINDS[one.kind].lower()


def _dressed(conference_id: int, rows: Sequence[Nomination]) -> list[Came]:
    """Add the rank that the posts give, and who bears the same name in another body."""
    ranks = ranks_of(conference_id)
    keys = {one.person_key.split(" | ")[0]: one for one in rows if one.person_key and one.state == "waiting"}
    known = _namesakes(conference_id, keys)
    made = []
    for one in rows:
        probe = Delegate(posts=list(one.posts), rank=None)
        doubts = [
            f"Trong hội nghị đã có {name}{f' ({post})' if post else ''}."
            for name, post, delegate_id in known.get((one.person_key or "").split(" | ")[0], ())
            if delegate_id != one.delegate_id
        ]
        made.append(Came(one, rank_of(probe, ranks, one.body.name) if one.posts and one.kind != "companion" else None, doubts[:3]))
    return made


def _namesakes(conference_id: int, keys: dict[str, Nomination]) -> dict[str, list[tuple[str, str | None, int]]]:
    if not keys:
        return {}
    alike = sa.or_(*(sa.and_(*(Delegate.search_key.contains(f" {word} ", autoescape=True) for word in key.split())) for key in keys))
    rows = db.session.execute(
        sa.select(Delegate.full_name, Delegate.first_post, Delegate.id)
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.full_name.is_not(None), alike)
        .order_by(Delegate.id).limit(500)
    )  # fmt: skip
    found: dict[str, list[tuple[str, str | None, int]]] = {}
    for name, post, delegate_id in rows:
        found.setdefault(name_bag(name or ""), []).append((name or "", post, delegate_id))
    return found


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except (IntegrityError, StaleDataError) as problem:
        raise Conflict() from problem
