"""Spreadsheets as offices and enemies make them, generated when a test asks: name -> (file name, bytes)."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import xlwt
from openpyxl.styles import Font

HEAD = ["TT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Điện thoại"]
GROUP = "Lãnh đạo UBND các huyện, thành phố"
PEOPLE = [
    ["1", "Trần Thị Nga", "Phó Chủ tịch", "UBND huyện Đăk Hà", "0000 111 222"],
    ["2", "Y Mửi", "Trưởng phòng", "UBND huyện Kon Plông", "0000 111 333"],
    ["3", "Nguyễn Văn Ánh", "Chánh Văn phòng", "UBND huyện Sa Thầy", "0000 111 444"],
]
NAMES = [row[1] for row in PEOPLE]


def xlsx(rows: list[list[Any]], merges: tuple[str, ...] = (), fonts: dict[str, str] | None = None, sheet: str = "DS") -> bytes:
    """Return an .xlsx file with these rows."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    for area in merges:
        page.merge_cells(area)
    for cell, font in (fonts or {}).items():
        page[cell].font = Font(name=font)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def changed(data: bytes, **parts: bytes | Callable[[bytes], bytes]) -> bytes:
    """Return a zip file with parts replaced ('xl_worksheets_sheet1_xml' for xl/worksheets/sheet1.xml) or added."""
    target = io.BytesIO()
    names = {name.replace("/", "_").replace(".", "_"): name for name in zipfile.ZipFile(io.BytesIO(data)).namelist()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for key, name in names.items():
            part = parts.pop(key, None)
            content = old.read(name)
            new.writestr(name, part(content) if callable(part) else content if part is None else part)
        for key, part in parts.items():
            new.writestr(key.replace("__", "/"), part if isinstance(part, bytes) else part(b""))
    return target.getvalue()


def ods(rows: str) -> bytes:
    """Return an .ods file with this XML of rows."""
    names = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="DS">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return target.getvalue()


def ods_row(*texts: str, more: str = "") -> str:
    cells = "".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts)
    return f"<table:table-row {more}>{cells}</table:table-row>"


def biff(rows: list[list[str]]) -> bytes:
    """Return an .xls file of the oldest kind (BIFF 3 stream), which Excel and xlrd still open."""
    data = struct.pack("<HHHHH", 0x0209, 6, 0, 0x10, 0)
    data += struct.pack("<HHH", 0x42, 2, 1258)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            raw = text.encode("cp1258")
            data += struct.pack("<HHHHHH", 0x0204, 8 + len(raw), number, column, 0, len(raw)) + raw
    return data + struct.pack("<HH", 0x0A, 0)


def excel_97() -> bytes:
    """Return an .xls file as Excel 97-2003 writes it: BIFF8 in a compound file, merged title, old fonts, numbers, dates."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Danh sách")
    old, title = xlwt.easyxf("font: name .VnTime"), xlwt.easyxf("font: bold on; align: horiz centre")
    sheet.write_merge(0, 0, 0, 5, "DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ", title)
    for column, text in enumerate([*HEAD, "Ngày sinh"]):
        sheet.write(2, column, text)
    for number, row in enumerate(PEOPLE, 3):
        sheet.write(number, 0, int(row[0]))
        for column in (1, 2, 3):
            sheet.write(number, column, tcvn3(row[column]), old)
        sheet.write(number, 4, 905_111_000 + number)
        sheet.write(number, 5, date(1970, 1, number), xlwt.easyxf(num_format_str="DD/MM/YYYY"))
    book.add_sheet("Ghi chú").write(0, 0, "Không có gì ở đây")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv(rows: list[list[str]], separator: str = ";") -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows)


def tcvn3(text: str) -> str:
    """Return Unicode text as it looks when it was typed in a font of TCVN3."""
    from eventmgr.domain.legacy_text import _TCVN3  # slow: only the corpus needs the way back

    back = {letter: chr(code) for code, letter in _TCVN3.items()}
    return "".join(back.get(char, char) for char in text)


def official() -> bytes:
    """The annex of a letter: two headers of state, title, header of two rows, sections, totals, signatures."""
    rows: list[list[Any]] = [
        ["ỦY BAN NHÂN DÂN", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["TỈNH KON TUM", None, None, "Độc lập - Tự do - Hạnh phúc"], [None],
        ["DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ"], ["(Kèm theo Giấy mời số …/GM-VP ngày …)"], [None],
        ["TT", "Họ và tên", "Nam/Nữ", None, "Chức vụ", "Đơn vị công tác", "Điện thoại", None, "Ký nhận"],
        [None, None, "Nam", "Nữ", None, None, "Cơ quan", "Di động", None],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        ["I. Lãnh đạo UBND các huyện, thành phố"],
        [1, "Đ/c Trần Thị Nga", None, "x", "Phó Chủ tịch", "UBND huyện Đăk Hà", None, 905111222, None],
        [2, "Y Mửi", None, "x", "Trưởng phòng", None, None, None, None],
        [None],
        ["TT", "Họ và tên", None, None, "Chức vụ", "Đơn vị công tác", "Điện thoại", None, "Ký nhận"],
        ["II", "Tổ giúp việc Ban Vì sự tiến bộ phụ nữ tỉnh"],
        [1, "Nguyễn Văn Ánh", "x", None, "Chuyên viên", "Sở Nội vụ", "(0260) 3862 123", None, None],
        ["Tổng cộng: 3 đại biểu"],
        ["Danh sách này có 3 đại biểu./."],
        [None, None, None, None, "Kon Tum, ngày 20 tháng 12 năm 2015"],
        ["NGƯỜI LẬP", None, None, None, "TM. ỦY BAN NHÂN DÂN"],
        ["Lê Văn Lập", None, None, None, "KT. CHỦ TỊCH"],
    ]  # fmt: skip
    return xlsx(rows, ("A1:C1", "D1:I1", "A4:I4", "C7:D7", "G7:H7", "A10:I10", "F11:F12"))


def formulas() -> bytes:
    """Numbers computed by formulas whose results Excel has stored."""
    plain = xlsx([HEAD, ["=A1+1", *PEOPLE[0][1:]], [2, *PEOPLE[1][1:]]])
    return changed(plain, xl_worksheets_sheet1_xml=lambda xml: xml.replace(b"<f>A1+1</f><v />", b"<f>A1+1</f><v>1</v>").replace(b"<f>A1+1</f><v></v>", b"<f>A1+1</f><v>1</v>"))


def sheets() -> bytes:
    """The list stands on the second sheet."""
    book = openpyxl.Workbook()
    book.active.append(["Hướng dẫn điền"])  # type: ignore[union-attr]
    page = book.create_sheet("DS khách")
    for row in [HEAD, *PEOPLE]:
        page.append(row)
    return saved(book)


def nfd(text: str) -> str:
    import unicodedata  # slow: beside the only line that needs it

    return unicodedata.normalize("NFD", text)


def far_cell() -> bytes:
    return changed(xlsx([HEAD, *PEOPLE]), xl_worksheets_sheet1_xml=lambda xml: xml.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'))  # fmt: skip


def wide_dimension() -> bytes:
    """A sheet that says it is as large as sheets get, and is not."""
    import re  # slow: beside the only line that needs it

    return changed(xlsx([HEAD, *PEOPLE]), xl_worksheets_sheet1_xml=lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml))


def zip_bomb() -> bytes:
    """300 MB of blanks in a sheet of 300 KB."""
    return changed(xlsx([HEAD, *PEOPLE]), xl_worksheets_sheet1_xml=lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * (300 << 20)))


def entity_bomb() -> bytes:
    laughs = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 10) for step in range(9)
    ) + b"]>"
    return changed(xlsx([HEAD, *PEOPLE]), xl_workbook_xml=lambda xml: laughs + xml.split(b"?>", 1)[-1])


GOOD: dict[str, Callable[[], tuple[str, bytes]]] = {
    "plain": lambda: ("ds.xlsx", xlsx([HEAD, *PEOPLE])),
    "official annex": lambda: ("phu-luc.xlsx", official()),
    "formulas": lambda: ("ds.xlsx", formulas()),
    "second sheet": lambda: ("ds.xlsx", sheets()),
    "columns in another order": lambda: ("ds.xlsx", xlsx([list(reversed(row)) for row in [HEAD, *PEOPLE]])),
    "family and given apart": lambda: ("ds.xlsx", xlsx([["STT", "Họ đệm", "Tên", "Chức danh"], *([r[0], r[1].rsplit(" ", 1)[0], r[1].rsplit(" ", 1)[1], r[2]] for r in PEOPLE)])),
    "decomposed letters": lambda: ("ds.xlsx", xlsx([[nfd(text) for text in row] for row in [HEAD, *PEOPLE]])),
    "old font": lambda: ("ds.xlsx", xlsx([HEAD, *([r[0], tcvn3(r[1]), tcvn3(r[2]), tcvn3(r[3]), r[4]] for r in PEOPLE)], fonts={f"{c}{r}": ".VnTime" for c in "BCD" for r in (2, 3, 4)})),
    "old font, capitals": lambda: ("ds.xlsx", xlsx([HEAD, *([r[0], tcvn3(r[1].lower()), r[2], r[3], r[4]] for r in PEOPLE)], fonts={f"B{r}": ".VnTimeH" for r in (2, 3, 4)})),
    "old text without its font": lambda: ("ds.csv", csv([[tcvn3(text) for text in row] for row in [HEAD, *PEOPLE]]).encode("latin-1")),
    "vni": lambda: ("ds.xlsx", xlsx([["TT", "Hoï vaø teân", "Chöùc vuï"], [1, "Traàn Thò Nga", "Phoù Chuû tòch"], [2, "Y Möûi", "Tröôûng phoøng"], [3, "Nguyeãn Vaên AÙnh", "Chaùnh Vaên phoøng"]])),
    "capitals and honorifics": lambda: ("ds.xlsx", xlsx([HEAD, *([r[0], "Đ/c " + r[1].upper(), *r[2:]] for r in PEOPLE)])),
    "blanks and line breaks": lambda: ("ds.xlsx", xlsx([HEAD, *([r[0], f" \u00a0{r[1].replace(' ', '  ')}\n", r[2] + "\t", r[3], r[4]] for r in PEOPLE), [None], [" "]])),
    "csv, bom, semicolons": lambda: ("ds.csv", csv([HEAD, *PEOPLE]).encode("utf-8-sig")),
    "csv, commas": lambda: ("ds.csv", csv([HEAD, *PEOPLE], ",").encode()),
    "csv, tabs, utf-16": lambda: ("ds.txt", csv([HEAD, *PEOPLE], "\t").encode("utf-16")),
    "csv, sep line": lambda: ("ds.csv", b"sep=;\r\n" + csv([HEAD, *PEOPLE]).encode()),
    "csv, windows-1258": lambda: ("ds.csv", cp1258(csv([HEAD, *PEOPLE]))),
    "ods": lambda: ("ds.ods", ods("".join(ods_row(*row) for row in [HEAD, *PEOPLE]) + ods_row("", more='table:number-rows-repeated="1048000"'))),
    "old xls": lambda: ("ds.xls", biff([["TT", "Ho va ten", "Chuc vu"], *([r[0], cp(r[1]), cp(r[2])] for r in PEOPLE)])),
    "xls of excel 97": lambda: ("ds.xls", excel_97()),
    "sensitive column": lambda: ("ds.xlsx", xlsx([[*HEAD, "Dân tộc", "Số CCCD"], *([*r, "Xơ Đăng", "062000000001"] for r in PEOPLE)])),
    "wide dimension": lambda: ("ds.xlsx", wide_dimension()),
    "styled far cells": lambda: ("ds.xlsx", changed(xlsx([HEAD, *PEOPLE]), xl_worksheets_sheet1_xml=lambda xml: xml.replace(b"</sheetData>", b'<row r="60000"><c r="XFD60000"/></row></sheetData>'))),
}  # fmt: skip

HOSTILE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "empty": lambda: ("ds.xlsx", b""),
    "far cell": lambda: ("ds.xlsx", far_cell()),
    "zip bomb": lambda: ("ds.xlsx", zip_bomb()),
    "entity bomb": lambda: ("ds.xlsx", entity_bomb()),
    "entity in ods": lambda: ("ds.ods", changed(ods(ods_row(*HEAD)), content_xml=lambda xml: xml.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'))),
    "ods repeated": lambda: ("ds.ods", ods(ods_row(*HEAD) + ods_row("x", more='table:number-rows-repeated="1048575"'))),
    "macros": lambda: ("ds.xlsm", changed(xlsx([HEAD, *PEOPLE]), **{"xl__vbaProject.bin": b"\0" * 100})),
    "password": lambda: ("ds.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600),
    "cut off": lambda: ("ds.xlsx", xlsx([HEAD, *PEOPLE])[:-400]),
    "broken part": lambda: ("ds.xlsx", changed(xlsx([HEAD, *PEOPLE]), xl_worksheets_sheet1_xml=b"<worksheet><sheetData><row")),
    "broken xls": lambda: ("ds.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 2000),
    "pdf": lambda: ("ds.xlsx", b"%PDF-1.7\n"),
    "web page as xls": lambda: ("ds.xls", b"<html><table><tr><td>x</td></tr></table></html>"),
    "word": lambda: ("ds.docx", changed(ods(""), **{"word__document.xml": b"<w/>"}).replace(b"content.xml", b"kontent.xml")),
    "picture": lambda: ("ds.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0"),
    "no header": lambda: ("ds.xlsx", xlsx([["a", "b"], ["c", "d"]])),
    "header only": lambda: ("ds.xlsx", xlsx([HEAD])),
    "too many rows": lambda: ("ds.csv", csv([HEAD, *[["1", "A Nga", "x", "y", ""]] * 30_001]).encode()),
}  # fmt: skip


def cp1258(text: str) -> bytes:
    """Return text as Windows saves it in Vietnamese 'ANSI': base letters and tone marks apart."""
    import unicodedata  # slow: beside the only line that needs it

    out = b""
    for char in text:
        for form in (char, unicodedata.normalize("NFD", char)):
            try:
                out += form.encode("cp1258")
                break
            except UnicodeEncodeError:
                continue
        else:
            apart = unicodedata.normalize("NFD", char)
            tone = next(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", apart.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return out


def cp(text: str) -> str:
    """Return text in the letters that Windows-1258 has."""
    return cp1258(text).decode("cp1258")
