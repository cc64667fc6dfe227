"""Lan's office in a browser: what is pressed twice happens once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Route

from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from tests.browser.conftest import PageFor
from tests.people import SLUG

pytestmark = pytest.mark.browser


def test_a_form_pressed_again_while_it_is_on_its_way_is_sent_once(app: Flask, page_for: PageFor) -> None:
    page = page_for("lan")
    page.goto(f"/office/{SLUG}/delegates/new")
    page.wait_for_selector("html[data-ready]")
    held: list[Route] = []
    page.route("**/delegates/new", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    page.fill("[name=full_name]", "Trần Hai Lần")
    page.select_option("[name=group_id]", index=1)
    button = page.get_by_role("button", name="Thêm", exact=True)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    for _ in range(2):
        page.mouse.click(box["x"] + 10, box["y"] + 10)
        page.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_selector("text=Đã thêm Trần Hai Lần.")
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Delegate.id)).where(Delegate.full_name == "Trần Hai Lần")) == 1
