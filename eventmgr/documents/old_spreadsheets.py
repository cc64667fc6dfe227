"""Spreadsheets that are not .xlsx, as rows of texts: .xls of Excel 97-2003, .ods of LibreOffice, CSV of anything."""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from datetime import time
from typing import Any
from xml.etree import ElementTree

import xlrd

from eventmgr.documents.spreadsheets import MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Budget, Unreadable, open_archive, text_of
from eventmgr.domain.legacy_text import Encoding, convert, detect, of_font, vietnamese_share
from eventmgr.domain.sheet_reading import Grid

_OFFICE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")
)
_SAFE_QUOTE = re.compile(r"'(?=[=+\-@\d])")
_BROKEN = "Tệp .{} bị hỏng hoặc không đúng định dạng. Mở bằng Excel, lưu lại dạng .xlsx rồi nạp."


def read_xls(data: bytes) -> list[Grid]:
    """Return the sheets of an old binary .xls file with merged areas and old fonts; raises Unreadable."""
    try:
        with open(os.devnull, "w") as nowhere:
            book = xlrd.open_workbook(file_contents=data, logfile=nowhere, formatting_info=data[:2] == b"\xd0\xcf")
            budget = Budget()
            return [_xls_sheet(book, sheet, budget) for sheet in book.sheets()]
    except (Unreadable, MemoryError):
        raise
    except Exception as problem:
        if "encrypted" in str(problem).lower():
            raise Unreadable("Tệp .xls được đặt mật khẩu. Bỏ mật khẩu, lưu lại dạng .xlsx rồi nạp.") from problem
        raise Unreadable(_BROKEN.format("xls")) from problem


def read_ods(data: bytes) -> list[Grid]:
    """Return the sheets of an .ods file with merged areas; raises Unreadable."""
    archive = open_archive(data)
    grids: list[Grid] = []
    budget = Budget()
    try:
        with archive.open("content.xml") as stream:
            for event, element in ElementTree.iterparse(stream, events=("start", "end")):
                if event == "start" and element.tag == f"{_TABLE}table":
                    grids.append(Grid(element.get(f"{_TABLE}name") or "", []))
                elif event == "end" and element.tag == f"{_TABLE}table-row" and grids:
                    _ods_row(element, grids[-1], budget)
                    element.clear()
    except (Unreadable, MemoryError):
        raise
    except Exception as problem:
        raise Unreadable(_BROKEN.format("ods")) from problem
    for grid in grids:
        while grid.rows and not grid.rows[-1]:
            grid.rows.pop()
    return grids


def read_csv(data: bytes) -> list[Grid]:
    """Return the rows of a text file; encoding (UTF-8, UTF-16, CP1258, old fonts) and separator are found out."""
    text = _decoded(data)
    if "\0" in text:
        raise Unreadable("Đây không phải bảng tính hay tệp văn bản. Nạp tệp .xlsx, .xls, .ods hoặc .csv.")
    lines = text.splitlines(keepends=True)
    separator = _separator(lines)
    if lines and (said := re.fullmatch(r"sep=(.)\s*", lines[0].lstrip("\ufeff"))):
        separator, lines = said[1], lines[1:]
    csv.field_size_limit(100_000)
    budget = Budget()
    try:
        rows = [
            budget.row("csv", number, [_SAFE_QUOTE.sub("", cell[:MAX_TEXT], count=1) for cell in row])
            for number, row in enumerate(csv.reader(lines, delimiter=separator))
        ]
    except csv.Error as problem:
        raise Unreadable("Tệp CSV không đọc được: có ô quá dài hoặc dấu nháy không khép. Lưu lại dạng .xlsx.") from problem
    return [Grid("csv", rows)]


def _xls_sheet(book: Any, sheet: Any, budget: Budget) -> Grid:
    grid = Grid(str(sheet.name), [])
    for number in range(sheet.nrows):
        values = [_xls_text(book, sheet.cell(number, column)) for column in range(sheet.row_len(number))]
        grid.rows.append(budget.row(grid.name, number, values))
        if book.formatting_info:
            for column in range(len(grid.rows[-1])):
                font = book.font_list[book.xf_list[sheet.cell_xf_index(number, column)].font_index]
                if encoding := of_font(font.name):
                    grid.fonts[number, column] = encoding
    grid.merges = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
    return grid


def _xls_text(book: Any, cell: Any) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return text_of(cell.value)
        return text_of(moment.date() if moment.time() == time() else moment)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "x" if cell.value else ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return text_of(cell.value)


def _ods_row(element: ElementTree.Element, grid: Grid, budget: Budget) -> None:
    number = len(grid.rows)
    texts: list[str] = []
    for cell in element:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        text = _ods_text(cell)
        times = _count(cell, "number-columns-repeated")
        if text and times > MAX_COLUMNS:
            budget.row(grid.name, number, [text] * (MAX_COLUMNS + 1))
        width, height = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        if width > 1 or height > 1:
            grid.merges.append((number, len(texts), number + height - 1, len(texts) + width - 1))
        texts += [text] * min(times, MAX_COLUMNS + 1 - min(len(texts), MAX_COLUMNS))
    texts = budget.row(grid.name, number, texts)
    times = _count(element, "number-rows-repeated")
    if texts and number + times > MAX_ROWS:
        budget.row(grid.name, MAX_ROWS, texts)
    for _ in range(min(times, MAX_ROWS + 1 - min(number, MAX_ROWS))):
        grid.rows.append(budget.row(grid.name, len(grid.rows), list(texts)))


def _count(element: ElementTree.Element, name: str) -> int:
    said = element.get(f"{_TABLE}{name}") or "1"
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 9 else 1


def _ods_text(cell: ElementTree.Element) -> str:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind == "boolean":
        return "x" if cell.get(f"{_OFFICE}boolean-value") == "true" else ""
    lines = ["".join(_ods_words(line)) for line in cell.findall(f"{_TEXT}p")]
    if kind == "float" and (value := cell.get(f"{_OFFICE}value")):
        try:
            return text_of(float(value))
        except ValueError:
            pass
    return "\n".join(lines)[:MAX_TEXT]


def _ods_words(element: ElementTree.Element) -> list[str]:
    """The text of a paragraph, with the blanks and line breaks that stand as elements of their own."""
    words = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            words.append(" " * min(100, int(child.get(f"{_TEXT}c") or "1")))
        elif child.tag == f"{_TEXT}tab":
            words.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            words.append("\n")
        elif not child.tag.startswith(f"{_OFFICE}annotation"):
            words += _ods_words(child)
        words.append(child.tail or "")
    return words


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if len(data) > 3 and data[:200:2].count(0) + data[1:200:2].count(0) > len(data[:200]) // 4:
        return data.decode("utf-16-le" if data[1] == 0 else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    windows, latin = data.decode("cp1258", "replace"), data.decode("latin-1")
    odd = " ".join([word for word in latin.split() if not word.isascii()][:300])
    old = detect(odd) if odd else None
    if old is not None and vietnamese_share(convert(odd, Encoding(old)).after) > vietnamese_share(windows[:20_000]):
        return latin
    return unicodedata.normalize("NFC", windows)


def _separator(lines: list[str]) -> str:
    """The one of ; , and tab that cuts the first lines into the most columns, most evenly."""
    first = [line for line in lines[:60] if line.strip()]

    def columns(separator: str) -> int:
        try:
            widths = sorted(len(row) for row in csv.reader(first, delimiter=separator))
        except csv.Error:
            return 0
        return widths[len(widths) // 2] if widths else 0

    return max(";\t,", key=columns)
