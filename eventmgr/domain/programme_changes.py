"""What is different between two versions of the programme, in plain words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """An item as a version knows it. `number` is what it is called by ('4.(2)'), `kind` its label on screen.

    `presenter` is who presents in words, empty when nobody is named; `minutes` None is open;
    `fixed_at` is a promised hour, "09:30".
    """

    id: int
    parent_id: int | None
    number: str
    title: str
    kind: str = ""
    presenter: str = ""
    minutes: int | None = None
    presenter_kind: str = ""
    fixed_at: str | None = None


def changes(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[str, ...]:
    """Return one sentence for each change; none when both read the same.

    Both hold their items in the order of the programme. An item that only got another number because of others is
    not named.
    """
    return tuple(sentence for _, sentence in changes_by_item(before, after))


def changes_by_item(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[tuple[int, str], ...]:
    """Return the same, each with the id of the item that it is about."""
    old, new = {entry.id: entry for entry in before}, {entry.id: entry for entry in after}
    told = [(entry.id, f"Thêm mục {entry.number}: “{entry.title}”.") for entry in after if entry.id not in old]
    told += [(entry.id, f"Bỏ mục {entry.number}: “{entry.title}”.") for entry in before if entry.id not in new]
    gone_on = _moved([entry for entry in before if entry.id in new], [entry for entry in after if entry.id in old])
    for entry in after:
        if was := old.get(entry.id):
            told += [(entry.id, sentence) for sentence in _about(was, entry, entry.id in gone_on)]
    return tuple(told)


def longest_rising(places: Sequence[int]) -> set[int]:
    """Return the largest set of these places that already stand in their order."""
    ends: list[int] = []
    behind: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(ends, place)
        behind[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = behind[last]
    return kept


def _about(was: Entry, entry: Entry, is_moved: bool) -> Iterable[str]:
    called = f"Mục {entry.number} “{entry.title}”"
    if is_moved:
        yield f"Chuyển mục {was.number} “{entry.title}” thành mục {entry.number}."
    elif _style(was) != _style(entry):
        yield f"Mục {was.number} ghi lại thành {entry.number}: “{entry.title}”."
    if was.title != entry.title:
        yield f"Mục {entry.number} đổi nội dung: “{was.title}” thành “{entry.title}”."
    if was.presenter != entry.presenter:
        if not was.presenter:
            yield f"{called} có người thực hiện: {entry.presenter}."
        elif not entry.presenter:
            yield f"{called} không còn ghi người thực hiện (trước là {was.presenter})."
        else:
            yield f"{called} đổi người thực hiện: {was.presenter} thành {entry.presenter}."
    elif was.presenter_kind != entry.presenter_kind:
        yield f"{called} đổi cách ghi người thực hiện: {was.presenter_kind} thành {entry.presenter_kind}."
    if was.minutes != entry.minutes:
        yield f"{called} đổi thời lượng: {_minutes(was.minutes)} thành {_minutes(entry.minutes)}."
    if was.fixed_at != entry.fixed_at:
        yield f"{called} cố định lúc {entry.fixed_at}." if entry.fixed_at else f"{called} không còn cố định lúc {was.fixed_at}."
    if was.kind != entry.kind:
        yield f"{called} đổi loại: {was.kind} thành {entry.kind}."


def _moved(before: Sequence[Entry], after: Sequence[Entry]) -> set[int]:
    """The fewest items that must have been moved for one order to become the other, list by list."""
    found = {entry.id for entry, was in _pairs(before, after) if entry.parent_id != was.parent_id}
    for parent in {entry.parent_id for entry in after}:
        here = [entry.id for entry in after if entry.parent_id == parent and entry.id not in found]
        places = {entry.id: place for place, entry in enumerate(before)}
        kept = longest_rising([places[one] for one in here])
        found |= {one for one in here if places[one] not in kept}
    return found


def _pairs(before: Sequence[Entry], after: Sequence[Entry]) -> Iterable[tuple[Entry, Entry]]:
    old = {entry.id: entry for entry in before}
    return ((entry, old[entry.id]) for entry in after)


def _style(entry: Entry) -> bool:
    """Whether a sub-item is counted, "(1)", or dashed."""
    return "(" in entry.number


def _minutes(minutes: int | None) -> str:
    return "chưa có số phút" if minutes is None else f"{minutes} phút"
