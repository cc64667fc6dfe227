"""Whom the MC introduces, in which order, and the ticks while reading."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.errors import NotFound
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Rank
from eventmgr.services import introductions
from tests import arrivals


@pytest.fixture
def arrive(conference: Conference):
    return partial(arrivals.arrive, conference.id)


def names(listed: introductions.IntroductionList) -> list[str]:
    return [one.name for one in listed.people]


def test_guests_before_hosts_by_rank_and_the_press_last(conference, arrive):
    arrive("Phóng viên A", 1, role="press")
    arrive("Chủ nhà B", 20, host=True)
    arrive("Khách C", 100)
    arrive("Khách D", 30)
    arrive("Ở nhà E", 10, inside=False)
    assert names(introductions.introduction_list(conference.id)) == [
        "Đồng chí Khách D", "Đồng chí Khách C", "Đồng chí Chủ nhà B", "Đồng chí Phóng viên A",
    ]


def test_a_substitute_comes_by_the_own_name_post_and_rank(conference, arrive):
    with transaction():
        db.session.execute(sa.delete(Rank).where(Rank.conference_id == conference.id))
        db.session.add(Rank(conference_id=conference.id, value=160, title="Phó Giám đốc Sở Y tế"))
    arrive("Giám đốc Lớn", 20, instead=("Lê Thị Thay", "Phó Giám đốc Sở Y tế"))
    arrive("Khách Giữa", 100)
    listed = introductions.introduction_list(conference.id)
    assert [(one.name, one.post, one.instead_of) for one in listed.people] == [
        ("Đồng chí Khách Giữa", "Chuyên viên", None),
        ("Đồng chí Lê Thị Thay", "Phó Giám đốc Sở Y tế", "đồng chí Giám đốc Lớn"),
    ]


def test_who_comes_after_the_introduction_is_late(conference, arrive):
    arrive("Sớm A")
    arrive("Muộn B", 10, after=30)
    listed = introductions.introduction_list(conference.id, clock.now() + timedelta(minutes=10))
    assert ([one.name for one in listed.late], [len(members) for _, members in listed.in_time]) == (["Đồng chí Muộn B"], [1])


def test_ticks_are_kept_once_and_taken_back(conference, arrive):
    first, second = arrive("Một A", 1), arrive("Hai B", 2)
    introductions.set_read(conference.id, first, True)
    introductions.set_read(conference.id, first, True)
    assert [one.delegate_id for one in introductions.introduction_list(conference.id).unread] == [second]
    introductions.set_read(conference.id, first, False)
    assert len(introductions.introduction_list(conference.id).unread) == 2


def test_a_delegate_of_another_conference_cannot_be_ticked(conference, arrive):
    with pytest.raises(NotFound):
        introductions.set_read(conference.id + 1, arrive("Người A"), True)


def test_the_list_takes_as_many_queries_for_one_as_for_many(app, conference, arrive):
    def counted() -> int:
        seen = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]), once=False)
        db.session.remove()
        introductions.introduction_list(conference.id)
        return len([text for text in seen if text.startswith("SELECT")])

    arrive("Một A", 1)
    one = counted()
    for number in range(5):
        arrive(f"Thêm {number}", number)
    assert counted() == one
