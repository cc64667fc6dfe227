"""Telephone numbers as offices write them: kept as typed, one plain form beside, and what looks odd about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from eventmgr.domain.text import clean

# Operators' tables of the change of 15/9/2018 (vietnamese-data.md §6); the last seven digits stay.
_OLD_MOBILE = {
    **{f"016{digit}": f"03{digit}" for digit in "23456789"},
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
_EXTENSION = re.compile(r"(?:máy lẻ|may le|số lẻ|ext\.?|nội bộ|x)\s*:?\s*\d{1,5}\b", re.IGNORECASE)
_WORDS = re.compile(r"(?:đt|đtdđ|dđ|di động|cơ quan|cq|nr|nhà riêng|tel|mobile|fax|sđt)\s*[:.]?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,/\n|]|\s+(?:-|–|và|hoặc)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Phone:
    """What a cell says: the text to keep, the plain numbers in it, and what looks odd, each in a sentence."""

    typed: str
    numbers: tuple[str, ...]
    doubts: tuple[str, ...] = ()

    @property
    def key(self) -> str | None:
        """The numbers in one text to compare and find by, or None when there is none."""
        return " ".join(self.numbers) or None


@lru_cache(maxsize=1024)
def read_phone(text: str | None) -> Phone:
    """Return the numbers of a cell in today's form: '+84 905.123.456' -> '0905123456'.

    Several numbers may stand in one cell. A leading zero that a spreadsheet dropped is put back in `typed` and told.
    Old mobile prefixes become today's in `numbers` only. A number that is none is a doubt, never an error.
    """
    typed = clean(text or "")
    numbers: list[str] = []
    doubts: list[str] = []
    for part in _parts(typed):
        number, doubt = _read_one(part)
        if _lost_its_zero(part):
            typed = typed.replace(part, number, 1) if part in typed else typed
            doubts.append(f"Đã thêm lại số 0 ở đầu: {number}.")
        if doubt:
            doubts.append(doubt)
        if number and number not in numbers:
            numbers.append(number)
    if typed and not numbers and not doubts:
        doubts.append(f"Số điện thoại “{typed}” không có chữ số nào; vẫn giữ đúng như đã ghi.")
    return Phone(typed, tuple(numbers), tuple(doubts))


def phone_key(text: str | None) -> str | None:
    """Return the plain numbers of a cell in one text, or None; equal for all spellings of the same numbers."""
    return read_phone(text).key


def _parts(typed: str) -> list[str]:
    bare = _WORDS.sub("", typed)
    return [part.strip(" .:") for part in _BETWEEN.split(bare) if any(char.isdigit() for char in part)]


def _read_one(part: str) -> tuple[str, str | None]:
    """The number of one part, and a doubt about it."""
    bare = re.sub(r"[^\d+xX]", "", _EXTENSION.sub("", part))
    if re.search(r"[xX]", bare):
        return "", f"Số “{part}” còn thiếu chữ số; vẫn giữ đúng như đã ghi."
    foreign = bare.startswith(("+", "00")) and not bare.startswith(("+84", "0084"))
    number = bare.replace("+", "")
    if foreign:
        return _judged_foreign(part, bare)
    if re.match(r"(?:00)?84\d{9,10}$", number):
        number = "0" + re.sub(r"^(?:00)?84", "", number).lstrip("0")
    if _lost_its_zero(part):
        number = "0" + number
    number = _OLD_MOBILE.get(number[:4], number[:4]) + number[4:] if len(number) == 11 else number
    return number, _wrong_length(part, number)


def _lost_its_zero(part: str) -> bool:
    """Whether Excel has read a mobile number as a plain number."""
    return re.fullmatch(r"[35789]\d{8}", part) is not None


def _judged_foreign(part: str, bare: str) -> tuple[str, str | None]:
    number = re.sub(r"^00", "+", bare)
    good = re.fullmatch(r"\+\d{8,15}", number)
    return number, None if good else f"Số “{part}” trông không quen; vẫn giữ đúng như đã ghi."


def _wrong_length(part: str, number: str) -> str | None:
    wanted = 11 if re.match(r"02\d", number) else 10
    short = wanted - len(number)
    if not number.startswith("0"):
        return f"Số “{part}” trông không quen; vẫn giữ đúng như đã ghi."
    if short > 0 and not (wanted == 11 and short == 1):
        return f"Số “{part}” thiếu {short} chữ số; vẫn giữ đúng như đã ghi."
    if short < 0:
        return f"Số “{part}” thừa {-short} chữ số; vẫn giữ đúng như đã ghi."
    return None
