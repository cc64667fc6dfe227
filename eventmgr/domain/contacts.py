"""Telephone numbers and e-mail addresses in any text, masked: enough to know one's own again, too little to use."""

from __future__ import annotations

import re
from typing import Any

_EMAIL = re.compile(r"[\w.+\-]+@([\w\-]+(?:\.[\w\-]+)+)")
# A Vietnamese number: 0 or +84 and eight to ten digits, with blanks, dots or hyphens between them.
_PHONE = re.compile(r"(?<![\w/.])(?:\+84|84|0)(?:[ .\-]?\d){8,10}(?![\w/])")
_NAMES = {"phone", "email", "phone_key", "substitute_phone", "substitute_email"}


def masked(text: str) -> str:
    """Return the text with contacts masked: "0905 123 456" -> "…456", "lan@kontum.gov.vn" -> "l…@kontum.gov.vn"."""
    text = _EMAIL.sub(lambda found: f"{found[0][0]}…@{found[1]}", text)
    return _PHONE.sub(lambda found: "…" + re.sub(r"\D", "", found[0])[-3:], text)


def masked_details(value: Any) -> Any:
    """Return JSON with contacts masked in every text, and hidden whole under a name that says what they are."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [masked_details(one) for one in value]
    if isinstance(value, dict):
        return {name: "…" if name in _NAMES and one else masked_details(one) for name, one in value.items()}
    return value
