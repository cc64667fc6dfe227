"""The stage before real browsers: the MC at a lectern, the audience with its phones, the wall, and a server that dies."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from eventmgr import clock
from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import stage
from tests.arrivals import arrive
from tests.browser.live_copy import LiveCopy
from tests.browser.stage_pages import (
    CONSOLE,
    FIRST,
    LATER,
    LIVE,
    NOW,
    SCREEN,
    SECOND,
    SOON,
    WALL_NOW,
    begin_in_the_past,
    hold,
    open_page,
    presses,
    seconds_of,
)  # fmt: skip
from tests.people import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEEN_LINES = """() => {
    const foot = document.querySelector(".stage__foot").getBoundingClientRect().top
    const range = document.createRange(), ends = new Set()
    for (const said of document.querySelectorAll("#stage-script p:not(.box__label)")) {
        range.selectNodeContents(said)
        for (const line of range.getClientRects()) if (line.bottom <= foot) ends.add(Math.round(line.bottom))
    }
    return ends.size
}"""
"""How many lines of the script stand whole above the buttons."""
PHONE, WALL, TABLET = ({"width": w, "height": h} for w, h in ((360, 740), (1920, 1080), (1366, 1024)))


@pytest.fixture
def planned(app, conference: Conference) -> Conference:
    """Ten minutes for each step."""
    with transaction():
        db.session.execute(sa.update(Item).where(Item.conference_id == conference.id).values(minutes=10))
    return conference


def test_hall_and_audience_follow_the_mc_within_a_second(page_for, planned):
    mc = open_page(page_for("ha", viewport=TABLET), CONSOLE)
    phone = open_page(page_for(None, viewport=PHONE), LIVE)
    wall = open_page(page_for(None, viewport=WALL), SCREEN)
    chair = open_page(page_for("tuan", viewport=TABLET), f"{CONSOLE}chair")
    expect(wall.locator(".wall--quiet")).to_be_visible()
    for title in (FIRST, SECOND):
        hold(mc)
        expect(phone.locator(NOW)).to_have_text(title, timeout=SOON)
        expect(wall.locator(WALL_NOW)).to_have_text(title, timeout=SOON)
        expect(chair.locator(".nowbox__what")).to_have_text(title, timeout=SOON)
        expect(mc.locator(".nowbox__what")).to_have_text(title, timeout=SOON)
    expect(phone.locator('[aria-current="step"] .prog__what')).to_have_text(SECOND)
    mc.get_by_role("button", name="Hoàn tác “sang 1b”").click()
    expect(phone.locator(NOW)).to_have_text(FIRST, timeout=SOON)
    expect(mc.get_by_role("button", name="Hoàn tác “bắt đầu 1a”")).to_be_visible(timeout=SOON)


@pytest.mark.parametrize("how", ["TERM", "INT", "KILL"])
def test_a_restart_in_the_middle_of_a_step_loses_nothing(live: LiveCopy, page_for, planned, monkeypatch, how):
    began = time.monotonic()
    begin_in_the_past(monkeypatch, planned, 300)
    mc, phone = open_page(page_for("ha"), CONSOLE), open_page(page_for(None), LIVE)
    before = seconds_of(mc)
    started = time.monotonic()
    gone = started - began
    live.restart(how)
    expect(mc.locator("[data-live-good]")).to_be_visible(timeout=8000)
    mc.wait_for_timeout(300)
    assert 300 <= before <= 301 + gone
    assert abs(seconds_of(mc) - (before + time.monotonic() - started)) <= 2
    stage.press(planned.id, "next", "key-after-restart", 1)
    expect(phone.locator(NOW)).to_have_text(SECOND, timeout=8000)
    expect(mc.locator(".nowbox__what")).to_have_text(SECOND, timeout=8000)


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_device_whose_clock_is_wrong_shows_the_right_times(page_for, planned, monkeypatch, hours):
    begin_in_the_past(monkeypatch, planned, 200)
    page = page_for("ha")
    page.add_init_script(
        f"""const Right = Date, off = {hours} * 3600000;
        window.Date = class extends Right {{
          constructor(...given) {{ given.length ? super(...given) : super(Right.now() + off); }}
          static now() {{ return Right.now() + off; }}
        }};"""
    )
    open_page(page, CONSOLE)
    page.wait_for_timeout(1200)
    shown = page.locator(".clockbar__time").inner_text()
    right = {f"{datetime.fromtimestamp(clock.now().timestamp() + 7 * 3600 + off, clock.now().tzinfo):%H:%M}" for off in (-1, 0)}
    assert (shown in right, 200 <= seconds_of(page) <= 206) == (True, True)
    assert page.evaluate("Math.round((Date.now() - performance.timeOrigin) / 3600000)") == hours


@pytest.mark.parametrize("gap", [0, 60, 150, 300, 600])
def test_two_presses_of_one_console_never_advance_two(page_for, planned, gap):
    stage.press(planned.id, "start", "key-00001", 0)
    mc = open_page(page_for("ha"), CONSOLE)
    page_script = """async (gap) => {
      const form = document.querySelector("#moves");
      const seen = form.elements.seen.value;
      const press = (key) => fetch(form.action, { method: "POST", headers: { Accept: "application/json" },
        body: new URLSearchParams([...new FormData(form), ["verb", "next"], ["seen", seen], ["press_key", key]]
          .filter(([name], place, all) => all.findLastIndex(([other]) => other === name) === place)) });
      const first = press("first-press");
      await new Promise((done) => setTimeout(done, gap));
      const answers = await Promise.all([first, press("second-press")]);
      return answers.map((answer) => answer.status).sort();
    }"""
    assert mc.evaluate(page_script, gap) == [200, 409]
    assert presses(planned) == ["start", "next"]


def test_a_tap_does_nothing_and_a_held_key_advances_once(page_for, planned):
    mc = open_page(page_for("ha"), CONSOLE)
    hold(mc, milliseconds=150)
    mc.wait_for_timeout(300)
    expect(mc.locator("#advance small")).to_have_text("giữ lâu hơn một chút")
    assert (presses(planned), mc.url.endswith(CONSOLE)) == ([], True)
    mc.locator("#advance").focus()
    mc.keyboard.down("Enter")
    expect(mc.locator(".nowbox__what")).to_have_text(FIRST, timeout=LATER)
    for _ in range(20):
        mc.keyboard.down("Enter")  # the key repeats as long as it is down
        mc.wait_for_timeout(60)
    mc.keyboard.up("Enter")
    assert presses(planned) == ["start"]
    expect(mc.locator("#advance")).to_be_focused()


def test_a_press_that_no_hand_held_is_asked_for(page_for, planned):
    mc = open_page(page_for("ha"), CONSOLE)
    mc.evaluate("document.querySelector('#advance').click()")
    expect(mc.get_by_role("heading", name="Bắt đầu chương trình?")).to_be_visible()
    assert presses(planned) == []
    mc.get_by_role("button", name="Bắt đầu").click()
    expect(mc.locator(".nowbox__what")).to_have_text(FIRST)


def test_without_javascript_the_whole_way_works(page_for, planned):
    mc = page_for("ha", java_script_enabled=False)
    mc.goto(CONSOLE)
    mc.locator("#advance").click()
    mc.get_by_role("button", name="Bắt đầu").click()
    assert mc.locator(".nowbox__what").inner_text() == FIRST
    mc.get_by_role("button", name="Hoàn tác “bắt đầu 1a”").click()
    assert mc.locator("#stage-now-label").inner_text() == "Chưa bắt đầu"
    phone = page_for(None, java_script_enabled=False)
    phone.goto(LIVE)
    assert phone.locator("#live-programme li").count() == 16


def test_who_comes_in_appears_before_the_mc_and_is_ticked_off(page_for, planned):
    stage.press(planned.id, "start", "key-00001", 0)
    mc = open_page(page_for("ha"), CONSOLE)
    phone = open_page(page_for(None), LIVE)
    arrive(planned.id, "Nguyễn Ẩn Danh", 20)
    expect(mc.get_by_text("Đồng chí Nguyễn Ẩn Danh")).to_be_visible(timeout=LATER)
    mc.get_by_role("button", name="Đánh dấu đã giới thiệu Đồng chí Nguyễn Ẩn Danh").click()
    expect(mc.locator("[data-read]")).to_contain_text("Nguyễn Ẩn Danh", timeout=LATER)
    stage.press(planned.id, "next", "key-00002", 1)
    expect(phone.locator(NOW)).to_have_text(SECOND, timeout=LATER)
    arrive(planned.id, "Trần Đến Sau", 30)
    expect(mc.locator("#stage-people")).to_contain_text("Trần Đến Sau", timeout=LATER)
    assert "Ẩn Danh" not in phone.content()


def test_the_desk_counts_who_is_in_the_hall(page_for, planned):
    desk = open_page(page_for("lan"), f"/office/{SLUG}/")
    arrive(planned.id, "Nguyễn Ẩn Danh", 20)
    expect(desk.locator("#desk-groups")).to_contain_text("Đã vào (không kể người đi cùng) 1", timeout=LATER, use_inner_text=True)


@pytest.mark.parametrize("size", [{"width": w, "height": h} for w, h in ((360, 740), (1024, 1366), (1280, 800))])
def test_nothing_is_wider_than_its_screen(page_for, planned, size):
    stage.press(planned.id, "start", "key-00001", 0)
    for seen in range(1, 6):
        stage.press(planned.id, "next", f"key-1000{seen}", seen)
    page = page_for("ha", viewport=size)
    for address in (CONSOLE, f"{CONSOLE}chair", f"{CONSOLE}introductions", LIVE, SCREEN):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_lying_tablet_shows_three_lines_of_script_below_a_title_of_five(page_for, planned):
    title = (
        "Báo cáo tổng kết các mô hình thuộc Dự án hỗ trợ thực hiện bình đẳng giới trong những lĩnh vực, ngành, vùng, địa phương có "
        "bất bình đẳng giới hoặc có nguy cơ cao bất bình đẳng giới và dự thảo Kế hoạch hành động giai đoạn 2016-2020 trên địa bàn tỉnh"
    )
    with transaction():
        db.session.execute(sa.update(Item).where(Item.conference_id == planned.id).values(title=title))
    stage.press(planned.id, "start", "key-of-start", 0)
    mc = open_page(page_for("ha", viewport={"width": 1024, "height": 768}), CONSOLE)
    assert mc.evaluate(SEEN_LINES) >= 3
    assert mc.evaluate("document.documentElement.scrollWidth") == 1024
    box = mc.locator("#advance").bounding_box()
    assert box is not None and box["y"] + box["height"] <= 768


def test_the_last_step_s_end_never_lies_where_the_next_step_was(page_for, planned):
    for place in range(13):
        stage.press(planned.id, "next" if place else "start", f"key-{place:05d}", place)
    mc = open_page(page_for("ha", viewport={"width": 768, "height": 1024}), CONSOLE)
    nothing, finish = (mc.locator(one).bounding_box() for one in ("#advance", "#finish"))
    assert (nothing["y"], nothing["x"] < finish["x"]) == (finish["y"], True)


def test_the_chair_s_list_takes_the_whole_width_of_an_upright_screen(page_for, planned):
    chair = open_page(page_for("tuan", viewport={"width": 1024, "height": 1366}), f"{CONSOLE}chair")
    widths = {round(chair.locator(one).bounding_box()["width"]) for one in (".nowbox", "#stage-to-come")}
    assert len(widths) == 1
