"""The list annexed to an award decision, as PDF."""

from __future__ import annotations

from dataclasses import dataclass

from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.pdf import render_pdf
from eventmgr.documents.sheets import AwardedCollective, AwardedPerson, AwardListSheet


def render_award_list(sheet: AwardListSheet) -> bytes:
    """Return the list as one PDF; each part is numbered from 1, an empty part is left out (invitation.md §10)."""
    return render_pdf(
        to_html("award_list.html", sheet=sheet, parts=_parts(sheet)), stylesheet("paper.css", "table.css")
    )


@dataclass(frozen=True)
class _Part:
    numeral: str
    heading: str
    collectives: tuple[AwardedCollective, ...] = ()
    persons: tuple[AwardedPerson, ...] = ()


def _parts(sheet: AwardListSheet) -> list[_Part]:
    parts = [
        _Part("", "TẬP THỂ", collectives=sheet.collectives),
        _Part("", "CÁ NHÂN", persons=sheet.persons),
    ]
    if not sheet.collectives_first:
        parts.reverse()
    filled = [part for part in parts if part.collectives or part.persons]
    return [
        _Part(numeral, part.heading, part.collectives, part.persons)
        for numeral, part in zip(("I", "II"), filled, strict=False)
    ]
