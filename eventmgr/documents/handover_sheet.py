"""SỔ GIAO NHẬN GIẤY MỜI: the sheet that a courier carries and receivers sign, as PDF."""

from __future__ import annotations

from dataclasses import dataclass

from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.pdf import render_pdf
from eventmgr.documents.sheets import Letterhead


@dataclass(frozen=True)
class HandoverRow:
    """One letter to be handed over; the last two columns stay empty for the receiver's pen."""

    number: str
    name: str
    position: str
    body: str


@dataclass(frozen=True)
class HandoverSheet:
    """The sheet, A4 landscape; rows of one body stand together, so that one person can sign for them."""

    letterhead: Letterhead
    conference: str
    about: str
    rows: tuple[HandoverRow, ...]
    old_form: bool = False
    title: str = "SỔ GIAO NHẬN GIẤY MỜI"


def render_handover_sheet(sheet: HandoverSheet) -> bytes:
    """Return the sheet as one PDF."""
    return render_pdf(to_html("handover_sheet.html", sheet=sheet), stylesheet("paper.css", "table.css"))
