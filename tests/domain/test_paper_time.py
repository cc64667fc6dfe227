from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from eventmgr.domain.errors import Invalid
from eventmgr.domain.paper_time import moment_of, read_hour


@pytest.mark.parametrize("text", ["7:12", "07:12", "7h12", "07 giờ 12", "0712", "712", " 7.12 ", "7g12", "7h12'", "7 giờ 12 phút"])
def test_an_hour_is_read_as_people_write_it(text: str) -> None:
    assert read_hour(text) == time(7, 12)


def test_a_whole_hour_needs_no_minutes() -> None:
    assert [read_hour(text) for text in ("7h", "7 giờ", "14")] == [time(7), time(7), time(14)]


@pytest.mark.parametrize("text", ["", "x", "25:00", "7:60", "7:1", "12345", "7:12:30"])
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_hour(text)


def test_the_hour_is_the_countrys() -> None:
    assert moment_of(date(2015, 12, 29), time(7, 12)) == datetime(2015, 12, 29, 0, 12, tzinfo=UTC)
