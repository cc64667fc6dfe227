"""A decision makes invitees: persons, leaders of collectives, those who are there already; letters and the door as for all."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.awards import Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.journal import Entry
from eventmgr.services import award_receivers, awards, body_pages, council, dossier_desk, invitations, nominating
from tests import door
from tests.awards import DECISION, account_id, fill, form_of
from tests.dossiers import body, collective, entries, fresh, individual, submitted
from tests.people import SLUG, Person
from tests.web.test_door_api import PairedPhone

pytestmark = pytest.mark.database("sqlite")

RECEIVERS = f"/office/{SLUG}/awards/%d/receivers"


@pytest.fixture
def decided(conference: Conference) -> int:
    """A collective with its leader, one without, and two persons of a body, one of whom is invited already; return the form's id."""
    code = body(conference)
    made = submitted(
        code, collective("Phòng Một", leader_name="Lê Thị Đầu", leader_form="bà", leader_post="Trưởng phòng"), collective("Phòng Hai"),
        individual("Bà Y Mẫu", "Trưởng thôn"), individual("Ông A Có Sẵn", "Phó Chủ tịch UBND huyện"),
    )  # fmt: skip
    there = door.add_delegate(conference.id, "A Có Sẵn")
    with transaction():
        db.session.get_one(Delegate, there).body_id = made.body_id
    dossier_desk.check(conference.id, made.id, made.version, 1)
    council.judge(conference.id, [one.id for one in entries(fresh(made.id).id)], "agree", None, 1)
    awards.decide(conference.id, form_of().id, DECISION, 1)
    return form_of().id


def honoured() -> list[tuple[str, str | None, list[str] | None, str | None, str | None]]:
    rows = db.session.execute(
        sa.select(Honouree.printed_name, Delegate.full_name, Delegate.posts, Delegate.address_form, Group.key)
        .outerjoin(Delegate, Delegate.id == Honouree.delegate_id).outerjoin(Group, Group.id == Delegate.group_id)
        .order_by(Honouree.kind, Honouree.position)
    )  # fmt: skip
    return [tuple(row) for row in rows]  # type: ignore[misc]


def test_a_decision_makes_invitees_of_the_honourees_group(conference: Conference, decided: int) -> None:
    assert award_receivers.invite(conference.id, decided, 1) == (2, 1)
    found = honoured()
    assert [row[:2] for row in found] == [
        ("Phòng Một", "Lê Thị Đầu"), ("Phòng Hai", None), ("Bà Y Mẫu", "Y Mẫu"), ("Ông A Có Sẵn", "A Có Sẵn"),
    ]  # fmt: skip
    assert (found[0][2:], found[2][2:]) == ((["Trưởng phòng"], "bà", "G09"), (["Trưởng thôn"], "bà", "G09"))
    assert award_receivers.invite(conference.id, decided, 1) == (0, 0), "once more changes nothing"
    everybody = list(db.session.scalars(sa.select(Delegate).where(Delegate.full_name.is_not(None)).execution_options(populate_existing=True)))
    assert sorted(one.full_name or "" for one in everybody) == ["A Có Sẵn", "Lê Thị Đầu", "Y Mẫu"]
    assert {one.alert for one in everybody} == {award_receivers.ALERT}
    assert db.session.scalars(sa.select(Entry.sentence).where(Entry.verb == "awards.invited")).all() == [
        "Đưa 01 tập thể và 02 cá nhân được khen thưởng vào danh sách khách mời."
    ]


def test_they_take_no_place_of_their_body_s_quota_and_get_letters_as_all(conference: Conference, decided: int) -> None:
    award_receivers.invite(conference.id, decided, 1)
    made = db.session.scalars(sa.select(Delegate).where(Delegate.full_name == "Y Mẫu")).one()
    code = body(conference)
    before = body_pages.page_of(code).free
    assert made.id in {place.delegate.id for place in body_pages.page_of(code).places}
    people = nominating.standing(made.body_id or 0)
    assert before == 3 - sum(1 for one in people if one.group.role != "honouree")
    invitations.draft_letters(conference.id, account_id(), delegate_ids=[made.id])
    assert db.session.scalar(sa.text("SELECT count(*) FROM invitations WHERE delegate_id = :id"), {"id": made.id}) == 1


def test_the_office_names_who_receives_for_a_locked_list(khanh: Person, conference: Conference, decided: int) -> None:
    page = khanh.get(RECEIVERS % decided).get_data(as_text=True)
    assert "Chưa ghi ai đại diện lên nhận." in page and "Mời 3 người" in page
    one = db.session.scalars(sa.select(Honouree).where(Honouree.printed_name == "Phòng Hai")).one()
    here = f"{RECEIVERS % decided}/{one.id}"
    assert "Ghi chức vụ của người lên nhận." in khanh.post(here, expect=422, body_id=str(one.body_id), leader_name="Trần Mẫu").get_data(as_text=True)
    khanh.post(here, expect=302, body_id=str(one.body_id), leader_name="Trần Mẫu", leader_post="Phó Trưởng phòng")
    khanh.post(RECEIVERS % decided, expect=302)
    assert honoured()[1][:3] == ("Phòng Hai", "Trần Mẫu", ["Phó Trưởng phòng"])
    khanh.post(here, expect=409, body_id=str(one.body_id), leader_name="Khác", leader_post="Khác")
    assert "Không còn ai để mời thêm." in khanh.client.post(RECEIVERS % decided, data={"csrf_token": khanh._csrf()}, follow_redirects=True).get_data(as_text=True)


def test_nobody_is_invited_before_the_decision(khanh: Person, conference: Conference) -> None:
    form_id = fill(conference.id)
    assert "Ghi Quyết định trước" in khanh.post(RECEIVERS % form_id, expect=409).get_data(as_text=True)
    awards.decide(conference.id, form_id, DECISION, 1)
    khanh.post(RECEIVERS % form_id, expect=302)
    named = [row[1] for row in honoured()]
    assert named == [None] * 15, "typed lists with digits in the names, and collectives without leaders"


def test_who_is_honoured_is_led_to_the_seat_at_the_door_and_seen_in_the_hall(
    app: Flask, khanh: Person, conference: Conference, decided: int
) -> None:
    award_receivers.invite(conference.id, decided, 1)
    awards.announce(conference.id, account_id())
    made = db.session.scalars(sa.select(Delegate).where(Delegate.full_name == "Y Mẫu")).one()
    code = door.add_pass(conference.id, made.id)
    with transaction():
        db.session.execute(sa.update(Delegate).where(Delegate.id == made.id).values(seat="A-07"))
    phone = PairedPhone(app, conference.id)
    told = phone.scan(code)
    group = db.session.get_one(Group, made.group_id)
    assert (told["outcome"], told["say"], told["name"], told["seat"]) == ("admitted", award_receivers.ALERT, "Y Mẫu", "A-07")
    assert (group.key, told["group"]) == ("G09", group.short_label or group.label)
    tray = khanh.get(f"/office/{SLUG}/awards/ceremony/tray").get_data(as_text=True)
    seen = {name: state for name, state in re.findall(r"<b>(Phòng Một|Phòng Hai|Bà Y Mẫu|Ông A Có Sẵn)</b>.*?(Trong hội trường|Chưa đến)", tray, re.S)}
    assert seen == {"Phòng Một": "Chưa đến", "Phòng Hai": "Chưa đến", "Bà Y Mẫu": "Trong hội trường", "Ông A Có Sẵn": "Chưa đến"}
