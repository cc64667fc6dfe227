from __future__ import annotations

from dataclasses import replace
from datetime import date

from eventmgr.documents.award_list import render_award_list
from eventmgr.documents.press_list import render_press_list
from eventmgr.documents.programme import render_programme
from eventmgr.documents.sheets import (
    AwardedCollective,
    AwardedPerson,
    AwardListSheet,
    PressListSheet,
    PressPerson,
    ProgrammeRow,
    ProgrammeSheet,
    ProgrammeStep,
    SignInRow,
    SignInSheet,
)
from eventmgr.documents.sign_in import render_sign_in
from tests.documents import reading
from tests.documents.samples import OFFICE

PROGRAMME = ProgrammeSheet(
    rows=(
        ProgrammeRow(
            None,
            "Lãnh đạo Văn phòng UBND tỉnh",
            (ProgrammeStep("Ổn định tổ chức, giới thiệu đại biểu"), ProgrammeStep("Thông qua Chương trình Hội nghị")),
        ),
        ProgrammeRow("Khai mạc và chủ trì Hội nghị", "Lãnh đạo UBND tỉnh", time="Từ 08 giờ 00"),
        ProgrammeRow(
            "Thông qua các báo cáo tham luận:",
            "",
            (ProgrammeStep("Lĩnh vực Y tế", "Lãnh đạo Sở Y tế"), ProgrammeStep("Mô hình thí điểm", "Ban Dân tộc tỉnh")),
            numbered=True,
        ),
    ),
    source_note=("Kèm theo Kế hoạch số 2809/KH-UBND ngày 02/12/2015", "của Ủy ban nhân dân tỉnh Kon Tum"),
)
AWARDS = AwardListSheet(
    award_line="TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG BẰNG KHEN CỦA CHỦ TỊCH UBND TỈNH",
    achievement="Đã có thành tích xuất sắc giai đoạn I (2011-2015)",
    decided_by="Chủ tịch Ủy ban nhân dân tỉnh Kon Tum",
    collectives=(AwardedCollective("Tập thể Mẫu Một"), AwardedCollective("Tập thể Mẫu Hai", "Đơn vị điển hình")),
    persons=(AwardedPerson("Y Mửi", "Chuyên viên Sở Mẫu"), AwardedPerson("ĐẶNG Thị Thuý", "Giám đốc Sở Mẫu")),
)


def test_programme_prints_the_three_fixed_columns_and_its_rows() -> None:
    assert reading.text(render_programme(PROGRAMME)) == (
        "CHƯƠNG TRÌNH HỘI NGHỊ (Kèm theo Kế hoạch số 2809/KH-UBND ngày 02/12/2015 của Ủy ban nhân dân tỉnh Kon Tum) "
        "TT Nội dung Hội nghị Người thực hiện "
        "1 - Ổn định tổ chức, giới thiệu đại biểu - Thông qua Chương trình Hội nghị Lãnh đạo Văn phòng UBND tỉnh "
        "2 Khai mạc và chủ trì Hội nghị Lãnh đạo UBND tỉnh "
        "3 Thông qua các báo cáo tham luận: "
        "(1) Lĩnh vực Y tế Lãnh đạo Sở Y tế "
        "(2) Mô hình thí điểm Ban Dân tộc tỉnh"
    )


def test_programme_has_its_time_column_only_when_asked() -> None:
    text = reading.text(render_programme(replace(PROGRAMME, with_times=True)))
    assert "Thời gian TT Nội dung Hội nghị Người thực hiện" in text
    assert "Từ 08 giờ 00 2 Khai mạc và chủ trì Hội nghị" in text


def test_programme_repeats_its_headings_and_numbers_its_pages() -> None:
    pdf = render_programme(replace(PROGRAMME, rows=PROGRAMME.rows * 12))
    assert [reading.text(pdf, page).count("TT Nội dung Hội nghị Người thực hiện") for page in (1, 2, 3)] == [1, 1, 1]
    assert [word.text for page in (1, 2, 3) for word in reading.words(pdf, page) if word.top < 20] == ["2", "3"]
    assert not [word for word in reading.words(pdf, 1) if word.top < 24 or word.top > 277]


def test_programme_of_the_2011_form_numbers_its_pages_at_the_bottom_right() -> None:
    pdf = render_programme(replace(PROGRAMME, rows=PROGRAMME.rows * 12, form="tt01"))
    assert [word.text for word in reading.words(pdf, 1) if word.top > 277] == []
    (number,) = [word for word in reading.words(pdf, 2) if word.top > 277]
    assert (number.text, round(number.right)) == ("2", 190)


def test_programme_under_a_letterhead_keeps_number_and_date_on_one_baseline() -> None:
    pdf = render_programme(
        replace(PROGRAMME, letterhead=replace(OFFICE, symbol="CTr-VP"), number="7", dated_on=date(2015, 12, 5))
    )
    assert abs(reading.baseline(pdf, "Số: 07/CTr-VP") - reading.baseline(pdf, "Kon Tum, ngày 05")) < 0.02


def test_programme_names_its_annex_when_there_are_several() -> None:
    assert reading.text(render_programme(replace(PROGRAMME, annex_label="Phụ lục I"))).startswith(
        "Phụ lục I CHƯƠNG TRÌNH HỘI NGHỊ"
    )


def test_award_list_numbers_each_part_and_counts_at_the_end() -> None:
    sheet = replace(AWARDS, decision_number="1234", decided_on=date(2015, 12, 28))
    assert reading.text(render_award_list(sheet)) == (
        "DANH SÁCH TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG BẰNG KHEN CỦA CHỦ TỊCH UBND TỈNH "
        "Đã có thành tích xuất sắc giai đoạn I (2011-2015) "
        "(Kèm theo Quyết định số 1234/QĐ-UBND ngày 28 tháng 12 năm 2015 của Chủ tịch Ủy ban nhân dân tỉnh Kon Tum) "
        "I. TẬP THỂ TT Tên tập thể Ghi chú 1 Tập thể Mẫu Một 2 Tập thể Mẫu Hai Đơn vị điển hình "
        "II. CÁ NHÂN TT Họ và tên Chức vụ, đơn vị công tác Ghi chú "
        "1 Y Mửi Chuyên viên Sở Mẫu 2 ĐẶNG Thị Thuý Giám đốc Sở Mẫu "
        "(Danh sách này có 02 tập thể và 02 cá nhân)"
    )


def test_award_list_without_a_decision_leaves_its_number_and_day_open() -> None:
    assert "(Kèm theo Quyết định số /QĐ-UBND ngày tháng năm của Chủ tịch" in reading.text(render_award_list(AWARDS))


def test_award_list_can_begin_with_persons() -> None:
    text = reading.text(render_award_list(replace(AWARDS, collectives_first=False)))
    assert "I. CÁ NHÂN TT Họ và tên" in text
    assert "II. TẬP THỂ TT Tên tập thể" in text
    assert text.endswith("(Danh sách này có 02 cá nhân và 02 tập thể)")


def test_award_list_of_persons_only_has_one_part() -> None:
    text = reading.text(render_award_list(replace(AWARDS, collectives=())))
    assert "TT Tên tập thể" not in text
    assert "I. CÁ NHÂN" in text
    assert text.endswith("(Danh sách này có 02 cá nhân)")


def test_award_list_repeats_its_headings() -> None:
    pdf = render_award_list(replace(AWARDS, persons=AWARDS.persons * 30))
    assert reading.text(pdf, 2).startswith("II. CÁ NHÂN TT Họ và tên")


def test_sign_in_list_is_landscape_with_a_place_to_sign_for_everyone() -> None:
    rows = tuple(SignInRow(f"Đại biểu {n}", "Phó Giám đốc Sở Mẫu", "Ban VSTBPN") for n in range(1, 61))
    pdf = render_sign_in(SignInSheet("Hội nghị Mẫu", "07 giờ 30, ngày 29/12/2015", rows, "Cửa chính"))
    box = reading.PdfReader(reading.io.BytesIO(pdf)).pages[0].mediabox
    assert float(box.width) > float(box.height)
    assert reading.text(pdf, 2).startswith("TT Họ và tên Chức vụ, đơn vị Ghi chú Giờ đến Ký tên")
    text = reading.text(pdf)
    assert [n for n in range(1, 61) if f"{n} Đại biểu {n} Phó Giám đốc Sở Mẫu" not in text] == []
    assert (text.count("Ban VSTBPN"), "Danh sách này có 60 đại biểu." in text) == (1, True)
    pages = len(reading.PdfReader(reading.io.BytesIO(pdf)).pages)
    assert [number for number in range(1, pages + 1) if f"Trang {number}/{pages}" not in text] == []


def test_press_list_spells_names_as_typed() -> None:
    people = (PressPerson("ĐẶNG Thị Thuý", "Phó Chủ tịch UBND tỉnh", "Chủ trì"), PressPerson("", "Giám đốc Sở Y tế"))
    sheet = PressListSheet("Hội nghị Mẫu", "Ngày 29/12/2015", people, note="Danh sách có thể thay đổi.")
    assert reading.text(render_press_list(sheet)) == (
        "DANH SÁCH LÃNH ĐẠO, NGƯỜI TRÌNH BÀY TẠI HỘI NGHỊ Hội nghị Mẫu Ngày 29/12/2015 "
        "TT Họ và tên Chức vụ, đơn vị Nội dung 1 ĐẶNG Thị Thuý Phó Chủ tịch UBND tỉnh Chủ trì "
        "2 Giám đốc Sở Y tế Danh sách có thể thay đổi."
    )


def test_hostile_names_are_text_on_every_list() -> None:
    name = '<script>alert("1")</script> {{7*7}}'
    award = replace(AWARDS, persons=(AwardedPerson(name, name, name),), award_line=name, decided_by=name)
    press = PressListSheet(name, name, (PressPerson(name, name, name),), note=name)
    programme = ProgrammeSheet((ProgrammeRow(name, name, (ProgrammeStep(name, name),), numbered=True),), (name,))
    sign_in = SignInSheet(name, name, (SignInRow(name, name, name),), gate=name)
    pdfs = [render_award_list(award), render_press_list(press), render_programme(programme), render_sign_in(sign_in)]
    # Narrow columns break the name; what counts is that every letter of it is there.
    found = [reading.text(pdf).replace(" ", "").count(name.replace(" ", "")) for pdf in pdfs]
    assert found == [5, 6, 5, 6]
