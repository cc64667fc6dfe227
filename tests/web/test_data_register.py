"""The two books on personal data: what people asked, with its days, and breaches, with their 72 hours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.data_requests import Ask, acknowledge_by, due_on
from eventmgr.domain.dates import to_local
from eventmgr.domain.working_days import WorkingDays
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import Entry
from eventmgr.models.privacy import DataBreach, DataRequest
from tests.people import Person

REQUESTS, BREACHES = "/office/privacy/requests", "/office/privacy/breaches"
ASKED = {"received_on": "04/01/2016", "asked_by": "Y Kỳ Lạ", "contact": "", "ask": "delete", "words": "Xóa số điện thoại của tôi"}


def text(person: Person, url: str) -> str:
    return " ".join(person.get(url).get_data(as_text=True).split())


@pytest.mark.parametrize(
    ("received", "wanted"),
    [(date(2026, 1, 5), date(2026, 1, 7)), (date(2026, 1, 8), date(2026, 1, 12)), (date(2026, 1, 10), date(2026, 1, 13))],
    ids=["Monday", "Thursday", "Saturday"],
)
def test_two_working_days(received: date, wanted: date) -> None:
    assert acknowledge_by(received, WorkingDays()) == wanted


def test_days_of_each_kind_and_twice_as_many_when_extended() -> None:
    day = date(2026, 1, 1)
    assert {ask.value: ((due_on(day, ask) - day).days, (due_on(day, ask, extended=True) - day).days) for ask in Ask} == {
        "view": (10, 20), "correct": (10, 20), "restrict": (15, 30), "delete": (20, 40),
    }  # fmt: skip


def test_a_request_is_entered_confirmed_extended_once_and_answered(quantri: Person) -> None:
    page = quantri.post(REQUESTS, expect=302, **ASKED).location
    assert "Quá hạn" in text(quantri, REQUESTS) and "hạn 06/01/2016" in text(quantri, page)
    quantri.post(page, expect=302, do="acknowledge")
    quantri.post(page, expect=409, do="acknowledge")
    quantri.post(page, expect=422, do="extend", why="")
    quantri.post(page, expect=302, do="extend", why="Phải hỏi lưu trữ")
    quantri.post(page, expect=409, do="extend", why="Lần nữa")
    assert "13/02/2016" in text(quantri, page)
    refused = quantri.post(page, expect=422, do="answer", outcome="lạ", answer="Đã xóa").get_data(as_text=True)
    assert "Chọn kết quả." in refused and "Đã xóa" in refused
    quantri.post(page, expect=302, do="answer", outcome="partly", answer="Đã xóa số điện thoại; giấy mời phải lưu.")
    quantri.post(page, expect=409, do="answer", outcome="done", answer="Lần nữa")
    assert "giấy mời phải lưu" in text(quantri, page) and "Quá hạn" not in text(quantri, REQUESTS)
    told = list(db.session.scalars(sa.select(Entry.sentence).where(Entry.verb == "privacy.request").order_by(Entry.id)))
    assert told == [
        "Ghi yêu cầu về dữ liệu cá nhân số 1: Xóa dữ liệu.", "Xác nhận đã nhận yêu cầu số 1.", "Gia hạn yêu cầu số 1.",
        "Trả lời yêu cầu số 1: Đã làm một phần, phần còn lại phải lưu trữ theo luật.",
    ]  # fmt: skip


@pytest.mark.database("sqlite")
def test_what_cannot_be_entered_stays_in_the_form(quantri: Person, lan: Person) -> None:
    tomorrow = (to_local(clock.now()) + timedelta(days=1)).strftime("%d/%m/%Y")
    for wrong, said in (({"received_on": tomorrow}, "không thể ở sau hôm nay"), ({"asked_by": ""}, "Cần điền"), ({"ask": "x"}, "Chọn điều"),
                        ({"received_on": "31/02/2016"}, "chỉ có 29 ngày"), ({"words": "x" * 2001}, "Dài nhất 2000")):  # fmt: skip
        page = quantri.post(REQUESTS, expect=422, **(ASKED | wrong)).get_data(as_text=True)
        assert said in page and ("Y Kỳ Lạ" in page or "asked_by" in wrong), wrong
    assert db.session.scalar(sa.select(sa.func.count(DataRequest.id))) == 0
    for url in (f"{REQUESTS}/1", f"{BREACHES}/1"):
        quantri.get(url, expect=404)
        lan.get(url, expect=403)


def test_a_breach_has_72_hours(quantri: Person) -> None:
    found = to_local(clock.now()) - timedelta(hours=10)
    moment = found.strftime("%H:%M %d/%m/%Y")
    page = quantri.post(BREACHES, expect=302, found_at=moment, what="Gửi nhầm danh sách", concerned="Điện thoại của 3 người").location
    assert "Còn 61 giờ để báo" in text(quantri, BREACHES) or "Còn 62 giờ để báo" in text(quantri, BREACHES)
    quantri.post(page, expect=409, do="close")
    quantri.post(page, expect=302, do="measures", measures="Đã gọi lại, xin xóa thư")
    before = (found - timedelta(hours=1)).strftime("%H:%M %d/%m/%Y")
    late = quantri.post(page, expect=422, do="report", reported_at=before, reported_to="A05").get_data(as_text=True)
    assert "không thể trước giờ phát hiện" in late
    quantri.post(page, expect=302, do="report", reported_at=moment, reported_to="A05, số 12/BC-VP")
    quantri.post(page, expect=409, do="report", reported_at=moment, reported_to="A05")
    quantri.post(page, expect=302, do="close")
    quantri.post(page, expect=409, do="measures", measures="x")
    assert "Đã báo trong 72 giờ" in text(quantri, page) and "số 12/BC-VP" in text(quantri, page)


def test_a_breach_that_nobody_reported_in_time_stands_out(quantri: Person) -> None:
    long_ago = clock.now() - timedelta(hours=80)
    with transaction():
        db.session.add(DataBreach(found_at=long_ago, what="Mất máy", concerned="48 người", noted_at=long_ago))
    assert "Quá 72 giờ, chưa báo" in text(quantri, BREACHES)
    moment = to_local(clock.now()).strftime("%H:%M %d/%m/%Y")
    quantri.post(f"{BREACHES}/1", expect=302, do="report", reported_at=moment, reported_to="A05")
    assert "Đã báo, quá 72 giờ" in text(quantri, BREACHES)


@pytest.mark.database("sqlite")
def test_an_unknown_button_is_no_page(quantri: Person) -> None:
    quantri.post(quantri.post(REQUESTS, expect=302, **ASKED).location, expect=404, do="x")
