from __future__ import annotations

from dataclasses import replace

import pytest

from eventmgr.domain.programme_changes import Entry, changes

A = Entry(1, None, "1", "Khai mạc", "Khai mạc", "Lãnh đạo UBND tỉnh", 10)
B = Entry(2, None, "2", "Báo cáo", "Báo cáo", "", 20)
C = Entry(3, None, "3", "Tham luận", "Các tham luận", "", None)
C1 = Entry(4, 3, "3.(1)", "Về y tế", "Tham luận", "Lãnh đạo Sở Y tế", None)
C2 = Entry(5, 3, "3.(2)", "Về dân tộc", "Tham luận", "", 10)
ALL = [A, B, C, C1, C2]


def test_equal_versions_have_no_changes():
    assert changes(ALL, list(ALL)) == ()
    assert changes([], []) == ()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (replace(B, title="Báo cáo tóm tắt"), "Mục 2 đổi nội dung: “Báo cáo” thành “Báo cáo tóm tắt”."),
        (replace(B, presenter="đồng chí A Thí Dụ"), "Mục 2 “Báo cáo” có người thực hiện: đồng chí A Thí Dụ."),
        (replace(B, minutes=30), "Mục 2 “Báo cáo” đổi thời lượng: 20 phút thành 30 phút."),
        (replace(B, minutes=None), "Mục 2 “Báo cáo” đổi thời lượng: 20 phút thành chưa có số phút."),
        (replace(B, kind="Phát biểu"), "Mục 2 “Báo cáo” đổi loại: Báo cáo thành Phát biểu."),
    ],
)
def test_each_change_of_an_item_is_told(changed: Entry, sentence: str):
    assert changes(ALL, [A, changed, C, C1, C2]) == (sentence,)


def test_another_presenter_is_told_with_both_names():
    other = replace(C1, presenter="Lãnh đạo Sở Nội vụ")
    assert changes(ALL, [A, B, C, other, C2]) == (
        "Mục 3.(1) “Về y tế” đổi người thực hiện: Lãnh đạo Sở Y tế thành Lãnh đạo Sở Nội vụ.",
    )
    assert changes(ALL, [A, B, C, replace(C1, presenter=""), C2]) == (
        "Mục 3.(1) “Về y tế” không còn ghi người thực hiện (trước là Lãnh đạo Sở Y tế).",
    )


def test_only_the_item_that_was_moved_is_named_not_those_it_renumbered():
    after = [replace(B, number="1"), replace(C, number="2"), replace(C1, number="2.(1)"), replace(C2, number="2.(2)"), replace(A, number="3")]
    assert changes(ALL, after) == ("Chuyển mục 1 “Khai mạc” thành mục 3.",)
    swapped = [A, B, C, replace(C2, number="3.(1)"), replace(C1, number="3.(2)")]
    assert len(changes(ALL, swapped)) == 1


def test_added_and_dropped_items_come_first_and_move_nobody():
    new = Entry(9, None, "1", "Chào cờ", "Chào cờ", "", 5)
    after = [new, replace(A, number="2"), replace(C, number="3"), C1, C2]
    assert changes(ALL, after) == ("Thêm mục 1: “Chào cờ”.", "Bỏ mục 2: “Báo cáo”.")


def test_dashes_that_became_numbers_are_told():
    assert changes([replace(C1, number="3a")], [C1]) == ("Mục 3a ghi lại thành 3.(1): “Về y tế”.",)
