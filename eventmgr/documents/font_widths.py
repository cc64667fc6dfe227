"""How wide words are on paper, from the letters of the font that papers are printed with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
_POINT = 25.4 / 72


def width_of(text: str, size: int, bold: bool) -> float:
    """Return the width in mm of words in Liberation Serif (the metrics of Times New Roman), `size` in tenths of a point.

    Kerning only ever draws letters nearer, so paper needs this much or a hair less.
    """
    advances, usual, em = _letters("LiberationSerif-Bold.ttf" if bold else "LiberationSerif-Regular.ttf")
    return sum(advances.get(ord(letter), usual) for letter in text) * size / 10 * _POINT / em


@cache
def _letters(name: str) -> tuple[dict[int, int], int, int]:
    """Letter -> advance, the advance of an unknown letter, units of the em; without the font half an em counts for each."""
    path = next((path for folder in _FOLDERS if folder.exists() for path in sorted(folder.rglob(name))), None)
    if path is None:
        return {}, 500, 1000
    with TTFont(path, lazy=True) as font:
        widths = font["hmtx"].metrics
        return {letter: widths[glyph][0] for letter, glyph in font.getBestCmap().items()}, widths[".notdef"][0], font["head"].unitsPerEm
