"""What the presses changed in the order of the programme, told in sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from eventmgr.domain.agenda import Details, Move, Step, Verb, replay
from eventmgr.domain.order_changes import Change, order_changes

START = datetime(2015, 12, 29, 0, 30, tzinfo=UTC)
STEPS = [Step(place, str(place), f"Việc {place}", 10) for place in range(1, 6)]


def told(*presses: tuple[Verb, int | None, Details]) -> list[tuple[int, Change, str]]:
    moves = [
        Move(seq, f"k{seq}", verb, step, START + timedelta(minutes=seq), details)
        for seq, (verb, step, details) in enumerate(presses, start=1)
    ]
    found = order_changes(replay(STEPS, moves, START), [step.id for step in STEPS])
    return [(change.step_id, change.change, change.sentence) for change in found]


def test_nothing_is_told_while_the_programme_stands():
    assert told() == told((Verb.START, None, Details()), (Verb.NEXT, None, Details())) == []


def test_each_press_that_changes_the_order_is_told_once():
    assert told(
        (Verb.INSERT, None, Details(title="Chào mừng", minutes=5)),
        (Verb.LATER, 2, Details(after=4)),
        (Verb.SKIP, 3, Details()),
        (Verb.ADJUST, 5, Details(minutes=-3)),
    ) == [
        (-1, Change.INSERTED, "Chèn thêm mục BS1 “Chào mừng” (5 phút), ở đầu chương trình."),
        (3, Change.LEFT_OUT, "Bỏ qua mục 3 “Việc 3”."),
        (2, Change.MOVED, "Mục 2 “Việc 2” nay sau mục 4."),
        (5, Change.OTHER_MINUTES, "Mục 5: nay 7 phút, chương trình ghi 10 phút."),
    ]


def test_a_swap_that_was_undone_is_not_told():
    swap = (Verb.SWAP, 2, Details(after=3))
    assert [change for _, change, _ in told(swap)] == [Change.MOVED]
    assert told(swap, (Verb.UNDO, None, Details())) == told(swap, swap) == []
