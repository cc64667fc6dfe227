"""Audience page, hall screen and the stream: what each shows and to whom it is open."""

from __future__ import annotations

import gzip
import zlib
from datetime import date, time

import pytest
import sqlalchemy as sa

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import stage
from tests.arrivals import arrive
from tests.people import SLUG

STREAM = f"/e/{SLUG}/stream"


def text_of(response) -> str:
    return response.get_data(as_text=True)


@pytest.fixture
def admitted(conference: Conference) -> int:
    return arrive(conference.id, "Nguyễn Ẩn Danh")


def first_event(person, view: str, **headers: str) -> str:
    """Open the stream and return what comes until the first event is whole."""
    response = person.client.get(f"{STREAM}?view={view}", headers=headers)
    assert response.status_code == 200
    packed = zlib.decompressobj(31)
    text = ""
    for part in response.iter_encoded():
        text += (packed.decompress(part) if headers else part).decode()
        if "event: state" in text and text.endswith("\n\n"):
            break
    response.close()
    return text


def test_the_quiet_state_before_the_start(stranger, conference):
    page, wall = text_of(stranger.get(f"/e/{SLUG}/live")), text_of(stranger.get(f"/e/{SLUG}/screen"))
    assert "Chưa bắt đầu" in page
    assert "ổn định chỗ ngồi" in wall
    assert "Bắt đầu lúc" not in wall
    with transaction():
        db.session.execute(sa.update(Conference).values(held_on=date(2015, 12, 29), starts_at=time(7, 30)))
    assert "Bắt đầu lúc 07 giờ 30" in text_of(stranger.get(f"/e/{SLUG}/screen"))


def test_now_and_next_are_shown_and_the_end(stranger, conference):
    stage.press(conference.id, "start", "key-00001", 0)
    page, wall = text_of(stranger.get(f"/e/{SLUG}/live")), text_of(stranger.get(f"/e/{SLUG}/screen"))
    assert page.count('aria-current="step"') == 1
    assert '<p class="now__what">Ổn định tổ chức, giới thiệu đại biểu</p>' in page
    assert "Thông qua Chương trình Hội nghị" in wall
    for seen in range(1, 13):
        stage.press(conference.id, "next", f"key-1{seen:04}", seen)
    stage.press(conference.id, "end", "key-20000", 13)
    assert "Hội nghị đã kết thúc" in text_of(stranger.get(f"/e/{SLUG}/screen"))
    assert "Trân trọng cảm ơn quý vị đại biểu" in text_of(stranger.get(f"/e/{SLUG}/live"))


def test_the_server_tells_the_time(stranger):
    assert list(stranger.get(f"/e/{SLUG}/time").get_json()) == ["now"]


@pytest.mark.parametrize(
    ("view", "allowed"),
    [
        ("audience", {"stranger", "xuan", "oanh", "tuan", "ha", "lan", "quantri"}),
        ("hall", {"stranger", "xuan", "oanh", "tuan", "ha", "lan", "quantri"}),
        ("mc", {"tuan", "ha", "lan", "quantri"}),
        ("watch", {"tuan", "ha", "lan", "quantri"}),
        ("chair", {"tuan", "ha", "lan", "quantri"}),
        ("desk", {"tuan", "lan", "quantri"}),
        ("overview", {"oanh", "tuan", "ha", "lan", "quantri"}),
    ],
)
def test_each_view_of_the_stream_has_its_guard(view, allowed, stranger, xuan, oanh, tuan, ha, lan, quantri):
    people = {
        "stranger": stranger, "xuan": xuan, "oanh": oanh, "tuan": tuan, "ha": ha, "lan": lan, "quantri": quantri,
    }
    answers = {}
    for name, person in people.items():
        response = person.client.get(f"{STREAM}?view={view}")
        answers[name] = response.status_code
        response.close()
    assert answers == {name: 200 if name in allowed else 403 for name in people}


def test_a_view_or_conference_that_does_not_exist(stranger):
    stranger.get(f"{STREAM}?view=secret", expect=404)
    stranger.get("/e/khong-co/stream", expect=404)


def test_the_stream_begins_with_the_fragment_of_the_page(stranger, conference):
    stage.press(conference.id, "start", "key-00001", 0)
    told = first_event(stranger, "audience")
    assert told.startswith("retry: ")
    assert 'data: <p class="now__what">Ổn định tổ chức, giới thiệu đại biểu</p>'.replace("data: ", "") in told
    assert first_event(stranger, "audience", **{"Accept-Encoding": "gzip"}).split("event: state")[1][:100] == told.split("event: state")[1][:100]


def test_the_stream_may_not_be_kept_or_held_back(stranger):
    response = stranger.client.get(STREAM, headers={"Accept-Encoding": "gzip"})
    head = {name: response.headers.get(name) for name in ("Content-Type", "Cache-Control", "X-Accel-Buffering", "Content-Encoding")}
    response.close()
    assert head == {
        "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
        "Content-Encoding": "gzip",
    }


def test_beyond_the_limit_the_answer_says_when_to_come_back(app, stranger):
    app.extensions["eventmgr_hub"].limit = 1
    open_one = stranger.client.get(STREAM)
    full = stranger.client.get(STREAM)
    assert (full.status_code, full.headers["Retry-After"]) == (503, "10")
    open_one.close()
    again = stranger.client.get(STREAM)
    assert again.status_code == 200
    again.close()


def test_a_head_request_leaves_no_listener(app, stranger):
    stranger.client.head(STREAM).close()
    assert app.extensions["eventmgr_hub"].listeners == 0


def test_the_public_is_told_neither_script_nor_who_is_in_the_room(app, stranger, conference, admitted):
    stage.press(conference.id, "start", "key-00001", 0)
    public = [text_of(stranger.get(f"/e/{SLUG}/{page}")) for page in ("live", "screen")]
    public += [first_event(stranger, view) for view in ("audience", "hall")]
    assert [("Ẩn Danh" in page, "Lời dẫn" in page, "xin trân trọng giới thiệu" in page) for page in public] == [(False,) * 3] * 4


def test_the_mc_is_told_both(ha, conference, admitted):
    stage.press(conference.id, "start", "key-00001", 0)
    told = first_event(ha, "mc")
    assert ("Ẩn Danh" in told, "Lời dẫn" in told) == (True, True)


def test_gzip_alone_can_read_the_stream(stranger):
    response = stranger.client.get(STREAM, headers={"Accept-Encoding": "gzip"})
    head = next(response.iter_encoded())
    response.close()
    with pytest.raises(EOFError):
        gzip.decompress(head)
    assert zlib.decompressobj(31).decompress(head).startswith(b"retry: ")
