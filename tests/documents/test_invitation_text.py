from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eventmgr.documents.invitation import render_invitations
from tests.documents import reading
from tests.documents.samples import COMMITTEE, DRAFT, LETTER, LONG, pdf_of


def test_letter_says_what_the_form_prescribes_in_its_order() -> None:
    text = reading.text(pdf_of(LETTER))
    assert text == (
        "UBND TỈNH KON TUM VĂN PHÒNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc "
        "Kon Tum, ngày 23 tháng 12 năm 2015 GIẤY MỜI "
        "Dự Hội nghị sơ kết giai đoạn I (2011-2015) thực hiện Chiến lược quốc gia về bình đẳng giới Số: 05/GM-VP "
        "Thừa lệnh Chủ tịch Ủy ban nhân dân tỉnh, Văn phòng Ủy ban nhân dân tỉnh trân trọng kính mời: "
        "đồng chí Chủ tịch Ủy ban nhân dân huyện Tu Mơ Rông. Mã giấy mời: 7K3M Q9ZD R2VX 4TBN "
        "Tới dự Hội nghị sơ kết, đánh giá giai đoạn I (2011-2015) thực hiện Chiến lược quốc gia về bình đẳng giới "
        "giai đoạn 2011 - 2020. Chủ trì: Lãnh đạo Ủy ban nhân dân tỉnh. "
        "Thời gian: 07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015 (01 buổi). "
        "Địa điểm: Hội trường lớn - Văn phòng Ủy ban nhân dân tỉnh. "
        "Đề nghị đồng chí xác nhận dự họp trước 17 giờ 00 ngày 27 tháng 12 năm 2015 theo mã ở cuối trang "
        "và mang theo giấy mời khi đến dự./. "
        "Nơi nhận: KT. CHÁNH VĂN PHÒNG - Như trên; - CVP, PVP phụ trách VX; - Lưu: VT, VX. PHÓ CHÁNH VĂN PHÒNG "
        "Nguyễn Văn Mẫu "
        "Quét mã hoặc mở hoinghi.example/i để trả lời dự họp, xem tài liệu, chỗ ngồi; xuất trình khi vào cửa. "
        "Đầu mối: Văn phòng UBND tỉnh (phòng Văn xã), điện thoại 060 3862 000"
    )


def test_draft_has_neither_number_nor_day_even_when_they_are_given() -> None:
    text = reading.text(pdf_of(replace(DRAFT, number="17", dated_on=date(2015, 12, 23))))
    assert "Số: /GM-VP" in text
    assert "Kon Tum, ngày tháng 12 năm 2015" in text
    assert "17/GM" not in text
    assert "ngày 23" not in text


def test_draft_without_a_known_month_leaves_the_whole_date_open() -> None:
    text = reading.text(pdf_of(replace(DRAFT, month_hint=None)))
    assert "Kon Tum, ngày tháng năm GIẤY MỜI" in text


def test_draft_leaves_room_for_number_and_day() -> None:
    pdf = pdf_of(DRAFT)
    number, symbol = reading.phrase(pdf, "Số:"), reading.phrase(pdf, "/GM-VP")
    day, month = reading.phrase(pdf, "ngày"), reading.phrase(pdf, "tháng 12 năm 2015")
    assert symbol.left - number.right >= 6
    assert month.left - day.right >= 6


def test_letter_without_an_hour_leaves_room_to_write_it() -> None:
    text = reading.text(pdf_of(replace(LETTER, time_text=None)))
    assert "Thời gian: giờ , ngày tháng năm . Địa điểm" in text


def test_months_from_march_have_no_leading_zero() -> None:
    march = reading.text(pdf_of(replace(LETTER, dated_on=date(2015, 3, 5))))
    february = reading.text(pdf_of(replace(LETTER, dated_on=date(2015, 2, 9))))
    assert "Kon Tum, ngày 05 tháng 3 năm 2015" in march
    assert "Kon Tum, ngày 09 tháng 02 năm 2015" in february


def test_kinh_gui_stands_above_the_body_and_the_opening_runs_on() -> None:
    text = reading.text(pdf_of(replace(LETTER, kinh_gui=True)))
    assert "Kính gửi: đồng chí Chủ tịch Ủy ban nhân dân huyện Tu Mơ Rông." in text
    assert "trân trọng kính mời tới dự Hội nghị sơ kết, đánh giá" in text
    assert text.count("Tu Mơ Rông") == 1


def test_signing_by_order_prints_every_line() -> None:
    lines = ("TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG")
    pdf = pdf_of(replace(LETTER, letterhead=COMMITTEE, signer_lines=lines))
    tops = [reading.phrase(pdf, line).top for line in lines]
    assert tops == sorted(tops)
    assert tops[2] - tops[0] < 15


def test_seat_is_printed_beside_the_code() -> None:
    pdf = pdf_of(replace(LETTER, seat="Hàng A, ghế 12"))
    assert "Mã giấy mời: 7K3M Q9ZD R2VX 4TBN · Chỗ ngồi: Hàng A, ghế 12" in reading.text(pdf)


def test_letter_without_code_and_contact_has_no_foot() -> None:
    bare = replace(LETTER, qr_text=None, code_groups=None, reply_line=None, contact=None)
    assert len(reading.lines(pdf_of(bare))) == len(reading.lines(pdf_of(LETTER))) - 1


def test_qr_code_is_read_back_from_the_page(tmp_path: Path) -> None:
    assert reading.qr_codes(reading.picture(pdf_of(LETTER), 1, tmp_path)) == [LETTER.qr_text]
    assert reading.qr_codes(reading.picture(pdf_of(LONG), 2, tmp_path)) == []


def test_fonts_are_embedded_and_hold_all_vietnamese_letters() -> None:
    pdf = pdf_of(replace(LETTER, addressee="ẶẴỖỢỮỴ đĐ ơƯ ẳẵặẩẫậểễệỉĩịổỗộởỡợửữựỷỹỵ"))
    assert "ẶẴỖỢỮỴ đĐ ơƯ ẳẵặẩẫậểễệỉĩịổỗộởỡợửữựỷỹỵ" in reading.text(pdf)
    assert reading.fonts(pdf) == [
        ("Liberation-Serif", True),
        ("Liberation-Serif-Bold", True),
        ("Liberation-Serif-Bold-Italic", True),
        ("Liberation-Serif-Italic", True),
    ]


def test_text_of_the_pdf_is_nfc_whatever_was_typed() -> None:
    typed = unicodedata.normalize("NFD", "đồng chí Nguyễn Thị Thuỷ, Phó Chủ tịch huyện Đăk Hà")
    text = reading.text(pdf_of(replace(LETTER, addressee=typed)))
    assert "đồng chí Nguyễn Thị Thuỷ, Phó Chủ tịch huyện Đăk Hà" in text
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{7*7}} {% raw %}", "{{7*7}} {% raw %}"),
        ("=1+1", "=1+1"),
        ('"><img src="http://example.org/x.png">', '"><img src="http://example.org/x.png">'),
        ("A\u202eB\u200fC\u0000D\u0007E", "ABCDE"),
        ("hai\ndòng\tmột", "hai dòng một"),
    ],
)
def test_hostile_text_is_printed_as_text(typed: str, printed: str) -> None:
    sheet = replace(LETTER, addressee=f"ông {typed} hết", subject=f"Về {typed}", seat=typed, contact=typed)
    text = reading.text(pdf_of(sheet))
    assert f"mời: ông {printed} hết" in text
    assert f"Chỗ ngồi: {printed}" in text
    assert f"Đầu mối: {printed}" in text


def test_emoji_does_not_stop_the_letter() -> None:
    text = reading.text(pdf_of(replace(LETTER, addressee="bà Y Mửi \U0001f600 và ông A Pớt")))
    assert "bà Y Mửi" in text
    assert "và ông A Pớt" in text


def test_addressee_of_300_letters_wraps_inside_the_margins() -> None:
    post = "Ủy viên Ban Thường vụ Tỉnh ủy, Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh, " * 4
    pdf = pdf_of(replace(LETTER, addressee=post[:300].strip()))
    assert post[:300].strip() in reading.text(pdf)
    assert max(word.right for word in reading.words(pdf)) <= 190.5
    before = [y for _, y in reading.baselines(pdf) if 75 < y < reading.baseline(pdf, "Tới dự")]
    assert len(before) == 6
    assert reading.baseline(pdf, "Tới dự") - max(before) == pytest.approx(8.3, abs=0.2)


def test_word_of_300_letters_is_broken_inside_the_margins() -> None:
    pdf = pdf_of(replace(LETTER, addressee="W" * 300))
    assert max(word.right for word in reading.words(pdf)) <= 190.5
    assert reading.text(pdf).replace(" ", "").count("W") == 300


def test_addressee_longer_than_the_page_flows_on_to_the_next() -> None:
    names = [f"đồng chí đại biểu thứ {n}" for n in range(1, 200)]
    pdf = pdf_of(replace(LETTER, addressee=", ".join(names)))
    assert reading.page_count(pdf) == 3
    text = reading.text(pdf)
    assert [text.count(f"thứ {n},") for n in range(1, 199)] == [1] * 198


def test_head_that_does_not_fit_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="more text than its place"):
        render_invitations([replace(LETTER, subject="Về việc họp bàn " * 400)])
