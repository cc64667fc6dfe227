from __future__ import annotations

import re

import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Group
from eventmgr.services import groups, ranks
from tests.people import SLUG, Person

OFFICE = f"/office/{SLUG}"


def text(response: object) -> str:
    return str(response.get_data(as_text=True))  # type: ignore[attr-defined]


def titles(page: str) -> list[str]:
    return re.findall(r'person__name"[^>]*>([^<]+)<', page)


def test_groups_are_listed_in_the_plans_order_and_moved_with_buttons(lan: Person, conference: Conference) -> None:
    before = titles(text(lan.get(f"{OFFICE}/groups")))
    assert (len(before), before[0], before[7]) == (10, "Thường trực Tỉnh ủy", "Lãnh đạo UBND các huyện, thành phố")
    first = groups.list_groups(conference.id)[0]
    answer = lan.post(f"{OFFICE}/groups/{first.id}/place", expect=302, step="1")
    assert answer.location == f"{OFFICE}/groups#group-{first.id}"
    assert titles(text(lan.get(f"{OFFICE}/groups")))[:2] == [before[1], before[0]]
    lan.post(f"{OFFICE}/groups/{first.id}/place", expect=422, step="7")


def test_a_group_is_edited_without_losing_what_was_typed(lan: Person, conference: Conference) -> None:
    group = groups.list_groups(conference.id)[0]
    typed = {
        "label": "Thường trực Tỉnh ủy",
        "role": "guest",
        "address_form": "bà",
        "quota": "nhiều",
        "note": "Ghi <b>chú</b>",
    }
    page = text(lan.post(f"{OFFICE}/groups/{group.id}", expect=422, **typed))
    assert "Nhập một số nguyên." in page and 'value="nhiều"' in page and "Ghi &lt;b&gt;chú&lt;/b&gt;" in page
    lan.post(f"{OFFICE}/groups/{group.id}", expect=302, **typed | {"quota": "1.200"})
    db.session.expire_all()
    stored = db.session.get_one(Group, group.id)
    assert (stored.quota, stored.address_form, stored.note) == (1200, "bà", "Ghi <b>chú</b>")
    page = text(lan.post(f"{OFFICE}/groups/{group.id}", expect=422, **typed | {"quota": "", "role": "king"}))
    assert "Chọn trong danh sách." in page


def test_a_group_with_people_is_not_removed(lan: Person, conference: Conference) -> None:
    full = groups.list_groups(conference.id)[0]
    answer = lan.post(f"{OFFICE}/groups/{full.id}/removal", expect=302)
    assert "Nhóm còn 3 đại biểu" in text(lan.get(answer.location))
    lan.post(f"{OFFICE}/groups/new", expect=302, label="Khách mới", role="guest", address_form="ông")
    added = groups.list_groups(conference.id)[-1]
    assert added.label == "Khách mới"
    lan.post(f"{OFFICE}/groups/{added.id}/removal", expect=302)
    assert len(groups.list_groups(conference.id)) == 10


def test_bodies_are_searched_added_and_put_away(lan: Person, conference: Conference) -> None:
    assert titles(text(lan.get(f"{OFFICE}/bodies?q=so+y+te"))) == ["Sở Y tế"]
    assert titles(text(lan.get(f"{OFFICE}/bodies?q=%25zz"))) == []
    group = groups.list_groups(conference.id)[0]
    answer = lan.post(f"{OFFICE}/bodies/new", expect=302, name="Đơn vị <mới>", group_id=str(group.id))
    assert titles(text(lan.get(answer.location))) == ["Thường trực Tỉnh ủy", "Đơn vị &lt;mới&gt;"]
    body = db.session.scalars(sa.select(Body).where(Body.name == "Đơn vị <mới>")).one()
    page = text(lan.post(f"{OFFICE}/bodies/{body.id}", expect=422, name="Sở Y tế", group_id=""))
    assert "Đã có đơn vị mang tên này, có thể đang được cất." in page
    lan.post(f"{OFFICE}/bodies/{body.id}/archive", expect=302)
    assert titles(text(lan.get(f"{OFFICE}/bodies?archived=1"))) == ["Đơn vị &lt;mới&gt;"]
    lan.post(f"{OFFICE}/bodies/{body.id}/archive", expect=302, back="1")
    assert titles(text(lan.get(f"{OFFICE}/bodies?q=don+vi+moi"))) == ["Đơn vị &lt;mới&gt;"]
    lan.get(f"{OFFICE}/bodies/999999", 404)


def test_ranks_are_a_table_that_the_office_edits(lan: Person, conference: Conference) -> None:
    assert titles(text(lan.get(f"{OFFICE}/ranks")))[:2] == [
        "Lãnh đạo Đảng, Nhà nước, bộ, ngành Trung ương",
        "Bí thư Tỉnh ủy",
    ]
    page = text(lan.post(f"{OFFICE}/ranks/new", expect=422, value="20", title="Già làng", bloc="other"))
    assert "Đã có bậc 20. Chọn số khác." in page and "Già làng" in page
    lan.post(f"{OFFICE}/ranks/new", expect=302, value="15", title="Già làng; Trưởng thôn", bloc="other")
    rank = next(rank for rank in ranks.list_ranks(conference.id) if rank.value == 15)
    lan.post(f"{OFFICE}/ranks/{rank.id}", expect=422, value="mười", title="Già làng", bloc="")
    lan.post(f"{OFFICE}/ranks/{rank.id}", expect=302, value="16", title="Già làng", bloc="")
    lan.post(f"{OFFICE}/ranks/{rank.id}/removal", expect=302)
    assert [found.value for found in ranks.list_ranks(conference.id)][:3] == [10, 20, 30]
    assert 'value="20"' in text(lan.get(f"{OFFICE}/ranks/{ranks.list_ranks(conference.id)[1].id}"))
