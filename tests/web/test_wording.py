"""The office writes what its letters say, sees it with a real person, and what is out stays as it went out."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import sqlalchemy as sa
from flask import Flask

from eventmgr.domain.wording import Block
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation
from eventmgr.models.wording import BLOCKS, WordingBlock
from tests.people import Person
from tests.web.test_letters import HOME, LETTERS, issue_all, name_delegate, settle_date

WORDS = f"{HOME}/wording"


def fields_of(page: str) -> dict[str, str]:
    """What the form would send as it stands."""
    areas = re.findall(r'<textarea[^>]* name="([a-z]+)"[^>]*>\n?([^<]*)</textarea>', page)
    seen = re.search(r'name="seen" value="([0-9a-f]*)"', page)
    group = re.search(r'name="group" value="(\d*)"', page)
    assert seen and group
    return {name: text.replace("&#34;", '"').replace("&amp;", "&") for name, text in areas} | {"seen": seen[1], "group": group[1]}


def write(lan: Person, group: int | None = None, expect: int = 302, **words: str) -> str:
    form = fields_of(lan.get(f"{WORDS}?group={group or ''}").get_data(as_text=True))
    return lan.post(WORDS, expect=expect, **(form | words)).get_data(as_text=True)


def stored() -> dict[tuple[int | None, str], str]:
    rows = db.session.scalars(sa.select(WordingBlock).execution_options(populate_existing=True))
    return {(row.group_id, row.block): row.text for row in rows}


def group_of(key: str = "bi-thu-tinh-uy") -> int:
    return db.session.scalars(sa.select(Delegate.group_id).where(Delegate.key == key)).one()


def text_of(lan: Person, letter_id: int) -> str:
    pdf = lan.get(f"{LETTERS}/{letter_id}/letter.pdf").data
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def letter_to(delegate_id: int) -> int:
    return db.session.scalars(sa.select(Invitation.id).where(Invitation.delegate_id == delegate_id)).one()


def test_words_with_fields_reach_the_draft_of_each_person(lan: Person) -> None:
    settle_date(lan)
    delegate_id = name_delegate()
    write(lan, notes="Kính mong {xưng hô} {họ tên} đến trước {giờ họp}\nĐỗ xe tại sân sau", closing="Rất hân hạnh được đón tiếp {xưng hô}")
    lan.post(f"{LETTERS}/drafts", expect=302)
    text = text_of(lan, letter_to(delegate_id))
    assert "Kính mong đồng chí Trần Thị Mẫu đến trước 07 giờ 30. Đỗ xe tại sân sau." in text
    assert "Rất hân hạnh được đón tiếp đồng chí./." in text


def test_group_says_something_else_and_the_others_do_not(lan: Person) -> None:
    settle_date(lan)
    delegate_id, group = name_delegate(), group_of()
    write(lan, notes="Lời của mọi nhóm")
    write(lan, group, notes="Lời riêng cho {nhóm}")
    lan.post(f"{LETTERS}/drafts", expect=302)
    other = db.session.scalars(sa.select(Delegate.id).where(Delegate.group_id != group).limit(1)).one()
    own, common = text_of(lan, letter_to(delegate_id)), text_of(lan, letter_to(other))
    assert ("Lời riêng cho" in own, "Lời của mọi nhóm" in own) == (True, False)
    assert ("Lời riêng cho" in common, "Lời của mọi nhóm" in common) == (False, True)
    assert "có lời riêng" in lan.get(WORDS).get_data(as_text=True)


def test_text_like_the_inherited_one_is_not_kept_and_follows_the_conference(lan: Person) -> None:
    before, group = stored(), group_of()
    write(lan, group)
    assert stored() == before
    write(lan, group, notes="Riêng", closing="")
    assert stored() == before | {(group, "notes"): "Riêng"}
    write(lan, group, notes="")
    assert stored() == before


def test_group_can_leave_a_block_out(lan: Person) -> None:
    group = group_of()
    write(lan, notes="Chung")
    write(lan, group, notes="")
    assert stored()[(group, "notes")] == ""
    lan.post(f"{WORDS}/resets", expect=302, group=str(group), block="notes")
    assert (group, "notes") not in stored()
    assert stored()[(None, "notes")] == "Chung"


def test_reset_brings_the_words_of_the_form_back(lan: Person) -> None:
    write(lan, notes="Một", subject="Họp")
    lan.post(f"{WORDS}/resets", expect=302, group="")
    assert stored() == {}
    page = lan.get(WORDS).get_data(as_text=True)
    assert fields_of(page)["subject"] == "Dự {hội nghị}"
    lan.post(f"{WORDS}/resets", expect=404, group="", block="khong-co")


def test_unknown_field_is_named_and_what_was_typed_stays(lan: Person) -> None:
    before = stored()
    page = write(lan, expect=422, notes="Mời {ho ten}", closing="Dấu { lẻ")
    assert "Không có trường {ho ten}. Có phải {họ tên}?" in page
    assert "đứng một mình, thiếu dấu }" in page
    assert fields_of(page)["notes"] == "Mời {ho ten}"
    assert stored() == before


def test_sentence_of_the_form_is_changed_with_open_eyes_only(lan: Person) -> None:
    page = write(lan, expect=422, opening="Văn phòng kính mời")
    assert "kết thúc bằng “trân trọng kính mời:”" in page
    assert 'name="confirmed"' in page
    write(lan, opening="Văn phòng kính mời", confirmed="1")
    assert stored()[(None, "opening")] == "Văn phòng kính mời"
    write(lan, notes="Câu khác")  # what was decided is not asked again
    assert stored()[(None, "notes")] == "Câu khác"


def test_whoever_saves_second_is_told(lan: Person, quantri: Person) -> None:
    mine = fields_of(lan.get(WORDS).get_data(as_text=True))
    write(quantri, notes="Của quản trị")
    page = lan.post(WORDS, expect=409, **(mine | {"notes": "Của Lan"})).get_data(as_text=True)
    assert "Có người vừa lưu lời giấy mời này trước." in page
    assert fields_of(page)["notes"] == "Của Lan"
    assert stored()[(None, "notes")] == "Của quản trị"


def test_preview_shows_a_chosen_person_and_stores_nothing(lan: Person) -> None:
    settle_date(lan)
    before, delegate_id = stored(), name_delegate()
    form = fields_of(lan.get(WORDS).get_data(as_text=True)) | {"notes": "Mời {họ tên}, chỗ {chỗ ngồi}", "person": str(delegate_id)}
    page = lan.post(WORDS, expect=200, do="preview", **form).get_data(as_text=True)
    assert '<span class="gm-field">Trần Thị Mẫu</span>' in page
    assert '<span class="gm-field gm-field--bad">……</span>' in page
    assert "Trần Thị Mẫu chưa có {chỗ ngồi}; chỗ ấy in dấu chấm." in page
    assert "47 trong 48 đại biểu chưa có {họ tên}; giấy của họ chưa phát hành được." in page
    answer = lan.post(f"{WORDS}/preview", expect=200, **form).get_json()
    assert '<span class="gm-field">Trần Thị Mẫu</span>' in answer["html"]
    assert stored() == before


def test_letter_with_a_gap_is_not_issued(lan: Person) -> None:
    settle_date(lan)
    write(lan, notes="Mời {họ tên}")
    lan.post(f"{LETTERS}/drafts", expect=302)
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    facts = {"first_number": "5", "dated_on": "22/12/2015", "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Mẫu"}
    page = lan.post(f"{LETTERS}/issue", expect=422, all="1", **facts).get_data(as_text=True)
    assert "Lời giấy mời dùng {họ tên}, nhưng Bí thư Tỉnh ủy" in page
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id)).where(Invitation.issued_at.is_not(None))) == 0


def test_issued_letter_keeps_the_words_it_went_out_with(lan: Person) -> None:
    settle_date(lan)
    write(lan, notes="Lời cũ", code="Mang theo mã này")
    letter = issue_all(lan)[0]
    before = text_of(lan, letter.id)
    assert "Lời cũ" in before and "Mang theo mã này" in before
    write(lan, notes="Lời mới", code="Mã mới")
    assert text_of(lan, letter.id) == before


def test_note_of_one_letter_takes_fields_and_refuses_unknown_ones(lan: Person) -> None:
    settle_date(lan)
    delegate_id = name_delegate()
    lan.post(f"{LETTERS}/drafts", expect=302)
    letter_id = letter_to(delegate_id)
    page = lan.post(f"{LETTERS}/{letter_id}/words", expect=422, addressee="", extra_note="Chào {ten}").get_data(as_text=True)
    assert "Không có trường {ten}. Có phải {họ tên}?" in page
    lan.post(f"{LETTERS}/{letter_id}/words", expect=302, addressee="", extra_note="Chào {xưng hô}")
    assert "Chào đồng chí" in text_of(lan, letter_id)


def test_copy_of_a_conference_has_the_words_of_its_groups(lan: Person, conference: Conference) -> None:
    group = group_of()
    write(lan, notes="Chung")
    write(lan, group, notes="Riêng")
    lan.post(f"{HOME}/copy", expect=302, title="Hội nghị năm sau", short_title="Năm sau")
    copied = db.session.scalars(sa.select(Conference.id).where(Conference.copied_from_id == conference.id)).one()
    rows = db.session.execute(
        sa.select(WordingBlock.block, WordingBlock.text, Group.key)
        .outerjoin(Group, Group.id == WordingBlock.group_id)
        .where(WordingBlock.conference_id == copied, WordingBlock.block == "notes")
        .order_by(WordingBlock.text)
    ).all()
    key = db.session.get_one(Group, group).key
    assert [tuple(row) for row in rows] == [("notes", "Chung", None), ("notes", "Riêng", key)]


def test_words_of_another_conference_are_out_of_reach(lan: Person, quantri: Person) -> None:
    group = group_of()
    quantri.post("/office/new", expect=302, title="Hội nghị khác", short_title="Hội nghị khác", organiser="UBND tỉnh")
    there = "/office/hoi-nghi-khac/wording"
    quantri.get(there)
    quantri.get(f"{there}?group={group}", expect=404)
    quantri.post(f"{there}/preview", expect=404, group=str(group), notes="x")
    quantri.post(f"{there}/resets", expect=404, group=str(group))


def test_page_asks_the_database_as_often_for_many_as_for_few(lan: Person, app: Flask) -> None:
    def queries() -> int:
        counted: list[str] = []

        def count(*args: Any) -> None:
            counted.append(args[2])

        sa.event.listen(db.engine, "before_cursor_execute", count)
        lan.get(WORDS)
        sa.event.remove(db.engine, "before_cursor_execute", count)
        return len(counted)

    few = queries()
    with transaction():
        one = db.session.scalars(sa.select(Delegate).limit(1)).one()
        db.session.add_all(
            [
                Delegate(conference_id=one.conference_id, group_id=one.group_id, address_form="ông", full_name=f"Người {n}", created_at=one.created_at)
                for n in range(120)
            ]
        )
    assert queries() == few


def test_every_block_has_its_place_in_the_database() -> None:
    assert tuple(block.value for block in Block) == BLOCKS
