"""Lists out: text stays text, contacts for those who may, a line in the journal, and back in again without a change."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.imports import ImportRow
from eventmgr.models.journal import Entry
from tests import door
from tests.people import SLUG, Person
from tests.web.test_imports import choose, sheet_of, upload, verdicts
from tests.web.test_letters import issue_all, settle_date

EXPORTS = f"/office/{SLUG}/exports"
HOSTILE = {
    "full_name": "Y Mửi", "phone": "+84 905 000 111", "email": "=1+1@example.vn", "seat": "00123", "note": "=HYPERLINK(\"x\")",
    "alert": "012345678901234567890",
}  # fmt: skip


@pytest.fixture
def hostile(app: object) -> None:
    with transaction():
        delegate = db.session.get_one(Delegate, 1)
        for name, value in HOSTILE.items():
            setattr(delegate, name, value)
        delegate.posts = ["Bí thư Tỉnh ủy", "-Trưởng ban; phụ trách"]


def exported(person: Person, expect: int = 200, **asked: str) -> bytes:
    return person.post(EXPORTS, expect=expect, **({"kind": "delegates", "format": "xlsx"} | asked)).data


def test_text_stays_text(lan: Person, hostile: None) -> None:
    rows = sheet_of(exported(lan))
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row == {
        "Mã đại biểu": "1-1", "Họ và tên": "Y Mửi", "Cách xưng hô": "đồng chí", "Chức vụ": "Bí thư Tỉnh ủy\n-Trưởng ban; phụ trách",
        "Đơn vị": "Thường trực Tỉnh ủy", "Nhóm": "Thường trực Tỉnh ủy", "Điện thoại": "+84 905 000 111",
        "Thư điện tử": "=1+1@example.vn", "Chỗ ngồi": "00123", "Lưu ý hiện ở cửa": "012345678901234567890",
        "Ghi chú": '=HYPERLINK("x")', "Đi cùng": "",
    }  # fmt: skip


def test_csv_is_for_excel_and_computes_nothing(lan: Person, hostile: None) -> None:
    data = exported(lan, format="csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    row = dict(zip(rows[0], rows[1], strict=True))
    assert [row[name] for name in ("Điện thoại", "Chỗ ngồi", "Ghi chú")] == ["'+84 905 000 111", "'00123", "'=HYPERLINK(\"x\")"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_importing_an_export_changes_nothing(lan: Person, hostile: None, kind: str) -> None:
    people = db.session.scalar(sa.select(sa.func.count(Delegate.id)))
    task = choose(lan, upload(lan, f"ra.{kind}", exported(lan, format=kind)), group="")
    assert set(verdicts(task).values()) == {"same"}
    assert db.session.scalar(sa.select(sa.func.count(ImportRow.id))) == people
    page = lan.get(f"/office/{SLUG}/imports/{task.id}").get_data(as_text=True)
    assert "Chưa có dòng nào để nạp." in page


def test_a_companion_says_whom_it_goes_with_and_comes_back_unchanged(lan: Person, conference: Conference, hostile: None) -> None:
    companion_id = door.add_delegate(conference.id, "A Tài", companion_of_id=1, posts=["Lái xe"])
    rows = sheet_of(exported(lan, q="tai lai xe"))
    assert [(row[1], row[-1]) for row in rows[1:]] == [("A Tài", "Y Mửi")]
    task = choose(lan, upload(lan, "ra.xlsx", exported(lan, q="tai lai xe")), group="")
    assert set(verdicts(task).values()) == {"same"}
    assert db.session.get_one(Delegate, companion_id).companion_of_id == 1


def test_contacts_are_for_those_who_edit(lan: Person, minh: Person, hostile: None) -> None:
    assert "Điện thoại" in sheet_of(exported(lan))[0]
    rows = sheet_of(exported(minh))
    assert {"Điện thoại", "Thư điện tử"} & set(rows[0]) == set()
    assert "+84 905 000 111" not in [cell for row in rows for cell in row]


def test_export_writes_who_what_and_how_many(lan: Person) -> None:
    exported(lan, group="8", q="dak")
    line = db.session.scalars(sa.select(Entry).where(Entry.verb == "list.exported")).one()
    assert (line.details["rows"], line.details["group_id"], line.details["query"]) == (3, 8, "dak")
    assert line.sentence == "Xuất danh sách đại biểu: 3 dòng, có điện thoại và thư điện tử."
    assert line.account_id is not None


def test_letters_and_replies_have_their_lists(lan: Person, minh: Person) -> None:
    settle_date(lan)
    issue_all(lan)
    letters = sheet_of(exported(lan, kind="letters"))
    assert letters[0][:3] == ["Số giấy mời", "Ngày", "Mã đại biểu"]
    assert {row[-1] for row in letters[1:]} == {"Đã phát hành"}
    replies = sheet_of(exported(lan, kind="replies"))
    assert {row[replies[0].index("Trả lời")] for row in replies[1:]} == {"Chưa trả lời"}
    exported(minh, expect=403, kind="letters")
    exported(lan, expect=422, kind="everything")
