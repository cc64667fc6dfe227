"""The holder of a letter: greeting, answer, own letter, calendar, and every wrong code."""

from __future__ import annotations

import io

import icalendar
import pypdf
import pytest
import sqlalchemy as sa

from eventmgr.domain import passes
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.models.journal import Entry
from eventmgr.services import pass_codes
from tests.people import Person
from tests.web.test_letters import LETTERS, issue_all, name_delegate, settle_date


@pytest.fixture
def code(lan: Person) -> str:
    """Return the code of an issued letter for Trần Thị Mẫu."""
    settle_date(lan)
    delegate_id = name_delegate()
    issue_all(lan)
    return pass_codes.code_of(db.session.scalars(sa.select(Pass).where(Pass.delegate_id == delegate_id)).one())


def test_page_greets_and_shows_when_and_where(stranger: Person, code: str) -> None:
    page = stranger.get(f"/i/{code}").get_data(as_text=True)
    for words in ("Kính chào đồng chí", "Trần Thị Mẫu", "07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015", "Tôi sẽ dự", passes.grouped(code), "Kết luận Hội nghị"):
        assert words in page
    assert stranger.get(f"/i/{code}").headers["Cache-Control"] == "no-store"


def test_post_without_a_name_is_greeted_by_the_post(stranger: Person, lan: Person, code: str) -> None:
    unnamed = db.session.scalars(
        sa.select(Pass).join(Delegate, Delegate.id == Pass.delegate_id).where(Delegate.key == "chu-tich-hdnd")
    ).one()
    page = stranger.get(f"/i/{pass_codes.code_of(unnamed)}").get_data(as_text=True)
    assert "Đồng chí Chủ tịch HĐND tỉnh" in page


@pytest.mark.parametrize("typed", ["upper", "grouped", "lower", "link"])
def test_code_is_found_however_it_is_typed(stranger: Person, code: str, typed: str) -> None:
    address = {
        "upper": f"/I/{code}", "grouped": f"/i/{passes.grouped(code).replace(' ', '-')}", "lower": f"/i/{code.lower()}",
        "link": f"/I/{code.lower()}",
    }[typed]
    answer = stranger.client.get(address, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path == f"/i/{code}"


def test_same_answer_twice_is_one_answer(stranger: Person, lan: Person, code: str) -> None:
    for _ in range(2):
        stranger.post(f"/i/{code}/reply", expect=302, answer="comes")
    assert db.session.scalar(sa.select(sa.func.count(Reply.id))) == 1
    said = sa.select(sa.func.count(Entry.id)).where(Entry.verb == "reply.given")
    assert db.session.scalar(said) == 1
    stranger.post(f"/i/{code}/reply", expect=302, answer="substitute", substitute_form="bà", substitute_name="Y Thay", substitute_post="Chuyên viên")
    asked = db.session.scalars(sa.select(Reply).where(Reply.answer == "substitute")).one()
    for _ in range(2):
        lan.post(f"{LETTERS}/substitutes/{asked.id}", expect=302, accept="1")
    assert db.session.scalar(sa.select(sa.func.count(Entry.id)).where(Entry.verb == "reply.judged")) == 1


def test_name_of_a_substitute_is_a_name(stranger: Person, code: str) -> None:
    page = stranger.post(
        f"/i/{code}/reply", expect=422, answer="substitute", substitute_form="bà", substitute_name="<b>=1+1", substitute_post="Chuyên viên"
    ).get_data(as_text=True)
    assert "Họ tên chỉ gồm chữ cái" in page and 'value="Chuyên viên"' in page
    assert db.session.scalar(sa.select(sa.func.count(Reply.id))) == 0


def test_answer_given_is_changed_on_demand(stranger: Person, code: str) -> None:
    assert "Đổi câu trả lời" not in stranger.get(f"/i/{code}").get_data(as_text=True)
    stranger.post(f"/i/{code}/reply", expect=302, answer="comes")
    assert '<summary class="btn">Đổi câu trả lời</summary>' in stranger.get(f"/i/{code}").get_data(as_text=True)


def test_code_misspelt_by_one_letter_is_not_found(stranger: Person, code: str) -> None:
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    assert "Mã này không đúng" in stranger.get(f"/i/{wrong}", expect=404).get_data(as_text=True)
    stranger.get("/i/khong-phai-ma", expect=404)


def test_delegate_says_yes_then_no_and_both_are_kept(stranger: Person, code: str) -> None:
    stranger.post(f"/i/{code}/reply", expect=302, answer="comes")
    page = stranger.post(f"/i/{code}/reply", expect=422, answer="absent", reason="").get_data(as_text=True)
    assert "Cần điền mục này." in page
    stranger.post(f"/i/{code}/reply", expect=302, answer="absent", reason="Trùng lịch tiếp xúc cử tri")
    rows = list(db.session.scalars(sa.select(Reply).order_by(Reply.id)))
    assert [(row.answer, row.superseded_at is None) for row in rows] == [("comes", False), ("absent", True)]
    assert "Trùng lịch tiếp xúc cử tri" in stranger.get(f"/i/{code}").get_data(as_text=True)


def test_substitute_waits_for_the_office(stranger: Person, lan: Person, code: str) -> None:
    kept = stranger.post(f"/i/{code}/reply", expect=422, answer="substitute", substitute_form="bà", substitute_name="Y Mẫu")
    assert 'value="Y Mẫu"' in kept.get_data(as_text=True)
    stranger.post(
        f"/i/{code}/reply", expect=302, answer="substitute", substitute_form="bà", substitute_name="Y Mẫu", substitute_post="Phó Trưởng ban"
    )
    assert "Chờ Văn phòng đồng ý" in stranger.get(f"/i/{code}").get_data(as_text=True)
    reply = db.session.scalars(sa.select(Reply)).one()
    lan.get(LETTERS)
    lan.post(f"{LETTERS}/substitutes/{reply.id}", expect=302, accept="1")
    assert "Văn phòng đã đồng ý" in stranger.get(f"/i/{code}").get_data(as_text=True)


def test_answer_that_is_none_of_the_three_is_refused(stranger: Person, code: str) -> None:
    stranger.post(f"/i/{code}/reply", expect=422, answer="maybe")
    assert db.session.scalar(sa.select(sa.func.count(Reply.id))) == 0


def test_own_letter_and_calendar(stranger: Person, code: str) -> None:
    letter = stranger.get(f"/i/{code}/invitation.pdf").data
    assert "Trần Thị Mẫu" in " ".join(pypdf.PdfReader(io.BytesIO(letter)).pages[0].extract_text().split())
    event = icalendar.Calendar.from_ical(stranger.get(f"/i/{code}/event.ics").data).walk("VEVENT")[0]
    assert event["dtstart"].dt.isoformat() == "2015-12-29T07:30:00+07:00"
    assert stranger.get(f"/i/{code}/qr.svg").mimetype == "image/svg+xml"


def test_opening_is_noted_once_and_only_by_the_page_itself(stranger: Person, code: str) -> None:
    stranger.get(f"/i/{code}")
    opened = sa.select(Invitation.opened_at).join(Pass, Pass.invitation_id == Invitation.id).where(Pass.digest == passes.digest(code))
    assert db.session.scalar(opened) is None
    stranger.post(f"/i/{code}/opened", expect=204)
    first = db.session.scalar(opened)
    stranger.post(f"/i/{code}/opened", expect=204)
    assert first is not None and db.session.scalar(opened) == first


def test_revoked_letter_says_so_and_answers_nothing(stranger: Person, lan: Person, code: str) -> None:
    letter = db.session.scalars(sa.select(Pass).where(Pass.digest == passes.digest(code))).one().invitation_id
    lan.post(f"{LETTERS}/{letter}/revocation", expect=302, reason="Sai chức vụ")
    assert "Giấy mời này đã được thu hồi" in stranger.get(f"/i/{code}").get_data(as_text=True)
    stranger.post(f"/i/{code}/reply", expect=409, answer="comes")
    stranger.get(f"/i/{code}/invitation.pdf", expect=404)


def test_hostile_name_is_shown_as_text(stranger: Person, code: str) -> None:
    with transaction():
        held = db.session.scalars(sa.select(Pass).where(Pass.digest == passes.digest(code))).one()
        db.session.get_one(Delegate, held.delegate_id).full_name = "<script>alert(1)</script>{{7*7}}"
    page = stranger.get(f"/i/{code}").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


def test_database_alone_brings_no_code_back(code: str) -> None:
    held = db.session.scalars(sa.select(Pass).where(Pass.digest == passes.digest(code))).one()
    with_other_secret = passes.derive_code(b"another secret", bytes.fromhex(held.seed))
    assert with_other_secret != code
    assert code not in f"{held.seed}{held.digest}".upper()
