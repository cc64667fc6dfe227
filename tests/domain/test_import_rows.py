"""Rows of lists: names, search and the way there and back, with whatever people are called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventmgr.documents.old_spreadsheets import read_csv
from eventmgr.documents.spreadsheets import read_xlsx
from eventmgr.documents.workbooks import Book, Line, make_csv, make_workbook
from eventmgr.domain.import_rows import read_row, without_capitals
from eventmgr.domain.likeness import Candidate, Known, Register, name_bag
from eventmgr.domain.names import name_sort_key
from eventmgr.domain.sheet_reading import Grid, find_table, proposed_fields
from eventmgr.domain.sheet_words import Field, is_signature, is_total
from eventmgr.domain.text import fold, matches_words, search_key

SYLLABLES = "An Ánh Ân Bình Dũng Đạt Đức Hằng Hương Mửi Nga Ngà Ngã Nguyễn Phước Pớt Quý Thị Thủy Thuỷ Văn Y A Đặng H'Hen Niê".split()  # noqa: SIM905
names = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=5).map(" ".join)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co")), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("typed", "name", "form"),
    [
        ("Đ/c Trần Thị Nga", "Trần Thị Nga", "đồng chí"), ("Bà  Y Mửi ", "Y Mửi", "bà"), ("TS. A Phương", "A Phương", None),
        ("TRẦN THỊ NGA", "Trần Thị Nga", None), ("H'HEN NIÊ", "H'Hen Niê", None), ("Y", "Y", None), ("Trần\nThị Nga", "Trần Thị Nga", None),
    ],
)  # fmt: skip
def test_names(typed: str, name: str, form: str | None) -> None:
    said = read_row([typed], [Field.FULL_NAME])
    assert (said.full_name, said.address_form, said.problems) == (name, form, ())


def test_all_problems_of_a_row_at_once() -> None:
    said = read_row(["Tr4n", "x" * 301, "#REF!", "y" * 41], [Field.FULL_NAME, Field.POST, Field.BODY, Field.SEAT])
    assert [problem.field for problem in said.problems] == ["body", "full_name", "posts", "seat"]


def test_posts_of_several_columns_and_wrapped_lines() -> None:
    said = read_row(["Ủy viên Ban\nThường vụ", "Chủ tịch; Trưởng ban"], [Field.POST, Field.POST])
    assert said.posts == ("Ủy viên Ban Thường vụ", "Chủ tịch", "Trưởng ban")


@pytest.mark.parametrize(
    ("text", "total"),
    [("Tổng cộng: 85", True), ("Cộng", True), ("Danh sách này có 85 đại biểu./.", True), ("Tổng Biên tập", False), ("Công an tỉnh", False)],
)
def test_totals_are_not_posts(text: str, total: bool) -> None:
    assert is_total(text) is total


@pytest.mark.parametrize(
    ("text", "signed"), [("NGƯỜI LẬP", True), ("KT. CHỦ TỊCH", True), ("Kon Tum, ngày 20 tháng 12 năm 2015", True), ("Chánh Văn phòng", False)]
)
def test_signatures_are_not_people(text: str, signed: bool) -> None:
    assert is_signature(text) is signed


@given(names)
def test_a_name_without_capitals_keeps_its_words(name: str) -> None:
    assert without_capitals(name.upper()).lower() == name.lower()


@given(names)
def test_a_name_is_found_by_its_words_in_any_order(name: str) -> None:
    key = search_key(name)
    assert matches_words(key, name) and matches_words(key, fold(name)) and matches_words(key, " ".join(reversed(name.split())))


@given(names, names)
def test_order_of_names_knows_neither_case_nor_form(one: str, other: str) -> None:
    assert (name_sort_key(one) < name_sort_key(other)) == (name_sort_key(one.upper()) < name_sort_key(other.upper()))
    assert name_bag(one) == name_bag(fold(one).upper())


@given(names)
def test_same_name_at_the_same_body_is_the_same_person(name: str) -> None:
    register = Register.of([Known(1, name, 1, 5, "pho chu tich", None)])
    exact, bare = (register.find(Candidate(text, 1, 5, "giam doc", None)) for text in (name, fold(name).upper()))
    assert exact is not None and (exact.id, exact.sure) == (1, True)
    assert bare is not None and (bare.id, bare.sure) == (1, fold(name) == name.lower())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(names, texts), min_size=1, max_size=6))
def test_what_is_written_is_read(people: list[tuple[str, str]]) -> None:
    book = Book("DS", ["Mã đại biểu", "Họ và tên", "Ghi chú"], [Line([f"1-{n}", name, note]) for n, (name, note) in enumerate(people)])
    for grids in (read_xlsx(make_workbook(book)), read_csv(make_csv(book))):
        assert [row.cells for row in find_table(grids[0]).rows] == [
            (f"1-{n}", name, note) for n, (name, note) in enumerate(people)
        ]


@settings(max_examples=150)
@given(st.lists(st.lists(st.sampled_from(["", "TT", "Họ và tên", "Chức vụ", "1", "I", "x", "Tổng cộng", "NGƯỜI LẬP", "Y Mửi", "=1"]), max_size=6), max_size=12))
def test_any_sheet_is_read_or_refused_with_a_sentence(rows: list[list[str]]) -> None:
    try:
        table = find_table(Grid("DS", rows))
    except Exception as problem:
        assert "dòng tiêu đề" in str(problem)
        return
    fields = proposed_fields(table.headings)
    for row in table.rows:
        assert len(row.cells) == len(fields)
        read_row(row.cells, fields)


@pytest.mark.parametrize(
    ("above", "below", "fields"),
    [
        ("Chức vụ, đơn vị công tác", ("Chức vụ", "Đơn vị"), (Field.POST, Field.BODY)),
        ("Chức vụ và cơ quan", ("Chức danh", "Đơn vị"), (Field.POST, Field.BODY)),
        ("Điện thoại", ("Cơ quan", "Di động"), (Field.PHONE, Field.PHONE)),
        ("Điện thoại cơ quan/di động", ("Cơ quan", "Di động"), (Field.PHONE, Field.PHONE)),
    ],
)
def test_lower_row_of_headings_says_which_of_two_kinds(above: str, below: tuple[str, str], fields: tuple[Field, Field]) -> None:
    rows = [["TT", "Họ và tên", above, ""], ["", "", *below], ["1", "Trần Thị Nga", "a", "b"]]
    table = find_table(Grid("DS", rows, merges=[(0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1)]))
    assert proposed_fields(table.headings)[2:] == fields
    assert [row.cells[1] for row in table.rows] == ["Trần Thị Nga"]
