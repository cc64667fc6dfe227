"""Presses beyond next and end: pause, insert, reorder, adjust, catch up, and who holds control."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.agenda import Console, Details
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.models.agenda import Item, Move
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import stage
from eventmgr.services.stage import Press

START = datetime(2015, 12, 29, 0, 30, tzinfo=UTC)
TABLET, PHONE = Console("tablet", "Hà, máy tính bảng"), Console("phone", "Lan, điện thoại")


@pytest.fixture
def at(monkeypatch):
    """Set the time: at(5) is five minutes after the planned start."""

    def set_time(minutes: float) -> datetime:
        moment = START + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    set_time(0)
    return set_time


@pytest.fixture
def mc(conference: Conference, at):
    """Press buttons one after the other, each on the newest screen; the conference has ten minutes for each step."""
    with transaction():
        db.session.execute(
            sa.update(Conference).where(Conference.id == conference.id).values(held_on=date(2015, 12, 29), starts_at=time(7, 30))
        )
        db.session.execute(sa.update(Item).where(Item.conference_id == conference.id).values(minutes=10))

    def press(verb: str, step: int | None = None, console: Console | None = None, **details) -> str:
        version = stage.stage_state(conference.id).version
        more = Press(Details(**details), console)
        return stage.press(conference.id, verb, f"key-{version + 1:05}", version, step, more=more).sentence

    press.state = lambda: stage.stage_state(conference.id)
    return press


def numbers(state: stage.StageState) -> list[str | None]:
    return [step.number if step else None for step in (state.now, state.next, state.later)]


def test_a_pause_stops_the_clock_of_the_step_and_moves_the_end(mc, at):
    mc("start")
    at(4)
    assert mc("pause") == "Tạm dừng 1a Ổn định tổ chức, giới thiệu đại biểu."
    at(9)
    state = mc.state()
    assert (state.now.elapsed, state.now.running_since, state.rest, state.undo) == (240, None, 360, "tạm dừng 1a")
    assert (state.paused_at, state.projected_end, state.late) == (START + timedelta(minutes=4), START + timedelta(minutes=135), 300)
    mc("resume")
    at(11)
    assert (mc.state().now.elapsed, mc.state().paused_at, mc.state().rest) == (360, None, 0)
    with pytest.raises(Conflict, match="không tạm dừng"):
        mc("resume")


def test_a_step_is_inserted_on_the_spot_and_undone(mc, at):
    mc("start")
    assert mc("insert", title=" Văn nghệ  chào mừng ", minutes=5, presenter="Đoàn nghệ thuật") == "Chèn “Văn nghệ chào mừng”."
    state = mc.state()
    assert (numbers(state), state.next.id, state.next.inserted, state.next.presenter.name) == (
        ["1a", "BS1", "1b"], -2, True, "Đoàn nghệ thuật",
    )
    assert (len(state.steps), state.projected_end, state.planned_end) == (
        14, START + timedelta(minutes=135), START + timedelta(minutes=130),
    )
    mc("next")
    assert mc.state().now.title == "Văn nghệ chào mừng"
    at(3)
    mc("next")
    assert (numbers(mc.state()), mc.state().over_under) == (["1b", "2", "3a"], -420)
    for _ in range(3):
        mc("undo")
    assert (numbers(mc.state()), len(mc.state().steps)) == (["1a", "1b", "2"], 13)


def test_an_insert_without_minutes_takes_five_so_that_the_end_stays_known(mc):
    mc("start")
    mc("insert", title="Văn nghệ chào mừng")
    state = mc.state()
    assert (state.next.minutes, state.projected_end) == (5, START + timedelta(minutes=135))


def test_an_insert_without_words_is_refused(mc):
    for wrong in ({"title": " "}, {"title": "x" * 301}, {"title": "x", "minutes": 0}, {"title": "x", "presenter": "y" * 301}):
        with pytest.raises(Invalid):
            mc("insert", **wrong)


def test_two_steps_change_places_and_one_goes_later(mc):
    for verb in ("start", *["next"] * 5):
        mc(verb)
    assert (numbers(mc.state()), mc("swap")) == (["4.(1)", "4.(2)", "4.(3)"], "Đổi 4.(2) với 4.(3).")
    assert (numbers(mc.state()), mc.state().undo) == (["4.(1)", "4.(3)", "4.(2)"], "đổi 4.(2) với 4.(3)")
    third = next(step for step in mc.state().steps if step.number == "4.(3)")
    sixth = next(step for step in mc.state().steps if step.number == "6")
    title = "Những khó khăn, vướng mắc và kinh nghiệm của địa phương trong triển khai thực hiện công…"
    assert mc("later", third.id, after=sixth.id) == f"Lùi 4.(3) {title} xuống sau 6."
    assert [step.number for step in mc.state().to_come] == ["4.(2)", "4.(4)", "5", "6", "4.(3)", "7", "8"]
    moved = next(step for step in mc.state().rows if step.number == "4.(3)")
    assert (moved.mark, moved.heading) == ("4.(3)", None)
    mc("undo")
    mc("undo")
    assert [step.number for step in mc.state().to_come] == ["4.(2)", "4.(3)", "4.(4)", "5", "6", "7", "8"]


def test_minutes_are_given_and_taken(mc, at):
    mc("start")
    assert (mc("adjust", minutes=5), mc("adjust", minutes=-1)) == ("Thêm 5 phút cho 1a.", "Bớt 1 phút cho 1a.")
    state = mc.state()
    assert (state.now.minutes, state.now.planned_minutes, state.projected_end) == (14, 10, START + timedelta(minutes=134))
    at(12)
    assert (mc.state().now.over_under, mc.state().late) == (120, 240)
    with pytest.raises(Conflict, match="từ 1 đến 600"):
        mc("adjust", minutes=-14)


def test_a_late_conference_is_told_how_to_end_on_time_and_a_press_applies_it(mc, at, conference):
    with transaction():
        db.session.execute(sa.update(Item).where(Item.conference_id == conference.id, Item.kind == "discussion").values(minutes=30))
    mc("start")
    at(20)
    state = mc.state()
    assert (state.late, state.projected_end) == (600, START + timedelta(minutes=160))
    best = state.proposals[0]
    assert (best.sentence, best.late) == ("Rút Thảo luận (6) còn 20 phút là đúng giờ", 0)
    assert mc("catch_up", cuts=best.cuts) == "Rút ngắn chương trình."
    assert (mc.state().projected_end, mc.state().proposals, mc.state().late) == (START + timedelta(minutes=150), (), 600)
    mc("undo")
    assert mc.state().projected_end == START + timedelta(minutes=160)


def test_what_is_fixed_to_an_hour_is_never_moved_and_what_comes_before_is_cut(mc, at, conference):
    with transaction():
        awards = db.session.scalars(sa.select(Item).where(Item.conference_id == conference.id, Item.kind == "awards")).one()
        awards.fixed_at = time(9, 20)  # by the minutes it would be 09:20
        db.session.get(Conference, conference.id).must_end_at = time(9, 45)
    mc("start")
    at(18)
    state = mc.state()
    told = [proposal.sentence for proposal in state.proposals]
    assert told[0] == "Rút mỗi Tham luận (4.(1), 4.(2), 4.(3), 4.(4)) còn 8 phút là kịp Khen thưởng (7) lúc 09:20"
    assert all(awards.id not in dict(proposal.cuts) for proposal in state.proposals)
    with pytest.raises(Conflict, match="cố định giờ"):
        mc("later", awards.id)
    with pytest.raises(Conflict, match="cố định giờ"):
        mc("catch_up", cuts=((awards.id, 5),))
    mc("catch_up", cuts=state.proposals[0].cuts)
    assert next(step.expected_at for step in mc.state().steps if step.kind == "awards") == awards_at(9, 20)
    assert (mc.state().not_before, mc.state().must_end) == (awards_at(9, 40), awards_at(9, 45))


def awards_at(hour: int, minute: int) -> datetime:
    return START + timedelta(hours=hour - 7, minutes=minute - 30)


def test_one_console_holds_control_and_another_takes_it_over(mc):
    mc("start", console=TABLET)
    assert mc.state().holder.console == TABLET
    with pytest.raises(Conflict, match=r"^Hà, máy tính bảng đang điều khiển"):
        mc("next", console=PHONE)
    assert mc("take", console=PHONE) == "Lan, điện thoại nhận điều khiển."
    assert (mc.state().holder.console, mc.state().undo) == (PHONE, "bắt đầu 1a")
    with pytest.raises(Conflict, match=r"^Lan, điện thoại đang điều khiển"):
        mc("next", console=TABLET)
    with pytest.raises(Conflict, match="Máy này đang điều khiển rồi"):
        mc("take", console=PHONE)
    mc("undo", console=PHONE)
    assert (mc.state().holder.console, mc.state().now) == (PHONE, None)


def test_a_press_that_waited_for_a_minute_is_refused_and_repeated_presses_are_answered_the_same(mc, at, conference):
    at(2)
    with pytest.raises(Conflict, match="quá một phút"):
        stage.press(conference.id, "start", "key-00001", 0, more=Press(pressed_at=START))
    first = stage.press(conference.id, "start", "key-00001", 0, more=Press(pressed_at=START + timedelta(seconds=70)))
    at(9)
    assert stage.press(conference.id, "start", "key-00001", 0, more=Press(pressed_at=START)) == first
    assert db.session.scalars(sa.select(Move.seq)).all() == [1]
