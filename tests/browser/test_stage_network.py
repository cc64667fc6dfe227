"""The stage when the network goes: silent cuts, hard cuts, the press that waits, and the console that opens without it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import stage
from tests.browser.live_copy import LiveCopy
from tests.browser.proxy import Network
from tests.browser.stage_pages import (
    CONSOLE,
    FEEL,
    LATER,
    LIVE,
    MC_NOW,
    NOW,
    SCREEN,
    SECOND,
    WALL_NOW,
    begin_in_the_past,
    hold,
    open_page,
    presses,
    seconds_of,
)  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOST, WAITS = "[data-live-lost]", "[data-press-waiting]"
BACK = 3500
"""Milliseconds in which a page is back after the network is: three seconds, and something for a busy machine."""


@pytest.fixture
def planned(app, conference: Conference) -> Conference:
    """Ten minutes for each step."""
    with transaction():
        db.session.execute(sa.update(Item).where(Item.conference_id == conference.id).values(minutes=10))
    return conference


@pytest.fixture
def network(live: LiveCopy) -> Iterator[Network]:
    made = Network(live.port)
    yield made
    made.close()


def lost_words(page: Page) -> str:
    return page.locator(LOST).inner_text()


def test_a_silent_cut_is_noticed_within_25_seconds_and_mends_within_three(network, page_for, planned, monkeypatch):
    begin_in_the_past(monkeypatch, planned, 60)
    pages = {"mc": page_for("ha", base_url=network.url), "chair": page_for("tuan", base_url=network.url)}
    pages |= {name: page_for(None, base_url=network.url) for name in ("audience", "hall")}
    for name, address in (("mc", CONSOLE), ("chair", f"{CONSOLE}chair"), ("audience", LIVE), ("hall", SCREEN)):
        pages[name].clock.install()  # so that the watchdog's 25 seconds pass at once
        open_page(pages[name], address)
        expect(pages[name].locator("[data-live-state]")).not_to_have_attribute("hidden", "")
    network.silent_cut()
    for page in pages.values():
        page.clock.fast_forward(26_000)
        expect(page.locator(LOST)).to_be_visible(timeout=LATER)
        assert re.fullmatch(r"Mất kết nối 00:[2-5]\d, số liệu lúc \d\d:\d\d:\d\d", lost_words(page))
    before = seconds_of(pages["mc"])
    pages["mc"].clock.fast_forward(14_000)
    assert 14 <= seconds_of(pages["mc"]) - before <= 17
    stage.press(planned.id, "next", "key-meanwhile", 1)
    network.mend()
    for name, heading in (("mc", MC_NOW), ("chair", MC_NOW), ("audience", NOW), ("hall", WALL_NOW)):
        expect(pages[name].locator(heading)).to_have_text(SECOND, timeout=BACK)
        expect(pages[name].locator(LOST)).to_be_hidden()


def test_a_hard_cut_of_two_minutes(network, page_for, planned, monkeypatch):
    begin_in_the_past(monkeypatch, planned, 60)
    phone = page_for("ha", base_url=network.url, viewport={"width": 360, "height": 740})
    phone.add_init_script(FEEL)
    phone.clock.install()
    open_page(phone, CONSOLE)
    network.hard_cut()
    expect(phone.locator(LOST)).to_be_visible(timeout=4000)
    expect(phone.get_by_text("Mất mạng đã lâu.")).to_be_hidden()
    before = seconds_of(phone)
    phone.clock.run_for(120_000)
    assert re.fullmatch(r"Mất kết nối 02:0\d, số liệu lúc \d\d:\d\d:\d\d", lost_words(phone))
    assert 120 <= seconds_of(phone) - before <= 126
    expect(phone.get_by_text("Mất mạng đã lâu.")).to_be_visible()
    assert phone.evaluate("felt") == [[600, 200, 600]]
    assert phone.locator("#advance").is_enabled()
    network.mend()
    phone.clock.resume()
    expect(phone.locator(LOST)).to_be_hidden(timeout=BACK)
    expect(phone.get_by_text("Mất mạng đã lâu.")).to_be_hidden()


def test_one_press_waits_for_the_network_and_is_then_done_once(network, page_for, planned):
    stage.press(planned.id, "start", "key-00001", 0)
    mc = open_page(page_for("ha", base_url=network.url), CONSOLE)
    network.hard_cut()
    expect(mc.locator(LOST)).to_be_visible(timeout=4000)
    hold(mc)
    expect(mc.locator(WAITS)).to_contain_text("Chờ gửi: Mục tiếp theo: 1b còn", timeout=LATER, use_inner_text=True)
    hold(mc)
    expect(mc.get_by_role("alert")).to_contain_text("Còn một thao tác đang chờ gửi.")
    network.mend()
    expect(mc.locator(MC_NOW)).to_have_text(SECOND, timeout=BACK)
    expect(mc.locator(WAITS)).to_be_hidden()
    assert presses(planned) == ["start", "next"]


def test_a_press_that_waited_is_refused_when_the_programme_has_gone_on(network, page_for, planned):
    stage.press(planned.id, "start", "key-00001", 0)
    mc = open_page(page_for("ha", base_url=network.url), CONSOLE)
    network.hard_cut()
    expect(mc.locator(LOST)).to_be_visible(timeout=4000)
    hold(mc)
    expect(mc.locator(WAITS)).to_be_visible(timeout=LATER)
    stage.press(planned.id, "next", "key-meanwhile", 1)
    network.mend()
    expect(mc.get_by_role("alert")).to_contain_text("Chương trình đã chuyển trước khi bấm", timeout=BACK)
    expect(mc.locator(MC_NOW)).to_have_text(SECOND, timeout=LATER)
    assert presses(planned) == ["start", "next"]


def test_a_press_waits_for_a_minute_and_no_longer(network, page_for, planned):
    stage.press(planned.id, "start", "key-00001", 0)
    page = page_for("ha", base_url=network.url)
    page.clock.install()
    mc = open_page(page, CONSOLE)
    network.silent_cut()
    mc.evaluate("document.querySelector('#advance').dispatchEvent(new CustomEvent('hold:done', { bubbles: true }))")
    mc.clock.run_for(9_000)  # the press has given up by now and waits
    expect(mc.locator(WAITS)).to_be_visible(timeout=LATER)
    mc.clock.run_for(62_000)
    expect(mc.locator("[data-press-problem]")).to_contain_text("quá một phút nên bị bỏ", timeout=LATER)
    expect(mc.locator(WAITS)).to_be_hidden()
    network.mend()
    mc.clock.resume()
    expect(mc.locator(LOST)).to_be_hidden(timeout=BACK)
    assert presses(planned) == ["start"]


def test_the_console_opens_without_network_from_what_it_had(network, page_for, planned, monkeypatch):
    begin_in_the_past(monkeypatch, planned, 60)
    mc = open_page(page_for("ha", base_url=network.url), CONSOLE)
    wait_kept(mc, CONSOLE)
    stage.press(planned.id, "next", "key-00002", 1)
    expect(mc.locator(MC_NOW)).to_have_text(SECOND, timeout=LATER)
    wait_kept(mc, f"{CONSOLE}introductions")
    wait_kept(mc, f"{CONSOLE}?now", "Đang diễn ra · 1b")
    network.hard_cut()
    mc.reload()
    expect(mc.locator(MC_NOW)).to_have_text(SECOND, timeout=10_000)
    expect(mc.locator(".script")).to_contain_text("Chương trình Hội nghị gồm")
    expect(mc.locator(LOST)).to_be_visible(timeout=LATER)
    assert re.fullmatch(r"Mất kết nối 00:\d\d, số liệu lúc \d\d:\d\d:\d\d", lost_words(mc))
    assert 0 <= seconds_of(mc) <= 60
    mc.goto(f"{CONSOLE}introductions")
    expect(mc.get_by_role("heading", name="Danh sách giới thiệu")).to_be_visible()
    network.mend()
    mc.goto(CONSOLE)
    expect(mc.locator("[data-live-good]")).to_be_visible(timeout=BACK)
    sign_out(mc)
    wait_kept(mc, CONSOLE, want=False)


def test_who_is_no_longer_signed_in_finds_nothing_kept(network, page_for, planned):
    mc = open_page(page_for("ha", base_url=network.url), CONSOLE)
    wait_kept(mc, CONSOLE)
    mc.wait_for_function("navigator.serviceWorker.controller !== null")
    sign_out(mc)
    mc.goto(CONSOLE)
    expect(mc).to_have_url(re.compile("/sign-in"))
    wait_kept(mc, CONSOLE, want=False)


def sign_out(page: Page) -> None:
    token = page.locator('#moves [name="csrf_token"]').get_attribute("value") or ""
    assert page.context.request.post("/sign-out", form={"csrf_token": token}).ok
    expect(page).to_have_url(re.compile("/sign-in"), timeout=20_000)  # its stream has ended, so the page leaves by itself


def wait_kept(page: Page, address: str, text: str = "", want: bool = True) -> None:
    """Wait until the page has kept this address with this text in it (or, not wanted, until it has not)."""
    asked = """async ([address, text]) => {
      const found = await (await caches.open("eventmgr-stage")).match(address, { ignoreVary: true });
      return Boolean(found) && (await found.text()).includes(text);
    }"""
    deadline = time.monotonic() + 15
    while page.evaluate(asked, [address, text]) is not want:
        assert time.monotonic() < deadline, f"{address} is {'not ' if want else ''}kept"
        page.wait_for_timeout(100)
