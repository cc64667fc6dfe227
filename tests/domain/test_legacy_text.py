"""TCVN3 and VNI: vectors of vietnamese-data.md, and that Unicode is never touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.legacy_text import Encoding, convert, detect, needs_converting, of_font
from tests.corpus.make import tcvn3

NAMES = (
    "Nguyễn Thị Nga", "Trần Đức Dũng", "Y Mửi", "Phạm Ánh", "Đặng Văn Đạt", "Lê Thị Thủy", "Hoàng Hữu Phước", "Bùi Quốc Khuê",
    "Sở Lao động - Thương binh và Xã hội", "Ủy ban nhân dân huyện Đăk Hà", "Phó Chủ tịch Hội đồng nhân dân", "Huỳnh Thị Quyên",
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "encoding", "after"),
    [
        ("NguyÔn", Encoding.TCVN3, "Nguyễn"),
        ("§¨k T«", Encoding.TCVN3, "Đăk Tô"),
        ("B×nh ®¼ng giíi", Encoding.TCVN3, "Bình đẳng giới"),
        ("Nguyeãn Thò Nga", Encoding.VNI, "Nguyễn Thị Nga"),
        ("UÛY BAN NHAÂN DAÂN", Encoding.VNI, "ỦY BAN NHÂN DÂN"),
        ("Ñôn vò", Encoding.VNI, "Đơn vị"),
        ("Chöùc vuï", Encoding.VNI, "Chức vụ"),
        ("Phaïm Vaên Thaéng", Encoding.VNI, "Phạm Văn Thắng"),
        ("Hoäi ñoàng nhaân daân tænh", Encoding.VNI, "Hội đồng nhân dân tỉnh"),
    ],
)
def test_vectors(before: str, encoding: Encoding, after: str) -> None:
    assert (detect(before), convert(before, encoding).after) == (encoding, after)


@pytest.mark.parametrize("text", [*NAMES, "Hoà", "Lê Hoà", "Cà Mau", "Müller", "José", "Nguyen Van A", "", "Tô Hoài", "H'Hen Niê"])
def test_unicode_stays(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize("name", NAMES)
def test_there_and_back(name: str) -> None:
    old = tcvn3(name.replace("Ủ", "ủ").replace("Á", "á"))
    assert detect(old) is Encoding.TCVN3
    assert convert(old, Encoding.TCVN3).after.lower() == name.lower()
    assert not convert(old, Encoding.TCVN3).lost


@pytest.mark.parametrize(("text", "lost"), [("Phíc", True), ("Ph\u00adíc", False), ("Th¬ng binh", True), ("Së T ph¸p", False)])
def test_lost_letters_are_told(text: str, lost: bool) -> None:
    assert convert(text, Encoding.TCVN3).lost is lost


def test_capitals_font_makes_capitals() -> None:
    assert convert("nguyÔn thÞ nga", Encoding.TCVN3_CAPITALS).after == "NGUYỄN THỊ NGA"


def test_fonts() -> None:
    assert [of_font(name) for name in (".VnTime", ".VnTimeH", "VNI-Times", "Times New Roman", None)] == [
        Encoding.TCVN3, Encoding.TCVN3_CAPITALS, Encoding.VNI, None, None,
    ]  # fmt: skip


def test_text_typed_anew_in_an_old_font_stays() -> None:
    assert needs_converting("Nguyễn Thị Nga", Encoding.TCVN3) is None


@given(st.text(st.characters(codec="latin-1"), max_size=30))
def test_anything_converts_without_harm(text: str) -> None:
    for encoding in Encoding:
        done = convert(text, encoding)
        assert (done.before, done.encoding) == (text, encoding)
    detect(text)


@given(st.text("ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư", min_size=1, max_size=20))
def test_letters_beyond_latin_are_never_old_text(text: str) -> None:
    assert detect(text) is None
