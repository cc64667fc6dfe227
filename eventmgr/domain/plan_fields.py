"""Reading untrusted data field by field: every problem is noted with its place, and reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar

from eventmgr.domain.text import clean

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)
_LONGEST = 700


class Fields:
    """One mapping of a file. `problems` is shared by all mappings of the file and grows while they are read.

    The readers return a harmless stand-in for what is wrong, so that one pass finds everything.
    """

    def __init__(self, data: dict[object, object], place: str, problems: list[str]) -> None:
        self.place, self.problems = place, problems
        self._data, self._read = data, set[object]()

    def problem(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field."""
        where = ".".join(part for part in (self.place, name) if part)
        self.problems.append(f"{where}: {sentence}")

    def done(self) -> None:
        """Note every key that nobody has asked for."""
        for key in self._data:
            if key not in self._read:
                self.problem(str(key), "khóa lạ, không có trong mẫu kế hoạch.")

    def text(self, name: str, longest: int = _LONGEST) -> str:
        """Return a text that must be there, cleaned."""
        self._missing(name)
        return self.maybe_text(name, longest) or ""

    def maybe_text(self, name: str, longest: int = _LONGEST) -> str | None:
        """Return a text, or None when it is open."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.problem(name, f"phải là chữ, không phải {_kind(value)}.")
            return None
        found = clean(value)
        if not found:
            self.problem(name, "không được để trống; chưa biết thì ghi null.")
        if len(found) > longest:
            self.problem(name, f"dài {len(found)} ký tự, nhiều nhất là {longest}.")
        return found or None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; a missing one is empty."""
        return self._texts(self._take(name), name)

    def text_lists(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return a list of lists of texts."""
        rows = self._list(name)
        return tuple(self._texts(row, f"{name}[{place}]") for place, row in enumerate(rows))

    def number(self, name: str, least: int = 1) -> int:
        """Return a whole number that must be there."""
        self._missing(name)
        found = self.maybe_number(name, least)
        return least if found is None else found

    def maybe_number(self, name: str, least: int = 1) -> int | None:
        """Return a whole number, or None when it is open."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.problem(name, f"phải là số nguyên, không phải {_kind(value)}.")
            return None
        if value < least or value >= 10**15:
            self.problem(name, f"số {value} ngoài khoảng cho phép (từ {least}).")
            return None
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self._take(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.problem(name, f"phải là true hoặc false, không phải {_kind(value)}.")
        return default

    def maybe_day(self, name: str) -> date | None:
        """Return a date, or None when it is open. A text such as '2015-02-30' is no date."""
        value = self._take(name)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.problem(name, f"“{clean(str(value))[:40]}” không phải là một ngày, ghi dạng 2015-12-29.")
            return None

    def day(self, name: str) -> date:
        """Return a date that must be there."""
        self._missing(name)
        return self.maybe_day(name) or date.min

    def maybe_hour(self, name: str) -> time | None:
        """Return a time of day written "07:30", or None when it is open."""
        value = self._take(name)
        if value is None:
            return None
        try:
            return datetime.strptime(value if isinstance(value, str) else "", "%H:%M").time()
        except ValueError:
            self.problem(name, 'phải là giờ trong dấu ngoặc kép, dạng "07:30".')
            return None

    def choice(self, name: str, choices: type[_E], default: _E | None = None) -> _E:
        """Return one of an enum's values; it must be there unless there is a default."""
        if default is None:
            self._missing(name)
        return self.maybe_choice(name, choices) or default or next(iter(choices))

    def maybe_choice(self, name: str, choices: type[_E]) -> _E | None:
        """Return one of an enum's values, or None when it is open."""
        value = self._take(name)
        return None if value is None else self._one_of(name, value, choices)

    def choices(self, name: str, choices: type[_E]) -> tuple[_E, ...]:
        """Return a list of an enum's values."""
        found = (self._one_of(f"{name}[{place}]", value, choices) for place, value in enumerate(self._list(name)))
        return tuple(value for value in found if value is not None)

    def part(self, name: str, read: Callable[[Fields], _T]) -> _T:
        """Return what `read` makes of the mapping under `name`, which must be there."""
        value = self._take(name)
        self._missing(name)
        return self._within(value, name, read)

    def maybe_part(self, name: str, read: Callable[[Fields], _T]) -> _T | None:
        """Return what `read` makes of the mapping under `name`, or None when it is open."""
        value = self._take(name)
        return None if value is None else self._within(value, name, read)

    def parts(self, name: str, read: Callable[[Fields], _T], needed: bool = False) -> tuple[_T, ...]:
        """Return what `read` makes of each mapping of a list."""
        rows = self._list(name, needed)
        return tuple(self._within(row, f"{name}[{place}]", read) for place, row in enumerate(rows))

    def _within(self, value: object, name: str, read: Callable[[Fields], _T]) -> _T:
        place = f"{self.place}.{name}" if self.place else name
        if value is not None and not isinstance(value, dict):
            self.problem(name, f"phải là một nhóm khóa, không phải {_kind(value)}.")
        # What is not there at all is one problem, not one for each of its keys.
        inner = Fields(value, place, self.problems) if isinstance(value, dict) else Fields({}, place, [])
        found = read(inner)
        inner.done()
        return found

    def _list(self, name: str, needed: bool = False) -> Sequence[object]:
        value = self._take(name)
        if needed:
            self._missing(name)
        if value is None:
            return ()
        if isinstance(value, list):
            return value
        self.problem(name, f"phải là một danh sách, không phải {_kind(value)}.")
        return ()

    def _texts(self, value: object, name: str) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.problem(name, f"phải là một danh sách chữ, không phải {_kind(value)}.")
            return ()
        for place, text in enumerate(value):
            if not isinstance(text, str) or not clean(text):
                self.problem(f"{name}[{place}]", "phải là chữ.")
        return tuple(clean(text) for text in value if isinstance(text, str))

    def _one_of(self, name: str, value: object, choices: type[_E]) -> _E | None:
        try:
            return choices(str(value))
        except ValueError:
            known = ", ".join(choices)
            self.problem(name, f"không có lựa chọn “{clean(str(value))[:40]}”; chọn một trong: {known}.")
            return None

    def _missing(self, name: str) -> None:
        """Note that a field is needed; one that is there but wrong has been noted already."""
        if self._data.get(name) is None:
            self.problem(name, "thiếu.")

    def _take(self, name: str) -> object:
        self._read.add(name)
        return self._data.get(name)


def _kind(value: object) -> str:
    if value is None:
        return "để trống"
    names = {
        bool: "đúng/sai",
        int: "số",
        float: "số lẻ",
        str: "chữ",
        list: "danh sách",
        dict: "nhóm khóa",
        date: "ngày",
    }
    return names.get(type(value), "giá trị khác")
