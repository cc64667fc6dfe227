"""A clerk brings a messy list in: upload, columns, preview with a wrong cell, into the list."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from tests.browser.conftest import PageFor
from tests.browser.live_copy import LiveCopy
from tests.corpus.make import xlsx
from tests.people import SLUG

pytestmark = pytest.mark.browser

ROWS = [
    ["DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ"],
    [None],
    ["TT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Điện thoại"],
    [1, "Nguyễn Thị Mẫu", "Bí thư Tỉnh ủy", None, 905111222],
    [2, "Trịnh Tạm Tính 2", "Phó Chủ tịch", "UBND huyện Đăk Tô", None],
    [3, "Y MỬI", "Trưởng phòng", "UBND huyện Kon Plông", None],
]


def test_a_list_goes_in(app: Flask, live: LiveCopy, page_for: PageFor, tmp_path: Path) -> None:
    file = tmp_path / "danh sách.xlsx"
    file.write_bytes(xlsx(ROWS))
    page = page_for("lan")
    page.goto(f"/office/{SLUG}/delegates")
    page.get_by_role("link", name="Nạp từ Excel").click()
    page.get_by_label("Tệp danh sách", exact=True).set_input_files(file)
    page.get_by_role("button", name="Tải lên và xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ghép cột", timeout=20_000)
    expect(page.get_by_label("Cột Họ và tên là")).to_have_value("full_name")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem trước khi nạp", timeout=20_000)
    expect(page.get_by_text("ở đây có chữ số")).to_be_visible()
    expect(page.get_by_label("Là một người, điền vào chỗ đã có")).to_be_checked()
    page.get_by_label("Họ và tên dòng 5").fill("Trịnh Tạm Tính")
    page.get_by_role("button", name="Lưu và xem lại").click()
    expect(page.get_by_text("Đã xem lại 1 dòng.")).to_be_visible()
    page.get_by_role("button", name="Nạp 3 dòng").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nạp", timeout=20_000)
    db.session.rollback()
    wanted = sa.select(Delegate.full_name, Delegate.phone).where(Delegate.full_name.is_not(None)).order_by(Delegate.id)
    assert [tuple(row) for row in db.session.execute(wanted)] == [
        ("Nguyễn Thị Mẫu", "0905111222"), ("Trịnh Tạm Tính", None), ("Y Mửi", None),
    ]
