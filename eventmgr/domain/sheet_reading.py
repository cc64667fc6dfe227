"""Lists of people in rows of cells: where the header stands, which rows are people, which section they stand under."""

from __future__ import annotations

from dataclasses import dataclass, field

from eventmgr.domain.errors import Invalid
from eventmgr.domain.legacy_text import Encoding, convert, detect, needs_converting
from eventmgr.domain.sheet_words import (
    Field,
    field_of,
    heading_words,
    is_numbered_title,
    is_roman_or_letter,
    is_signature,
    is_total,
    kinds_of,
    section_title,
)
from eventmgr.domain.text import clean

LOOK_FOR_HEADER = 60
_PEOPLE = {Field.FULL_NAME, Field.GIVEN, Field.POST}
_ONCE = {Field.CODE, Field.FULL_NAME, Field.FAMILY, Field.GIVEN, Field.GROUP, Field.BODY, Field.SEX, Field.ORDER}
_NO_SUBSTANCE = {Field.ORDER, Field.SKIPPED, Field.SENSITIVE}
_SUBHEADINGS = {
    "co quan", "di dong", "nha rieng", "dang", "chinh quyen", "doan the", "nam", "nu", "ho", "ten", "ho dem", "ho va dem",
    "chuc vu", "don vi", "so may", "so",
}  # fmt: skip


@dataclass
class Grid:
    """A sheet as read: rows of texts (the first is row 1 of the file), merged areas, cells in fonts before Unicode.

    `merges` are (first row, first column, last row, last column), `fonts` (row, column) -> encoding, from 0.
    """

    name: str
    rows: list[list[str]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    fonts: dict[tuple[int, int], Encoding] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceRow:
    """A row that is a person: its number in the file, its cells, the section it stands under, its old encodings."""

    number: int
    cells: tuple[str, ...]
    section: str = ""
    encodings: dict[int, Encoding] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A list found in a sheet: first row of the header (from 1), headings, people, and what was passed over."""

    sheet: str
    header_row: int
    headings: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    notes: tuple[str, ...]

    @property
    def signature(self) -> str:
        """What makes two lists have the same columns."""
        return " | ".join(heading_words(heading) for heading in self.headings)


def proposed_fields(headings: tuple[str, ...]) -> tuple[Field, ...]:
    """Return what each column seems to hold; 'Tên' is the whole name unless the rest of it has a column of its own."""
    found = _guessed(headings)
    return tuple(Field.SKIPPED if one in _ONCE and one in found[:place] else one for place, one in enumerate(found))


def doubled(headings: tuple[str, ...]) -> list[str]:
    """Return a sentence for each column that is not read because one before it seems to hold the same."""
    found = _guessed(headings)
    return [
        f"Cột “{headings[found.index(one)][:80]}” và cột “{headings[place][:80]}” có vẻ cùng là “{one.label}”; "
        "chỉ đọc cột đứng trước. Chọn lại ở dưới nếu không đúng."
        for place, one in enumerate(found)
        if one in _ONCE - {Field.ORDER} and one in found[:place]
    ]  # fmt: skip


def _guessed(headings: tuple[str, ...]) -> list[Field]:
    found = [field_of(heading) or Field.SKIPPED for heading in headings]
    if Field.FAMILY not in found:
        found = [Field.FULL_NAME if one is Field.GIVEN else one for one in found]
    elif Field.FULL_NAME in found and Field.GIVEN in found:
        found = [Field.FAMILY if one is Field.FULL_NAME else one for one in found]
    elif Field.FULL_NAME in found:
        found = [Field.SKIPPED if one is Field.FAMILY else one for one in found]
    return found


def find_table(grid: Grid, header_row: int | None = None) -> Table:
    """Return the list that a sheet holds; `header_row` (from 1) is where a person says its header is.

    Raises Invalid when no header is there: none of the first 60 rows names a name or a post beside something else.
    """
    last = header_row - 1 if header_row is not None else _header_of(grid)
    if last is None or not 0 <= last < len(grid.rows):
        raise Invalid(
            "Không thấy dòng tiêu đề (ví dụ: TT, Họ và tên, Chức vụ, Đơn vị). Chọn dòng tiêu đề hoặc trang tính khác.",
            "header_row",
        )
    first_person, headings = _headings(grid, last)
    return _Reader(grid, headings, first_person).table(last)


def header_score(grid: Grid) -> int:
    """Return how much a sheet looks like a list of people, 0 for not at all; used to choose among sheets."""
    row = _header_of(grid)
    return 0 if row is None else _score(grid, row) * 1000 + min(999, len(grid.rows))


def _header_of(grid: Grid) -> int | None:
    scored = [(_score(grid, row), -row) for row in range(min(LOOK_FOR_HEADER, len(grid.rows)))]
    best = max(scored, default=(0, 0))
    return -best[1] if best[0] >= 2 else None


def _score(grid: Grid, row: int) -> int:
    """How many different things a row names, 0 unless a name or a post is among them."""
    named = {field_of(_heading_text(grid, row, column)) for column in range(len(grid.rows[row]))} - {None}
    return len(named) if named & _PEOPLE else 0


def _heading_text(grid: Grid, row: int, column: int) -> str:
    cells = grid.rows[row] if 0 <= row < len(grid.rows) else []
    text = cells[column] if column < len(cells) else ""
    encoding = needs_converting(text, grid.fonts.get((row, column))) or detect(text)
    return clean(convert(text, encoding).after if encoding else text)


def _headings(grid: Grid, row: int) -> tuple[int, tuple[str, ...]]:
    """The first row under the header, and one heading a column; a second row of headings is read with the first."""
    width = max((len(cells) for cells in grid.rows), default=0)
    upper = [_heading_text(grid, row, column) for column in range(width)]
    lower = [_heading_text(grid, row + 1, column) for column in range(width)]
    for top, left, _bottom, right in grid.merges:
        if top == row:
            upper[left : right + 1] = [upper[left]] * (min(right, width - 1) + 1 - left)
    under = row + 1
    if _is_second_row(grid, row, upper, lower):
        if not grid.merges:
            upper = _carried_right(upper, lower)
        upper = [_joined(above, below) for above, below in zip(upper, lower, strict=True)]
        under += 1
    if _counts_columns(grid, under):
        under += 1
    while upper and not upper[-1]:
        upper.pop()
    return under, tuple(upper)


def _joined(above: str, below: str) -> str:
    """Two rows of headings as one; under 'Chức vụ, đơn vị' a column that says which of them it is stands alone."""
    kinds = kinds_of(above)
    if len(kinds) > 1 and field_of(below) in kinds:
        return below
    return " ".join(dict.fromkeys(part for part in (above, below) if part))


def _is_second_row(grid: Grid, row: int, upper: list[str], lower: list[str]) -> bool:
    filled = [column for column, text in enumerate(lower) if text]
    if not filled or any(field_of(upper[column]) in {Field.ORDER, Field.FULL_NAME} and lower[column] for column in filled):
        names = {field_of(lower[column]) for column in filled}
        return bool(filled) and names == {Field.FAMILY, Field.GIVEN}
    spanned = {c for top, left, _, right in grid.merges if top == row and right > left for c in range(left, right + 1)}
    return all(heading_words(lower[c]) in _SUBHEADINGS or field_of(lower[c]) for c in filled) and all(
        c in spanned or not upper[c] or heading_words(lower[c]) in _SUBHEADINGS for c in filled
    )


def _carried_right(upper: list[str], lower: list[str]) -> list[str]:
    """A file without merged areas leaves the cells beside the upper heading empty."""
    carried, now = [], ""
    for above, below in zip(upper, lower, strict=True):
        now = above or now
        carried.append(above or (now if below else ""))
    return carried


def _counts_columns(grid: Grid, row: int) -> bool:
    """The row '1 | 2 | 3' or 'A | B | 1' under a header."""
    cells = [text.strip(" ()") for text in (grid.rows[row] if row < len(grid.rows) else []) if text.strip()]
    short = [text for text in cells if len(text) <= 2 and (text.isdigit() or text.isupper())]
    return len(cells) >= 3 and len(short) == len(cells) and len(set(cells)) == len(cells)


class _Reader:
    """Walks down a sheet from under its header to its end."""

    def __init__(self, grid: Grid, headings: tuple[str, ...], first: int) -> None:
        self.grid, self.headings, self.first = grid, headings, first
        self.fields = proposed_fields(headings)
        self.folded = [heading_words(heading) for heading in headings]
        self.fill: dict[tuple[int, int], tuple[int, int]] = {}
        self.wide: dict[int, set[int]] = {}
        self.repeated = self.empty = 0
        self.notes: list[str] = []
        for top, left, bottom, right in grid.merges:
            if top < first:
                continue
            if right > left:
                self.wide.setdefault(top, set()).update(range(left, right + 1))
            for row in range(top + 1, min(bottom, len(grid.rows) - 1) + 1):
                self.fill[row, left] = (top, left)

    def table(self, header_row: int) -> Table:
        """Return the list with its people."""
        rows, section = [], ""
        mixed = self._columns_in_unicode()
        for row in range(self.first, len(self.grid.rows)):
            cells = self._cells(row)
            kind, text = self._kind(row, cells)
            if kind == "end":
                self.notes.append(f"Dừng ở dòng {row + 1}: “{text[:60]}” là phần cuối của danh sách.")
                break
            if kind == "section":
                section = section_title(text)
            elif kind == "person":
                rows.append(SourceRow(row + 1, tuple(cells), section, self._encodings(row, cells, mixed)))
        if self.repeated:
            self.notes.append(f"Bỏ qua {self.repeated} dòng lặp lại tiêu đề.")
        found = self._with_columns_alike(rows, mixed)
        return Table(self.grid.name, header_row + 1, self.headings, tuple(found), tuple(self.notes))

    def _cells(self, row: int) -> list[str]:
        width = len(self.headings)
        cells = (self.grid.rows[row] + [""] * width)[:width]
        for column in range(width):
            if not cells[column] and (row, column) in self.fill:
                top, left = self.fill[row, column]
                cells[column] = self.grid.rows[top][left] if left < len(self.grid.rows[top]) else ""
        return cells

    def _kind(self, row: int, cells: list[str]) -> tuple[str, str]:
        """What a row is: person, section, header, total, empty or end; and the text that tells."""
        own = self.grid.rows[row]
        filled = [(column, text) for column, text in enumerate(own) if text.strip()]
        if not filled:
            self.empty += 1
            return "empty", ""
        if self._repeats_header(cells):
            self.repeated += 1
            return "header", ""
        texts = [self._shown(row, column, text) for column, text in filled]
        if not self._is_numbered_person(cells) and not self._is_ours(cells) and len(filled) <= 4:
            if total := next((text for text in texts if is_total(text)), None):
                self.notes.append(f"Bỏ qua dòng {row + 1}: “{total[:60]}” là dòng tổng cộng.")
                return "total", total
            sign = next((text for text in texts if is_signature(text)), None)
            if sign and not any(self._is_numbered_person(self._cells(below)) for below in range(row + 1, len(self.grid.rows))):
                return "end", sign
            if title := self._section(row, filled, texts):
                return "section", title
        if any(text.strip() and self._means(column) for column, text in enumerate(cells)):
            return "person", ""
        return "empty", ""

    def _means(self, column: int) -> bool:
        return self.fields[column] not in _NO_SUBSTANCE or (
            self.fields[column] is Field.SKIPPED and field_of(self.headings[column]) is None
        )

    def _section(self, row: int, filled: list[tuple[int, str]], texts: list[str]) -> str | None:
        if len(filled) == 2 and self._field(filled[0][0]) is Field.ORDER and is_roman_or_letter(texts[0]):
            return texts[1]
        if len(filled) != 1:
            return None
        (column, _), text = filled[0], texts[0]
        if is_numbered_title(text) or len(self.wide.get(row, ())) > 1:
            return text
        of_order = self._field(column) is Field.ORDER
        return text if (of_order and not text.strip(". ").isdigit()) or (self._counts() and self._is_loud(text)) else None

    def _counts(self) -> bool:
        return Field.ORDER in self.fields

    @staticmethod
    def _is_loud(text: str) -> bool:
        return text.isupper() and len(text.split()) > 3

    def _is_numbered_person(self, cells: list[str]) -> bool:
        fields = dict(zip(self.fields, cells, strict=False))
        number = fields.get(Field.ORDER, "").strip(" .")
        named = fields.get(Field.FULL_NAME) or fields.get(Field.GIVEN) or fields.get(Field.POST)
        return number.isdigit() and bool((named or "").strip())

    def _is_ours(self, cells: list[str]) -> bool:
        return any(text.strip() for field, text in zip(self.fields, cells, strict=False) if field is Field.CODE)

    def _repeats_header(self, cells: list[str]) -> bool:
        alike = [
            self.fields[column]
            for column, text in enumerate(cells)
            if text.strip() and self.folded[column] and self.folded[column].startswith(heading_words(text)[:200])
        ]
        return len(alike) >= 2 and bool({Field.FULL_NAME, Field.POST, Field.FAMILY} & set(alike)) and len(alike) * 2 >= sum(
            bool(text.strip()) for text in cells
        )

    def _field(self, column: int) -> Field | None:
        return self.fields[column] if column < len(self.fields) else None

    def _shown(self, row: int, column: int, text: str) -> str:
        if text.isascii() and (row, column) not in self.grid.fonts:
            return clean(text)
        encoding = needs_converting(text, self.grid.fonts.get((row, column)))
        return clean(convert(text, encoding).after if encoding else text)

    def _encodings(self, row: int, cells: list[str], mixed: set[int]) -> dict[int, Encoding]:
        found = {}
        for column, text in enumerate(cells):
            font = self.grid.fonts.get(self.fill.get((row, column), (row, column)))
            if text.isascii() and font is None:
                continue
            if encoding := needs_converting(text, font):
                found[column] = encoding
        return found

    def _columns_in_unicode(self) -> set[int]:
        """Columns where somebody wrote in Unicode, so that one cell says nothing about its neighbours."""
        return {
            column
            for row in self.grid.rows[self.first :]
            for column, text in enumerate(row)
            if not text.isascii() and any(ord(char) > 0x2FF or char in "ăđơưĂĐƠƯ" for char in text)
        }

    def _with_columns_alike(self, rows: list[SourceRow], mixed: set[int]) -> list[SourceRow]:
        """In a column of an old encoding the cells that could be Unicode too ('Phíc') are of it as well."""
        of_column = {
            column: encoding for row in rows for column, encoding in row.encodings.items()
            if column not in mixed and encoding is not Encoding.TCVN3_CAPITALS
        }  # fmt: skip
        for row in rows:
            for column, encoding in of_column.items():
                if column not in row.encodings and not row.cells[column].isascii():
                    row.encodings[column] = encoding
        return rows
