"""Names on an award list: lines pasted from a document, names that are alike, the name as it is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.names import AddressForm, split_honorific
from eventmgr.domain.text import clean, fold

MOST_LINES = 500
LONGEST = 300
"""Letters of a printed name, and of a post with its unit."""

_NUMBERED = re.compile(r"\d+\s*[.)\]:-](?:\s|$)|\d+$")


@dataclass(frozen=True)
class Entry:
    """One honouree as typed; `printed_name` goes to paper letter for letter."""

    kind: RecipientKind
    printed_name: str
    post: str = ""
    note: str = ""
    address_form: AddressForm | None = None


@dataclass(frozen=True)
class ReadLines:
    """What pasted lines say: the entries in their order, and one sentence for each wrong line."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]


def read_lines(text: str, kind: RecipientKind) -> ReadLines:
    """Read one honouree a line: a collective's name, or "Tên; chức vụ, đơn vị" with "; ghi chú" if need be.

    A tab, as copied from a table, counts as a semicolon; empty lines count for nothing. Sentences name the line as
    the eye counts it in the box. The same line twice is wrong.
    """
    entries: dict[Entry, int] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = [clean(part) for part in re.split(r"[;\t]", line)]
        if not any(parts):
            continue
        if problem := _problem(parts, kind):
            problems.append(f"Dòng {number}: {problem}")
            continue
        entry = _entry(parts, kind)
        if entry in entries:
            problems.append(f"Dòng {number}: trùng với dòng {entries[entry]}.")
        entries.setdefault(entry, number)
    if not entries and not problems:
        problems.append("Chưa có dòng nào.")
    if len(entries) > MOST_LINES:
        problems.append(f"Mỗi lần thêm nhiều nhất {MOST_LINES} dòng; đang có {len(entries)}.")
    return ReadLines(tuple(entries), tuple(problems))


def address_form_in(printed_name: str) -> AddressForm | None:
    """Return the form of address that the printed name itself begins with, if it does: 'Bà Y Mẫu' -> bà."""
    return split_honorific(printed_name)[0]


def spoken_name(printed_name: str, address_form: AddressForm | None) -> str:
    """Return a person's name as a calling list writes it, with the form of address once: 'Bà Y Mẫu'.

    The letters of the name stay as they are.
    """
    own, name = split_honorific(printed_name)
    form = address_form or own
    return f"{form.label.capitalize()} {name}" if form else clean(printed_name)


def names_alike(printed_names: Iterable[str]) -> frozenset[str]:
    """Return the folded names that occur more than once; somebody should look whether it is one person."""
    counted = Counter(folded_name(name) for name in printed_names)
    return frozenset(name for name, times in counted.items() if times > 1)


def folded_name(printed_name: str) -> str:
    """Return the name as it is compared: without form of address, case and marks."""
    return fold(split_honorific(printed_name)[1])


def _problem(parts: list[str], kind: RecipientKind) -> str | None:
    name, more = parts[0], [part for part in parts[1:] if part]
    if not name:
        return "thiếu tên trước dấu chấm phẩy."
    if _NUMBERED.match(name) or (kind is RecipientKind.INDIVIDUAL and name[0].isdigit()):
        return f"bỏ số thứ tự ở đầu dòng (“{name[:20]}”)."
    if kind is RecipientKind.COLLECTIVE and more:
        return "tập thể chỉ ghi tên, không có dấu chấm phẩy; ghi chú thêm sau."
    if kind is RecipientKind.INDIVIDUAL and not more:
        return "thiếu chức vụ, đơn vị sau dấu chấm phẩy."
    if len(more) > 2:
        return "nhiều dấu chấm phẩy quá; chỉ ghi: Tên; chức vụ, đơn vị; ghi chú."
    if too_long := max((name, *more), key=len)[LONGEST:]:
        return f"có phần dài quá {LONGEST} ký tự (thừa {len(too_long)})."
    return None


def _entry(parts: list[str], kind: RecipientKind) -> Entry:
    filled = [*parts, "", ""]
    form = address_form_in(parts[0]) if kind is RecipientKind.INDIVIDUAL else None
    return Entry(kind, filled[0], filled[1], filled[2], form)
