"""The MC's script: own words with fields, back to the model in one click, the booklet as PDF and Word."""

from __future__ import annotations

import io
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa
from docx import Document
from pypdf import PdfReader

from eventmgr import clock
from eventmgr.domain.agenda import Details
from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.directing import StandIn
from eventmgr.services import stage
from tests.people import SLUG, Person

HOME = f"/office/{SLUG}/agenda"
OWN = "Kính mời {người trình bày} lên bục với nội dung: {nội dung}. {Người tiếp theo} xin sẵn sàng."


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def pdf_text(answer: Any) -> str:
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def docx_lines(answer: Any) -> list[str]:
    return [line.text for line in Document(io.BytesIO(answer.data)).paragraphs]


def item(key: str) -> Item:
    return db.session.scalars(sa.select(Item).where(Item.key == key)).one()


def save(person: Person, key: str, script: str, expect: int = 302) -> Any:
    found = item(key)
    return person.post(
        f"{HOME}/{found.id}", expect=expect, title=found.title, kind=found.kind, presenter_kind=found.presenter_kind,
        presenter=found.presenter, body_id=str(found.body_id or 0), minutes="10", script=script,
    )


@pytest.fixture
def named(conference: Conference) -> int:
    """The speaker of 4.(1) is known by name."""
    with transaction():
        delegate = db.session.scalars(sa.select(Delegate).where(Delegate.first_post == "Lãnh đạo Sở Y tế")).one()
        delegate.full_name, delegate.posts, delegate.address_form = "Ngô Thị Thử", ["Giám đốc"], "đồng chí"
        item("A4.1").delegate_id = delegate.id
    return delegate.id


def test_own_words_are_filled_on_the_editor_the_console_and_paper(lan: Person, ha: Person, conference: Conference, named: int):
    save(lan, "A4.1", OWN)
    page = text(lan.get(f"{HOME}/{item('A4.1').id}"))
    assert "<b>đồng chí Ngô Thị Thử - Giám đốc Sở Y tế</b>" in page and "<b>Lãnh đạo Ban Dân tộc tỉnh</b> xin sẵn sàng." in page
    for seq in range(5):
        stage.press(conference.id, "next" if seq else "start", f"key-of-press-{seq}", seq)
    console = text(ha.get(f"/stage/{SLUG}/")).split('id="stage-script"')[1]
    assert '<span class="say">đồng chí Ngô Thị Thử - Giám đốc Sở Y tế</span> lên bục với nội dung: ' in console
    assert "xin chuẩn bị" not in console.split("</section>")[0]
    said = [line for line in docx_lines(lan.get(f"{HOME}/script.docx")) if line.startswith("Kính mời đồng chí Ngô Thị Thử")]
    assert said == [
        "Kính mời đồng chí Ngô Thị Thử - Giám đốc Sở Y tế lên bục với nội dung: Đánh giá kết quả thực hiện lồng ghép các mục"
        " tiêu, chỉ tiêu về bình đẳng giới trong lĩnh vực Y tế. Lãnh đạo Ban Dân tộc tỉnh xin sẵn sàng."
    ]


def test_back_to_the_model_in_one_click_and_the_model_to_edit(lan: Person):
    save(lan, "A4.1", OWN)
    url = f"{HOME}/{item('A4.1').id}"
    assert "Dùng lại lời mẫu" in text(lan.get(url))
    lan.post(f"{url}/script/removal", expect=302)
    assert item("A4.1").script is None
    page = text(lan.get(f"{url}?model=1"))
    assert "Tiếp theo, Hội nghị nghe tham luận của {đơn vị trình bày} với nội dung: {nội dung}. Xin mời {người trình bày}.</textarea>" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("Mời {nguoi trinh bay}", "Có phải {người trình bày}?"), ("Mời {{7*7}}", "Không có trường {7*7}"), ("Mời {nội dung", "thiếu dấu }")],
)
def test_a_field_that_does_not_exist_is_named_and_what_was_typed_stays(lan: Person, typed: str, sentence: str):
    page = text(save(lan, "A4.1", typed, expect=422))
    assert sentence in page and typed in page


def test_values_are_never_read_as_fields(lan: Person, conference: Conference):
    with transaction():
        item("A4.1").title, item("A4.1").script = "{hội nghị} <b>x</b>", "Nghe: {nội dung}."
    page = text(lan.get(f"{HOME}/{item('A4.1').id}"))
    assert "<b>{hội nghị} &lt;b&gt;x&lt;/b&gt;</b>" in page
    assert "Nghe: {hội nghị} <b>x</b>." in docx_lines(lan.get(f"{HOME}/script.docx"))


def test_the_booklet_holds_every_step_with_its_words(ha: Person, named: int):
    printed = pdf_text(ha.get(f"{HOME}/script.pdf"))
    assert printed.startswith("Ủy ban nhân dân tỉnh Kon Tum KỊCH BẢN ĐIỀU HÀNH".replace("Ủy ban nhân dân tỉnh Kon Tum", "ỦY BAN NHÂN DÂN TỈNH KON TUM")) or "KỊCH BẢN ĐIỀU HÀNH" in printed
    for words in (
        "Kính mời quý vị đại biểu ổn định chỗ ngồi", "Xin trân trọng kính mời lãnh đạo UBND tỉnh lên khai mạc",
        "Xin mời đồng chí Ngô Thị Thử - Giám đốc Sở Y tế.", "Hội nghị đến đây là kết thúc.",
    ):
        assert words in printed, words
    lines = docx_lines(ha.get(f"{HOME}/script.docx"))
    assert [line for line in lines if line[:2] in {"1a", "1b", "3a", "3b"}][:2] == [
        "1a. Ổn định tổ chức, giới thiệu đại biểu", "1b. Thông qua Chương trình Hội nghị",
    ]


def test_late_corrections_and_stand_ins_are_marked(lan: Person, conference: Conference, named: int):
    with transaction():
        db.session.add(
            StandIn(conference_id=conference.id, item_id=item("A4.2").id, name="Y Ví Dụ", post="Phó Trưởng Ban", address_form="bà", set_at=clock.now())
        )
    lines = docx_lines(lan.get(f"{HOME}/script.docx"))
    place = lines.index("Thay đổi so với chương trình đã công bố")
    assert lines[place + 2] == "- Mục 4.(2): bà Y Ví Dụ trình bày thay lãnh đạo Ban Dân tộc tỉnh."
    assert "Người thực hiện: Bà Y Ví Dụ, Phó Trưởng Ban (thay lãnh đạo Ban Dân tộc tỉnh)" in lines
    assert lines.count("Sửa sau khi công bố chương trình") == 2
    assert "Sửa sau khi công bố chương trình" in pdf_text(lan.get(f"{HOME}/script.pdf"))


def test_minutes_given_on_the_stage_stand_in_the_booklet_with_what_they_were(lan: Person, conference: Conference):
    with transaction():
        item("A1a").minutes = 10
    stage.press(conference.id, "start", "key-start", 0)
    stage.press(conference.id, "adjust", "key-adjust", 1, more=stage.Press(Details(minutes=5)))
    lines = docx_lines(lan.get(f"{HOME}/script.docx"))
    assert "- Mục 1a: nay 15 phút, chương trình ghi 10 phút." in lines
    assert any("15 phút" in line for line in lines[lines.index("1a. Ổn định tổ chức, giới thiệu đại biểu") :][:3])


def test_what_was_inserted_moved_and_left_out_on_the_stage_stands_in_the_booklet(lan: Person, conference: Conference):
    with transaction():
        held = db.session.get_one(Conference, conference.id)
        held.held_on, held.starts_at = date(2015, 12, 29), time(7, 30)
        for one in db.session.scalars(sa.select(Item)):
            one.minutes = 10
        keys = {key: item(key).id for key in ("A4.1", "A4.2", "A4.3", "A4.4")}
    named = Details(title="Phát biểu của đại diện Trung ương", minutes=15, presenter="Đại diện Bộ Nội vụ", after=keys["A4.1"])
    stage.press(conference.id, "insert", "key-of-insert", 0, more=stage.Press(named))
    stage.press(conference.id, "swap", "key-of-swap", 1, keys["A4.2"], more=stage.Press(Details(after=keys["A4.3"])))
    stage.press(conference.id, "skip", "key-of-skip", 2, keys["A4.4"])
    lines = docx_lines(lan.get(f"{HOME}/script.docx"))
    place = lines.index("Thay đổi so với chương trình đã công bố")
    told = [line for line in lines[place:] if line.startswith("- ") and "đổi thời lượng" not in line]
    assert told == [
        "- Chèn thêm mục BS1 “Phát biểu của đại diện Trung ương” (15 phút), sau mục 4.(1).",
        f"- Mục 4.(3) “{item('A4.3').title}” nay sau mục BS1.",
        f"- Bỏ qua mục 4.(4) “{item('A4.4').title}”.",
    ]
    heads = [line for line in lines if line.startswith(("4.(", "BS1."))]
    assert [head.split(" ")[0] for head in heads][:5] == ["4.(1).", "BS1.", "4.(3).", "4.(2).", "4.(4)."]
    new = lines[lines.index(heads[1]) :]
    assert new[1:4] == [
        "Nội dung khác · dự kiến 08:30, 15 phút", "Người thực hiện: Đại diện Bộ Nội vụ", "Mục chèn thêm, không có trong chương trình",
    ]
    left_out = lines[lines.index(heads[4]) + 3 :]
    assert left_out[0] == "Sửa sau khi công bố chương trình. Bỏ qua, không thực hiện" and left_out[1].startswith("5. ")
    printed = pdf_text(lan.get(f"{HOME}/script.pdf"))
    assert all(sentence.removeprefix("- ") in printed for sentence in told)
    assert "xin mời đại diện Bộ Nội vụ lên trình bày: Phát biểu của đại diện Trung ương." in printed
    stage.press(conference.id, "undo", "key-of-undo-1", 3)
    stage.press(conference.id, "undo", "key-of-undo-2", 4)
    stage.press(conference.id, "undo", "key-of-undo-3", 5)
    assert "BS1" not in pdf_text(lan.get(f"{HOME}/script.pdf"))


def test_strangers_and_the_press_officer_get_no_script(stranger: Person, dung: Person):
    for kind in ("pdf", "docx"):
        stranger.get(f"{HOME}/script.{kind}", expect=302)
        dung.get(f"{HOME}/script.{kind}", expect=403)
