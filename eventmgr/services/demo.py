"""A rehearsal of the plan's conference, full of invented people, with the programme under way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.awards import authority_in_full
from eventmgr.domain.dates import to_local
from eventmgr.domain.delegates import posts_with_body
from eventmgr.domain.errors import NotFound
from eventmgr.domain.text import search_key
from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.journal import record
from eventmgr.services import demo_bodies, demo_ceremony, demo_dossiers, demo_hall, demo_letters, demo_people
from eventmgr.services.conference_copy import copy_rows
from eventmgr.services.delegate_keys import fill_keys, ranks_of
from eventmgr.services.programme_versions import publish_within

SOURCE = "so-ket-binh-dang-gioi-2015"
SLUG = "dien-tap-so-ket-binh-dang-gioi-2015"
ACTOR = "Diễn tập"
SEED = 2809
ADMITTED = 59
LEADERS = ("G01", "G02", "G03", "G04")


@dataclass(frozen=True)
class Demo:
    """The rehearsal; `made` tells whether it was made just now, the figures are those of its making."""

    slug: str
    made: bool
    delegates: int = 0
    letters: int = 0
    admitted: int = 0
    step: str = ""


def has_plan() -> bool:
    """Tell whether the plan's conference is there to be rehearsed."""
    return db.session.scalar(sa.select(Conference.id).where(Conference.slug == SOURCE)) is not None


def make_demo() -> Demo:
    """Make the rehearsal in one transaction, or find it; raises NotFound while the plan is not loaded.

    The same plan gives the same people, answers and arrivals; only the passes are drawn anew, as for real letters.
    Times lie around now: the programme began a good hour ago and stands at step 4.(2).
    """
    if db.session.scalar(sa.select(Conference.id).where(Conference.slug == SLUG)) is not None:
        return Demo(SLUG, made=False)
    now, rng = clock.now(), Random(SEED)
    with transaction():
        source = db.session.scalar(sa.select(Conference).where(Conference.slug == SOURCE))
        if source is None:
            raise NotFound("Chưa nạp kế hoạch nên chưa diễn tập được.")
        begun = now - demo_hall.SINCE_BEGIN
        start = begun - timedelta(minutes=to_local(begun).minute % 15, seconds=begun.second, microseconds=begun.microsecond)
        conference = _conference(source, start, now)
        names = demo_people.names(rng)
        delegates = _people(conference, now, names)
        _seat(delegates)
        speakers = _programme(conference.id, delegates)
        publish_within(conference.id, start - timedelta(days=2), actor=ACTOR)
        issued = demo_letters.write_letters(conference, delegates, start, ACTOR)
        honoured = [one for one in delegates if one.group.key == "G09"]
        sure = {one.id for one in honoured} | speakers
        led = {one.id for one in delegates if one.group.key in LEADERS}
        answered = demo_letters.write_replies(conference, issued, sure, led, start, rng, names, ACTOR)
        _awards(conference, honoured, start)
        demo_bodies.fill_bodies(conference, delegates, names, start, ACTOR)
        demo_dossiers.fill_dossiers(conference, names, start, ACTOR)
        admitted, step = _day(conference.id, answered, speakers, start, begun, rng)
    return Demo(SLUG, True, len(delegates), len(issued), admitted, step)


def _conference(source: Conference, start: datetime, at: datetime) -> Conference:
    kept = {column.key: getattr(source, column.key) for column in sa.inspect(Conference).column_attrs}
    local = to_local(start)
    changed: dict[str, Any] = {
        "slug": SLUG, "title": source.title, "short_title": f"Diễn tập – {source.short_title}"[:160],
        "is_rehearsal": True, "copied_from_id": source.id, "state": "running", "held_on": local.date(), "starts_at": local.time(),
        "ends_at": None, "date_is_assumed": True, "reply_by": start - timedelta(hours=12), "awards_announced_at": None,
        "contact": "Phòng Văn xã, điện thoại 0000 000 000", "signer_name": "Nguyễn Văn Ví Dụ",
        "signer_lines": source.signer_lines or ["CHÁNH VĂN PHÒNG"], "created_at": at, "version": 1,
    }
    conference = Conference(**{name: value for name, value in (kept | changed).items() if name != "id"})
    db.session.add(conference)
    db.session.flush()
    copy_rows(source.id, conference.id, at, with_names=False)
    record("conference.copied", at, conference_id=conference.id, actor=ACTOR, sentence=f"Sao chép từ “{source.short_title}”.")
    return conference


def _people(conference: Conference, at: datetime, names: Iterator[tuple[str, bool]]) -> list[Delegate]:
    """Fill the groups up, name all but some, and return everybody in printing order."""
    wanted = sa.select(Delegate).where(Delegate.conference_id == conference.id)
    delegates = list(db.session.scalars(wanted.options(joinedload(Delegate.group), joinedload(Delegate.body)).order_by(Delegate.id)))
    groups = {group.key: group for group in db.session.scalars(sa.select(Group).where(Group.conference_id == conference.id))}
    bodies = {body.key: body for body in db.session.scalars(sa.select(Body).where(Body.conference_id == conference.id))}
    districts = {one.key: one.body.key for one in delegates if one.key and one.body}
    for group_key, body_key, post in demo_people.more_posts(districts):
        if group := groups.get(group_key):
            delegates.append(_delegate(conference.id, group, bodies.get(body_key or ""), post, at))
    ranks, spoken = ranks_of(conference.id), set(demo_people.SPEAKERS.values())
    for place, delegate in enumerate(delegates):
        if place % 8 != 5 or delegate.key in spoken or delegate.group.key == "G09":
            _name(delegate, *next(names))
        delegate.phone = f"0000 {place // 100:03d} {place % 1000:03d}"
        if delegate.group.key in LEADERS:
            delegate.alert = "Báo lễ tân: mời đồng chí vào phòng khách lãnh đạo."
        with db.session.no_autoflush:
            fill_keys(delegate, ranks, delegate.body, delegate.group)
    db.session.add_all(delegates)
    db.session.flush()
    return sorted(delegates, key=_printing_order)


def _delegate(conference_id: int, group: Group, body: Body | None, post: str, at: datetime) -> Delegate:
    post = posts_with_body((post,), body.name if body else None)
    return Delegate(
        conference_id=conference_id, group_id=group.id, group=group, body_id=body.id if body else None, body=body,
        address_form=group.address_form, first_post=post, posts=[post], is_host=group.is_host, created_at=at,
    )


def _name(delegate: Delegate, full_name: str, is_woman: bool) -> None:
    delegate.full_name = full_name
    delegate.posts = [demo_people.post_of_head(post) for post in delegate.posts]
    delegate.first_post = delegate.posts[0] if delegate.posts else delegate.first_post
    if delegate.group.role == "honouree":
        delegate.address_form = "bà" if is_woman else "ông"


def _printing_order(delegate: Delegate) -> tuple[int, str, int, int]:
    return delegate.group.position, delegate.precedence_key, delegate.body.position if delegate.body else 0, delegate.id


def _seat(delegates: Sequence[Delegate]) -> None:
    """Fourteen in a row, those of high rank in front."""
    for place, delegate in enumerate(sorted(delegates, key=lambda one: (one.precedence_key, one.id))):
        delegate.seat = f"{chr(ord('A') + place // 14)}{place % 14 + 1}"


def _programme(conference_id: int, delegates: Sequence[Delegate]) -> set[int]:
    """Give every step its minutes and its speaker; return the speakers."""
    known = {one.key: one.id for one in delegates if one.key}
    items = list(db.session.scalars(sa.select(Item).where(Item.conference_id == conference_id)))
    for item in items:
        item.minutes = demo_people.MINUTES.get(item.key, item.minutes)
        item.delegate_id = known.get(demo_people.SPEAKERS.get(item.key, ""), item.delegate_id)
    db.session.flush()
    return {item.delegate_id for item in items if item.delegate_id}


def _awards(conference: Conference, honoured: Sequence[Delegate], start: datetime) -> None:
    """Put 5 collectives and 10 persons on the first list, under a decision that calls itself a rehearsal's."""
    form = db.session.scalar(
        sa.select(AwardForm).where(AwardForm.conference_id == conference.id).order_by(AwardForm.position, AwardForm.id).limit(1)
    )
    if form is None:
        return
    at = start - timedelta(days=3)
    by_post = {one.first_post: one for one in honoured}
    listed: list[tuple[str, str, str, Delegate | None, str | None]]
    listed = [("collective", name, "", by_post.get(f"Đại diện {name}"), None) for name in demo_people.COLLECTIVES]
    for post in demo_people.HONOURED_POSTS:
        if person := by_post.get(post):
            listed.append(("individual", person.full_name or "", post, person, person.address_form))
    places = {"collective": 0, "individual": 0}
    for kind, name, post, delegate, address in listed:
        places[kind] += 1
        db.session.add(
            Honouree(
                conference_id=conference.id, form_id=form.id, kind=kind, position=places[kind], printed_name=name, post=post,
                address_form=address, search_key=search_key(name, post), delegate_id=delegate.id if delegate else None, created_at=at,
            )
        )
    form.achievement = demo_people.ACHIEVEMENT
    form.decision_number, form.decision_on = "Diễn tập", to_local(at).date()
    form.decision_by = authority_in_full(form.authority, conference.province)
    record(
        "awards.decided", at, conference_id=conference.id, actor=ACTOR, subject="award_form", subject_id=form.id,
        sentence="Ghi Quyết định số Diễn tập và khóa danh sách khen thưởng.",
    )
    db.session.flush()
    demo_ceremony.prepare(conference, form, ACTOR)


def _day(
    conference_id: int, answered: demo_letters.Answered, speakers: set[int], start: datetime, begun: datetime, rng: Random
) -> tuple[int, str]:
    """Let people arrive at two gates and the MC press; return how many came in and the step that is on."""
    phones = demo_hall.open_gates(conference_id, start - timedelta(hours=1))
    early = [one for one in answered.comes if one in speakers]
    others = [one for one in answered.comes if one not in speakers]
    rng.shuffle(others)
    instead, silent = answered.instead[:3], answered.silent[:1]
    others = [*silent, *others][: ADMITTED - len(early) - len(instead)]
    arrivals = demo_hall.plan_arrivals(early, others, instead, phones, start, begun, rng)
    return len(arrivals), demo_hall.run_day(conference_id, arrivals, begun, ACTOR)
