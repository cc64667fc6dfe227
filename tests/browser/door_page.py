"""The scanner in a real Chromium with a fake camera, before the real server."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from eventmgr.domain import passes
from eventmgr.models.checkin import Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import phones
from tests import door
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.fake_camera import arguments, film
from tests.browser.live_copy import LiveCopy

PHONE = {"width": 360, "height": 740}
WALL = (None, 120.0)
OpenScanner = Callable[..., Page]
_films = itertools.count(1)


@dataclass
class Scanners:
    """Opens scanners, each a phone of its own: paired over its own pages, in a browser of its own."""

    live: LiveCopy
    browser: Browser
    conference_id: int
    folder: Path
    stack: ExitStack
    problems: list[str] = field(default_factory=list)

    def __call__(self, scenes: Any = None, script: str = "", gate_id: int | None = None, **more: Any) -> Page:
        """Open one: scanners([(text, seconds), …], script=…, gate_id=…); `args`, `profile` go to the browser."""
        video = film(self.folder / f"camera-{next(_films)}.mjpeg", [*(scenes or []), WALL])
        context = self.context([*ARGUMENTS, *arguments(video), *more.get("args", ())])
        if script:
            context.add_init_script(script)
        page = context.new_page()
        self.pair(page, gate_id)
        return page

    def context(self, args: list[str]) -> BrowserContext:
        """A browser of its own, which tells of scripts that throw."""
        launched = self.browser.browser_type.launch(executable_path=CHROMIUM, args=args)
        self.stack.callback(launched.close)
        context = launched.new_context(base_url=self.live.url, locale="vi-VN", viewport=PHONE)
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        context.on("console", lambda said: self.problems.extend(_policy(said.text)))
        return context

    def pair(self, page: Page, gate_id: int | None = None) -> None:
        """Pair the phone over its page and wait until it holds the list."""
        gate = gate_id or door.pair_phone(self.conference_id)[1].gate_id
        _, code = phones.make_pairing_code(self.conference_id, gate, by=1)
        db.session.remove()
        page.goto(f"/door/pair/{code}")
        page.get_by_label("Tên của máy này").fill("Máy của Thu")
        page.get_by_role("button", name="Ghép máy này").click()
        page.wait_for_selector("html[data-ready]")
        expect(page.locator("[data-inside]")).to_contain_text("người trong hội trường")


@pytest.fixture
def scanner(
    app: Flask, conference: Conference, live: LiveCopy, browser: Browser, tmp_path: Path
) -> Iterator[Scanners]:
    """Open a phone of its own: scanner([(text, seconds), …], script=…)."""
    with ExitStack() as stack:
        made = Scanners(live, browser, conference.id, tmp_path, stack)
        yield made
    if made.problems:
        pytest.fail("\n".join(made.problems))


def _policy(text: str) -> list[str]:
    return [text] if "Content Security Policy" in text or text.startswith("data-module=") else []


def link(code: str) -> str:
    """What the QR of a letter says."""
    return passes.link("https://hoinghi.kontum.gov.vn", code)


def scans() -> list[tuple[str, str]]:
    """The facts that the server holds: outcome and way, in their order."""
    db.session.remove()
    return [tuple(row) for row in db.session.execute(sa.select(Scan.outcome, Scan.way).order_by(Scan.id))]


def word(page: Page, text: str) -> None:
    expect(page.locator("[data-word]")).to_have_text(text)


def scan_by_hand(page: Page, text: str) -> None:
    """Type as a hand scanner does: 5 ms from key to key by the keys' own time, however busy the machine is, then Enter."""
    keyboard = page.context.new_cdp_session(page)
    at = time.time() + 0.2  # a person's last key lies further back than that
    for place, key in enumerate([*text, "Enter"]):
        said = {"key": key, "text": "\r" if key == "Enter" else key, "timestamp": at + place * 0.005}
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **said})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, "timestamp": said["timestamp"]})
    keyboard.detach()


def sent(page: Page) -> None:
    """Wait until the server has confirmed every scan."""
    expect(page.locator("[data-chip]")).to_have_text("Đã gửi hết")


def kept(page: Page) -> None:
    """Wait until the worker has everything that the page needs without network."""
    expect(page.locator("html")).to_have_attribute("data-kept", "")


def type_code(page: Page, code: str) -> None:
    page.wait_for_selector("html[data-ready]")  # a press before the modules listen would be lost
    page.get_by_role("button", name="Gõ mã").click()
    page.get_by_label("Mã 16 ký tự").fill(code)
    page.get_by_role("button", name="Kiểm tra").click()
