"""The chain of the journal: each line's hash stands on the one before it, so no line can be changed, put in or taken out.

What a line says about persons (who, the sentence, the details) enters as one salted digest: it can be blanked later, and
its salt with it, while every hash stays as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

START = hashlib.sha256(b"eventmgr journal 1").hexdigest()


def public_digest(
    entry_id: int, at: datetime, conference_id: int | None, account_id: int | None, verb: str, subject: str, subject_id: int | None
) -> str:
    """Return the digest of what a line says without persons: 64 hex digits."""
    return _digest("public", [entry_id, at.astimezone(UTC).isoformat(), conference_id, account_id, verb, subject, subject_id])


def personal_digest(salt: str, actor: str, sentence: str, details: Mapping[str, Any]) -> str:
    """Return the digest of what a line says about persons; without the salt it tells nothing."""
    return _digest("personal", [salt, actor, sentence, details])


def link(previous: str, entry_id: int, public: str, personal: str) -> str:
    """Return the hash of a line, given the hash of the line before it (START for the first)."""
    return _digest("link", [previous, entry_id, public, personal])


def _digest(kind: str, parts: list[Any]) -> str:
    text = json.dumps([kind, *parts], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
