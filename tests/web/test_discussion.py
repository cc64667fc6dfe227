"""The discussion: delegates ask from their own page, chair and office order, call, time, close and note."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from docx import Document
from flask import Flask

from eventmgr import clock
from eventmgr.domain.dates import to_local
from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.directing import SpeechRequest
from eventmgr.models.invitations import Invitation
from eventmgr.services import discussion, discussion_lead
from tests import door
from tests.attack.test_races import at_once
from tests.people import SLUG, Person

STAGE = f"/stage/{SLUG}"
TALK = f"{STAGE}/discussion"
NOON = datetime(2015, 12, 29, 3, 0, tzinfo=UTC)


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.fixture
def at(monkeypatch):
    """Set the time: at(5) is five minutes after ten o'clock in Vietnam."""

    def set_time(minutes: float) -> None:
        moment = NOON + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_time(0)
    return set_time


@pytest.fixture
def codes(conference: Conference) -> list[str]:
    """The passes of three delegates."""
    names = ("Ngô Thị Thử", "Trịnh Văn Nháp", "Y Phỏng Theo")
    return [door.add_pass(conference.id, door.add_delegate(conference.id, name, posts=[f"Giám đốc {place}"])) for place, name in enumerate(names, 1)]


def waiting(conference: Conference) -> list[str | None]:
    db.session.rollback()
    return [one.person.name for one in discussion.discussion_state(conference.id).waiting]


def request_ids() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(SpeechRequest.id).order_by(SpeechRequest.id)))


def ask(person: Person, code: str, topic: str = "Về kinh phí", expect: int = 302) -> Any:
    return person.post(f"/i/{code}/speech", expect=expect, topic=topic)


def test_nobody_asks_before_the_chair_opens(stranger: Person, tuan: Person, codes: list[str]):
    assert "Xin phát biểu" not in text(stranger.get(f"/i/{codes[0]}"))
    assert discussion.CLOSED in text(ask(stranger, codes[0], expect=409))
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    assert 'name="topic"' in text(stranger.get(f"/i/{codes[0]}"))
    ask(stranger, codes[0])
    page = text(stranger.get(f"/i/{codes[0]}"))
    assert "là người tiếp theo, xin chuẩn bị" in page and "Nội dung: Về kinh phí" in page
    tuan.post(f"{TALK}/opening", expect=302, open="0")
    assert discussion.CLOSED in text(ask(stranger, codes[1], expect=409))
    assert "Xin phát biểu" in text(stranger.get(f"/i/{codes[0]}"))


def test_one_open_request_each_that_can_be_taken_back(stranger: Person, tuan: Person, conference: Conference, codes: list[str]):
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    ask(stranger, codes[0])
    assert discussion.ALREADY in text(ask(stranger, codes[0], expect=409))
    ask(stranger, codes[1])
    assert "Còn 1 người trước đồng chí" in text(stranger.get(f"/i/{codes[1]}"))
    stranger.post(f"/i/{codes[0]}/speech/removal", expect=302)
    assert waiting(conference) == ["Trịnh Văn Nháp"]
    stranger.post(f"/i/{codes[0]}/speech/removal", expect=302)
    ask(stranger, codes[0])
    assert waiting(conference) == ["Trịnh Văn Nháp", "Ngô Thị Thử"]


@pytest.mark.database("sqlite")
def test_twenty_taps_at_once_make_one_request(app: Flask, tuan: Person, conference: Conference, codes: list[str]):
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    people = [Person(app) for _ in range(10)]
    for person in people:
        person._csrf()
    taps = [lambda p=person: p.client.post(f"/i/{codes[0]}/speech", data={"topic": "A", "csrf_token": p.token}).status_code for person in people]
    assert at_once(taps) == {302: 1, 409: 9}
    assert waiting(conference) == ["Ngô Thị Thử"]


def test_asking_and_withdrawing_again_and_again_is_stopped(at, stranger: Person, tuan: Person, codes: list[str]):
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    for _ in range(10):
        ask(stranger, codes[0])
        stranger.post(f"/i/{codes[0]}/speech/removal", expect=302)
    assert "quá nhiều lần trong một giờ" in text(ask(stranger, codes[0], expect=409))
    at(61)
    ask(stranger, codes[0])


@pytest.mark.parametrize(("topic", "said"), [("", "Cần điền mục này"), ("x" * 301, "Dài nhất 300 ký tự"), ("\u202e \u200b", "Ghi ngắn gọn")])
def test_a_wrong_topic_comes_back_with_a_sentence(stranger: Person, tuan: Person, codes: list[str], topic: str, said: str):
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    assert said in text(ask(stranger, codes[0], topic, expect=422))


def test_a_revoked_pass_and_a_wrong_code_ask_for_nothing(stranger: Person, tuan: Person, conference: Conference):
    revoked = door.add_pass(conference.id, door.add_delegate(conference.id, "Người Cũ"))
    with transaction():
        db.session.execute(sa.update(Invitation).values(revoked_at=clock.now()))
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    assert "đã được thu hồi" in text(ask(stranger, revoked, expect=409))
    for path in ("speech", "speech/removal"):
        stranger.post(f"/i/0000000000000000/{path}", expect=404, topic="x")
    assert request_ids() == []


def test_the_chair_orders_calls_and_times(at, stranger: Person, tuan: Person, conference: Conference, codes: list[str]):
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    for code in codes:
        ask(stranger, code)
    one, two, three = request_ids()
    tuan.post(f"{TALK}/speeches/{three}/position", expect=302, direction="up")
    assert waiting(conference) == ["Ngô Thị Thử", "Y Phỏng Theo", "Trịnh Văn Nháp"]
    tuan.post(f"{TALK}/speeches/{two}/position", expect=302, direction="front")
    assert waiting(conference) == ["Trịnh Văn Nháp", "Ngô Thị Thử", "Y Phỏng Theo"]
    tuan.post(f"{TALK}/speeches/{two}/floor", expect=302, back="chair")
    at(4.5)
    state = discussion.discussion_state(conference.id)
    assert state.speaking is not None
    assert (state.speaking.person.name, state.speaking.reading.big, state.speaking.reading.state) == ("Trịnh Văn Nháp", "0:30", "end")
    tuan.post(f"{TALK}/speeches/{two}/minutes", expect=302, by="1")
    tuan.post(f"{TALK}/speeches/{one}/floor", expect=302)
    state = discussion.discussion_state(conference.id)
    assert [(speech.person.name, speech.elapsed, speech.minutes) for speech in state.spoken] == [("Trịnh Văn Nháp", 270, 6)]
    assert state.speaking is not None and state.speaking.person.name == "Ngô Thị Thử"
    tuan.post(f"{TALK}/speeches/{one}/ending", expect=302)
    assert discussion.discussion_state(conference.id).speaking is None
    assert "đã rút hoặc đã phát biểu xong" in text(tuan.post(f"{TALK}/speeches/{one}/floor", expect=409))


def test_calling_twice_changes_nothing(at, tuan: Person, stranger: Person, conference: Conference, codes: list[str]):
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    ask(stranger, codes[0])
    (one,) = request_ids()
    tuan.post(f"{TALK}/speeches/{one}/floor", expect=302)
    at(2)
    tuan.post(f"{TALK}/speeches/{one}/floor", expect=302)
    state = discussion.discussion_state(conference.id)
    assert state.speaking is not None and state.speaking.elapsed == 120
    assert "bấm “Phát biểu xong”" in text(tuan.post(f"{TALK}/speeches/{one}/removal", expect=409))


def test_the_office_adds_speakers_by_hand(lan: Person, conference: Conference, codes: list[str]):
    assert "Thêm Đồng chí Ngô Thị Thử" in text(lan.get(f"{TALK}?q=ngo thi thu"))
    delegate = discussion_lead.candidates(conference.id, "ngo thi thu")[0].delegate_id
    lan.post(f"{TALK}/speeches", expect=302, delegate_id=delegate, form="đồng chí")
    lan.post(f"{TALK}/speeches", expect=409, delegate_id=delegate, form="đồng chí")
    lan.post(f"{TALK}/speeches", expect=302, form="bà", name="Khách <b>Mời</b>", post="Hội Liên hiệp Phụ nữ")
    assert "Ghi họ tên người phát biểu" in text(lan.post(f"{TALK}/speeches", expect=422, form="bà", name=""))
    assert waiting(conference) == ["Ngô Thị Thử", "Khách <b>Mời</b>"]
    assert "Khách &lt;b&gt;Mời&lt;/b&gt;" in text(lan.get(f"{STAGE}/chair"))


def test_remarks_are_noted_and_taken_to_the_minutes(at, lan: Person, stranger: Person, tuan: Person, codes: list[str]):
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    ask(stranger, codes[0], "Kinh phí")
    ask(stranger, codes[1])
    one, _ = request_ids()
    tuan.post(f"{TALK}/speeches/{one}/floor", expect=302)
    at(3)
    tuan.post(f"{TALK}/speeches/{one}/ending", expect=302)
    lan.post(f"{TALK}/speeches/{one}/remark", expect=302, remark="Đề nghị bố trí kinh phí.\nGiao Sở Tài chính.")
    long = text(lan.post(f"{TALK}/speeches/{one}/remark", expect=422, remark="y" * 5001))
    assert "dài nhất 5000 ký tự" in long and "y" * 5001 in long
    paragraphs = [line.text for line in Document(io.BytesIO(lan.get(f"{TALK}/remarks.docx").data)).paragraphs]
    assert paragraphs[1] == "Ý KIẾN THẢO LUẬN TẠI HỘI NGHỊ"
    assert paragraphs[-7:] == [
        "1. Đồng chí Ngô Thị Thử - Giám đốc 1", "Phát biểu lúc 10:00, trong 3:00 (dự kiến 5 phút).", "Nội dung: Kinh phí",
        "Đề nghị bố trí kinh phí.", "Giao Sở Tài chính.", "Đại biểu đăng ký nhưng chưa phát biểu",
        "- Đồng chí Trịnh Văn Nháp - Giám đốc 2: Về kinh phí",
    ]


def test_minutes_are_set_for_those_who_wait(tuan: Person, stranger: Person, conference: Conference, codes: list[str]):
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    ask(stranger, codes[0])
    tuan.post(f"{TALK}/minutes", expect=302, minutes="3")
    assert [one.minutes for one in discussion.discussion_state(conference.id).waiting] == [3]
    for wrong in ("0", "61", "ba", ""):
        tuan.post(f"{TALK}/minutes", expect=422, minutes=wrong)


def test_the_place_in_the_queue_is_told_again_and_again(stranger: Person, tuan: Person, codes: list[str]):
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    for code in codes[:2]:
        ask(stranger, code)

    def place() -> str:
        html = stranger.get(f"/i/{codes[1]}/speech").get_json()["html"]
        return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", "", html).split())

    assert place() == "Đang chờ Còn 1 người trước đồng chí. Mỗi người phát biểu 5 phút."
    assert f'data-url="/i/{codes[1]}/speech"' in text(stranger.get(f"/i/{codes[1]}"))
    first, second = request_ids()
    tuan.post(f"{TALK}/speeches/{first}/floor", expect=302)
    assert place() == "Đang chờ Đồng chí là người tiếp theo, xin chuẩn bị. Mỗi người phát biểu 5 phút."
    tuan.post(f"{TALK}/speeches/{first}/ending", expect=302)
    tuan.post(f"{TALK}/speeches/{second}/floor", expect=302)
    assert place() == "Đang được mời phát biểu Xin mời đồng chí, tối đa 5 phút."
    tuan.post(f"{TALK}/speeches/{second}/ending", expect=302)
    assert place() == "Đang nhận đăng ký Đăng ký phát biểu"
    tuan.post(f"{TALK}/opening", expect=302, open="")
    assert place() == "Khi chủ trì mở thảo luận, ô đăng ký hiện ở đây."


def test_on_the_day_the_page_waits_for_the_discussion_to_be_opened(stranger: Person, tuan: Person, conference: Conference, codes: list[str]):
    asks_again = f'data-every="60" data-url="/i/{codes[0]}/speech"'
    assert asks_again not in text(stranger.get(f"/i/{codes[0]}"))
    with transaction():
        db.session.get_one(Conference, conference.id).held_on = to_local(clock.now()).date()
    page = text(stranger.get(f"/i/{codes[0]}"))
    assert asks_again in page and "Khi chủ trì mở thảo luận, ô đăng ký hiện ở đây." in page
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    assert "Đăng ký phát biểu</a>" in stranger.get(f"/i/{codes[0]}/speech").get_json()["html"]


def test_who_speaks_outside_the_discussion_is_the_one_speaker_of_every_screen(
    stranger: Person, tuan: Person, ha: Person, conference: Conference, codes: list[str]
):
    with transaction():
        first = db.session.scalars(sa.select(Item).where(Item.conference_id == conference.id, Item.key == "A1a")).one()
        first.presenter_kind, first.presenter = "collective", "Ban Tổ chức thử"
    ha.post(f"{STAGE}/moves", press_key="key-of-the-start", verb="start", seen="0")
    views = {"hall": f"/e/{SLUG}/screen", "audience": f"/e/{SLUG}/live", "caption": f"/e/{SLUG}/caption"}
    staff = {"mc": (ha, f"{STAGE}/"), "chair": (tuan, f"{STAGE}/chair")}

    def speakers() -> dict[str, list[str]]:
        pages = {name: text(stranger.get(url)) for name, url in views.items()}
        pages |= {name: text(person.get(url)) for name, (person, url) in staff.items()}
        found = {name: re.search(r'(?s)<section class="wall".*?</section>|id="live-now".*?id="live-programme"|id="stage-now".*?</section>|id="caption".*?</div>', page) for name, page in pages.items()}
        return {name: [who for who in ("Ban Tổ chức thử", "Ngô Thị Thử") if one and who.lower() in one[0].lower()] for name, one in found.items()}

    assert speakers() == {name: ["Ban Tổ chức thử"] for name in (*views, *staff)}
    assert "không phải Thảo luận" not in text(tuan.get(f"{STAGE}/chair"))
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    ask(stranger, codes[0])
    for url in (f"{STAGE}/chair", TALK):
        assert "Mời phát biểu lúc này thì mọi màn hình ghi người phát biểu thay cho mục này." in text(tuan.get(url))
    tuan.post(f"{TALK}/speeches/{request_ids()[0]}/floor", expect=302)
    assert speakers() == {name: ["Ngô Thị Thử"] for name in (*views, *staff)}
    assert "bấm “Phát biểu xong” thì trở lại mục này." in text(tuan.get(f"{STAGE}/chair"))


def test_the_wall_shows_who_speaks_and_who_is_next_but_no_topic(stranger: Person, tuan: Person, ha: Person, codes: list[str]):
    ha.post(f"{STAGE}/moves", press_key="key-of-the-start", verb="start", seen="0")
    tuan.post(f"{TALK}/opening", expect=302, open="1")
    for code in codes:
        ask(stranger, code, "Nội dung kín")
    assert "Ngô Thị Thử" not in text(stranger.get(f"/e/{SLUG}/screen"))
    one = request_ids()[0]
    tuan.post(f"{TALK}/speeches/{one}/floor", expect=302)
    wall = text(stranger.get(f"/e/{SLUG}/screen"))
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", wall) == ["Đồng chí Ngô Thị Thử"]
    assert re.findall(r"</span><b>(.*?)</b><span>", wall) == ["Đồng chí Trịnh Văn Nháp", "Đồng chí Y Phỏng Theo"]
    assert "Nội dung kín" not in wall and "Có mặt" not in wall
    ha.post(f"{STAGE}/moves", press_key="key-of-the-next", verb="next", seen="1")
    assert "Ngô Thị Thử" not in text(stranger.get(f"/e/{SLUG}/screen"))
