"""Tables of text as .xlsx and CSV: what is written is read back as it was, never as a formula or a number."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_WIDEST = 60
# A spreadsheet program that opens a CSV file would compute the first, and take zeros or digits off the others.
_NOT_SAFE = re.compile(r"[=+\-@\t\r]|0\d|\d{12}|'[=+\-@\d]")


@dataclass(frozen=True)
class Line:
    """One row of cells."""

    cells: list[str]


@dataclass(frozen=True)
class Book:
    """A sheet to be written: its name, headings, and lines."""

    sheet: str
    headings: list[str]
    lines: list[Line] = field(default_factory=list)


def make_workbook(book: Book) -> bytes:
    """Return an .xlsx file with text cells only: '=1+1', '+84…', '00123' and long numbers stay what they are."""
    target = io.BytesIO()
    options = {"constant_memory": False, "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # slow

    with xlsxwriter.Workbook(target, options) as made:
        sheet = made.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", book.sheet)[:31])
        head = made.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "num_format": "@"})
        body = made.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for column, heading in enumerate(book.headings):
            sheet.write_string(0, column, heading, head)
            sheet.set_column(column, column, _width(book, column), body)
        for number, line in enumerate(book.lines, 1):
            for column, text in enumerate(line.cells):
                if text:
                    sheet.write_string(number, column, _printable(text), body)
        sheet.freeze_panes(1, 0)
        if book.lines:
            sheet.autofilter(0, 0, len(book.lines), max(0, len(book.headings) - 1))
    return target.getvalue()


def make_csv(book: Book) -> bytes:
    """Return a CSV file with BOM and semicolons, as Excel in Vietnam opens it.

    Cells that a spreadsheet program would change stand behind an apostrophe, which our own import takes off.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(book.headings)
    writer.writerows([_guarded(text) for text in line.cells] for line in book.lines)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _width(book: Book, column: int) -> float:
    longest = max(_longest(line.cells[column] for line in book.lines[:300] if column < len(line.cells)), len(book.headings[column]))
    return float(min(_WIDEST, max(8, longest + 2)))


def _longest(texts: Iterable[str]) -> int:
    return max((len(part) for text in texts for part in text.split("\n")), default=0)


def _guarded(text: str) -> str:
    return f"'{text}" if _NOT_SAFE.match(text) else text


def _printable(text: str) -> str:
    """A cell holds 32,767 characters and no control signs."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)[:32_767]
