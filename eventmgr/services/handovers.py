"""Letters that leave on paper: the sheet to sign, the mark that they were handed over, and taking a wrong mark back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.documents.handover_sheet import HandoverRow, HandoverSheet, render_handover_sheet
from eventmgr.domain.dates import COUNTRY
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.invitations import number_text
from eventmgr.domain.text import clean
from eventmgr.models.accounts import Account
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import record
from eventmgr.models.mails import Handover, Mail, MailLetter
from eventmgr.services import letters
from eventmgr.services.kept import kept_pdf
from eventmgr.services.mailings import Choice, chosen_ids

WAYS = {"post": "Gửi bưu chính, văn thư", "hand": "Trao tay"}


@dataclass(frozen=True)
class Mark:
    """What somebody says about letters handed over: how, to whom, when (a naive local moment)."""

    way: str
    to_whom: str | None
    at: datetime | None


@dataclass(frozen=True)
class OneWay:
    """One delivery of a letter as its page shows it."""

    sentence: str
    at: datetime
    state: str
    handover_id: int | None = None
    mail_id: int | None = None
    is_out: bool = False


def mark(conference_id: int, ids: Sequence[int], said: Mark, by: int) -> int:
    """Mark issued letters as handed over; those marked already stay as they are. Return how many were marked now."""
    to_whom, at = clean(said.to_whom or "") or None, clock.now()
    if said.way not in WAYS:
        raise Invalid("Chọn cách giao giấy.", "way")
    if to_whom and len(to_whom) > 200:
        raise Invalid("Dài nhất 200 ký tự.", "to_whom")
    when = said.at.replace(tzinfo=COUNTRY) if said.at is not None else at
    if when > at + timedelta(minutes=5):
        raise Invalid("Giờ giao ở tương lai; xem lại ngày giờ.", "at")
    try:
        with transaction():
            fresh = list(
                db.session.scalars(
                    sa.select(Invitation.id)
                    .outerjoin(Handover, sa.and_(Handover.invitation_id == Invitation.id, Handover.taken_back_at.is_(None)))
                    .where(
                        Invitation.conference_id == conference_id, Invitation.id.in_(list(ids)), Handover.id.is_(None),
                        Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None),
                    )
                )
            )  # fmt: skip
            db.session.add_all([
                Handover(
                    conference_id=conference_id, invitation_id=one, way=said.way, to_whom=to_whom, at=when, marked_at=at, account_id=by,
                )
                for one in fresh
            ])  # fmt: skip
            if fresh:
                whom = f" cho {to_whom}" if to_whom else ""
                record(
                    "handover.marked", at, conference_id=conference_id, account_id=by, subject="handover",
                    sentence=f"{WAYS[said.way]} {len(fresh)} giấy mời{whom}.", invitation_ids=fresh,
                )
    except IntegrityError as error:
        raise Conflict("Người khác vừa đánh dấu một số giấy này. Mở lại trang rồi xem lại.") from error
    return len(fresh)


def take_back(conference_id: int, handover_id: int, why: str, by: int) -> int:
    """Take a wrong mark back; the fact stays with who, when and why. Return the letter's id."""
    why, at = clean(why), clock.now()
    if not 1 <= len(why) <= 300:
        raise Invalid("Ghi lý do bỏ dấu, dài nhất 300 ký tự.", "why")
    with transaction():
        known = db.session.scalar(
            sa.select(Handover).where(Handover.id == handover_id, Handover.conference_id == conference_id).with_for_update()
        )
        if known is None:
            raise NotFound("Không có lần giao giấy này.")
        if known.taken_back_at is None:
            known.taken_back_at, known.taken_back_by_id, known.taken_back_why = at, by, why
            record(
                "handover.taken_back", at, conference_id=conference_id, account_id=by, subject="handover", subject_id=handover_id,
                sentence=f"Bỏ dấu đã giao một giấy mời: {why}", invitation_ids=[known.invitation_id],
            )
        return known.invitation_id


def ways_of(conference_id: int, invitation_id: int) -> list[OneWay]:
    """Return every delivery of one letter, newest first: mails with the server's words, paper, marks taken back."""
    found: list[OneWay] = []
    rows = db.session.execute(
        sa.select(MailLetter, Mail)
        .join(Mail, Mail.id == MailLetter.mail_id)
        .where(MailLetter.conference_id == conference_id, MailLetter.invitation_id == invitation_id)
    )
    for inside, mail in rows:
        what = {"letters": "Thư điện tử", "reminder": "Thư nhắc trả lời", "test": "Thư thử"}[inside.kind]
        words = inside.note or mail.words or ""
        state = "sent" if inside.sent_at else mail.state
        found.append(
            OneWay(
                f"{what} tới {mail.mailbox}{f': {words}' if words else ''}", inside.sent_at or mail.finished_at or mail.created_at, state,
                mail_id=mail.id, is_out=bool(inside.sent_at) and inside.kind == "letters",
            )
        )
    marks = db.session.execute(
        sa.select(Handover, Account.display_name)
        .outerjoin(Account, Account.id == Handover.account_id)
        .where(Handover.conference_id == conference_id, Handover.invitation_id == invitation_id)
    )
    for one, who in marks:
        told = f"{WAYS[one.way]}{f' cho {one.to_whom}' if one.to_whom else ''}{f' ({who} ghi)' if who else ''}"
        if one.taken_back_at is not None:
            found.append(OneWay(f"{told}. Đã bỏ dấu: {one.taken_back_why}", one.at, "taken_back"))
        else:
            found.append(OneWay(told, one.at, one.way, handover_id=one.id, is_out=True))
    return sorted(found, key=lambda one: one.at, reverse=True)


def sheet_pdf(conference: Conference, choice: Choice) -> bytes:
    """Return the sheet to sign for the letters of a choice, by body; raises Invalid when there are none."""
    held = letters.loaded(conference.id, chosen_ids(conference.id, choice))
    if not held:
        raise Invalid("Không có giấy mời nào cần giao ở mục này.")
    rows = [_row(invitation) for invitation, _ in held]
    order = {body: place for place, body in enumerate(dict.fromkeys(row.body for row in rows))}
    rows.sort(key=lambda row: order[row.body])
    when = ", ".join(part for part in (conference.short_title, conference.venue) if part)
    sheet = HandoverSheet(letters.letterhead_of(conference), conference.title, when, tuple(rows), conference.letter_form == "tt01")
    db.session.close()
    return kept_pdf("so-giao-nhan", sheet, render_handover_sheet)


def _row(invitation: Invitation) -> HandoverRow:
    delegate = invitation.delegate
    return HandoverRow(
        number_text(invitation.number, invitation.number_symbol or ""), delegate.full_name or "", delegate.posts_text,
        delegate.body.name if delegate.body else "",
    )  # fmt: skip
