"""Hands on the console: two consoles, double taps, keys, a presenter's remote, seldom presses, themes."""

from __future__ import annotations

from datetime import time

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from eventmgr import clock
from eventmgr.domain.agenda import Details
from eventmgr.domain.dates import to_local
from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import stage
from tests.browser.stage_pages import (
    CONSOLE,
    FEEL,
    FIRST,
    LATER,
    MC_NOW,
    SECOND,
    SOON,
    THIRD,
    begin_in_the_past,
    hold,
    open_page,
    presses,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def begun(app, conference: Conference) -> Conference:
    """Ten minutes for each step, the first of them on."""
    with transaction():
        db.session.execute(sa.update(Item).where(Item.conference_id == conference.id).values(minutes=10))
    stage.press(conference.id, "start", "key-00001", 0)
    return conference


def test_control_is_handed_over_in_the_sight_of_both(page_for, begun):
    tablet = open_page(page_for("ha", viewport={"width": 1366, "height": 1024}), CONSOLE)
    phone = open_page(page_for("lan", viewport={"width": 360, "height": 740}), CONSOLE)
    hold(tablet)
    expect(tablet.locator(MC_NOW)).to_have_text(SECOND, timeout=LATER)
    expect(phone.locator("#advance")).to_be_hidden(timeout=SOON)
    expect(phone.locator("#stage-foot")).to_contain_text("Hà, máy tính đang điều khiển từ", use_inner_text=True)
    phone.get_by_role("button", name="Nhận điều khiển").click()
    expect(phone.get_by_role("heading", name="Nhận điều khiển chương trình trên máy này?")).to_be_visible()
    phone.get_by_role("button", name="Nhận điều khiển").click()
    expect(tablet.get_by_role("alert")).to_contain_text("Lan, máy tính vừa nhận điều khiển. Máy này chỉ xem.", timeout=SOON)
    expect(tablet.locator("#advance")).to_be_hidden()
    phone.wait_for_selector("html[data-ready]")
    hold(phone)
    expect(tablet.locator(MC_NOW)).to_have_text(THIRD, timeout=LATER)
    assert presses(begun) == ["start", "next", "take", "next"]


def test_a_console_that_has_not_heard_of_it_is_refused(page_for, begun):
    one = open_page(page_for("ha"), CONSOLE)
    two = page_for("lan")
    two.route("**/stream?*", lambda route: route.abort())  # what happens meanwhile does not reach this screen
    two.goto(CONSOLE)
    two.wait_for_selector("html[data-ready]")
    hold(one)
    expect(one.locator(MC_NOW)).to_have_text(SECOND, timeout=LATER)
    hold(two)
    expect(two.get_by_role("alert")).to_contain_text("Chương trình đã chuyển trước khi bấm", timeout=LATER)
    expect(two.get_by_role("alert")).to_contain_text("Hà, máy tính vừa nhận điều khiển. Máy này chỉ xem.", timeout=LATER)
    expect(two.get_by_role("alert")).to_contain_text("Chương trình đã chuyển trước khi bấm")
    assert presses(begun) == ["start", "next"]


@pytest.mark.parametrize("gap", [0, 60, 150, 300, 600])
def test_two_taps_never_advance_two(page_for, begun, gap):
    mc = open_page(page_for("ha"), CONSOLE)
    mc.evaluate(
        """async (gap) => {
          const box = document.querySelector("#advance").getBoundingClientRect();
          const at = { bubbles: true, button: 0, clientX: box.x + 5, clientY: box.y + 5 };
          for (const tap of [1, 2]) {
            document.querySelector("#advance").dispatchEvent(new PointerEvent("pointerdown", at));
            window.dispatchEvent(new PointerEvent("pointerup", at));
            await new Promise((next) => setTimeout(next, gap));
          }
        }""",
        gap,
    )
    assert presses(begun) == ["start"]
    hold(mc)
    expect(mc.locator(MC_NOW)).to_have_text(SECOND, timeout=LATER)
    assert presses(begun) == ["start", "next"]


def test_a_presenters_remote_asks_once_and_goes_on_at_the_second_key(page_for, begun):
    mc = open_page(page_for("ha"), CONSOLE)
    mc.keyboard.press("PageDown")
    expect(mc.locator("#advance small")).to_have_text("bấm lần nữa để chuyển")
    mc.keyboard.press("PageDown")  # a key that bounces is no second press
    assert presses(begun) == ["start"]
    mc.wait_for_timeout(350)
    mc.keyboard.press("PageDown")
    expect(mc.locator(MC_NOW)).to_have_text(SECOND, timeout=LATER)
    mc.keyboard.press("ArrowRight")
    expect(mc.locator("#advance small")).to_have_text("bấm lần nữa để chuyển")
    expect(mc.locator("#advance small")).to_have_text("giữ gần một giây", timeout=4000)
    assert presses(begun) == ["start", "next"]


def press_key(page: Page, button: str) -> None:
    page.locator(button).focus()
    page.keyboard.press("Enter")


def test_the_keyboard_alone_does_everything(page_for, begun):
    mc = open_page(page_for("ha"), CONSOLE)
    press_key(mc, "#pause")
    expect(mc.locator("#pause")).to_have_text("Tiếp tục", timeout=LATER)
    expect(mc.locator("[data-word]").first).to_have_text("Tạm dừng")
    press_key(mc, "#pause")
    expect(mc.locator("#pause")).to_have_text("Tạm dừng", timeout=LATER)
    press_key(mc, "#adjust-3")
    expect(mc.locator("[data-detail]")).to_contain_text("trong 15:00", timeout=LATER)
    press_key(mc, "#swap")
    expect(mc.locator("#stage-next-label")).to_contain_text("Tiếp theo · 2", timeout=LATER)
    press_key(mc, "#more-insert summary")
    mc.get_by_label("Nội dung").fill("Văn nghệ chào mừng")
    mc.get_by_label("Số phút").fill("5")
    press_key(mc, "#insert button")
    expect(mc.locator("#stage-next")).to_contain_text("Văn nghệ chào mừng", timeout=LATER)
    press_key(mc, "#more-order summary")
    mc.locator("#order-step").select_option(label="1b Thông qua Chương trình Hội nghị")
    press_key(mc, "#jump")
    expect(mc.locator(MC_NOW)).to_have_text(SECOND, timeout=LATER)
    for _ in range(6):
        before = mc.locator("#undo").inner_text()
        press_key(mc, "#undo")
        expect(mc.locator("#undo")).not_to_have_text(before, timeout=LATER)
    expect(mc.locator(MC_NOW)).to_have_text(FIRST)
    assert presses(begun) == ["start", "pause", "resume", "adjust", "swap", "insert", "next", *["undo"] * 6]


def test_a_proposal_is_applied_by_one_press_and_taken_back(page_for, begun):
    with transaction():
        today = to_local(clock.now())
        db.session.get(Conference, begun.id).held_on = today.date()
        db.session.get(Conference, begun.id).starts_at = time(today.hour, today.minute)
    stage.press(begun.id, "adjust", "key-00002", 1, more=stage.Press(Details(minutes=4)))
    mc = open_page(page_for("ha"), CONSOLE)
    late = mc.locator("#stage-catch-up")
    expect(late).to_contain_text("là đúng giờ")
    mc.get_by_role("button", name="Áp dụng").first.click()
    expect(late).to_be_hidden(timeout=LATER)
    mc.get_by_role("button", name="Hoàn tác “rút ngắn chương trình”").click()
    expect(late).to_be_visible(timeout=LATER)


def test_the_console_keeps_its_screen_on_and_trembles_at_warning_times(page_for, conference: Conference, monkeypatch):
    with transaction():
        db.session.execute(sa.update(Item).where(Item.conference_id == conference.id).values(minutes=10))
    begin_in_the_past(monkeypatch, conference, 65)
    tablet = page_for("ha", viewport={"width": 1024, "height": 768})
    tablet.add_init_script(FEEL)
    open_page(tablet, CONSOLE)
    timer = tablet.locator('#stage-now [data-timer="step"]')
    expect(timer.locator("[data-detail]")).to_contain_text("đã nói 1:")
    assert tablet.evaluate("[felt, locks]") == [[], ["screen"]]
    tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert tablet.evaluate("locks") == ["screen", "screen"]
    stage.press(conference.id, "adjust", "key-to-two-minutes", 1, more=stage.Press(Details(minutes=-8)))
    expect(timer).to_have_class("timer timer--end", timeout=LATER * 5)
    stage.press(conference.id, "adjust", "key-to-one-minute", 2, more=stage.Press(Details(minutes=-1)))
    expect(timer).to_have_class("timer timer--over", timeout=LATER * 5)
    assert tablet.evaluate("felt") == [[150], [300, 150, 300]]


def test_the_bright_theme_is_remembered(page_for, begun):
    mc = open_page(page_for("ha"), CONSOLE)
    assert mc.locator("html").get_attribute("data-theme") == "dark"
    mc.get_by_role("button", name="Nền sáng").click()
    mc.reload()
    assert mc.locator("html").get_attribute("data-theme") == "light"
    assert mc.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(244, 244, 239)"
