"""From a delegate to an issued letter, through the office's pages."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Pass
from tests.people import SLUG, Person

HOME = f"/office/{SLUG}"
LETTERS = f"{HOME}/invitations"
WHEN = {"held_on": "29/12/2015", "starts_at": "07:30"}


def settle_date(lan: Person) -> None:
    page = lan.get(f"{HOME}/settings").get_data(as_text=True)
    fields = dict(re.findall(r'<input[^>]* name="([a-z_]+)"[^>]* value="([^"]*)"', page))
    areas = dict(re.findall(r'<textarea[^>]* name="([a-z_]+)"[^>]*>\r?\n?([^<]*)</textarea>', page))
    kept = {k: v for k, v in (fields | areas).items() if k not in {"csrf_token", "date_is_assumed"}}
    lan.post(f"{HOME}/settings", expect=302, **(kept | WHEN))


def name_delegate(key: str = "bi-thu-tinh-uy", name: str = "Trần Thị Mẫu") -> int:
    with transaction():
        delegate = db.session.scalars(sa.select(Delegate).where(Delegate.key == key)).one()
        delegate.full_name = name
    return delegate.id


def issue_all(lan: Person, first: int = 5, **more: str) -> list[Invitation]:
    lan.post(f"{LETTERS}/drafts", expect=302)
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    facts = {"first_number": str(first), "dated_on": "22/12/2015", "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Văn Mẫu"}
    lan.post(f"{LETTERS}/issue", expect=302, all="1", **(facts | more))
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Invitation).order_by(Invitation.number)))


def test_letters_are_issued_in_printing_order_with_numbers_from_the_clerk(lan: Person) -> None:
    settle_date(lan)
    name_delegate()
    issued = issue_all(lan)
    assert len(issued) == 48
    assert [one.number for one in issued] == list(range(5, 53))
    first = db.session.get(Delegate, issued[0].delegate_id)
    assert first is not None and first.full_name == "Trần Thị Mẫu"
    assert db.session.scalar(sa.select(sa.func.count(Pass.id))) == 48


def test_issued_letter_reads_back_as_entered(lan: Person) -> None:
    settle_date(lan)
    name_delegate()
    letter = issue_all(lan)[0]
    pdf = lan.get(f"{LETTERS}/{letter.id}/letter.pdf").data
    text = " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert "Số: 05/GM-VP" in text
    assert "Kon Tum, ngày 22 tháng 12 năm 2015" in text
    assert "07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015 (01 buổi)" in text
    assert "Trần Thị Mẫu" in text


def test_issue_without_date_is_refused_and_keeps_what_was_typed(lan: Person) -> None:
    lan.post(f"{LETTERS}/drafts", expect=302)
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    page = lan.post(
        f"{LETTERS}/issue", expect=422, all="1", first_number="5", dated_on="22/12/2015", signer_lines="CHÁNH VĂN PHÒNG", signer_name="Lê Mẫu"
    ).get_data(as_text=True)
    assert "Chưa có ngày họp." in page
    assert 'value="22/12/2015"' in page and 'value="Lê Mẫu"' in page
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id)).where(Invitation.issued_at.is_not(None))) == 0


def test_number_already_used_issues_nothing(lan: Person) -> None:
    settle_date(lan)
    lan.post(f"{LETTERS}/drafts", expect=302)
    ids = list(db.session.scalars(sa.select(Invitation.id).order_by(Invitation.id)))
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    facts = {"dated_on": "22/12/2015", "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Mẫu"}
    lan.post(f"{LETTERS}/issue", expect=302, first_number="10", invitation=str(ids[0]), **facts)
    page = lan.post(f"{LETTERS}/issue", expect=409, first_number="8", invitation=ids[1:4], **facts).get_data(as_text=True)
    assert "Năm 2015 đã dùng số 10/GM-VP." in page
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id)).where(Invitation.issued_at.is_not(None))) == 1


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("30/12/2015", "Ngày ký giấy mời sau ngày họp."), ("22/12/2014", "Ngày ký giấy mời trước ngày họp hơn một năm; xem lại năm.")],
)
def test_day_that_cannot_be_is_named_at_its_field(lan: Person, day: str, sentence: str) -> None:
    settle_date(lan)
    lan.post(f"{LETTERS}/drafts", expect=302)
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    page = lan.post(
        f"{LETTERS}/issue", expect=422, all="1", first_number="5", dated_on=day, signer_lines="CVP", signer_name="Lê Mẫu"
    ).get_data(as_text=True)
    at_field = page[page.index('id="dated_on-error"') :]
    assert sentence in at_field[: at_field.index("</p>")]
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id)).where(Invitation.issued_at.is_not(None))) == 0


def test_desk_asks_for_no_signer_once_every_letter_is_out(lan: Person) -> None:
    settle_date(lan)
    assert "Điền người ký giấy mời" in lan.get(f"{HOME}/").get_data(as_text=True)
    issue_all(lan)
    assert "Điền người ký giấy mời" not in lan.get(f"{HOME}/").get_data(as_text=True)


def test_letter_two_working_days_before_is_issued_with_a_warning(lan: Person) -> None:
    settle_date(lan)
    issue_all(lan, dated_on="25/12/2015")
    assert "Chỉ còn 02 ngày làm việc trước ngày họp" in lan.get(LETTERS).get_data(as_text=True)


def test_unapproved_letter_is_not_issued(lan: Person) -> None:
    settle_date(lan)
    lan.post(f"{LETTERS}/drafts", expect=302)
    letter = db.session.scalars(sa.select(Invitation).limit(1)).one()
    page = lan.post(
        f"{LETTERS}/issue", expect=422, first_number="5", dated_on="22/12/2015", signer_lines="CVP", signer_name="Lê Mẫu",
        invitation=str(letter.id),
    ).get_data(as_text=True)
    assert "chưa duyệt" in page


def test_buttons_for_chosen_letters_do_nothing_while_none_is_chosen(lan: Person) -> None:
    settle_date(lan)
    lan.post(f"{LETTERS}/drafts", expect=302)
    lan.post(f"{LETTERS}/approvals", expect=302)
    assert "Chưa chọn giấy nào" in lan.get(LETTERS).get_data(as_text=True)
    approved = sa.select(sa.func.count(Invitation.id)).where(Invitation.approved_at.is_not(None))
    assert db.session.scalar(approved) == 0
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    db.session.expire_all()
    assert db.session.scalar(approved) == 48
    lan.get(f"{LETTERS}/issue", expect=302)
    facts = {"dated_on": "22/12/2015", "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Mẫu", "first_number": "5"}
    lan.post(f"{LETTERS}/issue", expect=302, **facts)
    assert "Chưa chọn giấy nào" in lan.get(LETTERS).get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id)).where(Invitation.issued_at.is_not(None))) == 0


def test_choosing_letters_keeps_the_token_out_of_the_address(lan: Person) -> None:
    lan.post(f"{LETTERS}/drafts", expect=302)
    page = lan.get(LETTERS).get_data(as_text=True)
    choosing = page[page.index(f'<form method="get" action="{LETTERS}/issue"') :]
    choosing = choosing[: choosing.index("</form>")]
    assert choosing.count("csrf_token") == 1
    assert 'formmethod="post" formaction="' + f'{LETTERS}/approvals" name="csrf_token"' in choosing


def test_draft_shows_neither_number_nor_day_and_no_pass(lan: Person) -> None:
    settle_date(lan)
    lan.post(f"{LETTERS}/drafts", expect=302)
    letter = db.session.scalars(sa.select(Invitation).limit(1)).one()
    page = lan.get(f"{LETTERS}/{letter.id}").get_data(as_text=True)
    assert "Bản nháp" in page
    assert "tháng 12 năm 2015" in page
    assert db.session.scalar(sa.select(sa.func.count(Pass.id))) == 0
    lan.get(f"{LETTERS}/{letter.id}/qr.svg", expect=404)


def test_revoked_letter_gives_way_to_a_new_one_with_another_number(lan: Person) -> None:
    settle_date(lan)
    delegate_id = name_delegate()
    letter = next(one for one in issue_all(lan) if one.delegate_id == delegate_id)
    lan.post(f"{LETTERS}/{letter.id}/revocation", expect=422, reason="")
    lan.post(f"{LETTERS}/{letter.id}/revocation", expect=302, reason="Sai chức vụ")
    lan.get(f"{LETTERS}/{letter.id}")
    lan.post(f"{LETTERS}/drafts", expect=302, delegate=str(delegate_id))
    fresh = db.session.scalars(sa.select(Invitation).where(Invitation.delegate_id == delegate_id, Invitation.revoked_at.is_(None))).one()
    lan.post(f"{LETTERS}/approvals", expect=302, invitation=str(fresh.id), one="1")
    facts = {"dated_on": "23/12/2015", "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Mẫu", "invitation": str(fresh.id)}
    lan.post(f"{LETTERS}/issue", expect=409, first_number=str(letter.number), **facts)
    lan.post(f"{LETTERS}/issue", expect=302, first_number="99", **facts)
    db.session.expire_all()
    assert db.session.get_one(Invitation, fresh.id).number == 99


def test_letter_of_another_conference_is_not_found(lan: Person, quantri: Person, conference: Conference) -> None:
    settle_date(lan)
    lan.post(f"{LETTERS}/drafts", expect=302)
    letter_id = db.session.scalars(sa.select(Invitation.id).limit(1)).one()
    quantri.post("/office/new", expect=302, title="Hội nghị khác", short_title="Hội nghị khác", organiser="UBND tỉnh")
    for path in ("", "/letter.pdf", "/qr.svg"):
        quantri.get(f"/office/hoi-nghi-khac/invitations/{letter_id}{path}", expect=404)


def test_every_page_around_letters_opens(lan: Person) -> None:
    settle_date(lan)
    name_delegate()
    issued = issue_all(lan)
    for path in ("", "?state=issued&q=tran thi mau", "?state=none", "/issue?all=1", "/batches", f"/{issued[0].id}"):
        lan.get(LETTERS + path)
    lan.get(HOME + "/")
    lan.get(HOME + "/plan")
    lan.get(HOME + "/letterhead")


def test_letters_are_found_as_delegates_are_and_signs_alone_find_nobody(lan: Person) -> None:
    lan.post(f"{LETTERS}/drafts", expect=302)
    assert "Lãnh đạo Sở Lao động - Thương binh và Xã hội" in lan.get(f"{LETTERS}?q=so ldtbxh").get_data(as_text=True)
    for signs in ("🎉", "%25", "_"):
        for page in (LETTERS, f"{HOME}/delegates"):
            assert "Bí thư Tỉnh ủy" not in lan.get(f"{page}?q={signs}").get_data(as_text=True), (page, signs)
