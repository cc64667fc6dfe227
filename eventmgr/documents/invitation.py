"""Giấy mời: sheets to one PDF.

What letters share is laid out once: the head down to the subject, and the rest below the addressee once
for each wording and each height the addressee takes. A letter's own page holds only its number, its addressee and its
code; the layers are stacked into one page. It prints the same letter at a fraction of the cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.pdf import LaidPage, Leaf, Printer, QrMark, marks, without_collector
from eventmgr.documents.qr import QUIET_ZONE, qr_runs
from eventmgr.documents.sheets import InvitationSheet

_TOP_MARGIN, _LEFT_MARGIN = 25.0, 35.0
_QR_TOP, _QR_SIDE = 248.5, 28.0
_CHUNK = 40
# An addressee that might reach below this line of page 1 flows with the rest of the letter instead.
_LOWEST_ADDRESSEE = 225.0
_LETTERS_PER_LINE, _LINE = 32, 6.2


def render_invitations(
    sheets: Sequence[InvitationSheet], on_progress: Callable[[int, int], None] | None = None
) -> bytes:
    """Return one PDF of all letters, each on pages of its own with page numbers of its own.

    `on_progress(done, total)` is told after every few letters, and at the end. Raises ValueError when
    there are no sheets, or when a head or a foot does not fit on the first page.
    """
    with without_collector():
        pdf = _render(sheets, on_progress or (lambda done, total: None))
    if on_progress:
        on_progress(len(sheets), len(sheets))
    return pdf


def _render(sheets: Sequence[InvitationSheet], on_progress: Callable[[int, int], None]) -> bytes:
    printer = Printer(stylesheet("paper.css", "invitation.css"))
    letters: dict[int, list[Leaf]] = {}
    for part in _by_frame(sheets):
        frame = _Frame(printer, sheets[part[0]])
        for at in range(0, len(part), _CHUNK):
            chunk = part[at : at + _CHUNK]
            letters.update(zip(chunk, frame.letters([sheets[i] for i in chunk]), strict=True))
            if len(letters) < len(sheets):
                on_progress(len(letters), len(sheets))
    return printer.join([leaf for index in range(len(sheets)) for leaf in letters[index]])


def render_invitation(sheet: InvitationSheet) -> bytes:
    """Return one letter as PDF."""
    return render_invitations([sheet])


@dataclass(frozen=True)
class _Rest:
    """What stands below the addressee: the sheet whose words it prints, how far below the top margin it begins, in mm.

    `addressee` is given when it is printed here because it may not fit on page 1.
    """

    sheet: InvitationSheet
    top: float
    addressee: str | None = None


class _Frame:
    """The parts that letters with the same head and foot share."""

    def __init__(self, printer: Printer, sheet: InvitationSheet) -> None:
        self._printer = printer
        self._sheet = sheet
        (self._head,) = self._one_page("invitation_head.html")
        self._mark = self._one_page("invitation_mark.html") if sheet.draft else []
        self._foot = self._one_page("invitation_foot.html") if _has_foot(sheet) else []
        places = marks(self._head)
        self._number_top, number_bottom = places["number"]
        self._opening_top = places["opening"][0]
        self._opening_gap = self._opening_top - number_bottom
        self._rests: dict[_Rest, list[LaidPage]] = {}

    def letters(self, sheets: Sequence[InvitationSheet]) -> Iterator[list[Leaf]]:
        """Return the pages of each letter."""
        flows = [self._flows(sheet) for sheet in sheets]
        own = self._own_pages(sheets, flows)
        rests = [
            _Rest(_without_own(sheet), self._opening_top - _TOP_MARGIN, sheet.addressee)
            if flow
            else _Rest(_without_own(sheet), round(marks(page)["addressee"][1] - _TOP_MARGIN, 2))
            for sheet, flow, page in zip(sheets, flows, own, strict=True)
        ]
        self._lay_out_rests(rests)
        for sheet, page, rest in zip(sheets, own, rests, strict=True):
            first, *others = self._rests[rest]
            yield [
                (*self._mark, self._head, page, first, *self._foot, *_qr_marks(sheet)),
                *((*self._mark, other) for other in others),
            ]

    def _one_page(self, template: str) -> list[LaidPage]:
        pages = self._printer.lay_out(to_html(template, sheet=self._sheet))
        if len(pages) > 1:
            raise ValueError(f"{template}: more text than its place on the first page holds")
        return pages

    def _flows(self, sheet: InvitationSheet) -> bool:
        lines = (len(sheet.opening) + len(sheet.addressee)) // _LETTERS_PER_LINE + 2
        return self._opening_top + lines * _LINE > _LOWEST_ADDRESSEE

    def _own_pages(self, sheets: Sequence[InvitationSheet], flows: Sequence[bool]) -> list[LaidPage]:
        return self._printer.lay_out(
            to_html(
                "invitation_own.html",
                letters=list(zip(sheets, flows, strict=True)),
                number_top=round(self._number_top, 3),
                opening_gap=round(self._opening_gap, 3),
            )
        )

    def _lay_out_rests(self, rests: Sequence[_Rest]) -> None:
        missing = [rest for rest in dict.fromkeys(rests) if rest not in self._rests]
        if not missing:
            return
        page_name = f"{self._sheet.letterhead.form}-{'foot' if _has_foot(self._sheet) else 'bare'}"
        html = to_html("invitation_rest.html", rests=missing, page_name=page_name)
        for page in self._printer.lay_out(html):
            number = next(int(name.removeprefix("rest")) for name in marks(page) if name.startswith("rest"))
            self._rests.setdefault(missing[number - 1], []).append(page)


def _by_frame(sheets: Sequence[InvitationSheet]) -> list[list[int]]:
    """Return the places of the sheets that have head and foot in common."""
    parts: dict[InvitationSheet, list[int]] = {}
    for at, sheet in enumerate(sheets):
        shared = replace(_without_own(sheet), opening="", purpose="", chair="", venue="", time_text=None, notes=())
        parts.setdefault(shared, []).append(at)
    return list(parts.values())


def _without_own(sheet: InvitationSheet) -> InvitationSheet:
    """Return the sheet without what every letter has of its own."""
    return replace(
        sheet, number=None, addressee="", qr_text=sheet.qr_text and "qr", code_groups=sheet.code_groups and "code",
        seat=sheet.seat and "seat",
    )


def _has_foot(sheet: InvitationSheet) -> bool:
    return any((sheet.qr_text, sheet.code_groups, sheet.reply_line, sheet.contact, sheet.seat))


def _qr_marks(sheet: InvitationSheet) -> list[QrMark]:
    if not sheet.qr_text:
        return []
    modules, runs = qr_runs(sheet.qr_text)
    # The dark modules begin at the text's edge; the quiet zone reaches into the white margin.
    left = _LEFT_MARGIN - QUIET_ZONE * _QR_SIDE / modules
    return [QrMark(left, _QR_TOP, _QR_SIDE, modules, tuple(runs))]
