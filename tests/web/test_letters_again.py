"""A letter that is out: printed again, put right under its number, or replaced; and what the door says to the old one."""

from __future__ import annotations

import io
import re

import pypdf
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.models.register import Correction
from eventmgr.services import checkin, pass_codes
from tests import door
from tests.people import SLUG, Person
from tests.web.test_letters import HOME, LETTERS, issue_all, name_delegate, settle_date
from tests.web.test_register import lines
from tests.web.test_wording import write

RIGHT = {"address_form": "đồng chí", "full_name": "Trần Thị Mậu", "posts": "Bí thư Tỉnh ủy", "addressee": "", "reason": "Sai dấu họ tên"}
AGAIN = {
    "reason": "Sai đơn vị", "addressee": "", "extra_note": "", "first_number": "99", "dated_on": "23/12/2015",
    "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Văn Mẫu",
}  # fmt: skip


def out(lan: Person, **words: str) -> Invitation:
    settle_date(lan)
    name_delegate()
    if words:
        write(lan, **words)
    return issue_all(lan)[0]


def pdf_of(lan: Person, letter_id: int) -> bytes:
    return lan.get(f"{LETTERS}/{letter_id}/letter.pdf").data


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def code_of(letter_id: int) -> str:
    return pass_codes.code_of(db.session.scalars(sa.select(Pass).where(Pass.invitation_id == letter_id)).one())


def test_printed_again_it_is_the_same_paper_under_the_same_number(lan: Person, app: Flask) -> None:
    letter = out(lan)
    first = pdf_of(lan, letter.id)
    for kept in (app.extensions["eventmgr"].settings.instance).rglob("giay-moi*.pdf"):
        kept.unlink()  # it is made anew, not taken from the shelf
    again = pdf_of(lan, letter.id)
    assert text_of(again) == text_of(first)
    assert "Số: 05/GM-VP" in text_of(again)
    lan.post(f"{LETTERS}/batches", expect=302, what="issued")
    assert db.session.scalar(sa.select(sa.func.max(Invitation.number))) == 52


def test_correction_keeps_number_day_signer_and_pass_and_both_texts(lan: Person) -> None:
    letter = out(lan, notes="Kính mong {người được mời} đến sớm")
    code, before = code_of(letter.id), text_of(pdf_of(lan, letter.id))
    assert "Kính mong đồng chí Trần Thị Mẫu, Bí thư Tỉnh ủy đến sớm" in before
    write(lan, notes="Lời của hôm nay")
    page = lan.get(f"{LETTERS}/{letter.id}/correction").get_data(as_text=True)
    assert 'value="Trần Thị Mẫu"' in page
    lan.post(f"{LETTERS}/{letter.id}/correction", expect=302, seen="0", **RIGHT)
    after = text_of(pdf_of(lan, letter.id))
    assert after == before.replace("Trần Thị Mẫu", "Trần Thị Mậu")
    assert code_of(letter.id) == code
    one = db.session.scalars(sa.select(Correction)).one()
    assert (one.old_text, one.new_text, one.reason) == (
        "đồng chí Trần Thị Mẫu, Bí thư Tỉnh ủy", "đồng chí Trần Thị Mậu, Bí thư Tỉnh ủy", "Sai dấu họ tên",
    )  # fmt: skip
    delegate = db.session.get_one(Delegate, letter.delegate_id, populate_existing=True)
    assert delegate.full_name == "Trần Thị Mậu"
    page = lan.get(f"{LETTERS}/{letter.id}").get_data(as_text=True)
    assert "Đã đính chính lúc" in page and "In lại bản đúng" in page
    assert "Đính chính giấy mời số 05/GM-VP thành “đồng chí Trần Thị Mậu, Bí thư Tỉnh ủy”: Sai dấu họ tên" in page
    assert "trước là “đồng chí Trần Thị Mẫu, Bí thư Tỉnh ủy”. Sai dấu họ tên" in lines(lan)[1]
    assert "tran thi mau" in delegate.search_key


def test_correction_that_changes_nothing_or_comes_too_late_is_refused(lan: Person) -> None:
    letter = out(lan)
    same = RIGHT | {"full_name": "Trần Thị Mẫu"}
    assert "Chưa có chữ nào trên giấy thay đổi." in lan.post(
        f"{LETTERS}/{letter.id}/correction", expect=422, seen="0", **same
    ).get_data(as_text=True)
    lan.post(f"{LETTERS}/{letter.id}/correction", expect=422, seen="0", **(RIGHT | {"reason": ""}))
    lan.post(f"{LETTERS}/{letter.id}/correction", expect=422, seen="0", **(RIGHT | {"full_name": "Mẫu 5"}))
    lan.post(f"{LETTERS}/{letter.id}/correction", expect=302, seen="0", **RIGHT)
    stale = lan.post(f"{LETTERS}/{letter.id}/correction", expect=409, seen="0", **same).get_data(as_text=True)
    assert "Có người vừa đính chính giấy này." in stale
    lan.post(f"{LETTERS}/{letter.id}/revocation", expect=302, reason="Nghỉ hưu")
    page = lan.post(f"{LETTERS}/{letter.id}/correction", expect=409, seen="1", **same).get_data(as_text=True)
    assert "Giấy đã thu hồi, không đính chính được." in page
    assert db.session.scalar(sa.select(sa.func.count(Correction.id))) == 1


def test_draft_is_not_corrected_but_edited(lan: Person) -> None:
    settle_date(lan)
    delegate_id = name_delegate()
    lan.post(f"{LETTERS}/drafts", expect=302)
    letter_id = db.session.scalars(sa.select(Invitation.id).where(Invitation.delegate_id == delegate_id)).one()
    page = lan.post(f"{LETTERS}/{letter_id}/correction", expect=409, seen="0", **RIGHT).get_data(as_text=True)
    assert "Giấy chưa phát hành: sửa thẳng vào bản nháp." in page
    lan.post(f"{LETTERS}/{letter_id}/reissue", expect=409, **AGAIN)


def test_page_of_the_delegate_says_what_becomes_of_the_letter(lan: Person) -> None:
    letter = out(lan)
    page = lan.get(f"{HOME}/delegates/{letter.delegate_id}").get_data(as_text=True)
    assert f'href="{LETTERS}/{letter.id}/correction"' in page
    assert "giữ số và mã QR" in page


def test_reissue_is_one_act_with_a_new_number_and_a_new_pass(lan: Person) -> None:
    letter = out(lan)
    old_code = code_of(letter.id)
    lan.post(f"{LETTERS}/{letter.id}/replies", expect=302, answer="comes", substitute_form="đồng chí", channel="phone")
    answer = lan.post(f"{LETTERS}/{letter.id}/reissue", expect=302, **AGAIN)
    made = int(re.search(r"/invitations/(\d+)$", answer.location)[1])  # type: ignore[index]
    assert db.session.get_one(Invitation, letter.id, populate_existing=True).revoked_reason == "Sai đơn vị"
    fresh = db.session.get_one(Invitation, made)
    assert (fresh.number, fresh.delegate_id, fresh.revoked_at) == (99, letter.delegate_id, None)
    assert code_of(made) != old_code
    assert db.session.scalar(sa.select(Reply.superseded_at).where(Reply.delegate_id == letter.delegate_id)) is None
    assert "Số: 99/GM-VP" in text_of(pdf_of(lan, made))
    page = lan.get(f"{LETTERS}/{made}").get_data(as_text=True)
    assert "Phát hành giấy mời số 99/GM-VP: Trần Thị Mẫu, thay giấy số 05/GM-VP." in page
    told = lines(lan)
    assert "Đã thu hồi" in told[1] and "Sai đơn vị" in told[1]
    assert told[-1].startswith("99 đồng chí Trần Thị Mẫu")
    stranger = lan.get(f"/i/{old_code}").get_data(as_text=True)
    assert "đã được thay" in stranger or "thu hồi" in stranger


def test_reissue_with_a_used_number_leaves_the_old_letter_as_it_was(lan: Person) -> None:
    letter = out(lan)
    page = lan.post(f"{LETTERS}/{letter.id}/reissue", expect=409, **(AGAIN | {"first_number": "6"})).get_data(as_text=True)
    assert "Năm 2015 đã dùng số 06/GM-VP." in page
    lan.post(f"{LETTERS}/{letter.id}/reissue", expect=422, **(AGAIN | {"reason": ""}))
    stands = db.session.get_one(Invitation, letter.id, populate_existing=True)
    assert (stands.revoked_at, stands.number) == (None, 5)
    held = db.session.scalars(sa.select(Pass.revoked_at).where(Pass.invitation_id == letter.id)).one()
    assert held is None


def test_letter_of_another_conference_is_out_of_reach(lan: Person, quantri: Person) -> None:
    letter = out(lan)
    quantri.post("/office/new", expect=302, title="Hội nghị khác", short_title="Hội nghị khác", organiser="UBND tỉnh")
    there = f"/office/hoi-nghi-khac/invitations/{letter.id}"
    for path in ("correction", "reissue"):
        quantri.get(f"{there}/{path}", expect=404)
    quantri.post(f"{there}/correction", expect=404, seen="0", **RIGHT)
    quantri.post(f"{there}/reissue", expect=404, **AGAIN)


def test_door_lets_the_corrected_letter_in_and_refuses_the_replaced_one_by_name(lan: Person) -> None:
    corrected, replaced = out(lan), db.session.scalars(sa.select(Invitation).order_by(Invitation.number).offset(1).limit(1)).one()
    name_of_post = db.session.get_one(Delegate, replaced.delegate_id).first_post
    old, kept = code_of(replaced.id), code_of(corrected.id)
    lan.post(f"{LETTERS}/{corrected.id}/correction", expect=302, seen="0", **RIGHT)
    answer = lan.post(f"{LETTERS}/{replaced.id}/reissue", expect=302, **AGAIN)
    new = code_of(int(answer.location.rsplit("/", 1)[1]))
    _, phone = door.pair_phone(db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one())
    told = [receipt.verdict for receipt in checkin.record_scans(phone, [door.scan(code) for code in (kept, old, new)])]
    assert [one["outcome"] for one in told] == ["admitted", "revoked", "admitted"]
    assert told[0]["name"] == "Trần Thị Mậu"
    assert told[1]["say"] == "Nói: “Giấy này đã được thay. Mời đồng chí sang bàn đón tiếp.”"
    assert name_of_post in (told[1]["name"], told[1]["about"])


def test_letter_that_was_revoked_is_not_issued_again_but_drafted_anew(lan: Person) -> None:
    letter = out(lan)
    lan.post(f"{LETTERS}/{letter.id}/revocation", expect=302, reason="Nghỉ hưu")
    page = lan.get(f"{LETTERS}/{letter.id}/reissue").get_data(as_text=True)
    assert "Giấy này đã thu hồi" in page and "Soạn giấy mới" in page and 'name="signer_name"' not in page
    page = lan.post(f"{LETTERS}/{letter.id}/reissue", expect=409, **AGAIN).get_data(as_text=True)
    assert "Giấy này đã thu hồi" in page and "giấy cũ còn nguyên" not in page


def test_correction_speaks_of_paper_sent_only_when_it_was(lan: Person) -> None:
    letter = out(lan)
    lan.post(f"{LETTERS}/{letter.id}/correction", expect=302, seen="0", **RIGHT)
    assert "Bản giấy đã gửi mang lời cũ" not in lan.get(f"{LETTERS}/{letter.id}").get_data(as_text=True)
    lan.post(f"{HOME}/deliveries/handovers", expect=302, way="hand", invitation=[letter.id])
    lan.post(f"{LETTERS}/{letter.id}/correction", expect=302, seen="1", **(RIGHT | {"full_name": "Trần Thị Mẫu"}))
    assert "Bản giấy đã gửi mang lời cũ" in lan.get(f"{LETTERS}/{letter.id}").get_data(as_text=True)


def test_an_answer_is_chosen_by_the_clerk_and_by_nobody_else(lan: Person) -> None:
    letter = out(lan)
    for page, url in (
        (f"{LETTERS}/{letter.id}", f"{LETTERS}/{letter.id}/replies"),
        (f"{HOME}/delegates/{letter.delegate_id}/answers", f"{HOME}/delegates/{letter.delegate_id}/answers"),
    ):
        radios = re.findall(r'<input[^>]*name="answer"[^>]*>', lan.get(page).get_data(as_text=True))
        assert (len(radios), [one for one in radios if "checked" in one]) == (3, [])
        assert "Chọn câu trả lời." in lan.post(url, expect=422, substitute_form="đồng chí").get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Reply.id))) == 0


def test_no_clerk_reads_the_name_of_a_setting(app: Flask) -> None:
    pages = app.jinja_env.list_templates(filter_func=lambda name: name.startswith("office/"))
    assert len(pages) > 50
    assert [page for page in pages if "EVENTMGR_" in app.jinja_env.loader.get_source(app.jinja_env, page)[0]] == []  # type: ignore[union-attr]
