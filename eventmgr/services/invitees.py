"""What the holder of a letter takes along: the letter, the QR, the calendar entry."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from eventmgr.documents.qr import qr_svg
from eventmgr.domain.dates import COUNTRY
from eventmgr.domain.errors import NotFound
from eventmgr.models.conferences import Conference
from eventmgr.services import pass_codes, printing
from eventmgr.services.replies import Held, held_by


def own_letter(typed: str) -> tuple[str, bytes]:
    """Return file name and PDF of the holder's own letter; a revoked letter is not handed out."""
    held = held_by(typed)
    if held.invitation.revoked_at is not None:
        raise NotFound("Giấy mời này đã được thu hồi.")
    name = f"giay-moi-{held.invitation.number:02d}.pdf"
    return name, printing.letter_pdf(held.conference.id, held.invitation.id)


def own_qr(held: Held) -> str:
    """Return the QR of the pass as SVG."""
    return qr_svg(pass_codes.link_of(held.code))


def calendar_entry(held: Held) -> bytes:
    """Return the conference as a calendar file; raises NotFound while the day is open."""
    return calendar_of(held.conference)


def calendar_of(conference: Conference) -> bytes:
    """Return a conference as an .ics file with a stable UID; raises NotFound while the day is open."""
    if conference.held_on is None:
        raise NotFound("Chưa chốt ngày họp nên chưa có tệp lịch. Thời gian cụ thể sẽ có Giấy mời sau.")
    event = Event()
    event.add("uid", f"{hashlib.sha256(conference.slug.encode()).hexdigest()[:24]}@eventmgr")
    event.add("dtstamp", conference.created_at)
    event.add("sequence", conference.version)
    event.add("summary", conference.title)
    if conference.starts_at is None:
        event.add("dtstart", conference.held_on)
    else:
        starts = datetime.combine(conference.held_on, conference.starts_at, COUNTRY)
        event.add("dtstart", starts)
        event.add(
            "dtend",
            datetime.combine(conference.held_on, conference.ends_at, COUNTRY) if conference.ends_at else starts + timedelta(hours=4),
        )
    place = ", ".join(part for part in (conference.venue, conference.venue_address) if part)
    if place:
        event.add("location", place)
    calendar = Calendar()
    calendar.add("prodid", "-//eventmgr//vi")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
