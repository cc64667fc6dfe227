"""Reminders to those who are silent before their deadline: who gets one, who not and why; and whom to phone instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from eventmgr import clock
from eventmgr.documents.call_list import CallRow, CallSheet, render_call_list
from eventmgr.documents.workbooks import Book, Line, make_workbook
from eventmgr.domain.dates import hour_text, short_date, to_local
from eventmgr.domain.deadlines import is_past, reply_deadline
from eventmgr.domain.errors import Invalid
from eventmgr.domain.invitations import number_text
from eventmgr.domain.mailing import MailKind
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.models.journal import record
from eventmgr.models.mails import Mailing, MailLetter
from eventmgr.services import aside, delivery_facts, mailings
from eventmgr.services.kept import kept_pdf
from eventmgr.services.mailboxes import Box, boxed, mailbox_of
from eventmgr.services.mailings import Words
from eventmgr.services.silence import living_reply

INTERVALS = {1: "1 ngày", 2: "2 ngày", 3: "3 ngày", 7: "7 ngày"}


@dataclass(frozen=True)
class Silent:
    """Somebody with an issued letter and no answer; `why_not` says why no reminder goes out, None when one does."""

    invitation: Invitation
    held: Pass | None
    deadline: datetime | None
    reminded_at: datetime | None
    why_not: str | None

    @property
    def delegate(self) -> Delegate:
        """Whom the letter invites."""
        return self.invitation.delegate


@dataclass(frozen=True)
class Reminding:
    """What a reminder would do: mailboxes that get one, and everybody else who is silent."""

    boxes: list[Box]
    left_out: list[Silent]
    to_phone: list[Silent]
    total: int

    @property
    def people(self) -> int:
        """How many silent people the mails are about."""
        return sum(len(box.letters) for box in self.boxes)


def reminding(conference: Conference, group_id: int | None, interval_days: int) -> Reminding:
    """Return who gets a reminder and who not, and why."""
    found = _silent(conference, group_id, interval_days)
    boxes, _ = boxed([(one.invitation, one.held) for one in found if one.why_not is None])
    to_phone = [one for one in found if mailbox_of(one.delegate) is None]
    return Reminding(boxes, [one for one in found if one.why_not is not None], to_phone, len(found))


def remind(conference: Conference, group_id: int | None, interval_days: int, words: Words, key: str, by: int) -> Mailing:
    """Put one reminder for each mailbox into the outbox; whoever answers before it leaves gets none.

    Raises Invalid when nobody is to be reminded, Conflict when e-mail is off.
    """
    if interval_days not in INTERVALS:
        raise Invalid("Chọn khoảng cách giữa hai lần nhắc.", "interval")

    def boxes_now() -> list[Box]:
        return reminding(conference, group_id, interval_days).boxes

    return mailings.enqueue(conference.id, MailKind.REMINDER, words, key, by, boxes_now)


def call_list_pdf(conference: Conference, group_id: int | None, by: int) -> bytes:
    """Return the silent people without a mailbox as a list to phone; raises Invalid when there are none."""
    people = _to_call(conference, group_id)
    _note(conference, len(people), by)
    rows = tuple(
        CallRow(one.delegate.full_name or "", one.delegate.posts_text, _body(one), _phones(one), _number(one), _until(one))
        for one in people
    )
    sheet = CallSheet(conference.title, conference.contact or "", rows)
    db.session.close()
    return kept_pdf("danh-sach-goi-dien", sheet, render_call_list)


def call_list_workbook(conference: Conference, group_id: int | None, by: int) -> bytes:
    """Return the same list as .xlsx."""
    people = _to_call(conference, group_id)
    _note(conference, len(people), by)
    headings = ["TT", "Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại", "Số giấy mời", "Hạn trả lời", "Kết quả gọi"]
    lines = [
        Line([
            str(place), one.delegate.full_name or "", one.delegate.posts_text, _body(one), _phones(one), _number(one), _until(one), "",
        ])
        for place, one in enumerate(people, 1)
    ]  # fmt: skip
    db.session.close()
    content: bytes = aside.run(make_workbook, Book("Gọi điện", headings, lines))
    return content


def _to_call(conference: Conference, group_id: int | None) -> list[Silent]:
    people = [one for one in _silent(conference, group_id, 1) if mailbox_of(one.delegate) is None]
    if not people:
        raise Invalid("Ai chưa trả lời cũng đã có địa chỉ thư; không có ai cần gọi điện.")
    return people


def _silent(conference: Conference, group_id: int | None, interval_days: int) -> list[Silent]:
    """Return everybody silent in printing order, in one query."""
    now = clock.now()
    facts = delivery_facts.delivered(conference.id)
    busy = delivery_facts.under_way(conference.id, "reminder")
    last = (
        sa.select(MailLetter.invitation_id, sa.func.max(MailLetter.sent_at).label("at"))
        .where(MailLetter.conference_id == conference.id, MailLetter.kind == "reminder")
        .group_by(MailLetter.invitation_id)
        .subquery()
    )
    wanted = (
        sa.select(Invitation, Pass, facts.c.at, busy.c.invitation_id, last.c.at)
        .join(Invitation.delegate)
        .join(Delegate.group)
        .outerjoin(Pass, Pass.invitation_id == Invitation.id)
        .outerjoin(facts, facts.c.invitation_id == Invitation.id)
        .outerjoin(busy, busy.c.invitation_id == Invitation.id)
        .outerjoin(last, last.c.invitation_id == Invitation.id)
        .outerjoin(Reply, sa.and_(Reply.delegate_id == Delegate.id, living_reply()))
        .where(
            Invitation.conference_id == conference.id, Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None),
            Delegate.removed_at.is_(None), Reply.id.is_(None),
        )
        .options(contains_eager(Invitation.delegate).contains_eager(Delegate.group))
        .options(contains_eager(Invitation.delegate).joinedload(Delegate.body))
        .order_by(Group.position, Delegate.precedence_key, Delegate.id)
    )  # fmt: skip
    if group_id is not None:
        wanted = wanted.where(Delegate.group_id == group_id)
    found = []
    for invitation, held, sent_at, under_way, reminded_at in db.session.execute(wanted):
        deadline = reply_deadline(invitation.delegate.group.reply_by, conference.reply_by)
        reached = sent_at is not None or invitation.opened_at is not None
        why = _why_not(invitation, deadline, reached, under_way is not None, reminded_at, interval_days, now)
        found.append(Silent(invitation, held, deadline, reminded_at, why))
    return found


def _why_not(
    invitation: Invitation, deadline: datetime | None, reached: bool, under_way: bool, reminded_at: datetime | None,
    interval_days: int, now: datetime,
) -> str | None:  # fmt: skip
    if is_past(deadline, now):
        return f"Đã hết hạn trả lời lúc {_moment(deadline)}."
    if mailbox_of(invitation.delegate) is None:
        return "Không có địa chỉ thư; gọi điện." if reached else "Không có địa chỉ thư: giao giấy mời trên giấy."
    if not reached:
        return "Giấy mời chưa gửi."
    if under_way:
        return "Đang có thư nhắc chờ gửi."
    if reminded_at is not None and reminded_at > now - timedelta(days=interval_days):
        return f"Đã nhắc lúc {_moment(reminded_at)}."
    return None


def _note(conference: Conference, rows: int, by: int) -> None:
    with transaction():
        record(
            "list.exported", clock.now(), conference_id=conference.id, account_id=by, subject="list",
            sentence=f"Xuất danh sách gọi điện: {rows} người chưa trả lời, không có địa chỉ thư.", rows=rows,
        )  # fmt: skip


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = to_local(moment)
    return f"{hour_text(local.time())}, {short_date(local.date())}"


def _until(one: Silent) -> str:
    return _moment(one.deadline)


def _body(one: Silent) -> str:
    return one.delegate.body.name if one.delegate.body else ""


def _phones(one: Silent) -> str:
    return one.delegate.phone or (one.delegate.body.phone if one.delegate.body else None) or ""


def _number(one: Silent) -> str:
    return number_text(one.invitation.number, one.invitation.number_symbol or "")
