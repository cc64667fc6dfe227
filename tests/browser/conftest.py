"""Real browsers before a real server: `live` is the server, `page_for("lan")` a signed-in page of her own."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.live_copy import LiveCopy
from tests.people import PASSWORD

CHROMIUM = os.environ.get("EVENTMGR_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]
PageFor = Callable[..., Page]
reports = pytest.StashKey[dict[str, pytest.TestReport]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    item.stash.setdefault(reports, {})[report.when] = report
    return report


@pytest.fixture
def live(database_url: str, tmp_path: Path) -> Iterator[LiveCopy]:
    """The real server and its job process on a filled database; `app` in the same test sees the same database."""
    copy = LiveCopy(tmp_path / "live", database_url)
    copy.start()
    yield copy
    copy.stop(hard=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page_for(live: LiveCopy, browser: Browser, request: pytest.FixtureRequest) -> Iterator[PageFor]:
    """Open a page in a context of its own: page_for("ha"), page_for(None) for a stranger.

    Further names go to the context: viewport={"width": 360, "height": 740}, timezone_id=…, java_script_enabled=False.
    A script that throws or a broken content policy on any page fails the test.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(username: str | None = None, **options: Any) -> Page:
        context = browser.new_context(**{"base_url": live.url, "locale": "vi-VN"} | options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        context.on("console", lambda message: problems.extend(_broken_policy(message)))
        if username is not None:
            sign_in(context, username)
        return context.new_page()

    yield open_page
    failed = any(report.failed for report in request.node.stash.get(reports, {}).values())
    if failed:
        _keep_pictures(contexts, request.node.name)
    for context in contexts:
        context.close()
    if not failed:
        assert problems == []


def sign_in(context: BrowserContext, username: str) -> None:
    """Sign somebody of tests/people.py in, without the detour over the page."""
    form = context.request.get("/sign-in").text()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token, form
    data = {"csrf_token": token[1], "username": username, "password": PASSWORD}
    answer = context.request.post("/sign-in", form=data, max_redirects=0)
    assert answer.status == 302, answer.text()


def _broken_policy(message: ConsoleMessage) -> list[str]:
    text = message.text
    return [text] if "Content Security Policy" in text or text.startswith("data-module=") else []


def _keep_pictures(contexts: list[BrowserContext], name: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="eventmgr-browser-"))
    for number, page in enumerate((page for context in contexts for page in context.pages), start=1):
        file = folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', name)}-{number}.png"
        try:
            page.screenshot(path=file, full_page=True, timeout=5000)
            print(f"{page.url}: {file}")
        except Exception as problem:
            print(f"{page.url}: no picture ({problem})")
