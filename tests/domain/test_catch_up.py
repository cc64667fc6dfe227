"""How a late conference can end on time: what is proposed, in which order, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventmgr.domain.agenda import Move, Step, Verb, replay
from eventmgr.domain.catch_up import goal_of, proposals

START = datetime(2015, 12, 29, 0, 30, tzinfo=UTC)
STEPS = [
    Step(1, "1", "Khai mạc", 10, "opening_speech"),
    Step(2, "2.(1)", "Tham luận của Sở Y tế", 10, "paper"),
    Step(3, "2.(2)", "Tham luận của Ban Dân tộc tỉnh", 10, "paper"),
    Step(4, "3", "Thảo luận", 30, "discussion"),
    Step(5, "4", "Tổ chức khen thưởng", 20, "awards"),
    Step(6, "5", "Kết luận", 10, "conclusion"),
]


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def told(minute: float, steps: list[Step] = STEPS, must_end: datetime | None = None) -> list[str]:
    """What is proposed so many minutes after the start, the first step still on."""
    order = replay(steps, [Move(1, "a", Verb.START, 1, at(0))], START, must_end)
    return [one.sentence for one in proposals(order, at(minute))]


def test_on_time_nothing_is_proposed():
    assert (told(0), told(10), told(10.9)) == ([], [], [])


def test_the_discussion_is_shortened_first_then_papers_then_all_together():
    assert told(16) == [
        "Rút Thảo luận (3) còn 24 phút là đúng giờ",
        "Rút Tham luận (2.(1)) còn 4 phút là đúng giờ",
        "Rút Tham luận (2.(2)) còn 4 phút là đúng giờ",
        "Rút mỗi Tham luận (2.(1), 2.(2)) còn 7 phút là đúng giờ",
    ]


def test_seconds_count_as_a_whole_minute():
    assert told(11.5)[0] == "Rút Thảo luận (3) còn 28 phút là đúng giờ"


def test_more_than_one_step_has_to_give():
    assert told(36) == ["Rút Thảo luận (3) còn 15 phút, Tham luận (2.(1)) còn 5 phút, Tham luận (2.(2)) còn 4 phút là đúng giờ"] or told(
        36
    ) == ["Rút Thảo luận (3) còn 16 phút, mỗi Tham luận (2.(1), 2.(2)) còn 4 phút là đúng giờ"]


def test_when_cutting_does_not_do_it_says_what_is_missing_and_what_could_be_left_out():
    sentences = told(50)
    assert sentences[0] == "Rút Thảo luận (3) còn 10 phút, mỗi Tham luận (2.(1), 2.(2)) còn 4 phút thì vẫn chậm 8 phút"
    assert sentences[1] == "Rút mỗi Tham luận (2.(1), 2.(2)) còn 4 phút, bỏ Thảo luận (3) là đúng giờ"


def test_the_hour_by_which_it_must_end_counts_more_than_the_plan():
    assert told(16, must_end=at(100)) == []
    assert told(16, must_end=at(92))[0] == "Rút Thảo luận (3) còn 26 phút là xong trước 09:02"


def test_what_is_fixed_to_an_hour_is_the_goal_for_what_comes_before_and_is_never_cut():
    steps = [replace(step, fixed_at=at(60)) if step.kind == "awards" else step for step in STEPS]
    assert told(14, steps)[0] == "Rút Thảo luận (3) còn 26 phút là kịp Khen thưởng (4) lúc 08:30"
    fixed_discussion = [replace(step, fixed_at=at(30)) if step.kind == "discussion" else step for step in STEPS]
    assert all("Thảo luận (3) còn" not in sentence for sentence in told(16, fixed_discussion))


def test_the_running_step_is_not_cut_below_what_it_has_had():
    steps = [replace(STEPS[3], minutes=30), *STEPS[4:]]
    order = replay(steps, [Move(1, "a", Verb.START, 4, at(0))], at(-12))
    assert [one.cuts for one in proposals(order, at(5))] == [((4, 18),)]
    assert proposals(order, at(25))[0].sentence == "Rút Thảo luận (3) còn 25 phút thì vẫn chậm 7 phút"


@pytest.mark.parametrize("steps", [[replace(step, minutes=None) for step in STEPS], []])
def test_what_nobody_planned_is_not_guessed(steps: list[Step]):
    order = replay(steps, [Move(1, "a", Verb.START, 1, at(0))], START)
    assert (goal_of(order, at(60)), proposals(order, at(60))) == (None, ())
