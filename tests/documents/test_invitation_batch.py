from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eventmgr.documents.invitation import render_invitations
from eventmgr.documents.sheets import InvitationSheet
from tests.documents import reading
from tests.documents.samples import COMMITTEE, DRAFT, LETTER, LONG, pdf_of


def numbered(count: int) -> list[InvitationSheet]:
    return [
        replace(
            LETTER,
            number=str(n),
            addressee=f"đồng chí đại biểu thứ {n}" + ", Ủy viên Ban Thường vụ Tỉnh ủy" * (n % 5),
            qr_text=f"HTTPS://HOINGHI.EXAMPLE/I/7K3MQ9ZDR2VX{n:04d}",
            code_groups=f"7K3M Q9ZD R2VX {n:04d}",
        )
        for n in range(1, count + 1)
    ]


def test_letters_of_a_batch_look_exactly_like_letters_printed_alone(tmp_path: Path) -> None:
    sheets = [*numbered(3), DRAFT, replace(LETTER, letterhead=COMMITTEE, kinh_gui=True), *numbered(6)[3:]]
    batch = render_invitations(sheets)
    assert reading.page_count(batch) == len(sheets)
    for page, sheet in enumerate(sheets, 1):
        alone = render_invitations([sheet])
        assert reading.text(batch, page) == reading.text(alone)
        (tmp_path / str(page)).mkdir()
        together = reading.picture(batch, page, tmp_path, 60).tobytes()
        assert together == reading.picture(alone, 1, tmp_path / str(page), 60).tobytes()


def test_each_letter_of_a_batch_begins_on_a_new_page_and_counts_from_one() -> None:
    pdf = pdf_of(LONG, replace(LONG, addressee="bà Y Mửi"), LETTER, replace(LONG, addressee="ông A Pớt"))
    tops = [[word.text for word in reading.words(pdf, page) if word.top < 20] for page in range(1, 8)]
    assert tops == [[], ["2"], [], ["2"], [], [], ["2"]]
    assert ["GIẤY MỜI" in reading.text(pdf, page) for page in range(1, 8)] == [
        True,
        False,
        True,
        False,
        True,
        True,
        False,
    ]


def test_letters_keep_their_order_when_their_wording_differs() -> None:
    sheets = [LETTER, DRAFT, replace(LETTER, addressee="bà Y Mửi"), replace(DRAFT, addressee="ông A Pớt")]
    pdf = pdf_of(*sheets)
    found = [
        next(name for name in ("Y Mửi", "A Pớt", "Tu Mơ") if name in reading.text(pdf, page)) for page in range(1, 5)
    ]
    assert found == ["Tu Mơ", "Tu Mơ", "Y Mửi", "A Pớt"]
    assert ["Số: 05" in reading.text(pdf, page) for page in range(1, 5)] == [True, False, True, False]


def test_every_page_carries_its_own_code(tmp_path: Path) -> None:
    sheets = numbered(6)
    pdf = render_invitations(sheets)
    codes = [reading.qr_codes(reading.picture(pdf, page, tmp_path)) for page in range(1, 7)]
    assert codes == [[sheet.qr_text] for sheet in sheets]


def test_progress_grows_and_ends_at_the_whole() -> None:
    told: list[tuple[int, int]] = []
    render_invitations(numbered(95), lambda done, total: told.append((done, total)))
    assert told == [(40, 95), (80, 95), (95, 95)]


def test_same_sheets_give_the_same_bytes() -> None:
    assert render_invitations(numbered(3)) == render_invitations(numbered(3))


def test_a_hundred_letters_take_four_kilobytes_each_at_most() -> None:
    assert len(render_invitations(numbered(100))) <= 100 * 4096


def test_nothing_to_print_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to print"):
        render_invitations([])
