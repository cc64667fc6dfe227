from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.models.agenda import Item, Move
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.services import agenda
from tests.people import SLUG, Person
from tests.published import publish

HERE = f"/office/{SLUG}/agenda"
HOSTILE = "<script>alert(1)</script> {{7*7}} =1+1 \U0001f600 Trẩ\u0323n"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def titles(person: Person) -> list[str]:
    return [re.sub("<[^>]+>", "", one) for one in re.findall(r'data-title>(.*?)</p>', text(person.get(HERE)))]


def item(key: str) -> Item:
    db.session.expire_all()
    return db.session.scalars(sa.select(Item).where(Item.key == key)).one()


def fields(person: Person, item_id: int) -> dict[str, str]:
    """The item's form as a browser would send it back."""
    page = text(person.get(f"{HERE}/{item_id}"))
    found = dict(re.findall(r'<input[^>]*name="(minutes|presenter|seen)"[^>]*value="([^"]*)"', page))
    for name in ("kind", "presenter_kind", "body_id"):
        options = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)
        assert options
        chosen = re.search(r'<option selected value="([^"]*)"', options[0])
        found[name] = chosen[1] if chosen else ""
    for name in ("title", "script"):
        typed = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', page, re.S)
        assert typed
        found[name] = typed[1]
    return found


def test_the_list_shows_eight_items_with_their_sub_items(lan: Person):
    page = text(lan.get(HERE))
    assert [int(one) for one in re.findall(r'data-mark>(\d)<', page)] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert page.count('class="order order--sub"') == 3
    assert "8 mục, 13 phần được nói" in page
    assert "13 phần" in page and "Chưa chốt giờ" in page


@pytest.mark.parametrize("who", ["oanh", "dung", "ha"])
def test_who_only_reads_sees_no_button(who: str, request: pytest.FixtureRequest):
    page = text(request.getfixturevalue(who).get(HERE))
    assert "Kết luận Hội nghị" in page
    assert 'method="post" action="/office' not in page and "data-module=\"reorder\"" not in page


@pytest.mark.parametrize("path", ["", "/order", "/{id}/position", "/{id}", "/{id}/presenter", "/{id}/marks", "/{id}/removal"])
def test_who_only_reads_changes_nothing(oanh: Person, path: str):
    oanh.post(HERE + path.format(id=item("A2").id), expect=403, direction="up", title="x")
    assert agenda.programme(item("A2").conference_id).items[1].title == "Khai mạc và chủ trì Hội nghị"


def test_an_item_and_a_sub_item_are_added_in_place(lan: Person):
    answer = lan.post(HERE, expect=302, title="Chào cờ")
    assert answer.headers["Location"].startswith(f"{HERE}#item-")
    lan.post(HERE, expect=302, title="Tham luận thứ năm", parent_id=item("A4").id)
    shown = titles(lan)
    assert (shown[-1], shown[12]) == ("Chào cờ", "Tham luận thứ năm")


def test_an_empty_or_long_title_comes_back_as_it_was_typed(lan: Person):
    assert "Cần điền nội dung của mục." in text(lan.post(HERE, expect=422, title="  "))
    page = text(lan.post(HERE, expect=422, title="dài " * 200, parent_id=item("A4").id))
    assert "dài dài dài" in page and "Dài nhất 700 ký tự." in page
    assert page.count("<details class=\"more order__more\" open>") == 1


def test_arrows_move_a_row_without_javascript(lan: Person):
    third = item("A3").id
    answer = lan.post(f"{HERE}/{third}/position", expect=302, direction="up")
    assert answer.headers["Location"] == f"{HERE}#item-{third}"
    assert titles(lan)[3].startswith("Báo cáo kết quả giai đoạn I")
    lan.post(f"{HERE}/{item('A1').id}/position", expect=302, direction="up")
    assert "Mục đã ở đầu danh sách." in text(lan.get(HERE))
    lan.post(f"{HERE}/{third}/position", expect=422, direction="sideways")


def test_a_whole_order_is_sent_as_json(lan: Person, conference: Conference):
    shown = agenda.programme(conference.id)
    papers = shown.items[3]
    turned = [sub.id for sub in reversed(papers.subs)]
    answer = lan.post_json(
        f"{HERE}/order", {"parent": papers.id, "order": turned, "seen": papers.order_version}, expect=200,
    )
    assert answer.json is not None
    assert [answer.json["rows"][str(one)]["mark"] for one in turned] == ["(1)", "(2)", "(3)", "(4)"]
    now = agenda.programme(conference.id).items[3]
    assert [sub.id for sub in now.subs] == turned
    assert answer.json["version"] == now.order_version


def test_an_old_screen_is_told_so(lan: Person, conference: Conference):
    shown = agenda.programme(conference.id)
    ids = [one.id for one in shown.items]
    lan.post(f"{HERE}/{ids[0]}/position", expect=302, direction="down")
    answer = lan.post_json(
        f"{HERE}/order", {"parent": None, "order": ids, "seen": shown.order_version}, expect=409,
        headers={"Accept": "application/json"},
    )
    assert answer.json == {"problem": "Thứ tự vừa được người khác thay đổi. Tải lại trang để xem thứ tự mới rồi sắp lại."}
    assert agenda.programme(conference.id).items[0].id == ids[1]


@pytest.mark.parametrize(
    "sent", [None, [], {}, {"order": "1,2"}, {"order": [1, "2"]}, {"order": [True]}, {"order": [1], "parent": "x"}]
)
def test_an_unreadable_order_is_refused(lan: Person, sent: Any):
    lan.post_json(f"{HERE}/order", sent, expect=422, headers={"Accept": "application/json"})


def test_all_of_an_item_is_edited(lan: Person):
    held = fields(lan, item("A4.1").id)
    changed = held | {"title": "Tham luận về y tế", "minutes": "12", "script": "Kính mời.\r\nXin cảm ơn."}
    lan.post(f"{HERE}/{item('A4.1').id}", expect=302, **changed)
    assert fields(lan, item("A4.1").id) | {"seen": ""} == changed | {"seen": "", "script": "Kính mời.\nXin cảm ơn."}
    assert "12</span> phút" in text(lan.get(HERE))


def test_what_is_wrong_is_said_and_what_was_typed_stays(lan: Person):
    edited = item("A5").id
    held = fields(lan, edited)
    page = text(lan.post(f"{HERE}/{edited}", expect=422, **held | {"title": "Bản mới", "minutes": "chín"}))
    assert "Bản mới" in page and 'value="chín"' in page
    page = text(lan.post(f"{HERE}/{edited}", expect=422, **held | {"presenter": "", "body_id": "0"}))
    assert "Ghi người thực hiện, hoặc chọn đơn vị." in page
    assert item("A5").title == "Phát biểu của lãnh đạo tỉnh"


def test_a_form_opened_before_somebody_else_saved_is_stopped(lan: Person, quantri: Person):
    edited = item("A5").id
    held = fields(lan, edited)
    quantri.post(f"{HERE}/{edited}", expect=302, **held | {"title": "Của quản trị"})
    page = text(lan.post(f"{HERE}/{edited}", expect=409, **held | {"title": "Của Lan"}))
    assert "Có người vừa sửa mục này." in page and "Của Lan" in page
    assert item("A5").title == "Của quản trị"


def test_hostile_titles_are_text(lan: Person, stranger: Person):
    lan.post(HERE, expect=302, title=HOSTILE)
    shown = "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} =1+1 \U0001f600"
    added = db.session.scalars(sa.select(Item).order_by(Item.id.desc())).first()
    assert added
    publish(added.conference_id)
    for answer in (lan.get(HERE), lan.get(f"{HERE}/{added.id}"), stranger.get(f"/e/{SLUG}/")):
        assert shown in text(answer) and "<script>alert" not in text(answer)


def test_the_person_is_found_without_diacritics_and_named(lan: Person):
    with transaction():
        delegate = db.session.scalars(sa.select(Delegate).where(Delegate.first_post == "Lãnh đạo Sở Y tế")).one()
        delegate.full_name, delegate.search_key = "Trần Thị Nga", f" tran thi nga{delegate.search_key}"
    step = item("A4.1").id
    assert "Không có đại biểu nào" in text(lan.get(f"{HERE}/{step}?q=zzz"))
    assert "Chọn Trần Thị Nga" in text(lan.get(f"{HERE}/{step}?q=nga tran"))
    assert "Chọn Trần Thị Nga" in text(lan.get(f"{HERE}/{step}"))
    lan.post(f"{HERE}/{step}/presenter", expect=302, delegate_id=delegate.id)
    assert '<b class="keep">Trần Thị Nga</b>, Lãnh đạo Sở Y tế' in text(lan.get(HERE))
    lan.post(f"{HERE}/{step}/presenter", expect=302, delegate_id="")
    assert item("A4.1").delegate_id is None


def test_an_item_is_removed_unless_it_was_on_stage(lan: Person):
    lan.post(f"{HERE}/{item('A7').id}/removal", expect=302)
    assert "Tổ chức khen thưởng" not in titles(lan)
    sixth = item("A6")
    with transaction():
        db.session.add(
            Move(conference_id=sixth.conference_id, seq=1, press_key="p", verb="start", item_id=sixth.id, at=clock.now())
        )
    page = text(lan.post(f"{HERE}/{item('A6').id}/removal", expect=409))
    assert "đã được điều hành trên sân khấu" in page
    assert "đã được điều hành trên sân khấu" in text(lan.get(f"{HERE}/{item('A6').id}"))
    assert "Hội nghị thảo luận" in titles(lan)


def test_an_item_of_another_conference_is_not_found(quantri: Person, conference: Conference):
    mine = item("A2").id
    made = quantri.post("/office/new", title="Hội nghị khác", short_title="Khác", organiser="UBND tỉnh", kind="Hội nghị")
    assert made.status_code == 302, text(made)
    slug = db.session.scalars(sa.select(Conference.slug).where(Conference.id != conference.id)).one()
    there = f"/office/{slug}/agenda"
    quantri.get(f"{there}/{mine}", expect=404)
    for path in ("position", "presenter", "marks", "removal"):
        quantri.post(f"{there}/{mine}/{path}", expect=404, direction="up")
    quantri.post(there, expect=404, title="x", parent_id=mine)
    quantri.post(there, expect=404, title="x", parent_id="abc")
    quantri.post_json(f"{there}/order", {"parent": mine, "order": [], "seen": ""}, expect=404)
    assert item("A2").position == 2
