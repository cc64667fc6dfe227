from __future__ import annotations

import io
import re
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from icalendar import Calendar
from pypdf import PdfReader

from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import shelf
from tests.people import SLUG, Person
from tests.published import publish

HERE = f"/e/{SLUG}"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def pdf_text(answer: Any) -> str:
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def change(**values: Any) -> None:
    with transaction():
        row = db.session.scalars(sa.select(Conference).where(Conference.slug == SLUG)).one()
        for name, value in values.items():
            setattr(row, name, value)


def event(answer: Any) -> Any:
    (found,) = Calendar.from_ical(answer.data).walk("VEVENT")
    return found


def test_the_only_conference_is_the_first_page(stranger: Person):
    assert stranger.get("/", expect=302).headers["Location"] == f"{HERE}/"


def test_the_page_shows_eight_items_and_says_that_the_time_is_open(stranger: Person):
    page = text(stranger.get(f"{HERE}/"))
    assert re.findall(r'prog__no num">(\d)<', page) == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert re.findall(r'<li><span class="quiet">(.*?)</span>', page) == ["–", "–", "–", "–", "(1)", "(2)", "(3)", "(4)"]
    assert "Cuối tháng 12/2015" in page and "Thời gian cụ thể sẽ có Giấy mời sau" in page
    assert "Hội trường lớn - Văn phòng UBND tỉnh" in page and "Chủ trì: Lãnh đạo UBND tỉnh" in page
    assert "programme.ics" not in page and "<script" not in page


def test_an_assumed_date_is_shown_as_assumed(stranger: Person):
    change(held_on=date(2015, 12, 29), starts_at=time(7, 30), date_is_assumed=True)
    page = text(stranger.get(f"{HERE}/"))
    assert "07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015" in page and "Ngày giờ mới là giả định" in page
    assert f"{HERE}/programme.ics" in page
    change(date_is_assumed=False)
    assert "giả định" not in text(stranger.get(f"{HERE}/"))


def test_planned_times_stand_beside_the_items_once_known(stranger: Person, conference: Conference):
    change(held_on=date(2015, 12, 29), starts_at=time(7, 30))
    assert re.findall(r'prog__time">(.*?)<', text(stranger.get(f"{HERE}/"))) == ["07 giờ 30"]
    with transaction():
        db.session.execute(sa.update(Item).values(minutes=15))
    publish(conference.id)
    assert re.findall(r'prog__time">(.*?)<', text(stranger.get(f"{HERE}/"))) == [
        "07 giờ 30", "08 giờ 00", "08 giờ 15", "08 giờ 45", "09 giờ 45", "10 giờ 00", "10 giờ 15", "10 giờ 30",
    ]


def test_the_annex_has_the_fixed_headings_and_the_plan_s_rows(stranger: Person):
    answer = stranger.get(f"{HERE}/programme.pdf")
    assert answer.mimetype == "application/pdf"
    printed = pdf_text(answer)
    assert printed.startswith(
        "CHƯƠNG TRÌNH HỘI NGHỊ (Kèm theo Kế hoạch số 2809/KH-UBND ngày 02/12/2015 của Ủy ban nhân dân tỉnh Kon Tum) "
        "TT Nội dung Hội nghị Người thực hiện "
        "1 - Ổn định tổ chức, giới thiệu đại biểu - Thông qua Chương trình Hội nghị Lãnh đạo Văn phòng UBND tỉnh "
        "2 Khai mạc và chủ trì Hội nghị Lãnh đạo UBND tỉnh 3 - Thông qua tóm tắt báo cáo"
    )
    assert "4 Thông qua các báo cáo tham luận: (1) Đánh giá kết quả" in printed
    assert "Lãnh đạo Ban Dân tộc tỉnh" in printed and "huyện Ia H'Drai" in printed
    assert printed.endswith("7 Tổ chức khen thưởng Ban Thi đua khen thưởng tỉnh 8 Kết luận Hội nghị Lãnh đạo UBND tỉnh")


def test_the_annex_is_printed_once_until_another_programme_is_published(stranger: Person, lan: Person, conference: Conference):
    first = stranger.get(f"{HERE}/programme.pdf").data
    (kept,) = shelf.folder().glob("chuong-trinh-*")
    kept.write_bytes(first + b"% kept")
    assert stranger.get(f"{HERE}/programme.pdf").data == first + b"% kept"
    lan.post(f"/office/{SLUG}/agenda", expect=302, title="<b>Chào cờ</b> {{7*7}}")
    assert stranger.get(f"{HERE}/programme.pdf").data == first + b"% kept"
    publish(conference.id)
    assert pdf_text(stranger.get(f"{HERE}/programme.pdf")).endswith("9 <b>Chào cờ</b> {{7*7}}")
    assert len(list(shelf.folder().glob("chuong-trinh-*"))) == 2


def test_there_is_no_calendar_entry_without_a_day(stranger: Person):
    page = text(stranger.get(f"{HERE}/programme.ics", expect=404))
    assert "Chưa chốt ngày họp nên chưa có tệp lịch" in page


def test_the_calendar_entry_says_when_and_where(stranger: Person, conference: Conference):
    change(held_on=date(2015, 12, 29), starts_at=time(7, 30), date_is_assumed=True)
    answer = stranger.get(f"{HERE}/programme.ics")
    assert answer.mimetype == "text/calendar"
    found = event(answer)
    assert found.decoded("dtstart").isoformat() == "2015-12-29T07:30:00+07:00"
    assert found["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert (str(found["summary"]), str(found["location"])) == (conference.title, "Hội trường lớn - Văn phòng UBND tỉnh")
    assert str(found["status"]) == "TENTATIVE" and "dtend" not in found
    first = str(found["uid"])
    change(held_on=date(2015, 12, 30), ends_at=time(11, 30), date_is_assumed=False)
    moved = event(stranger.get(f"{HERE}/programme.ics"))
    assert (str(moved["uid"]), str(moved["status"])) == (first, "CONFIRMED")
    assert moved["sequence"] > found["sequence"]
    assert moved.decoded("dtend") == datetime.fromisoformat("2015-12-30T11:30:00+07:00")


def test_a_day_without_an_hour_is_a_whole_day(stranger: Person):
    change(held_on=date(2015, 12, 29))
    assert event(stranger.get(f"{HERE}/programme.ics")).decoded("dtstart") == date(2015, 12, 29)


def test_the_data_has_the_documented_shape(stranger: Person):
    data = stranger.get(f"{HERE}/programme.json").json
    assert data is not None
    assert {name: data[name] for name in data if name != "items"} == {
        "slug": SLUG,
        "title": "Hội nghị sơ kết, đánh giá giai đoạn I (2011-2015) thực hiện Chiến lược quốc gia về bình đẳng giới "
        "giai đoạn 2011-2020",
        "kind": "Hội nghị sơ kết",
        "organiser": "Ủy ban nhân dân tỉnh Kon Tum",
        "chair": "Lãnh đạo UBND tỉnh",
        "sessions": "01 buổi",
        "date": None,
        "starts_at": None,
        "ends_at": None,
        "time_zone": "Asia/Ho_Chi_Minh",
        "date_is_assumed": False,
        "date_text": "cuối tháng 12/2015",
        "venue": "Hội trường lớn - Văn phòng UBND tỉnh",
        "venue_address": None,
        "version": 1,
        "published_at": data["published_at"],
        "source_note": "Kèm theo Kế hoạch số 2809/KH-UBND ngày 02/12/2015 của Ủy ban nhân dân tỉnh Kon Tum",
    }
    assert [len(item["sub_items"]) for item in data["items"]] == [2, 0, 2, 4, 0, 0, 0, 0]
    assert data["items"][3]["sub_items"][0] == {
        "number": "4.(1)",
        "mark": "(1)",
        "title": "Đánh giá kết quả thực hiện lồng ghép các mục tiêu, chỉ tiêu về bình đẳng giới trong lĩnh vực Y tế",
        "kind": "paper",
        "presenter_kind": "person_of_body",
        "presenter": "Lãnh đạo Sở Y tế",
        "minutes": None,
        "starts_at": None,
    }


def test_answers_are_kept_for_ten_seconds_and_then_asked_for(stranger: Person, lan: Person, conference: Conference):
    for path in ("/press", "/", "/programme.pdf", "/programme.json"):
        first = stranger.get(HERE + path)
        assert first.headers["Cache-Control"] == "public, max-age=10"
        if path == "/press":  # follows what is on: its script's nonce makes each answer another one
            continue
        again = stranger.get(HERE + path, expect=304, headers={"If-None-Match": first.headers["ETag"]})
        assert again.data == b""
    lan.post(f"/office/{SLUG}/agenda", expect=302, title="Chào cờ")
    publish(conference.id)
    stranger.get(f"{HERE}/", expect=200, headers={"If-None-Match": first.headers["ETag"]})


def test_an_unknown_conference_has_no_programme(stranger: Person):
    for path in ("/", "/programme.pdf", "/programme.ics", "/programme.json", "/press", "/press/names.pdf"):
        stranger.get(f"/e/khong-co{path}", expect=404)


def test_a_conference_without_items_has_a_page(quantri: Person, stranger: Person):
    quantri.post("/office/new", title="Hội nghị khác", short_title="Khác", organiser="UBND tỉnh", kind="Hội nghị")
    slug = db.session.scalars(sa.select(Conference.slug).where(Conference.slug != SLUG)).one()
    assert "Chương trình sẽ được công bố sau" in text(stranger.get(f"/e/{slug}/"))
    assert stranger.get(f"/e/{slug}/programme.json").json["items"] == []
