"""Any sequence of presses, repeats, stale screens and undos on any console: what must hold at every moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from eventmgr.domain.agenda import (
    Console,
    Details,
    Move,
    Phase,
    Refused,
    RunningOrder,
    Step,
    StepState,
    Verb,
    press,
    replay,
    to_undo,
)  # fmt: skip
from eventmgr.domain.catch_up import proposals

START = datetime(2015, 12, 29, 0, 30, tzinfo=UTC)
STEPS = (
    Step(1, "1", "Giới thiệu đại biểu", 10, "introduction"),
    Step(2, "2", "Khai mạc", 5, "opening_speech"),
    Step(3, "3", "Tham luận", None, "papers", heading_only=True),
    Step(4, "3.(1)", "Tham luận của Sở Y tế", 15, "paper"),
    Step(5, "3.(2)", "Tham luận của Ban Dân tộc tỉnh", 15, "paper"),
    Step(6, "4", "Thảo luận", 30, "discussion"),
    Step(7, "5", "Khen thưởng", 20, "awards", fixed_at=START + timedelta(minutes=80)),
    Step(8, "6", "Kết luận", 10, "conclusion"),
)
SPOKEN = {step.id for step in STEPS if not step.heading_only}
CONSOLES = (Console("a", "Hà, máy tính bảng"), Console("b", "Lan, điện thoại"))


@dataclass(frozen=True)
class Shape:
    """What a press changes and an undo brings back."""

    runs: tuple[object, ...]
    closed: tuple[int, ...]
    begun_at: datetime | None
    ended_at: datetime | None
    paused_at: datetime | None


def shape(order: RunningOrder) -> Shape:
    return Shape(order.runs, order.closed, order.begun_at, order.ended_at, order.paused_at)


def some_step(low: int = -30) -> st.SearchStrategy[int]:
    return st.integers(1, 9) | st.integers(low, -1)


details = st.builds(
    Details,
    minutes=st.none() | st.integers(-15, 15),
    after=st.none() | some_step(),
    cuts=st.lists(st.tuples(some_step(), st.integers(0, 30)), max_size=3).map(tuple),
    title=st.sampled_from(["", "Văn nghệ chào mừng"]),
)


class Stage(RuleBasedStateMachine):
    """Two consoles press; beside them the test keeps what counted: (when, which step ran, was it paused) and before it."""

    def __init__(self) -> None:
        super().__init__()
        self.moves: list[Move] = []
        self.now = START
        self.trail: list[tuple[datetime, int | None, bool]] = []
        self.before: list[Shape] = []

    @property
    def order(self) -> RunningOrder:
        return replay(STEPS, self.moves, START, START + timedelta(minutes=120))

    @rule(seconds=st.integers(0, 900))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(
        verb=st.sampled_from(list(Verb)), step=st.none() | some_step(), more=details,
        console=st.sampled_from([None, *CONSOLES]), late=st.sampled_from([0, 0, 0, 0, 1, -1]),
        clock=st.sampled_from([0, 0, 0, -120]),
    )  # fmt: skip
    def somebody_presses(
        self, verb: Verb, step: int | None, more: Details, console: Console | None, late: int, clock: int
    ) -> None:
        seen = len(self.moves) - late
        self._press(verb, step, more, console, seen, self.now + timedelta(seconds=clock))

    @rule()
    def the_mc_goes_on(self) -> None:
        holder = self.order.holder
        verb = Verb.START if self.order.phase is Phase.NOT_BEGUN else Verb.NEXT
        self._press(verb, None, Details(), holder.console if holder else CONSOLES[0], len(self.moves), self.now)

    @rule(verb=st.sampled_from([Verb.PAUSE, Verb.RESUME, Verb.UNDO, Verb.END, Verb.BACK, Verb.SKIP, Verb.SWAP, Verb.LATER]))
    def the_mc_presses_something_else(self, verb: Verb) -> None:
        holder = self.order.holder
        self._press(verb, None, Details(), holder.console if holder else None, len(self.moves), self.now)

    @precondition(lambda self: proposals(self.order, self.now))
    @rule(which=st.integers(0, 3))
    def the_mc_applies_a_proposal(self, which: int) -> None:
        offered = proposals(self.order, self.now)
        chosen = offered[which % len(offered)]
        assert not any(step == 7 for step, _ in chosen.cuts)
        before = self.order.projected_end(self.now)
        made = press(STEPS, self.moves, Verb.CATCH_UP, press_id="offered", at=self.now, details=Details(cuts=chosen.cuts))
        assert isinstance(made, Move)
        self._press(Verb.CATCH_UP, None, Details(cuts=chosen.cuts), None, len(self.moves), self.now)
        after = self.order.projected_end(self.now)
        assert before is None or after is None or after <= before

    @precondition(lambda self: self.moves)
    @rule(which=st.integers(0, 200), verb=st.sampled_from(list(Verb)))
    def a_press_is_sent_again(self, which: int, verb: Verb) -> None:
        known = self.moves[which % len(self.moves)]
        assert press(STEPS, self.moves, verb, press_id=known.press_id, at=self.now, seen=0) == known

    def _press(
        self, verb: Verb, step: int | None, more: Details, console: Console | None, seen: int, at: datetime
    ) -> None:
        before = self.order
        made = press(
            STEPS, self.moves, verb, press_id=f"p{len(self.moves)}", at=at, step_id=step, seen=seen, details=more, console=console
        )
        if isinstance(made, Refused):
            assert made.reason
            return
        assert seen == len(self.moves), "a stale press was taken"
        held = before.holder
        assert verb is Verb.TAKE or console is None or held is None or held.console.id == console.id
        self.moves.append(made)
        after = self.order
        if verb is Verb.UNDO:
            assert shape(after) == self.before.pop()
            self.trail.pop()
        elif verb is Verb.TAKE:
            assert (shape(after), after.holder and after.holder.console) == (shape(before), console)
        else:
            self.before.append(shape(before))
            self.trail.append((made.at, after.current.step.id if after.current else None, after.paused_at is not None))

    @invariant()
    def one_step_at_a_time(self) -> None:
        order = self.order
        running = [run for run in order.runs if run.state is StepState.NOW]
        assert len(running) == (1 if order.phase is Phase.RUNNING else 0)
        assert all(run.state is StepState.NOT_YET for run in order.runs if run.step.heading_only)
        assert order.next is None or order.next.state is StepState.NOT_YET

    @invariant()
    def every_step_stands_once(self) -> None:
        ids = [run.step.id for run in self.order.spoken]
        assert len(ids) == len(set(ids))
        assert {one for one in ids if one > 0} == SPOKEN
        assert all(self.moves[-one - 1].verb is Verb.INSERT for one in ids if one < 0)

    @invariant()
    def times_only_grow(self) -> None:
        assert [move.seq for move in self.moves] == list(range(1, len(self.moves) + 1))
        assert [move.at for move in self.moves] == sorted(move.at for move in self.moves)
        for run in self.order.runs:
            assert run.ended_at is None or run.started_at is None or run.ended_at >= run.started_at

    @invariant()
    def sums_are_right(self) -> None:
        now = max([self.now, *(move.at for move in self.moves)])
        spent: dict[int, timedelta] = {}
        for (begins, step, paused), (ends, _, _) in pairwise([*self.trail, (now, None, False)]):
            if step is not None and not paused:
                spent[step] = spent.get(step, timedelta()) + (ends - begins)
        told = {run.step.id: run.elapsed(now) for run in self.order.runs if run.elapsed(now)}
        assert told == {step: int(time.total_seconds()) for step, time in spent.items() if time}

    @invariant()
    def nothing_counts_twice(self) -> None:
        assert replay(STEPS, [one for move in self.moves for one in (move, move)]) == replay(STEPS, self.moves)

    @invariant()
    def the_undo_button_says_what_there_is(self) -> None:
        assert (to_undo(STEPS, self.moves) is None) == (self.before == [])

    @invariant()
    def a_fixed_hour_is_kept_or_missed_and_never_brought_forward(self) -> None:
        for run, begins in self.order.expected(self.now):
            if run.step.fixed_at is not None and begins is not None:
                assert begins >= run.step.fixed_at


TestStage = Stage.TestCase
TestStage.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
