"""The hub alone: one rendering for all, the newest state first, slow listeners let go, the bell."""

from __future__ import annotations

import queue
import re
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from eventmgr import clock
from eventmgr.live import bell, hub, sse
from eventmgr.live.listener import QUEUE, Listener
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, tell_after_commit, transaction
from eventmgr.models.journal import Entry, record


class Screens:
    """A render function that remembers how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []
        self.text = "một"

    def __call__(self, conference_id: int, view: str) -> list[str]:
        self.asked.append((conference_id, view))
        return ["<h2>Chương trình</h2>", f"<p>{view} {self.text}</p>"]


@pytest.fixture
def screens() -> Screens:
    return Screens()


@pytest.fixture
def told(app: Flask, screens: Screens) -> Iterator[hub.Hub]:
    made = hub.Hub(limit=100)
    made.join(screens, app.app_context)
    tell_after_commit(made.ring)
    yield made
    made.close()


def happens(verb: str, conference: Conference) -> None:
    with transaction():
        record(verb, clock.now(), conference_id=conference.id)


def events(listener: Listener, count: int) -> list[str]:
    """The data of the next events, the preamble left out; queue.Empty when nothing comes."""
    listener._frames.get = partial(queue.Queue.get, listener._frames, timeout=5)
    found: list[str] = []
    for part in listener:
        found += re.findall(r"event: state\n(?:data: <h2>.*\n)?data: (.*)\n", part.decode())
        if len(found) >= count:
            return found
    return found


def wait_until(so) -> None:
    deadline = time.monotonic() + 5
    while not so() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert so()


def test_everybody_gets_the_same_fragment_rendered_once(told, screens, conference):
    listeners = [told.listen(conference.id, "audience") for _ in range(20)]
    assert [events(one, 1) for one in listeners] == [["<p>audience một</p>"]] * 20
    screens.text = "hai"
    happens("stage.moved", conference)
    assert [events(one, 1) for one in listeners] == [["<p>audience hai</p>"]] * 20
    assert screens.asked == [(conference.id, "audience")] * 2


def test_a_returning_browser_begins_with_the_whole_present_state(told, screens, conference):
    first = told.listen(conference.id, "audience")
    assert events(first, 1) == ["<p>audience một</p>"]
    first.close()
    screens.text = "hai"
    happens("stage.moved", conference)
    again = told.listen(conference.id, "audience")
    assert events(again, 1) == ["<p>audience hai</p>"]


def test_a_new_day_is_shown_though_nobody_pressed_anything(told, screens, conference, monkeypatch):
    listener = told.listen(conference.id, "usher")
    assert events(listener, 1) == ["<p>usher một</p>"]
    screens.text = "hai"
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    told.wake()
    assert events(listener, 1) == ["<p>usher hai</p>"]


def test_an_update_carries_only_the_pieces_that_changed(told, screens, conference):
    listener = told.listen(conference.id, "audience")
    began = [next(listener), next(listener)][1]
    screens.text = "hai"
    happens("stage.moved", conference)
    lines = [re.findall("data: (.*)", frame.decode()) for frame in (began, next(listener))]
    assert lines == [["<h2>Chương trình</h2>", "<p>audience một</p>"], ["<p>audience hai</p>"]]


def test_a_frame_carries_the_number_of_the_journal_line(told, screens, conference):
    happens("stage.moved", conference)
    last = db.session.execute(db.text("SELECT max(id) FROM journal")).scalar()
    listener = told.listen(conference.id, "audience")
    frames = [next(listener), next(listener)]
    assert (frames[0][:7], frames[1].split(b"\n")[0]) == (b"retry: ", f"id: {last}".encode())


def test_each_view_is_told_only_what_changes_it(told, screens, conference):
    audience, mc = told.listen(conference.id, "audience"), told.listen(conference.id, "mc")
    assert (events(audience, 1), events(mc, 1)) == (["<p>audience một</p>"], ["<p>mc một</p>"])
    screens.text = "hai"
    happens("scan.admitted", conference)
    assert events(mc, 1) == ["<p>mc hai</p>"]
    assert screens.asked == [(conference.id, "audience"), (conference.id, "mc"), (conference.id, "mc")]


def test_another_conference_does_not_disturb(told, screens, conference):
    listener = told.listen(conference.id, "audience")
    events(listener, 1)
    with transaction():
        record("stage.moved", clock.now(), conference_id=None)
        other = Conference(slug="khac", title="Khác", short_title="Khác", organiser="Khác", created_at=clock.now())
        db.session.add(other)
        db.session.flush()
        record("stage.moved", clock.now(), conference_id=other.id)
    screens.text = "hai"
    happens("stage.moved", conference)
    assert events(listener, 1) == ["<p>audience hai</p>"]


def test_what_another_process_wrote_is_seen_without_a_bell(told, screens, conference):
    tell_after_commit(lambda: None)
    listener = told.listen(conference.id, "hall")
    events(listener, 1)
    screens.text = "hai"
    happens("agenda.edited", conference)
    began = time.monotonic()
    assert events(listener, 1) == ["<p>hall hai</p>"]
    assert time.monotonic() - began < 2


def test_a_smaller_number_that_shows_up_later_is_not_missed(told, screens, conference):
    listener = told.listen(conference.id, "audience")
    events(listener, 1)
    with transaction():
        db.session.add(Entry(id=1000, verb="desk.noted", at=clock.now(), conference_id=conference.id))
    wait_until(lambda: told._last_id == 1000)
    screens.text = "hai"
    with transaction():
        db.session.add(Entry(id=999, verb="stage.moved", at=clock.now(), conference_id=conference.id))
    assert events(listener, 1) == ["<p>audience hai</p>"]


def test_a_slow_listener_is_let_go_and_the_others_stay(told, screens, conference):
    slow, quick = told.listen(conference.id, "audience"), told.listen(conference.id, "audience")
    heard = 0
    for number in range(QUEUE + 5):
        screens.text = str(number)
        happens("stage.moved", conference)
        heard += len(events(quick, 1))
    wait_until(lambda: told.listeners == 1)
    assert len(list(slow)) <= QUEUE + 2
    assert heard == QUEUE + 5


def test_no_more_than_the_limit_and_a_place_is_free_again(told, conference):
    told.limit = 2
    first, _ = told.listen(conference.id, "audience"), told.listen(conference.id, "hall")
    with pytest.raises(hub.Full):
        told.listen(conference.id, "audience")
    first.close()
    first.close()
    assert (told.listeners, told.listen(conference.id, "audience").key[1]) == (1, "audience")


def test_a_fragment_that_cannot_be_made_does_not_stop_the_others(told, screens, conference, caplog):
    class Broken(Screens):
        def __call__(self, conference_id: int, view: str) -> list[str]:
            if view == "audience":
                raise ValueError("broken template")
            return super().__call__(conference_id, view)

    told.join(Broken(), told._context)
    told.listen(conference.id, "audience")
    assert events(told.listen(conference.id, "hall"), 1) == ["<p>hall một</p>"]
    assert "no fragment for audience" in caplog.text


def test_closing_ends_every_stream(told, conference):
    listener = told.listen(conference.id, "audience")
    events(listener, 1)
    told.close()
    assert (list(listener), told.listeners) == ([], 0)
    with pytest.raises(hub.Full):
        told.listen(conference.id, "audience")


def test_a_beat_is_heard_and_carries_the_time(told, screens, conference, monkeypatch):
    monkeypatch.setattr(hub, "BEAT_EVERY", 0.0)
    listener = told.listen(conference.id, "audience")
    seen = b"".join(next(listener) for _ in range(3))
    assert re.search(rb"event: beat\ndata: \d{13}\n", seen)


def test_packed_frames_follow_one_another_as_one_gzip_stream():
    frames = [sse.frame("state", "Đại biểu\nhai dòng", 7), sse.frame("beat", "1")]
    packed = sse.GZIP_HEAD + b"".join(frame.packed for frame in frames)
    assert zlib.decompressobj(31).decompress(packed) == b"".join(frame.plain for frame in frames)
    assert frames[0].plain.decode() == "id: 7\nevent: state\ndata: Đại biểu\ndata: hai dòng\n\n"


def test_browsers_come_back_spread_over_one_and_a_half_seconds():
    assert [sse.preamble(jitter).plain for jitter in (0, 0.5, 1)] == [b"retry: 3000\n\n", b"retry: 2250\n\n", b"retry: 1500\n\n"]


def test_the_bell_reaches_other_processes_through_redis(redis_url):
    rung, closed = threading.Event(), threading.Event()
    here, there = bell.Bell(redis_url), bell.Bell(redis_url)
    there.on_ring(rung.set)
    ear = threading.Thread(target=there.listen, args=(closed,))
    ear.start()
    deadline = time.monotonic() + 5
    while not rung.is_set() and time.monotonic() < deadline:
        here.ring()
        time.sleep(0.05)
    closed.set()
    ear.join(5)
    here.close()
    assert (rung.is_set(), ear.is_alive()) == (True, False)


def test_without_redis_the_bell_still_rings_here():
    heard = []
    silent = bell.Bell("redis://127.0.0.1:1/0")
    silent.on_ring(lambda: heard.append(1))
    for _ in range(3):
        silent.ring()
    silent.close()
    assert heard == [1, 1, 1]


def test_a_page_that_comes_back_takes_the_place_of_its_dead_stream(app, screens, conference):
    told = hub.Hub(limit=2)
    told.join(screens, app.app_context)
    dead = told.listen(conference.id, "audience", page="a-1")
    other = told.listen(conference.id, "audience", page="b-1")
    back = told.listen(conference.id, "audience", page="a-1")
    assert (told.listeners, list(dead)[1:]) == (2, [])
    assert events(back, 1) == events(other, 1) == ["<p>audience một</p>"]
    dead.close()  # noticed much later: the new stream stays
    assert told.listeners == 2
    told.close()
