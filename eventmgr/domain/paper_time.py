"""The hour that somebody wrote beside a signature, as a moment of the conference's day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from eventmgr.domain.dates import COUNTRY
from eventmgr.domain.errors import Invalid

_WRITTEN = re.compile(r"(\d{1,2})\s*(?:[:hgH.,]|giờ)?\s*(\d{2})?(?:\s*(?:'|ph|phút|p))?", re.IGNORECASE)


def read_hour(text: str) -> time:
    """Return the hour in '7:12', '7h12', '07 giờ 12', '0712' or '7h'; raises Invalid for anything else."""
    digits = text.strip()
    if re.fullmatch(r"\d{3,4}", digits):
        digits = f"{digits[:-2]}:{digits[-2:]}"
    found = _WRITTEN.fullmatch(digits)
    try:
        if found is None:
            raise ValueError(text)
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        raise Invalid("Ghi giờ như trên giấy, ví dụ 7:12, 7h12 hoặc 0712.", "hour") from None


def moment_of(day: date, hour: time) -> datetime:
    """Return the moment of that hour on that day in the country's time, as UTC."""
    return datetime.combine(day, hour, COUNTRY).astimezone(UTC)
