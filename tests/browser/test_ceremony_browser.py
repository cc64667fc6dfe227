"""The ceremony rehearsed: usher's phone, MC and wall in three browsers, one order on all of them at every step."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventmgr.domain.ceremony import State
from eventmgr.models.conferences import Conference
from eventmgr.services import award_waves, awards
from tests.awards import account_id
from tests.browser.conftest import PageFor
from tests.browser.live_copy import LiveCopy
from tests.browser.stage_pages import SCREEN, open_page
from tests.ceremony import COLLECTIVES, PERSONS, go_to_awards, make_list
from tests.people import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]
TRAY, STAGE = f"/office/{SLUG}/awards/ceremony/tray", f"/stage/{SLUG}/waves"
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


class Rehearsal:
    """Three browsers, and what they must show."""

    def __init__(self, usher: Page, mc: Page, wall: Page, ids: dict[str, int]) -> None:
        self.usher, self.mc, self.wall, self.ids = usher, mc, wall, ids
        for page in (usher, mc, wall):
            page.set_default_timeout(PATIENCE)
        self.version = 0

    def press(self, page: Page, act: str) -> None:
        """Press a button and wait until both pages stand at the next version."""
        page.locator(f"#act-{act}").first.click()
        self.come_to(self.version + 1)

    def come_to(self, version: int) -> None:
        self.version = version
        for page, region in ((self.usher, "#tray"), (self.mc, "#waves")):
            expect(page.locator(region)).to_have_attribute("data-version", str(version), timeout=PATIENCE)

    def same(self, names: list[str], *, on_wall: bool = False) -> None:
        """Tray, row and reader show these names in this order, numbered from 1; so does the wall once they are called."""
        numbers = [str(number) for number in range(1, len(names) + 1)]
        tray = self.usher.locator("[data-tray] > li:not([data-out])")
        expect(tray.locator("b")).to_have_text(names, timeout=PATIENCE)
        expect(tray.locator(".n")).to_have_text(numbers)
        expect(self.mc.locator("[data-calling] b")).to_have_text(names, timeout=PATIENCE)
        expect(self.mc.locator("[data-calling] .n")).to_have_text(numbers)
        if on_wall:
            expect(self.wall.locator(".wave li > span:nth-child(2)")).to_have_text([re.compile(f"^{re.escape(name)}") for name in names], timeout=PATIENCE)
            expect(self.wall.locator(".wave li > .num")).to_have_text(numbers)
            self.fits()

    def fits(self) -> None:
        """Nothing of the wall is cut off, on a wide screen and on an old one."""
        for width, height in ((1024, 768), (1280, 720)):
            self.wall.set_viewport_size({"width": width, "height": height})
            over = self.wall.evaluate("() => { const wall = document.querySelector('.wall'); return wall.scrollHeight - wall.clientHeight }")
            assert over <= 0, f"{over} px are cut off at {width} x {height}"

    def wave(self, people: list[str], absent: set[str], number: int, *, gathered: bool = False) -> None:
        """One wave: the absent are taken out, everybody moves up, the tray is right, it starts, it ends."""
        called = [called_as(name) for name in people]
        self.same(called)
        for name in people:
            if name in absent:
                self.press(self.usher, f"absent-{self.ids[printed(name)]}")
                called.remove(called_as(name))
                self.same(called)
        if not gathered:
            self.press(self.usher, "all_wings")
        self.press(self.usher, "ready")
        self.same(called)
        expect(self.mc.locator("#waves")).to_contain_text("Khay đúng thứ tự")
        self.press(self.mc, "start")
        self.same(called, on_wall=True)
        expect(self.wall.locator(".wall__top")).to_contain_text(f"{number} trong")
        self.press(self.mc, "end")


def printed(name: str) -> str:
    return name if name in COLLECTIVES else f"Bà {name}"


def called_as(name: str) -> str:
    return printed(name)


def test_a_ceremony_is_rehearsed_with_absentees_a_stand_in_and_a_late_one(
    app: Flask, live: LiveCopy, page_for: PageFor, conference: Conference
) -> None:
    ids = make_list(conference)
    go_to_awards(conference)
    usher = open_page(page_for("khanh", viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True), TRAY)
    mc, wall = open_page(page_for("ha"), STAGE), open_page(page_for(None, viewport={"width": 1280, "height": 720}), SCREEN)
    expect(mc.locator("#waves")).to_contain_text("52 tập thể, cá nhân, 6 đợt")
    assert "Hội Liên hiệp" not in mc.content() and "Hội Liên hiệp" not in wall.content()
    awards.announce(conference.id, account_id())
    show = Rehearsal(usher, mc, wall, ids)
    late, stand_in_for = COLLECTIVES[2], COLLECTIVES[4]
    absent = {late, COLLECTIVES[11], PERSONS[4], PERSONS[19]}
    expect(mc.locator("[data-calling] b").first).to_have_text(COLLECTIVES[0], timeout=PATIENCE)

    usher.locator(f"#stand-in-{ids[stand_in_for]}").click()
    usher.get_by_label("Họ tên").fill("Y Thay Mặt")
    usher.get_by_role("button", name="Lưu người nhận thay").click()
    usher.wait_for_selector("html[data-ready]")
    show.come_to(1)
    expect(mc.locator("[data-calling] li").nth(4)).to_contain_text("nhận thay: Y Thay Mặt")

    waves = [COLLECTIVES[:10], COLLECTIVES[10:], PERSONS[:10], PERSONS[10:20], PERSONS[20:30], PERSONS[30:]]
    for number, people in enumerate(waves, 1):
        show.wave(people, absent, number)
    usher.locator("#tray-late summary").click()
    usher.locator(f"#late-act-wings-{ids[late]}").click()
    show.come_to(show.version + 1)
    show.wave([late], set(), 7, gathered=True)
    expect(mc.locator("#waves")).to_contain_text("Đã trao xong.")
    expect(wall.locator(".wave")).to_have_count(0)

    told = award_waves.ceremony(conference.id)
    assert {state: count for state, count in told.tally.items() if count} == {State.RECEIVED: 48, State.RECEIVED_BY: 1, State.ABSENT: 3}
    assert [len(wave.row) for wave in told.waves] == [9, 7, 9, 9, 10, 4, 1]
    assert told.waves[-1].wave.extra
