"""Reading a strange file in a process of its own, with limits on memory, time and size: bytes in, lines of JSON out."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from eventmgr.documents.old_spreadsheets import read_csv, read_ods, read_xls
from eventmgr.documents.spreadsheets import Unreadable, kind_of, read_xlsx
from eventmgr.domain.errors import Invalid
from eventmgr.domain.sheet_reading import Grid, Table, find_table, header_score, proposed_fields
from eventmgr.domain.sheet_words import Field

MEMORY = 640 * 1024 * 1024
SECONDS = 40
PART = 500
READERS = {"xlsx": read_xlsx, "ods": read_ods, "xls": read_xls, "csv": read_csv}
_TOO_MUCH = "Tệp quá lớn hoặc quá phức tạp nên không đọc. Chỉ giữ lại trang tính có danh sách rồi nạp lại."


@dataclass(frozen=True)
class Reading:
    """What a file holds: the names of its sheets, and its table, or in `problem` a sentence why there is none.

    `table` has sheet, header_row, headings, notes, signature and total; `parts` yields its rows some at a time, once:
    a row is [number, cells, section, {column: encoding}].
    """

    sheets: list[str]
    problem: str | None = None
    table: dict[str, Any] = field(default_factory=dict)
    parts: Iterator[list[Any]] = field(default_factory=lambda: iter(()))


def read_in_child(data: bytes, sheet: str | None = None, header_row: int | None = None) -> Reading:
    """Return what a file holds, read by a child process that cannot do harm and has ended when this returns.

    `sheet` and `header_row` (from 1) are a person's choice. The rows wait in a file without a name, so that a long
    list is never in memory as a whole on this side.
    """
    order = json.dumps({"sheet": sheet, "header_row": header_row}).encode() + b"\n"
    kept = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed when its last row was read
    with tempfile.TemporaryFile("w+b") as given:
        given.write(order + data)
        given.seek(0)
        child = subprocess.Popen([sys.executable, "-m", __name__], stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        watch = threading.Timer(SECONDS * 2, child.kill)
        watch.start()
        with child:
            assert child.stdout is not None
            shutil.copyfileobj(child.stdout, kept)
        watch.cancel()
    kept.seek(0)
    head: dict[str, Any] = json.loads(kept.readline()) if child.returncode == 0 else {"sheets": [], "problem": _TOO_MUCH}
    if "problem" in head:
        kept.close()
        return Reading(head["sheets"], head["problem"])
    return Reading(head["sheets"], None, head["table"], _lines(kept))


def _lines(kept: IO[bytes]) -> Iterator[list[Any]]:
    with kept:
        for line in kept:
            yield json.loads(line)


def look(data: bytes, sheet: str | None, header_row: int | None) -> Iterator[dict[str, Any] | list[Any]]:
    """Yield what a file holds: first `sheets` with `table` or `problem`, then the rows, some at a time."""
    names: list[str] = []
    try:
        grids = [grid for grid in READERS[kind_of(data)](data) if grid.rows]
        names = [grid.name for grid in grids]
        if not grids:
            raise Unreadable("Tệp không có dòng nào.")
        chosen = _chosen(grids, sheet)
        del grids, data
        table, notes = _without_sensitive(find_table(chosen, header_row))
        del chosen
    except (Unreadable, Invalid) as problem:
        yield {"sheets": names, "problem": problem.sentence}
        return
    yield {
        "sheets": names,
        "table": {
            "sheet": table.sheet, "header_row": table.header_row, "headings": table.headings, "notes": notes,
            "signature": table.signature, "total": len(table.rows),
        },
    }  # fmt: skip
    for start in range(0, len(table.rows), PART):
        yield [
            [row.number, row.cells, row.section[:300], {str(column): code.value for column, code in row.encodings.items()}]
            for row in table.rows[start : start + PART]
        ]


def main() -> None:
    """Read an order and a file from stdin and answer on stdout, inside the limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    asked = json.loads(sys.stdin.buffer.readline())
    for part in look(sys.stdin.buffer.read(), asked["sheet"], asked["header_row"]):
        sys.stdout.buffer.write(json.dumps(part, ensure_ascii=False).encode() + b"\n")


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


if __name__ == "__main__":
    main()
