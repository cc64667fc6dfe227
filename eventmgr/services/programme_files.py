"""The programme to take along: as official annex, as calendar entry, as data."""

from __future__ import annotations

from datetime import time
from typing import Any

from eventmgr.documents.programme import render_programme
from eventmgr.documents.sheets import ProgrammeRow, ProgrammeSheet, ProgrammeStep
from eventmgr.domain.dates import COUNTRY, to_local
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services.agenda import Programme, ProgrammeItem
from eventmgr.services.calendars import calendar_file
from eventmgr.services.kept import kept_pdf


def programme_pdf(programme: Programme) -> bytes:
    """Return the annex "CHƯƠNG TRÌNH HỘI NGHỊ"; the same programme is printed once and kept."""
    form = db.session.get_one(Conference, programme.conference_id).letter_form
    db.session.close()
    sheet = ProgrammeSheet(
        rows=tuple(_row(item) for item in programme.items),
        source_note=programme.source_note,
        form="tt01" if form == "tt01" else "nd30",
    )
    return kept_pdf("chuong-trinh", sheet, render_programme)


def programme_calendar(programme: Programme, address: str) -> bytes:
    """Return the conference with its programme as an .ics file; `address` is that of its page.

    Raises NotFound while the day is open.
    """
    conference = db.session.get_one(Conference, programme.conference_id)
    return calendar_file(
        conference, ends=programme.planned_end, description=_outline(programme), address=address,
        programme=programme.version.number if programme.version else 0,
    )


def programme_data(programme: Programme) -> dict[str, Any]:
    """Return the programme as data for /e/<slug>/programme.json.

    slug, title, kind, organiser, chair, sessions: texts; date "2015-12-29", starts_at and ends_at "07:30" in
    time_zone, null while open; date_is_assumed; date_text, the plan's words for an open date; venue, venue_address;
    source_note; version and published_at of the programme, null while none is published; items in order, each with number, mark, title, kind, presenter_kind, presenter (text or null),
    minutes and starts_at (planned, null while open) and sub_items of the same shape without sub_items.
    An item with sub_items is a heading. No names of persons.
    """
    return {
        "slug": programme.slug,
        "title": programme.title,
        "kind": programme.kind,
        "organiser": programme.organiser,
        "chair": programme.chair,
        "sessions": programme.sessions,
        "date": programme.held_on.isoformat() if programme.held_on else None,
        "starts_at": _hour(programme.starts_at),
        "ends_at": _hour(programme.ends_at),
        "time_zone": COUNTRY.key,
        "date_is_assumed": programme.date_is_assumed,
        "date_text": programme.date_text,
        "venue": programme.venue,
        "venue_address": programme.venue_address,
        "source_note": " ".join(programme.source_note) or None,
        "version": programme.version.number if programme.version else None,
        "published_at": to_local(programme.version.published_at).isoformat(timespec="seconds") if programme.version else None,
        "items": [_item_data(item) | {"sub_items": [_item_data(sub) for sub in item.subs]} for item in programme.items],
    }


def _row(item: ProgrammeItem) -> ProgrammeRow:
    numbered = any(sub.mark.startswith("(") for sub in item.subs)
    text = item.title if item.titled else None
    if text and item.subs and not text.endswith((":", ".", ";")):
        text += ":"
    steps = tuple(ProgrammeStep(sub.title, sub.presenter if sub.presenter != item.presenter else None) for sub in item.subs)
    return ProgrammeRow(text, item.presenter or "", steps, numbered)


def _outline(programme: Programme) -> str:
    lines = [f"{item.number}. {item.title}{f' ({item.presenter})' if item.presenter else ''}" for item in programme.items]
    note = ["Ngày giờ mới là giả định."] if programme.date_is_assumed else []
    return "\n".join([*note, *lines])


def _item_data(item: ProgrammeItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "mark": item.mark,
        "title": item.title,
        "kind": item.kind.value,
        "presenter_kind": item.presenter_kind.value,
        "presenter": item.presenter,
        "minutes": item.minutes,
        "starts_at": _hour(item.starts),
    }


def _hour(hour: time | None) -> str | None:
    return hour.strftime("%H:%M") if hour else None
