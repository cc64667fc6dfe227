"""One person goes the whole way: from the plan's conference to the hall, on real parts only."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM, PageFor
from tests.browser.fake_camera import arguments, film
from tests.browser.live_copy import LiveCopy
from tests.people import SLUG

pytestmark = pytest.mark.browser
HOME = f"/office/{SLUG}"
NAME = "Trần Thị Thí Dụ"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def phone_that_sees(browser: Browser, tmp_path: Path) -> Iterator[Callable[[str, str], Page]]:
    """Return a function that opens a phone's browser whose camera sees a QR."""
    opened: list[Browser] = []

    def open_phone(text: str, url: str) -> Page:
        video = film(tmp_path / "hall.mjpeg", [(None, 1.0), (text, 30.0)])
        phone = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *arguments(video)])
        opened.append(phone)
        return phone.new_context(base_url=url, locale="vi-VN", viewport=PHONE, permissions=["camera"]).new_page()

    yield open_phone
    for phone in opened:
        phone.close()


def test_from_the_plan_to_the_hall(
    live: LiveCopy, page_for: PageFor, phone_that_sees: Callable[[str, str], Page], tmp_path: Path
) -> None:
    lan, minh, ha, khanh, dung = (page_for(name) for name in ("lan", "minh", "ha", "khanh", None))
    set_date_and_signer(lan)
    name_a_delegate(lan)
    letter = issue(lan)
    link = read_qr(letter, tmp_path)
    assert re.fullmatch(rf"HTTP://127\.0\.0\.1:{live.port}/I/[0-9A-HJKMNP-TV-Z]{{16}}", link)
    delegate_answers(page_for(None, viewport=PHONE), link)

    pairing = pairing_link(minh)
    phone = phone_that_sees(link, live.url)
    admit(phone, pairing)

    lan.goto(f"{HOME}/")
    expect(lan.locator("#groups")).to_be_visible()
    expect(lan.locator("#desk-groups .answers li", has_text="Đã vào")).to_have_text(re.compile(r"Đã vào \(không kể người đi cùng\)\s*1"))
    expect(lan.get_by_text(NAME).first).to_be_visible()

    audience = page_for(None, viewport=PHONE)
    audience.goto(f"/e/{SLUG}/live")
    screen = page_for(None, viewport={"width": 1920, "height": 1080})
    screen.goto(f"/e/{SLUG}/screen")
    start_the_programme(ha)
    expect(audience.locator(".now__what")).to_have_text("Ổn định tổ chức, giới thiệu đại biểu", timeout=2000)
    expect(screen.locator("main")).to_contain_text("Ổn định tổ chức, giới thiệu đại biểu", timeout=2000)
    ha.goto(f"/stage/{SLUG}/introductions")
    expect(ha.locator(".intro").first).to_contain_text(f"đồng chí {NAME}", ignore_case=True)

    award_list(khanh)
    dung.goto(f"/e/{SLUG}/press")
    expect(dung.get_by_role("link", name="Chương trình Hội nghị")).to_be_visible()
    programme = dung.request.get(f"/e/{SLUG}/programme.pdf").body()
    assert "CHƯƠNG TRÌNH HỘI NGHỊ" in text_of(programme)


def set_date_and_signer(lan: Page) -> None:
    lan.goto(f"{HOME}/")
    lan.locator(".next-step").get_by_role("link").click()
    lan.get_by_label("Ngày họp").fill("29/12/2015")
    lan.get_by_label("Giờ bắt đầu").fill("7h30")
    lan.get_by_role("button", name="Lưu", exact=True).click()
    expect(lan.locator("main")).to_contain_text("Thứ Ba, ngày 29 tháng 12 năm 2015, 07 giờ 30")
    lan.goto(f"{HOME}/letterhead")
    lan.get_by_label("Họ tên người ký").fill("Lê Văn Mẫu")
    lan.get_by_role("button", name="Lưu mẫu").click()


def name_a_delegate(lan: Page) -> None:
    lan.goto(f"{HOME}/delegates?q=bi thu tinh uy")
    lan.locator("tr", has_text="Bí thư Tỉnh ủy").first.get_by_role("link").first.click()
    lan.get_by_label("Họ và tên").fill(NAME)
    lan.get_by_role("button", name="Lưu", exact=True).click()
    expect(lan.locator("main")).to_contain_text(NAME)


def issue(lan: Page) -> bytes:
    lan.goto(f"{HOME}/invitations")
    lan.get_by_role("button", name=re.compile("^Soạn 48 giấy")).click()
    lan.goto(f"{HOME}/invitations?q=thi du")
    lan.get_by_role("link", name=NAME).click()
    lan.get_by_role("button", name="Duyệt").click()
    lan.get_by_role("link", name="Phát hành").click()
    lan.get_by_label("Số đầu tiên").fill("512")
    lan.get_by_label("Ngày ban hành").fill("22/12/2015")
    lan.get_by_role("button", name="Phát hành 1 giấy").click()
    expect(lan.locator("h1")).to_have_text(f"Giấy mời số 512/GM-VP, {NAME}")
    address = lan.get_by_role("link", name="PDF").get_attribute("href")
    assert address
    pdf = lan.request.get(address).body()
    assert "512/GM-VP" in text_of(pdf) and NAME in text_of(pdf)
    return pdf


def read_qr(pdf: bytes, folder: Path) -> str:
    (folder / "letter.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-png", "-r", "150", "letter.pdf", "letter"], cwd=folder, check=True)
    found = zxingcpp.read_barcodes(Image.open(next(folder.glob("letter*.png"))))
    return found[0].text


def delegate_answers(page: Page, link: str) -> None:
    page.goto("/" + link.split("/", 3)[3])
    expect(page.locator("h1")).to_contain_text(NAME)
    page.get_by_role("button", name="Tôi sẽ dự").click()
    expect(page.locator("main")).to_contain_text("Sẽ dự")


def pairing_link(minh: Page) -> str:
    minh.goto(f"{HOME}/gates")
    minh.get_by_role("button", name="Ghép máy quét vào Cửa chính").click()
    return minh.locator(".pairing__link").inner_text()


def admit(phone: Page, pairing: str) -> None:
    phone.goto(pairing)
    phone.get_by_label("Tên").fill("Máy của Minh")
    phone.get_by_role("button", name="Ghép máy này").click()
    expect(phone.locator(".verdict__word")).to_have_text("Mời vào", timeout=15_000)
    expect(phone.locator(".verdict__who")).to_contain_text(NAME)


def start_the_programme(ha: Page) -> None:
    ha.goto(f"/stage/{SLUG}/")
    hold = ha.locator("#advance")
    expect(hold).to_contain_text("giữ gần một giây")
    ha.wait_for_selector("html[data-ready]")
    box = hold.bounding_box()
    assert box
    ha.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    ha.mouse.down()
    ha.wait_for_timeout(1100)
    ha.mouse.up()
    expect(ha.locator(".nowbox__what").first).to_contain_text("Ổn định tổ chức")


def award_list(khanh: Page) -> None:
    khanh.goto(f"{HOME}/awards")
    khanh.locator(".next-step").get_by_role("link").click()
    khanh.goto(khanh.url.split("?")[0].rstrip("/") + "/honourees/lines?kind=individual")
    khanh.locator("textarea").first.fill("Y Mẫu; Phó Trưởng phòng, Sở Y tế\nA Thí Dụ; Chuyên viên, Ban Dân tộc tỉnh")
    khanh.locator("main form button.btn-primary").click()
    khanh.goto(re.sub(r"/awards/(\d+).*", r"/awards/\1", khanh.url))
    expect(khanh.locator("main")).to_contain_text("Y Mẫu")
    pdf = text_of(khanh.request.get(khanh.url + "/list.pdf").body())
    assert "DANH SÁCH" in pdf and "A Thí Dụ" in pdf and "02 cá nhân" in pdf


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())
