"""Leaders and presenters with names and posts spelled right, for the press."""

from __future__ import annotations

from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.pdf import render_pdf
from eventmgr.documents.sheets import PressListSheet


def render_press_list(sheet: PressListSheet) -> bytes:
    """Return the list as one PDF, in the order of its people; the heading returns on each page."""
    return render_pdf(to_html("press_list.html", sheet=sheet), stylesheet("paper.css", "table.css"))
