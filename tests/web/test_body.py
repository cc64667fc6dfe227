"""A body's page without account, click by click."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate
from eventmgr.services import body_links, body_pages, incoming
from tests import door
from tests.letters import issue_some
from tests.nominating import body, delegates, place_of, sent, shift
from tests.people import Person

ADDRESS = {"address_form": "đồng chí"}
NUMBERS = ["Một", "Hai", "Ba", "Bốn", "Năm", "Sáu"]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def test_page_shows_quota_deadlines_people_and_duties(stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference, "Sở Y tế", quota=2)
    shift(conference, body_id, reply_by=3, freeze_at=5)
    page = stranger.get(f"/b/{code}").get_data(as_text=True)
    for text in ("Sở Y tế", "Được mời", "Hạn gửi", "Chốt danh sách", "Lãnh đạo Sở Y tế", "Chưa có tên", "Tham luận của Sở Y tế",
                 "Chuẩn bị báo cáo tham luận 4.(1)", "Trước ngày 25/12/2015", "Còn cử được"):  # fmt: skip
        assert text in page, text
    assert "Sở Tài chính" not in page and "noindex" not in stranger.get("/sign-in").headers


def test_code_is_found_however_it_is_typed(stranger: Person, conference: Conference) -> None:
    _, code = body(conference)
    assert stranger.get(f"/B/{code}", expect=308).location.endswith(f"/b/{code}")
    assert stranger.get(f"/b/{code.lower()}", expect=302).location.endswith(f"/b/{code}")
    stranger.get("/b/0000000000000000", expect=404)
    stranger.get("/b/khong-co", expect=404)


def test_a_name_goes_to_the_office_and_what_was_said_comes_back(stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference)
    place = place_of(code)
    url = f"/b/{code}/places/{place.delegate.id}/person"
    form = stranger.get(url).get_data(as_text=True)
    assert "Lãnh đạo UBND huyện Đăk Hà" in form
    data = ADDRESS | {"full_name": "Nguyễn Thị Mẫu", "posts": "Chủ tịch UBND huyện Đăk Hà", "mark": hidden(form, "mark")}
    stranger.post(url, expect=302, **data)
    page = stranger.get(f"/b/{code}").get_data(as_text=True)
    assert "Nguyễn Thị Mẫu" in page and "Chờ Văn phòng xem" in page
    one = sent(body_id)[0]
    incoming.give_back(conference.id, one.id, 1, one.version, "Xin ghi đúng chức vụ.")
    page = stranger.get(f"/b/{code}").get_data(as_text=True)
    assert "Văn phòng trả lại Nguyễn Thị Mẫu:" in page and "Xin ghi đúng chức vụ." in page


def test_stale_form_keeps_what_was_typed_and_may_be_sent_again(stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference)
    place = place_of(code)
    url = f"/b/{code}/places/{place.delegate.id}/person"
    mark = place.mark
    stranger.post(url, expect=302, **ADDRESS, full_name="A Một", posts="Chuyên viên", mark=mark)
    page = stranger.post(url, expect=409, **ADDRESS, full_name="A Hai", posts="Chuyên viên", mark=mark).get_data(as_text=True)
    assert "A Hai" in page and "Hiện nay ở vị trí này" in page and "A Một" in page
    stranger.post(url, expect=302, **ADDRESS, full_name="A Hai", posts="Chuyên viên", mark=hidden(page, "mark"))
    assert [(one.full_name, one.state) for one in sent(body_id)] == [("A Một", "withdrawn"), ("A Hai", "waiting")]


def test_mistakes_stay_in_the_form(stranger: Person, conference: Conference) -> None:
    _, code = body(conference, quota=2)
    page = stranger.post(f"/b/{code}/people", expect=422, **ADDRESS, full_name="A 007", posts="Chuyên viên").get_data(as_text=True)
    assert "A 007" in page and "chữ số" in page
    page = stranger.post(f"/b/{code}/people", expect=422, **ADDRESS, full_name="A Một", posts="").get_data(as_text=True)
    assert "Ghi chức vụ của người dự." in page
    stranger.post(f"/b/{code}/people", expect=302, **ADDRESS, full_name="A Một", posts="Chuyên viên")
    page = stranger.post(f"/b/{code}/people", expect=409, **ADDRESS, full_name="A Hai", posts="Chuyên viên").get_data(as_text=True)
    assert "được mời 2 người và đã đủ" in page and "A Hai" in page
    page = stranger.post(f"/b/{code}/people", expect=422, **ADDRESS, full_name="A Mốt", posts="Thư ký").get_data(as_text=True)
    assert "Người khác cùng họ tên" in page


def test_absence_confirmation_companions_notes_and_withdrawal(stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference)
    place = place_of(code)
    home, places = f"/b/{code}", f"/b/{code}/places/{place.delegate.id}"
    stranger.post(f"{places}/absence", expect=422, reason="", mark=place.mark)
    stranger.post(f"{places}/absence", expect=302, reason="Bận tiếp dân", mark=place.mark)
    assert "Lý do vắng: Bận tiếp dân" in stranger.get(home).get_data(as_text=True)
    one = sent(body_id)[0]
    stranger.post(f"{home}/sent/{one.id}/withdrawal", expect=302, version=str(one.version))
    assert place_of(code).state == "unnamed"
    with transaction():
        db.session.get_one(Delegate, place.delegate.id).full_name = "Trần Văn Chính"
    stranger.post(f"{places}/attendance", expect=302, mark=place_of(code).mark)
    assert place_of(code).state == "comes"
    stranger.get(f"{home}/companions?of={place.delegate.id}")
    stranger.post(f"{home}/companions", expect=302, of=str(place.delegate.id), **ADDRESS, full_name="A Tài", posts="Lái xe")
    stranger.post(f"{home}/notes", expect=422, words="")
    stranger.post(f"{home}/notes", expect=302, words="Đoàn đi hai xe.")
    page = stranger.get(home).get_data(as_text=True)
    assert "A Tài" in page and "Đoàn đi hai xe." in page
    assert [one.kind for one in sent(body_id)] == ["excuse", "companion", "note"]


def test_a_frozen_list_can_only_be_read(stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference)
    shift(conference, body_id, freeze_at=-1)
    page = stranger.get(f"/b/{code}").get_data(as_text=True)
    assert "Danh sách đã chốt" in page and "Trang này chỉ còn để xem" in page and "/person" not in page and "Cử thêm người" not in page
    page = stranger.post(f"/b/{code}/people", expect=409, **ADDRESS, full_name="A Một", posts="Chuyên viên").get_data(as_text=True)
    assert "Danh sách đã chốt" in page
    assert sent(body_id) == []


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_after_the_conference_the_page_is_read_only_and_then_gone(stranger: Person, conference: Conference, state: str) -> None:
    _, code = body(conference)
    with transaction():
        db.session.get_one(Conference, conference.id).state = state
    if state == "archived":
        assert "đã được thu hồi" in stranger.get(f"/b/{code}", expect=404).get_data(as_text=True)
    else:
        assert "Danh sách đã chốt" in stranger.get(f"/b/{code}").get_data(as_text=True)
    stranger.post(f"/b/{code}/people", expect=404 if state == "archived" else 409, **ADDRESS, full_name="A Một", posts="X")


def test_a_revoked_link_opens_nothing(stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference)
    body_links.revoke_link(conference.id, body_id, 1)
    for url in ("", "/people", f"/companions?of={delegates(body_id)[0].id}"):
        stranger.get(f"/b/{code}{url}", expect=404)


def test_opening_is_noted_once(stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference)
    stranger.get(f"/b/{code}")
    assert db.session.get_one(Body, body_id).link_opened_at is None
    stranger.post(f"/b/{code}/opened", expect=204)
    db.session.rollback()
    first = db.session.get_one(Body, body_id).link_opened_at
    stranger.post(f"/b/{code}/opened", expect=204)
    db.session.rollback()
    assert first is not None and db.session.get_one(Body, body_id).link_opened_at == first


def test_page_asks_a_fixed_number_of_times(stranger: Person, conference: Conference) -> None:
    _, code = body(conference, quota=30)
    stranger.get(f"/b/{code}")
    few = queries(stranger, code)
    group_id = place_of(code).delegate.group_id
    body_id = place_of(code).delegate.body_id
    for number in range(6):
        delegate_id = door.add_delegate(conference.id, f"A {NUMBERS[number]}", group_id=group_id)
        with transaction():
            db.session.get_one(Delegate, delegate_id).body_id = body_id
        stranger.post(f"/b/{code}/companions", expect=302, of=str(delegate_id), **ADDRESS, full_name=f"Y {NUMBERS[number]}", posts="Lái xe")
    assert queries(stranger, code) == few


def queries(person: Person, code: str) -> int:
    asked: list[str] = []

    def note(*given: Any) -> None:
        asked.append(given[2])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        person.get(f"/b/{code}")
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def test_a_substitute_brings_a_post_of_ones_own(stranger: Person, conference: Conference) -> None:
    body_id, code = body(conference)
    place = place_of(code)
    with transaction():
        db.session.get_one(Delegate, place.delegate.id).full_name = "Nguyễn Văn Trước"
    url = f"/b/{code}/places/{place.delegate.id}/person"
    mark = hidden(stranger.get(url).get_data(as_text=True), "mark")
    page = stranger.post(url, expect=422, **ADDRESS, full_name="A Thay", posts="", mark=mark).get_data(as_text=True)
    assert "Ghi chức vụ của người dự." in page and 'value="A Thay"' in page
    assert sent(body_id) == []


def test_a_letter_that_is_out_lends_its_post_to_nobody(stranger: Person, conference: Conference) -> None:
    issue_some(conference, 60)
    body_id, code = body(conference)
    place = next(one for one in body_pages.page_of(code).places if one.letter and not one.delegate.full_name)
    url = f"/b/{code}/places/{place.delegate.id}/person"
    page = stranger.post(url, expect=422, **ADDRESS, full_name="A Thay", posts="", mark=place.mark).get_data(as_text=True)
    assert "Ghi chức vụ của người dự." in page
    assert sent(body_id) == []
