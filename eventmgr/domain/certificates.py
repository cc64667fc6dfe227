"""The words that are printed over a certificate's form: which lines there are, where they stand, what they say.

The form itself (national emblem, frame, seal) is an official object and never made here (awards.md §7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.errors import Invalid

PAGE = (420, 297)
"""Width and height of the form in mm: A3 landscape, as an award system in use since 2022 prints."""


class Line(StrEnum):
    """A line of the certificate, from the top; the value is how it is stored."""

    GIVEN_TO = "given_to"
    NAME = "name"
    POST = "post"
    ACHIEVEMENT = "achievement"
    PLACE_DATE = "place_date"
    SIGNER_POST = "signer_post"
    SIGNER_NAME = "signer_name"
    DECISION = "decision"
    BOOK_NUMBER = "book_number"

    @property
    def label(self) -> str:
        """The line's name on screen."""
        return _LABELS[self]


_LABELS = {
    Line.GIVEN_TO: "Ông/Bà, tập thể", Line.NAME: "Tên", Line.POST: "Chức vụ, đơn vị", Line.ACHIEVEMENT: "Thành tích",
    Line.PLACE_DATE: "Nơi, ngày ký", Line.SIGNER_POST: "Chức vụ người ký", Line.SIGNER_NAME: "Họ tên người ký",
    Line.DECISION: "Số, ngày Quyết định", Line.BOOK_NUMBER: "Số sổ vàng",
}  # fmt: skip

ALIGNMENTS = {"left": "Trái", "center": "Giữa", "right": "Phải"}


@dataclass(frozen=True)
class Placement:
    """Where a line stands: left edge, top edge and width of its box in tenths of a mm, letters in tenths of a point."""

    x: int
    y: int
    width: int
    size: int
    align: str = "center"
    bold: bool = False
    shown: bool = True


_BASE = {
    Line.GIVEN_TO: Placement(600, 1330, 3000, 220),
    Line.NAME: Placement(600, 1440, 3000, 320, bold=True),
    Line.POST: Placement(700, 1590, 2800, 200),
    Line.ACHIEVEMENT: Placement(700, 1750, 2800, 200),
    Line.PLACE_DATE: Placement(2250, 2010, 1500, 160),
    Line.SIGNER_POST: Placement(2250, 2090, 1500, 180, bold=True),
    Line.SIGNER_NAME: Placement(2250, 2520, 1500, 200, bold=True),
    Line.DECISION: Placement(500, 2440, 1600, 130, align="left"),
    Line.BOOK_NUMBER: Placement(500, 2520, 1600, 130, align="left"),
}
DEFAULTS: dict[RecipientKind, dict[Line, Placement]] = {
    RecipientKind.INDIVIDUAL: _BASE,
    RecipientKind.COLLECTIVE: _BASE | {
        Line.NAME: Placement(600, 1420, 3000, 300, bold=True),
        Line.POST: Placement(700, 1590, 2800, 200, shown=False),
        Line.ACHIEVEMENT: Placement(700, 1700, 2800, 200),
    },
}  # fmt: skip
"""Places on a form of 420 x 297 mm; each office measures its own form once and changes them."""


@dataclass(frozen=True)
class Certificate:
    """What one certificate says; texts are printed letter for letter."""

    kind: RecipientKind
    address: str
    printed_name: str
    post: str
    achievement: str
    place: str
    signed_on: date | None
    signer_post: str
    signer_name: str
    decision: str
    book_number: int | None


def lines_of(one: Certificate) -> dict[Line, str]:
    """Return what each line says; an empty line is not printed. Blanks stay for what a clerk writes by hand."""
    day = f"ngày {one.signed_on.day:02d} tháng {_month(one.signed_on.month)} năm {one.signed_on.year}" if one.signed_on else ""
    return {
        Line.GIVEN_TO: "Tập thể:" if one.kind is RecipientKind.COLLECTIVE else f"{one.address}:" if one.address else "",
        Line.NAME: one.printed_name,
        Line.POST: one.post,
        Line.ACHIEVEMENT: one.achievement,
        Line.PLACE_DATE: f"{one.place}, {day}" if one.place and day else day,
        Line.SIGNER_POST: one.signer_post,
        Line.SIGNER_NAME: one.signer_name,
        Line.DECISION: one.decision,
        Line.BOOK_NUMBER: f"Số sổ vàng: {one.book_number}" if one.book_number is not None else "Số sổ vàng: ............",
    }


def signer_post(authority: str) -> str:
    """Return the post above the signature: 'Chủ tịch Ủy ban nhân dân tỉnh Kon Tum' -> 'CHỦ TỊCH'."""
    return "CHỦ TỊCH" if authority.startswith("Chủ tịch ") else authority.upper()


def tenths(text: str, field: str, lowest: int, highest: int) -> int:
    """Read '210,5' or '210.5' as 2105; raises Invalid outside lowest..highest (tenths)."""
    found = re.fullmatch(r"\s*(\d{1,4})(?:[.,](\d))?\s*", text)
    value = int(found[1]) * 10 + int(found[2] or 0) if found else -1
    if not lowest <= value <= highest:
        raise Invalid(f"Nhập số từ {tenths_text(lowest)} đến {tenths_text(highest)}, nhiều nhất một chữ số sau dấu phẩy.", field)
    return value


def tenths_text(value: int) -> str:
    """Write 2105 as '210,5' and 2100 as '210'."""
    return f"{value // 10}" if value % 10 == 0 else f"{value // 10},{value % 10}"


def _month(number: int) -> str:
    return f"{number:02d}" if number < 3 else str(number)
