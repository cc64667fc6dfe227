"""How dates and hours are written in official Vietnamese, and where the clock of the country stands."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

COUNTRY = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def official_date(day: date) -> str:
    """Write a date as official papers do: "ngày 05 tháng 3 năm 2015".

    A zero stands before days under 10 and before months 1 and 2 only (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def weekday_name(day: date) -> str:
    """Name the day of the week: "thứ Ba", "Chủ nhật"."""
    return _WEEKDAYS[day.weekday()]


def long_date(day: date) -> str:
    """Write a date with its weekday: "thứ Ba, ngày 29 tháng 12 năm 2015"."""
    return f"{weekday_name(day)}, {official_date(day)}"


def short_date(day: date) -> str:
    """Write a date for screens and tables: "29/12/2015"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def hour_text(hour: time) -> str:
    """Write a time of day as official papers do: "07 giờ 30"."""
    return f"{hour.hour:02d} giờ {hour.minute:02d}"


def to_local(moment: datetime) -> datetime:
    """Show an aware moment on the country's clock.

    Raises ValueError for a moment without a time zone: nobody could say which clock it was read from.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(COUNTRY)


def age_text(moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was: "vừa xong", "12 phút trước", "3 giờ trước", "5 ngày trước"."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "vừa xong"
    if minutes < 60:
        return f"{minutes} phút trước"
    return f"{minutes // 60} giờ trước" if minutes < 48 * 60 else f"{minutes // 1440} ngày trước"
