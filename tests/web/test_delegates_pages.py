from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.invitees import DelegateFacts
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation
from eventmgr.services import delegates
from tests.people import SLUG, Person

LIST = f"/office/{SLUG}/delegates"


def group_id(conference: Conference, position: int = 6) -> int:
    found = sa.select(Group.id).where(Group.conference_id == conference.id, Group.position == position)
    return db.session.scalars(found).one()


def added(conference: Conference, name: str | None = "Trần Thị Nga", **more: Any) -> Delegate:
    facts = DelegateFacts(group_id=group_id(conference), full_name=name, **more)
    return delegates.add_delegate(conference.id, facts, by=1).delegate


def issued(delegate: Delegate, number: int = 45) -> None:
    with transaction():
        now = clock.now()
        db.session.add(
            Invitation(
                conference_id=delegate.conference_id,
                delegate_id=delegate.id,
                drafted_at=now,
                approved_at=now,
                issued_at=now,
                number=number,
                number_symbol="GM-VP",
                number_year=2015,
                dated_on=now.date(),
                signer_name="Nguyễn Văn Ký",
            )
        )


def names(page: str) -> list[str]:
    return [re.sub("<[^>]+>", "", found) for found in re.findall(r'person__name"[^>]*>(.*?)</a>', page)]


def text_of(response: Any) -> str:
    return str(response.get_data(as_text=True))


def stored(delegate_id: int) -> Delegate:
    db.session.expire_all()
    return db.session.scalars(sa.select(Delegate).where(Delegate.id == delegate_id)).one()


def form_of(person: Person, delegate_id: int) -> dict[str, str]:
    """The fields of the delegate's form as a browser would send them back."""
    page = text_of(person.get(f"{LIST}/{delegate_id}"))
    fields = dict(
        re.findall(r'<input[^>]*name="(full_name|sort_given|phone|email|seat|alert|version)"[^>]*value="([^"]*)"', page)
    )
    for name in ("group_id", "body_id", "rank", "address_form"):
        select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)
        assert select is not None
        chosen = re.search(r'<option selected value="([^"]*)"', select[0])
        fields[name] = chosen[1] if chosen else ""
    posts = re.search(r'<textarea[^>]*name="posts"[^>]*>\r?\n?(.*?)</textarea>', page, re.S)
    assert posts is not None
    fields["posts"] = posts[1]
    return fields


def test_the_list_shows_the_posts_of_the_plan_in_the_order_of_introduction(lan: Person) -> None:
    page = text_of(lan.get(LIST))
    assert names(page) == ["Chưa có tên – mời theo chức vụ"] * 48
    posts = re.findall(r'person__post">([^<]+)</p>', page)
    assert posts[:3] == ["Bí thư Tỉnh ủy", "Phó Bí thư Thường trực Tỉnh ủy", "Chủ tịch HĐND tỉnh"]
    assert re.findall(r'<a class="chip"[^>]*>([^<]+) <span class="num">(\d+)', page) == [
        ("Tất cả", "48"),
        ("Sẽ dự", "0"),
        ("Cử người thay", "0"),
        ("Báo vắng", "0"),
        ("Chưa trả lời", "48"),
        ("Chưa có tên", "48"),
    ]


def test_a_name_is_found_without_diacritics_and_a_filter_narrows_it(lan: Person, conference: Conference) -> None:
    added(conference)
    added(conference, "Nguyễn Thị Ngà")
    assert names(text_of(lan.get(f"{LIST}?q=nga"))) == ["Trần Thị Nga", "Nguyễn Thị Ngà"]
    assert names(text_of(lan.get(f"{LIST}?q=nga&group={group_id(conference, 1)}"))) == []
    assert names(text_of(lan.get(f"{LIST}?q=nga&reply=comes"))) == []
    assert names(text_of(lan.get(f"{LIST}?q=nga&group=abc&page=99999999999&order=%00&reply=x"))) == [
        "Trần Thị Nga",
        "Nguyễn Thị Ngà",
    ]


def test_adding_a_person_leads_to_the_page_and_again_leads_to_the_next_form(
    lan: Person, conference: Conference
) -> None:
    group = group_id(conference)
    answer = lan.post(
        f"{LIST}/new",
        expect=302,
        full_name="Y Mửi",
        posts="Chủ tịch Hội\r\nỦy viên",
        group_id=str(group),
        phone="0000 123 456",
    )
    delegate = db.session.scalars(sa.select(Delegate).where(Delegate.full_name == "Y Mửi")).one()
    assert answer.location == f"{LIST}/{delegate.id}"
    assert (delegate.posts, delegate.first_post, delegate.address_form) == (
        ["Chủ tịch Hội", "Ủy viên"],
        "Chủ tịch Hội",
        "đồng chí",
    )
    answer = lan.post(f"{LIST}/new", expect=302, full_name="A Pớt", group_id=str(group), again="1")
    assert answer.location == f"{LIST}/new?group={group}"


def test_a_form_with_a_mistake_keeps_what_was_typed(lan: Person, conference: Conference) -> None:
    typed = {"full_name": "Nguyễn {{7*7}}", "posts": "Giám đốc", "seat": "A-12", "group_id": str(group_id(conference))}
    page = text_of(lan.post(f"{LIST}/new", expect=422, **typed))
    assert 'value="Nguyễn {{7*7}}"' in page and 'value="A-12"' in page
    assert "Họ tên chỉ gồm chữ cái, dấu nháy, gạch nối và dấu chấm; ở đây có “{”." in page
    page = text_of(lan.post(f"{LIST}/new", expect=422, full_name="Nga " * 75, group_id=typed["group_id"]))
    assert "Họ tên dài nhất 120 ký tự; đang có 299." in page
    page = text_of(lan.post(f"{LIST}/new", expect=422, full_name="Trần Thị Nga", group_id=""))
    assert "Chọn nhóm trong danh sách." in page
    page = text_of(lan.post(f"{LIST}/new", expect=422, group_id=typed["group_id"]))
    assert "Điền họ tên, hoặc chức vụ nếu chưa rõ tên." in page


def test_hostile_text_in_posts_is_shown_as_text(lan: Person, conference: Conference) -> None:
    hostile = ["<script>alert(1)</script>", "{{7*7}}", "=1+1", "Trưởng phòng 🎉"]
    one = added(conference, None, posts=tuple(hostile), note='"><img src=x>')
    for url in (LIST + "?q=script", f"{LIST}/{one.id}"):
        page = text_of(lan.get(url))
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "{{7*7}}" in page and "=1+1" in page and "🎉" in page


def test_the_page_of_another_conference_does_not_exist(lan: Person, quantri: Person, conference: Conference) -> None:
    with transaction():
        other = Conference(
            slug="hoi-nghi-khac",
            title="Hội nghị khác",
            short_title="Hội nghị khác",
            organiser="UBND tỉnh",
            created_at=clock.now(),
        )
        db.session.add(other)
        db.session.flush()
        group = Group(
            conference_id=other.id,
            key="g",
            position=1,
            label="Nhóm",
            bloc="other",
            invited_as="delegate",
            role="guest",
            address_form="ông",
        )
        db.session.add(group)
    one = delegates.add_delegate(other.id, DelegateFacts(group_id=group.id, full_name="Lê Lạ"), by=1).delegate
    quantri.get(f"/office/hoi-nghi-khac/delegates/{one.id}", 200)
    lan.get(f"{LIST}/{one.id}", 404)
    for act in ("", "/removal", "/restoration", "/place"):
        lan.post(f"{LIST}/{one.id}{act}", expect=404, step="1", full_name="X", group_id="1")
    lan.get(f"/office/{SLUG}/groups/{group.id}", 404)
    page = text_of(lan.post(f"{LIST}/new", expect=422, full_name="Lê Lạ", group_id=str(group.id)))
    assert "Chọn trong danh sách." in page
    assert stored(one.id).full_name == "Lê Lạ"


def test_saving_after_somebody_else_is_a_conflict_that_keeps_what_was_typed(
    lan: Person, quantri: Person, conference: Conference
) -> None:
    one = added(conference, phone="0000 123 456")
    mine, theirs = form_of(lan, one.id), form_of(quantri, one.id)
    quantri.post(f"{LIST}/{one.id}", expect=302, **theirs | {"seat": "B-07"})
    page = text_of(lan.post(f"{LIST}/{one.id}", expect=409, **mine | {"phone": "0000 999 999"}))
    assert "Có người vừa sửa đại biểu này." in page
    assert 'value="0000 999 999"' in page
    assert re.findall(r"<li>(Chỗ ngồi: [^<]+|Điện thoại: [^<]+)</li>", page) == [
        "Điện thoại: 0000 123 456",
        "Chỗ ngồi: B-07",
    ]
    assert (stored(one.id).seat, stored(one.id).phone) == ("B-07", "0000 123 456")
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version is not None
    lan.post(f"{LIST}/{one.id}", expect=302, **mine | {"phone": "0000 999 999", "version": version[1]})
    assert stored(one.id).phone == "0000 999 999"


def test_a_form_without_a_version_is_a_conflict(lan: Person, conference: Conference) -> None:
    one = added(conference)
    lan.post(f"{LIST}/{one.id}", expect=409, full_name="Khác", group_id=str(group_id(conference)), address_form="bà")
    assert stored(one.id).full_name == "Trần Thị Nga"


def test_an_issued_letter_holds_name_and_posts_but_not_the_phone(lan: Person, conference: Conference) -> None:
    one = added(conference, posts=("Phó Chủ tịch UBND tỉnh",))
    issued(one)
    form = form_of(lan, one.id)
    page = text_of(lan.post(f"{LIST}/{one.id}", expect=422, **form | {"full_name": "Trần Thị Hoa"}))
    assert "Giấy mời số 45/GM-VP đã phát hành. Muốn đổi họ tên, hãy đính chính giấy, hoặc thu hồi và phát hành lại." in page
    lan.post(
        f"{LIST}/{one.id}", expect=302, **form | {"phone": "0000 111 222", "seat": "A-01", "alert": "Mời lên hàng đầu"}
    )
    assert (stored(one.id).full_name, stored(one.id).seat) == ("Trần Thị Nga", "A-01")


def test_removing_is_refused_while_a_letter_is_out_and_can_be_undone(lan: Person, conference: Conference) -> None:
    held, free = added(conference), added(conference, "A Pớt")
    issued(held)
    lan.post(f"{LIST}/{held.id}/removal", expect=302)
    assert "Giấy mời số 45/GM-VP đã phát hành. Thu hồi giấy trước khi bỏ đại biểu." in text_of(
        lan.get(f"{LIST}/{held.id}")
    )
    assert stored(held.id).removed_at is None
    lan.post(f"{LIST}/{free.id}/removal", expect=302)
    assert names(text_of(lan.get(f"{LIST}?q=pot"))) == []
    assert "đã được bỏ khỏi danh sách ngày" in text_of(lan.get(f"{LIST}/{free.id}"))
    lan.post(f"{LIST}/{free.id}/restoration", expect=302)
    assert names(text_of(lan.get(f"{LIST}?q=pot"))) == ["A Pớt"]


def test_places_are_given_with_buttons_and_with_a_number(lan: Person, conference: Conference) -> None:
    one = added(conference)
    answer = lan.post(f"{LIST}/{one.id}/place", expect=302, to="2")
    assert answer.location == f"{LIST}?arrange=1#delegate-{one.id}"
    assert names(text_of(lan.get(f"{LIST}?arrange=1")))[:3] == [
        "Chưa có tên – mời theo chức vụ",
        "Trần Thị Nga",
        "Chưa có tên – mời theo chức vụ",
    ]
    lan.post(f"{LIST}/{one.id}/place", expect=302, step="-1")
    assert names(text_of(lan.get(LIST)))[0] == "Trần Thị Nga"
    lan.post(f"{LIST}/{one.id}/place", expect=302, by_rank="1")
    assert names(text_of(lan.get(LIST)))[-1] == "Trần Thị Nga"
    lan.post(f"{LIST}/{one.id}/place", expect=422, step="lên")


def test_phone_and_email_are_for_those_who_edit(lan: Person, minh: Person, conference: Conference) -> None:
    one = added(conference, phone="0000 123 456", email="nga@example.vn", note="Ghi chú riêng", seat="A-12")
    mine, theirs = text_of(lan.get(f"{LIST}/{one.id}")), text_of(minh.get(f"{LIST}/{one.id}"))
    secret = ["0000 123 456", "nga@example.vn", "Ghi chú riêng"]
    assert [word in mine for word in [*secret, "A-12"]] == [True, True, True, True]
    assert [word in theirs for word in [*secret, "A-12"]] == [False, False, False, True]
    assert '<form method="post" action="/office' not in theirs


@pytest.mark.parametrize("path", ["delegates", "groups", "bodies", "ranks"])
def test_the_door_lead_reads_and_only_the_office_writes(
    path: str, minh: Person, oanh: Person, stranger: Person
) -> None:
    minh.get(f"/office/{SLUG}/{path}", 200)
    minh.get(f"/office/{SLUG}/{path}/new", 403)
    minh.post(f"/office/{SLUG}/{path}/new", expect=403, full_name="X", label="X", name="X", value="1", title="X")
    oanh.get(f"/office/{SLUG}/{path}", 403)
    stranger.get(f"/office/{SLUG}/{path}", 302)


def test_odd_contacts_and_namesakes_are_warned_about_but_stored(lan: Person, conference: Conference) -> None:
    added(conference, posts=("Giám đốc Sở Y tế",))
    answer = lan.post(
        f"{LIST}/new",
        expect=302,
        full_name="Đ/c Trần Thị Nga",
        group_id=str(group_id(conference)),
        phone="máy lẻ 12",
        email="nga(at)vn",
    )
    page = text_of(lan.get(answer.location))
    assert re.findall(r"notice--warn.*?<div>(.*?)</div>", page, re.S) == [
        "Đã bỏ cách xưng hô ở đầu họ tên; chọn cách xưng hô ở ô riêng.",
        "Số điện thoại “máy lẻ 12” trông không quen; vẫn lưu đúng như đã nhập.",
        "Địa chỉ thư “nga(at)vn” trông không đúng; vẫn lưu đúng như đã nhập.",
        "Trong danh sách đã có Trần Thị Nga, Giám đốc Sở Y tế; kiểm tra xem có phải một người không.",
    ]
    assert db.session.scalar(sa.select(sa.func.count(Delegate.id)).where(Delegate.full_name == "Trần Thị Nga")) == 2
