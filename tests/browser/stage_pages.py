"""What the browser tests of the stage share: opening a live page, holding a button, reading what stands there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from eventmgr import clock
from eventmgr.models.agenda import Move
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import stage
from tests.people import SLUG

CONSOLE, LIVE, SCREEN = f"/stage/{SLUG}/", f"/e/{SLUG}/live", f"/e/{SLUG}/screen"
NOW, WALL_NOW, MC_NOW = ".now__what", ".wall__title", ".nowbox__what"
FIRST, SECOND, THIRD = (
    "Ổn định tổ chức, giới thiệu đại biểu", "Thông qua Chương trình Hội nghị", "Khai mạc và chủ trì Hội nghị",
)  # fmt: skip
SOON, LATER = 1000, 3000
FEEL = """
  window.felt = []; window.locks = [];
  Object.defineProperty(Navigator.prototype, "vibrate", { value: (pattern) => felt.push(pattern) });
  Object.defineProperty(Navigator.prototype, "wakeLock", { value: { request: async (kind) => locks.push(kind) } });
"""
"""Notes what a device would feel, and that its screen was asked to stay on."""


def open_page(page: Page, address: str) -> Page:
    """Open a live page and wait until its stream speaks."""
    with page.expect_response(lambda response: "/stream" in response.url):
        page.goto(address)
    page.wait_for_selector("html[data-ready]")
    return page


def hold(page: Page, button: str = "#advance", milliseconds: int = 900) -> None:
    box = page.locator(button).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(milliseconds)
    page.mouse.up()


def seconds_of(page: Page) -> int:
    """How long the step has been spoken, as the page says."""
    found = re.search(r"đã nói (?:(\d+):)?(\d+):(\d+) trong", page.locator("[data-detail]").inner_text())
    assert found
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])


def presses(conference: Conference) -> list[str]:
    """The verbs that were stored, in their order."""
    db.session.rollback()
    asked = sa.select(Move.verb).where(Move.conference_id == conference.id).order_by(Move.seq)
    return list(db.session.scalars(asked))


def begin_in_the_past(monkeypatch: pytest.MonkeyPatch, conference: Conference, seconds: int) -> None:
    began = clock.now() - timedelta(seconds=seconds)
    with monkeypatch.context() as past:
        past.setattr(clock, "now", lambda: began)
        stage.press(conference.id, "start", "key-of-the-past", 0)
