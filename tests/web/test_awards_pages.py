"""The award list through the office's pages: from pasted lines to the annex, the lock, who sees names."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import awards, conferences, honourees
from eventmgr.services.honourees import HonoureeFacts
from tests.awards import COLLECTIVES, DECISION, PERSONS, account_id, fill, form_of, names
from tests.documents import reading
from tests.people import SLUG, Person

AWARDS = f"/office/{SLUG}/awards"
WRITTEN = {"number": "1234/QĐ-UBND", "decided_on": "28/12/2015", "decided_by": "Chủ tịch Ủy ban nhân dân tỉnh Kon Tum"}
HOSTILE = ["<script>alert(1)</script>", "{{7*7}}", "=1+1", "Tra\u0302\u0300n Vi\u0301 Du\u0323", "\u200fLê\u202e Thử"]


def test_list_goes_from_pasted_lines_to_the_printed_annex(khanh: Person) -> None:
    form_id = form_of().id
    khanh.get(f"{AWARDS}/{form_id}/list.pdf", expect=404)
    khanh.post(f"{AWARDS}/{form_id}/facts", expect=302, name="Bằng khen", authority="Chủ tịch UBND tỉnh", achievement="Đã có thành tích xuất sắc giai đoạn I (2011-2015)", at_conference="y")
    khanh.post(f"{AWARDS}/{form_id}/honourees/lines", expect=302, kind="individual", lines=PERSONS)
    khanh.post(f"{AWARDS}/{form_id}/honourees/lines", expect=302, kind="collective", lines=COLLECTIVES)
    draft = reading.text(khanh.get(f"{AWARDS}/{form_id}/list.pdf").data)
    assert "(Kèm theo Quyết định số /QĐ-UBND ngày tháng năm của Chủ tịch Ủy ban nhân dân tỉnh Kon Tum)" in draft
    khanh.post(f"{AWARDS}/{form_id}/decision", expect=302, **WRITTEN)
    pdf = khanh.get(f"{AWARDS}/{form_id}/list.pdf")
    assert pdf.mimetype == "application/pdf"
    collectives = " ".join(f"{n} {name}" for n, name in enumerate(COLLECTIVES.splitlines(), 1))
    persons = " ".join(f"{n} {line.replace(';', '')}" for n, line in enumerate(PERSONS.splitlines(), 1))
    assert reading.text(pdf.data) == (
        "DANH SÁCH TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG BẰNG KHEN CỦA CHỦ TỊCH UBND TỈNH "
        "Đã có thành tích xuất sắc giai đoạn I (2011-2015) "
        "(Kèm theo Quyết định số 1234/QĐ-UBND ngày 28 tháng 12 năm 2015 của Chủ tịch Ủy ban nhân dân tỉnh Kon Tum) "
        f"I. TẬP THỂ TT Tên tập thể Ghi chú {collectives} "
        f"II. CÁ NHÂN TT Họ và tên Chức vụ, đơn vị công tác Ghi chú {persons} "
        "(Danh sách này có 05 tập thể và 10 cá nhân)"
    )


def test_hostile_names_are_text_on_every_page_and_in_the_annex(lan: Person) -> None:
    form_id = form_of().id
    for name in HOSTILE:
        lan.post(f"{AWARDS}/{form_id}/honourees/new", expect=302, kind="individual", printed_name=name, post=name, note=name)
    shown = ["&lt;script&gt;alert(1)&lt;/script&gt;", "{{7*7}}", "=1+1", "Trần Ví Dụ", "Lê Thử"]
    for path in ("", f"/{form_id}", f"/{form_id}/calling"):
        page = lan.get(f"{AWARDS}{path}?q=" if path else f"{AWARDS}?q=script").get_data(as_text=True)
        assert "<script>alert" not in page
        assert [name for name in (shown if path else shown[:1]) if name not in page] == []
    text = reading.text(lan.get(f"{AWARDS}/{form_id}/list.pdf").data).replace(" ", "")
    plain = ["<script>alert(1)</script>", "{{7*7}}", "=1+1", "TrầnVíDụ", "LêThử"]
    assert [text.count(name) for name in plain] == [3, 3, 3, 3, 3]


def test_an_emoji_in_a_name_reaches_the_paper(lan: Person) -> None:
    form_id = form_of().id
    lan.post(f"{AWARDS}/{form_id}/honourees/new", expect=302, kind="collective", printed_name="Tập thể 🎉 Mẫu")
    assert "<b>Tập thể 🎉 Mẫu</b>" in lan.get(f"{AWARDS}/{form_id}/calling").get_data(as_text=True)
    assert "🎉" in [word.text for word in reading.words(lan.get(f"{AWARDS}/{form_id}/list.pdf").data)]


def test_name_of_300_letters_is_taken_and_printed_and_301_comes_back(lan: Person) -> None:
    form_id, long = form_of().id, "Ẵ" * 300
    lan.post(f"{AWARDS}/{form_id}/honourees/new", expect=302, kind="collective", printed_name=long)
    page = lan.post(f"{AWARDS}/{form_id}/honourees/new", expect=422, kind="collective", printed_name=long + "Ẵ").get_data(as_text=True)
    assert "Dài nhất 300 ký tự." in page and long + "Ẵ" in page
    assert reading.text(lan.get(f"{AWARDS}/{form_id}/list.pdf").data).count("Ẵ") == 300


def test_wrong_lines_are_told_one_by_one_and_all_lines_stay_in_the_box(lan: Person) -> None:
    form_id = form_of().id
    typed = "Lê Ví Dụ; Giáo viên Trường Mẫu\nTrần Thử\n3. Y Mẫu; Trưởng thôn"
    page = lan.post(f"{AWARDS}/{form_id}/honourees/lines", expect=422, kind="individual", lines=typed).get_data(as_text=True)
    assert "Chưa thêm dòng nào: có 2 chỗ cần sửa." in page
    assert "Dòng 2: thiếu chức vụ, đơn vị sau dấu chấm phẩy." in page
    assert "Dòng 3: bỏ số thứ tự ở đầu dòng (“3. Y Mẫu”)." in page
    assert typed in page
    assert names(form_id) == []
    assert "Dán danh sách vào đây" in lan.post(f"{AWARDS}/{form_id}/honourees/lines", expect=422, kind="individual").get_data(as_text=True)


def test_the_same_person_twice_is_told_and_keeps_what_was_typed(lan: Person) -> None:
    form_id = form_of().id
    facts = {"kind": "individual", "printed_name": "Y Mẫu", "post": "Giáo viên", "address_form": "bà"}
    lan.post(f"{AWARDS}/{form_id}/honourees/new", expect=302, **facts)
    page = lan.post(f"{AWARDS}/{form_id}/honourees/new", expect=422, note="lần hai", **facts).get_data(as_text=True)
    assert "Tên này với chức vụ, đơn vị này đã có trong danh sách." in page
    assert 'value="lần hai"' in page
    assert names(form_id) == ["Y Mẫu"]


def test_a_locked_list_refuses_and_keeps_what_was_typed(lan: Person, conference: Conference) -> None:
    form_id = fill(conference.id)
    awards.decide(conference.id, form_id, DECISION, account_id())
    one = awards.award_list(conference.id, form_id).individuals[0]
    typed = {"kind": "individual", "printed_name": "Tên Mới", "post": "Giáo viên"}
    locked = "Danh sách đã khóa theo Quyết định số 1234/QĐ-UBND."
    for path, fields in [
        ("honourees/new", typed), (f"honourees/{one.id}", typed),
        ("honourees/lines", {"kind": "individual", "lines": "Tên Mới; Giáo viên"}),
        ("facts", {"authority": "Tên Mới"}), ("decision", WRITTEN | {"decided_by": "Tên Mới"}),
    ]:
        page = lan.post(f"{AWARDS}/{form_id}/{path}", expect=409, **fields).get_data(as_text=True)
        assert locked in page, path
        assert "Tên Mới" in page or path == "decision", path
    lan.post(f"{AWARDS}/{form_id}/honourees/{one.id}/removal", expect=409)
    lan.post(f"{AWARDS}/{form_id}/honourees/{one.id}/place", expect=409, step="1")
    page = lan.get(f"{AWARDS}/{form_id}").get_data(as_text=True)
    links = [f'honourees/{one.id}"', f"honourees/{one.id}/place", f"honourees/{one.id}/removal"]
    assert "Dán nhiều dòng" not in page and [link for link in links if link in page] == []
    lan.post(f"{AWARDS}/{form_id}/decision/withdrawal", expect=422, reason="")
    lan.post(f"{AWARDS}/{form_id}/decision/withdrawal", expect=302, reason="Sai chức vụ ở dòng 3")
    assert "Lý do: Sai chức vụ ở dòng 3" in lan.get(f"{AWARDS}/{form_id}").get_data(as_text=True)
    lan.post(f"{AWARDS}/{form_id}/honourees/{one.id}/removal", expect=302)
    assert len(names(form_id)) == 9


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"number": ""}, "Cần điền mục này."),
        ({"number": "1" * 61}, "Dài nhất 60 ký tự."),
        ({"decided_on": "31/02/2015"}, "Tháng 02 năm 2015 chỉ có 28 ngày."),
        ({"decided_on": "28/12/2199"}, "Ngày của Quyết định chưa đến; ghi sau khi đã ký."),
    ],
)
def test_decision_that_cannot_be_comes_back_as_typed(lan: Person, conference: Conference, change: dict[str, str], sentence: str) -> None:
    form_id = fill(conference.id)
    page = lan.post(f"{AWARDS}/{form_id}/decision", expect=422, **(WRITTEN | change)).get_data(as_text=True)
    assert sentence in page and f'value="{WRITTEN["decided_by"]}"' in page
    assert form_of().decision_number is None


def test_number_of_the_decision_is_never_filled_in(lan: Person, conference: Conference) -> None:
    page = lan.get(f"{AWARDS}/{fill(conference.id)}/decision").get_data(as_text=True)
    typed = {name: value for name, value in re.findall(r'<input[^>]* name="(number|decided_\w+)"[^>]* value="([^"]*)"', page)}
    assert typed == {"number": "", "decided_on": "", "decided_by": "Chủ tịch Ủy ban nhân dân tỉnh Kon Tum"}


def test_press_sees_only_decided_lists_and_only_after_the_announcement(
    lan: Person, stranger: Person, conference: Conference
) -> None:
    decided, by = fill(conference.id), account_id()
    honourees.add(conference.id, form_of("W2").id, HonoureeFacts("collective", "Tập thể Chưa Quyết Định"), by)
    lan.post(f"{AWARDS}/announcement", expect=409)
    lan.post(f"{AWARDS}/{decided}/decision", expect=302, **WRITTEN)
    press = f"/e/{SLUG}/press"
    assert "Y Mẫu" not in stranger.get(press).get_data(as_text=True)
    lan.get(f"{AWARDS}/announcement")
    lan.post(f"{AWARDS}/announcement", expect=302)
    page = stranger.get(press).get_data(as_text=True)
    assert page.count("Y Mẫu") == 10
    assert "Chưa Quyết Định" not in page
    lan.post(f"{AWARDS}/{decided}/decision/withdrawal", expect=409, reason="Sai tên")
    lan.post(f"{AWARDS}/announcement/withdrawal", expect=422, reason="")
    lan.post(f"{AWARDS}/announcement/withdrawal", expect=302, reason="Đọc nhầm")
    assert "Y Mẫu" not in stranger.get(press).get_data(as_text=True)


@pytest.mark.parametrize("who", ["oanh", "ha", "minh", "tuan", "dung"])
def test_roles_without_the_right_get_403_and_no_name(who: str, conference: Conference, request: pytest.FixtureRequest) -> None:
    form_id, person = fill(conference.id), request.getfixturevalue(who)
    one = awards.award_list(conference.id, form_id).individuals[0]
    for path in ("", "?q=mau", f"/{form_id}", f"/{form_id}/list.pdf", f"/{form_id}/calling", f"/{form_id}/decision", f"/{form_id}/facts",
                 f"/{form_id}/honourees/new", f"/{form_id}/honourees/lines", f"/{form_id}/honourees/{one.id}", "/announcement", "/new"):  # fmt: skip
        page = person.get(AWARDS + path, expect=403).get_data(as_text=True)
        assert "Mẫu" not in page, path
    for path in (f"/{form_id}/honourees/{one.id}/removal", f"/{form_id}/honourees/{one.id}/place", f"/{form_id}/decision/withdrawal",
                 "/announcement", "/announcement/withdrawal", f"/{form_id}/honourees/lines"):  # fmt: skip
        person.post(AWARDS + path, expect=403, step="1", reason="x", kind="collective", lines="Tập thể")
    for path in (f"/office/{SLUG}/", f"/e/{SLUG}/", f"/e/{SLUG}/press"):
        page = person.get(path).get_data(as_text=True)
        assert "Y Mẫu" not in page and "huyện Mẫu" not in page, path


def test_stranger_is_sent_to_the_sign_in(stranger: Person, conference: Conference) -> None:
    form_id = fill(conference.id)
    assert stranger.get(f"{AWARDS}/{form_id}/list.pdf", expect=302).headers["Location"].startswith("/sign-in")


def test_list_of_another_conference_is_not_found(lan: Person, quantri: Person, conference: Conference) -> None:
    form_id = fill(conference.id)
    one = awards.award_list(conference.id, form_id).individuals[0]
    other = conferences.copy(conference.id, "Hội nghị khác", "Hội nghị khác", account_id("quantri"))
    there = f"/office/{other.slug}/awards"
    for path in (f"/{form_id}", f"/{form_id}/list.pdf", f"/{form_id}/calling", f"/{form_id}/decision", f"/{form_id}/facts",
                 f"/{form_id}/honourees/new", f"/{form_id}/honourees/lines", f"/{form_id}/honourees/{one.id}"):  # fmt: skip
        quantri.get(there + path, expect=404)
    quantri.post(f"{there}/{form_id}/honourees/{one.id}/removal", expect=404)
    quantri.post(f"{there}/{form_id}/decision", expect=404, **WRITTEN)
    lan.get(there, expect=403)
    assert len(names(form_id)) == 10


def test_every_page_opens_empty_filled_and_locked(lan: Person, conference: Conference) -> None:
    form_id = form_of().id
    pages = [AWARDS, f"{AWARDS}?q=khong co", f"{AWARDS}/new", f"{AWARDS}/announcement"]
    pages += [f"{AWARDS}/{form_id}{path}" for path in ("", "?q=x", "/facts", "/decision", "/calling", "/honourees/new?kind=individual", "/honourees/lines")]
    for url in pages:
        lan.get(url)
    fill(conference.id)
    for url in pages:
        lan.get(url)
    awards.decide(conference.id, form_id, DECISION, account_id())
    awards.announce(conference.id, account_id())
    for url in pages:
        lan.get(url)
    lan.post(f"{AWARDS}/new", expect=302, name="Giấy khen", authority="Giám đốc Sở Mẫu", at_conference="y")
    lan.post(f"{AWARDS}/new", expect=422, name="Giấy khen", authority="")


def test_calling_list_says_the_form_of_address_once(lan: Person) -> None:
    form_id = form_of().id
    lan.post(f"{AWARDS}/{form_id}/honourees/new", expect=302, kind="individual", printed_name="Bà Y Mẫu", post="Giáo viên")
    lan.post(f"{AWARDS}/{form_id}/honourees/new", expect=302, kind="individual", printed_name="Lê Thử", post="Giáo viên", address_form="ông")
    page = lan.get(f"{AWARDS}/{form_id}/calling").get_data(as_text=True)
    assert "<b>Bà Y Mẫu</b>" in page and "<b>Ông Lê Thử</b>" in page


def test_pages_ask_the_database_as_often_for_many_names_as_for_one(lan: Person, conference: Conference) -> None:
    form_id = form_of().id
    honourees.add_lines(conference.id, form_id, "collective", "Tập thể Mẫu", account_id())

    def asked() -> list[int]:
        statements: list[str] = []
        counts = []

        def count(*told: Any) -> None:
            statements.append(told[2])

        sa.event.listen(db.engine, "before_cursor_execute", count)
        for path in ("?q=mau", f"/{form_id}", f"/{form_id}/calling"):
            statements.clear()
            lan.get(AWARDS + path)
            counts.append(len(statements))
        sa.event.remove(db.engine, "before_cursor_execute", count)
        return counts

    before = asked()
    honourees.add_lines(conference.id, form_id, "collective", "\n".join(f"Tập thể Mẫu {n}" for n in range(80)), account_id())
    assert asked() == before


def test_form_that_is_taken_in_the_locked_time_dates_the_day_as_entered(lan: Person, conference: Conference) -> None:
    form_id = fill(conference.id)
    lan.post(f"{AWARDS}/{form_id}/decision", expect=302, **WRITTEN)
    db.session.expire_all()
    assert (form_of().decision_number, form_of().decision_on, form_of().decision_by) == (
        "1234/QĐ-UBND", date(2015, 12, 28), "Chủ tịch Ủy ban nhân dân tỉnh Kon Tum",
    )  # fmt: skip
