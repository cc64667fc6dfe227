"""Conferences side by side: create, edit, copy, and nobody reaches another one's objects."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation
from tests.people import SLUG, Person
from tests.web.test_letters import issue_all, name_delegate, settle_date

HOME = f"/office/{SLUG}"
FACTS = {"title": "Hội nghị", "short_title": "Hội nghị", "kind": "Hội nghị", "organiser": "UBND tỉnh", "venue": "Hội trường"}


def current() -> Conference:
    return db.session.scalars(sa.select(Conference).where(Conference.slug == SLUG)).one()


def test_only_conference_is_the_front_page(stranger: Person) -> None:
    assert stranger.client.get("/").location == f"/e/{SLUG}/"


def test_administrator_creates_a_second_one(quantri: Person, stranger: Person) -> None:
    quantri.post("/office/new", expect=422, title="", short_title="", organiser="")
    answer = quantri.post("/office/new", expect=302, title="Hội nghị Đắk Hà", short_title="Đường về Đăk Hà", organiser="UBND tỉnh")
    assert answer.location == "/office/duong-ve-dak-ha/settings"
    quantri.get(answer.location)
    quantri.get("/office/duong-ve-dak-ha/")
    assert "Đường về Đăk Hà" not in stranger.get("/").get_data(as_text=True)
    assert "Hội nghị Đắk Hà" in stranger.get("/").get_data(as_text=True)


def test_date_in_the_past_is_kept_with_a_warning(lan: Person) -> None:
    settle_date(lan)
    assert current().held_on is not None
    assert "ngày họp vừa nhập đã qua" in lan.get(f"{HOME}/").get_data(as_text=True)


def test_end_before_start_is_refused_and_loses_nothing(lan: Person) -> None:
    page = lan.post(f"{HOME}/settings", expect=422, **FACTS, held_on="29/12/2015", starts_at="09:00", ends_at="08:00")
    text = page.get_data(as_text=True)
    assert "Giờ kết thúc phải sau giờ bắt đầu." in text
    assert 'value="08:00"' in text and 'value="29/12/2015"' in text
    assert current().starts_at is None


@pytest.mark.parametrize(("day", "last"), [("31/02/2027", "Tháng 02 năm 2027 chỉ có 28 ngày."), ("31/4/2027", "Tháng 04 năm 2027 chỉ có 30 ngày.")])
def test_day_that_no_calendar_has_is_explained(lan: Person, day: str, last: str) -> None:
    text = lan.post(f"{HOME}/settings", expect=422, **(FACTS | {"held_on": day})).get_data(as_text=True)
    assert last in text and f'value="{day}"' in text


def test_browser_does_not_cut_what_is_pasted(lan: Person) -> None:
    assert "maxlength" not in lan.get(f"{HOME}/settings").get_data(as_text=True)


def test_second_editor_is_told_and_keeps_the_words(lan: Person, quantri: Person) -> None:
    version = str(current().version)
    quantri.post(f"{HOME}/settings", expect=302, **FACTS, version=version, chair="Lãnh đạo A")
    page = lan.post(f"{HOME}/settings", expect=409, **FACTS, version=version, chair="Lãnh đạo B").get_data(as_text=True)
    assert "Có người vừa lưu trang này trước." in page and "Lãnh đạo B" in page
    assert current().chair == "Lãnh đạo A"


def test_hostile_titles_are_text(lan: Person, stranger: Person) -> None:
    nasty = FACTS | {"title": "<script>alert(1)</script>{{7*7}}=1+1 😀", "short_title": "\u202etu\u0323c cu\u0309a"}
    lan.post(f"{HOME}/settings", expect=302, **nasty)
    assert current().title == "<script>alert(1)</script>{{7*7}}=1+1 😀"
    assert current().short_title == "tục của"
    for page in (lan.get(f"{HOME}/"), lan.get("/office/"), stranger.get(f"/e/{SLUG}/")):
        text = page.get_data(as_text=True)
        assert "<script>alert(1)" not in text and "49=1+1" not in text


def test_long_title_is_refused_with_its_limit(lan: Person) -> None:
    page = lan.post(f"{HOME}/settings", expect=422, **(FACTS | {"short_title": "x" * 300})).get_data(as_text=True)
    assert "Dài nhất 160 ký tự." in page and "x" * 300 in page


def test_copy_as_template_keeps_the_shape_and_drops_people(lan: Person, conference: Conference) -> None:
    source = conference.id
    settle_date(lan)
    name_delegate()
    issue_all(lan)
    slug = lan.post(f"{HOME}/copy", expect=302, title="Hội nghị tổng kết", short_title="Tổng kết", purpose="template").location.split("/")[2]
    made = db.session.scalars(sa.select(Conference).where(Conference.slug == slug)).one()

    def count(table: type, conference_id: int) -> int:
        return db.session.scalar(sa.select(sa.func.count()).where(table.conference_id == conference_id)) or 0

    for table in (Group, Body, Item, Delegate):
        assert count(table, made.id) == count(table, source)
    assert count(Invitation, made.id) == 0
    assert made.held_on is None and not made.is_rehearsal
    assert db.session.scalars(sa.select(Delegate.full_name).where(Delegate.conference_id == made.id, Delegate.full_name.is_not(None))).all() == []
    lan.get(f"/office/{slug}/settings")
    subs = db.session.execute(sa.select(Item.parent_id).where(Item.conference_id == made.id, Item.parent_id.is_not(None))).scalars()
    own = set(db.session.scalars(sa.select(Item.id).where(Item.conference_id == made.id)))
    assert set(subs) <= own


def test_rehearsal_has_a_register_of_its_own(lan: Person, quantri: Person) -> None:
    settle_date(lan)
    name_delegate()
    issue_all(lan, first=5)
    slug = lan.post(f"{HOME}/copy", expect=302, title="Diễn tập", short_title="Diễn tập", purpose="rehearsal").location.split("/")[2]
    letters = f"/office/{slug}/invitations"
    quantri.post(f"{letters}/drafts", expect=302)
    quantri.post(f"{letters}/approvals", expect=302, all="1")
    facts = {"first_number": "5", "dated_on": "22/12/2015", "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Mẫu"}
    quantri.post(f"{letters}/issue", expect=302, all="1", **facts)
    rehearsed = db.session.scalars(sa.select(Invitation).where(Invitation.number_symbol != "GM-VP")).all()
    assert {one.number_symbol.startswith("GM-VP.DT") for one in rehearsed if one.number_symbol} == {True}
    assert "Diễn tập – không phải hội nghị thật" in quantri.get(f"/office/{slug}/").get_data(as_text=True)


def test_member_of_one_conference_does_not_enter_another(lan: Person, quantri: Person) -> None:
    quantri.post("/office/new", expect=302, title="Khác", short_title="Khác", organiser="UBND tỉnh")
    lan.get("/office/khac/", expect=403)
    assert "Khác" not in lan.get("/office/").get_data(as_text=True)
    quantri.get("/office/khong-co/", expect=404)
    lan.get("/office/khong-co/", expect=403)


def test_state_moves_on(lan: Person) -> None:
    lan.post(f"{HOME}/state", expect=302, state="open")
    assert current().state == "open"
    lan.post(f"{HOME}/state", expect=422, state="không có")
