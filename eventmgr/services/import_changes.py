"""What a row says differently from the delegate that it is about; a private part of the services of imports."""

from __future__ import annotations

from typing import Any

from eventmgr.domain.phones import phone_key
from eventmgr.domain.text import fold, spelled_alike

WORDS = {
    "full_name": "họ tên", "address_form": "cách xưng hô", "posts": "chức vụ", "body_id": "đơn vị", "group_id": "nhóm",
    "phone": "điện thoại", "email": "thư điện tử", "seat": "chỗ ngồi", "alert": "lưu ý ở cửa", "note": "ghi chú",
}  # fmt: skip
PRINTED = ("full_name", "address_form", "posts", "body_id")


def changes_of(stored: Any, new: dict[str, Any], *, exact: bool) -> dict[str, list[Any]]:
    """Return field -> [old, new] for what a row says differently; None says nothing.

    Unless `exact` (the row comes from our own export) another spelling of the same is no change.
    """
    if new["full_name"] and stored.full_name and not exact:
        new = new | {"full_name": _better_name(stored.full_name, new["full_name"])}
    changes = {}
    for name, value in new.items():
        old = getattr(stored, name)
        if value is not None and value != old and not (not exact and _means_the_same(name, old, value)):
            changes[name] = [old, value]
    return changes


def _means_the_same(name: str, old: Any, new: Any) -> bool:
    if name == "phone":
        return phone_key(old) is not None and phone_key(old) == phone_key(new)
    if name == "posts":
        return [spelled_alike(post) for post in old] == [spelled_alike(post) for post in new]
    if name in {"full_name", "email"}:
        return str(old or "").casefold() == str(new).casefold()
    return False


def _better_name(known: str, typed: str) -> str:
    """Of two spellings of one name the one that says more: with diacritics; else the one that is known."""
    return typed if fold(known) == known.lower() and fold(typed) != typed.lower() else known
