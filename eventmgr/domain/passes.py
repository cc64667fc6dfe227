"""Passes: the secret code in a QR, its link, its digest, and reading what a scanner or a person gives.

A code is 16 characters of Crockford's base 32 (80 bits). It is derived from a random seed kept in the
database and a secret kept outside it, and the database and the phones at the doors hold only digests:
a copy of the database alone cannot print passes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import urlsplit

from eventmgr.domain.text import clean

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
_BYTES = 10
_PREFIX = b"eventmgr pass 1:"
_CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")
_LINK = re.compile(r"https?://[^/?#\s]+/i/([^/?#\s]+)/?(?:[?#]\S*)?", re.IGNORECASE)
_LOOKALIKES = str.maketrans("OIL", "011")


def derive_code(secret: bytes, seed: bytes) -> str:
    """Return the code that belongs to a pass's random seed: the first 80 bits of HMAC-SHA256(secret, seed)."""
    number = int.from_bytes(hmac.new(secret, seed, hashlib.sha256).digest()[:_BYTES], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(75, -5, -5))


def digest(code: str) -> str:
    """Return what databases and phones hold instead of the code: 64 hex digits of SHA-256.

    Raises ValueError for anything that is not a code as `derive_code` or `read` returns it.
    """
    _must_be_code(code)
    return hashlib.sha256(_PREFIX + code.encode("ascii")).hexdigest()


def link(base_url: str, code: str) -> str:
    """Return the text of the QR, all upper case so that it stays in alphanumeric mode: 'HTTPS://HOST/I/CODE'.

    `base_url` is 'https://host' or 'http://host:port'; raises ValueError for one with a path or without a host.
    """
    _must_be_code(code)
    parts = urlsplit(base_url.strip())
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise ValueError(f"not a web address: {base_url!r}")
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"only scheme, host and port can stand in a pass's link: {base_url!r}")
    host = parts.netloc.encode("idna").decode("ascii")
    return f"{parts.scheme}://{host}/I/{code}".upper()


def grouped(code: str) -> str:
    """Return the code in groups of four, as it is printed for typing: 'ABCD EFGH JKMN PQRS'."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(scanned_text: str) -> str | None:
    """Return the code in what a scanner read or a person typed, or None when there is none.

    Accepts the link in any case and with any host, the bare code, and groups with blanks or hyphens;
    O counts as 0, I and L as 1.
    """
    text = clean(scanned_text)
    if not text.isascii():
        return None
    found = _LINK.fullmatch(text)
    code = re.sub(r"[ -]", "", found[1] if found else text).upper().translate(_LOOKALIKES)
    return code if _CODE.fullmatch(code) else None


def _must_be_code(code: str) -> None:
    if not _CODE.fullmatch(code):
        raise ValueError("not a pass code")
