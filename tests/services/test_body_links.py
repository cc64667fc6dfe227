from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body
from eventmgr.models.journal import Entry
from eventmgr.services import bodies, body_links


def body_named(conference: Conference, name: str) -> Body:
    return db.session.scalars(sa.select(Body).where(Body.conference_id == conference.id, Body.name == name)).one()


def test_every_body_of_a_group_gets_one_link_once(conference: Conference) -> None:
    made = body_links.make_links(conference.id, 1)
    in_groups = db.session.scalar(sa.select(sa.func.count(Body.id)).where(Body.group_id.is_not(None)))
    assert (made, body_links.make_links(conference.id, 1)) == (in_groups, 0)
    body = body_named(conference, "UBND huyện Đăk Hà")
    link = body_links.link_of(body)
    assert link is not None and link.startswith("http://127.0.0.1:8000/b/")
    assert [one.id for one in body_links.body_of(link)] == [body.id, conference.id]
    assert db.session.scalars(sa.select(Entry.sentence).order_by(Entry.id.desc())).first() == f"Tạo liên kết cho {made} đơn vị."


def test_renewed_and_revoked_links_open_nothing(conference: Conference) -> None:
    body = bodies.add_body(conference.id, bodies.BodyFacts("Sở Mẫu"), 1)
    first = body_links.link_of(body_links.renew_link(conference.id, body.id, 1))
    second = body_links.link_of(body_links.renew_link(conference.id, body.id, 1))
    assert first is not None and second is not None and first != second
    with pytest.raises(NotFound):
        body_links.body_of(first)
    assert body_links.body_of(second)[0].id == body.id
    body_links.revoke_link(conference.id, body.id, 1)
    with pytest.raises(NotFound):
        body_links.body_of(second)
    assert body_links.link_of(bodies.get_body(conference.id, body.id)) is None


def test_archived_bodies_and_conferences_close_their_pages(conference: Conference) -> None:
    body = bodies.add_body(conference.id, bodies.BodyFacts("Sở Mẫu"), 1)
    link = body_links.link_of(body_links.renew_link(conference.id, body.id, 1)) or ""
    with transaction():
        db.session.get_one(Conference, conference.id).state = "archived"
    with pytest.raises(NotFound):
        body_links.body_of(link)
    with transaction():
        db.session.get_one(Conference, conference.id).state = "open"
    bodies.set_archived(conference.id, body.id, True, 1)
    with pytest.raises(NotFound):
        body_links.body_of(link)
    with pytest.raises(Conflict):
        body_links.renew_link(conference.id, body.id, 1)


def test_another_secret_makes_other_codes_of_the_same_seed(conference: Conference) -> None:
    body = bodies.add_body(conference.id, bodies.BodyFacts("Sở Mẫu"), 1)
    body = body_links.renew_link(conference.id, body.id, 1)
    known = body_links.code_of(body)
    secret = list(body_links._secret)
    try:
        body_links.use(b"another secret, as long as it must be", "http://127.0.0.1:8000")
        assert body_links.code_of(body) != known
    finally:
        body_links._secret[:] = secret
