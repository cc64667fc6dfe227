"""Passes need the instance's secret: the database alone cannot bring a code back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from eventmgr.domain import passes
from eventmgr.models.invitations import Pass

_secret: list[bytes] = []
_base_url: list[str] = []


def use(secret_key: bytes, base_url: str) -> None:
    """Derive codes from this secret and print links to this address; bootstrap says which."""
    _secret[:] = [hmac.new(secret_key, b"eventmgr passes", hashlib.sha256).digest()]
    _base_url[:] = [base_url]


def new_pass(conference_id: int, invitation_id: int, delegate_id: int, at: datetime) -> Pass:
    """Return a new pass row: a random seed of 16 bytes and the digest of the code it gives."""
    seed = secrets.token_bytes(16)
    return Pass(
        conference_id=conference_id, invitation_id=invitation_id, delegate_id=delegate_id, seed=seed.hex(),
        digest=passes.digest(passes.derive_code(_secret[0], seed)), created_at=at,
    )


def code_of(held: Pass) -> str:
    """Return the code of a pass, 16 letters and digits."""
    return passes.derive_code(_secret[0], bytes.fromhex(held.seed))


def page_of(code: str) -> str:
    """Return the address of the holder's own page, as it is written in a mail."""
    return f"{_base_url[0]}/i/{code}"


def link_of(code: str) -> str:
    """Return what the QR says: the whole link in capitals."""
    return passes.link(_base_url[0], code)
