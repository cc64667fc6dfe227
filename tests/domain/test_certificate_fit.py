"""A long name on a certificate is measured, told of with a proposal, and never cut."""

from __future__ import annotations

from dataclasses import replace

from eventmgr.documents.font_widths import width_of
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.certificate_fit import misfits, smallest, wrapped
from eventmgr.domain.certificates import DEFAULTS, PAGE, Certificate, Line, lines_of

PLACES = DEFAULTS[RecipientKind.INDIVIDUAL]


def said(name: str, post: str = "Trưởng thôn") -> dict[Line, str]:
    return lines_of(Certificate(RecipientKind.INDIVIDUAL, "Bà", name, post, "Đã có thành tích", "Kon Tum", None, "CHỦ TỊCH", "", "", None))


def wide(text: str, size: int, bold: bool) -> float:
    return len(text) * size / 100  # one letter: a tenth of its size in mm


def test_short_words_fit_and_nothing_is_said() -> None:
    assert misfits(said("Y Mẫu"), PLACES, PAGE, wide) == []


def test_a_long_name_gets_the_largest_size_that_fits_within_the_minimum() -> None:
    (found,) = misfits(said("Y " + "Mẫu " * 26), PLACES, PAGE, wide)  # 105 letters at 32 pt: 336 mm in a box of 300
    assert (found.line, found.lines, found.size, found.lines_then) == (Line.NAME, 2, 285, 1)
    assert found.sentence == "Tên: cần 2 dòng cao 28,2 mm, chỗ chỉ có 15 mm. Đề nghị: cỡ 28,5 pt, in một dòng."


def test_what_no_allowed_size_holds_is_told_as_such() -> None:
    (found,) = misfits(said("Y " + "Mẫu " * 74), PLACES, PAGE, wide)
    assert found.size is None and smallest(320) == 192 and "19,2 pt" in found.sentence and "nới bề rộng" in found.sentence


def test_a_word_wider_than_its_box_is_no_fit() -> None:
    assert wrapped("M" * 100, replace(PLACES[Line.NAME], width=1000), 320, wide) is None


def test_letters_are_as_wide_as_the_font_of_print_says() -> None:
    assert round(width_of("Nguyễn Thị Ví Dụ", 320, True), 1) == 88.1
    assert width_of("ế", 100, False) == width_of("e", 100, False)
