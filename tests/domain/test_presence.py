"""Who is in follows from the facts, in whatever order they come."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from eventmgr.domain.conflicts import Decision, Problem
from eventmgr.domain.presence import Fact, Finding, Judgements, Presence, derive

SEVEN = datetime(2015, 12, 29, 0, 0, tzinfo=UTC)


def fact(number: int, minute: float, kind: str = "entry", **more: object) -> Fact:
    passed = {"passed": kind in ("entry", "exit")}
    return Fact(number, f"k{number}", kind, SEVEN + timedelta(minutes=minute), **(passed | more))  # type: ignore[arg-type]


def undo(number: int, minute: float, key: str) -> Fact:
    return fact(number, minute, "undo", undoes=key)


def state(facts: list[Fact], judged: Judgements | None = None) -> Presence:
    """What these facts make; the same in each order."""
    made = {repr(derive(order, judged)) for order in itertools.permutations(facts)}
    assert len(made) == 1
    return derive(facts, judged)


def found(presence: Presence) -> list[tuple[str, int, int | None]]:
    return [(one.problem.value, one.scan_id, one.other_id) for one in presence.findings]


def test_the_first_entry_is_the_arrival_and_the_second_is_for_a_person_to_judge():
    one, two, three = fact(1, 12), fact(2, 13), fact(3, 14)
    now = state([one, two, three])
    assert (now.arrival, now.inside, found(now)) == (one, True, [("double", 2, 1), ("double", 3, 1)])


def test_out_and_in_again_is_no_conflict():
    first, out, back = fact(1, 0), fact(2, 5, "exit"), fact(3, 9)
    assert (state([first, out]).inside, state([first, out]).left) == (False, out)
    now = state([first, out, back])
    assert (now.arrival, now.inside, found(now)) == (first, True, [])


def test_a_return_that_the_staff_knew_of_is_no_conflict_though_nobody_scanned_the_exit():
    now = state([fact(1, 0), fact(2, 5, again=True)])
    assert (now.inside, found(now)) == (True, [])


def test_an_undo_takes_its_entry_away_and_the_next_entry_becomes_the_arrival():
    one, two = fact(1, 0), fact(2, 5)
    now = state([one, two, undo(3, 2, "k1")])
    assert (now.arrival, found(now), list(now.undone)) == (two, [], ["k1"])


def test_an_undo_made_after_somebody_was_let_in_again_is_for_a_person_to_judge():
    now = state([fact(1, 0), fact(2, 5, again=True), undo(3, 6, "k1")])
    assert (now.arrival and now.arrival.id, found(now)) == (2, [("crossed", 3, 2)])


def test_an_exit_of_somebody_who_is_not_in_is_for_a_person_to_judge():
    assert found(state([fact(1, 0, "exit")])) == [("order", 1, None)]
    assert found(state([fact(1, 0), fact(2, 1, "exit"), fact(3, 2, "exit")])) == [("order", 3, 2)]
    assert state([fact(1, 0, "exit", passed=False)]).findings == ()


def test_a_hold_waits_until_somebody_is_let_in_and_one_who_was_not_cleared_is_judged():
    held = fact(1, 0, "hold")
    assert (state([held]).hold, state([held]).inside) == (held, False)
    cleared = state([held, fact(2, 1, cleared=True)])
    assert (cleared.hold, cleared.inside, found(cleared)) == (None, True, [])
    past = state([held, fact(2, 1)])
    assert (past.hold, past.inside, found(past)) == (None, True, [("held", 2, 1)])


def test_an_entry_in_doubt_counts_only_once_a_person_says_so():
    doubted = fact(1, 0, objection="revoked", doubt=True)
    assert (state([doubted]).arrival, found(state([doubted]))) == (None, [("refused", 1, None)])
    accepted = state([doubted], {(Problem.REFUSED, 1): (Decision.STANDS, None)})
    assert (accepted.arrival, found(accepted)) == (doubted, [("refused", 1, None)])


def test_an_entry_at_the_wrong_gate_counts_until_a_person_says_no():
    wrong = fact(1, 0, objection="wrong_gate")
    assert (state([wrong]).arrival, found(state([wrong]))) == (wrong, [("refused", 1, None)])
    assert state([wrong], {(Problem.REFUSED, 1): (Decision.ASIDE, None)}).arrival is None


def test_a_judgement_says_which_of_two_entries_was_the_delegates_own():
    one, two = fact(1, 0), fact(2, 5)
    same, first, second = (
        state([one, two], {(Problem.DOUBLE, 2): (decision, 1)}) for decision in (Decision.SAME, Decision.FIRST, Decision.SECOND)
    )
    assert [made.arrival for made in (same, first, second)] == [one, one, two]
    assert [found(made) for made in (same, first, second)] == [[("double", 2, 1)]] * 3


def test_of_two_who_were_one_person_the_second_entry_stands_when_the_first_is_undone():
    judged: Judgements = {(Problem.DOUBLE, 2): (Decision.SAME, 1)}
    now = state([fact(1, 0), fact(2, 5), undo(3, 6, "k1")], judged)
    assert (now.arrival and now.arrival.id, now.findings) == (2, (Finding(Problem.CROSSED, 3, 2),))
