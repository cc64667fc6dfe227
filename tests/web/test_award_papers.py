"""The award office's papers: lists as PDF and .xlsx, money by the rules of the day, words over the office's own forms."""

from __future__ import annotations

import io
import unicodedata

import openpyxl
import pytest
from pypdf import PdfReader

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.journal import Entry
from eventmgr.services import award_money, award_rules, awards, honourees
from eventmgr.services.awards import FormFacts
from eventmgr.services.honourees import HonoureeFacts
from tests.awards import DECISION, account_id, fill, form_of
from tests.documents import reading
from tests.people import SLUG, Person

AWARDS = f"/office/{SLUG}/awards"


@pytest.fixture
def form_id(conference: Conference) -> int:
    """5 collectives and 10 persons under the decision of 28/12/2015."""
    made = fill(conference.id)
    awards.edit_form(conference.id, made, FormFacts("Chủ tịch UBND tỉnh", "Bằng khen", "Đã có thành tích xuất sắc giai đoạn I (2011-2015)"), account_id())
    awards.decide(conference.id, made, DECISION, account_id())
    return made


def file(person: Person, form_id: int, paper: str, suffix: str = "pdf") -> bytes:
    return person.get(f"{AWARDS}/{form_id}/papers/file?paper={paper}&as={suffix}").data


def sheet(content: bytes) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_a_list_costs_what_the_rules_of_the_decision_s_day_say(khanh: Person, form_id: int) -> None:
    page = " ".join(khanh.get(f"{AWARDS}/{form_id}/papers").get_data(as_text=True).split())
    assert "2,0 × 1.150.000" in page and "1,0 × 1.150.000" in page and "23.000.000 đồng" in page
    told = reading.text(file(khanh, form_id, "money"))
    assert "Tập thể 05 2,0 1.150.000 2.300.000 11.500.000" in told and "Cá nhân 10 1,0 1.150.000 1.150.000 11.500.000" in told
    assert "Tổng cộng 15 23.000.000" in told and "Bằng chữ: Hai mươi ba triệu đồng." in told
    assert sheet(file(khanh, form_id, "money", "xlsx"))[1] == ["Tập thể", "05", "2,0", "1.150.000", "2.300.000", "11.500.000"]


def test_receipts_have_a_line_to_sign_for_each_and_the_sum(khanh: Person, form_id: int) -> None:
    rows = sheet(file(khanh, form_id, "receipts", "xlsx"))
    assert rows[0] == ["TT", "Họ tên, tập thể", "Chức vụ, đơn vị", "Số tiền (đồng)", "Ký nhận", "Ghi chú"]
    assert len(rows) == 1 + 15 + 1
    assert rows[-1][1:4] == ["Cộng", None, "23.000.000"]
    told = reading.text(file(khanh, form_id, "receipts"))
    assert told.count("2.300.000") == 6 and "Tổng cộng: 23.000.000 đồng (Hai mươi ba triệu đồng)." in told
    sentence = db.session.query(Entry.sentence).filter(Entry.verb == "awards.exported").order_by(Entry.id.desc()).first()
    assert sentence == ("Xuất danh sách ký nhận tiền thưởng (.xlsx): 15 dòng.",)


def test_the_setting_puts_persons_first_on_every_paper(khanh: Person, conference: Conference, form_id: int) -> None:
    assert [row[0] for row in sheet(file(khanh, form_id, "calling", "xlsx"))[1:7:5]] == ["I. TẬP THỂ", "II. CÁ NHÂN"]
    khanh.post(f"{AWARDS}/stage", expect=302, wave_size="6", collectives_first="individual")
    assert sheet(file(khanh, form_id, "calling", "xlsx"))[1][0] == "I. CÁ NHÂN"
    annex = reading.text(khanh.get(f"{AWARDS}/{form_id}/list.pdf").data)
    assert annex.index("I. CÁ NHÂN") < annex.index("II. TẬP THỂ")
    khanh.post(f"{AWARDS}/stage", expect=422, wave_size="4", collectives_first="individual")


def test_rules_are_the_office_s_own_after_the_first_change(khanh: Person, conference: Conference, form_id: int) -> None:
    khanh.post(f"{AWARDS}/money/rates", expect=302, level="bang_khen_tinh", kind="individual", coefficient="1,5", rate_from="01/12/2015", valid_to="", rate_basis="Quyết định thử")
    khanh.post(f"{AWARDS}/money/salaries", expect=302, valid_from="28/12/2015", amount="1.210.000 đồng", basis="Nghị định thử")
    money = award_money.form_money(conference.id, form_id)
    assert money is not None and [(one.kind.value, one.amount.amount, one.total) for one in money.sums] == [("collective", 2_420_000, 12_100_000), ("individual", 1_820_000, 18_200_000)]
    assert money.sums[1].amount.exact == 1_815_000 and money.total == 30_300_000
    assert "= 1.815.000, làm tròn 1.820.000" in khanh.get(f"{AWARDS}/{form_id}/papers").get_data(as_text=True)
    rules = award_rules.rules_of(conference.id)
    assert rules.own and len(rules.salaries) == 9 and len(rules.rates) == 13
    khanh.post(f"{AWARDS}/money/removal", expect=302, valid_from="28/12/2015")
    khanh.post(f"{AWARDS}/money/removal", expect=404, valid_from="28/12/2015")
    assert len(award_rules.rules_of(conference.id).salaries) == 8
    for wrong in ({"amount": "-5"}, {"amount": "nhiều"}, {"basis": ""}, {"valid_from": "31/02/2015"}):
        khanh.post(f"{AWARDS}/money/salaries", expect=422, **({"valid_from": "01/01/2016", "amount": "1150000", "basis": "x"} | wrong))


def test_one_person_on_two_lists_for_one_achievement_is_paid_the_higher(khanh: Person, conference: Conference, form_id: int) -> None:
    second = awards.add_form(conference.id, FormFacts("Giám đốc Sở Mẫu", "Giấy khen", "Đã có thành tích xuất sắc giai đoạn I (2011-2015)"), account_id())
    honourees.add(conference.id, second.id, HonoureeFacts("individual", "Y Mẫu 1", "Trưởng thôn, thôn Ví Dụ 1"), account_id())
    honourees.add(conference.id, second.id, HonoureeFacts("individual", "Y Mẫu 1", "Người khác"), account_id())
    awards.decide(conference.id, second.id, DECISION, account_id())
    rows = sheet(file(khanh, second.id, "receipts", "xlsx"))[1:]
    assert [row[3] for row in rows] == ["0", "350.000", "350.000"] and rows[0][5] == "Đã tính mức cao hơn"
    assert award_money.form_money(conference.id, form_id).total == 23_000_000  # type: ignore[union-attr]


HARD = ["ĐẶNG THỊ THÚY", "Đặng Thị Thuý", "Y'H'Rôk Ê\u0111ê", "Nguye\u0302\u0303n Thi\u0323 Huye\u0302\u0300n", "Ksor H’Bơi – A Lưới"]


def test_a_printed_name_reads_back_letter_for_letter(khanh: Person, conference: Conference) -> None:
    form_id = form_of().id
    for name in HARD:
        honourees.add(conference.id, form_id, HonoureeFacts("individual", name, "Chuyên viên", None, "bà"), account_id())
    pdf = khanh.get(f"{AWARDS}/{form_id}/papers/overprint.pdf?kind=individual").data
    pages = PdfReader(io.BytesIO(pdf)).pages
    printed = [unicodedata.normalize("NFC", name) for name in HARD]
    assert [page.extract_text().splitlines()[1].strip() for page in pages] == printed
    assert [row[2] for row in sheet(file(khanh, form_id, "data", "xlsx"))[1:]] == printed
    assert [name for name in printed if name not in reading.text(file(khanh, form_id, "data"))] == []


def test_words_stand_where_the_office_measured_and_nothing_else_is_on_the_paper(khanh: Person, form_id: int) -> None:
    places = khanh.get(f"{AWARDS}/places?kind=individual").get_data(as_text=True)
    assert 'name="name-x"' in places and 'value="420"' in places
    typed = {f"{line}-{what}": value for line in ("given_to", "name", "post", "achievement", "place_date", "signer_post", "signer_name", "decision", "book_number") for what, value in {"x": "60", "y": "200", "width": "300", "size": "16", "align": "left"}.items()}
    typed |= {"kind": "individual", "page_width": "400", "page_height": "300", "name-shown": "y", "name-x": "100,5", "name-y": "150"}
    khanh.post(f"{AWARDS}/places", expect=302, **typed)
    pdf = khanh.get(f"{AWARDS}/{form_id}/papers/overprint.pdf?kind=individual").data
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    assert [round(float(side) * reading.MM) for side in (page.mediabox.width, page.mediabox.height)] == [400, 300]
    assert page.extract_text().split() == ["Y", "Mẫu", "1"]
    word = reading.phrase(pdf, "Y Mẫu 1")
    assert abs(word.left - 100.5) < 0.5 and 150 <= word.top < 153
    assert reading.lines(pdf) == [] and len(page.images) == 0
    assert reading.page_count(pdf) == 10
    framed = khanh.get(f"{AWARDS}/{form_id}/papers/overprint.pdf?kind=individual&frame=1").data
    assert framed != pdf and len(PdfReader(io.BytesIO(framed)).pages[0].images) == 0
    refused = khanh.post(f"{AWARDS}/places", expect=422, **(typed | {"name-x": "500"})).get_data(as_text=True)
    assert "Nhập số từ 0 đến 400" in refused and 'value="500"' in refused


def test_the_test_page_carries_a_ruler_in_millimetres(khanh: Person, form_id: int) -> None:
    pdf = khanh.get(f"{AWARDS}/places/test.pdf?kind=collective").data
    words = reading.words(pdf)
    ten, forty = (next(word for word in words if word.text == text) for text in ("100", "400"))
    assert abs((forty.left - ten.left) - 300) < 0.5
    assert reading.page_count(pdf) == 1
    khanh.get(f"{AWARDS}/places/test.pdf?kind=x", expect=404)


def test_the_default_lines_say_what_the_decision_says(khanh: Person, form_id: int) -> None:
    khanh.post(f"{AWARDS}/{form_id}/papers", expect=302, level="", first_book_number="101", place="Kon Tum", signer_post="KT. CHỦ TỊCH", signer_name="Người Ký Mẫu")
    told = reading.text(khanh.get(f"{AWARDS}/{form_id}/papers/overprint.pdf?kind=collective").data, 2)
    assert told == (
        "Tập thể: Hội Liên hiệp Phụ nữ huyện Mẫu B Đã có thành tích xuất sắc giai đoạn I (2011-2015) Kon Tum, ngày 28 tháng 12 năm 2015 KT. CHỦ TỊCH Người Ký Mẫu "
        "Quyết định số 1234/QĐ-UBND ngày 28/12/2015 Số sổ vàng: 102"
    )
    khanh.get(f"{AWARDS}/{form_id}/papers/overprint.pdf?kind=x", expect=404)
    khanh.get(f"{AWARDS}/{form_id}/papers/file?paper=x", expect=404)
    khanh.post(f"{AWARDS}/{form_id}/papers", expect=422, level="x", first_book_number="0")


def test_papers_of_an_empty_list_and_for_other_people(khanh: Person, ha: Person, form_id: int) -> None:
    empty = awards.add_form(form_of().conference_id, FormFacts("Giám đốc Sở Mẫu", "Giấy khen"), account_id())
    khanh.get(f"{AWARDS}/{empty.id}/papers/file?paper=receipts", expect=404)
    for path in ("papers", "papers/file?paper=receipts", "papers/overprint.pdf?kind=individual"):
        ha.get(f"{AWARDS}/{form_id}/{path}", expect=403)
