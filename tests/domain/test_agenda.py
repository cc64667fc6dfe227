from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.agenda import Move, Phase, Refused, RunningOrder, Step, StepState, Verb, press, replay, to_undo

START = datetime(2015, 12, 29, 0, 30, tzinfo=UTC)
STEPS = [
    Step(1, "1", "Giới thiệu đại biểu", 10),
    Step(2, "2", "Khai mạc", 5),
    Step(3, "3", "Tham luận", None, heading_only=True),
    Step(4, "3.(1)", "Tham luận của Sở Y tế", 15),
    Step(5, "3.(2)", "Tham luận của Ban Dân tộc tỉnh", 15),
    Step(6, "4", "Kết luận", 10),
]
OPEN_STEPS = [Step(step.id, step.number, step.title, None, step.kind, step.heading_only) for step in STEPS]


class Console:
    """Presses buttons as the MC would: each press with its own id, refusals kept apart."""

    def __init__(self, steps: Sequence[Step] = STEPS) -> None:
        self.steps, self.moves = list(steps), list[Move]()

    def press(self, verb: Verb, minute: float = 0, step_id: int | None = None) -> str | None:
        made = press(self.steps, self.moves, verb, press_id=f"p{len(self.moves)}", at=at(minute), step_id=step_id)
        if isinstance(made, Refused):
            return made.reason
        self.moves.append(made)
        return None

    def order(self, planned_start: datetime | None = START) -> RunningOrder:
        return replay(self.steps, self.moves, planned_start)

    def states(self) -> str:
        signs = {StepState.NOT_YET: ".", StepState.NOW: ">", StepState.DONE: "x", StepState.SKIPPED: "-"}
        return "".join(signs[run.state] for run in self.order().spoken)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def test_start_next_end_goes_through_the_spoken_steps() -> None:
    mc = Console()
    seen = [mc.states()]
    for verb, minute in ((Verb.START, 0), (Verb.NEXT, 10), (Verb.NEXT, 15), (Verb.NEXT, 30), (Verb.NEXT, 45)):
        assert mc.press(verb, minute) is None
        seen.append(mc.states())
    assert mc.press(Verb.END, 55) is None
    assert [*seen, mc.states()] == [".....", ">....", "x>...", "xx>..", "xxx>.", "xxxx>", "xxxxx"]
    order = mc.order()
    assert (order.phase, order.begun_at, order.ended_at, order.version) == (Phase.OVER, at(0), at(55), 6)
    assert [(run.started_at, run.ended_at) for run in order.spoken[:2]] == [(at(0), at(10)), (at(10), at(15))]
    assert [move.step_id for move in mc.moves] == [1, 2, 4, 5, 6, 6]


@pytest.mark.parametrize(
    ("before", "verb", "step_id", "reason"),
    [
        ([], Verb.NEXT, None, "Chương trình chưa bắt đầu. Bấm Bắt đầu."),
        ([], Verb.END, None, "Chương trình chưa bắt đầu. Bấm Bắt đầu."),
        ([], Verb.BACK, None, "Chưa có nội dung nào để quay lại."),
        ([], Verb.UNDO, None, "Không còn thao tác nào để hoàn tác."),
        ([Verb.START], Verb.START, None, "Đang có nội dung diễn ra. Bấm Tiếp theo để sang nội dung khác."),
        ([Verb.START], Verb.NEXT, 1, "Nội dung này đang diễn ra."),
        ([Verb.START, Verb.NEXT], Verb.NEXT, 1, "Nội dung này đã xong. Bấm Quay lại để mở lại nội dung trước."),
        ([Verb.START], Verb.NEXT, 3, "Mục này chỉ là tiêu đề. Chọn một tiểu mục bên dưới."),
        ([Verb.START], Verb.NEXT, 99, "Nội dung này không còn trong chương trình."),
        ([Verb.START], Verb.SKIP, 1, "Chỉ bỏ qua được nội dung chưa diễn ra."),
        ([Verb.START, *[Verb.NEXT] * 4], Verb.NEXT, None, "Đây là nội dung cuối cùng. Bấm Kết thúc."),
        ([Verb.START, *[Verb.NEXT] * 4], Verb.SKIP, None, "Không còn nội dung nào phía sau để bỏ qua."),
        ([Verb.START, Verb.END, Verb.END], Verb.NEXT, None, "Hội nghị đã kết thúc. Bấm Hoàn tác nếu kết thúc nhầm."),
    ],
)
def test_press_refuses(before: list[Verb], verb: Verb, step_id: int | None, reason: str) -> None:
    mc = Console()
    assert [mc.press(earlier) for earlier in before] == [None] * len(before)
    assert mc.press(verb, step_id=step_id) == reason


def test_same_press_twice_is_one_move() -> None:
    first = press(STEPS, [], Verb.START, press_id="a", at=at(0))
    assert isinstance(first, Move)
    assert press(STEPS, [first], Verb.START, press_id="a", at=at(1)) == first
    assert replay(STEPS, [first, Move(2, "a", Verb.NEXT, None, at(1))]).current == replay(STEPS, [first]).current


def test_double_tap_on_the_same_screen_advances_once() -> None:
    moves = [Move(1, "a", Verb.START, 1, at(0))]
    second = press(STEPS, moves, Verb.NEXT, press_id="b", at=at(1), seen=1)
    assert isinstance(second, Move)
    third = press(STEPS, [*moves, second], Verb.NEXT, press_id="c", at=at(1), seen=1)
    assert third == Refused("Chương trình vừa chuyển bước. Xem lại màn hình rồi bấm lại.")


def test_time_never_goes_back_before_the_last_move() -> None:
    mc = Console()
    mc.press(Verb.START, 10)
    mc.press(Verb.NEXT, 3)
    assert mc.moves[-1].at == at(10)
    assert mc.order().spoken[0].elapsed(at(20)) == 0


def test_replay_reads_a_time_before_the_last_move_as_the_last_moves() -> None:
    moves = [Move(1, "a", Verb.START, 1, at(10)), Move(2, "b", Verb.NEXT, 2, at(3))]
    first, second = replay(STEPS, moves).spoken[:2]
    assert (first.ended_at, second.started_at, second.elapsed(at(12))) == (at(10), at(10), 120)


def test_skip_marks_the_next_or_a_given_step() -> None:
    mc = Console()
    mc.press(Verb.START)
    mc.press(Verb.SKIP)
    mc.press(Verb.SKIP, step_id=5)
    assert mc.states() == ">-.-."
    mc.press(Verb.NEXT)
    assert mc.states() == "x->-."
    mc.press(Verb.NEXT, step_id=2)
    assert mc.states() == "x>x-."


def test_step_left_behind_comes_last() -> None:
    mc = Console()
    mc.press(Verb.START, step_id=2)
    for _ in range(3):
        mc.press(Verb.NEXT)
    assert mc.states() == ".xxx>"
    assert mc.press(Verb.NEXT) is None
    assert mc.states() == ">xxxx"


def test_back_reopens_the_step_before_with_its_start_and_its_minutes() -> None:
    mc = Console()
    mc.press(Verb.START, 0)
    mc.press(Verb.NEXT, 8)
    mc.press(Verb.BACK, 11)
    assert mc.states() == ">...."
    first, second = mc.order().spoken[:2]
    assert (first.started_at, first.ended_at, first.elapsed(at(13))) == (at(0), None, 600)
    assert (second.state, second.elapsed(at(13))) == (StepState.NOT_YET, 180)
    mc.press(Verb.NEXT, 13)
    second = mc.order().spoken[1]
    assert (second.started_at, second.elapsed(at(14))) == (at(8), 240)


def test_back_reopens_an_ended_conference() -> None:
    mc = Console(STEPS[:2])
    mc.press(Verb.START, 0)
    mc.press(Verb.NEXT, 10)
    mc.press(Verb.END, 15)
    assert mc.order().phase is Phase.OVER
    mc.press(Verb.BACK, 16)
    assert (mc.order().phase, mc.states()) == (Phase.RUNNING, "x>")


def test_end_with_steps_left_is_a_pause_and_a_second_end_closes() -> None:
    mc = Console()
    mc.press(Verb.START, 0)
    mc.press(Verb.END, 10)
    assert (mc.order().phase, mc.order().next) == (Phase.PAUSED, mc.order().spoken[1])
    mc.press(Verb.END, 12)
    assert (mc.order().phase, mc.order().ended_at, mc.order().next) == (Phase.OVER, at(12), None)


def test_undo_goes_back_one_move_at_a_time_and_the_clock_runs_on() -> None:
    mc = Console()
    for minute, verb in enumerate((Verb.START, Verb.NEXT, Verb.SKIP)):
        mc.press(verb, minute)
    undone = []
    for minute in (3, 4, 5):
        target = to_undo(STEPS, mc.moves)
        undone.append(target and (target.verb, target.step_id))
        mc.press(Verb.UNDO, minute)
        undone.append(mc.states())
    assert undone == [(Verb.SKIP, 4), "x>...", (Verb.NEXT, 2), ">....", (Verb.START, 1), "....."]
    assert mc.order().version == 6
    assert replay(STEPS, mc.moves[:-1]).spoken[0].elapsed(at(6)) == 360


def test_against_the_plan() -> None:
    mc = Console()
    assert mc.order().planned_end == at(55)
    assert (mc.order().projected_end(at(-20)), mc.order().late_by(at(-20))) == (at(55), 0)
    assert (mc.order().projected_end(at(5)), mc.order().late_by(at(5))) == (at(60), 300)
    mc.press(Verb.START, 5)
    assert (mc.order().projected_end(at(8)), mc.order().late_by(at(8))) == (at(60), 300)
    current = mc.order().current
    assert current is not None
    assert (current.over_under(at(8)), current.over_under(at(17))) == (-420, 120)
    assert (mc.order().projected_end(at(17)), mc.order().late_by(at(17))) == (at(62), 420)
    mc.press(Verb.NEXT, 17)
    mc.press(Verb.SKIP, 17)
    assert (mc.order().projected_end(at(17)), mc.order().late_by(at(17))) == (at(47), -480)


def test_what_nobody_planned_is_unknown() -> None:
    order = Console(OPEN_STEPS).order()
    assert (order.planned_end, order.projected_end(at(0)), order.late_by(at(5))) == (None, None, 300)
    mc = Console(OPEN_STEPS)
    mc.press(Verb.START, 0)
    order = mc.order()
    assert (order.projected_end(at(5)), order.late_by(at(5))) == (None, None)
    assert order.current is not None and order.current.over_under(at(5)) is None
    known = Console()
    known.press(Verb.START, 0)
    order = known.order(planned_start=None)
    assert (order.planned_end, order.projected_end(at(5)), order.late_by(at(5))) == (None, at(55), None)


def test_lateness_is_known_as_soon_as_the_minutes_so_far_are() -> None:
    mc = Console([STEPS[0], OPEN_STEPS[1]])
    mc.press(Verb.START, 2)
    assert (mc.order().late_by(at(5)), mc.order().projected_end(at(5))) == (120, None)


def test_moves_outlive_changes_of_the_programme() -> None:
    mc = Console()
    mc.press(Verb.START, 0)
    mc.press(Verb.NEXT, 5)
    mc.steps.insert(1, Step(7, "1b", "Chào cờ", 3))
    assert mc.states() == "x.>..."
    mc.steps = [step for step in mc.steps if step.id != 2]
    assert mc.states() == ">...."


presses = st.lists(
    st.tuples(st.sampled_from(list(Verb)), st.integers(-5, 60), st.none() | st.integers(1, 7)), max_size=30
)


def played(drawn: list[tuple[Verb, int, int | None]]) -> Console:
    mc = Console()
    for verb, minute, step_id in drawn:
        mc.press(verb, minute, step_id)
    return mc


@given(presses)
def test_at_most_one_step_is_now_and_times_only_grow(drawn: list[tuple[Verb, int, int | None]]) -> None:
    mc = played(drawn)
    assert [move.at for move in mc.moves] == sorted(move.at for move in mc.moves)
    assert [move.seq for move in mc.moves] == list(range(1, len(mc.moves) + 1))
    for upto in range(len(mc.moves) + 1):
        order = replay(STEPS, mc.moves[:upto])
        assert [run.state for run in order.runs].count(StepState.NOW) == (1 if order.phase is Phase.RUNNING else 0)
        last = mc.moves[upto - 1].at if upto else START
        assert all(run.elapsed(last) >= 0 for run in order.runs)
        assert all(run.ended_at >= run.started_at for run in order.runs if run.ended_at and run.started_at)
        assert sum(run.elapsed(last) for run in order.runs) <= (last - (order.begun_at or last)).total_seconds()
        assert all(run.state is StepState.NOT_YET for run in order.runs if run.step.heading_only)


@given(presses, st.sampled_from([verb for verb in Verb if verb is not Verb.UNDO]), st.none() | st.integers(1, 7))
def test_a_move_and_its_undo_leave_everything_as_it_was(
    drawn: list[tuple[Verb, int, int | None]], verb: Verb, step_id: int | None
) -> None:
    mc = played(drawn)
    before, done = mc.order(), len(mc.moves)
    if mc.press(verb, 61, step_id) is None:
        assert mc.press(Verb.UNDO, 62) is None
    after = mc.order()
    assert (after.runs, after.closed, after.begun_at, after.ended_at) == (
        before.runs,
        before.closed,
        before.begun_at,
        before.ended_at,
    )
    assert len(mc.moves) in (done, done + 2)


@given(presses)
def test_undoing_everything_leads_to_the_beginning(drawn: list[tuple[Verb, int, int | None]]) -> None:
    mc = played(drawn)
    while mc.press(Verb.UNDO, 61) is None:
        pass
    assert mc.order().runs == Console().order().runs


@given(presses)
def test_presses_sent_again_change_nothing(drawn: list[tuple[Verb, int, int | None]]) -> None:
    moves = played(drawn).moves
    doubled = [copy for move in moves for copy in (move, move)]
    assert replay(STEPS, doubled) == replay(STEPS, moves)
