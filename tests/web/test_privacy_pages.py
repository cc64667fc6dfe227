"""The notice that everybody can read, the times that the administrator sets, and what one person may ask for."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from tests import door
from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def someone(app: Flask) -> int:
    own = db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one()
    return door.add_delegate(own, "Y Kỳ Lạ Hiếm", phone="0905111222")


def test_the_notice_says_times_and_its_version(stranger: Person, quantri: Person) -> None:
    page = stranger.get("/privacy").get_data(as_text=True)
    assert "Bản mẫu của hệ thống" in page and "90 ngày sau ngày họp, rồi xóa." in page
    rules = {"links": "30", "contacts": "45", "sessions": "90", "arrivals": "365", "journal": "730", "requests": "1095", "breaches": "1095"}
    quantri.post("/office/privacy/rules", expect=302, **rules)
    quantri.post("/office/privacy/notice", expect=302, controller="Văn phòng UBND tỉnh Kon Tum", contact="0260 3862 123")
    page = stranger.get("/privacy").get_data(as_text=True)
    assert "Văn phòng UBND tỉnh Kon Tum" in page and "Bản 1, ngày" in page and "45 ngày sau ngày họp, rồi xóa." in page


def test_what_was_typed_wrong_stays(quantri: Person) -> None:
    rules = {"links": "30", "contacts": "ba mươi", "sessions": "90", "arrivals": "365", "journal": "730", "requests": "1095", "breaches": "1095"}
    page = quantri.post("/office/privacy/rules", expect=422, **rules).get_data(as_text=True)
    assert 'value="ba mươi"' in page and "nhập số ngày từ 1 đến 36500" in page
    page = quantri.post("/office/privacy/notice", expect=422, controller="", contact="x").get_data(as_text=True)
    assert "Cần điền mục này." in page


def test_every_public_page_leads_to_the_notice(stranger: Person) -> None:
    for address in ("/sign-in", f"/e/{SLUG}/", "/i/0000000000000000"):
        answer = stranger._call(stranger.client.get, address)
        assert 'href="/privacy"' in answer.get_data(as_text=True), address


def test_one_persons_data_is_read_taken_out_and_erased(lan: Person, someone: int) -> None:
    home = f"/office/{SLUG}/delegates/{someone}"
    assert f"{home}/data" in lan.get(home).get_data(as_text=True)
    page = lan.get(f"{home}/data").get_data(as_text=True)
    assert "Dữ liệu của Y Kỳ Lạ Hiếm" in page and "0905111222" in page
    assert json.loads(lan.post(f"{home}/data", expect=200).data)["tables"]["delegates"][0]["full_name"] == "Y Kỳ Lạ Hiếm"
    assert "Cần điền mục này." in lan.post(f"{home}/erasure", expect=422, reason="").get_data(as_text=True)
    lan.post(f"{home}/erasure", expect=302, reason="Theo đơn ngày 05/01/2016")
    row = db.session.get(Delegate, someone)
    assert row is not None and (row.full_name, row.phone) == ("(đã xóa)", None)
    assert "Dữ liệu của (đã xóa)" in lan.get(f"{home}/data").get_data(as_text=True)


def test_a_run_says_what_it_did(quantri: Person) -> None:
    quantri.post("/office/privacy/run", expect=302)
    assert "Không có gì hết hạn giữ." in quantri.get("/office/privacy").get_data(as_text=True)


def test_the_list_of_holidays_moves_the_last_day_and_a_wrong_line_stays(quantri: Person, lan: Person) -> None:
    request = {"received_on": "04/02/2016", "asked_by": "Y Kỳ", "contact": "", "ask": "view", "words": "Xin xem"}
    page = quantri.post("/office/privacy/requests", expect=302, **request).location
    assert "Đã quá hạn xác nhận ngày 08/02/2016." in quantri.get(page).get_data(as_text=True)
    quantri.post("/office/privacy/holidays", expect=302, holidays="08/02/2016 - 12/02/2016 <b>Tết</b>")
    assert "Đã quá hạn xác nhận ngày 15/02/2016." in quantri.get(page).get_data(as_text=True)
    page = quantri.get("/office/privacy").get_data(as_text=True)
    assert "08/02/2016 &lt;b&gt;Tết&lt;/b&gt;\n09/02/2016" in page
    page = quantri.post("/office/privacy/holidays", expect=422, holidays="31/02/2026 Tết").get_data(as_text=True)
    assert "Dòng 1: không có ngày 31/02/2026." in page and ">31/02/2026 Tết</textarea>" in page
    lan.post("/office/privacy/holidays", expect=403, holidays="")
