"""Telephone numbers in all the ways that offices write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.phones import phone_key, read_phone


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("0905.123.456", "0905123456"), ("0905 123 456", "0905123456"), ("+84 905 123 456", "0905123456"),
        ("84905123456", "0905123456"), ("0084 905123456", "0905123456"), ("(0260) 3862.123", "02603862123"),
        ("01667 000 222", "0367000222"), ("0120 7654321", "0707654321"), ("0199 1234567", "0591234567"),
        ("0186 1234567", "0561234567"), ("ĐT: 0905123456", "0905123456"), ("0260 3862 123 máy lẻ 12", "02603862123"),
        ("0905123456; 0260 3862 123", "0905123456 02603862123"), ("0905123456/0913123456", "0905123456 0913123456"),
        ("0905 123 456 - 0913 123 456", "0905123456 0913123456"), ("+856 20 5555 1234", "+8562055551234"),
        ("", None), ("không có", None),
    ],
)  # fmt: skip
def test_spellings(typed: str, key: str | None) -> None:
    assert phone_key(typed) == key


def test_dropped_zero_comes_back_and_is_told() -> None:
    read = read_phone("905123456")
    assert (read.typed, read.key, read.doubts) == ("0905123456", "0905123456", ("Đã thêm lại số 0 ở đầu: 0905123456.",))


def test_wrong_length_is_a_doubt_and_stays_as_typed() -> None:
    read = read_phone("0905 123 45")
    assert (read.typed, read.doubts) == ("0905 123 45", ("Số “0905 123 45” thiếu 1 chữ số; vẫn giữ đúng như đã ghi.",))


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True), st.sampled_from(["", " ", ".", "-"]))
def test_every_way_to_group_the_digits_is_one_number(number: str, mark: str) -> None:
    spelled = mark.join((number[:4], number[4:7], number[7:]))
    assert phone_key(spelled) == phone_key(f"+84 {number[1:]}") == number


@given(st.text(max_size=80))
def test_anything_is_read(text: str) -> None:
    read = read_phone(text)
    assert read_phone(read.typed).numbers == read.numbers
