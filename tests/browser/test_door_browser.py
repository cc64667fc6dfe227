"""The scanner in a real Chromium with a fake camera, before the real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from eventmgr.domain import passes
from eventmgr.models.checkin import Admission, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import checkin, phones
from tests import door
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.fake_camera import arguments, film
from tests.browser.live_copy import LiveCopy
from tests.people import SLUG

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
WALL = (None, 120.0)
OpenScanner = Callable[..., Page]


@pytest.fixture
def scanner(
    app: Flask, conference: Conference, live: LiveCopy, browser: Browser, tmp_path: Path
) -> Iterator[OpenScanner]:
    """Pair a new phone over its own pages and open the scanner: scanner([(code, seconds), …], script=…)."""
    problems: list[str] = []
    with ExitStack() as stack:

        def open_scanner(scenes: list[tuple[str | None, float]] | None = None, script: str = "") -> Page:
            video = film(tmp_path / "camera.mjpeg", [*(scenes or []), WALL])
            launched = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *arguments(video)])
            stack.callback(launched.close)
            context = launched.new_context(base_url=live.url, locale="vi-VN", viewport=PHONE)
            context.set_default_timeout(10_000)
            context.on("weberror", lambda error: problems.append(str(error.error)))
            context.on("console", lambda said: problems.extend(_policy(said.text)))
            if script:
                context.add_init_script(script)
            _, code = phones.make_pairing_code(conference.id, door.pair_phone(conference.id)[1].gate_id, by=1)
            db.session.remove()
            page = context.new_page()
            page.goto(f"/door/pair/{code}")
            page.get_by_label("Tên của máy này").fill("Máy của Thu")
            page.get_by_role("button", name="Ghép máy này").click()
            page.wait_for_selector("html[data-ready]")
            return page

        yield open_scanner
    assert problems == []


def _policy(text: str) -> list[str]:
    return [text] if "Content Security Policy" in text or text.startswith("data-module=") else []


def link(code: str) -> str:
    return passes.link("https://hoinghi.kontum.gov.vn", code)


def scans() -> list[tuple[str, str]]:
    db.session.remove()
    return [tuple(row) for row in db.session.execute(sa.select(Scan.outcome, Scan.way).order_by(Scan.id))]


def word(page: Page, text: str) -> None:
    expect(page.locator("[data-word]")).to_have_text(text)


def type_code(page: Page, code: str) -> None:
    page.get_by_role("button", name="Gõ mã").click()
    page.get_by_label("Mã 16 ký tự").fill(code)
    page.get_by_role("button", name="Kiểm tra").click()


def test_the_camera_admits_once_and_the_next_pass_replaces_green(conference: Conference, scanner: OpenScanner):
    good = door.invited(conference.id, "Lê Thị Ví Dụ", seat="A-11", alert="Báo lễ tân: đưa đồng chí đến hàng A.")
    revoked = door.invited(conference.id, "Cao Thị Minh Họa")
    door.revoke(revoked)
    page = scanner([(link(good), 5), (None, 2), (link(revoked), 4)])
    word(page, "Mời vào")
    expect(page.locator("main")).to_have_attribute("data-tone", "go")
    expect(page.locator("[data-say]")).to_have_text("Báo lễ tân: đưa đồng chí đến hàng A.")
    expect(page.locator("[data-facts] dd").first).to_have_text("A-11")
    word(page, "Giấy đã thu hồi")
    assert scans() == [("admitted", "camera"), ("revoked", "camera")]
    page.get_by_role("button", name="Quét tiếp").click()
    expect(page.locator("[data-last]")).to_contain_text("Cao Thị Minh Họa")


def test_an_amber_screen_waits_for_a_person_and_the_answer_admits(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Đinh Văn Nháp")
    door.reply(code, "substitute", substitute_name="Y Ví Dụ", approved_at=door.LONG_AGO)
    other = door.invited(conference.id)
    page = scanner([(link(code), 2), (link(other), 3)])
    word(page, "Người dự thay")
    page.wait_for_timeout(4000)
    word(page, "Người dự thay")
    page.get_by_role("button", name="Đúng, mời vào").click()
    word(page, "Mời vào")
    expect(page.locator("[data-name]")).to_have_text("Y Ví Dụ")
    assert scans() == [("substitute_expected", "camera"), ("admitted", "camera")]


def test_a_hand_scanner_works_anywhere_and_leaves_the_field_as_it_was(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner()
    page.get_by_role("button", name="Tìm tên").click()
    field = page.get_by_label("Tên, chức vụ hoặc đơn vị")
    field.press_sequentially("tran van", delay=160)
    page.keyboard.type(link(code))
    page.keyboard.press("Enter")
    word(page, "Mời vào")
    assert page.locator("#door-search").input_value() == "tran van"
    page.keyboard.type(link(code))
    page.keyboard.press("Enter")
    word(page, "Đã vào rồi")
    assert scans() == [("admitted", "hand_scanner"), ("already_in", "hand_scanner")]


def test_a_delegate_is_found_by_name_without_diacritics_and_admitted(conference: Conference, scanner: OpenScanner):
    door.invited(conference.id, "Hoàng Giả Định <b>x</b>", seat="C-05", body="Sở Kiểm lâm")
    page = scanner()
    page.get_by_role("button", name="Tìm tên").click()
    page.get_by_label("Tên, chức vụ hoặc đơn vị").fill("gia dinh kiem lam")
    row = page.locator(".hits li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Hoàng Giả Định <b>x</b>")
    row.get_by_role("button").click()
    word(page, "Mời vào")
    assert scans() == [("admitted", "search")]


def test_without_network_nothing_turns_green_and_the_scan_is_sent_once_later(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner()
    expect(page.locator("[data-inside]")).to_contain_text("người đã vào")
    page.context.set_offline(True)
    type_code(page, code)
    word(page, "Mất mạng")
    expect(page.locator("main")).to_have_attribute("data-tone", "ask")
    expect(page.locator("[data-chip]")).to_have_text("Mất mạng – lượt quét chưa gửi: 1")
    page.get_by_role("button", name="Quét tiếp").click()
    page.wait_for_timeout(1500)
    assert scans() == []
    page.context.set_offline(False)
    expect(page.locator("[data-chip]")).to_have_text("Đã gửi hết")
    expect(page.locator("[data-last]")).to_contain_text("Lê Thị Ví Dụ · gửi muộn, mời vào lúc")
    assert scans() == [("admitted", "typed")]


def test_a_slow_server_is_waited_for_in_amber_and_an_answer_lost_on_the_way_admits_once(
    conference: Conference, scanner: OpenScanner
):
    code = door.invited(conference.id)
    page = scanner()
    held: list[Any] = []

    def hold_the_first_answer(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)
            route.fetch()  # the server has stored the scan; its answer does not come through

    page.route("**/api/door/scans", hold_the_first_answer)
    type_code(page, code)
    word(page, "Chờ máy chủ")
    held[0].abort()
    word(page, "Mời vào")
    assert scans() == [("admitted", "typed")]


def test_undo_asks_for_a_reason_and_the_pass_admits_again(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner()
    type_code(page, code)
    page.get_by_role("button", name="Hoàn tác").click()
    page.get_by_role("button", name="Khách quay ra ngay").click()
    word(page, "Đã hoàn tác")
    page.get_by_role("button", name="Quét tiếp").click()
    type_code(page, code)
    word(page, "Mời vào")
    db.session.remove()
    reasons = db.session.scalars(sa.select(Admission.undone_reason).order_by(Admission.id)).all()
    assert reasons == ["Khách quay ra ngay, chưa vào", None]


def test_a_phone_that_is_cut_off_says_so_at_its_next_scan(conference: Conference, scanner: OpenScanner):
    page = scanner()
    page.wait_for_timeout(1500)  # until the page has measured the server's clock
    phones.cut_off(conference.id, int(page.locator("main").get_attribute("data-phone") or 0), by=1)
    type_code(page, "0123 4567 89AB CDEF")
    expect(page.locator("[data-stopped]")).to_have_text("Máy này đã bị ngắt khỏi cửa. Gặp trưởng cửa để ghép lại.")
    assert scans() == []


@pytest.mark.parametrize(
    ("script", "what", "step", "may_retry"),
    [
        ("fail('NotAllowedError')", "Camera đang bị chặn.", "cho phép dùng camera", True),
        ("fail('NotFoundError')", "Máy này không có camera.", "Cắm camera", True),
        ("fail('NotReadableError')", "Camera đang được ứng dụng khác dùng.", "Đóng ứng dụng đó", True),
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "Địa chỉ này không có HTTPS", "https://", False),
        ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "Trình duyệt này không dùng được camera.", "Chrome hoặc Safari", False),
    ],
)
def test_every_camera_failure_says_what_it_is_and_the_code_can_be_typed(
    conference: Conference, scanner: OpenScanner, script: str, what: str, step: str, may_retry: bool
):
    fail = "const fail = (name) => { if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); }; };"
    page = scanner(script=f"{fail} {script}")
    expect(page.locator("[data-trouble-what]")).to_contain_text(what)
    expect(page.locator("[data-trouble-step]")).to_contain_text(step)
    expect(page.get_by_role("button", name="Thử lại")).to_be_visible(visible=may_retry)
    type_code(page, door.invited(conference.id))
    word(page, "Mời vào")


def test_nothing_is_fetched_from_another_host_and_buttons_suit_a_thumb(
    conference: Conference, scanner: OpenScanner, live: LiveCopy
):
    page = scanner()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.locator("[data-hint]")).to_have_text("Đưa mã vào khung")
    assert [url for url in asked if not url.startswith((live.url, "data:", "blob:"))] == []
    assert any(url.startswith(f"{live.url}/static/vendor/zxing/zxing_reader.wasm?v=") for url in asked)
    type_code(page, door.invited(conference.id, "Lê Thị Ví Dụ", posts=["Ủy viên Ban Thường vụ Tỉnh ủy, Chủ tịch Ủy ban"] * 2))
    word(page, "Mời vào")
    heights = page.locator("[data-buttons] button").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert [height >= 56 for height in heights] == [True, True]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")


def test_the_office_sees_an_arrival_without_reloading(conference: Conference, live: LiveCopy, page_for: Callable[..., Page]):
    _, phone = door.pair_phone(conference.id)
    page = page_for("minh")
    page.goto(f"/office/{SLUG}/gates")
    expect(page.locator("section[aria-labelledby=latest-now]")).to_contain_text("Chưa có ai vào")
    checkin.record_scans(phone, [door.scan(door.invited(conference.id, "Lê Thị Ví Dụ"))])
    db.session.remove()
    expect(page.locator("section[aria-labelledby=latest-now]")).to_contain_text("Lê Thị Ví Dụ", timeout=12_000)


LONG_NAME = "Nguyễn Phước Quý Công Tằng Tôn Nữ Hoàng Thị Minh Nguyệt Ví Dụ"
LONG_POSTS = [
    "Ủy viên Ban Thường vụ Tỉnh ủy, Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
    "Trưởng đoàn đại biểu Quốc hội tỉnh chuyên trách, Phó Trưởng Ban Chỉ đạo thực hiện Chiến lược quốc gia về bình đẳng giới",
]


@pytest.mark.parametrize("height", [640, 740])
def test_a_long_name_with_long_posts_is_whole_on_every_verdict(conference: Conference, scanner: OpenScanner, height: int):
    code = door.invited(conference.id, LONG_NAME, posts=LONG_POSTS, seat="C-05")
    page = scanner()
    page.set_viewport_size({"width": 360, "height": height})
    for said in ("Mời vào", "Đã vào rồi"):
        type_code(page, code)
        word(page, said)
        hidden = page.locator(".verdict__who").evaluate("""who => {
          const [box, name] = [who.getBoundingClientRect(), who.querySelector("b").getBoundingClientRect()];
          return [name.top < box.top, name.bottom > box.bottom];
        }""")
        assert (said, hidden) == (said, [False, False])
        page.get_by_role("button", name="Quét tiếp").click()


def test_a_long_name_of_the_phone_leaves_the_chip_its_line(conference: Conference, scanner: OpenScanner):
    page = scanner()
    page.locator(".phone__top small").evaluate("small => small.prepend('Điện thoại mượn của Nguyễn Thị Thu Hằng, ')")
    assert page.locator("[data-chip]").bounding_box()["height"] < 32


def test_a_mistyped_code_is_mended_where_it_was_typed(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    page = scanner()
    type_code(page, wrong)
    word(page, "Không có trong danh sách")
    expect(page.locator("[data-say]")).to_have_text("So lại mã vừa gõ với mã in trên giấy. Nếu đúng, mời sang bàn đón tiếp.")
    page.get_by_role("button", name="Sửa mã").click()
    expect(page.get_by_label("Mã 16 ký tự")).to_have_value(wrong)
    page.get_by_label("Mã 16 ký tự").fill(code)
    page.get_by_role("button", name="Kiểm tra").click()
    word(page, "Mời vào")


def test_the_number_of_those_inside_follows_an_admission_at_once(conference: Conference, scanner: OpenScanner):
    page = scanner()
    expect(page.locator("[data-inside]")).to_have_text(" · 0 người đã vào")
    page.wait_for_timeout(1500)  # until the page has asked for the last time by itself
    type_code(page, door.invited(conference.id))
    word(page, "Mời vào")
    expect(page.locator("[data-inside]")).to_have_text(" · 1 người đã vào", timeout=3000)


def test_the_chip_tells_of_a_dead_network_and_of_its_return_before_anything_is_scanned(
    conference: Conference, scanner: OpenScanner, live: LiveCopy
):
    page = scanner()
    expect(page.locator("[data-inside]")).to_contain_text("người đã vào")
    page.wait_for_timeout(1500)
    page.context.set_offline(True)
    expect(page.locator("[data-chip]")).to_have_text("Mất mạng", timeout=2000)
    page.context.set_offline(False)
    expect(page.locator("[data-chip]")).to_have_text("Đã gửi hết", timeout=2000)


def test_a_reload_keeps_what_was_not_sent_and_sends_it_once(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner()
    page.on("dialog", lambda dialog: dialog.accept())
    cut = "**/api/door/**"
    page.route(cut, lambda route: route.abort())
    type_code(page, code)
    word(page, "Mất mạng")
    page.reload()
    expect(page.locator("[data-chip]")).to_have_text("Mất mạng – lượt quét chưa gửi: 1")
    page.unroute(cut)
    expect(page.locator("[data-chip]")).to_have_text("Đã gửi hết")
    expect(page.locator("[data-last]")).to_contain_text("Lê Thị Ví Dụ · gửi muộn, mời vào lúc")
    page.reload()
    expect(page.locator("[data-inside]")).to_have_text(" · 1 người đã vào")
    assert scans() == [("admitted", "typed")]


@pytest.mark.parametrize(("width", "height"), [(740, 360), (180, 370)], ids=["lying phone", "zoom of 200 %"])
def test_every_button_stays_in_reach_on_a_low_screen(conference: Conference, scanner: OpenScanner, width: int, height: int):
    code = door.invited(conference.id, LONG_NAME, posts=LONG_POSTS, seat="C-05")
    page = scanner()
    for said in ("Mời vào", "Đã vào rồi"):
        type_code(page, code)
        word(page, said)
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        boxes = page.locator("[data-buttons] button").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(box => box.bottom <= innerHeight && box.right <= innerWidth)"
        )
        assert (said, all(boxes)) == (said, True)
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        name, bar = page.locator("[data-name]").bounding_box(), page.locator("[data-buttons]").bounding_box()
        assert name["y"] + name["height"] <= bar["y"]
        page.set_viewport_size(PHONE)
        page.get_by_role("button", name="Quét tiếp").click()
