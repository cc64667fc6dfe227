"""The order of precedence: ranks that the office edits, and the keys that lists are sorted by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeVar

from eventmgr.domain.text import spelled_alike

_NO_RANK, _NO_POSITION, _NO_DAY = 99_999, 99_999_999, date.max


@dataclass(frozen=True)
class RankRule:
    """A line of the rank table. `title` lists posts: ';' between posts of one rank, ',' between posts that one
    person must hold together, '*' for some words in between ('Trưởng Ban * Tỉnh ủy')."""

    value: int
    title: str
    bloc: str | None = None


class Ranked(Protocol):
    """What has to be known of a delegate to put it in order; the tables' delegates have it."""

    @property
    def id(self) -> int: ...
    @property
    def is_host(self) -> bool: ...
    @property
    def precedence_key(self) -> str: ...
    @property
    def name_key(self) -> str: ...


_R = TypeVar("_R", bound=Ranked)


def precedence_key(
    rank: int | None,
    manual_position: int | None = None,
    appointed_on: date | None = None,
    born_on: date | None = None,
) -> str:
    """Return an ASCII string of 32 characters whose plain binary order is the order of precedence.

    By rank; within a rank by the order that somebody dragged, then earlier appointment, then older person
    (Hướng dẫn 112-HD/BTGTU, protocol.md §2.1). What is not known sorts after what is.
    """
    parts = (
        f"{_clamped(rank, _NO_RANK):05d}",
        f"{_clamped(manual_position, _NO_POSITION):08d}",
        (appointed_on or _NO_DAY).isoformat().replace("-", ""),
        (born_on or _NO_DAY).isoformat().replace("-", ""),
    )
    return ".".join(parts)


def introduction_order(delegates: Iterable[_R]) -> list[_R]:
    """Return delegates in the order in which the MC introduces them: guests before hosts, each by precedence.

    "Khách trước, chủ sau" (Hướng dẫn 112-HD/BTGTU). Those present are the caller's choice.
    """
    return sorted(delegates, key=lambda one: (one.is_host, one.precedence_key, one.name_key, one.id))


def suggest_rank(posts: Sequence[str], ranks: Iterable[RankRule]) -> int | None:
    """Return the best rank that a person's posts give by the rank table, or None when no line fits.

    Posts are compared by folded words with abbreviations spelled alike, from their beginning; a former
    post ("nguyên …") comes one behind those who hold it.
    """
    held = [post for text in posts for part in re.split("[,;]", text) if (post := spelled_alike(part))]
    now = [post for post in held if not post.startswith("nguyen ")]
    ever = [post.removeprefix("nguyen ") for post in held]
    values: list[int] = []
    for rule in ranks:
        if _fits(rule.title, now):
            values.append(rule.value)
        elif ever != now and _fits(rule.title, ever):
            values.append(rule.value + 1)
    return min(values, default=None)


def _clamped(value: int | None, unknown: int) -> int:
    return unknown if value is None else min(max(value, 0), unknown - 1)


def _fits(title: str, posts: list[str]) -> bool:
    for together in _patterns(title):  # plain loops: a list of 20,000 asks this half a million times
        for wanted in together:
            for post in posts:
                if wanted.fullmatch(post):
                    break
            else:
                break
        else:
            return True
    return False


@lru_cache(maxsize=512)
def _patterns(title: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    """For each alternative of a rank's title the posts that it asks for."""
    alternatives = ([part for part in one.split(",") if spelled_alike(part)] for one in title.split(";"))
    return tuple(tuple(_pattern(part) for part in parts) for parts in alternatives if parts)


def _pattern(wanted: str) -> re.Pattern[str]:
    pieces = [re.escape(spelled_alike(piece)) for piece in wanted.split("*")]
    return re.compile(r" (?:\S+ )*?".join(pieces) + "(?: .*)?")
