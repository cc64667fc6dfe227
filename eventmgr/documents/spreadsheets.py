"""Spreadsheets as rows of texts: .xlsx, .xls, .ods and CSV, with limits; whatever is hostile or broken gets a sentence."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from xml.parsers import expat

from eventmgr.domain.legacy_text import of_font
from eventmgr.domain.sheet_reading import Grid

MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_TEXT = 30_000, 200, 1_500_000, 4_000
MAX_UNPACKED, MAX_PARTS = 200 * 1024 * 1024, 2_000
_MAX_ROWS_SAID = f"{MAX_ROWS:,}".replace(",", ".")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_FONT = re.compile(rb'<(?:\w+:)?name\s+val="(?:\.Vn|VNI)', re.IGNORECASE)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


class Unreadable(Exception):
    """A file that is not read; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def kind_of(data: bytes) -> str:
    """Return what a file is by its content: xlsx, ods, xls or csv; raises Unreadable for what is none of them."""
    if not data:
        raise Unreadable("Tệp trống, không có gì để nạp.")
    if data.startswith(_OLE):
        return _kind_of_ole(data)
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if _is_old_xls(data):
        return "xls"
    if data.startswith(b"%PDF"):
        raise Unreadable("Đây là tệp PDF. Hãy nạp bảng tính gốc (.xlsx, .xls, .ods, .csv).")
    if _is_markup(data):
        raise Unreadable("Đây là trang web hoặc XML mang đuôi bảng tính. Mở bằng Excel rồi lưu lại dạng .xlsx.")
    return "csv"


def is_plain_text(data: bytes) -> bool:
    """Tell whether a file can only be read as CSV, whatever it is called; opens nothing."""
    return not (data.startswith((_OLE, b"PK", b"%PDF")) or _is_old_xls(data) or _is_markup(data))


def _is_old_xls(data: bytes) -> bool:
    return data[:4] in {b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"} or data[:2] == b"\x09\x08"


def _is_markup(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<"


def read_xlsx(data: bytes) -> list[Grid]:
    """Return the sheets of an .xlsx file with cached values, merged areas and old fonts; raises Unreadable."""
    import openpyxl  # slow; only the reading child needs it

    archive = open_archive(data)
    has_old_fonts = "xl/styles.xml" in archive.namelist() and _OLD_FONT.search(archive.read("xl/styles.xml")) is not None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            budget = Budget()
            return [_xlsx_sheet(archive, sheet, budget, has_old_fonts) for sheet in book.worksheets]
    except (Unreadable, MemoryError):
        raise
    except Exception as problem:
        raise Unreadable("Tệp .xlsx bị hỏng hoặc không đúng định dạng. Mở bằng Excel rồi lưu lại.") from problem


class Budget:
    """How much a file may still hold; the cells of all its sheets count together."""

    def __init__(self) -> None:
        self.cells = MAX_CELLS

    def row(self, sheet: str, number: int, texts: list[str]) -> list[str]:
        """Return a row (`number` from 0) without its empty end; raises Unreadable when it is too far out or too much."""
        while texts and not texts[-1]:
            texts.pop()
        if texts and (number >= MAX_ROWS or len(texts) > MAX_COLUMNS):
            from openpyxl.utils.cell import get_column_letter  # slow

            cell = f"{get_column_letter(len(texts))}{number + 1}"
            raise Unreadable(
                f"Trang tính “{sheet}” có nội dung ở ô {cell}, quá xa bảng (đọc đến dòng {_MAX_ROWS_SAID}, cột {MAX_COLUMNS}). "
                "Xóa ô đó hoặc chia tệp rồi nạp lại."
            )
        self.cells -= len(texts)
        if self.cells < 0:
            raise Unreadable("Tệp có quá nhiều ô. Chỉ giữ lại trang tính có danh sách rồi nạp lại.")
        return texts


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Return a zip file that is safe to unpack: not too large, no entities in its XML; raises Unreadable."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as problem:
        raise Unreadable("Tệp bị hỏng, không mở được. Mở bằng Excel rồi lưu lại.") from problem
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("Tệp được đặt mật khẩu. Bỏ mật khẩu rồi nạp lại.")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable("Tệp bung ra quá lớn so với một danh sách, nên không mở.")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _refuse_entities(archive, part)
    return archive


def text_of(value: object) -> str:
    """Return a cell's value as it is read in Vietnamese: days as 29/12/2015, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y") if value.time() == time() else value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)[:MAX_TEXT]


def _kind_of_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable("Tệp được đặt mật khẩu. Mở bằng Excel, bỏ mật khẩu rồi lưu lại.")
    if any(name.encode("utf-16-le") in data for name in ("WordDocument", "PowerPoint Document")):
        raise Unreadable("Đây không phải bảng tính. Chép danh sách sang Excel, lưu dạng .xlsx rồi nạp.")
    return "xls"


def _kind_of_zip(data: bytes) -> str:
    names = set(open_archive(data).namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("Tệp có macro (.xlsm) nên không mở. Trong Excel chọn Lưu thành, dạng .xlsx, rồi nạp lại.")
    if "xl/workbook.bin" in names:
        raise Unreadable("Tệp dạng .xlsb chưa đọc được. Trong Excel chọn Lưu thành, dạng .xlsx, rồi nạp lại.")
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Unreadable("Đây không phải bảng tính. Nạp tệp .xlsx, .xls, .ods hoặc .csv.")


class _Reached(Exception):
    """The first element of an XML file."""


def _refuse_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A document type may hold entities that grow without end; no spreadsheet needs one."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise Unreadable("Tệp có khai báo lạ trong XML (DOCTYPE), nên không mở.")

    def stop(*_: object) -> None:
        raise _Reached

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(4096):
                parser.Parse(chunk, False)
    except _Reached:
        return
    except (expat.ExpatError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as problem:
        raise Unreadable("Tệp bị hỏng, không đọc được nội dung. Mở bằng Excel rồi lưu lại.") from problem
    except Exception as problem:
        if isinstance(problem, Unreadable):
            raise
        raise Unreadable("Tệp bị hỏng, không đọc được nội dung. Mở bằng Excel rồi lưu lại.") from problem


def _xlsx_sheet(archive: zipfile.ZipFile, sheet: object, budget: Budget, has_old_fonts: bool) -> Grid:
    title = str(getattr(sheet, "title", ""))
    grid = Grid(title, [])
    reset, iter_rows = sheet.reset_dimensions, sheet.iter_rows  # type: ignore[attr-defined]
    reset()  # what a file says about its own size is no reason to make room for it
    for number, cells in enumerate(iter_rows()):
        grid.rows.append(budget.row(title, number, [text_of(cell.value) for cell in cells]))
        if has_old_fonts:
            for column, cell in enumerate(cells[: len(grid.rows[-1])]):
                encoding = of_font(cell.font.name) if cell.value is not None else None
                if encoding is not None:
                    grid.fonts[number, column] = encoding
        if number >= MAX_ROWS and not grid.rows[-1]:
            grid.rows.pop()
    grid.merges = list(_merges(archive, str(getattr(sheet, "_worksheet_path", ""))))
    while grid.rows and not grid.rows[-1]:
        grid.rows.pop()
    return grid


def _merges(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int, int, int]]:
    """Merged areas stand after the cells; the read-only reader passes over them."""
    if path not in archive.namelist():
        return
    rest = b""
    with archive.open(path) as stream:
        while chunk := stream.read(1 << 20):
            block = rest + chunk
            yield from _ranges(found[1].decode() for found in _MERGED.finditer(block))
            cut = block.rfind(b"<")
            rest = block[cut:] if cut > len(block) - 500 else b""


def _ranges(refs: Iterable[str]) -> Iterator[tuple[int, int, int, int]]:
    from openpyxl.utils.cell import range_boundaries  # slow

    for ref in refs:
        left, top, right, bottom = (int(edge or 1) for edge in range_boundaries(ref))
        if right <= MAX_COLUMNS and bottom <= MAX_ROWS:
            yield top - 1, left - 1, bottom - 1, right - 1
