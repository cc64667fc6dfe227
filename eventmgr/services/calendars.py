"""The conference as a calendar entry; the only import of icalendar."""

from __future__ import annotations

from datetime import datetime, time

from icalendar import Calendar, Event

from eventmgr.domain.dates import COUNTRY
from eventmgr.domain.errors import NotFound
from eventmgr.models.conferences import Conference


def calendar_file(
    conference: Conference,
    *,
    ends: time | None = None,
    description: str | None = None,
    address: str | None = None,
    programme: int = 0,
) -> bytes:
    """Return a conference as an .ics file; `ends` is its planned end where none is fixed, `address` its page.

    The UID stays the same wherever the file comes from, and the sequence is higher after each change of the
    conference and each published version of its `programme` (its number), so that calendars replace the entry.
    An end is given only when it is known. Raises NotFound while the day is open.
    """
    if conference.held_on is None:
        raise NotFound("Chưa chốt ngày họp nên chưa có tệp lịch. Thời gian cụ thể sẽ có Giấy mời sau.")
    event = Event()
    event.add("uid", f"{conference.slug}@eventmgr")
    event.add("dtstamp", conference.created_at)
    event.add("sequence", conference.version + programme)
    event.add("summary", conference.title)
    if conference.starts_at is None:
        event.add("dtstart", conference.held_on)
    else:
        event.add("dtstart", datetime.combine(conference.held_on, conference.starts_at, COUNTRY))
        if last := conference.ends_at or ends:
            event.add("dtend", datetime.combine(conference.held_on, last, COUNTRY))
    if place := ", ".join(part for part in (conference.venue, conference.venue_address) if part):
        event.add("location", place)
    event.add("status", "TENTATIVE" if conference.date_is_assumed else "CONFIRMED")
    if description:
        event.add("description", description)
    if address:
        event.add("url", address)
    calendar = Calendar()
    calendar.add("prodid", "-//eventmgr//hoi-nghi//VI")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
