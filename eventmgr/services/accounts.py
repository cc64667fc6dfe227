"""Accounts: the first administrator, signing in and out, passwords."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.access import Role
from eventmgr.domain.callers import counted_address
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.text import clean
from eventmgr.models.accounts import Account, Membership, SignIn, SignInAttempt
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.models.locks import hold
from eventmgr.services import passwords, second_factor

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 30
SESSION_WHOLE = timedelta(days=7)


@dataclass(frozen=True)
class SignedIn:
    """The person behind a request and the roles per conference id."""

    account_id: int
    sign_in_id: int
    username: str
    display_name: str
    is_administrator: bool
    must_change_password: bool
    has_second_factor: bool
    roles: dict[int, frozenset[Role]]

    def roles_in(self, conference_id: int | None) -> frozenset[Role]:
        """Return the roles in one conference; an administrator is one everywhere."""
        own = self.roles.get(conference_id, frozenset()) if conference_id is not None else frozenset()
        return own | {Role.ADMINISTRATOR} if self.is_administrator else own


@dataclass(frozen=True)
class SignInRefused:
    """Why nobody was signed in; `wait_seconds` is set when attempts are used up."""

    sentence: str
    wait_seconds: int | None = None


@dataclass(frozen=True)
class KnownBrowser:
    """A browser in which these people have signed in before; `mark` is its random name."""

    mark: str
    usernames: tuple[str, ...]


@dataclass(frozen=True)
class NeedsCode:
    """The password was right; the account asks for its second factor as well."""

    account_id: int


def administrator_exists() -> bool:
    """Tell whether anybody can sign in as administrator."""
    found = db.session.scalar(
        sa.select(Account.id).where(Account.is_administrator, Account.disabled_at.is_(None)).limit(1)
    )
    return found is not None


def create_first_administrator(username: str = "quantri") -> str:
    """Create the administrator with a random one-time password and return that password.

    Raises Conflict when an administrator exists already.
    """
    password = passwords.one_time_password()
    hashed = passwords.hash_password(password)
    with transaction():
        if administrator_exists():
            raise Conflict("Đã có tài khoản quản trị; dùng lệnh “user password” nếu quên mật khẩu.")
        account = _new_account(username, "Quản trị hệ thống", hashed, is_administrator=True)
        record("account.created", clock.now(), conference_id=None, actor="init", subject="account", subject_id=account.id)
    return password


def add_account(username: str, display_name: str, *, is_administrator: bool = False, by: int | None = None) -> tuple[int, str]:
    """Create an account; return its id and the one-time password that its owner must change.

    Raises Invalid for a user name of the wrong form or one in use.
    """
    password = passwords.one_time_password()
    hashed = passwords.hash_password(password)
    try:
        with transaction():
            account = _new_account(username, display_name, hashed, is_administrator=is_administrator)
            record(
                "account.created", clock.now(), conference_id=None, account_id=by, subject="account", subject_id=account.id,
                sentence=f"Tạo tài khoản {account.username}.",
            )
    except IntegrityError as error:
        raise Invalid("Tên đăng nhập này đã có người dùng.", "username") from error
    return account.id, password


def reset_password(account_id: int, by: int | None = None) -> str:
    """Give an account a new one-time password, end its sessions, and return the password."""
    password = passwords.one_time_password()
    hashed = passwords.hash_password(password)
    at = clock.now()
    with transaction():
        account = _account(account_id)
        account.password_hash, account.must_change_password = hashed, True
        second_factor.remove(account)
        _end_sessions(account_id, at, but=None)
        record("account.password_reset", at, conference_id=None, account_id=by, subject="account", subject_id=account_id)
    return password


def account_id_of(username: str) -> int:
    """Return the id of the account with this user name; raises NotFound."""
    found = db.session.scalar(sa.select(Account.id).where(Account.username == username.strip().lower()))
    if found is None:
        raise NotFound("Không có tài khoản này.")
    return found


def sign_in(
    username: str, password: str, address: str, browser: str, known: KnownBrowser | None = None
) -> str | NeedsCode | SignInRefused:
    """Check a password and open a session; return its token, that a code is needed as well, or why not."""
    username = clean(username).lower()[:60]
    at = clock.now()
    counted = _counted_as(username, address, known)
    if refused := _count_in(*counted, at):
        return refused
    account = db.session.scalar(sa.select(Account).where(Account.username == username, Account.disabled_at.is_(None)))
    if not passwords.verify_password(account.password_hash if account else None, password) or account is None:
        return SignInRefused("Tên đăng nhập hoặc mật khẩu chưa đúng.")
    if account.totp_confirmed_at is not None:
        return NeedsCode(account.id)
    with transaction():
        return _open(account, counted[0], address, browser, at)


def sign_in_with_code(
    account_id: int, code: str, address: str, browser: str, known: KnownBrowser | None = None
) -> str | SignInRefused:
    """Check the second factor of an account whose password was right and open a session; return its token, or why not."""
    account = _account(account_id)
    at = clock.now()
    counted = _counted_as(account.username, address, known)
    if refused := _count_in(*counted, at):
        return refused
    with transaction():
        account = _account(account_id)
        if account.disabled_at is None and account.totp_confirmed_at is not None and second_factor.spend(account, code):
            return _open(account, counted[0], address, browser, at)
    return SignInRefused("Mã chưa đúng hoặc đã dùng. Đợi mã mới rồi nhập lại.")


def _counted_as(username: str, address: str, known: KnownBrowser | None) -> tuple[str, str]:
    """Return the name and the address under which an attempt is counted.

    A browser that has signed this person in before is counted by itself: strangers' tries do not shut its owner out.
    """
    if known is not None and username in known.usernames:
        return f"known {known.mark}"[:60], f"known {known.mark}"[:60]
    return username, counted_address(address)


def _count_in(username: str, counted: str, at: datetime) -> SignInRefused | None:
    """Count an attempt before its password is looked at; return how long to wait when there were too many.

    Of many at once exactly as many as the limits allow are counted: who counts holds the name and the address.
    """
    with transaction():
        hold(f"sign-in as {username}", f"sign-in from {counted}")
        if (waiting := _seconds_to_wait(username, counted, at)) is not None:
            return _wait(waiting)
        db.session.add(SignInAttempt(username=username, address=counted, at=at))
    return None


def _open(account: Account, counted_as: str, address: str, browser: str, at: datetime) -> str:
    """Open a session inside the transaction and return its token; the attempts counted the same way are forgotten."""
    token = secrets.token_urlsafe(32)
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.username == counted_as))
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < at - timedelta(days=1)))
    db.session.add(SignIn(account_id=account.id, token_digest=_digest(token), created_at=at, address=address, browser=browser[:200]))
    record("account.signed_in", at, conference_id=None, account_id=account.id, actor=account.display_name)
    return token


def find_signed_in(token: str) -> SignedIn | None:
    """Return who holds this session token, or None when it is unknown, ended or too old."""
    return next(iter(_signed_in(SignIn.token_digest == _digest(token))), None)


def find_by_sign_ins(sign_in_ids: set[int]) -> dict[int, SignedIn]:
    """Return session -> who holds it, for those of these sessions that are open."""
    return {who.sign_in_id: who for who in _signed_in(SignIn.id.in_(sign_in_ids))}


def _signed_in(wanted: sa.ColumnElement[bool]) -> list[SignedIn]:
    """Return who holds the wanted sessions, as far as these are open and the accounts in use."""
    rows = db.session.execute(
        sa.select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(wanted, SignIn.ended_at.is_(None), SignIn.created_at >= clock.now() - SESSION_WHOLE, Account.disabled_at.is_(None))
    ).all()
    roles: dict[int, dict[int, set[Role]]] = {account.id: {} for _, account in rows}
    for member in db.session.scalars(sa.select(Membership).where(Membership.account_id.in_(roles))) if rows else ():
        roles[member.account_id].setdefault(member.conference_id, set()).add(Role(member.role))
    return [
        SignedIn(
            account.id, opened.id, account.username, account.display_name, account.is_administrator,
            account.must_change_password, account.totp_confirmed_at is not None,
            {key: frozenset(value) for key, value in roles[account.id].items()},
        )
        for opened, account in rows
    ]


def end_sign_in(account_id: int, sign_in_id: int) -> None:
    """End one session of the account; ending it twice changes nothing."""
    at = clock.now()
    with transaction():
        ended = db.session.execute(
            sa.update(SignIn)
            .where(SignIn.id == sign_in_id, SignIn.account_id == account_id, SignIn.ended_at.is_(None))
            .values(ended_at=at)
            .returning(SignIn.id)
        ).all()
        if ended:  # told, so that its open screens end with it
            record("account.signed_out", at, conference_id=None, account_id=account_id)


def open_sign_ins(account_id: int) -> list[SignIn]:
    """Return the open sessions of an account, newest first."""
    return list(
        db.session.scalars(
            sa.select(SignIn)
            .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
            .order_by(SignIn.created_at.desc(), SignIn.id.desc())
        )
    )


def change_password(account_id: int, sign_in_id: int, old: str, new: str) -> None:
    """Replace the password and end every other session of the account.

    Raises Invalid with the field that is wrong.
    """
    account = _account(account_id)
    if not passwords.verify_password(account.password_hash, old):
        raise Invalid("Mật khẩu hiện tại chưa đúng.", "old")
    problem = passwords.problem_with(new, account.username)
    if problem:
        raise Invalid(problem, "new")
    if old == new:
        raise Invalid("Mật khẩu mới phải khác mật khẩu hiện tại.", "new")
    hashed = passwords.hash_password(new)
    at = clock.now()
    with transaction():
        account = _account(account_id)
        account.password_hash, account.must_change_password = hashed, False
        _end_sessions(account_id, at, but=sign_in_id)
        record("account.password_changed", at, conference_id=None, account_id=account_id, actor=account.display_name)


def _new_account(username: str, display_name: str, hashed: str, *, is_administrator: bool) -> Account:
    username, display_name = username.strip().lower(), clean(display_name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,59}", username):
        raise Invalid("Tên đăng nhập gồm 2-60 chữ thường không dấu, số, dấu chấm hoặc gạch nối.", "username")
    if not 1 <= len(display_name) <= 120:
        raise Invalid("Cần tên hiển thị, dài nhất 120 ký tự.", "display_name")
    account = Account(
        username=username, display_name=display_name, password_hash=hashed, is_administrator=is_administrator,
        must_change_password=True, created_at=clock.now(),
    )
    db.session.add(account)
    db.session.flush()
    return account


def _account(account_id: int) -> Account:
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound("Không có tài khoản này.")
    return account


def _end_sessions(account_id: int, at: datetime, but: int | None) -> None:
    ended = sa.update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if but is not None:
        ended = ended.where(SignIn.id != but)
    db.session.execute(ended.values(ended_at=at))


def _wait(seconds: int) -> SignInRefused:
    return SignInRefused(f"Đã thử sai nhiều lần. Đợi {-(-seconds // 60)} phút rồi đăng nhập lại.", seconds)


def _seconds_to_wait(username: str, address: str, at: datetime) -> int | None:
    longest = 0
    for column, value, limit in (
        (SignInAttempt.username, username, PER_ACCOUNT),
        (SignInAttempt.address, address, PER_ADDRESS),
    ):
        failures = list(
            db.session.scalars(
                sa.select(SignInAttempt.at)
                .where(column == value, SignInAttempt.at > at - WINDOW)
                .order_by(SignInAttempt.at.desc())
                .limit(limit)
            )
        )
        if len(failures) == limit:
            longest = max(longest, int((failures[-1] + WINDOW - at).total_seconds()) + 1)
    return longest or None


def _digest(token: str) -> str:
    return hashlib.sha256(b"eventmgr sign-in " + token.encode()).hexdigest()
