"""One person twice on the list becomes one, with both histories."""

from __future__ import annotations

import sqlalchemy as sa

from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from tests.corpus.make import HEAD, xlsx
from tests.people import SLUG, Person
from tests.web.test_imports import choose, put_in, upload
from tests.web.test_letters import issue_all, settle_date

PAGES = f"/office/{SLUG}/duplicates"
ROWS = [
    ["1", "Trần Thị Nga", "Trưởng phòng", "UBND huyện Đăk Hà", "0000 111 222"],
    ["2", "Nga Tran Thi", "Phó phòng", "Sở Nội vụ", ""],
]


def twice(lan: Person) -> tuple[int, int]:
    put_in(lan, choose(lan, upload(lan, "a.xlsx", xlsx([HEAD, *ROWS]))))
    first, second = db.session.scalars(sa.select(Delegate.id).where(Delegate.origin == "import").order_by(Delegate.id))
    return first, second


def versions(*ids: int) -> dict[str, int]:
    return {f"version-{place}": db.session.get_one(Delegate, one).version for place, one in enumerate(ids, 1)}


def test_two_become_one_with_both_histories(lan: Person) -> None:
    first, second = twice(lan)
    assert f"{PAGES}/{first}/{second}" in lan.get(PAGES).get_data(as_text=True)
    lan.get(f"{PAGES}/{first}/{second}")
    lan.post(f"{PAGES}/{first}/{second}", expect=302, **{"take-posts": "second", "take-body_id": "second"}, **versions(first, second))
    stays, goes = db.session.get_one(Delegate, first), db.session.get_one(Delegate, second)
    assert (stays.full_name, stays.posts, stays.phone, stays.body_id) == ("Trần Thị Nga", ["Phó phòng"], "0000 111 222", 14)
    assert (goes.removed_at is None, goes.merged_into_id) == (False, first)
    page = lan.get(f"/office/{SLUG}/delegates/{first}").get_data(as_text=True)
    for sentence in ("Gộp Nga Tran Thi vào đại biểu này.", "Thêm đại biểu Trần Thị Nga từ tệp", "Thêm đại biểu Nga Tran Thi từ tệp"):
        assert sentence in page
    assert "Không có ai trùng tên" in lan.get(PAGES).get_data(as_text=True)
    found = lan.get(f"/office/{SLUG}/delegates?q=noi+vu+nga").get_data(as_text=True)
    assert "Trần Thị Nga" in found


def test_merge_is_refused_when_both_have_letters(lan: Person) -> None:
    first, second = twice(lan)
    settle_date(lan)
    issue_all(lan)
    page = lan.post(f"{PAGES}/{first}/{second}", expect=409, **versions(first, second)).get_data(as_text=True)
    assert "Cả hai đều có giấy mời đã phát hành." in page
    assert db.session.get_one(Delegate, second).merged_into_id is None


def test_merge_is_refused_when_somebody_edited_meanwhile(lan: Person) -> None:
    first, second = twice(lan)
    lan.post(f"{PAGES}/{first}/{second}", expect=409, **{"version-1": 7, "version-2": 1})
    assert db.session.get_one(Delegate, second).merged_into_id is None


def test_a_delegate_is_not_merged_with_itself(lan: Person) -> None:
    first, _ = twice(lan)
    lan.get(f"{PAGES}/{first}/{first}", expect=404)
    lan.get(f"{PAGES}/{first}/999999", expect=404)
