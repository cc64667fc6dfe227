"""What each audience of the stage is shown: presenters, stand-ins, introduction, awards, and what must never leak."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.services import ceremony, discussion_lead, introductions, presenters, stage, stage_messages
from tests.arrivals import arrive
from tests.people import SLUG, Person

STAGE, PUBLIC = f"/stage/{SLUG}", f"/e/{SLUG}"
SCRIPT, NOTE, TOPIC, MESSAGE, PHONE = "Lời dẫn kín", "Ghi chú kín", "Nội dung xin nói kín", "Lời nhắn kín", "0905111222"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def item(key: str) -> int:
    return db.session.scalars(sa.select(Item.id).where(Item.key == key)).one()


def speaks(conference: Conference, key: str, delegate_id: int) -> int:
    with transaction():
        db.session.execute(sa.update(Item).where(Item.key == key).values(delegate_id=delegate_id))
    return item(key)


def press(conference: Conference, times: int) -> None:
    for seq in range(times):
        stage.press(conference.id, "next" if seq else "start", f"key-of-press-{seq}", seq)


def told(person: Person, view: str) -> str:
    with person.client.get(f"{PUBLIC}/stream?view={view}") as answer:
        assert answer.status_code == 200, view
        stream: Any = iter(answer.response)
        return "".join(next(stream).decode() for _ in range(2))


def test_the_console_warns_two_steps_ahead_of_who_is_missing(ha: Person, conference: Conference):
    there = arrive(conference.id, "Người Có Mặt")
    away = arrive(conference.id, "Người Vắng Mặt", inside=False)
    speaks(conference, "A4.1", there)
    speaks(conference, "A4.2", away)
    press(conference, 4)  # 3a is on, 3b and 4.(1) are next
    assert "sắp đến lượt chưa có mặt" not in text(ha.get(f"{STAGE}/"))
    stage.press(conference.id, "next", "key-of-press-4", 4)
    page = text(ha.get(f"{STAGE}/"))
    assert "1 người sắp đến lượt chưa có mặt" in page
    box = page.split('id="stage-presence"')[1].split("</section>")[0]
    assert re.findall(r"<b>(.*?)</b>", box) == ["Lãnh đạo Sở Lao động - Thương binh và Xã hội", "Đồng chí Người Có Mặt", "Đồng chí Người Vắng Mặt"]
    assert "Có mặt từ" in box and "Chưa vào hội trường" in box


def test_a_stand_in_takes_the_place_and_both_names_are_kept(ha: Person, stranger: Person, conference: Conference):
    step = speaks(conference, "A4.1", arrive(conference.id, "Người Vắng Mặt", inside=False))
    other = arrive(conference.id, "Người Thay Mặt")
    ha.post(f"{STAGE}/presenters/{step}", expect=302, delegate_id=other, form="đồng chí")
    press(conference, 6)
    console = text(ha.get(f"{STAGE}/"))
    assert "Đồng chí Người Thay Mặt" in console and "thay đồng chí Người Vắng Mặt" in console
    assert "Đồng chí Người Thay Mặt" in text(stranger.get(f"{PUBLIC}/screen"))
    ha.post(f"{STAGE}/presenters/{step}", expect=302, form="bà", name="Y <b>Thử</b>", post="Cán bộ")
    assert "Bà Y &lt;b&gt;Thử&lt;/b&gt;" in text(stranger.get(f"{PUBLIC}/screen"))
    ha.post(f"{STAGE}/presenters/{step}/removal", expect=302)
    ha.post(f"{STAGE}/presenters/{step}/removal", expect=302)
    assert "Đồng chí Người Vắng Mặt" in text(stranger.get(f"{PUBLIC}/screen"))


def test_a_stand_in_needs_a_name_and_an_item_of_the_conference(ha: Person, tuan: Person, conference: Conference):
    step = item("A4.1")
    assert "Ghi họ tên người trình bày thay" in text(ha.post(f"{STAGE}/presenters/{step}", expect=422, form="bà", name=""))
    ha.post(f"{STAGE}/presenters/999999", expect=404, form="bà", name="X")
    ha.get(f"{STAGE}/presenters/999999", expect=404)
    ha.post(f"{STAGE}/presenters/{step}", expect=404, form="bà", delegate_id="999999")
    tuan.post(f"{STAGE}/presenters/{step}", expect=403, form="bà", name="X")


def test_leaders_are_named_one_by_one_and_others_as_their_group(ha: Person, conference: Conference):
    arrive(conference.id, "Bí Thư", 20)
    chief = arrive(conference.id, "Trưởng Ban", 120, role="delegate")
    arrive(conference.id, "Nhà Báo", 10, role="press")
    shown = introductions.introduction_list(conference.id)
    assert [one.name for one in shown.named] == ["Đồng chí Bí Thư"]
    assert [[one.name for one in group.people] for group in shown.together] == [["Đồng chí Trưởng Ban"], ["Đồng chí Nhà Báo"]]
    ha.post(f"{STAGE}/introductions", expect=302, group_read=str(chief), back="list")
    assert [group.read for group in introductions.introduction_list(conference.id).together] == [True, False]
    ha.post(f"{STAGE}/introductions", expect=302, group_unread=str(chief), back="list")
    assert [group.read for group in introductions.introduction_list(conference.id).together] == [False, False]
    ha.post(f"{STAGE}/introductions", expect=302, named_until="120")
    assert [one.name for one in introductions.introduction_list(conference.id).named] == ["Đồng chí Bí Thư", "Đồng chí Trưởng Ban"]
    ha.post(f"{STAGE}/introductions", expect=422, named_until="7")
    ha.post(f"{STAGE}/introductions", expect=404, group_read="999999")
    assert 'data-knock=""' in text(ha.get(f"{STAGE}/"))


def test_who_comes_after_the_introduction_knocks(ha: Person, conference: Conference):
    press(conference, 2)
    late = arrive(conference.id, "Người Đến Sau", 20, after=1)
    page = text(ha.get(f"{STAGE}/"))
    assert f'data-knock="{late}"' in page and 'data-say-late="Đến sau: Đồng chí Người Đến Sau"' in page


@pytest.fixture
def listed(conference: Conference) -> AwardForm:
    with transaction():
        form = db.session.scalars(sa.select(AwardForm).order_by(AwardForm.position)).first()
        form.name, form.decision_number = "Bằng khen", "1502"
        for place in range(1, 11):
            db.session.add(
                Honouree(
                    conference_id=conference.id, form_id=form.id, kind="individual", position=place, created_at=clock.now(),
                    printed_name=f"Người Thứ {place}", post="Cán bộ",
                )
            )
    return form


def test_a_wave_is_on_the_wall_only_after_the_announcement_and_while_awards_are_given(
    ha: Person, khanh: Person, stranger: Person, conference: Conference, listed: AwardForm
):
    press(conference, 12)

    def hand(person: Person, act: str, seen: int, expect: int = 302) -> str:
        page = f"{STAGE}/waves" if person is ha else f"/office/{SLUG}/awards/ceremony/marks"
        return text(person.post(page, expect=expect, act=act, seen=seen, press_key=f"key-of-{act}-{seen}"))

    assert ceremony.NOT_YET in hand(ha, "start", 0, 409)
    assert "Người Thứ" not in text(ha.get(f"{STAGE}/waves")) and "10 tập thể, cá nhân, 2 đợt" in text(ha.get(f"{STAGE}/waves"))
    assert "Người Thứ" not in told(ha, "waves")
    with transaction():
        db.session.execute(sa.update(Conference).values(awards_announced_at=clock.now()))
    assert "còn 8 người chưa rõ" in hand(ha, "start", 0, 409)
    hand(khanh, "all_wings", 0)
    assert "Vừa có thao tác khác" in hand(ha, "start", 0, 409)
    assert "Người Thứ" not in text(stranger.get(f"{PUBLIC}/screen"))
    hand(ha, "start", 1)
    hand(ha, "end", 2)
    hand(khanh, "all_wings", 3)
    hand(ha, "start", 4)
    wall = text(stranger.get(f"{PUBLIC}/screen"))
    assert re.findall(r"<span>(Người Thứ \d+)<small>", wall) == ["Người Thứ 9", "Người Thứ 10"]
    assert "đợt 2 trong 2" in wall
    assert "Thao tác này làm ở trang" in hand(ha, "wings-1", 5, 409)
    stage.press(conference.id, "next", "key-of-the-end", 12)
    assert "Người Thứ" not in text(stranger.get(f"{PUBLIC}/screen"))


def test_the_lower_third_names_who_speaks_and_is_empty_otherwise(stranger: Person, conference: Conference):
    assert "caption__name" not in text(stranger.get(f"{PUBLIC}/caption"))
    speaks(conference, "A4.1", arrive(conference.id, "Ngô Thị Thử"))
    press(conference, 6)
    page = text(stranger.get(f"{PUBLIC}/caption"))
    assert '<p class="caption__name">Đồng chí Ngô Thị Thử</p><p class="caption__post">Chuyên viên</p>' in page
    discussion_lead.add_speaker(conference.id, discussion_lead.Guest(name="Trịnh Nháp", post="Sở Y tế"), 1)
    from eventmgr.services import discussion

    discussion_lead.call(conference.id, discussion.discussion_state(conference.id).waiting[0].id, 1)
    assert '<p class="caption__name">Đồng chí Trịnh Nháp</p>' in text(stranger.get(f"{PUBLIC}/caption"))


def test_before_the_start_the_audience_reads_what_was_published(lan: Person, stranger: Person, conference: Conference):
    lan.post(f"/office/{SLUG}/agenda", expect=302, title="Mục chưa công bố")
    assert "Mục chưa công bố" not in text(stranger.get(f"{PUBLIC}/live"))
    assert "Mục chưa công bố" not in told(stranger, "audience")
    press(conference, 1)
    assert "Mục chưa công bố" in text(stranger.get(f"{PUBLIC}/live"))


@pytest.fixture
def secrets(conference: Conference) -> None:
    """Everything that the public must not read, in the middle of a step."""
    there = arrive(conference.id, "Người Trong Phòng", 140, role="delegate")  # leaders are named in the press room
    speaker = arrive(conference.id, "Người Trình Bày", 20)
    with transaction():
        db.session.execute(sa.update(Delegate).values(phone=PHONE, note=NOTE, alert=NOTE))
        db.session.execute(sa.update(Item).where(Item.key == "A4.1").values(script=SCRIPT))
    speaks(conference, "A4.1", speaker)
    stage_messages.send(conference.id, MESSAGE, "key-of-the-message", 1, "Lan")
    discussion_lead.open_discussion(conference.id, 1)
    discussion_lead.add_speaker(conference.id, discussion_lead.Guest(there, topic=TOPIC), 1)


@pytest.mark.parametrize("steps", [0, 2, 5, 6, 13])
def test_the_public_never_reads_script_notes_phones_messages_topics_or_who_is_present(
    app: Flask, ha: Person, tuan: Person, stranger: Person, conference: Conference, secrets: None, steps: int
):
    press(conference, steps)
    public = "".join(told(stranger, view) for view in ("audience", "hall", "caption"))
    public += "".join(text(stranger.get(PUBLIC + path)) for path in ("/", "/live", "/screen", "/caption", "/press"))
    found = [word for word in (SCRIPT, NOTE, TOPIC, MESSAGE, PHONE, "Người Trong Phòng", "Có mặt từ", "Chưa vào hội trường") if word in public]
    assert found == []
    staff = told(ha, "mc") + told(tuan, "chair")  # what could leak is there
    missing = [word for word in (MESSAGE, TOPIC, "Người Trong Phòng", "Có mặt từ") if word not in staff]
    assert missing == []
    assert (SCRIPT in staff) == (steps == 5)


def test_streams_of_the_staff_are_shut_to_the_public(stranger: Person, oanh: Person, dung: Person):
    for person in (stranger, oanh, dung):
        for view in ("mc", "watch", "chair"):
            assert person.client.get(f"{PUBLIC}/stream?view={view}").status_code in {302, 403}


def test_a_presenter_s_page_asks_a_fixed_number_of_queries(app: Flask, conference: Conference):
    counted: list[str] = []

    def count(*args: Any) -> None:
        counted.append(str(args[2]))

    sa.event.listen(db.engine, "before_cursor_execute", count)
    try:
        presenters.presenters(conference.id)
        few = len(counted)
        for number in range(3):
            speaks(conference, f"A4.{number + 1}", arrive(conference.id, f"Người {number}"))
        counted.clear()
        presenters.presenters(conference.id)
        assert len(counted) - few <= 3  # people, who of them is inside, substitutes
        many = len(counted)
        counted.clear()
        speaks(conference, "A5", arrive(conference.id, "Người 9"))
        counted.clear()
        presenters.presenters(conference.id)
        assert len(counted) == many
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", count)
