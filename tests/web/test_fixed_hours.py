"""Hours that are promised: an item that begins at one, a conference that must be over by one; where they show."""

from __future__ import annotations

import re
from datetime import time

import sqlalchemy as sa

from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from tests.people import SLUG, Person

AGENDA, SETTINGS = f"/office/{SLUG}/agenda", f"/office/{SLUG}/settings"


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def awards() -> Item:
    return db.session.scalars(sa.select(Item).where(Item.kind == "awards")).one()


def edit_awards(lan: Person, expect: int, **changed: str) -> str:
    held = {"title": "Tổ chức khen thưởng", "kind": "awards", "presenter_kind": "nobody", "body_id": "0"}
    return text_of(lan.post(f"{AGENDA}/{awards().id}", expect=expect, **held | changed))


def test_an_item_is_fixed_to_an_hour_and_let_go_again(lan: Person, conference: Conference):
    edit_awards(lan, 302, fixed_at="09:30")
    assert awards().fixed_at == time(9, 30)
    assert re.search(r'name="fixed_at"[^>]*value="09:30"', text_of(lan.get(f"{AGENDA}/{awards().id}")))
    assert "09:30" in text_of(lan.get(AGENDA))
    assert "cố định lúc 09:30" in text_of(lan.get(AGENDA))
    edit_awards(lan, 302, fixed_at="")
    assert awards().fixed_at is None


def test_what_is_no_hour_stays_in_the_form(lan: Person, conference: Conference):
    page = edit_awards(lan, 422, fixed_at="chín rưỡi")
    assert 'value="chín rưỡi"' in page
    assert awards().fixed_at is None


def test_a_conference_must_end_by_an_hour_after_its_start(lan: Person, conference: Conference):
    facts = {
        "title": conference.title, "short_title": conference.short_title, "kind": conference.kind,
        "organiser": conference.organiser, "starts_at": "07:30",
    }  # fmt: skip
    assert "Giờ phải xong sau giờ bắt đầu." in text_of(lan.post(SETTINGS, expect=422, **facts, must_end_at="07:00"))
    lan.post(SETTINGS, expect=302, **facts, must_end_at="11:30")
    assert db.session.scalars(sa.select(Conference.must_end_at)).one() == time(11, 30)
