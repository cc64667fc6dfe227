"""The office menu, by time: before, during and after the conference; a person sees what he may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for

from eventmgr.domain.access import Right
from eventmgr.services import incoming, mail_channel
from eventmgr.web.access import may, role_label

Link = tuple[str, str, bool, int | None]

SECTIONS: tuple[tuple[str, tuple[tuple[str, str, Right], ...]], ...] = (
    (
        "Trước hội nghị",
        (
            ("Tổng quan", "desk.page", Right.SEE_DESK),
            ("Khách mời", "delegates.index", Right.SEE_DELEGATES),
            ("Nhóm và đơn vị", "groups.index", Right.SEE_DELEGATES),
            ("Đơn vị gửi đến", "incoming.index", Right.EDIT_DELEGATES),
            ("Giấy mời", "invitations.index", Right.SEE_INVITATIONS),
            ("Chương trình", "agenda.index", Right.SEE_AGENDA),
            ("Tài liệu", "papers.index", Right.SEE_AGENDA),
            ("Khen thưởng", "awards.index", Right.SEE_AWARDS),
        ),
    ),
    (
        "Trong hội nghị",
        (
            ("Cửa vào", "gates.index", Right.SEE_DOOR),
            ("Sân khấu", "stage.console", Right.SEE_STAGE),
            ("Khay và hàng", "ceremony.tray", Right.RUN_TRAY),
            ("Màn hình hội trường", "hall.screen", Right.SEE_DESK),
            ("Báo chí", "press.room", Right.SEE_PRESS_DESK),
        ),
    ),
    (
        "Thiết lập",
        (
            ("Thông tin hội nghị", "desk.settings", Right.EDIT_CONFERENCE),
            ("Mẫu giấy mời", "letterhead.page", Right.EDIT_CONFERENCE),
            ("Người và vai trò", "people.index", Right.EDIT_PEOPLE),
            ("Nhật ký", "journal.page", Right.SEE_JOURNAL),
        ),
    ),
)


_HOME = {
    "answers": "delegates",
    "award_papers": "awards", "ceremony": "awards",
    "earlier": "delegates",
    "deliveries": "invitations", "outbox": "invitations", "reminders": "invitations",
    "imports": "delegates", "exports": "delegates", "merging": "delegates", "wording": "letterhead", "batches": "invitations",
    "register": "invitations", "letters_again": "invitations", "door_conflicts": "gates", "paper_entry": "gates",
}


@dataclass(frozen=True)
class TopBar:
    """The signed-in person as the top bar shows it."""

    display_name: str
    role_label: str


def init_app(app: Flask) -> None:
    """Give every template the menu, the conference and the person."""
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    conference, who = g.get("conference"), g.get("who")
    bar = TopBar(who.display_name, role_label()) if who else None
    return {"channel_of_page": _channel, "conference": conference, "nav": _sections(), "signed_in": bar}


def _channel() -> mail_channel.ChannelState | None:
    """Return how the mail channel is when the office has to know; None when all is well or nobody has signed in."""
    if g.get("who") is None:
        return None
    conference = g.get("conference")
    state = mail_channel.state_of_channel(conference.id if conference else None)
    about_mail = (request.blueprint or "") in {"deliveries", "outbox", "reminders"}
    return state if state.is_down or (about_mail and state.is_missed) else None


def _sections() -> list[tuple[str, list[Link]]]:
    conference = g.get("conference")
    if conference is None or g.get("who") is None:
        return []
    known = request.endpoint or ""
    waiting = incoming.waiting_count(conference.id) if may(Right.EDIT_DELEGATES) else 0
    counts = {"incoming.index": waiting or None}
    sections = []
    for heading, links in SECTIONS:
        shown: list[Link] = [
            (label, url_for(endpoint, slug=conference.slug), _is_current(endpoint, known), counts.get(endpoint))
            for label, endpoint, right in links
            if may(right) and endpoint in current_app.view_functions
        ]
        if shown:
            sections.append((heading, shown))
    return sections


def _is_current(endpoint: str, known: str) -> bool:
    if endpoint in {"desk.page", "desk.settings"}:
        return known == endpoint
    if "ceremony.tray" in (endpoint, known):
        return known == endpoint
    part = known.split(".")[0]
    return _HOME.get(part, part) == endpoint.split(".")[0]
