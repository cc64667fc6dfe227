"""The text of an event stream, and the same text packed once for all listeners. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

RETRY_MS = 3000
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
"""How a gzip stream begins; packed frames may follow one another behind it for as long as the stream is open."""


@dataclass(frozen=True)
class Frame:
    """One event as bytes: `plain`, and `packed` for listeners that accept gzip."""

    plain: bytes
    packed: bytes


def frame(event: str, data: str, entry_id: int | None = None) -> Frame:
    """Return an event; `entry_id` is the journal line up to which it tells, which the browser sends when it returns."""
    lines = [f"id: {entry_id}"] if entry_id is not None else []
    lines += [f"event: {event}", *(f"data: {line}" for line in data.splitlines() or [""])]
    return packed(("\n".join(lines) + "\n\n").encode())


def preamble(jitter: float) -> Frame:
    """Return how a stream begins: when to come back after a cut, 1.5 to 3 s, `jitter` from 0 to 1."""
    return packed(f"retry: {RETRY_MS - int(jitter * RETRY_MS / 2)}\n\n".encode())


def packed(plain: bytes) -> Frame:
    """Return bytes together with their packed form.

    The packed form refers to nothing before it and ends on a whole byte, so one packing serves every stream.
    """
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
    return Frame(plain, squeeze.compress(plain) + squeeze.flush(zlib.Z_FULL_FLUSH))
