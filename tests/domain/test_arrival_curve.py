from __future__ import annotations

from datetime import UTC, datetime

from eventmgr.domain.arrival_curve import curve_of

SEVEN = int(datetime(2015, 12, 29, 0, 0, tzinfo=UTC).timestamp()) // 60


def test_nobody_has_no_columns() -> None:
    assert (curve_of([]).columns, curve_of([]).highest, curve_of([]).busiest) == ((), 1, None)


def test_minutes_stand_without_gaps_and_by_gate() -> None:
    curve = curve_of([(SEVEN, 1, 2), (SEVEN + 2, 2, 3), (SEVEN + 2, 1, 1), (SEVEN + 1, 1, 0)])
    assert [(column.start.minute, column.count, column.by_gate) for column in curve.columns] == [
        (0, 2, {1: 2}), (1, 0, {}), (2, 4, {2: 3, 1: 1}),
    ]  # fmt: skip
    assert (curve.minutes, curve.highest, curve.busiest and curve.busiest.start.minute) == (1, 4, 2)


def test_a_longer_time_is_gathered_into_columns_that_fit() -> None:
    curve = curve_of([(SEVEN + minute, 1, 1) for minute in range(95)])
    assert (curve.minutes, len(curve.columns), sum(column.count for column in curve.columns)) == (5, 19, 95)


def test_a_test_scan_of_last_month_does_not_flatten_the_day() -> None:
    curve = curve_of([(SEVEN - 60 * 24 * 40, 1, 1), (SEVEN, 1, 5)])
    assert (curve.minutes, len(curve.columns), curve.columns[-1].count) == (1440, 24, 5)
