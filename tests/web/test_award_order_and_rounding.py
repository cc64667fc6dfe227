"""The council's list in the office's own order up to the annex; the step of rounding with its basis; names too long for the form."""

from __future__ import annotations

import pytest

from eventmgr.models.conferences import Conference
from eventmgr.services import award_money, awards, council, dossier_desk, honourees
from tests.awards import DECISION, account_id, fill, form_of, names
from tests.dossiers import body, entries, individual, submitted
from tests.people import SLUG, Person

AWARDS = f"/office/{SLUG}/awards"


@pytest.fixture
def checked(conference: Conference) -> list[int]:
    """Three persons before the council, in the order of the dossier."""
    made = submitted(body(conference), *(individual(f"Y Thứ {word}") for word in ("Nhất", "Hai", "Ba")))
    dossier_desk.check(conference.id, made.id, made.version, account_id())
    return [one.id for one in entries(made.id)]


def order(conference: Conference) -> list[str]:
    return [row.entry.printed_name for part in council.council(conference.id) for row in part.rows]


def test_entries_are_put_in_order_before_the_decision_and_keep_it_on_the_list(khanh: Person, conference: Conference, checked: list[int]) -> None:
    first, second, third = checked
    page = khanh.get(f"{AWARDS}/council").get_data(as_text=True)
    assert f'value="{third}-{second}"' in page and f'value="{first}-{second}"' in page
    khanh.post(f"{AWARDS}/council/place", 302, move=f"{third}-{second}")
    assert order(conference) == ["Y Thứ Nhất", "Y Thứ Ba", "Y Thứ Hai"]
    khanh.post(f"{AWARDS}/council/place", 302, move=f"{first}-{third}")
    council.judge(conference.id, checked, "agree", None, account_id())
    awards.decide(conference.id, form_of().id, DECISION, account_id())
    assert names(form_of().id) == ["Y Thứ Ba", "Y Thứ Nhất", "Y Thứ Hai"]
    assert "khóa" in khanh.post(f"{AWARDS}/council/place", 409, move=f"{first}-{second}").get_data(as_text=True)


def test_a_stale_page_moves_nothing(khanh: Person, conference: Conference, checked: list[int]) -> None:
    first, second, third = checked
    khanh.post(f"{AWARDS}/council/place", 302, move=f"{third}-{second}")
    told = khanh.post(f"{AWARDS}/council/place", 409, move=f"{second}-{first}").get_data(as_text=True)
    assert "Thứ tự vừa có người thay đổi" in told
    assert order(conference) == ["Y Thứ Nhất", "Y Thứ Ba", "Y Thứ Hai"]
    for wrong in ("", "1", "99999-1"):
        khanh.post(f"{AWARDS}/council/place", 404, move=wrong)


def test_the_step_of_rounding_is_data_with_its_basis(khanh: Person, conference: Conference) -> None:
    form_id = fill(conference.id)
    awards.edit_form(conference.id, form_id, awards.FormFacts("Chủ tịch UBND tỉnh", "Bằng khen"), account_id())
    awards.decide(conference.id, form_id, DECISION, account_id())
    khanh.post(f"{AWARDS}/money/rounding", 302, step="100.000", rounding_basis="Quyết định mẫu số 1")
    money = award_money.form_money(conference.id, form_id)
    assert money is not None and [one.amount.amount for one in money.sums] == [2_300_000, 1_200_000]
    assert "100.000 đồng (Quyết định mẫu số 1)" in " ".join(khanh.get(f"{AWARDS}/money").get_data(as_text=True).split())
    page = khanh.post(f"{AWARDS}/money/rounding", 422, step="7", rounding_basis="x").get_data(as_text=True)
    assert "Bước làm tròn là" in page and 'value="7"' in page


def test_a_name_too_long_for_the_form_is_told_with_a_proposal(khanh: Person, conference: Conference) -> None:
    form_id = form_of().id
    long = "Y Ví Dụ " * 9
    honourees.add(conference.id, form_id, honourees.HonoureeFacts("individual", long.strip(), "Trưởng thôn"), account_id())
    for address in (f"{AWARDS}/{form_id}/certificates", f"{AWARDS}/places?kind=individual"):
        told = khanh.get(address).get_data(as_text=True)
        assert "1 Bằng có chữ không vừa chỗ trên phôi." in told and "Đề nghị: cỡ" in told
    assert "không vừa chỗ" not in khanh.get(f"{AWARDS}/places?kind=collective").get_data(as_text=True)
