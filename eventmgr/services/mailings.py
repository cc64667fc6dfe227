"""Sending letters by e-mail: choose, see exactly what will go out, try it on oneself, send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.documents.mail import MailSheet, plain_text
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.mailing import MailKind, mailbox, mailbox_key
from eventmgr.domain.text import clean
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import record
from eventmgr.models.mails import Mail, Mailing, MailLetter
from eventmgr.services import delivery_facts, letters, mail_channel, mail_making, mail_texts
from eventmgr.services.mailboxes import Box, Held, boxed

OFF = "Chưa cài đặt thư điện tử (SMTP_URL). Gửi qua bưu chính hoặc trao tay, hoặc báo người quản trị."
TAKEN = "Người khác vừa đưa một số giấy này vào thư gửi đi. Chưa đưa thêm thư nào; mở lại trang rồi xem lại."
WHICH = {"undelivered": "Chưa gửi", "all": "Tất cả giấy đã phát hành (kể cả đã gửi)"}


@dataclass(frozen=True)
class Choice:
    """Which issued letters: of a group, a body, or those ticked; `which` is undelivered or all."""

    group_id: int | None = None
    body_id: int | None = None
    which: str = "undelivered"
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Words:
    """What the office wrote itself: a subject of its own, further paragraphs; both may be left out."""

    subject: str | None = None
    words: str | None = None


@dataclass(frozen=True)
class Draft:
    """What a sending act would send: mailboxes, letters without one, and those that stand in a mail already."""

    boxes: list[Box]
    without: list[Held]
    under_way: int

    @property
    def letters(self) -> int:
        """How many letters have a mailbox."""
        return sum(len(box.letters) for box in self.boxes)


@dataclass(frozen=True)
class Shown:
    """One mail as it will go out."""

    sheet: MailSheet
    text: str
    sender: str
    mailbox: str
    files: list[tuple[str, int | None]]


def draft(conference_id: int, choice: Choice) -> Draft:
    """Return what would be sent."""
    return _draft(conference_id, choice)


def show(conference: Conference, kind: MailKind, box: Box, words: Words) -> Shown:
    """Return the mail to one mailbox exactly as it will be sent, attachments by name with the letter's id."""
    mailing = Mailing(conference_id=conference.id, kind=kind.value, key="", **_checked(words))
    mail = Mail(conference_id=conference.id, kind=kind.value, mailbox=box.address, to_name=box.name, body_id=box.body_id, part=1, parts=1)
    sheet = mail_texts.sheet_of(conference, mailing, mail, box.letters)
    files: list[tuple[str, int | None]] = []
    if kind is MailKind.LETTERS:
        files += [(mail_texts.file_name(invitation), invitation.id) for invitation, _ in box.letters]
    if conference.held_on is not None and kind is not MailKind.BODY:
        files.append(("Lịch hội nghị.ics", None))
    server = mail_channel.server()
    name = (server.sender_name if server else None) or mail_texts.issuer_of(conference)
    sender = f"{name} <{server.sender}>" if server else name
    return Shown(sheet, plain_text(sheet), sender, box.address, files)


def send_letters(conference_id: int, choice: Choice, words: Words, key: str, by: int) -> Mailing:
    """Put one mail for each mailbox into the outbox; the same key again returns what the first press made.

    Raises Conflict when e-mail is off or somebody else just sent one of the letters, Invalid when nothing is left.
    """
    return enqueue(conference_id, MailKind.LETTERS, words, key, by, lambda: _draft(conference_id, choice).boxes)


def send_test(conference_id: int, kind: MailKind, box: Box, words: Words, typed: str, key: str, by: int) -> Mailing:
    """Send the mail of one mailbox to another address, marked as a test; no letter counts as sent by it."""
    address = mailbox(typed)
    if address is None:
        raise Invalid("Nhập một địa chỉ thư điện tử, ví dụ lan@tinh.gov.vn.", "address")
    return enqueue(conference_id, MailKind.TEST, words, key, by, lambda: [Box(address, list(box.letters), box.body_id)], to_name=box.name)


def enqueue(
    conference_id: int, kind: MailKind, words: Words, key: str, by: int, boxes_now: Callable[[], list[Box]], to_name: str | None = None,
) -> Mailing:  # fmt: skip
    """Make a mailing with its mails in one transaction; `boxes_now` is asked inside it, when nothing can change any more."""
    if mail_channel.server() is None:
        raise Conflict(OFF)
    if not 8 <= len(key) <= 40 or not key.isalnum():
        raise Invalid("Biểu mẫu đã cũ; mở lại trang rồi gửi lần nữa.")
    own, at = _checked(words), clock.now()
    try:
        with transaction():
            if known := _by_key(conference_id, key):
                return known
            mailing = Mailing(conference_id=conference_id, key=key, kind=kind.value, created_at=at, created_by_id=by, **own)
            db.session.add(mailing)
            db.session.flush()
            boxes = boxes_now()
            if not boxes:
                raise Invalid("Không còn giấy nào để gửi qua thư điện tử.")
            for box in boxes:
                _put(mailing, box, to_name or box.name, at)
            letters_in = sum(len(box.letters) for box in boxes)
            record(
                "mail.queued", at, conference_id=conference_id, account_id=by, subject="mailing", subject_id=mailing.id,
                sentence=_told(kind, letters_in, len(boxes)), mailing_id=mailing.id,
            )
            return mailing
    except IntegrityError as error:
        if known := _by_key(conference_id, key):
            return known
        raise Conflict(TAKEN) from error


def eml(conference: Conference, kind: MailKind, box: Box, words: Words) -> bytes:
    """Return the mail to one mailbox as a file, made by the very code that sends it."""
    server = mail_channel.server()
    if server is None:
        raise Conflict(OFF)
    mailing = Mailing(conference_id=conference.id, kind=kind.value, key="", **_checked(words))
    mail = Mail(
        id=0, conference_id=conference.id, kind=kind.value, mailbox=box.address, to_name=box.name, body_id=box.body_id, part=1, parts=1,
        created_at=clock.now(),
    )
    files = mail_making.letter_files(conference, box.letters) if kind is MailKind.LETTERS else []
    return mail_making.compose(conference, mailing, mail, box.letters, files, server)


def chosen_ids(conference_id: int, choice: Choice) -> list[int]:
    """Return the issued letters of a choice that stand in no mail under way."""
    facts, busy = delivery_facts.delivered(conference_id), delivery_facts.under_way(conference_id)
    wanted = (
        sa.select(Invitation.id)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .outerjoin(facts, facts.c.invitation_id == Invitation.id)
        .where(
            Invitation.conference_id == conference_id, Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None),
            Delegate.removed_at.is_(None), Invitation.id.not_in(sa.select(busy.c.invitation_id)),
        )
    )  # fmt: skip
    if choice.ids:
        wanted = wanted.where(Invitation.id.in_(choice.ids))
    if choice.which != "all":
        wanted = wanted.where(sa.not_(delivery_facts.is_delivered(facts)))
    if choice.group_id is not None:
        wanted = wanted.where(Delegate.group_id == choice.group_id)
    if choice.body_id is not None:
        wanted = wanted.where(Delegate.body_id == choice.body_id)
    return list(db.session.scalars(wanted))


def _draft(conference_id: int, choice: Choice) -> Draft:
    boxes, without = boxed(letters.loaded(conference_id, chosen_ids(conference_id, choice)))
    busy = delivery_facts.under_way(conference_id)
    return Draft(boxes, without, int(db.session.scalar(sa.select(sa.func.count()).select_from(busy)) or 0))


def _put(mailing: Mailing, box: Box, to_name: str, at: datetime) -> None:
    mail = Mail(
        conference_id=mailing.conference_id, mailing_id=mailing.id, kind=mailing.kind, mailbox=box.address,
        mailbox_key=_key_of(mailing, box), to_name=to_name[:700], body_id=box.body_id, due_at=at, created_at=at,
    )
    db.session.add(mail)
    db.session.flush()
    db.session.add_all([
        MailLetter(conference_id=mailing.conference_id, mail_id=mail.id, invitation_id=invitation.id, kind=mailing.kind)
        for invitation, _ in box.letters
    ])  # fmt: skip
    db.session.flush()


def _key_of(mailing: Mailing, box: Box) -> str:
    """Return what is unique in a mailing: the mailbox, or the body where each body has a mail of its own."""
    return f"{mailbox_key(box.address)[:240]}#{box.body_id}" if mailing.kind == MailKind.BODY else mailbox_key(box.address)


def _by_key(conference_id: int, key: str) -> Mailing | None:
    return db.session.scalar(sa.select(Mailing).where(Mailing.conference_id == conference_id, Mailing.key == key))


def _checked(words: Words) -> dict[str, str | None]:
    subject = clean(words.subject or "") or None
    lines = [clean(line) for line in (words.words or "").splitlines()]
    own = "\n".join(line for line in lines if line) or None
    if subject and len(subject) > 200:
        raise Invalid("Dài nhất 200 ký tự.", "subject")
    if own and len(own) > 2000:
        raise Invalid("Dài nhất 2.000 ký tự.", "words")
    return {"subject": " ".join(subject.split()) if subject else None, "words": own}


def _told(kind: MailKind, letters_in: int, boxes: int) -> str:
    return {
        MailKind.LETTERS: f"Đưa {letters_in} giấy mời vào {boxes} thư gửi đi.",
        MailKind.REMINDER: f"Nhắc trả lời {letters_in} giấy mời bằng {boxes} thư.",
        MailKind.BODY: f"Gửi liên kết cử đại biểu tới {boxes} đơn vị.",
        MailKind.TEST: "",
    }[kind]
