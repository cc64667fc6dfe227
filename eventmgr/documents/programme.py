"""The annex "CHƯƠNG TRÌNH HỘI NGHỊ" as PDF."""

from __future__ import annotations

from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.pdf import render_pdf
from eventmgr.documents.sheets import ProgrammeSheet


def render_programme(sheet: ProgrammeSheet) -> bytes:
    """Return the programme as one PDF; its heading row returns on each page (domain/invitation.md §9)."""
    return render_pdf(to_html("programme.html", sheet=sheet), stylesheet("paper.css", "table.css"))
