"""The scanner's page in a real Chromium with a fake camera: what is seen, heard of and pressed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from eventmgr.models.checkin import Admission, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import checkin
from tests import door
from tests.browser.canvas_camera import CAMERA, hold, show
from tests.browser.door_page import PHONE, OpenScanner, link, scan_by_hand, scanner, scans, sent, type_code, word
from tests.browser.fake_camera import frame, held_badly
from tests.browser.live_copy import LiveCopy
from tests.browser.test_every_page import problems_of
from tests.people import SLUG

__all__ = ["scanner"]
pytestmark = pytest.mark.browser


def test_the_camera_admits_once_and_the_next_pass_replaces_green(conference: Conference, scanner: OpenScanner):
    good = door.invited(conference.id, "Lê Thị Ví Dụ", seat="A-11", alert="Báo lễ tân: đưa đồng chí đến hàng A.")
    revoked = door.invited(conference.id, "Cao Thị Minh Họa")
    door.revoke(revoked)
    page = scanner(script=CAMERA)
    hold(page, frame(link(good)))
    word(page, "Mời vào")
    expect(page.locator("main")).to_have_attribute("data-tone", "go")
    expect(page.locator("[data-say]")).to_have_text("Báo lễ tân: đưa đồng chí đến hàng A.")
    expect(page.locator("[data-facts] dd").first).to_have_text("A-11")
    page.evaluate("wall()")
    hold(page, frame(link(revoked)))
    word(page, "Giấy đã thu hồi")
    sent(page)
    assert scans() == [("admitted", "camera"), ("revoked", "camera")]
    page.get_by_role("button", name="Quét tiếp").click()
    expect(page.locator("[data-last]")).to_contain_text("Cao Thị Minh Họa")


def test_an_amber_screen_waits_for_a_person_and_the_answer_admits(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Đinh Văn Nháp")
    door.reply(code, "substitute", substitute_name="Y Ví Dụ", approved_at=door.LONG_AGO)
    other = door.invited(conference.id)
    page = scanner(script=CAMERA)
    hold(page, frame(link(code)))
    word(page, "Người dự thay")
    show(page, frame(link(other)))
    page.wait_for_timeout(1500)
    word(page, "Người dự thay")
    page.get_by_role("button", name="Đúng, mời vào").click()
    word(page, "Mời vào")
    expect(page.locator("[data-name]")).to_have_text("Y Ví Dụ")
    sent(page)
    assert scans() == [("substitute_expected", "camera"), ("admitted", "camera")]


def test_a_hand_scanner_works_anywhere_and_leaves_the_field_as_it_was(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner()
    page.get_by_role("button", name="Tìm tên").click()
    field = page.get_by_label("Tên, chức vụ hoặc đơn vị")
    field.press_sequentially("tran van", delay=160)
    scan_by_hand(page, link(code))
    word(page, "Mời vào")
    assert page.locator("#door-search").input_value() == "tran van"
    scan_by_hand(page, link(code))
    word(page, "Đã vào rồi")
    sent(page)
    assert scans() == [("admitted", "hand_scanner"), ("already_in", "hand_scanner")]


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
    sent(page)
    db.session.remove()
    reasons = db.session.scalars(sa.select(Admission.undone_reason).order_by(Admission.id)).all()
    assert reasons == ["Khách quay ra ngay, chưa vào", None]


CAMERAS = [
    ("fail('NotAllowedError')", "Camera đang bị chặn.", "cho phép dùng camera", True),
    ("fail('NotFoundError')", "Máy này không có camera.", "Cắm camera", True),
    ("fail('NotReadableError')", "Camera đang được ứng dụng khác dùng.", "Đóng ứng dụng đó", True),
    ("Object.defineProperty(window, 'isSecureContext', { value: false })", "Địa chỉ này không có HTTPS", "https://", False),
    ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "Trình duyệt này không dùng được camera.", "Chrome hoặc Safari", False),
]
FAIL = "const fail = (name) => { if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); }; };"


def test_every_camera_failure_says_what_it_is_and_the_code_can_be_typed(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id)
    first = scanner()
    for script, what, step, may_retry in CAMERAS:
        page = first.context.new_page()
        page.add_init_script(f"{FAIL} {script}")
        page.goto("/door/")
        expect(page.locator("[data-trouble-what]")).to_contain_text(what)
        expect(page.locator("[data-trouble-step]")).to_contain_text(step)
        expect(page.get_by_role("button", name="Thử lại")).to_be_visible(visible=may_retry)
        page.close()
    type_code(first, code)
    word(first, "Mời vào")


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
    assert [height >= 56 for height in heights] == [True, True, True]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")


def test_passes_held_badly_are_read_like_good_ones(conference: Conference, scanner: OpenScanner):
    codes = {kind: door.invited(conference.id, kind) for kind in held_badly("")}
    page = scanner(script=CAMERA)
    expect(page.locator("[data-hint]")).to_have_text("Đưa mã vào khung")
    for kind, code in codes.items():
        hold(page, held_badly(link(code))[kind])
        expect(page.locator("[data-name]")).to_have_text(kind)
        page.evaluate("wall()")
        page.get_by_role("button", name="Quét tiếp").click()
    sent(page)
    assert scans() == [("admitted", "camera")] * len(codes)


def test_five_hundred_foreign_codes_do_not_tire_the_phone_and_the_next_pass_is_read(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner()
    page.evaluate("""async () => {
      const type = (key) => dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      for (let number = 0; number < 500; number++) {
        for (const key of [...`https://foreign.example/ticket/${number}`, "Enter"]) type(key);
        await new Promise((done) => setTimeout(done, 2));
      }
    }""")
    scan_by_hand(page, link(code))
    word(page, "Mời vào")
    expect(page.locator("[data-chip]")).to_have_text("Đã gửi hết", timeout=30_000)
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 501


def test_a_photo_of_the_letter_is_read_on_the_phone(conference: Conference, scanner: OpenScanner, tmp_path: Path):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    frame(link(code)).resize((1600, 1200)).save(tmp_path / "photo.jpg")
    frame(None).save(tmp_path / "wall.jpg")
    page = scanner(script=f"{FAIL} fail('NotFoundError')")
    field = page.locator("[data-trouble] [data-photo]")
    field.set_input_files(tmp_path / "wall.jpg")
    expect(page.locator("[data-notice-word]")).to_contain_text("Không thấy mã QR trong ảnh.")
    field.set_input_files(tmp_path / "photo.jpg")
    word(page, "Mời vào")
    sent(page)
    assert scans() == [("admitted", "photo")]


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


def test_a_mistyped_code_is_mended_where_it_was_typed(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    page = scanner()
    type_code(page, wrong)
    expect(page.locator("main")).to_have_attribute("data-tone", "no")  # the server's word, which came after the phone's
    word(page, "Không có trong danh sách")
    expect(page.locator("[data-say]")).to_have_text("So lại mã vừa gõ với mã in trên giấy. Nếu đúng, mời sang bàn đón tiếp.")
    page.get_by_role("button", name="Sửa mã").click()
    expect(page.get_by_label("Mã 16 ký tự")).to_have_value(wrong)
    page.get_by_label("Mã 16 ký tự").fill(code)
    page.get_by_role("button", name="Kiểm tra").click()
    word(page, "Mời vào")


def test_a_long_name_is_whole_and_every_button_in_reach_on_any_screen(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, LONG_NAME, posts=LONG_POSTS, seat="C-05")
    page = scanner()
    for said in ("Mời vào", "Đã vào rồi"):
        type_code(page, code)
        word(page, said)
        for height in (640, 740):
            page.set_viewport_size({"width": 360, "height": height})
            hidden = page.locator(".verdict__who").evaluate("""who => {
              const [box, name] = [who.getBoundingClientRect(), who.querySelector("b").getBoundingClientRect()];
              return [name.top < box.top, name.bottom > box.bottom];
            }""")
            assert (said, height, hidden) == (said, height, [False, False])
        for width, height in ((740, 360), (180, 370)):  # a lying phone; zoom of 200 %
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("scrollTo(0, 0)")
            boxes = page.locator("[data-buttons] button").evaluate_all(
                "all => all.map(one => one.getBoundingClientRect()).map(box => box.bottom <= innerHeight && box.right <= innerWidth)"
            )
            assert (said, width, all(boxes)) == (said, width, True)
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            name, bar = page.locator("[data-name]").bounding_box(), page.locator("[data-buttons]").bounding_box()
            assert name["y"] + name["height"] <= bar["y"] or name["x"] + name["width"] <= bar["x"]
        page.set_viewport_size(PHONE)
        page.get_by_role("button", name="Quét tiếp").click()
    page.locator("[data-phone-name]").evaluate("one => { one.textContent = 'Điện thoại mượn của Nguyễn Thị Thu Hằng'; }")
    assert page.locator("[data-chip]").bounding_box()["height"] < 32


def test_no_view_of_the_scanner_shuts_anybody_out(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, LONG_NAME, posts=LONG_POSTS, seat="C-05")
    posts = {width: door.invited(conference.id, None, posts=LONG_POSTS, seat="C-06") for width in (1280, 360)}
    page = scanner()
    wrong: list[str] = []
    ways = ["type", "scan", "search", "guest", "device", "scan"]
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"{width} start: {problem}" for problem in problems_of(page)]
        for way in ways:
            page.locator(f"[data-act={way}]:visible").first.click()
            wrong += [f"{width} {way}: {problem}" for problem in problems_of(page)]
        type_code(page, code)
        wrong += [f"{width} verdict: {problem}" for problem in problems_of(page)]
        page.get_by_role("button", name="Việc khác").click()
        wrong += [f"{width} more: {problem}" for problem in problems_of(page)]
        page.get_by_role("button", name="Quay lại").click()
        page.get_by_role("button", name="Quét tiếp").click()
        type_code(page, posts[width])
        page.get_by_role("button", name="Ghi họ tên người đến").click()
        wrong += [f"{width} name: {problem}" for problem in problems_of(page)]
        page.get_by_label("Họ tên người đến").fill(LONG_NAME)
        page.get_by_role("button", name="Ghi họ tên", exact=True).click()
        word(page, "Đã ghi họ tên")
        wrong += [f"{width} named: {problem}" for problem in problems_of(page)]
        page.get_by_role("button", name="Quét tiếp").click()
    assert wrong == []
