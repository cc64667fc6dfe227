"""What was not chosen on the page is refused in Vietnamese, also by the form library."""

from __future__ import annotations

import re

import pytest

from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")
HOME = f"/office/{SLUG}"


def said(person: Person, url: str, **typed: str) -> set[str]:
    page = person.post(url, expect=422, **typed).get_data(as_text=True)
    return set(re.findall(r'class="invalid-feedback".*?<span>(.*?)</span>', page))


def test_a_choice_that_was_not_offered_is_refused_in_vietnamese(quantri: Person, lan: Person) -> None:
    choose = "Chọn một mục trong danh sách."
    assert choose in said(quantri, f"{HOME}/people", account_id="lạ", role="lạ")
    assert choose in said(lan, f"/stage/{SLUG}/discussion/speeches", form="lạ", name="Người Thử")
    assert choose in said(lan, f"{HOME}/letterhead", letterhead="lạ", letter_form="lạ", province="K", number_symbol="GM", place="K")


def test_no_form_of_the_library_is_left_in_english(quantri: Person, lan: Person) -> None:
    for person, url, typed in (
        (quantri, f"{HOME}/people", {"account_id": "9" * 30, "role": "x"}), (lan, f"{HOME}/awards/new", {"authority": "x", "recipient_kinds": "x"}),
        (lan, f"{HOME}/deliveries/handovers", {"way": "x"}), (quantri, "/office/new", {"purpose": "x"}),
    ):  # fmt: skip
        page = person.post(url, expect=422, **typed).get_data(as_text=True)
        assert not re.search("Not a valid|Invalid|choice for this|is required|could not", page), url
