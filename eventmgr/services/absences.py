"""Who does not come and why, for the report: absences with their reasons, by group."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr.models.accounts import Account
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Reply

SOURCES = {"invitee": "Đại biểu", "body": "Đơn vị", "office": "Văn phòng ghi"}
CHANNELS = {
    "phone": "Điện thoại", "document": "Công văn", "email": "Thư điện tử", "in_person": "Trực tiếp",
    "message": "Tin nhắn", "other": "Cách khác",
}  # fmt: skip


@dataclass(frozen=True)
class Absence:
    """A delegate who does not come, the answer that says so, and who of the office entered it."""

    delegate: Delegate
    reply: Reply
    by: str | None


def absences(conference_id: int, group_id: int | None = None) -> list[Absence]:
    """Return who is excused, in the plan's order of groups and by precedence inside, in one query."""
    wanted = (
        sa.select(Delegate, Reply, Account.display_name)
        .join(Reply, sa.and_(Reply.delegate_id == Delegate.id, Reply.superseded_at.is_(None), Reply.answer == "absent"))
        .join(Group, Group.id == Delegate.group_id)
        .outerjoin(Account, Account.id == Reply.account_id)
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        .options(joinedload(Delegate.group), joinedload(Delegate.body))
        .order_by(Group.position, Delegate.precedence_key, Delegate.name_key, Delegate.id)
    )
    if group_id is not None:
        wanted = wanted.where(Delegate.group_id == group_id)
    return [Absence(*row) for row in db.session.execute(wanted)]


def how_it_came(reply: Reply, by: str | None = None) -> str:
    """Return who gave an answer and how the office got it: 'Văn phòng ghi (Lan), công văn số 12/CV-SYT'."""
    words = SOURCES[reply.source] + (f" ({by})" if by and reply.source == "office" else "")
    if reply.channel:
        words += f", {CHANNELS[reply.channel].lower()}"
    return words + (f" số {reply.document_number}" if reply.document_number else "")
