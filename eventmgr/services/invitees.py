"""What the holder of a letter takes along: the letter, the QR, the calendar entry."""

from __future__ import annotations

from eventmgr.documents.qr import qr_svg
from eventmgr.domain.errors import NotFound
from eventmgr.services import pass_codes, printing
from eventmgr.services.calendars import calendar_file
from eventmgr.services.programme_versions import newest_number
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
    return calendar_file(held.conference, programme=newest_number(held.conference.id))
