"""Words with fields: what is named is filled once, what is not is said, and nothing that a value says is read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.text import clean
from eventmgr.domain.wording import (
    GAP,
    Block,
    Field,
    Words,
    departs_from_form,
    fields_of,
    fill,
    filled,
    marked_pieces,
    missing_fields,
    pieces,
    problems_of,
)

VALUES = {Field.NAME: "Trần Thị Mẫu", Field.FORM: "đồng chí", Field.POST: "Chủ tịch", Field.BODY: None}


def test_fields_are_filled_and_a_missing_one_leaves_dots() -> None:
    assert fill("Kính mời {xưng hô} {họ tên}, {đơn vị}", VALUES) == f"Kính mời đồng chí Trần Thị Mẫu, {GAP}"
    assert fill("{Xưng hô} vui lòng", VALUES) == "Đồng chí vui lòng"
    assert fill("{ họ  tên }", VALUES) == "Trần Thị Mẫu"
    assert fill("{ho\u0323 te\u0302n}", VALUES) == "Trần Thị Mẫu"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Mời {ho ten}", "Không có trường {ho ten}. Có phải {họ tên}?"),
        ("Mời {tên}", "Không có trường {tên}. Có phải {họ tên}?"),
        ("Mời {lương}", "Không có trường {lương}. Chọn trường trong danh sách bên dưới ô."),
        ("Mời {}", "Không có trường {}. Chọn trường trong danh sách bên dưới ô."),
        ("Mời {họ tên", "Dấu { ở chỗ “Mời {họ tên” đứng một mình, thiếu dấu }. Viết trọn tên trường, ví dụ {họ tên}."),
        ("Mời họ tên} nhé", "Dấu } ở chỗ “Mời họ tên} nhé” đứng một mình, thiếu dấu {. Viết trọn tên trường, ví dụ {họ tên}."),
    ],
)
def test_what_cannot_be_filled_is_named(text: str, sentence: str) -> None:
    assert problems_of(text) == [sentence]


def test_template_language_is_only_text() -> None:
    for text in ("{{ 7*7 }}", "{% raw %}", "${họ tên}", "{0.__class__}", "{config}"):
        assert (problems_of(text) == []) == (text == "${họ tên}")
    assert fill("${họ tên}", VALUES) == "$Trần Thị Mẫu"
    assert fill("{config} {{7*7}}", VALUES) == "{config} {{7*7}}"


def test_value_is_never_read_again() -> None:
    assert fill("{họ tên}", {Field.NAME: "{chức vụ}", Field.POST: "Chủ tịch"}) == "{chức vụ}"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_value_comes_out_as_it_is(name: str, around: str) -> None:
    around = around.replace("{", "").replace("}", "")
    assert fill(around + "{họ tên}", {Field.NAME: name}) == around + (clean(name) or GAP)


@given(st.text(max_size=80))
def test_any_text_is_either_named_as_wrong_or_filled_whole(text: str) -> None:
    done = fill(text, VALUES)
    if not problems_of(text):
        assert "{" not in done and "}" not in done
    assert "".join(piece.text for piece in pieces(text, VALUES)) == done


@given(st.text(max_size=60), st.text(max_size=30))
def test_marks_are_found_again_and_change_nothing(text: str, name: str) -> None:
    marks = str.maketrans("", "", "\ue000\ue001\ue002")
    values = {Field.NAME: name}
    shown = marked_pieces(fill(text + "{họ tên}", values, marked=True))
    assert "".join(piece.text for piece in shown) == fill(text + "{họ tên}", values).translate(marks) or not name.translate(marks)


def test_marked_text_tells_values_from_gaps() -> None:
    found = marked_pieces(fill("Mời {họ tên} của {đơn vị}.", VALUES, marked=True))
    assert [(piece.text, piece.field is not None, piece.missing) for piece in found] == [
        ("Mời ", False, False), ("Trần Thị Mẫu", True, False), (" của ", False, False), (GAP, True, True), (".", False, False),
    ]  # fmt: skip


def test_words_of_a_group_stand_over_those_of_all_and_an_empty_one_takes_a_block_away() -> None:
    whole = Words(dict.fromkeys(Block, "") | {Block.SUBJECT: "Dự họp", Block.NOTES: "Một\nHai", Block.REPLY: "Trước {hạn trả lời}"})
    group = whole.over({Block.NOTES: "", Block.CLOSING: "Trân trọng", Block.SUBJECT: ""})
    assert (group[Block.SUBJECT], group[Block.NOTES], group[Block.CLOSING]) == ("Dự họp", "", "Trân trọng")
    assert filled(whole, "Riêng", VALUES).notes == ("Một", "Hai", "Riêng")
    assert filled(group, None, VALUES | {Field.REPLY_BY: "ngày 26"}).notes == ("Trước ngày 26", "Trân trọng")


def test_missing_fields_and_the_words_of_the_form() -> None:
    assert missing_fields(["{họ tên} {đơn vị}", "{đơn vị} {chỗ ngồi}"], VALUES) == [Field.BODY, Field.SEAT]
    assert fields_of("{họ tên} {Họ tên} {x}") == [Field.NAME]
    assert departs_from_form(Block.OPENING, "Văn phòng trân trọng kính mời:") is None
    assert "Mẫu 1.7" in (departs_from_form(Block.OPENING, "Văn phòng xin mời:") or "")
    assert "Tới dự" in (departs_from_form(Block.PURPOSE, "Tới dự Hội nghị") or "")
