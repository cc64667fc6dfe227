"""Who does what in a conference: roles of accounts, and the accounts themselves."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.access import CONFERENCE_ROLES, Role
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.accounts import Account, Membership, SignIn
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record


def members(conference_id: int) -> list[Membership]:
    """Return the roles given in a conference with their accounts, by role and name."""
    rows = db.session.scalars(
        sa.select(Membership)
        .join(Account)
        .where(Membership.conference_id == conference_id)
        .options(joinedload(Membership.account))
        .order_by(Account.display_name, Account.id)
    )
    order = [role.value for role in CONFERENCE_ROLES]
    return sorted(rows, key=lambda member: order.index(member.role))


def all_accounts() -> list[Account]:
    """Return every account, those in use first."""
    return list(db.session.scalars(sa.select(Account).order_by(Account.disabled_at.is_not(None), Account.username)))


def give_role(conference_id: int, account_id: int, role: str, by: int) -> None:
    """Give an account a role in the conference; giving it twice changes nothing.

    Raises Invalid for an unknown role or account.
    """
    if role not in {known.value for known in CONFERENCE_ROLES}:
        raise Invalid("Chọn một vai trò trong danh sách.", "role")
    at = clock.now()
    try:
        with transaction():
            account = db.session.get(Account, account_id)
            if account is None or account.disabled_at is not None:
                raise Invalid("Chọn một tài khoản đang dùng.", "account_id")
            db.session.add(Membership(conference_id=conference_id, account_id=account_id, role=role))
            db.session.flush()
            record(
                "role.given", at, conference_id=conference_id, account_id=by, subject="account", subject_id=account_id,
                sentence=f"Phân công {account.display_name}: {Role(role).label}.",
            )
    except IntegrityError:
        return


def take_role(conference_id: int, membership_id: int, by: int) -> None:
    """Take a role back; raises NotFound when the role is not of this conference."""
    with transaction():
        member = db.session.get(Membership, membership_id, options=[joinedload(Membership.account)])
        if member is None or member.conference_id != conference_id:
            raise NotFound("Không có phân công này.")
        record(
            "role.taken", clock.now(), conference_id=conference_id, account_id=by, subject="account",
            subject_id=member.account_id, sentence=f"Thôi phân công {member.account.display_name}: {Role(member.role).label}.",
        )
        db.session.delete(member)


def set_disabled(account_id: int, disabled: bool, by: int) -> None:
    """Close or reopen an account; closing ends its sessions.

    Raises Conflict for the own account and for the last administrator.
    """
    at = clock.now()
    with transaction():
        # Two administrators who close each other's account go one after the other.
        db.session.execute(sa.select(Account.id).where(Account.is_administrator).order_by(Account.id).with_for_update())
        account = db.session.get(Account, account_id)
        if account is None:
            raise NotFound("Không có tài khoản này.")
        if disabled and account_id == by:
            raise Conflict("Không thể khóa chính tài khoản đang dùng.")
        if disabled and account.is_administrator and _administrators() < 2:
            raise Conflict("Cần ít nhất một tài khoản quản trị.")
        account.disabled_at = at if disabled else None
        if disabled:
            db.session.execute(
                sa.update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None)).values(ended_at=at)
            )
        record(
            "account.disabled" if disabled else "account.enabled", at, conference_id=None, account_id=by,
            subject="account", subject_id=account_id,
        )


def _administrators() -> int:
    counted = sa.select(sa.func.count(Account.id)).where(Account.is_administrator, Account.disabled_at.is_(None))
    return int(db.session.scalar(counted) or 0)
