"""The office: links of bodies, what came in, answers with how they came, companions, absences."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.services import body_links, checkin, conferences, delegates, introductions, nominations
from tests import door
from tests.nominating import body, person, place_of, sent
from tests.people import SLUG, Person

HOME = f"/office/{SLUG}"


def version(page: str, nomination_id: int) -> str:
    found = re.search(rf'incoming/{nomination_id}/acceptance".*?name="version" value="(\d+)"', page, re.S)
    assert found is not None
    return found[1]


def test_menu_and_desk_count_what_waits(lan: Person, minh: Person, conference: Conference) -> None:
    _, code = body(conference)
    nominations.name_person(code, person("A Một"))
    nominations.send_note(code, "Đoàn đi hai xe.")
    page = lan.get(f"{HOME}/").get_data(as_text=True)
    assert re.search(r'Đơn vị gửi đến<span class="num">2</span>', page)
    assert "Đơn vị gửi đến: 2 nội dung chờ xem" in page
    assert "Đơn vị gửi đến" not in minh.get(f"{HOME}/").get_data(as_text=True)


def test_accept_and_return_from_the_list(lan: Person, conference: Conference) -> None:
    body_id, code = body(conference, quota=5)
    first, second = nominations.name_person(code, person("A Một")), nominations.name_person(code, person("Y Hai"))
    page = lan.get(f"{HOME}/incoming").get_data(as_text=True)
    assert "A Một" in page and "Y Hai" in page and "Thêm người trong số được mời." in page
    lan.post(f"{HOME}/incoming/{first.id}/acceptance", expect=302, version=version(page, first.id), words="Đã nhận.")
    refused = lan.post(f"{HOME}/incoming/{second.id}/return", expect=422, version=version(page, second.id), words="")
    assert "Ghi một câu để đơn vị biết vì sao trả lại." in refused.get_data(as_text=True)
    lan.post(f"{HOME}/incoming/{second.id}/return", expect=302, version=version(page, second.id), words="Ngoài thành phần.")
    again = lan.post(f"{HOME}/incoming/{second.id}/acceptance", expect=409, version=version(page, second.id), words="Lời đã gõ")
    assert "vừa được xử lý: trả lại" in again.get_data(as_text=True) and "Lời đã gõ" in again.get_data(as_text=True)
    assert [(one.state, one.answer) for one in sent(body_id)] == [("accepted", "Đã nhận."), ("returned", "Ngoài thành phần.")]
    assert "A Một" in lan.get(f"{HOME}/incoming?state=accepted").get_data(as_text=True)
    assert "Y Hai" in lan.get(f"{HOME}/incoming?state=&q=dak+ha").get_data(as_text=True)
    assert "Y Hai" not in lan.get(f"{HOME}/incoming?state=&kind=note").get_data(as_text=True)


def test_links_are_made_shown_renewed_and_revoked(lan: Person, stranger: Person, conference: Conference) -> None:
    body_id = db.session.scalars(sa.select(Body.id).where(Body.name == "Sở Y tế")).one()
    page = f"{HOME}/bodies/{body_id}"
    assert "Tạo liên kết" in lan.get(page).get_data(as_text=True)
    lan.post(f"{page}/link", expect=302)
    first = body_links.link_of(db.session.get_one(Body, body_id)) or ""
    shown = lan.get(page).get_data(as_text=True)
    assert first in shown and "chưa mở lần nào" in shown
    assert lan.get(f"{page}/qr.svg").mimetype == "image/svg+xml"
    stranger.get(first.removeprefix("http://127.0.0.1:8000"))
    lan.post(f"{HOME}/bodies/links", expect=302)
    slips = lan.get(f"{HOME}/bodies/links").get_data(as_text=True)
    assert first in slips and slips.count('class="slip"') == 41
    assert lan.get(f"{HOME}/bodies/links?body={body_id}").get_data(as_text=True).count('class="slip"') == 1
    lan.post(f"{page}/link", expect=302)
    stranger.get(first.removeprefix("http://127.0.0.1:8000"), expect=404)
    lan.post(f"{page}/link/removal", expect=302)
    assert db.session.get_one(Body, body_id).link_seed is None
    lan.get(f"{page}/qr.svg", expect=404)


def test_contacts_of_a_body_and_times_of_a_group(lan: Person, conference: Conference) -> None:
    found = db.session.scalars(sa.select(Body).where(Body.name == "Sở Y tế")).one()
    lan.post(f"{HOME}/bodies/{found.id}", expect=302, name="Sở Y tế", group_id=str(found.group_id), quota="2", email="vt@soyte.example.vn", phone="0260 3862 000")
    db.session.refresh(found)
    assert (found.email, found.phone, found.quota) == ("vt@soyte.example.vn", "0260 3862 000", 2)
    group_id = found.group_id
    facts = {"label": "Thành viên Ban", "role": "delegate", "address_form": "đồng chí"}
    url = f"{HOME}/groups/{group_id}"
    wrong = lan.post(url, expect=422, **facts, reply_by="17:00 26/12/2026", freeze_at="8h00 26/12/2026").get_data(as_text=True)
    assert "Chốt danh sách không thể trước hạn trả lời." in wrong
    lan.post(url, expect=302, **facts, reply_by="17:00 26/12/2026", freeze_at="8h00 28/12/2026")
    group = db.session.get_one(Group, group_id)
    assert [f"{one:%Y-%m-%d %H:%M}" for one in (group.reply_by, group.freeze_at) if one] == ["2026-12-26 10:00", "2026-12-28 01:00"]
    assert 'value="17:00 26/12/2026"' in lan.get(url).get_data(as_text=True)
    assert "Trả lời trước" in lan.get(f"{HOME}/groups").get_data(as_text=True)


def test_office_enters_an_answer_with_how_it_came_and_takes_a_wrong_one_back(lan: Person, conference: Conference) -> None:
    delegate_id = door.add_delegate(conference.id, "A Mẫu")
    url = f"{HOME}/delegates/{delegate_id}/answers"
    data = {"answer": "absent", "reason": "Đi học", "substitute_form": "đồng chí", "channel": "document"}
    assert "Ghi số, ký hiệu công văn." in lan.post(url, expect=422, **data).get_data(as_text=True)
    lan.post(url, expect=302, **data, document_number="12/CV-SYT")
    page = lan.get(url).get_data(as_text=True)
    assert "Văn phòng ghi (Lan), công văn số 12/CV-SYT" in page and "Lý do: Đi học" in page and "Đang tính" in page
    reply = db.session.scalars(sa.select(Reply)).one()
    assert (reply.source, reply.channel, reply.invitation_id, reply.account_id is not None) == ("office", "document", None, True)
    lan.post(f"{HOME}/answers/{reply.id}/removal", expect=302)
    assert "Đã bỏ, ghi nhầm" in lan.get(url).get_data(as_text=True)
    lan.post(url, expect=302, answer="comes", substitute_form="đồng chí", channel="phone", note="Đ/c Hoa gọi lúc 9 giờ")
    page = lan.get(url).get_data(as_text=True)
    assert page.count('class="came"') == 2 and "điện thoại" in page and "Đ/c Hoa gọi lúc 9 giờ" in page


def test_absences_keep_their_reasons_for_the_report(lan: Person, conference: Conference) -> None:
    _, code = body(conference)
    place = place_of(code)
    nominations.excuse(code, place.delegate.id, "=Họp Tỉnh ủy", place.mark)
    page = lan.get(f"{HOME}/absences").get_data(as_text=True)
    assert "=Họp Tỉnh ủy" in page and "Đơn vị" in page
    answer = lan.post(f"{HOME}/exports", expect=200, kind="absences", format="xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)  # type: ignore[union-attr]
    assert rows[0][6:] == ("Lý do vắng", "Báo lúc", "Ai báo", "Đúng hạn")
    assert [(row[3], row[4], row[6], row[8], row[9]) for row in rows[1:]] == [
        ("Lãnh đạo UBND huyện Đăk Hà", "UBND huyện Đăk Hà", "=Họp Tỉnh ủy", "Đơn vị", "Đúng hạn")
    ]


def test_companions_stand_with_their_delegate_and_get_no_letter(lan: Person, conference: Conference) -> None:
    delegate_id = door.add_delegate(conference.id, "A Mẫu", posts=["Bí thư Tỉnh ủy"])
    url = f"{HOME}/delegates/{delegate_id}/companions"
    assert "Lái xe" in lan.get(url).get_data(as_text=True)
    lan.post(url, expect=422, full_name="", posts="Lái xe", address_form="đồng chí")
    lan.post(url, expect=302, full_name="A Tài", posts="Lái xe", address_form="đồng chí", phone="0905 111 222")
    lan.post(url, expect=422, full_name="A Tài", posts="Lái xe", address_form="đồng chí")
    companion = db.session.scalars(sa.select(Delegate).where(Delegate.companion_of_id == delegate_id)).one()
    assert "Đi cùng" in lan.get(f"{HOME}/delegates?q=tai").get_data(as_text=True)
    assert "Người đi cùng: <b>A Tài</b>" in lan.get(f"{HOME}/delegates?q=bi+thu+tinh+uy+mau").get_data(as_text=True)
    lan.get(f"{HOME}/delegates/{companion.id}/companions")
    lan.post(f"{HOME}/delegates/{companion.id}/companions", expect=409, full_name="A Hai", posts="Lái xe", address_form="ông")
    lan.post(f"{HOME}/invitations/drafts", expect=302)
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id)).where(Invitation.delegate_id == companion.id)) == 0
    delegates.remove_delegate(conference.id, delegate_id, 1)
    assert db.session.get_one(Delegate, companion.id).removed_at is not None
    delegates.restore_delegate(conference.id, delegate_id, 1)
    db.session.rollback()
    assert db.session.get_one(Delegate, companion.id).removed_at is None


def test_a_companion_in_the_room_is_not_introduced(conference: Conference) -> None:
    delegate_id = door.add_delegate(conference.id, "A Mẫu")
    companion_id = door.add_delegate(conference.id, "A Tài", companion_of_id=delegate_id, posts=["Lái xe"])
    _, phone = door.pair_phone(conference.id)
    for one in (delegate_id, companion_id):
        door_scan = door.scan(door.add_pass(conference.id, one))
        checkin.record_scans(phone, [door_scan])
    assert [one.delegate_id for one in introductions.introduction_list(conference.id).people] == [delegate_id]


@pytest.mark.parametrize("username", ["khanh", "minh", "tuan"])
def test_who_sees_delegates_reads_answers_and_enters_none(app, conference: Conference, username: str) -> None:  # type: ignore[no-untyped-def]
    reader = Person(app, username)
    delegate_id = door.add_delegate(conference.id, "A Mẫu")
    page = reader.get(f"{HOME}/delegates/{delegate_id}/answers").get_data(as_text=True)
    assert "Ghi trả lời" not in page
    reader.post(f"{HOME}/delegates/{delegate_id}/answers", expect=403, answer="comes")


def test_copying_a_conference_leaves_links_and_times_behind(conference: Conference) -> None:
    body_id, _ = body(conference)
    delegate_id = door.add_delegate(conference.id, "A Mẫu")
    door.add_delegate(conference.id, "A Tài", companion_of_id=delegate_id, posts=["Lái xe"])
    with transaction():
        db.session.get_one(Body, body_id).phone = "0260 1"
    copied = conferences.copy(conference.id, "Hội nghị sau", "Hội nghị sau", 1, rehearsal=False)
    assert db.session.scalars(sa.select(Body).where(Body.conference_id == copied.id, Body.link_seed.is_not(None))).all() == []
    kept = db.session.scalars(sa.select(Body.phone).where(Body.conference_id == copied.id, Body.phone.is_not(None))).all()
    assert kept == ["0260 1"]
    assert db.session.scalars(sa.select(Delegate).where(Delegate.conference_id == copied.id, Delegate.companion_of_id.is_not(None))).all() == []
