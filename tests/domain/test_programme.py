from __future__ import annotations

from datetime import time

import pytest

from eventmgr.domain.programme import (
    Line,
    is_numbered,
    marks_for,
    minutes_of,
    moved,
    order_version,
    planned_end,
    steps,
    tree,
)

LINES = [
    Line(1, None, 1, "1"),
    Line(11, 1, 1, "-", 10),
    Line(12, 1, 2, "-", 5),
    Line(2, None, 2, "2", 15),
    Line(4, None, 3, "4", 99),
    Line(42, 4, 2, "(2)", 20),
    Line(41, 4, 1, "(1)", 20),
    Line(5, None, 4, "5"),
    Line(8, None, 5, "8", 10),
]


def test_items_are_numbered_by_their_place_and_headings_are_not_spoken():
    nodes = tree(LINES)
    assert [(n.number, [(s.number, s.mark) for s in n.subs]) for n in nodes] == [
        ("1", [("1a", "-"), ("1b", "-")]),
        ("2", []),
        ("3", [("3.(1)", "(1)"), ("3.(2)", "(2)")]),
        ("4", []),
        ("5", []),
    ]
    assert [node.id for node in steps(nodes)] == [11, 12, 2, 41, 42, 5, 8]


def test_times_run_until_the_first_open_minutes_and_a_heading_has_those_of_its_sub_items():
    nodes = tree(LINES, time(7, 30))
    assert [(n.id, n.starts, n.minutes) for n in nodes] == [
        (1, time(7, 30), 15),
        (2, time(7, 45), 15),
        (4, time(8, 0), 40),
        (5, time(8, 40), None),
        (8, None, 10),
    ]
    assert [s.starts for s in nodes[0].subs] == [time(7, 30), time(7, 40)]
    assert (minutes_of(nodes).planned, minutes_of(nodes).open, minutes_of(nodes).total) == (80, 1, None)
    assert planned_end(nodes, time(7, 30)) is None


def test_the_planned_end_needs_start_and_all_minutes():
    nodes = tree([Line(1, None, 1, "1", 90), Line(2, None, 2, "2", 45)])
    assert planned_end(nodes, time(7, 30)) == time(9, 45)
    assert planned_end(nodes, None) is None
    assert planned_end((), time(7, 30)) is None


def test_without_a_start_there_are_no_times():
    assert [node.starts for node in tree(LINES)] == [None] * 5


def test_marks_follow_the_style_of_the_list():
    assert is_numbered(["(1)", "(2)"]) and not is_numbered(["-", "-"]) and not is_numbered([])
    assert marks_for(2, True) == ["(1)", "(2)"]
    assert marks_for(2, False) == ["-", "-"]


@pytest.mark.parametrize(
    ("by", "order"), [(-1, [2, 1, 3]), (1, [1, 3, 2]), (-9, [2, 1, 3]), (9, [1, 3, 2]), (0, [1, 2, 3])]
)
def test_an_item_moves_and_stops_at_the_ends(by: int, order: list[int]):
    assert moved([1, 2, 3], 2, by) == order


def test_an_unknown_item_cannot_move():
    with pytest.raises(ValueError):
        moved([1, 2], 7, 1)


def test_orders_have_the_same_version_only_when_equal():
    assert order_version([1, 2]) == order_version([1, 2])
    assert order_version([1, 2]) != order_version([2, 1])
    assert order_version([12]) != order_version([1, 2])
