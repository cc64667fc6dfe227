from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from eventmgr import clock
from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from tests.people import SLUG, Person
from tests.published import publish

HERE = f"/e/{SLUG}/press"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def names(page: str, part: str) -> list[str]:
    """The lines of one list, as they are read."""
    found = re.search(rf'id="{part}".*?<ul class="names">(.*?)</ul>', page, re.S)
    assert found
    rows = re.findall("<li>(.*?)</li>", found[1], re.S)
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows]


@pytest.fixture
def people(conference: Conference) -> None:
    """A leader with everything that must not leak, a presenter of another group, a plain delegate, a removed guest."""
    named = {
        "Bí thư Tỉnh ủy": "ĐẶNG Thị Thuý",
        "Phó Bí thư Tỉnh ủy": "Người Đã Xóa",
        "Lãnh đạo Sở Y tế": "H'Hen <b>Niê</b>",
        "Lãnh đạo Tỉnh đoàn Kon Tum": "Không Được Nêu",
    }
    with transaction():
        for post, name in named.items():
            row = db.session.scalars(sa.select(Delegate).where(Delegate.first_post == post)).one()
            row.full_name, row.phone, row.email = name, "0901 234 567", "rieng@example.vn"
            row.note, row.alert, row.seat = "Ghi chú riêng", "Báo lãnh đạo đến", "A1"
            row.removed_at = clock.now() if name == "Người Đã Xóa" else None
            if post == "Lãnh đạo Sở Y tế":
                item = db.session.scalars(sa.select(Item).where(Item.key == "A4.1")).one()
                item.delegate_id = row.id
    publish(conference.id)


@pytest.fixture
def honourees(conference: Conference) -> None:
    with transaction():
        form, waiting = db.session.scalars(sa.select(AwardForm).order_by(AwardForm.position)).all()[:2]
        form.name, form.decision_number = "Bằng khen", "1502"
        db.session.add(
            Honouree(
                conference_id=conference.id, form_id=waiting.id, kind="individual", position=1,
                printed_name="Chưa Có Quyết Định", created_at=clock.now(),
            )
        )
        for position, (kind, name) in enumerate((("individual", "Y <i>Mửi</i>"), ("collective", "Phòng Mẫu Một")), start=1):
            db.session.add(
                Honouree(
                    conference_id=conference.id, form_id=form.id, kind=kind, position=position, printed_name=name,
                    post="Chuyên viên" if kind == "individual" else "", created_at=clock.now(),
                )
            )


def announce(**ago: float) -> None:
    with transaction():
        db.session.execute(sa.update(Conference).values(awards_announced_at=clock.now() - timedelta(**ago)))


def test_leaders_and_presenters_are_named_with_their_posts(stranger: Person, people: None):
    page = text(stranger.get(HERE))
    assert names(page, "leaders") == ["ĐẶNG Thị Thuý Bí thư Tỉnh ủy Khách mời"]
    assert names(page, "presenters") == [
        "Lãnh đạo Văn phòng UBND tỉnh – chưa có tên Mục 1a, 1b",
        "Lãnh đạo UBND tỉnh – chưa có tên Mục 2, 8",
        "Lãnh đạo Sở Lao động - Thương binh và Xã hội – chưa có tên Mục 3a, 3b",
        "H&#39;Hen &lt;b&gt;Niê&lt;/b&gt; Lãnh đạo Sở Y tế Mục 4.(1)",
        "Lãnh đạo Ban Dân tộc tỉnh – chưa có tên Mục 4.(2)",
        "Lãnh đạo UBND huyện Kon Plông – chưa có tên Mục 4.(3)",
        "Lãnh đạo UBND thành phố Kon Tum – chưa có tên Mục 4.(4)",
        "Thường trực Tỉnh ủy Mục 5",
        "Ban Thi đua khen thưởng tỉnh Mục 7",
    ]


def test_a_chair_stands_before_the_guests(stranger: Person, people: None, conference: Conference):
    with transaction():
        group = db.session.scalars(sa.select(Group).order_by(Group.position.desc())).first()
        assert group
        group.role = "chair"
        db.session.add(
            Delegate(
                conference_id=conference.id, group_id=group.id, address_form="đồng chí", full_name="Trần Thị Nga",
                first_post="Phó Chủ tịch UBND tỉnh", posts=["Phó Chủ tịch UBND tỉnh"], precedence_key="zz", created_at=clock.now(),
            )
        )
    assert names(text(stranger.get(HERE)), "leaders") == [
        "Trần Thị Nga Phó Chủ tịch UBND tỉnh Chủ trì", "ĐẶNG Thị Thuý Bí thư Tỉnh ủy Khách mời",
    ]


def test_nothing_private_is_given_to_the_press(stranger: Person, people: None):
    with transaction():
        db.session.execute(sa.update(Conference).values(contact="Phòng Văn xã, 060 3862 000"))
    pages = [text(stranger.get(url)) for url in (HERE, f"/e/{SLUG}/", f"/e/{SLUG}/programme.json")]
    pages.append(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(stranger.get(f"{HERE}/names.pdf").data)).pages))
    for page in pages:
        for private in ("0901", "rieng@", "Ghi chú riêng", "Báo lãnh đạo", "Không Được Nêu", "Người Đã Xóa"):
            assert private not in page
    assert "060 3862 000" in pages[0]


def test_the_list_on_paper_has_the_same_names(stranger: Person, people: None):
    answer = stranger.get(f"{HERE}/names.pdf")
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())
    assert "1 ĐẶNG Thị Thuý Bí thư Tỉnh ủy Khách mời" in printed
    assert "H'Hen <b>Niê</b> Lãnh đạo Sở Y tế Mục 4.(1)" in printed


def test_award_names_wait_until_they_were_read_out(stranger: Person, honourees: None):
    announce(minutes=-5)
    page = text(stranger.get(HERE))
    assert "Mở ngay sau khi Quyết định được đọc tại Hội nghị" in page
    assert "Mửi" not in page and "Phòng Mẫu Một" not in page
    announce(minutes=5)
    page = text(stranger.get(HERE))
    assert "Mở ngay sau khi" not in page
    assert page.index("Phòng Mẫu Một") < page.index("Y &lt;i&gt;Mửi&lt;/i&gt;")
    assert "Quyết định số" in page and "1502/QĐ-UBND" in page
    assert "Chưa Có Quyết Định" not in page


def test_award_names_are_nowhere_before_the_announcement(stranger: Person, honourees: None):
    for url in (HERE, f"{HERE}/names.pdf", f"/e/{SLUG}/", f"/e/{SLUG}/programme.json", f"/e/{SLUG}/programme.pdf"):
        answer = stranger.get(url)
        content = (
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
            if answer.mimetype == "application/pdf"
            else text(answer)
        )
        assert "Mửi" not in content and "Phòng Mẫu Một" not in content


def test_the_number_of_queries_does_not_grow(stranger: Person, people: None):
    def count() -> int:
        seen: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", listener := lambda *args: seen.append(args[2]))
        stranger.get(HERE)
        sa.event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    stranger.get(HERE)
    before = count()
    with transaction():
        for row in db.session.scalars(sa.select(Delegate).where(Delegate.full_name.is_(None))):
            row.full_name = "Nguyễn Văn Mẫu"
    assert count() == before
