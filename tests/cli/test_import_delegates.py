"""`flask import-delegates` goes by the rules of the pages."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.jobs import Job
from tests.corpus.make import HEAD, HOSTILE, PEOPLE, xlsx


def run(app: Flask, *args: str) -> tuple[int, list[str]]:
    done = app.test_cli_runner().invoke(args=["import-delegates", *args])
    db.session.rollback()
    return done.exit_code, done.output.splitlines()


def brought_in() -> list[str | None]:
    return list(db.session.scalars(sa.select(Delegate.full_name).where(Delegate.origin == "import").order_by(Delegate.id)))


def test_good_rows_go_in_and_wrong_ones_come_home(app: Flask, tmp_path: Path) -> None:
    file, wrong = tmp_path / "ds.xlsx", tmp_path / "sai.xlsx"
    file.write_bytes(xlsx([HEAD, *PEOPLE, ["4", "Lê 4", "", "", ""]]))
    assert run(app, str(file), "--wrong", str(wrong)) == (0, [
        "ds.xlsx, trang tính “DS”: 4 dòng",
        "3 mới, 0 thay đổi, 0 có thể trùng, 1 sai, 0 bỏ qua, 0 không đổi",
        "Dòng 5: Họ tên chỉ gồm chữ cái, dấu nháy, gạch nối và dấu chấm; ở đây có chữ số. Chưa rõ nhóm của dòng này. Chọn nhóm.",
        "Đã nạp: thêm 3, sửa 0 đại biểu.",
        f"Dòng sai: {wrong}",
    ])  # fmt: skip
    assert brought_in() == [row[1] for row in PEOPLE]
    page = openpyxl.load_workbook(wrong).active
    assert page is not None and page.cell(2, 3).value == "Lê 4"
    assert run(app, str(file))[1][-1] == "Không có dòng nào để nạp."
    assert list(db.session.scalars(sa.select(Job.state))) == ["done"] * 5


def test_dry_run_stores_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ds.xlsx"
    file.write_bytes(xlsx([HEAD, *PEOPLE]))
    assert run(app, str(file), "--dry-run")[1][-1] == "Chỉ xem, chưa ghi gì."
    assert brought_in() == []


def test_mistakes_are_told(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ds.xlsx"
    file.write_bytes(HOSTILE["no header"]()[1])
    assert run(app, str(file)) == (1, [
        "Error: Không thấy dòng tiêu đề (ví dụ: TT, Họ và tên, Chức vụ, Đơn vị). Chọn dòng tiêu đề hoặc trang tính khác.",
    ])  # fmt: skip
    file.write_bytes(xlsx([HEAD, *PEOPLE]))
    assert run(app, str(file), "--group", "Nhóm lạ") == (1, ["Error: Không có nhóm “Nhóm lạ”."])
    assert run(app, str(file), "--conference", "khac")[0] == 1
