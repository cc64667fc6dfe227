"""Vietnamese personal names: given name, sort key, forms of address."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from eventmgr.domain.text import clean, without_tones


class AddressForm(StrEnum):
    """How a person is addressed in letters, on stage and at the door (protocol.md §4); the value is the word."""

    COMRADE = "đồng chí"
    MR = "ông"
    MS = "bà"

    @property
    def label(self) -> str:
        """The word in the middle of a sentence."""
        return self.value


# f j w z stand at their Latin place; the other 29 letters are the Vietnamese alphabet.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANKED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg"
_LETTER = {**dict(zip(_ALPHABET, _RANKED, strict=True)), **{digit: digit for digit in "0123456789"}}
_WORD_END, _PART_END, _FOREIGN, _NO_NAME = "-", "!", "~", "~~"

_TITLES = r"(?:gs|pgs|ts|ths|bs|bscki|bsckii|ks|cn|nsưt|nsnd|ngưt|ngnd)\s*\."
_FORMS = {
    "đ/c": AddressForm.COMRADE,
    "đc.": AddressForm.COMRADE,
    "đồng chí": AddressForm.COMRADE,
    "ông/bà": None,
    "ông (bà)": None,
    "ô/b": None,
    "ông": AddressForm.MR,
    "ô.": AddressForm.MR,
    "bà": AddressForm.MS,
    "b.": AddressForm.MS,
}
_PREFIX = re.compile(
    rf"(?P<form>{'|'.join(re.escape(form) for form in _FORMS)}|{_TITLES})\s*[:.]?\s*(?=\S)(?P<rest>.+)", re.IGNORECASE
)


def given_name(full_name: str) -> str:
    """Return the last word of a full name, by which people are called, listed and sorted."""
    words = clean(full_name).split()
    return words[-1] if words else ""


def name_sort_key(full_name: str, sort_given: str | None = None) -> str:
    """Return an ASCII string whose plain binary order is the Vietnamese order of names.

    Given name before the words in front of it; in each of the two, all letters before all tones
    (vietnamese-data.md §1.3). `sort_given` replaces the last word as the given name (for names such
    as 'H'Hen Niê'). An empty name sorts after every other.
    """
    words = clean(full_name).split()
    if not words:
        return _NO_NAME
    given = clean(sort_given).split() if sort_given else []
    before = _without(words, given) if given else words[:-1]
    return _PART_END.join([*_letters_then_tones(given or words[-1:]), *_letters_then_tones(before)])


def split_honorific(text: str) -> tuple[AddressForm | None, str]:
    """Return the form of address that stands before a name, if one does, and the name without it.

    'Đ/c Trần Thị Nga' -> (COMRADE, 'Trần Thị Nga'); academic titles with a full stop ('TS.') go too.
    Ông before Thị or Văn is the family name Ông and stays, because those two are never family names.
    """
    form: AddressForm | None = None
    rest = clean(text)
    while (match := _PREFIX.fullmatch(rest)) and _is_prefix(match):
        form = form or _FORMS.get(match["form"].lower())
        rest = match["rest"]
    return form, rest


def _is_prefix(match: re.Match[str]) -> bool:
    word, rest = match["form"].lower(), match["rest"]
    if word in ("ông", "bà", "đồng chí"):
        glued = match.start("rest") == match.end("form")
        return not glued and without_tones(rest.split()[0])[0] not in ("thi", "văn")
    return True


def _without(words: list[str], given: list[str]) -> list[str]:
    """The words of a name that are not part of the given name."""
    size = len(given)
    for start in range(len(words) - size, -1, -1):
        if words[start : start + size] == given:
            return words[:start] + words[start + size :]
    return words


def _letters_then_tones(words: list[str]) -> tuple[str, str]:
    split = [without_tones(word) for word in words]
    letters = _WORD_END.join("".join(_ranked(char) for char in word) for word, _ in split)
    tones = "".join(str(tones[0]) if tones else "0" for _, tones in split)
    return letters, tones


def _ranked(char: str) -> str:
    """ASCII that stands for one letter; signs such as the apostrophe do not count, foreign letters come last."""
    if char in _LETTER:
        return _LETTER[char]
    base = unicodedata.normalize("NFD", char)[0]
    if base in _LETTER:
        return _LETTER[base]
    return f"{_FOREIGN}{ord(char):06x}" if char.isalnum() else ""
