"""An office's Monday: a messy list in the morning, 348 numbered letters in one PDF before lunch."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.live_copy import LiveCopy
from tests.browser.test_whole_way import set_date_and_signer
from tests.corpus.make import xlsx
from tests.people import SLUG

pytestmark = pytest.mark.browser
HOME = f"/office/{SLUG}"
FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng"]
GIVENS = ["An", "Bình", "Dũng", "Đạt", "Giang", "Hà", "Hằng", "Hương", "Khánh", "Lan", "Linh", "Mai", "Nga", "Phước", "Phượng", "Quân", "Sơn", "Thủy", "Trang", "Tuấn", "Vy", "Yến", "Mửi", "Pớt", "Ngà", "Thúy", "Đô", "Ân", "Ánh", "Đông"]
PEOPLE = [f"{family} Thị {given}" for family in FAMILIES for given in GIVENS]
LIST = "danh sách mời (bản cuối cùng 2).xlsx"


def messy() -> bytes:
    """Titles, honorifics, capitals, phones of every kind, a repeated header, an empty row, totals and a signature."""
    rows: list[list[Any]] = [["UBND TỈNH KON TUM"], ["DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ"], [None]]
    head = ["TT", "HỌ VÀ TÊN", "Chức vụ", "Đơn vị công tác", "ĐT"]
    rows += [head, ["Lãnh đạo UBND các huyện, thành phố"]]
    for number, name in enumerate(PEOPLE, 1):
        shown = (name, f"Đ/c {name}", name.upper(), f" {name.replace(' ', '  ')} ")[number % 4]
        phone = (f"0000.{number:03d}.111", None, 905_000_000 + number, f"+84 905 000 {number:03d}")[number % 4]
        rows.append([number, shown, f"Phó Trưởng phòng thứ {number}", ("UBND huyện Đăk Hà", "UBND huyện Sa Thầy")[number % 2], phone])
        if number == 150:
            rows += [[None], head]
    return xlsx([*rows, [None], ["Tổng cộng: 300 đại biểu"], [None, None, "NGƯỜI LẬP"]])


def test_a_monday(live: LiveCopy, page_for: PageFor, tmp_path: Path) -> None:
    lan = page_for("lan")
    lan.set_default_timeout(30_000)
    set_date_and_signer(lan)
    bring_the_list_in(lan, tmp_path)
    lan.goto(f"{HOME}/invitations")
    lan.get_by_role("button", name=re.compile("^Soạn 348 giấy")).click()
    write_the_words(lan)
    lan.goto(f"{HOME}/invitations")
    lan.get_by_role("button", name="Duyệt 348 giấy").click()
    keep_numbers(lan)
    lan.goto(f"{HOME}/invitations")
    lan.locator(".next-step").get_by_role("link", name="Phát hành 348 giấy").click()
    expect(lan.get_by_text("Đang giữ cho hội nghị này: từ 41 đến 400 của năm 2015.")).to_be_visible()
    lan.get_by_label("Số đầu tiên").fill("41")
    lan.get_by_label("Ngày ban hành").fill("22/12/2015")
    lan.get_by_role("button", name="Phát hành 348 giấy").click()
    expect(lan.get_by_text("Đã phát hành 348 giấy mời.")).to_be_visible()
    pages = one_pdf(lan)
    assert len(pages) == 348
    assert [re.search(r"Số: (\d+)/GM-VP", page)[1] for page in pages] == [str(number) for number in range(41, 389)]  # type: ignore[index]
    assert sum("Đề nghị đồng chí đỗ xe tại sân sau" in page for page in pages) == 348
    assert sum(f"Trần Thị {given}," in page for page in pages for given in GIVENS) == 30
    lan.goto(f"{HOME}/invitations/register?year=2015&page=4")
    expect(lan.locator("tbody tr").last).to_contain_text("Đang giữ")


def test_words_are_seen_without_javascript(live: LiveCopy, page_for: PageFor) -> None:
    lan = page_for("lan", java_script_enabled=False)
    lan.goto(f"{HOME}/wording")
    lan.get_by_label("Lưu ý", exact=True).fill("Kính mong {xưng hô} đến sớm")
    lan.get_by_role("button", name="Xem thử").click()
    expect(lan.locator(".paper")).to_contain_text("Kính mong đồng chí đến sớm")
    expect(lan.get_by_label("Lưu ý", exact=True)).to_have_value("Kính mong {xưng hô} đến sớm")
    lan.goto(f"{HOME}/wording")
    expect(lan.get_by_label("Lưu ý", exact=True)).to_have_value("")


def bring_the_list_in(lan: Page, folder: Path) -> None:
    (folder / LIST).write_bytes(messy())
    lan.goto(f"{HOME}/imports")
    lan.get_by_label("Tệp danh sách", exact=True).set_input_files(folder / LIST)
    lan.get_by_role("button", name="Tải lên và xem trước").click()
    expect(lan.get_by_role("heading", level=1)).to_have_text("Ghép cột", timeout=60_000)
    lan.get_by_role("button", name="Xem trước").click()
    expect(lan.get_by_role("heading", level=1)).to_have_text("Xem trước khi nạp", timeout=60_000)
    lan.get_by_role("button", name="Nạp 300 dòng").click()
    expect(lan.get_by_role("heading", level=1)).to_have_text("Đã nạp", timeout=60_000)


def write_the_words(lan: Page) -> None:
    lan.goto(f"{HOME}/wording")
    lan.wait_for_selector("html[data-ready]")
    notes = lan.get_by_label("Lưu ý", exact=True)
    notes.fill("Đề nghị ")
    lan.get_by_role("button", name="{xưng hô}", exact=True).click()
    notes.press_sequentially(" đỗ xe tại sân sau {ten}")
    shown = lan.locator("[data-preview]")
    expect(shown).to_contain_text("Không có trường {ten}. Có phải {họ tên}?")
    lan.get_by_role("button", name="Lưu lời giấy mời").click()
    expect(lan.get_by_role("alert")).to_contain_text("Có phải {họ tên}?")
    lan.wait_for_selector("html[data-ready]")
    lan.get_by_label("Lưu ý", exact=True).fill("Đề nghị {xưng hô} đỗ xe tại sân sau")
    expect(lan.locator("[data-preview]")).to_contain_text("Đề nghị đồng chí đỗ xe tại sân sau")
    longest = lan.locator("#person option", has_text="dòng dài nhất").get_attribute("value")
    lan.get_by_label("Xem thử với").select_option(longest)
    lan.get_by_role("button", name="Lưu lời giấy mời").click()
    expect(lan.get_by_text("Đã lưu lời giấy mời.")).to_be_visible()


def keep_numbers(lan: Page) -> None:
    lan.goto(f"{HOME}/invitations/register")
    keep = lan.locator("section", has_text="Giữ trước một dãy số").last
    keep.get_by_label("Từ số").fill("41")
    keep.get_by_label("Đến số").fill("400")
    keep.get_by_role("button", name="Giữ các số này").click()
    expect(lan.get_by_text("Đã giữ 360 số.")).to_be_visible()


def one_pdf(lan: Page) -> list[str]:
    lan.goto(f"{HOME}/invitations/batches")
    lan.locator("main form").first.get_by_role("button").first.click()
    expect(lan.get_by_role("link", name=re.compile("^Mở (kết quả|tệp PDF)"))).to_be_visible(timeout=120_000)
    address = lan.get_by_role("link", name=re.compile("^Mở (kết quả|tệp PDF)")).get_attribute("href")
    assert address
    pdf = pypdf.PdfReader(io.BytesIO(lan.request.get(address).body()))
    return [" ".join(page.extract_text().split()) for page in pdf.pages]
