"""Texts as the office types them, cleaned and kept inside their limits; a private part of the services."""

from __future__ import annotations

from eventmgr.domain.errors import Invalid
from eventmgr.domain.text import clean, fold


def optional(text: str | None, field: str, limit: int) -> str | None:
    """Return the text cleaned, or None when there is none; raises Invalid when it is longer than `limit`."""
    value = clean(text or "")
    if len(value) > limit:
        raise Invalid(f"Dài nhất {limit} ký tự; đang có {len(value)}.", field)
    return value or None


def needed(text: str | None, field: str, limit: int) -> str:
    """Return the text cleaned; raises Invalid when there is none or it is longer than `limit`."""
    value = optional(text, field, limit)
    if value is None:
        raise Invalid("Cần điền mục này.", field)
    return value


def count(value: int | None, field: str, highest: int = 100_000) -> int | None:
    """Return a number of people; raises Invalid below zero or above `highest`."""
    if value is not None and not 0 <= value <= highest:
        raise Invalid(f"Nhập số từ 0 đến {highest:,}.".replace(",", "."), field)
    return value


def free_key(text: str, taken: set[str], limit: int) -> str:
    """Return a key made of the text's folded words that is not taken yet."""
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in fold(text)).split()
    stem = "_".join(words)[: limit - 6].strip("_") or "x"
    if stem not in taken:
        return stem
    number = 2
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
