"""The stage as its services see it: presses, repeats, stale screens, undo, what screens are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.agenda import Phase
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.models.agenda import Item, Move
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.journal import Entry
from eventmgr.services import stage

START = datetime(2015, 12, 29, 0, 30, tzinfo=UTC)


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
def timed(conference: Conference) -> Conference:
    """The conference with its day, hour and ten minutes for each step."""
    with transaction():
        db.session.execute(
            sa.update(Conference).where(Conference.id == conference.id).values(held_on=date(2015, 12, 29), starts_at=time(7, 30))
        )
        db.session.execute(sa.update(Item).where(Item.conference_id == conference.id).values(minutes=10))
    return conference


def numbers(state: stage.StageState) -> list[str | None]:
    return [step.number if step else None for step in (state.now, state.next, state.later)]


def test_the_plan_has_thirteen_spoken_steps_and_waits_quietly(conference):
    state = stage.stage_state(conference.id)
    assert [step.number for step in state.steps] == [
        "1a", "1b", "2", "3a", "3b", "4.(1)", "4.(2)", "4.(3)", "4.(4)", "5", "6", "7", "8",
    ]
    assert (state.phase, state.version, numbers(state)) == (Phase.NOT_BEGUN, 0, [None, "1a", "1b"])
    assert (state.planned_start, state.planned_end, state.late, state.projected_end) == (None, None, None, None)


def test_a_step_without_presenter_has_that_of_its_row(conference):
    names = {step.number: step.presenter.name if step.presenter else None for step in stage.stage_state(conference.id).steps}
    assert (names["3b"], names["4.(2)"]) == ("Lãnh đạo Sở Lao động - Thương binh và Xã hội", "Lãnh đạo Ban Dân tộc tỉnh")


def test_a_named_presenter_comes_with_form_of_address_and_post(conference):
    with transaction():
        group = db.session.scalars(sa.select(Group).where(Group.conference_id == conference.id)).first()
        nga = Delegate(
            conference_id=conference.id, group_id=group.id, address_form="đồng chí", full_name="Trần Thị Nga",
            first_post="Phó Chủ tịch UBND tỉnh", posts=["Phó Chủ tịch UBND tỉnh"], created_at=clock.now(),
        )
        db.session.add(nga)
        db.session.flush()
        row = sa.select(Item).where(Item.conference_id == conference.id, Item.kind == "opening_speech")
        db.session.scalars(row).one().delegate_id = nga.id
    who = next(step.presenter for step in stage.stage_state(conference.id).steps if step.number == "2")
    assert (who.name, who.post, who.said) == (
        "Đồng chí Trần Thị Nga", "Phó Chủ tịch UBND tỉnh", "đồng chí Trần Thị Nga - Phó Chủ tịch UBND tỉnh",
    )


def test_the_mc_goes_through_and_everything_is_counted(timed, at):
    stage.press(timed.id, "start", "key-00001", 0)
    at(12)
    state = stage.stage_state(timed.id)
    assert (numbers(state), state.now.elapsed, state.now.reading.big) == (["1a", "1b", "2"], 720, "2:00")
    assert (state.late, state.planned_end) == (120, START + timedelta(minutes=130))
    done = stage.press(timed.id, "next", "key-00002", 1)
    assert (done.version, done.sentence) == (2, "Sang 1b Thông qua Chương trình Hội nghị.")
    at(15)
    state = stage.stage_state(timed.id)
    assert (numbers(state), state.now.elapsed, state.late) == (["1b", "2", "3a"], 180, 120)
    assert state.projected_end == START + timedelta(minutes=132)
    assert (state.free_at, state.due_at, state.left) == (
        START + timedelta(minutes=22), START + timedelta(minutes=20), timedelta(minutes=110),
    )


def test_a_press_sent_twice_counts_once_and_is_answered_the_same(timed, at):
    first = stage.press(timed.id, "start", "key-00001", 0)
    at(1)
    assert stage.press(timed.id, "start", "key-00001", 0) == first
    second = stage.press(timed.id, "next", "key-00002", 1)
    assert stage.press(timed.id, "start", "key-00001", 0) == first
    assert stage.press(timed.id, "next", "key-00002", 1) == second
    assert db.session.scalars(sa.select(Move.seq).order_by(Move.seq)).all() == [1, 2]


def test_a_stale_screen_is_told_what_happened_meanwhile(timed, at):
    stage.press(timed.id, "start", "key-00001", 0)
    at(8)
    stage.press(timed.id, "next", "key-00002", 1)
    with pytest.raises(Conflict) as refused:
        stage.press(timed.id, "next", "key-00003", 1)
    assert refused.value.sentence == (
        "Chương trình đã chuyển trước khi bấm nên thao tác này chưa được thực hiện."
        " Lúc 07:38 sang 1b Thông qua Chương trình Hội nghị. Xem lại rồi bấm lại."
    )
    assert numbers(stage.stage_state(timed.id)) == ["1b", "2", "3a"]


def test_undo_names_what_it_undoes_and_brings_back_the_original_start(timed, at):
    stage.press(timed.id, "start", "key-00001", 0)
    at(5)
    stage.press(timed.id, "next", "key-00002", 1)
    at(6)
    assert stage.stage_state(timed.id).undo == "sang 1b"
    assert stage.press(timed.id, "undo", "key-00003", 2).sentence == "Hoàn tác: sang 1b."
    state = stage.stage_state(timed.id)
    assert (state.version, numbers(state)[0], state.now.started_at, state.now.elapsed) == (3, "1a", START, 360)
    stage.press(timed.id, "undo", "key-00004", 3)
    assert (stage.stage_state(timed.id).phase, stage.stage_state(timed.id).undo) == (Phase.NOT_BEGUN, None)


def test_skip_back_and_end(timed, at):
    for place, verb in enumerate(["start", "skip", "next", "back"]):
        stage.press(timed.id, verb, f"key-0000{place}", place)
    state = stage.stage_state(timed.id)
    assert (numbers(state), [step.state.value for step in state.steps[:3]]) == (["1a", "2", "3a"], ["now", "skipped", "not_yet"])
    for place in range(4, 15):
        stage.press(timed.id, "next", f"key-{place:05}", place)
    state = stage.stage_state(timed.id)
    assert numbers(state) == ["8", None, None]
    with pytest.raises(Conflict, match="nội dung cuối cùng"):
        stage.press(timed.id, "next", "key-00099", 15)
    stage.press(timed.id, "end", "key-00100", 15)
    assert stage.stage_state(timed.id).phase is Phase.OVER


def test_a_press_about_a_deleted_item_is_about_nothing(timed, at):
    stage.press(timed.id, "start", "key-00001", 0)
    stage.press(timed.id, "next", "key-00002", 1)
    with transaction():
        db.session.execute(sa.delete(Item).where(Item.conference_id == timed.id, Item.kind == "procedure"))
    state = stage.stage_state(timed.id)
    assert (state.now.title, state.version) == ("Ổn định tổ chức, giới thiệu đại biểu", 2)
    assert stage.press(timed.id, "next", "key-00003", 2).sentence == "Sang 2 Khai mạc và chủ trì Hội nghị."


def test_every_press_writes_a_sentence_into_the_journal(timed, at):
    stage.press(timed.id, "start", "key-00001", 0, actor="Hà")
    told = db.session.scalars(sa.select(Entry).where(Entry.verb == "stage.moved")).all()
    assert [(entry.actor, entry.sentence, entry.details["seq"]) for entry in told] == [
        ("Hà", "Bắt đầu 1a Ổn định tổ chức, giới thiệu đại biểu.", 1)
    ]


def test_the_script_goes_with_the_step(timed, at):
    def said(lines):
        return ["".join(say.text for say in line) for line in lines]

    stage.press(timed.id, "start", "key-00001", 0)
    _, script = stage.stage_with_script(timed.id)
    assert said(script.during)[-1].startswith("Về dự Hội nghị, xin trân trọng giới thiệu")
    for place in range(1, 6):
        stage.press(timed.id, "next", f"key-1000{place}", place)
    _, script = stage.stage_with_script(timed.id)
    assert said(script.handover)[0] == "Xin cảm ơn lãnh đạo Sở Y tế."
    assert said(script.handover)[-1] == "Lãnh đạo UBND huyện Kon Plông xin chuẩn bị."


def test_a_verb_that_does_not_exist_is_refused(conference):
    with pytest.raises(Invalid):
        stage.press(conference.id, "explode", "key-00001", 0)
