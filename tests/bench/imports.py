"""A long list: `python -m tests.bench.imports [ROWS]` prints seconds and MB of reading, preview and going in."""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

import sqlalchemy as sa
import xlsxwriter
from flask import Flask

from eventmgr.bootstrap import create_app
from eventmgr.jobs import worker
from eventmgr.migrating import upgrade
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.services import import_lists, imports, plans
from tests.bench.figures import tell
from tests.conftest import SEED, settings_for

FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý"
MIDDLES = "Văn Thị Hữu Đức Ngọc Thanh Minh Quang Thúy Hồng"
GIVENS = "An Bình Dũng Đạt Giang Hà Hằng Hương Khánh Lan Linh Mai Nga Ngà Phước Phượng Quân Sơn Thủy Thúy Trang Tuấn Vy Yến"
HEADINGS = ("TT", "Họ và tên", "Nam/Nữ", "Chức vụ", "Đơn vị công tác", "Nhóm", "Điện thoại", "Email", "Ghi chú")


def workbook(count: int) -> bytes:
    """Return an .xlsx file with that many people under a title."""
    target = io.BytesIO()
    family, middle, given = FAMILIES.split(), MIDDLES.split(), GIVENS.split()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.merge_range(0, 0, 0, 8, "DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ")
        sheet.write_row(2, 0, HEADINGS)
        for number in range(count):
            name = f"{family[number % 16]} {middle[number // 16 % 10]} {given[number // 160 % 24]}"
            row = [number + 1, name, "Nam", f"Phó Chủ tịch UBND xã số {number}", "UBND huyện Đăk Hà"]
            row += ["Lãnh đạo UBND các huyện, thành phố", f"0000{number:06d}", f"dai.bieu.{number}@example.vn", "Ghi chú"]
            sheet.write_row(number + 3, 0, row)
    return target.getvalue()


def main(count: int) -> None:
    data = workbook(count)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(Path(folder), f"sqlite:///{folder}/bench.db"))
        with app.app_context():
            upgrade()
            plans.load_file(SEED)
            run(app, data, count)


def run(app: Flask, data: bytes, count: int) -> None:
    conference_id = db.session.scalars(sa.select(Conference.id)).one()
    watch = Watch()
    worker.settle()  # as the job process does when it starts
    started = time.perf_counter()
    task = imports.upload(conference_id, "danh-sach.xlsx", data, None)
    steps = [("read", step())]
    imports.choose_columns(conference_id, task.id, import_lists.get(conference_id, task.id).task.fields, None, True, None)
    steps.append(("preview", step()))
    before = people()
    imports.put_in(conference_id, task.id, None)
    steps.append(("into the list", step()))
    whole = time.perf_counter() - started
    own, child = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, watch.end()
    for word, seconds in steps:
        print(f"{word}: {seconds:.2f} s")
    print(f"{people() - before} of {count} rows went in; {import_lists.get(conference_id, task.id).task.state}")
    tell(import_seconds=whole, import_memory=own + child)
    print(f"{count} rows of .xlsx: {whole:.2f} s, job process {own:.0f} MB, child {child:.0f} MB")


class Watch(threading.Thread):
    """Looks at the reading child while it lives: what the system says afterwards counts the fork of this process too."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.over = 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(0.01):
            for task in Path("/proc/self/task").iterdir():
                for child in (task / "children").read_text().split():
                    self.most = max(self.most, self._peak(Path("/proc", child)))

    def _peak(self, process: Path) -> float:
        try:
            if b"spreadsheet_child" not in (process / "cmdline").read_bytes():
                return 0.0  # not yet a program of its own
            return int((process / "status").read_text().split("VmHWM:")[1].split()[0]) / 1024
        except (OSError, IndexError):
            return 0.0

    def end(self) -> float:
        """Return the child's peak in MB."""
        self.over.set()
        self.join()
        return self.most


def people() -> int:
    return db.session.scalar(sa.select(sa.func.count(Delegate.id))) or 0


def step() -> float:
    started = time.perf_counter()
    assert worker.run_one("bench")
    return time.perf_counter() - started


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
