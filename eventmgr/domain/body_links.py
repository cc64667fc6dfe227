"""The link to a body's page: a code like that of a pass, under a name of its own, so that neither opens the other's door."""

from __future__ import annotations

import hashlib
import re

from eventmgr.domain import passes
from eventmgr.domain.text import clean

_PREFIX = b"eventmgr body link 1:"
_LINK = re.compile(r"https?://[^/?#\s]+/b/([^/?#\s]+)/?(?:[?#]\S*)?", re.IGNORECASE)


def digest(code: str) -> str:
    """Return what the database holds instead of the code: 64 hex digits of SHA-256; raises ValueError for no code."""
    if passes.read(code) != code:
        raise ValueError("not the code of a link")
    return hashlib.sha256(_PREFIX + code.encode("ascii")).hexdigest()


def link(base_url: str, code: str) -> str:
    """Return the address of the page as it is printed and sent: 'https://host/b/CODE'; its QR says it in capitals."""
    whole = passes.link(base_url, code)  # checks address and code
    return f"{whole[: -len(code) - 3].lower()}/b/{code}"


def read(typed: str) -> str | None:
    """Return the code in a link or in what a person typed, or None; O counts as 0, I and L as 1."""
    text = clean(typed)
    found = _LINK.fullmatch(text)
    bare = found[1] if found else text
    return None if "/" in bare else passes.read(bare)
