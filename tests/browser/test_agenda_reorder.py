from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from eventmgr.models.agenda import Item
from eventmgr.models.database import db
from tests.browser.conftest import PageFor
from tests.people import SLUG

HERE = f"/office/{SLUG}/agenda"
TOP = "[data-order=''] > [data-item]"

pytestmark = pytest.mark.browser


def stored(parent: str | None = None) -> list[str]:
    db.session.remove()
    above = sa.select(Item.id).where(Item.key == parent).scalar_subquery() if parent else None
    wanted = sa.select(Item.key).where(Item.parent_id == above if parent else Item.parent_id.is_(None))
    return list(db.session.scalars(wanted.order_by(Item.position)))


def item(page: Page, key: str) -> str:
    return f"#item-{db.session.scalars(sa.select(Item.id).where(Item.key == key)).one()}"


def marks(page: Page) -> list[str]:
    return page.locator(f"{TOP} > [data-mark]").all_text_contents()


def opened(page: Page) -> Page:
    page.goto(HERE)
    page.wait_for_selector("html[data-ready]")
    return page


def test_keys_move_a_row_and_the_focus_stays_on_it(app: Flask, page_for: PageFor):
    page = opened(page_for("lan"))
    row = item(page, "A8")
    up = page.locator(f"{row} > [data-move] > [value=up]")
    up.focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(up).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("Đã chuyển “Kết luận Hội nghị” đến vị trí 5 trong 8.")
    expect(page.locator(f"{row} > [data-mark]")).to_have_text("5")
    handle = page.locator(f"{row} > [data-handle]")
    handle.focus()
    page.keyboard.press("ArrowDown")
    expect(handle).to_be_focused()
    expect(page.locator(f"{row} > [data-mark]")).to_have_text("6")
    assert marks(page) == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert stored() == ["A1", "A2", "A3", "A4", "A5", "A8", "A6", "A7"]
    assert page.url.endswith("/agenda")


def test_a_row_is_dragged_and_escape_puts_it_back(app: Flask, page_for: PageFor):
    page = opened(page_for("lan", viewport={"width": 1280, "height": 3200}))
    handle = page.locator(f"{item(page, 'A6')} > [data-handle]")
    target = page.locator(f"{item(page, 'A2')} > [data-mark]")

    def hold() -> None:
        start, end = handle.bounding_box(), target.bounding_box()
        assert start and end
        page.mouse.move(start["x"] + 8, start["y"] + 8)
        page.mouse.down()
        page.mouse.move(start["x"] + 8, end["y"] + 200, steps=4)
        page.mouse.move(start["x"] + 8, end["y"], steps=4)

    hold()
    page.keyboard.press("Escape")
    page.mouse.up()
    assert stored() == ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"]
    hold()
    with page.expect_response("**/agenda/order") as answered:
        page.mouse.up()
    assert answered.value.status == 200
    expect(handle).to_be_focused()
    expect(page.locator(f"{item(page, 'A6')} > [data-mark]")).to_have_text("2")
    assert stored() == ["A1", "A6", "A2", "A3", "A4", "A5", "A7", "A8"]


def test_sub_items_are_ordered_in_their_own_list(app: Flask, page_for: PageFor):
    page = opened(page_for("lan"))
    row = item(page, "A4.4")
    with page.expect_response("**/agenda/order"):
        page.locator(f"{row} > [data-move] > [value=up]").click()
    expect(page.locator(f"{row} > [data-mark]")).to_have_text("(3)")
    assert stored("A4") == ["A4.1", "A4.2", "A4.4", "A4.3"]


def test_an_order_that_somebody_else_changed_comes_back(app: Flask, page_for: PageFor):
    page, other = opened(page_for("lan")), opened(page_for("quantri"))
    with other.expect_response("**/agenda/order"):
        other.locator(f"{item(page, 'A1')} > [data-move] > [value=down]").click()
    before = page.locator(TOP).evaluate_all("rows => rows.map(row => row.id)")
    page.locator(f"{item(page, 'A8')} > [data-move] > [value=up]").click()
    expect(page.locator("[data-problem]")).to_contain_text("Thứ tự vừa được người khác thay đổi.")
    assert page.locator(TOP).evaluate_all("rows => rows.map(row => row.id)") == before
    assert stored() == ["A2", "A1", "A3", "A4", "A5", "A6", "A7", "A8"]


def test_without_javascript_the_arrows_are_forms(app: Flask, page_for: PageFor):
    page = page_for("lan", java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto(HERE)
    expect(page.locator("[data-handle]").first).to_be_hidden()
    page.locator(f"{item(page, 'A3')} > [data-move] > [value=up]").click()
    assert page.url.endswith(f"/agenda{item(page, 'A3')}")
    assert stored()[:3] == ["A1", "A3", "A2"]
