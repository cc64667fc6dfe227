"""MC, chair, hall and audience at once: a delegate asks to speak from the own phone, a message reaches the lectern."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from eventmgr.models.conferences import Conference
from eventmgr.services import stage
from tests import door
from tests.people import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONSOLE, CHAIR, LIVE, SCREEN = f"/stage/{SLUG}/", f"/stage/{SLUG}/chair", f"/e/{SLUG}/live", f"/e/{SLUG}/screen"
PHONE, WALL, TABLET = ({"width": w, "height": h} for w, h in ((360, 740), (1920, 1080), (1366, 1024)))
LATE = "Đồng chí Bí thư đến trễ 10 phút"


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    return page


def test_a_delegate_asks_the_chair_calls_and_hall_and_audience_see_it(page_for, conference: Conference):
    code = door.add_pass(conference.id, door.add_delegate(conference.id, "Ngô Thị Thử", posts=["Giám đốc Sở Y tế"]))
    stage.press(conference.id, "start", "key-of-the-start", 0)
    chair = opened(page_for("tuan", viewport=TABLET), CHAIR)
    mc = opened(page_for("ha", viewport=TABLET), CONSOLE)
    wall = opened(page_for(None, viewport=WALL), SCREEN)
    audience = opened(page_for(None, viewport=PHONE), LIVE)
    delegate = page_for(None, viewport=PHONE)
    chair.get_by_role("button", name="Mở đăng ký phát biểu").click()
    expect(chair.get_by_text("Đang nhận đăng ký")).to_be_visible()
    expect(audience.get_by_text("Xin phát biểu: mở trang riêng")).to_be_visible()
    delegate.goto(f"/i/{code}")
    delegate.get_by_label("Nội dung muốn phát biểu").fill("Về kinh phí")
    delegate.get_by_role("button", name="Xin phát biểu").click()
    expect(delegate.get_by_text("là người tiếp theo, xin chuẩn bị")).to_be_visible()
    chair.get_by_role("button", name="Mời phát biểu: Đồng chí Ngô Thị Thử").click()
    expect(wall.locator(".wall__title")).to_have_text("Đồng chí Ngô Thị Thử")
    expect(audience.get_by_text("Đồng chí Ngô Thị Thử")).to_be_visible()
    expect(delegate.get_by_text("Đang được mời phát biểu")).to_be_visible(timeout=60_000)  # it asks every few seconds
    expect(mc.locator("#stage-presence").get_by_text("Đồng chí Ngô Thị Thử")).to_be_visible()
    assert "Về kinh phí" not in wall.content() + audience.content()
    chair.get_by_role("button", name="Phát biểu xong").click()
    expect(wall.locator(".wall__title")).not_to_have_text("Đồng chí Ngô Thị Thử")


def test_a_message_reaches_the_lectern_and_the_chair_sees_that_it_did(page_for, conference: Conference):
    chair = opened(page_for("tuan", viewport=TABLET), CHAIR)
    mc = opened(page_for("ha", viewport=PHONE), CONSOLE)
    chair.get_by_label("Nhắn người dẫn chương trình").fill(LATE)
    chair.get_by_role("button", name="Gửi").click()
    expect(mc.locator("#stage-messages").get_by_text(LATE)).to_be_visible()
    expect(chair.locator("#stage-sent").get_by_text("Đã hiện")).to_be_visible()
    expect(chair.get_by_label("Nhắn người dẫn chương trình")).to_have_value("")
    box, above = mc.locator("#stage-messages").bounding_box(), mc.locator(".clockbar").bounding_box()
    if box is not None and above is not None:  # it pushes the console down and covers nothing
        assert box["y"] + box["height"] <= above["y"] + 1
    mc.get_by_role("button", name=f"Đã rõ: {LATE}").click()
    expect(mc.locator("#stage-messages").get_by_text(LATE)).to_have_count(0)
    expect(chair.locator("#stage-sent").get_by_text("Đã rõ")).to_be_visible()
