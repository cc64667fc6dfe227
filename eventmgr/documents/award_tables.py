"""The award office's lists as ruled tables on paper: receipts, calling, not present, money."""

from __future__ import annotations

from dataclasses import dataclass

from eventmgr.documents.markup import stylesheet, to_html
from eventmgr.documents.pdf import render_pdf


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in mm (None: what is left), and how its cells stand (text, centre, sum)."""

    heading: str
    width: int | None = None
    look: str = "text"


@dataclass(frozen=True)
class TablePart:
    """Rows under a heading of their own; an empty heading is left out. `total` is a last row of the part."""

    heading: str
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None


@dataclass(frozen=True)
class AwardTableSheet:
    """A list on paper. `lines` stand under the title, `foot` under the table, `signers` side by side below."""

    title: str
    lines: tuple[str, ...]
    columns: tuple[Column, ...]
    parts: tuple[TablePart, ...]
    foot: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    landscape: bool = True
    tall: bool = False


def render_award_table(sheet: AwardTableSheet) -> bytes:
    """Return the list as one PDF; the heading returns on each page."""
    widths = "".join(f".w{place}{{width:{column.width}mm}}" for place, column in enumerate(sheet.columns) if column.width)
    return render_pdf(to_html("award_table.html", sheet=sheet), f"{stylesheet('paper.css', 'table.css')}\n{widths}")
