"""Passwords: argon2id, run where it cannot hold up the event loop."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from eventmgr.services import aside

SHORTEST = 10
_WORDS = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody: list[str] = []


def hash_password(password: str) -> str:
    """Return the argon2id hash of the password."""
    return str(aside.run(_hasher.hash, password))


def verify_password(stored: str | None, password: str) -> bool:
    """Tell whether the password fits; takes as long for an unknown account (`stored` None)."""
    if stored is None:
        if not _nobody:
            _nobody.append(hash_password(secrets.token_hex(16)))
        aside.run(_verify, _nobody[0], password)
        return False
    return bool(aside.run(_verify, stored, password))


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def one_time_password() -> str:
    """Return a random password of four groups of four, easy to copy from a terminal (about 79 bits)."""
    return "-".join("".join(secrets.choice(_WORDS) for _ in range(4)) for _ in range(4))


def problem_with(password: str, username: str) -> str | None:
    """Return why a new password is refused, as a Vietnamese sentence, or None."""
    if len(password) < SHORTEST:
        return f"Mật khẩu cần ít nhất {SHORTEST} ký tự."
    if len(password) > 200:
        return "Mật khẩu dài nhất 200 ký tự."
    if len(set(password)) < 5 or username.lower() in password.lower():
        return "Mật khẩu quá dễ đoán: dùng nhiều ký tự khác nhau và không chứa tên đăng nhập."
    return None
