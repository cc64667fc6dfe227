from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmgr.domain.dates import hour_text, long_date, official_date, short_date, to_local, weekday_name


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2015, 12, 29), "ngày 29 tháng 12 năm 2015"),
        (date(2015, 3, 5), "ngày 05 tháng 3 năm 2015"),
        (date(2016, 1, 5), "ngày 05 tháng 01 năm 2016"),
        (date(2016, 2, 10), "ngày 10 tháng 02 năm 2016"),
        (date(2015, 12, 2), "ngày 02 tháng 12 năm 2015"),
        (date(2015, 9, 9), "ngày 09 tháng 9 năm 2015"),
    ],
)
def test_official_date_has_a_zero_before_days_under_ten_and_months_one_and_two(day: date, text: str):
    assert official_date(day) == text


def test_weekdays_are_named_from_monday_to_sunday():
    monday = date(2015, 12, 28)
    assert [weekday_name(monday + timedelta(days=n)) for n in range(7)] == [
        "thứ Hai",
        "thứ Ba",
        "thứ Tư",
        "thứ Năm",
        "thứ Sáu",
        "thứ Bảy",
        "Chủ nhật",
    ]


def test_long_date_names_the_weekday_first():
    assert long_date(date(2015, 12, 29)) == "thứ Ba, ngày 29 tháng 12 năm 2015"


def test_short_date_has_two_digits_for_day_and_month():
    assert short_date(date(2015, 3, 5)) == "05/03/2015"


def test_hour_text_counts_to_twenty_four_with_two_digits():
    assert [hour_text(hour) for hour in (time(7, 30), time(17), time(0, 5))] == ["07 giờ 30", "17 giờ 00", "00 giờ 05"]


def test_a_moment_is_shown_on_the_countrys_clock():
    assert to_local(datetime(2015, 12, 29, 0, 30, tzinfo=UTC)).isoformat() == "2015-12-29T07:30:00+07:00"


def test_an_evening_in_utc_is_the_next_day_there():
    assert to_local(datetime(2015, 12, 28, 18, 0, tzinfo=UTC)).date() == date(2015, 12, 29)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        to_local(datetime(2015, 12, 29, 7, 30))


@given(st.dates())
def test_an_official_date_can_be_read_back(day: date):
    words = official_date(day).split()
    assert (int(words[1]), int(words[3]), int(words[5])) == (day.day, day.month, day.year)
