"""The usher: one page, names only when the work needs them, the marks of tray and row and no other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.dates import to_local
from eventmgr.models.awards import Honouree
from eventmgr.models.ceremony import CeremonyMark
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import awards
from tests.awards import DECISION, account_id, fill
from tests.people import SLUG, Person

TRAY = f"/office/{SLUG}/awards/ceremony/tray"
MARKS = f"/office/{SLUG}/awards/ceremony/marks"


@pytest.fixture
def first(conference: Conference) -> int:
    """5 collectives and 10 persons, decided, not announced; the number of the first in the row."""
    form_id = fill(conference.id)
    awards.decide(conference.id, form_id, DECISION, account_id())
    return db.session.scalars(sa.select(Honouree.id).where(Honouree.form_id == form_id, Honouree.kind == "collective").order_by(Honouree.position)).first() or 0


def hold_on(day: date | None) -> None:
    with transaction():
        db.session.scalars(sa.select(Conference).where(Conference.slug == SLUG)).one().held_on = day


def today() -> date:
    return to_local(clock.now()).date()


def marks() -> list[str]:
    return list(db.session.scalars(sa.select(CeremonyMark.verb).order_by(CeremonyMark.seq)))


def mark(nga: Person, act: str, seen: int, expect: int) -> str:
    return nga.post(MARKS, expect, act=act, seen=str(seen), press_key=f"press-of-usher-{act}-{seen}").get_data(as_text=True)


@pytest.mark.parametrize("days", [None, 1])
def test_before_the_day_an_usher_reads_numbers_and_marks_nobody(nga: Person, first: int, days: int | None) -> None:
    hold_on(None if days is None else today() + timedelta(days=days))
    page = nga.get(TRAY).get_data(as_text=True)
    assert "15 tập thể, cá nhân, 3 đợt" in page and "Mẫu" not in page
    assert "từ ngày họp" in mark(nga, f"wings-{first}", 0, 409) and marks() == []
    nga.get(f"/office/{SLUG}/awards/ceremony/{first}/stand-in", 404)


def test_on_the_day_an_usher_marks_tray_and_row_before_the_announcement(nga: Person, first: int) -> None:
    hold_on(today())
    page = nga.get(TRAY).get_data(as_text=True)
    assert "Hội Liên hiệp Phụ nữ huyện Mẫu A" in page and "view=usher" in page
    mark(nga, f"absent-{first}", 0, 302)
    mark(nga, "undo-1", 1, 302)
    mark(nga, "all_wings", 2, 302)
    mark(nga, "ready", 3, 302)
    nga.post(f"/office/{SLUG}/awards/ceremony/{first}/stand-in", 302, name="Y Thay", address_form="bà", seen="4", press_key="press-of-stand-in")
    assert marks() == ["absent", "undo", "all_wings", "ready", "stand_in"]


def test_an_usher_starts_ends_and_hands_over_nothing(nga: Person, khanh: Person, conference: Conference, first: int) -> None:
    hold_on(today())
    mark(nga, "all_wings", 0, 302)
    awards.announce(conference.id, account_id())
    assert "Thao tác này làm ở trang" in mark(nga, "start", 1, 409)
    khanh.post(MARKS, 302, act="start", seen="1", press_key="press-of-office")
    for act in ("end", f"call-{first}", "undo-2", f"take_back-{first}"):
        mark(nga, act, 2, 409)
    assert "Hoàn tác" not in nga.get(TRAY).get_data(as_text=True)
    mark(nga, f"later-{first}", 2, 302)
    assert marks() == ["all_wings", "start", "later"]


def test_an_usher_comes_from_the_list_of_conferences_straight_to_the_tray_and_nowhere_else(nga: Person) -> None:
    assert f'href="{TRAY}"' in nga.get("/office/").get_data(as_text=True)
    for path in ("", "awards", "awards/ceremony", "delegates", "agenda"):
        nga.get(f"/office/{SLUG}/{path}", 403)
    nga.get(f"/stage/{SLUG}/waves", 403)
    nga.get(f"/e/{SLUG}/stream?view=tray", 403)
