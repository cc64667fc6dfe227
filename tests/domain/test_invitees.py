import pytest

from eventmgr.domain.errors import Invalid
from eventmgr.domain.invitees import DelegateFacts, checked, doubts, looks_like_email, looks_like_phone


@pytest.mark.parametrize(
    "phone",
    [
        "0905123456", "0905.123.456", "0905 123 456", "(0260) 3862 123", "060 3862123", "01234567890", "+84 905 123 456",
        "0905123456; 02603862123", "0905123456 / 0905123457", "0000 123 456", "+856 20 5512 3456",
    ],
)  # fmt: skip
def test_usual_phones(phone: str) -> None:
    assert looks_like_phone(phone)


@pytest.mark.parametrize("phone", ["máy lẻ 12", "905123456", "0905", "", " ; ", "0905123456789", "+84", "090512345a"])
def test_odd_phones(phone: str) -> None:
    assert not looks_like_phone(phone)


def test_emails() -> None:
    good = ["nga@kontum.gov.vn", "a.b+c@x.vn; d@e.com", "văn-thư@kontum.vn"]
    odd = ["nga(at)vn", "nga@vn", "@x.vn", "nga@x..", "nga @x.vn"]
    assert [looks_like_email(text) for text in good + odd] == [True] * 3 + [False] * 5


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (DelegateFacts(1), "full_name"),
        (DelegateFacts(1, posts=(" ", "\u200b")), "full_name"),
        (DelegateFacts(1, posts=("Giám đốc",) * 9), "posts"),
        (DelegateFacts(1, posts=("G" * 301,)), "posts"),
        (DelegateFacts(1, full_name="Y Mửi", sort_given="Nga"), "sort_given"),
        (DelegateFacts(1, full_name="Y Mửi", phone="0" * 61), "phone"),
        (DelegateFacts(1, full_name="Y Mửi", email="e" * 255), "email"),
        (DelegateFacts(1, full_name="Y Mửi", seat="A" * 41), "seat"),
        (DelegateFacts(1, full_name="Y Mửi", alert="A" * 301), "alert"),
        (DelegateFacts(1, full_name="Y Mửi", note="A" * 501), "note"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(facts: DelegateFacts, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(facts)
    assert refused.value.field == field


def test_posts_and_notes_take_any_text() -> None:
    facts = checked(DelegateFacts(1, posts=(" <script> ", "=1+1", ""), note="{{7*7}} 🎉\u202e"))
    assert (facts.posts, facts.note, facts.full_name) == (("<script>", "=1+1"), "{{7*7}} 🎉", None)


def test_nothing_is_doubted_without_a_reason() -> None:
    facts = checked(DelegateFacts(1, full_name="  Trần  Thị Nga", phone="0905 123 456", email="nga@kontum.gov.vn"))
    assert doubts(facts, "  Trần  Thị Nga") == []
