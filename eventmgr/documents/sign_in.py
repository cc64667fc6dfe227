"""The list to sign at the gate, the last resort when every phone is dead."""

from __future__ import annotations

from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.pdf import render_pdf
from eventmgr.documents.sheets import SignInSheet


def render_sign_in(sheet: SignInSheet) -> bytes:
    """Return the list as one PDF, A4 landscape, in the order of its rows; the heading returns on each page."""
    return render_pdf(to_html("sign_in.html", sheet=sheet), stylesheet("paper.css", "table.css"))
