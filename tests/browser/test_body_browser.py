"""A body names its people on a telephone, without JavaScript and with it; the office accepts, the delegate stands."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from tests import nominating
from tests.browser.conftest import PageFor
from tests.browser.live_copy import LiveCopy
from tests.people import SLUG

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
NAME = "Nguyễn Thị Mẫu"


def name_on(page: Page, name: str) -> None:
    page.get_by_role("link", name="Ghi họ tên").first.click()
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_role("button", name="Gửi Văn phòng").click()


def test_a_name_goes_from_a_telephone_without_scripts_to_the_list(
    live: LiveCopy, conference: Conference, page_for: PageFor
) -> None:
    _, code = nominating.body(conference)
    page = page_for(None, viewport=PHONE, java_script_enabled=False)
    page.goto(f"/b/{code}")
    name_on(page, NAME)
    expect(page.get_by_text("Đã gửi Văn phòng.")).to_be_visible()
    expect(page.get_by_text("Chờ Văn phòng xem").first).to_be_visible()
    office = page_for("lan", viewport={"width": 1280, "height": 800})
    office.goto(f"/office/{SLUG}/")
    office.get_by_role("link", name="Đơn vị gửi đến").first.click()
    office.get_by_label("Lời cho đơn vị").fill("Đã nhận, cảm ơn.")
    office.get_by_role("button", name="Nhận", exact=True).click()
    expect(office.get_by_text(f"Đã nhận: {NAME}.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Văn phòng: Đã nhận, cảm ơn.")).to_be_visible()
    db.session.rollback()
    assert db.session.scalars(sa.select(Delegate.full_name).where(Delegate.full_name.is_not(None))).all() == [NAME]


def test_two_colleagues_at_once_the_slower_keeps_what_was_typed(
    live: LiveCopy, conference: Conference, page_for: PageFor
) -> None:
    _, code = nominating.body(conference)
    fast, slow = page_for(None, viewport=PHONE), page_for(None, viewport=PHONE)
    for page in (fast, slow):
        page.goto(f"/b/{code}")
        page.get_by_role("link", name="Ghi họ tên").first.click()
    fast.get_by_label("Họ và tên").fill("Lê Văn Nhanh")
    fast.get_by_role("button", name="Gửi Văn phòng").click()
    expect(fast.get_by_text("Đã gửi Văn phòng.")).to_be_visible()
    slow.get_by_label("Họ và tên").fill("Trần Văn Chậm")
    slow.get_by_role("button", name="Gửi Văn phòng").click()
    expect(slow.get_by_text("vừa đổi vị trí này")).to_be_visible()
    expect(slow.get_by_text("Lê Văn Nhanh")).to_be_visible()
    expect(slow.get_by_label("Họ và tên")).to_have_value("Trần Văn Chậm")
    assert slow.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
