"""A mail of the outbox made ready: what it still has to say, the PDFs of its letters, parts when it is too large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents import invitation as paper
from eventmgr.documents.mail import Attachment, Envelope, make_mail
from eventmgr.domain.mailing import MailKind, message_id
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.models.mails import Mail, Mailing, MailLetter
from eventmgr.services import letters, mail_texts
from eventmgr.services.calendars import calendar_file
from eventmgr.services.kept import kept_pdf
from eventmgr.services.programme_versions import newest_number
from eventmgr.services.silence import silent_ids
from eventmgr.settings import MailServer

_KEEP_EVERY = 20
# Base64 makes four letters of three, with line ends; the rest is for the texts and the calendar file.
_GROWTH, _TEXTS = 1.38, 200_000


class NothingToSend(Exception):
    """Nothing that the mail was to carry may go out any more; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Made:
    """A mail ready for the server, and the letters that it speaks of."""

    mailbox: str
    message: bytes
    kind: MailKind
    invitation_ids: tuple[int, ...]


def make(mail_id: int, server: MailServer, keep: Callable[[], None] = lambda: None) -> Made:
    """Return the bytes of a claimed mail; a mail that is too large becomes several, of which this is the first.

    Letters revoked meanwhile, and in a reminder people who answered, are left out and closed. `keep` is called now
    and then while PDFs are made. Raises NothingToSend.
    """
    mail, mailing, conference = _loaded(mail_id)
    kind = MailKind(mail.kind)
    chosen = _still_wanted(mail, conference)
    files = letter_files(conference, chosen, keep) if kind in {MailKind.LETTERS, MailKind.TEST} else []
    if files and mail.parts == 1:
        first = _first_part([len(one.content) for one in files], server.max_bytes)
        if first < len(files):
            mail = _split(mail, [invitation.id for invitation, _ in chosen], [len(one.content) for one in files], server.max_bytes)
            chosen, files = chosen[:first], files[:first]
    message = compose(conference, mailing, mail, chosen, files, server)
    return Made(mail.mailbox, message, kind, tuple(invitation.id for invitation, _ in chosen))


def compose(
    conference: Conference, mailing: Mailing, mail: Mail, chosen: list[tuple[Invitation, Pass | None]],
    files: list[Attachment], server: MailServer,
) -> bytes:  # fmt: skip
    """Return the bytes of a mail about these letters."""
    sheet = mail_texts.sheet_of(conference, mailing, mail, chosen)
    envelope = Envelope(
        sender=server.sender, sender_name=server.sender_name or mail_texts.issuer_of(conference), recipient=mail.mailbox,
        message_id=message_id(mail.id, mail.created_at, server.sender), at=clock.now(),
    )
    return make_mail(sheet, envelope, (*files, *_calendar(conference, mail)))


def letter_files(
    conference: Conference, chosen: list[tuple[Invitation, Pass | None]], keep: Callable[[], None] = lambda: None
) -> list[Attachment]:
    """Return the PDFs of letters, each made once and kept: the very file that is printed."""
    files = []
    for number, (invitation, held) in enumerate(chosen, 1):
        sheet = letters.sheet_of(conference, invitation, held)
        name = mail_texts.file_name(invitation)
        files.append(Attachment(name, "application/pdf", kept_pdf("giay-moi", sheet, paper.render_invitation)))
        if number % _KEEP_EVERY == 0:
            keep()
    return files


def still_right(mail_id: int, made: Made) -> bool:
    """Tell inside the open transaction whether a made mail says only what is still so: no revoked letter, nobody who
    answered in the meantime."""
    if not made.invitation_ids:
        return True
    alive = sa.select(sa.func.count(Invitation.id)).where(Invitation.id.in_(made.invitation_ids), Invitation.revoked_at.is_(None))
    if int(db.session.scalar(alive) or 0) != len(made.invitation_ids):
        return False
    if made.kind is not MailKind.REMINDER:
        return True
    conference_id = db.session.scalar(sa.select(Mail.conference_id).where(Mail.id == mail_id))
    return silent_ids(int(conference_id or 0), made.invitation_ids, clock.now()) == set(made.invitation_ids)


def _loaded(mail_id: int) -> tuple[Mail, Mailing, Conference]:
    row = db.session.execute(
        sa.select(Mail, Mailing, Conference)
        .join(Mailing, Mailing.id == Mail.mailing_id)
        .join(Conference, Conference.id == Mail.conference_id)
        .where(Mail.id == mail_id)
    ).one()
    return row[0], row[1], row[2]


def _still_wanted(mail: Mail, conference: Conference) -> list[tuple[Invitation, Pass | None]]:
    if mail.kind == MailKind.BODY:
        return []
    ids = list(
        db.session.scalars(
            sa.select(MailLetter.invitation_id).where(
                MailLetter.mail_id == mail.id, MailLetter.sent_at.is_(None), MailLetter.closed_at.is_(None)
            )
        )
    )
    found = letters.loaded(conference.id, ids)
    out = {invitation.id: "Giấy mời đã thu hồi." for invitation, _ in found if invitation.revoked_at is not None}
    out |= {invitation.id: "Đại biểu không còn trong danh sách." for invitation, _ in found if invitation.delegate.removed_at}
    if mail.kind == MailKind.REMINDER:
        silent = silent_ids(conference.id, ids, clock.now())
        out |= {one: "Đã trả lời hoặc đã hết hạn trước khi thư được gửi." for one in ids if one not in silent and one not in out}
    if out:
        at = clock.now()
        with transaction():
            for invitation_id, note in out.items():
                db.session.execute(
                    sa.update(MailLetter)
                    .where(MailLetter.mail_id == mail.id, MailLetter.invitation_id == invitation_id)
                    .values(closed_at=at, note=note)
                )
    wanted = [(invitation, held) for invitation, held in found if invitation.id not in out]
    if not wanted:
        raise NothingToSend(next(iter(out.values()), "Thư không còn giấy nào để gửi."))
    return wanted


def _calendar(conference: Conference, mail: Mail) -> tuple[Attachment, ...]:
    if mail.kind == MailKind.BODY or conference.held_on is None:
        return ()
    return (Attachment("Lịch hội nghị.ics", "text/calendar", calendar_file(conference, programme=newest_number(conference.id))),)


def _first_part(sizes: list[int], limit: int) -> int:
    """Return how many files from the front fit into one mail, at least one."""
    room, fits = (limit - _TEXTS) / _GROWTH, 0
    for size in sizes:
        room -= size
        if room < 0:
            break
        fits += 1
    return max(1, fits)


def _split(mail: Mail, ids: list[int], sizes: list[int], limit: int) -> Mail:
    """Make one mail for each part and give it its letters, in one transaction before any of them is sent."""
    groups: list[list[int]] = []
    at = 0
    while at < len(ids):
        fits = _first_part(sizes[at:], limit)
        groups.append(ids[at : at + fits])
        at += fits
    with transaction():
        mail = db.session.get_one(Mail, mail.id, populate_existing=True)
        mail.parts = len(groups)
        for number, part in enumerate(groups[1:], 2):
            more = Mail(
                conference_id=mail.conference_id, mailing_id=mail.mailing_id, kind=mail.kind, mailbox=mail.mailbox,
                mailbox_key=mail.mailbox_key, to_name=mail.to_name, part=number, parts=len(groups), due_at=mail.due_at,
                created_at=mail.created_at,
            )
            db.session.add(more)
            db.session.flush()
            db.session.execute(
                sa.update(MailLetter)
                .where(MailLetter.mail_id == mail.id, MailLetter.invitation_id.in_(part))
                .values(mail_id=more.id)
            )
    return mail
