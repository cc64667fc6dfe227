"""Agreed numbers for awards: set, set again, counted against dossiers; the deadline of the plan and of the office."""

from __future__ import annotations

import io

import openpyxl
import pytest
import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body
from eventmgr.models.dossiers import AwardQuota
from tests.awards import form_of
from tests.documents import reading
from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")

QUOTAS = f"/office/{SLUG}/awards/quotas"


def body_id(name: str = "UBND huyện Đăk Hà") -> int:
    return db.session.scalars(sa.select(Body.id).where(Body.name == name)).one()


def quota(**changed: str) -> dict[str, str]:
    return {"form_id": str(form_of().id), "body_id": str(body_id()), "collectives": "2", "individuals": "3", "basis": "Công văn 12/SNV"} | changed


def test_number_is_set_and_set_again_and_taken_back(khanh: Person) -> None:
    khanh.post(QUOTAS, expect=302, **quota())
    khanh.post(QUOTAS, expect=302, **quota(collectives="1"))
    rows = db.session.execute(sa.select(AwardQuota.collectives, AwardQuota.individuals, AwardQuota.basis, AwardQuota.id)).all()
    assert [row[:3] for row in rows] == [(1, 3, "Công văn 12/SNV")]
    page = khanh.get(QUOTAS).get_data(as_text=True)
    assert "UBND huyện Đăk Hà" in page and "Công văn 12/SNV" in page
    book = openpyxl.load_workbook(io.BytesIO(khanh.post(f"{QUOTAS}/counts.xlsx", expect=200).data))
    assert [[cell.value for cell in row][:4] for row in book.active.iter_rows(min_row=2)] == [  # type: ignore[union-attr]
        ["Bằng khen của Chủ tịch UBND tỉnh", "UBND huyện Đăk Hà", "1", "3"]
    ]
    khanh.post(f"{QUOTAS}/{rows[0][3]}/removal", expect=302)
    assert db.session.scalar(sa.select(sa.func.count(AwardQuota.id))) == 0
    khanh.post(f"{QUOTAS}/{rows[0][3]}/removal", expect=404)


def test_counts_are_printed_by_form_with_their_sums(khanh: Person) -> None:
    khanh.get(f"{QUOTAS}/counts.pdf", expect=404)
    khanh.post(QUOTAS, expect=302, **quota())
    khanh.post(QUOTAS, expect=302, **quota(body_id=str(body_id("UBND huyện Tu Mơ Rông")), collectives="1", individuals="4"))
    text = reading.text(khanh.get(f"{QUOTAS}/counts.pdf", expect=200).data)
    for words in ("SỐ LƯỢNG KHEN THƯỞNG THEO ĐƠN VỊ", "Bằng khen của Chủ tịch UBND tỉnh", "UBND huyện Đăk Hà 2 / 3 0 / 0", "Cộng 3 / 7 0 / 0"):
        assert words in text, words


def test_what_is_no_number_comes_back_with_a_sentence(khanh: Person) -> None:
    for wrong, sentence in (
        ({"collectives": "-1"}, "Nhập một số nguyên."), ({"individuals": "1001"}, "Nhập số từ 0 đến 1.000."),
        ({"collectives": ""}, "Nhập số, không có thì ghi 0."), ({"body_id": "99999"}, "Chọn trong danh sách."), ({"form_id": ""}, "Chọn một mục."),
    ):  # fmt: skip
        page = khanh.post(QUOTAS, expect=422, **quota(**wrong)).get_data(as_text=True)
        assert sentence in page and "Công văn 12/SNV" in page, wrong
    assert db.session.scalar(sa.select(sa.func.count(AwardQuota.id))) == 0


def test_deadline_is_the_plan_s_until_the_office_sets_its_own(khanh: Person, conference: Conference) -> None:
    page = khanh.get(QUOTAS).get_data(as_text=True)
    assert "20/12/2015" in page and "(Kế hoạch, dòng 107)" in page
    khanh.post(f"{QUOTAS}/terms", expect=422, before="31/02/2015", basis="Luật", version="0")
    khanh.post(f"{QUOTAS}/terms", expect=302, before="18/12/2015", basis="Luật Thi đua, khen thưởng", version="0")
    stale = khanh.post(f"{QUOTAS}/terms", expect=409, before="19/12/2015", basis="Khác", version="0").get_data(as_text=True)
    assert "Khác" in stale and "Nội dung đã thay đổi" in stale
    page = khanh.get(QUOTAS).get_data(as_text=True)
    assert "18/12/2015" in page and "Luật Thi đua, khen thưởng" in page and "(Kế hoạch, dòng" not in page


def test_form_keeps_its_legal_basis_and_kinds(khanh: Person) -> None:
    form_id = form_of().id
    facts = {"name": "Bằng khen", "authority": "Chủ tịch UBND tỉnh", "legal_basis": "Nghị định 65/2014/NĐ-CP", "at_conference": "y"}
    khanh.post(f"/office/{SLUG}/awards/{form_id}/facts", expect=302, **facts, recipient_kinds="individual")
    assert (form_of().recipient_kinds, form_of().legal_basis) == (["individual"], "Nghị định 65/2014/NĐ-CP")
    assert "Nghị định 65/2014/NĐ-CP" in khanh.get(f"/office/{SLUG}/awards/{form_id}").get_data(as_text=True)
    khanh.post(QUOTAS, expect=422, **quota(collectives="1"))
    khanh.post(f"/office/{SLUG}/awards/{form_id}/honourees/new", expect=302, kind="individual", printed_name="Y Mẫu", post="Trưởng thôn")
    page = khanh.post(f"/office/{SLUG}/awards/{form_id}/facts", expect=422, **facts, recipient_kinds="collective").get_data(as_text=True)
    assert "Danh sách đang có cá nhân; bỏ khỏi danh sách trước." in page
