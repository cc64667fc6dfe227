from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.delegates import (
    AddressForm,
    Bloc,
    GroupRole,
    Level,
    RankRule,
    addressed,
    introduction_line,
    introduction_order,
    invitee_line,
    posts_with_body,
    precedence_key,
    suggest_rank,
)

COMRADE = AddressForm.COMRADE
RANKS = [
    RankRule(20, "Bí thư Tỉnh ủy"),
    RankRule(30, "Phó Bí thư Thường trực Tỉnh ủy"),
    RankRule(40, "Phó Bí thư Tỉnh ủy, Chủ tịch HĐND tỉnh; Chủ tịch HĐND tỉnh"),
    RankRule(50, "Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh; Chủ tịch UBND tỉnh; Phó Bí thư Tỉnh ủy"),
    RankRule(100, "Phó Chủ tịch UBND tỉnh"),
    RankRule(120, "Trưởng Ban * Tỉnh ủy; Phó Trưởng Ban * Tỉnh ủy"),
    RankRule(140, "Giám đốc Sở"),
    RankRule(150, "Chủ tịch UBND huyện; Chủ tịch UBND thành phố"),
]


def test_addressed_by_name_or_by_post() -> None:
    assert addressed(COMRADE, "Trần Thị Nga") == "đồng chí Trần Thị Nga"
    post = "Chủ tịch Ủy ban nhân dân huyện Tu Mơ Rông"
    assert addressed(COMRADE, None, [post]) == "đồng chí Chủ tịch Ủy ban nhân dân huyện Tu Mơ Rông"
    assert addressed(AddressForm.MS, "Y Mửi", [post]) == "bà Y Mửi"


@pytest.mark.parametrize(
    ("posts", "body", "line"),
    [
        (["Chánh Văn phòng"], "Văn phòng UBND tỉnh", "Chánh Văn phòng UBND tỉnh"),
        (["Trưởng Ban"], "Ban Dân tộc tỉnh", "Trưởng Ban Dân tộc tỉnh"),
        (["Phó Chủ tịch UBND tỉnh"], "UBND tỉnh Kon Tum", "Phó Chủ tịch UBND tỉnh Kon Tum"),
        (["Giám đốc Sở Y tế"], "Sở Y tế", "Giám đốc Sở Y tế"),
        (["Chuyên viên"], "Sở Nội vụ", "Chuyên viên, Sở Nội vụ"),
        (["Tỉnh ủy viên", "Giám đốc Sở"], "Sở Y tế", "Tỉnh ủy viên, Giám đốc Sở Y tế"),
        (["Phó Chủ tịch"], "UBND huyện Đăk Hà", "Phó Chủ tịch UBND huyện Đăk Hà"),
        ([], "Báo Kon Tum", "Báo Kon Tum"),
        (["Bí thư Tỉnh ủy"], None, "Bí thư Tỉnh ủy"),
        (["Bí thư Tỉnh ủy"], "Thường trực Tỉnh ủy", "Bí thư Tỉnh ủy"),
        ([" "], "", ""),
    ],
)
def test_posts_with_body(posts: list[str], body: str | None, line: str) -> None:
    assert posts_with_body(posts, body) == line


def test_invitee_line() -> None:
    posts = ["Phó Chủ tịch Ủy ban nhân dân tỉnh"]
    assert invitee_line(COMRADE, "Trần Thị Nga", posts) == "đồng chí Trần Thị Nga, Phó Chủ tịch Ủy ban nhân dân tỉnh"
    assert invitee_line(COMRADE, None, ["Giám đốc"], "Sở Y tế") == "đồng chí Giám đốc Sở Y tế"
    assert invitee_line(COMRADE, None, [], "Thường trực Tỉnh ủy") == "Thường trực Tỉnh ủy"
    assert invitee_line(AddressForm.MR, "A Pớt") == "ông A Pớt"


def test_introduction_line_in_both_orders() -> None:
    posts = ["Ủy viên Ban Thường vụ Tỉnh ủy", "Phó Chủ tịch UBND tỉnh"]
    whole = "Ủy viên Ban Thường vụ Tỉnh ủy, Phó Chủ tịch UBND tỉnh"
    assert introduction_line(COMRADE, "Trần Thị Nga", posts) == f"đồng chí Trần Thị Nga - {whole}"
    assert introduction_line(COMRADE, "Trần Thị Nga", posts, posts_first=True) == f"{whole} - đồng chí Trần Thị Nga"
    assert introduction_line(COMRADE, None, posts) == f"đồng chí {whole}"


@dataclass(frozen=True)
class Person:
    id: int
    precedence_key: str
    is_host: bool = False
    name_key: str = ""


def test_guests_are_introduced_before_hosts_each_by_precedence() -> None:
    chair = Person(1, precedence_key(50), is_host=True)
    secretary, colleague, nobody = (
        Person(2, precedence_key(20)),
        Person(3, precedence_key(140)),
        Person(4, precedence_key(None)),
    )
    assert introduction_order([chair, nobody, colleague, secretary]) == [secretary, colleague, nobody, chair]


def test_within_a_rank_the_dragged_order_wins_then_appointment_then_age() -> None:
    keys = [
        precedence_key(20),
        precedence_key(100, 1),
        precedence_key(100, 2, date(2001, 1, 1)),
        precedence_key(100, None, date(2010, 5, 1), date(1960, 1, 1)),
        precedence_key(100, None, date(2010, 5, 1), date(1961, 1, 1)),
        precedence_key(100, None, date(2011, 5, 1), date(1950, 1, 1)),
        precedence_key(100, None, None, date(1950, 1, 1)),
        precedence_key(100),
        precedence_key(None, 1),
        precedence_key(None),
    ]
    assert sorted(keys[::-1]) == keys


@given(st.none() | st.integers(), st.none() | st.integers(), st.none() | st.dates(), st.none() | st.dates())
def test_precedence_key_is_ascii_of_one_length(
    rank: int | None, position: int | None, appointed: date | None, born: date | None
) -> None:
    key = precedence_key(rank, position, appointed, born)
    assert (len(key), key.isascii()) == (32, True)


@pytest.mark.parametrize(
    ("posts", "rank"),
    [
        (["Bí thư Tỉnh ủy", "Trưởng Đoàn ĐBQH tỉnh"], 20),
        (["Phó Bí thư Thường trực Tỉnh ủy, Chủ tịch HĐND tỉnh"], 30),
        (["Phó Bí thư Tỉnh ủy", "Chủ tịch Hội đồng nhân dân tỉnh"], 40),
        (["Phó Bí thư Tỉnh uỷ"], 50),
        (["PCT UBND tỉnh Kon Tum"], 100),
        (["Phó Chủ tịch Ủy ban nhân dân tỉnh", "Trưởng Ban VSTBPN tỉnh"], 100),
        (["Trưởng Ban Tuyên giáo Tỉnh ủy"], 120),
        (["giám đốc sở y tế"], 140),
        (["Chủ tịch UBND TP Kon Tum"], 150),
        (["nguyên Bí thư Tỉnh ủy"], 21),
        (["Bí thư Tỉnh đoàn"], None),
        (["Phó Giám đốc Sở Y tế"], None),
        ([], None),
    ],
)
def test_suggest_rank(posts: list[str], rank: int | None) -> None:
    assert suggest_rank(posts, RANKS) == rank


def test_a_rank_title_that_is_only_commas_fits_nobody() -> None:
    assert suggest_rank(["Chuyên viên"], [RankRule(1, " , ;; "), RankRule(2, "")]) is None


def test_every_choice_has_a_label() -> None:
    labels = [choice.label for choices in (Bloc, GroupRole, Level, AddressForm) for choice in choices]
    assert all(label == label.strip() != "" for label in labels)
    assert [role.address_form for role in (GroupRole.DELEGATE, GroupRole.HONOUREE)] == [COMRADE, AddressForm.MR]
