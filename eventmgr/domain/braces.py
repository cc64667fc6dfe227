"""Fields in braces in the office's own texts: plain replacement from a fixed list, no template language.

A field is replaced by its value once, and what a value says is never read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from eventmgr.domain.text import clean, fold

_BRACED = re.compile(r"\{([^{}]*)\}")


class Vocabulary:
    """The names that may stand in braces; diacritics count, capitals do not."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._folded = {fold(name): name for name in self._names}

    def known(self, typed: str) -> str | None:
        """Return the name that was typed, or None; one typed without diacritics is unknown."""
        name = clean(typed).lower()
        return name if name in self._names else None

    def split(self, text: str) -> Iterator[tuple[str, str | None]]:
        """Yield the stretches of a text: (words, None), or (the field as it was typed, its name)."""
        end = 0
        for match in _BRACED.finditer(text):
            name = self.known(match[1])
            if name is None:
                continue
            if match.start() > end:
                yield text[end : match.start()], None
            yield match[1], name
            end = match.end()
        if end < len(text):
            yield text[end:], None

    def problems_of(self, text: str) -> list[str]:
        """Return a sentence for each brace or field that cannot be; empty when the text can be filled."""
        found = [self._unknown(match[1]) for match in _BRACED.finditer(text) if self.known(match[1]) is None]
        rest = _BRACED.sub("", text)
        for sign, other in ("{", "}"), ("}", "{"):
            if sign in rest:
                example = "{" + self._names[0] + "}"
                near = f"Dấu {sign} ở chỗ “{_near(text, sign)}” đứng một mình, thiếu dấu {other}."
                found.append(f"{near} Viết trọn tên trường, ví dụ {example}.")
        return list(dict.fromkeys(found))

    def _unknown(self, name: str) -> str:
        meant = self._folded.get(fold(name))
        if meant is None:
            words = set(fold(name).split())
            meant = next((field for folded, field in self._folded.items() if words & set(folded.split())), None)
        shown = clean(name)[:40]
        if meant is not None:
            return f"Không có trường {{{shown}}}. Có phải {{{meant}}}?"
        return f"Không có trường {{{shown}}}. Chọn trường trong danh sách bên dưới ô."


def capital_like(typed: str, value: str) -> str:
    """Return the value as a field written so gives it: {Xưng hô} with a capital."""
    return value[:1].upper() + value[1:] if value and clean(typed)[:1].isupper() else value


def _near(text: str, sign: str) -> str:
    masked = _BRACED.sub(lambda match: "\0" * len(match[0]), text)
    at = masked.index(sign)
    return clean(text[max(0, at - 12) : at + 18])
