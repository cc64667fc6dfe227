"""Whether a row of a list is somebody who is known already: the same, likely the same, or somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from eventmgr.domain.delegates import posts_with_body
from eventmgr.domain.text import clean, fold, spelled_alike, text_key


@dataclass(frozen=True)
class Known:
    """What is compared of a delegate: `posts_key` is its posts with its body, spelled in one way."""

    id: int
    name: str | None
    group_id: int
    body_id: int | None
    posts_key: str
    phone_key: str | None


@dataclass(frozen=True)
class Candidate:
    """What is compared of a row; `group_id` None while it has none."""

    name: str | None
    group_id: int | None
    body_id: int | None
    posts_key: str
    phone_key: str | None


@dataclass(frozen=True)
class Likeness:
    """Who a row likely is: `sure` means the same without asking, else `reason` says why it may be; `has_post` the same post."""

    id: int
    sure: bool
    strong: bool
    reason: str = ""
    has_post: bool = False


@dataclass
class Register:
    """Known people, to be looked up by name in all the ways that one name is written, and by post."""

    by_name: dict[str, list[Known]] = field(default_factory=dict)
    by_post: dict[str, list[Known]] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Known]) -> Register:
        """Return the register of these people."""
        made = cls()
        for one in people:
            made.add(one)
        return made

    def add(self, one: Known) -> None:
        """Let one more person be known."""
        if one.name:
            self.by_name.setdefault(name_bag(one.name), []).append(one)
        else:
            self.by_post.setdefault(one.posts_key, []).append(one)

    def find(self, row: Candidate) -> Likeness | None:
        """Return who a row likely is, the likeliest one; None when nobody is like it."""
        if row.name is None:
            return _by_post(self.by_post.get(row.posts_key, ()), row, sure=True)
        likes = [_compared(one, row) for one in self.by_name.get(name_bag(row.name), ())]
        if likes:
            return max(likes, key=lambda like: (like.sure, like.strong, -like.id))
        return _by_post(self.by_post.get(row.posts_key, ()), row, sure=False) if row.posts_key else None


def name_bag(name: str) -> str:
    """Return what is equal for names that differ in diacritics, tone marks, case or the order of their words only."""
    return " ".join(sorted(fold(name).split()))


def posts_key(posts: Iterable[str], body: str | None) -> str:
    """Return posts with their body spelled in one way: 'PCT' of 'UBND tỉnh' = 'Phó Chủ tịch UBND tỉnh'."""
    return spelled_alike(posts_with_body(tuple(posts), body))


def _by_post(known: Iterable[Known], row: Candidate, *, sure: bool) -> Likeness | None:
    for one in known:
        if one.body_id == row.body_id or row.group_id in {None, one.group_id}:
            return Likeness(one.id, sure, True, "" if sure else "Chức vụ này đã mời, chưa có tên")
    return None


def _compared(one: Known, row: Candidate) -> Likeness:
    assert one.name and row.name
    why = _spelled(one.name, row.name)
    shared = []
    if row.phone_key and one.phone_key and set(row.phone_key.split()) & set(one.phone_key.split()):
        shared.append("cùng số điện thoại")
    if row.body_id is not None and row.body_id == one.body_id:
        shared.append("cùng đơn vị")
    if row.posts_key and row.posts_key == one.posts_key:
        shared.append("cùng chức vụ")
    strong = bool(shared)
    nothing_else = row.body_id is None and not row.posts_key and row.group_id in {None, one.group_id}
    sure = not why and (strong or nothing_else)
    words = [why or "cùng họ tên", *(shared or ["khác chức vụ, đơn vị"])]
    return Likeness(one.id, sure, strong, ", ".join(words).capitalize(), row.posts_key == one.posts_key)


def _spelled(known: str, typed: str) -> str:
    """How two spellings of a name differ; '' when they do not."""
    known, typed = clean(known), clean(typed)
    if known.casefold() == typed.casefold():
        return ""
    if text_key(known) == text_key(typed):
        return "khác cách đặt dấu thanh"
    if fold(known) == fold(typed):
        return "khác dấu"
    return "khác thứ tự các chữ"
