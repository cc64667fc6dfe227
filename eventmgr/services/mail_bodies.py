"""The mail that invites a body to name its people: its page behind its own link, its quota, its deadline."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from eventmgr.documents.mail import MailLine, MailSheet
from eventmgr.documents.wording import count, sentence
from eventmgr.domain.dates import hour_text, long_date, official_date, to_local
from eventmgr.domain.deadlines import reply_deadline
from eventmgr.domain.mailing import mailbox
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body
from eventmgr.services import body_links
from eventmgr.services.mailboxes import Box

ACTION = "Mở trang của đơn vị"


def sheet_of(conference: Conference, body_id: int | None, issuer: str) -> MailSheet:
    """Return what a body is told; raises NotFound through its lines being empty never: a body without link has no line."""
    body = db.session.scalar(
        sa.select(Body).outerjoin(Body.group).where(Body.id == body_id).options(contains_eager(Body.group))
    )
    link = body_links.link_of(body) if body is not None else None
    name = body.name if body else ""
    deadline = reply_deadline(body.group.reply_by if body and body.group else None, conference.reply_by)
    asked = f"{issuer} trân trọng đề nghị {name} cử đại biểu dự {conference.title}"
    if body is not None and body.quota:
        asked += f", số lượng {count(body.quota)} người"
    closing = ["Trên trang này đơn vị ghi họ tên, chức vụ người dự, đổi người hoặc báo vắng; không cần tài khoản. Liên kết dành riêng cho đơn vị, xin không chuyển tiếp ra ngoài."]
    if deadline is not None:
        local = to_local(deadline)
        closing.insert(0, f"Đề nghị gửi danh sách trước {hour_text(local.time())} {official_date(local.date())}.")
    return MailSheet(
        subject="", greeting=f"Kính gửi: {name}", paragraphs=(f"{asked}.",),
        lines=(MailLine("Trang cử đại biểu của đơn vị", name, link, action=ACTION),) if link else (),
        facts=tuple((word, sentence(value)) for word, value in _facts(conference) if value), closing=tuple(closing),
    )


def boxes_of(conference_id: int, body_ids: tuple[int, ...] = ()) -> tuple[list[Box], list[Body]]:
    """Return bodies in use that have a link and a mailbox, and those with a link and none.

    Each body gets a mail of its own, even where two share a mailbox: the links differ.
    """
    wanted = sa.select(Body).where(
        Body.conference_id == conference_id, Body.archived_at.is_(None), Body.link_seed.is_not(None)
    )
    if body_ids:
        wanted = wanted.where(Body.id.in_(body_ids))
    boxes, without = [], []
    for body in db.session.scalars(wanted.order_by(Body.position, Body.id)):
        address = mailbox(body.email)
        if address is None:
            without.append(body)
        else:
            boxes.append(Box(address, body_id=body.id, body_name=body.name))
    return boxes, without


def _facts(conference: Conference) -> tuple[tuple[str, str | None], ...]:
    when = long_date(conference.held_on) if conference.held_on else conference.date_text
    if conference.held_on and conference.starts_at:
        when = f"{hour_text(conference.starts_at)}, {when}"
    place = ", ".join(part for part in (conference.venue, conference.venue_address) if part)
    return ("Thời gian", when), ("Địa điểm", place or None), ("Chủ trì", conference.chair)
