"""The official form to the millimetre: what domain/invitation.md §12 asks to be checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from eventmgr.documents.sheets import InvitationSheet, Letterhead
from tests.documents import reading
from tests.documents.samples import COMMITTEE, DRAFT, LETTER, LONG, OFFICE, pdf_of

LEFT, RIGHT = 35.0, 190.0


def of(letterhead: Letterhead, form: str = "nd30", sheet: InvitationSheet = LETTER) -> bytes:
    return pdf_of(replace(sheet, letterhead=replace(letterhead, form=form)))


@pytest.mark.parametrize("letterhead", [OFFICE, COMMITTEE], ids=["office", "committee"])
@pytest.mark.parametrize("form", ["nd30", "tt01"])
def test_national_name_stands_on_one_line_of_13_points(letterhead: Letterhead, form: str) -> None:
    name = reading.phrase(of(letterhead, form), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert name.right - name.left == pytest.approx(95.7, abs=0.9)
    assert name.right <= RIGHT


@pytest.mark.parametrize("letterhead", [OFFICE, COMMITTEE], ids=["office", "committee"])
def test_line_under_the_motto_is_as_long_as_the_motto(letterhead: Letterhead) -> None:
    pdf = of(letterhead)
    motto = reading.phrase(pdf, "Độc lập - Tự do - Hạnh phúc")
    line = next(line for line in reading.lines(pdf) if line.left > 100)
    assert line.length == pytest.approx(motto.right - motto.left, abs=0.5)
    assert line.length == pytest.approx(60.5, abs=0.5)
    assert line.left == pytest.approx(motto.left, abs=0.5)
    assert 0 < line.top - reading.baseline(pdf, "Độc lập") < 3


@pytest.mark.parametrize(
    ("letterhead", "last_line", "shortest", "longest"),
    [(OFFICE, "VĂN PHÒNG", 9, 14), (COMMITTEE, "TỈNH KON TUM", 12, 18)],
    ids=["office", "committee"],
)
def test_line_under_the_agency_is_a_third_to_half_of_its_name(
    letterhead: Letterhead, last_line: str, shortest: float, longest: float
) -> None:
    pdf = of(letterhead)
    name = reading.phrase(pdf, last_line)
    line = reading.lines(pdf)[0]
    assert shortest <= line.length <= longest
    assert (name.right - name.left) / 3 <= line.length <= (name.right - name.left) / 2
    assert line.middle == pytest.approx((name.left + name.right) / 2, abs=0.3)


def test_line_under_the_subject_is_a_third_to_half_of_its_first_line() -> None:
    pdf = pdf_of(LETTER)
    subject = reading.phrase(pdf, "Dự Hội nghị sơ kết giai đoạn I (2011-2015) thực hiện Chiến lược quốc gia")
    line = next(line for line in reading.lines(pdf) if line.top > reading.baseline(pdf, "về bình đẳng giới"))
    assert (subject.right - subject.left) / 3 <= line.length <= (subject.right - subject.left) / 2
    assert line.middle == pytest.approx((LEFT + RIGHT) / 2, abs=0.3)


@pytest.mark.parametrize("letterhead", [OFFICE, COMMITTEE], ids=["office", "committee"])
def test_number_and_date_share_a_baseline(letterhead: Letterhead) -> None:
    pdf = of(letterhead)
    assert reading.baseline(pdf, "Số: 05") == pytest.approx(reading.baseline(pdf, "Kon Tum, ngày"), abs=0.02)


def test_number_stays_on_the_date_line_when_the_agency_name_is_long() -> None:
    long_name = replace(OFFICE, agency_lines=("BAN VÌ SỰ TIẾN BỘ PHỤ NỮ VÀ BÌNH ĐẲNG GIỚI TỈNH KON TUM",))
    pdf = of(long_name)
    assert reading.baseline(pdf, "Số: 05") == pytest.approx(reading.baseline(pdf, "Kon Tum, ngày"), abs=0.02)
    assert reading.baseline(pdf, "Số: 05") > reading.baseline(pdf, "TỈNH KON TUM") + 3


def test_office_has_its_superior_above_and_the_committee_never() -> None:
    office, committee = pdf_of(LETTER), of(replace(COMMITTEE, superior_line="UBND TỈNH KON TUM"))
    assert reading.text(office).startswith("UBND TỈNH KON TUM VĂN PHÒNG CỘNG HÒA")
    assert reading.text(committee).startswith("ỦY BAN NHÂN DÂN TỈNH KON TUM CỘNG HÒA")
    assert "Số: 05/GM-UBND" in reading.text(committee)


def test_first_lines_of_both_header_columns_are_level() -> None:
    pdf = pdf_of(LETTER)
    assert reading.baseline(pdf, "UBND TỈNH") == pytest.approx(reading.baseline(pdf, "CỘNG HÒA"), abs=0.02)


@pytest.mark.parametrize("page", [1, 2])
def test_text_keeps_the_margins(page: int) -> None:
    found = reading.words(pdf_of(LONG), page)
    texts = [word for word in found if word.text != "2"]
    assert min(word.left for word in found) == pytest.approx(LEFT, abs=0.5)
    assert max(word.right for word in found) <= RIGHT + 0.5
    assert 24.0 <= min(word.top for word in texts) <= 27.0
    assert max(word.bottom for word in texts) <= 297 - 20


def test_paper_is_a4() -> None:
    box = reading.PdfReader(reading.io.BytesIO(pdf_of(LETTER))).pages[0].mediabox
    assert (round(float(box.width) * reading.MM), round(float(box.height) * reading.MM)) == (210, 297)


def test_title_and_subject_are_centred_over_the_text() -> None:
    title = reading.phrase(pdf_of(LETTER), "GIẤY MỜI")
    assert (title.left + title.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.3)


def test_body_is_indented_by_ten_millimetres() -> None:
    opening = reading.phrase(pdf_of(LETTER), "Thừa lệnh")
    assert opening.left - LEFT == pytest.approx(10, abs=0.2)


def test_recipients_begin_on_the_baseline_of_the_first_signer_line() -> None:
    pdf = pdf_of(LETTER)
    assert reading.baseline(pdf, "Nơi nhận:") == pytest.approx(reading.baseline(pdf, "KT. CHÁNH"), abs=0.02)
    assert reading.phrase(pdf, "Nơi nhận:").left == pytest.approx(LEFT, abs=0.3)


@pytest.mark.parametrize("signer_lines", [("CHÁNH VĂN PHÒNG",), LETTER.signer_lines])
def test_recipients_follow_their_heading_at_once(signer_lines: tuple[str, ...]) -> None:
    pdf = pdf_of(replace(LETTER, signer_lines=signer_lines))
    assert 3 < reading.baseline(pdf, "- Như trên") - reading.baseline(pdf, "Nơi nhận:") < 6


def test_signature_stands_centred_in_the_right_half_with_room_to_sign() -> None:
    pdf = pdf_of(LETTER)
    post, name = reading.phrase(pdf, "PHÓ CHÁNH VĂN PHÒNG"), reading.phrase(pdf, "Nguyễn Văn Mẫu")
    assert post.left > (LEFT + RIGHT) / 2 - 10
    assert (post.left + post.right) / 2 > 105
    assert (post.left + post.right) / 2 == pytest.approx((name.left + name.right) / 2, abs=0.3)
    assert 25 <= name.top - post.bottom <= 35


def test_page_two_shows_its_number_in_the_middle_of_the_top_margin() -> None:
    number = next(word for word in reading.words(pdf_of(LONG), 2) if word.text == "2")
    assert (number.left + number.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.3)
    assert number.bottom < 20
    assert reading.page_count(pdf_of(LONG)) == 2


def test_page_two_of_the_2011_form_shows_its_number_at_the_bottom_right() -> None:
    number = next(word for word in reading.words(of(OFFICE, "tt01", LONG), 2) if word.text == "2")
    assert number.right == pytest.approx(RIGHT, abs=0.5)
    assert number.top > 277


@pytest.mark.parametrize("form", ["nd30", "tt01"])
def test_page_one_shows_no_number(form: str) -> None:
    found = reading.words(of(OFFICE, form, LONG), 1)
    assert [word.text for word in found if word.top < 24 or word.top > 277] == []


def test_signature_takes_at_least_two_body_lines_to_its_page() -> None:
    alone = []
    for notes in range(1, 8):
        for tail in (
            "Trân trọng.",
            "Đề nghị đồng chí mang theo giấy mời và các tài liệu kèm theo để trao đổi tại Hội nghị sơ kết.",
        ):
            sheet = replace(LONG, notes=(*LONG.notes[:notes], tail), contact=None)
            pdf = pdf_of(sheet)
            last = reading.page_count(pdf)
            if last == 1:
                continue
            signing = reading.baseline(pdf, "KT. CHÁNH", last)
            alone.append(len({round(y, 1) for _, y in reading.baselines(pdf, last) if 22 < y < signing - 1}) < 2)
    assert len(alone) >= 4
    assert alone == [False] * len(alone)


def test_qr_stands_below_the_form_at_least_20_mm_wide(tmp_path: Path) -> None:
    pdf = pdf_of(LETTER)
    left, top, right, bottom = dark_box(reading.picture(pdf, 1, tmp_path, 300), (25, 248, 61, 285))
    assert right - left >= 20
    assert right - left == pytest.approx(bottom - top, abs=0.2)
    assert left == pytest.approx(LEFT, abs=0.2)
    foot = reading.lines(pdf)[-1]
    module = (right - left) / 29
    assert top - foot.top >= 4 * module
    assert foot.length == pytest.approx(155, abs=0.5)
    assert foot.top > reading.phrase(pdf, "Nguyễn Văn Mẫu").bottom
    assert reading.phrase(pdf, "Mã giấy mời: 7K3M Q9ZD R2VX 4TBN").left - right >= 4 * module


def test_draft_carries_a_light_watermark_under_its_words(tmp_path: Path) -> None:
    draft = reading.picture(pdf_of(DRAFT), 1, tmp_path, 60)
    issued = reading.picture(pdf_of(replace(DRAFT, draft=False)), 1, tmp_path, 60)
    assert light_grey(draft) > 3 * light_grey(issued)
    assert reading.text(pdf_of(DRAFT)).startswith("BẢN NHÁP")
    assert "BẢN NHÁP" not in reading.text(pdf_of(LETTER))


def light_grey(image: Image.Image) -> int:
    return sum(image.histogram()[230:242])


def dark_box(image: Image.Image, area: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The box in mm around what is dark in an area given in mm, on a picture of 300 dpi."""
    dots = 300 / 25.4
    part = image.crop(tuple(round(edge * dots) for edge in area)).point(lambda value: 255 if value < 128 else 0)
    left, top, right, bottom = part.getbbox()
    return (area[0] + left / dots, area[1] + top / dots, area[0] + right / dots, area[1] + bottom / dots)
