"""A body with its link, its quota and its place, for tests of what bodies send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.nominations import PersonFacts
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.nominations import Nomination
from eventmgr.services import body_links, body_pages

NAME = "UBND huyện Đăk Hà"


def body(conference: Conference, name: str = NAME, *, quota: int | None = 3) -> tuple[int, str]:
    """Give a body of the plan a link and a quota; return its id and the code."""
    body_id = db.session.scalars(sa.select(Body.id).where(Body.conference_id == conference.id, Body.name == name)).one()
    with transaction():
        db.session.get_one(Body, body_id).quota = quota
    made = body_links.renew_link(conference.id, body_id, 1)
    return body_id, body_links.code_of(made) or ""


def person(name: str, *posts: str, **more: Any) -> PersonFacts:
    return PersonFacts(name, posts or ("Phó Chủ tịch UBND huyện",), **more)


def place_of(code: str, number: int = 0) -> body_pages.Place:
    """Return one of the places on the page."""
    db.session.expire_all()
    return body_pages.page_of(code).places[number]


def shift(conference: Conference, body_id: int, **days: float) -> None:
    """Set reply_by and freeze_at of a body's group, in days from now."""
    with transaction():
        group = db.session.get_one(Group, db.session.get_one(Body, body_id).group_id)
        for name, count in days.items():
            setattr(group, name, clock.now() + timedelta(days=count))


def sent(body_id: int) -> list[Nomination]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Nomination).where(Nomination.body_id == body_id).order_by(Nomination.id)))


def delegates(body_id: int) -> list[Delegate]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            sa.select(Delegate).where(Delegate.body_id == body_id, Delegate.removed_at.is_(None)).order_by(Delegate.id)
        )
    )


def sent_by(code: str) -> int:
    """Return the first thing that waits of a body."""
    return sent(body_pages.page_of(code).body.id)[0].id
