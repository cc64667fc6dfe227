"""One page of a long list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

PAGE = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page, the page's number from 1, and how many rows there are in all."""

    rows: list[T]
    number: int
    total: int
    size: int = PAGE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Number of the first row on the page, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """Number of the last row on the page."""
        return min(self.number * self.size, self.total)


def kept_inside(number: int, total: int, size: int = PAGE) -> int:
    """Return the page number moved inside the list."""
    return min(max(1, number), max(1, -(-total // size)))
