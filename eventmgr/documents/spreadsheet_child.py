"""Reading a strange file in a process of its own, with limits on memory, time and size: bytes in, JSON out."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import Any

from eventmgr.documents.old_spreadsheets import read_csv, read_ods, read_xls
from eventmgr.documents.spreadsheets import Unreadable, kind_of, read_xlsx
from eventmgr.domain.errors import Invalid
from eventmgr.domain.sheet_reading import Grid, Table, find_table, header_score, proposed_fields
from eventmgr.domain.sheet_words import Field

MEMORY = 640 * 1024 * 1024
SECONDS = 40
READERS = {"xlsx": read_xlsx, "ods": read_ods, "xls": read_xls, "csv": read_csv}
_TOO_MUCH = "Tệp quá lớn hoặc quá phức tạp nên không đọc. Chỉ giữ lại trang tính có danh sách rồi nạp lại."


def read_in_child(data: bytes, sheet: str | None = None, header_row: int | None = None) -> dict[str, Any]:
    """Return what a file holds, read by a child process that cannot do harm.

    Keys: `sheets` (names), and `table` (sheet, header_row, headings, rows, notes) or `problem` with a sentence;
    a row is [number, cells, section, {column: encoding}]. `sheet` and `header_row` (from 1) are a person's choice.
    """
    order = json.dumps({"sheet": sheet, "header_row": header_row}).encode() + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__], input=order + data, capture_output=True, timeout=SECONDS * 2, check=False
        )
    except subprocess.TimeoutExpired:
        return {"sheets": [], "problem": _TOO_MUCH}
    if done.returncode != 0:
        return {"sheets": [], "problem": _TOO_MUCH}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def look(data: bytes, sheet: str | None, header_row: int | None) -> dict[str, Any]:
    """Return the answer of `read_in_child`, computed here."""
    names: list[str] = []
    try:
        grids = [grid for grid in READERS[kind_of(data)](data) if grid.rows]
        names = [grid.name for grid in grids]
        if not grids:
            raise Unreadable("Tệp không có dòng nào.")
        return {"sheets": names, "table": _plain(_without_sensitive(find_table(_chosen(grids, sheet), header_row)))}
    except (Unreadable, Invalid) as problem:
        return {"sheets": names, "problem": problem.sentence}
    except MemoryError:
        return {"sheets": [], "problem": _TOO_MUCH}


def main() -> None:
    """Read an order and a file from stdin and answer on stdout, inside the limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    order, _, data = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(order)
    answer = look(data, asked["sheet"], asked["header_row"])
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode())


def _chosen(grids: list[Grid], sheet: str | None) -> Grid:
    named = next((grid for grid in grids if grid.name == sheet), None)
    return named or max(grids, key=header_score)


def _without_sensitive(table: Table) -> tuple[Table, list[str]]:
    """Empty the columns that the law calls sensitive (privacy.md §2) before anything is kept."""
    fields = proposed_fields(table.headings)
    hidden = [column for column, field in enumerate(fields) if field is Field.SENSITIVE]
    notes = [*table.notes, *(f"Cột “{table.headings[column]}” là dữ liệu nhạy cảm nên không đọc." for column in hidden)]
    for place in range(len(table.rows) if hidden else 0):
        row = table.rows[place]
        cells = tuple("" if column in hidden else text for column, text in enumerate(row.cells))
        object.__setattr__(row, "cells", cells)
    return table, notes


def _plain(found: tuple[Table, list[str]]) -> dict[str, Any]:
    table, notes = found
    rows = [
        [row.number, row.cells, row.section[:300], {str(column): code.value for column, code in row.encodings.items()}]
        for row in table.rows
    ]
    return {
        "sheet": table.sheet, "header_row": table.header_row, "headings": table.headings, "rows": rows, "notes": notes,
        "signature": table.signature,
    }  # fmt: skip


if __name__ == "__main__":
    main()
