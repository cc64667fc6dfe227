"""A second factor of an account: a code of six digits that an authenticator on a phone shows, or a code from paper.

The secret stands in the database sealed with a key of the instance: a copy of the database alone shows no codes.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass

import pyotp
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from eventmgr import clock
from eventmgr.documents.qr import qr_svg
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.accounts import Account, RecoveryCode
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services import passwords

ISSUER = "Hội nghị"
STEP = 30
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_key: list[bytes] = []


def use(secret_key: bytes) -> None:
    """Seal secrets with a key made from the instance's; bootstrap says which."""
    _key[:] = [hmac.new(secret_key, b"eventmgr second factor", hashlib.sha256).digest()]


@dataclass(frozen=True)
class Setup:
    """What a person puts into the authenticator: a QR to scan, or the secret in groups of four to type."""

    qr: str
    typed: str


def is_on(account_id: int) -> bool:
    """Tell whether the account signs in with a second factor."""
    return _account(account_id).totp_confirmed_at is not None


def new_secret() -> str:
    """Return a secret for an account that has no factor yet; nothing is stored before `confirm`."""
    return pyotp.random_base32()


def setup_of(account_id: int, secret: str) -> Setup:
    """Return what puts a secret into an authenticator. Raises Conflict when the account has a factor already."""
    account = _account(account_id)
    if account.totp_confirmed_at is not None:
        raise Conflict("Mã xác nhận của tài khoản này đã bật.")
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=ISSUER)
    return Setup(qr_svg(uri), " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)))


def confirm(account_id: int, secret: str, code: str) -> list[str]:
    """Turn the factor on with a first code and return the recovery codes, which are shown once.

    Raises Invalid for a wrong code, Conflict when it is on already.
    """
    step = _step_of(secret, code)
    if step is None:
        raise Invalid("Mã chưa đúng. Xem giờ của điện thoại có đúng không, rồi nhập mã đang hiện.", "code")
    codes = ["-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)]
    at = clock.now()
    with transaction():
        turned_on = db.session.execute(
            sa.update(Account).where(Account.id == account_id, Account.totp_confirmed_at.is_(None))
            .values(totp_secret=_sealed(secret), totp_confirmed_at=at, totp_last_step=step)
        )  # fmt: skip
        if turned_on.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("Mã xác nhận của tài khoản này đã bật.")
        db.session.add_all(RecoveryCode(account_id=account_id, digest=_digest(one)) for one in codes)
        record("account.second_factor_on", at, conference_id=None, account_id=account_id, subject="account", subject_id=account_id, sentence="Bật mã xác nhận khi đăng nhập.")
    return codes


def turn_off(account_id: int, password: str) -> None:
    """Turn the factor off again. Raises Invalid for a wrong password."""
    if not passwords.verify_password(_account(account_id).password_hash, password):
        raise Invalid("Mật khẩu chưa đúng.", "password")
    with transaction():
        remove(_account(account_id))
        record("account.second_factor_off", clock.now(), conference_id=None, account_id=account_id, subject="account", subject_id=account_id, sentence="Tắt mã xác nhận khi đăng nhập.")


def remove(account: Account) -> None:
    """Take the factor off an account, inside the open transaction: its owner has lost the phone."""
    account.totp_secret = account.totp_confirmed_at = account.totp_last_step = None
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def spend(account: Account, typed: str) -> bool:
    """Tell whether a code is right, and spend it, inside the open transaction: none opens two sessions."""
    secret = _opened(account.totp_secret)
    step = _step_of(secret, typed) if secret else None
    if step is not None:
        newer = sa.or_(Account.totp_last_step.is_(None), Account.totp_last_step < step)
        done = db.session.execute(sa.update(Account).where(Account.id == account.id, newer).values(totp_last_step=step))
        return bool(done.rowcount == 1)  # type: ignore[attr-defined]
    own = sa.and_(RecoveryCode.account_id == account.id, RecoveryCode.digest == _digest(typed), RecoveryCode.used_at.is_(None))
    done = db.session.execute(sa.update(RecoveryCode).where(own).values(used_at=clock.now()))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _step_of(secret: str, typed: str) -> int | None:
    """Return the half minute that a code is of: this one, or the one before or after it."""
    code = re.sub(r"\s", "", typed)
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    totp, now = pyotp.TOTP(secret), int(clock.now().timestamp()) // STEP
    return next((step for step in (now, now - 1, now + 1) if hmac.compare_digest(totp.generate_otp(step), code)), None)


def _account(account_id: int) -> Account:
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound("Không có tài khoản này.")
    return account


def _sealed(secret: str) -> str:
    nonce = os.urandom(12)
    return (nonce + AESGCM(_key[0]).encrypt(nonce, secret.encode(), None)).hex()


def _opened(sealed: str | None) -> str | None:
    if sealed is None:
        return None
    raw = bytes.fromhex(sealed)
    try:
        return AESGCM(_key[0]).decrypt(raw[:12], raw[12:], None).decode()
    except InvalidTag:  # the instance's key is another one: nobody can show a right code any more
        return None


def _digest(code: str) -> str:
    plain = re.sub(r"[\s-]", "", code).lower()
    return hashlib.sha256(b"eventmgr recovery " + plain.encode()).hexdigest()
