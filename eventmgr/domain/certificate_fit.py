"""Whether the words of a certificate fit where they stand, and what to do when they do not. Nothing is ever cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eventmgr.domain.certificates import Line, Placement

Measure = Callable[[str, int, bool], float]
"""Words, size in tenths of a point, bold -> width in mm."""

LEADING = 1.25
_POINT = 25.4 / 72
_STEP = 5


@dataclass(frozen=True)
class Misfit:
    """A line that runs beyond its place: how many lines it takes in the size set, how many there is room for (mm of
    both), and the largest size in tenths of a point in which it fits; None when even the smallest does not."""

    line: Line
    text: str
    lines: int
    height: float
    room: float
    size: int | None
    lines_then: int = 0
    smallest: int = 0

    @property
    def sentence(self) -> str:
        """What is wrong, in mm, and what to do."""
        wrong = f"{self.line.label}: cần {self.lines} dòng cao {_shown(self.height)} mm, chỗ chỉ có {_shown(self.room)} mm"
        if self.size is None:
            return f"{wrong}. Cỡ nhỏ nhất cho phép ({_shown(self.smallest / 10)} pt) cũng không vừa: nới bề rộng hoặc dời dòng dưới xuống."
        then = "một dòng" if self.lines_then == 1 else f"{self.lines_then} dòng"
        return f"{wrong}. Đề nghị: cỡ {_shown(self.size / 10)} pt, in {then}."


def smallest(size: int) -> int:
    """Return the smallest size that may be proposed for a line: 60 % of the size set, never under 10 points."""
    return min(size, max(100, -(-size * 6 // 10)))


def misfits(said: Mapping[Line, str], places: Mapping[Line, Placement], page: tuple[int, int], measure: Measure) -> list[Misfit]:
    """Return the lines that run into the next one or off the form, from the top; `page` is its size in mm."""
    shown = [line for line in Line if places[line].shown and said[line]]
    return [found for line in shown if (found := _misfit(line, said[line], places, shown, page, measure)) is not None]


def wrapped(text: str, place: Placement, size: int, measure: Measure) -> int | None:
    """Return how many lines words take in a box, broken at blanks; None when one word alone is wider than it."""
    width, lines, line = place.width / 10, 1, ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if measure(word, size, place.bold) > width:
            return None
        if line and measure(longer, size, place.bold) > width:
            lines, longer = lines + 1, word
        line = longer
    return lines


def _misfit(
    line: Line, text: str, places: Mapping[Line, Placement], shown: list[Line], page: tuple[int, int], measure: Measure
) -> Misfit | None:
    place = places[line]
    one = place.size / 10 * _POINT * LEADING
    room = max(_room(line, places, shown, page), one)  # a single line in the size set is what the office placed by eye
    lines = wrapped(text, place, place.size, measure)
    if place.x + place.width <= page[0] * 10 and lines is not None and lines * one <= room + 0.05:
        return None
    least = smallest(place.size)
    for size in range(place.size - _STEP, least - 1, -_STEP):
        then = wrapped(text, place, size, measure)
        if then is not None and then * size / 10 * _POINT * LEADING <= room + 0.05:
            return Misfit(line, text, lines or 2, (lines or 2) * one, room, size, then, least)
    return Misfit(line, text, lines or 2, (lines or 2) * one, room, None, smallest=least)


def _room(line: Line, places: Mapping[Line, Placement], shown: list[Line], page: tuple[int, int]) -> float:
    """The mm down to the next line that stands under it, or to the edge of the form."""
    own = places[line]
    under = [places[other].y for other in shown if places[other].y > own.y and _beside(own, places[other])]
    return (min([*under, page[1] * 10]) - own.y) / 10


def _beside(one: Placement, other: Placement) -> bool:
    return one.x < other.x + other.width and other.x < one.x + one.width


def _shown(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")
