"""A body's list from a spreadsheet: preview with columns and reasons, in as one unit, out again, wrong rows home."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.dossier_rows import HEADINGS
from eventmgr.domain.dossiers import EntryFacts
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.dossiers import Dossier, DossierEntry, DossierList
from eventmgr.models.journal import Entry
from eventmgr.services import dossier_import, dossier_judging, dossiers
from eventmgr.services.dossier_lists import list_page
from tests.awards import form_of
from tests.corpus.make import GOOD, HOSTILE
from tests.dossiers import OTHER_BODY, PDF, body, docx, entries, fresh, individual
from tests.dossiers import dossier as begin
from tests.people import Person

ROWS = [
    ["1", "Tập thể", "", "", "Phòng Mẫu A", "", "", "Làm tốt", "Lê Thị Đầu", "Trưởng phòng"],
    ["2", "Cá nhân", "Bằng khen", "Bà", "Y Mửi", "Trưởng thôn", "thôn Ví Dụ", "", "", ""],
    ["3", "Cá nhân", "", "", "Thiếu Chức Vụ", "", "", "", "", ""],
    ["4", "Nhóm", "", "", "Không Rõ", "x", "", "", "", ""],
    ["5", "Cá nhân", "", "", "Y Có Rồi", "Trưởng thôn", "thôn Ví Dụ", "", "", ""],
    ["6", "Cá nhân", "", "", "Y Mửi", "Trưởng thôn, thôn Ví Dụ", "", "", "", ""],
]
REASONS = {
    4: "Ghi chức vụ, đơn vị công tác (hoặc thôn, xã) của cá nhân.", 5: "Cột tập thể/cá nhân ghi “Nhóm”; ghi “Tập thể” hoặc “Cá nhân”.",
    6: "Đã có trong hồ sơ, không thêm lần nữa.", 7: "Trùng với dòng 3.",
}  # fmt: skip


@pytest.fixture
def code(conference: Conference) -> str:
    return body(conference)


def dossier(code: str, *facts: EntryFacts) -> Dossier:
    made = begin(code, *facts)
    db.session.expunge(made)  # as it was then, whatever happens to the session
    return made


def sheet(*rows: list[str], head: tuple[str, ...] = HEADINGS) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Danh sách")
    for row in (list(head), *rows):
        page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(person: Person, code: str, made: Dossier, data: bytes, name: str = "ds.xlsx") -> str:
    """Send a file in and return the address of its preview."""
    answer = person.post(f"/b/{code}/dossiers/{made.id}/list", expect=302, files=True, form_id=str(form_of().id), file=(io.BytesIO(data), name))
    return str(answer.location)


def refused(person: Person, code: str, made: Dossier, data: bytes, name: str) -> str:
    here = f"/b/{code}/dossiers/{made.id}/list"
    return person.post(here, expect=422, files=True, form_id=str(form_of().id), file=(io.BytesIO(data), name)).get_data(as_text=True)


def seen(code: str, here: str) -> str:
    made, listed = here.split("/dossiers/")[1].split("/lists/")
    db.session.close()
    return list_page(code, int(made), int(listed.split("#")[0])).seen


def names(made: Dossier) -> list[str]:
    db.session.close()
    return [one.printed_name for one in entries(made.id)]


def the_list() -> DossierList:
    db.session.close()
    found = db.session.scalars(sa.select(DossierList).order_by(DossierList.id.desc()).limit(1)).one()
    db.session.expunge(found)
    return found


def columns(**changed: str) -> dict[str, str]:
    return {f"column-{place}": field for place, field in enumerate(the_list().fields)} | {"form_id": str(form_of().id)} | changed


def test_from_the_file_to_the_dossier_and_out_again(stranger: Person, code: str) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    head = openpyxl.load_workbook(io.BytesIO(stranger.get(f"/b/{code}/dossiers/list.xlsx").data)).active
    assert [cell.value for cell in head[1]] == list(HEADINGS)  # type: ignore[index]
    here = upload(stranger, code, made, sheet(*ROWS))
    page = stranger.get(here).get_data(as_text=True)
    for said in ("2 dòng nạp được, 4 dòng chưa", "Nạp 2 dòng", "Bà Y Mửi", "Lên nhận: Lê Thị Đầu, Trưởng phòng", *REASONS.values()):
        assert said in page, said
    assert names(made) == ["Y Có Rồi"], "nothing is stored before the confirmation"
    stranger.post(f"{here}/storage", expect=302, seen=seen(code, here))
    assert [(one.kind, one.printed_name, one.post, one.address_form, one.leader_name) for one in entries(made.id)] == [
        ("collective", "Phòng Mẫu A", "", None, "Lê Thị Đầu"), ("individual", "Y Có Rồi", "Trưởng thôn, thôn Ví Dụ", None, None),
        ("individual", "Y Mửi", "Trưởng thôn, thôn Ví Dụ", "bà", None),
    ]  # fmt: skip
    page = stranger.get(here).get_data(as_text=True)
    assert "Đã thêm 2 tên vào hồ sơ" in page and "Trùng với dòng 3." in page and "Hoàn tác lần nạp này" in page
    home = openpyxl.load_workbook(io.BytesIO(stranger.get(f"{here}/wrong.xlsx").data)).active
    assert home is not None
    assert [[cell or "" for cell in row] for row in home.values] == [
        ["Lý do chưa nạp được", *HEADINGS], *([REASONS[number], *ROWS[number - 2]] for number in REASONS)
    ]  # fmt: skip
    stranger.post(f"{here}/undoing", expect=302)
    assert names(made) == ["Y Có Rồi"]
    assert "Đã bỏ 2 tên của lần nạp này" in stranger.get(here).get_data(as_text=True)
    lines = list(db.session.scalars(sa.select(Entry.sentence).where(Entry.verb.like("dossier.list%")).order_by(Entry.id)))
    assert lines == [
        "UBND huyện Đăk Hà nạp 2 tên từ tệp vào hồ sơ khen thưởng.", "UBND huyện Đăk Hà hoàn tác lần nạp 2 tên vào hồ sơ khen thưởng.",
    ]  # fmt: skip


def test_wrong_rows_that_were_mended_come_in_again(stranger: Person, code: str) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    here = upload(stranger, code, made, sheet(*ROWS))
    book = openpyxl.load_workbook(io.BytesIO(stranger.get(f"{here}/wrong.xlsx").data))
    page = book.active
    assert page is not None
    page.cell(2, 7, "Trưởng ban")  # the reason, then TT, kind, form, address, name, post
    target = io.BytesIO()
    book.save(target)
    again = upload(stranger, code, made, target.getvalue(), "mended.xlsx")
    stranger.post(f"{again}/storage", expect=302, seen=seen(code, again))
    assert sorted(names(made)) == ["Thiếu Chức Vụ", "Y Có Rồi", "Y Mửi"]


def test_columns_are_guessed_and_changed(stranger: Person, code: str) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    here = upload(stranger, code, made, sheet(["1", "A Mẫu", "Cán bộ", "Sở Mẫu"], head=("STT", "Họ và tên", "Chức vụ", "Ghi chú")))
    assert the_list().fields == ["", "name", "post", ""]
    for wrong, sentence in (
        ({"column-1": ""}, "Chưa cột nào là họ và tên."), ({"column-3": "post"}, "Có hai cột cùng là “Chức vụ”."), ({"column-3": "x"}, "Chọn nội dung của từng cột"),
    ):  # fmt: skip
        page = stranger.post(f"{here}/columns", expect=422, **columns(**wrong)).get_data(as_text=True)
        assert sentence in page, wrong
    stranger.post(f"{here}/columns", expect=302, **columns(**{"column-3": "unit"}))
    assert "Cán bộ, Sở Mẫu" in stranger.get(here).get_data(as_text=True)
    stranger.post(f"{here}/columns", expect=302, **columns(**{"form_id": ""}))
    assert "Ghi hình thức đề nghị, hoặc chọn hình thức cho các dòng không ghi." in stranger.get(here).get_data(as_text=True)
    stranger.post(f"{here}/storage", expect=409, seen=seen(code, here))
    assert names(made) == ["Y Có Rồi"]


def test_confirmed_twice_it_is_there_once_and_a_stale_preview_stores_nothing(stranger: Person, code: str) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    here = upload(stranger, code, made, sheet(*ROWS))
    stale = seen(code, here)
    dossiers.add_entry(code, made.id, individual("Y Mửi"))
    page = stranger.post(f"{here}/storage", expect=409, seen=stale).get_data(as_text=True)
    assert "vừa thay đổi sau khi xem trước" in page and "1 dòng nạp được, 5 dòng chưa" in page
    assert names(made) == ["Y Có Rồi", "Y Mửi"]
    good = seen(code, here)
    for _ in range(2):
        stranger.post(f"{here}/storage", expect=302, seen=good)
    assert names(made) == ["Phòng Mẫu A", "Y Có Rồi", "Y Mửi"]
    stranger.post(f"{here}/columns", expect=409, **columns())
    stranger.post(f"{here}/removal", expect=409)
    for _ in range(2):
        stranger.post(f"{here}/undoing", expect=302)
    assert names(made) == ["Y Có Rồi", "Y Mửi"]
    assert "Lần nạp này đã được hoàn tác." in stranger.post(f"{here}/storage", expect=409, seen=good).get_data(as_text=True)


def test_undone_only_while_nothing_of_it_was_changed_or_handed_in(stranger: Person, code: str) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    here = upload(stranger, code, made, sheet(*ROWS))
    stranger.post(f"{here}/storage", expect=302, seen=seen(code, here))
    edited = db.session.scalars(sa.select(DossierEntry).where(DossierEntry.printed_name == "Y Mửi")).one()
    known = (edited.id, edited.form_id)
    dossiers.edit_entry(code, made.id, known[0], individual("Y Mửi", form_id=known[1], achievement="Khác"), fresh(made.id).version)
    assert "Có tên trong lần nạp này đã được sửa hoặc bỏ" in stranger.post(f"{here}/undoing", expect=409).get_data(as_text=True)
    dossiers.edit_entry(code, made.id, known[0], individual("Y Mửi", form_id=known[1], address_form="bà"), fresh(made.id).version)
    dossiers.submit(code, made.id, fresh(made.id).version)
    assert "Hồ sơ đã gửi nên không sửa được." in stranger.post(f"{here}/undoing", expect=409).get_data(as_text=True)
    with transaction():
        db.session.get_one(Dossier, made.id).state = "returned"
    assert "Hồ sơ đã được gửi sau lần nạp này" in stranger.post(f"{here}/undoing", expect=409).get_data(as_text=True)
    assert names(made) == ["Phòng Mẫu A", "Y Có Rồi", "Y Mửi"]


def test_a_name_that_was_withdrawn_comes_back_and_goes_again(stranger: Person, code: str) -> None:
    made = dossier(code, individual("Y Có Rồi"), individual("Y Mửi"))
    dossiers.submit(code, made.id, made.version)
    with transaction():
        db.session.get_one(Dossier, made.id).state = "returned"
    gone = entries(made.id)[1]
    dossiers.remove_entry(code, made.id, gone.id, fresh(made.id).version)
    here = upload(stranger, code, made, sheet(ROWS[1]))
    stranger.post(f"{here}/storage", expect=302, seen=seen(code, here))
    assert [one.state for one in entries(made.id)] == ["proposed", "proposed"]
    stranger.post(f"{here}/undoing", expect=302)
    assert [one.state for one in entries(made.id)] == ["proposed", "withdrawn"]


def test_every_kind_of_file_and_old_fonts(stranger: Person, code: str) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    for kind in ("vni", "ods", "old xls", "xls of excel 97", "csv, windows-1258", "second sheet"):
        name, data = GOOD[kind]()
        page = stranger.get(upload(stranger, code, made, data, name)).get_data(as_text=True)
        assert "dòng nạp được" in page, kind
    here = upload(stranger, code, made, *reversed(GOOD["old font"]()))
    assert "phông TCVN3 hoặc VNI" in stranger.get(here).get_data(as_text=True)
    assert "Trần Thị Nga" in stranger.get(here).get_data(as_text=True)
    csv = "Họ và tên;Chức vụ;Tập thể/Cá nhân\nA Mẫu;Cán bộ;Cá nhân\n".encode("utf-8-sig")
    here = upload(stranger, code, made, csv, "ds.csv")
    stranger.post(f"{here}/storage", expect=302, seen=seen(code, here))
    here = upload(stranger, code, made, *reversed(GOOD["family and given apart"]()))
    assert the_list().fields == ["", "family", "name", "post"]
    assert names(made) == ["Y Có Rồi", "A Mẫu"]


def test_bad_files_get_a_sentence_and_leave_nothing(stranger: Person, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    for name, data in (("a.xlsx", b"x"), ("a.xlsx", b""), ("a.xlsx", PDF), ("a.docx", docx()), ("a.xlsx", sheet())):
        assert "Chưa đọc được tệp." in refused(stranger, code, made, data, name), name
    many = [[str(place), "Cá nhân", "", "", f"A Mẫu {place}", "Cán bộ", "", "", "", ""] for place in range(10_001)]
    assert "Tệp có 10001 dòng; một hồ sơ có nhiều nhất 200 tên." in refused(stranger, code, made, sheet(*many), "nhiều.xlsx")
    for kind in ("far cell", "zip bomb", "entity bomb", "macros", "password", "web page as xls", "no header", "too many rows"):
        name, data = HOSTILE[kind]()
        assert "Chưa đọc được tệp." in refused(stranger, code, made, data, name), kind
    monkeypatch.setattr(dossier_import, "LARGEST", 10)
    assert "Tệp nặng quá" in refused(stranger, code, made, sheet(*ROWS), "a.xlsx")
    monkeypatch.undo()
    assert db.session.scalar(sa.select(sa.func.count(DossierList.id))) == 0


def test_hostile_names_are_only_words(stranger: Person, code: str) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    evil = '../../<script>x</script>"\r\nSet-Cookie: a=b.csv'
    text = "Họ và tên;Chức vụ;Tập thể/Cá nhân;Thành tích\n=HYPERLINK(1)<b>;;Cá nhân;=1+1\n<i>Y</i>;+Cán bộ;Cá nhân;\n"
    here = upload(stranger, code, made, text.encode("utf-8-sig"), evil)
    page = stranger.get(here).get_data(as_text=True)
    assert "<script>x" not in page and "<i>Y</i>" not in page and "&lt;i&gt;Y&lt;/i&gt;" in page
    answer = stranger.get(f"{here}/wrong.xlsx")
    assert "Set-Cookie" not in answer.headers and "\n" not in answer.headers["Content-Disposition"]
    cells = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert cells is not None
    assert [cell.data_type for cell in cells[2] if cell.value] == ["s"] * 4, "never a formula"


def test_a_dossier_takes_no_more_than_it_may_hold(stranger: Person, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    monkeypatch.setattr(dossier_judging, "MOST_ENTRIES", 2)
    here = upload(stranger, code, made, sheet(*ROWS[:2]))
    page = stranger.get(here).get_data(as_text=True)
    assert "1 dòng nạp được, 1 dòng chưa" in page and "Hồ sơ đã đủ 2 tên; lập hồ sơ khác cho tên này." in page


def test_a_body_reaches_its_own_lists_only(stranger: Person, conference: Conference, code: str) -> None:
    other = body(conference, OTHER_BODY)
    made, theirs = dossier(code, individual("Y Có Rồi")), dossier(other, individual("Y Khác"))
    here = upload(stranger, code, made, sheet(*ROWS))
    listed = the_list().id
    for foreign in (f"/b/{other}/dossiers/{made.id}/lists/{listed}", f"/b/{other}/dossiers/{theirs.id}/lists/{listed}"):
        for tail in ("", "/wrong.xlsx"):
            stranger.get(f"{foreign}{tail}", expect=404)
        for tail in ("/columns", "/storage", "/undoing", "/removal"):
            stranger.post(f"{foreign}{tail}", expect=404, seen=seen(code, here))
    assert (the_list().state, names(made), names(theirs)) == ("ready", ["Y Có Rồi"], ["Y Khác"])
    stranger.post(f"{here}/removal", expect=302)
    stranger.get(here, expect=404)


def test_rows_are_forgotten_after_seven_days(stranger: Person, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = dossier(code, individual("Y Có Rồi"))
    stored = upload(stranger, code, made, sheet(*ROWS))
    stranger.post(f"{stored}/storage", expect=302, seen=seen(code, stored))
    waiting = upload(stranger, code, made, sheet(*ROWS))
    assert dossier_import.forget_old_lists() == 0
    later = clock.now() + timedelta(days=7, minutes=1)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: later)
        assert (dossier_import.forget_old_lists(), dossier_import.forget_old_lists()) == (2, 0)
    stranger.get(waiting, expect=404)
    assert (the_list().rows, the_list().problems) == ([], [])
    stranger.post(f"{stored}/undoing", expect=302)
    assert names(made) == ["Y Có Rồi"]
