"""The administrator's pages of backups, and the journal in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.models.conferences import Conference
from eventmgr.models.copies import Copy
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import Entry, record
from eventmgr.services import copies
from tests.people import SLUG, Person

JOURNAL = f"/office/{SLUG}/journal"


def sentences(person: Person, url: str) -> list[str]:
    page = person.get(url).get_data(as_text=True)
    return [re.sub(r"<br>.*|<[^>]+>", "", cell).strip() for cell in re.findall(r'<td data-label="Việc">(.*?)</td>', page)]


@pytest.fixture
def lines(app: Flask) -> None:
    own = db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one()
    with transaction():
        for number in range(120):
            record("x.many", datetime(2015, 12, 1, 3, number % 60, tzinfo=UTC), conference_id=own, sentence=f"Việc thứ {number}.")
        record("reply.given", datetime(2015, 12, 28, 16, 59, tzinfo=UTC), conference_id=own, actor="Trần Thị Mẫu", sentence="Trần Thị Mẫu sẽ dự, gọi 0905 123 456.", subject="delegate", subject_id=7)
        record("scan.admitted", datetime(2015, 12, 28, 17, 0, tzinfo=UTC), conference_id=own, actor="Máy 1", sentence="100%_ đã vào.")
        record("scan.refused", datetime(2015, 12, 29, 1, 0, tzinfo=UTC), conference_id=own, actor="Máy 1")
        record("backup.asked", clock.now(), conference_id=None, sentence="Yêu cầu sao lưu.")


@pytest.mark.usefixtures("lines")
def test_journal_is_filtered(lan: Person) -> None:
    filtered = {
        "q=0905": [],
        "q=sẽ dự": ["Trần Thị Mẫu sẽ dự, gọi …456."],
        "q=%25_ đã": ["100%_ đã vào."],
        "kind=Điểm danh": ["Từ chối một lượt quét.", "100%_ đã vào."],
        "kind=Trả lời": ["Trần Thị Mẫu sẽ dự, gọi …456."],
        "kind=khong-co": [],
        "since=28/12/2015&until=28/12/2015": ["Trần Thị Mẫu sẽ dự, gọi …456."],
        "since=29/12/2015&until=29/12/2015": ["Từ chối một lượt quét.", "100%_ đã vào."],
        "subject=delegate&subject_id=7": ["Trần Thị Mẫu sẽ dự, gọi …456."],
    }
    assert {query: sentences(lan, f"{JOURNAL}?{query}") for query in filtered} == filtered


@pytest.mark.usefixtures("lines")
def test_journal_has_pages_and_keeps_the_filter(lan: Person) -> None:
    assert [len(sentences(lan, f"{JOURNAL}?kind=Việc+khác&page={page}")) for page in (1, 2, 3, 99)] == [50, 50, 20, 20]
    page = lan.get(f"{JOURNAL}?kind=Việc+khác&page=2").get_data(as_text=True)
    assert 'rel="next"' in page and "page=3" in page and "kind=Vi%E1%BB%87c+kh%C3%A1c" in page


@pytest.mark.usefixtures("lines")
def test_a_conference_shows_its_own_lines_only_and_the_administrator_all(lan: Person, quantri: Person) -> None:
    assert sentences(lan, f"{JOURNAL}?kind=Sao+lưu") == []
    assert sentences(quantri, "/office/journal?kind=Sao+lưu") == ["Yêu cầu sao lưu."]
    assert sentences(quantri, "/office/journal?q=sẽ dự") == ["Trần Thị Mẫu sẽ dự, gọi …456."]


@pytest.mark.usefixtures("lines")
def test_who_did_it_is_a_filter(lan: Person) -> None:
    page = lan.get(JOURNAL).get_data(as_text=True)
    choices = dict(re.findall(r'<option value="(\w+)">([^<]+)</option>', page.split('id="who"')[1].split("</select>")[0]))
    assert "Lan" not in choices.values()
    with transaction():
        row = db.session.execute(sa.text("SELECT id FROM accounts WHERE username = 'lan'")).scalar_one()
        own = db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one()
        record("agenda.edited", clock.now(), conference_id=own, account_id=row, sentence="Sửa mục 3.")
    assert sentences(lan, f"{JOURNAL}?who={row}") == ["Sửa mục 3."]
    assert "Sửa mục 3." not in sentences(lan, f"{JOURNAL}?who=system")


@pytest.mark.usefixtures("lines")
def test_a_day_that_is_none_is_told_and_shows_everything(lan: Person) -> None:
    page = lan.get(f"{JOURNAL}?since=31/02/2015").get_data(as_text=True)
    assert "Tháng 02 năm 2015 chỉ có 28 ngày." in page and 'value="31/02/2015"' in page


def test_contacts_are_masked_before_they_are_stored(app: Flask) -> None:
    with transaction():
        record("x", clock.now(), conference_id=None, sentence="Gọi 0905123456.", phone="0905123456", changes={"email": "a@b.vn"})
    line = db.session.scalars(sa.select(Entry).order_by(Entry.id.desc())).first()
    assert line is not None and (line.sentence, line.details) == ("Gọi …456.", {"phone": "…", "changes": {"email": "…"}})


def test_a_copy_is_asked_for_made_and_shown(quantri: Person) -> None:
    assert "Chưa có bản sao lưu nào." in quantri.get("/office/backups").get_data(as_text=True)
    quantri.post("/office/backups", expect=302)
    assert "Đang sao lưu…" in quantri.get("/office/backups").get_data(as_text=True)
    quantri.post("/office/backups", expect=302)
    assert "đang chờ làm" in quantri.get("/office/backups").get_data(as_text=True)
    assert copies.work() is True
    page = quantri.get("/office/backups").get_data(as_text=True)
    assert "Đã thử khôi phục" in page and "vừa xong" in page and "Sao lưu ngay" in page
    assert db.session.scalar(sa.select(sa.func.count(Copy.id))) == 1
