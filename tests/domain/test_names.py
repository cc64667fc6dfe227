import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.names import AddressForm, given_name, name_sort_key, split_honorific

PEOPLE = [
    "Nguyễn Văn An",
    "Phạm Ánh",
    "Lê Ân",
    "Trần Bình",
    "Bùi Thị Dung",
    "Hoàng Đức Dũng",
    "Đặng Văn Đạt",
    "Vũ Đức Đô",
    "Lý Văn Đông",
    "Y Mửi",
    "A Nga",
    "Nguyễn Hoàng Nga",
    "Trần Thị Nga",
    "Y Nga",
    "Nguyễn Thị Ngà",
    "A Pớt",
    "Lê Thị Thùy",
    "Lê Thị Thủy",
    "Phạm Thị Thúy",
]


def test_names_sort_by_given_name_letters_first_then_tones() -> None:
    assert sorted(Random(7).sample(PEOPLE, len(PEOPLE)), key=name_sort_key) == PEOPLE


@pytest.mark.parametrize(
    "words",
    [
        "Danh Dung Dũng Dụng Dương Đạt Đỗ Đung Đức",
        "ma mà mả mã má mạ",
        "a ă â d đ e ê o ô ơ u ư",
        "An Ánh Ân",
    ],
)
def test_syllables_sort_like_a_dictionary(words: str) -> None:
    assert sorted(Random(7).sample(words.split(), len(words.split())), key=name_sort_key) == words.split()


def test_sort_key_is_blind_to_the_place_of_the_tone_and_the_normal_form() -> None:
    assert name_sort_key("Lê Thị Thuỷ") == name_sort_key("Lê Thị Thủy")
    assert name_sort_key(unicodedata.normalize("NFD", "Đặng Hòa")) == name_sort_key("ĐẶNG  HOÀ")


def test_sort_given_replaces_the_last_word() -> None:
    assert name_sort_key("H'Hen Niê", "H'Hen") < name_sort_key("Hoàng Văn Nam")
    assert name_sort_key("H'Hen Niê") > name_sort_key("Hoàng Văn Nam")


def test_foreign_letters_sort_last_and_no_name_after_all() -> None:
    assert sorted(["", "李", "Zoë", "Fritz", "Giang"], key=name_sort_key) == ["Fritz", "Giang", "Zoë", "李", ""]


@given(st.text(max_size=40))
def test_sort_key_is_ascii(name: str) -> None:
    assert name_sort_key(name).isascii()


def test_given_name() -> None:
    assert [given_name(name) for name in ("Trần Thị Nga", "Y Mửi", "A", " ")] == ["Nga", "Mửi", "A", ""]


@pytest.mark.parametrize(
    ("cell", "form", "name"),
    [
        ("Đ/c Trần Thị Nga", AddressForm.COMRADE, "Trần Thị Nga"),
        ("đồng chí Nga", AddressForm.COMRADE, "Nga"),
        ("Ông: Nguyễn An", AddressForm.MR, "Nguyễn An"),
        ("Bà Y Mửi", AddressForm.MS, "Y Mửi"),
        ("Ô/B Lê An", None, "Lê An"),
        ("Đ/c PGS.TS. Lê An", AddressForm.COMRADE, "Lê An"),
        ("Ông Thị Nga", None, "Ông Thị Nga"),
        ("Ông Văn Tùng", None, "Ông Văn Tùng"),
        ("Bàn Văn A", None, "Bàn Văn A"),
        ("Trần Thị Nga", None, "Trần Thị Nga"),
        ("Ông", None, "Ông"),
        ("", None, ""),
    ],
)
def test_split_honorific(cell: str, form: AddressForm | None, name: str) -> None:
    assert split_honorific(cell) == (form, name)
