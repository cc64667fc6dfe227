"""Lan sends letters: choose, see, try on herself, press twice; axe and 360 px on every page of the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.services import handovers
from tests.browser.conftest import PageFor
from tests.browser.live_copy import LiveCopy
from tests.browser.test_every_page import problems_of
from tests.letters import LAN, issue_some
from tests.people import SLUG
from tests.smtp import SENDER, Post, mail_server, until

pytestmark = pytest.mark.browser
HOME = f"/office/{SLUG}"
PAGES = [
    "/deliveries", "/deliveries/mail", "/deliveries/handovers", "/outbox", "/outbox/3", "/reminders", "/figures", "/invitations",
    "/invitations/1", "/",
]  # fmt: skip


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as running:
        yield running


@pytest.fixture
def live(database_url: str, tmp_path: Path, post: Post) -> Iterator[LiveCopy]:
    """The real server and its job process, which send through the test's mail server."""
    env = {"SMTP_URL": f"smtp://127.0.0.1:{post.port}", "EVENTMGR_MAIL_FROM": SENDER}
    copy = LiveCopy(tmp_path / "live", database_url, env=env)
    copy.start()
    yield copy
    copy.stop(hard=True)


def test_office_sends_letters_and_no_page_of_the_way_shuts_anybody_out(
    app: Flask, conference: Conference, live: LiveCopy, post: Post, page_for: PageFor
) -> None:
    issued = issue_some(conference, 8)
    with transaction():
        for number, one in enumerate(issued[:4]):
            db.session.get_one(Delegate, one.delegate_id).email = f"vanthu{number}@donvi.kontum.example.vn"
    handovers.mark(conference.id, [one.id for one in issued[4:6]], handovers.Mark("post", "Bưu điện tỉnh", None), LAN)
    post.at_rcpt["vanthu1@donvi.kontum.example.vn"] = ["550 5.1.1 Khong co hop thu nay"]
    page = page_for("lan", viewport={"width": 1280, "height": 800})
    page.goto(f"{HOME}/deliveries")
    page.get_by_role("button", name="Soạn thư điện tử").click()
    page.get_by_label("Lời nhắn thêm").fill("Mời đến trước 15 phút.")
    page.get_by_role("button", name="Xem lại").last.click()
    page.locator(".mail__body").get_by_text("Mời đến trước 15 phút.").wait_for()
    page.get_by_role("button", name="Thư sau").click()
    page.get_by_text("vanthu1@donvi.kontum.example.vn").first.wait_for()
    page.get_by_label("Địa chỉ nhận thư thử").fill("lan@kontum.example.vn")
    page.get_by_role("button", name="Gửi thử").click()
    page.get_by_text("Đã gửi thư thử tới lan@kontum.example.vn").wait_for()
    page.get_by_role("button", name="Gửi 4 thư").dblclick()
    page.wait_for_url("**/outbox?mailing=*")
    until(lambda: sum(post.arrivals.values()) == 4)
    assert post.arrivals == {"lan@kontum.example.vn": 1} | {f"vanthu{n}@donvi.kontum.example.vn": 1 for n in (0, 2, 3)}
    page.goto(f"{HOME}/outbox?state=wrong")
    page.get_by_text("550 5.1.1 Khong co hop thu nay").wait_for()
    wrong = []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for address in PAGES:
            page.goto(HOME + address)
            wrong += [f"{width} {address}: {problem}" for problem in problems_of(page)]
    assert wrong == []
