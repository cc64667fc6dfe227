import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.text import clean, clean_lines, fold, matches_words, query_words, same_text, search_key


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Trần\u00a0 Thị\tNga \r\n", "Trần Thị Nga"),
        (unicodedata.normalize("NFD", "Ủy ban Đăk Hà"), "Ủy ban Đăk Hà"),
        ("\u202eNga\u202c \u200fBình\u2066\u2069", "Nga Bình"),
        ("Nga\x00\x07 Bì\u00adnh\ufeff", "Nga Bình"),
        ("<script>{{7*7}}=1+1", "<script>{{7*7}}=1+1"),
        ("Hoa 🌸 👩\u200d🌾 ❤\ufe0f", "Hoa 🌸 👩\u200d🌾 ❤\ufe0f"),
        ("e\u200b\u0301", "é"),
        ("\ud800a", "a"),
        ("\u200b \n", ""),
    ],
)
def test_clean_keeps_what_can_be_read(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_clean_lines_keeps_line_breaks() -> None:
    assert clean_lines("a \r\n\r\n\r\n\r\n b\x00\rc\n") == "a\n\nb\nc"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Thị Hằng", "dang thi hang"),
        ("ĐẮK  Glei", "dak glei"),
        ("Ia H\u2019Drai", "ia h'drai"),
        ("H\u02bcHen, H\u2018Hen, H`Hen", "h'hen, h'hen, h'hen"),
        ("Nguyễn Ưng Ơn", "nguyen ung on"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(st.text(max_size=40))
def test_clean_and_fold_do_nothing_twice(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert fold(fold(text)) == fold(text)
    assert unicodedata.is_normalized("NFC", clean(text))


@pytest.mark.parametrize(
    ("stored", "query"),
    [
        ("Sở Lao động - Thương binh và Xã hội", "so ldtbxh"),
        ("Sở Lao động - Thương binh và Xã hội", "Sở LĐ-TB&XH"),
        ("Sở LĐTBXH", "thuong binh so"),
        ("Sở LĐTB và XH", "LĐTBXH"),
        ("Ủy ban nhân dân huyện Đăk Hà", "ubnd dak ha"),
        ("UBND huyện Đăk Hà", "Ủy ban nhân dân Đăk"),
        ("UBND huyện Ia H'Drai", "ia hdrai"),
        ("UBND huyện Ia H\u2019 Drai", "H'Drai"),
        ("Đài PTTH tỉnh", "phát thanh"),
        ("Đài Phát thanh - Truyền hình tỉnh", "PT-TH"),
        ("Thường trực UBMTTQVN tỉnh", "mặt trận tổ quốc"),
        ("Ban Vì sự tiến bộ phụ nữ tỉnh", "vstbpn"),
        ("UBND TP Kon Tum", "thành phố"),
        ("Phó Chủ tịch UBND tỉnh", "PCT"),
        ("Trần Thị Nga", "nga tran"),
        ("Trần Thị Nga", "ttn"),
        ("Trần Thị Nga", ""),
    ],
)
def test_search_finds(stored: str, query: str) -> None:
    assert matches_words(search_key(stored), query)


@pytest.mark.parametrize(("stored", "query"), [("Trần Thị Nga", "ga"), ("Trần Thị Nga", "nga binh"), ("", "a")])
def test_search_does_not_find(stored: str, query: str) -> None:
    assert not matches_words(search_key(stored), query)


def test_search_key_is_fit_for_like() -> None:
    assert search_key("Y Mửi", "UBND xã") == " y mui ubnd xa uy ban nhan dan ym "
    assert query_words("  Ia H'Drai, UBND_50% ") == ["ia", "hdrai", "ubnd", "50"]


@given(st.text(max_size=30), st.text(max_size=30))
def test_search_finds_a_text_by_itself_in_any_normal_form(name: str, body: str) -> None:
    key = search_key(name, body)
    assert matches_words(key, unicodedata.normalize("NFD", clean(name)))
    assert matches_words(key, clean(body))


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("hoà", "hòa", True),
        ("Thuỷ", "Thủy", True),
        ("quý", "qúy", True),
        ("UỶ BAN", "Ủy  ban", True),
        ("Ia H'Drai", "Ia H\u2019Drai", True),
        ("Lý", "Lí", False),
        ("Thùy", "Thủy", False),
        ("Nga", "Ngà", False),
        ("Đăk", "Đắk", False),
    ],
)
def test_same_text(a: str, b: str, same: bool) -> None:
    assert same_text(a, b) is same
