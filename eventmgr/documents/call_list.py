"""The list of people to phone because they are silent and have no mailbox, as PDF."""

from __future__ import annotations

from dataclasses import dataclass

from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.pdf import render_pdf


@dataclass(frozen=True)
class CallRow:
    """One person to phone; the last column stays empty for the answer."""

    name: str
    position: str
    body: str
    phone: str
    number: str
    until: str


@dataclass(frozen=True)
class CallSheet:
    """The list, A4 landscape."""

    conference: str
    contact: str
    rows: tuple[CallRow, ...]
    title: str = "DANH SÁCH GỌI ĐIỆN NHẮC TRẢ LỜI GIẤY MỜI"


def render_call_list(sheet: CallSheet) -> bytes:
    """Return the list as one PDF."""
    return render_pdf(to_html("call_list.html", sheet=sheet), stylesheet("paper.css", "table.css"))
