"""Dossiers at the award office's pages: looked at, returned, checked, before the council, decided."""

from __future__ import annotations

import io

import openpyxl
import pytest
import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.dossiers import DossierFile
from tests.awards import form_of, names
from tests.dossiers import PDF, body, collective, dossier, entries, fresh, individual, submitted
from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")

AWARDS = f"/office/{SLUG}/awards"
WRITTEN = {"number": "1234/QĐ-UBND", "decided_on": "28/12/2015", "decided_by": "Chủ tịch"}


def test_from_a_dossier_that_came_in_to_the_locked_list(khanh: Person, stranger: Person, conference: Conference) -> None:
    code = body(conference)
    made = submitted(code, collective("Phòng Mẫu"), individual("Y Mẫu", achievement="Mười năm làm tốt"))
    page = khanh.get(f"{AWARDS}/dossiers").get_data(as_text=True)
    assert "UBND huyện Đăk Hà" in page and "Thiếu Tờ trình, Báo cáo thành tích, Biên bản họp xét." in page
    here, seen = f"{AWARDS}/dossiers/{made.id}", str(made.version)
    page = khanh.get(here).get_data(as_text=True)
    assert "Mười năm làm tốt" in page and "Chưa ghi ai đại diện lên nhận." in page
    assert "Ghi một câu để đơn vị biết cần sửa gì." in khanh.post(f"{here}/return", expect=422, words=" ", version=seen).get_data(as_text=True)
    khanh.post(f"{here}/return", expect=302, words="Thiếu biên bản họp xét.", version=seen)
    assert "Thiếu biên bản họp xét." in stranger.get(f"/b/{code}/dossiers/{made.id}").get_data(as_text=True)
    stranger.post(f"/b/{code}/dossiers/{made.id}/files", expect=302, files=True, kind="minutes", file=(io.BytesIO(PDF), "Biên bản.pdf"))
    stranger.post(f"/b/{code}/dossiers/{made.id}/submission", expect=302, version=str(fresh(made.id).version))
    held = db.session.scalars(sa.select(DossierFile)).one()
    answer = khanh.get(f"{here}/files/{held.id}")
    assert answer.data == PDF and answer.headers["Content-Disposition"].startswith("attachment;")
    stale = khanh.post(f"{here}/check", expect=409, version=seen).get_data(as_text=True)
    assert "Hồ sơ vừa được thay đổi ở nơi khác." in stale
    khanh.post(f"{here}/check", expect=302, version=str(fresh(made.id).version))
    first, second = (one.id for one in entries(made.id))
    page = khanh.post(f"{AWARDS}/council", expect=422, verb="refuse", entry=[str(first)]).get_data(as_text=True)
    assert "Ghi lý do không thống nhất" in page
    assert "Đánh dấu ít nhất một tên." in khanh.post(f"{AWARDS}/council", expect=422, verb="agree").get_data(as_text=True)
    khanh.post(f"{AWARDS}/council", expect=302, verb="refuse", entry=[str(first)], reason="Chưa đủ tiêu chuẩn")
    khanh.post(f"{AWARDS}/council", expect=302, verb="agree", entry=[str(second)])
    book = openpyxl.load_workbook(io.BytesIO(khanh.post(f"{AWARDS}/council/list.xlsx", expect=200).data)).active
    assert [(row[3].value, row[9].value) for row in book.iter_rows(min_row=2)] == [("Phòng Mẫu", "Không thống nhất"), ("Y Mẫu", "Hội đồng thống nhất")]  # type: ignore[union-attr]
    pdf = khanh.get(f"{AWARDS}/council/list.pdf")
    assert pdf.mimetype == "application/pdf"
    own = stranger.get(f"/b/{code}/dossiers/{made.id}").get_data(as_text=True)
    assert "Chưa đủ tiêu chuẩn" in own and "thống nhất</" not in own.replace("Không thống nhất</", ""), "the council's agreement stays inside"
    page = khanh.get(f"{AWARDS}/{form_of().id}/decision").get_data(as_text=True)
    assert 'name="seen" value="1"' in page
    khanh.post(f"{AWARDS}/{form_of().id}/decision", expect=409, seen="2", **WRITTEN)
    khanh.post(f"{AWARDS}/{form_of().id}/decision", expect=302, seen="1", **WRITTEN)
    assert names(form_of().id) == ["Y Mẫu"]
    assert "Được khen thưởng" in stranger.get(f"/b/{code}/dossiers/{made.id}").get_data(as_text=True)
    khanh.post(f"{AWARDS}/{form_of().id}/decision", expect=409, **WRITTEN)


def test_a_draft_is_the_body_s_alone(khanh: Person, conference: Conference) -> None:
    made = dossier(body(conference), individual("Y Nháp"))
    page = khanh.get(f"{AWARDS}/dossiers?state=").get_data(as_text=True)
    assert "1 hồ sơ đang là bản nháp ở đơn vị." in page and "UBND huyện Đăk Hà" not in page
    khanh.get(f"{AWARDS}/dossiers/{made.id}", expect=404)
    for verb in ("check", "return", "reopening"):
        khanh.post(f"{AWARDS}/dossiers/{made.id}/{verb}", expect=404, version=str(made.version), words="x")


def test_cancelled_on_the_list_s_page(khanh: Person) -> None:
    form_id = form_of().id
    khanh.post(f"{AWARDS}/{form_id}/honourees/new", expect=302, kind="individual", printed_name="Y Hủy", post="Trưởng thôn")
    khanh.post(f"{AWARDS}/{form_id}/decision", expect=302, **WRITTEN)
    page = khanh.get(f"{AWARDS}/{form_id}").get_data(as_text=True)
    tail = page.split("/cancellation")[0].rsplit("/", 1)[1]
    khanh.post(f"{AWARDS}/{form_id}/honourees/{tail}/cancellation", expect=302, reason="Khai gian")
    page = khanh.get(f"{AWARDS}/{form_id}").get_data(as_text=True)
    assert "Đã hủy khen thưởng" in page and "Khai gian" in page and "/cancellation" not in page
    khanh.get(f"{AWARDS}/{form_id}/list.pdf", expect=404)
    khanh.post(f"{AWARDS}/{form_id}/honourees/{tail}/standing", expect=302)
    assert "Khai gian" not in khanh.get(f"{AWARDS}/{form_id}").get_data(as_text=True)
