"""A body's dossiers for awards on its own page: draft, entries, files, hand in, hand in again."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain.dates import COUNTRY
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.dossiers import Dossier, DossierFile
from eventmgr.models.journal import Entry
from eventmgr.services import body_links, dossiers, quotas
from eventmgr.services.dossier_files import folder
from tests.awards import form_of
from tests.dossiers import OTHER_BODY, PDF, body, docx, dossier, entries, fresh, individual, submitted
from tests.people import Person

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def code(conference: Conference) -> str:
    return body(conference)


def home(code: str, made: Dossier) -> str:
    return f"/b/{code}/dossiers/{made.id}"


def entry(**changed: str) -> dict[str, str]:
    return {"form_id": str(form_of().id), "kind": "individual", "printed_name": "Bà Y Mẫu", "post": "Trưởng thôn, thôn Ví Dụ"} | changed


def test_from_the_body_s_page_to_a_dossier_that_is_handed_in(stranger: Person, code: str) -> None:
    assert f"/b/{code}/dossiers" in stranger.get(f"/b/{code}").get_data(as_text=True)
    page = stranger.get(f"/b/{code}/dossiers").get_data(as_text=True)
    assert "hồ sơ nhận trước ngày 20/12/2015" in page
    here = stranger.post(f"/b/{code}/dossiers", expect=302, number="45/TTr-UBND", dated_on="10/12/2015").location
    stranger.post(f"{here}/entries/new", expect=302, **entry())
    stranger.post(f"{here}/entries/new", expect=302, **entry(
        kind="collective", printed_name="Phòng Lao động huyện Mẫu", post="", leader_name="Lê Thị Mẫu", leader_form="bà", leader_post="Trưởng phòng"))  # fmt: skip
    stranger.post(f"{here}/files", expect=302, files=True, kind="report", file=(io.BytesIO(PDF), "Báo cáo thành tích.pdf"))
    page = stranger.get(here).get_data(as_text=True)
    for said in ("01 tập thể", "01 cá nhân", "Lên nhận: bà Lê Thị Mẫu, Trưởng phòng", "Báo cáo thành tích.pdf", "Còn thiếu: Tờ trình, Biên bản họp xét."):
        assert said in page
    made = db.session.scalars(sa.select(Dossier)).one()
    assert [(one.kind, one.printed_name, one.address_form) for one in entries(made.id)] == [
        ("collective", "Phòng Lao động huyện Mẫu", None), ("individual", "Bà Y Mẫu", "bà"),
    ]  # fmt: skip
    stranger.post(f"{here}/submission", expect=302, version=str(fresh(made.id).version))
    made = fresh(made.id)
    assert (made.state, made.is_late) == ("submitted", True), "the plan's day is long past"
    page = stranger.get(here).get_data(as_text=True)
    assert "Đã gửi, chờ thẩm định" in page and "Gửi muộn" in page and "/entries/new" not in page
    lines = list(db.session.scalars(sa.select(Entry.sentence).where(Entry.subject == "dossier").order_by(Entry.id)))
    assert lines == [
        "UBND huyện Đăk Hà lập hồ sơ đề nghị khen thưởng.", "UBND huyện Đăk Hà gửi hồ sơ khen thưởng, Tờ trình số 45/TTr-UBND (muộn)."
    ]  # fmt: skip


@pytest.mark.parametrize(("moment", "late"), [
    (datetime(2015, 12, 19, 23, 59, tzinfo=COUNTRY), False), (datetime(2015, 12, 20, 0, 0, tzinfo=COUNTRY), True),
])  # fmt: skip
def test_before_the_day_means_before_the_day(code: str, monkeypatch: pytest.MonkeyPatch, moment: datetime, late: bool) -> None:
    made = dossier(code)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert dossiers.submit(code, made.id, made.version).is_late is late


def test_sent_twice_it_is_there_once(stranger: Person, code: str) -> None:
    for _ in range(2):
        here = stranger.post(f"/b/{code}/dossiers", expect=302, number="45/TTr", dated_on="10/12/2015").location
    made = db.session.scalars(sa.select(Dossier)).one()
    for _ in range(2):
        stranger.post(f"{here}/entries/new", expect=302, **entry())
        stranger.post(f"{here}/files", expect=302, files=True, kind="report", file=(io.BytesIO(PDF), "a.pdf"))
    assert (len(entries(made.id)), db.session.scalar(sa.select(sa.func.count(DossierFile.id)))) == (1, 1)
    version = str(fresh(made.id).version)
    for _ in range(2):
        stranger.post(f"{here}/submission", expect=302, version=version)
    assert fresh(made.id).state == "submitted"
    other = stranger.post(f"{here}/entries/new", expect=409, **entry(printed_name="Y Khác")).get_data(as_text=True)
    assert "Hồ sơ đã gửi nên không sửa được." in other


def test_what_is_missing_or_wrong_comes_back_with_a_sentence(stranger: Person, code: str) -> None:
    made = dossier(code, individual(), number=None)
    here = home(code, made)
    for wrong, sentence in (
        ({"printed_name": ""}, "Cần điền mục này."), ({"post": ""}, "Ghi chức vụ, đơn vị công tác"), ({"kind": "x"}, "Chọn tập thể hay cá nhân."),
        ({"form_id": "99999"}, "Chọn hình thức trong danh sách."), ({"printed_name": "Ẵ" * 301}, "Dài nhất 300 ký tự."),
        ({"kind": "collective", "post": "", "leader_name": "Lê 5"}, "Họ tên chỉ gồm chữ cái"),
        ({"kind": "collective", "post": "", "leader_name": "Lê Mẫu"}, "Ghi chức vụ của người đứng đầu"),
    ):  # fmt: skip
        page = stranger.post(f"{here}/entries/new", expect=422, **entry(**wrong)).get_data(as_text=True)
        assert sentence in page, wrong
    answer = stranger.client.post(f"{here}/submission", data={"version": str(made.version), "csrf_token": stranger._csrf()}, follow_redirects=True)
    assert "Ghi số và ngày của Tờ trình trước khi gửi." in answer.get_data(as_text=True)
    assert fresh(made.id).state == "draft"
    stranger.post(f"/b/{code}/dossiers", expect=422, dated_on="31/02/2015")
    stranger.post(f"{here}/facts", expect=302, number="45/TTr", dated_on="10/12/2015", version=str(made.version))
    stale = stranger.post(f"{here}/facts", expect=409, number="46/TTr", dated_on="10/12/2015", version=str(made.version)).get_data(as_text=True)
    assert "46/TTr" in stale and "Hồ sơ vừa được thay đổi ở nơi khác." in stale


def test_a_returned_dossier_is_mended_and_handed_in_again(stranger: Person, code: str) -> None:
    made = submitted(code, individual("Y Một"), individual("Y Hai"))
    with transaction():
        db.session.get_one(Dossier, made.id).state = "returned"
    first, _ = entries(made.id)
    stranger.post(f"{home(code, made)}/entries/{first.id}/removal", expect=302, version=str(fresh(made.id).version))
    assert [(one.printed_name, one.state) for one in entries(made.id)] == [("Y Một", "withdrawn"), ("Y Hai", "proposed")]
    before = fresh(made.id).first_submitted_at
    stranger.post(f"{home(code, made)}/submission", expect=302, version=str(fresh(made.id).version))
    again = fresh(made.id)
    assert (again.state, again.first_submitted_at == before, (again.submitted_at or clock.now()) > (before or clock.now())) == ("submitted", True, True)


def test_withdrawn_with_a_reason_once_it_was_handed_in(stranger: Person, code: str) -> None:
    made = submitted(code)
    here = home(code, made)
    stranger.post(f"{here}/withdrawal", expect=302, version=str(made.version))
    assert fresh(made.id).state == "submitted"
    stranger.post(f"{here}/withdrawal", expect=302, version=str(made.version), reason="Lập lại hồ sơ")
    assert fresh(made.id).state == "withdrawn"
    assert "Đã rút" in stranger.get(f"/b/{code}/dossiers").get_data(as_text=True)


def test_a_body_sees_its_own_dossiers_only(stranger: Person, conference: Conference, code: str) -> None:
    other = body(conference, OTHER_BODY)
    made = dossier(code)
    stranger.post(f"{home(code, made)}/files", expect=302, files=True, kind="report", file=(io.BytesIO(PDF), "a.pdf"))
    held = db.session.scalars(sa.select(DossierFile)).one()
    row = entries(made.id)[0]
    for tail in ("", f"/entries/{row.id}", "/entries/new", f"/files/{held.id}"):
        stranger.get(f"/b/{other}/dossiers/{made.id}{tail}", expect=404)
    for tail in ("/facts", f"/entries/{row.id}", f"/entries/{row.id}/removal", "/files", f"/files/{held.id}/removal", "/list", "/submission", "/withdrawal"):
        stranger.post(f"/b/{other}/dossiers/{made.id}{tail}", expect=404, version="1", **entry())
    assert "Y Mẫu" not in stranger.get(f"/b/{other}/dossiers").get_data(as_text=True)
    assert stranger.get(f"{home(code, made)}/files/{held.id}").data == PDF


def test_a_revoked_link_and_a_closed_conference_take_nothing(stranger: Person, conference: Conference, code: str) -> None:
    made = dossier(code)
    with transaction():
        db.session.get_one(Conference, conference.id).state = "closed"
    assert "Hội nghị đã kết thúc" in stranger.get(home(code, made)).get_data(as_text=True)
    stranger.post(f"{home(code, made)}/entries/new", expect=409, **entry())
    stranger.post(f"{home(code, made)}/files", expect=409, files=True, kind="report", file=(io.BytesIO(PDF), "a.pdf"))
    with transaction():
        db.session.get_one(Conference, conference.id).state = "open"
    body_links.revoke_link(conference.id, made.body_id, 1)
    stranger.get(home(code, made), expect=404)
    stranger.post(f"{home(code, made)}/entries/new", expect=404, **entry())
    stranger.post(f"{home(code, made)}/files", expect=404, files=True, kind="report", file=(io.BytesIO(PDF), "a.pdf"))
    assert len(entries(made.id)) == 2


def test_over_the_agreed_number_is_said_and_taken(stranger: Person, code: str) -> None:
    made = dossier(code, individual("Y Một"), individual("Y Hai"))
    quotas.set_quota(made.conference_id, form_of().id, made.body_id, 0, 1, None, 1)
    assert "vượt số lượng đã thống nhất: 2 cá nhân (thống nhất 1)." in stranger.get(home(code, made)).get_data(as_text=True)
    stranger.post(f"{home(code, made)}/submission", expect=302, version=str(made.version))
    assert fresh(made.id).state == "submitted"


def test_files_go_with_the_dossier_s_file_list(app: Flask, stranger: Person, code: str) -> None:
    made = dossier(code)
    here = home(code, made)
    stranger.post(f"{here}/files", expect=302, files=True, kind="minutes", file=(io.BytesIO(docx()), "Biên bản.docx"))
    held = db.session.scalars(sa.select(DossierFile)).one()
    assert [path.name for path in folder().iterdir()] == [held.kept_as]
    stranger.post(f"{here}/files/{held.id}/removal", expect=302)
    assert list(folder().iterdir()) == []
    stranger.post(f"{here}/files", expect=422, files=True, kind="x", file=(io.BytesIO(PDF), "a.pdf"))
    stranger.post(f"{here}/files", expect=422, files=True, kind="report")
