"""The outbox before the office: what waits, what went, what the servers said; and what a person may decide about a mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.domain.mailing import MailState
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import record
from eventmgr.models.mails import Mail, Mailing, MailLetter, MailTry
from eventmgr.services import mail_channel, outbox_work
from eventmgr.services.mailings import OFF, TAKEN
from eventmgr.services.paging import PAGE, Page, kept_inside

FILTERS = {
    "waiting": ("queued", "sending", "handing"), "sent": ("sent",), "wrong": ("refused", "given_up"), "unclear": ("unclear",),
    "cancelled": ("cancelled",),
}  # fmt: skip
AGAIN = (MailState.REFUSED, MailState.GIVEN_UP, MailState.CANCELLED, MailState.UNCLEAR)
CHANGED = "Thư này vừa đổi trạng thái; xem lại rồi quyết định."


@dataclass(frozen=True)
class OutRow:
    """A mail in the list, with how many letters it carries and the first of them."""

    mail: Mail
    state: MailState
    letters: list[tuple[MailLetter, Invitation]]


@dataclass(frozen=True)
class OutPage(Page[OutRow]):
    """A page of the outbox, newest first, and how many mails each filter finds."""

    counts: dict[str, int] | None = None


@dataclass(frozen=True)
class OneMail:
    """A mail with everything that its page shows."""

    mail: Mail
    state: MailState
    mailing: Mailing
    letters: list[tuple[MailLetter, Invitation]]
    tries: list[MailTry]


def outbox_page(conference_id: int, show: str = "", mailing_id: int | None = None, number: int = 1) -> OutPage:
    """Return a page of mails, newest first, in three queries; `show` is one of FILTERS or '' for all."""
    wanted = sa.select(Mail).where(Mail.conference_id == conference_id)
    if mailing_id is not None:
        wanted = wanted.where(Mail.mailing_id == mailing_id)
    counted = db.session.execute(
        wanted.with_only_columns(
            sa.func.count(Mail.id), *(sa.func.count(sa.case((Mail.state.in_(states), 1))) for states in FILTERS.values())
        )
    ).one()
    counts: dict[str, int] = dict(zip(("all", *FILTERS), counted, strict=True))
    if show in FILTERS:
        wanted = wanted.where(Mail.state.in_(FILTERS[show]))
    total = counts[show if show in FILTERS else "all"]
    number = kept_inside(number, total)
    mails = list(db.session.scalars(wanted.order_by(Mail.id.desc()).limit(PAGE).offset((number - 1) * PAGE)))
    inside = _letters_of([mail.id for mail in mails])
    rows = [OutRow(mail, MailState(mail.state), inside.get(mail.id, [])) for mail in mails]
    return OutPage(rows, number, total, counts=counts)


def one_mail(conference_id: int, mail_id: int) -> OneMail:
    """Return one mail with its letters and every try; raises NotFound."""
    mail = _mail(conference_id, mail_id)
    tries = list(db.session.scalars(sa.select(MailTry).where(MailTry.mail_id == mail_id).order_by(MailTry.id.desc())))
    mailing = db.session.get_one(Mailing, mail.mailing_id)
    return OneMail(mail, MailState(mail.state), mailing, _letters_of([mail_id]).get(mail_id, []), tries)


def cancel(conference_id: int, mail_id: int, by: int) -> None:
    """Take a mail that still waits out of the outbox; raises Conflict when it is on its way already."""
    at = clock.now()
    with transaction():
        mail = _mail(conference_id, mail_id)
        if mail.state == MailState.CANCELLED:
            return
        waits = db.session.execute(
            sa.update(Mail)
            .where(Mail.id == mail_id, Mail.state == "queued")
            .values(state="cancelled", finished_at=at, settled_by_id=by, words="Văn phòng hủy trước khi gửi.")
        )
        if waits.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("Thư này không còn chờ gửi nên không hủy được nữa.")
        outbox_work.close_letters(mail_id, at, "Văn phòng hủy trước khi gửi.")
        _note(mail, "mail.cancelled", by, f"Hủy thư tới {mail.mailbox}.")


def cancel_waiting(conference_id: int, by: int) -> int:
    """Take everything that still waits out of the outbox; return how many mails that were."""
    at = clock.now()
    with transaction():
        ids = list(db.session.scalars(sa.select(Mail.id).where(Mail.conference_id == conference_id, Mail.state == "queued")))
        done = 0
        for mail_id in ids:
            gone = db.session.execute(
                sa.update(Mail)
                .where(Mail.id == mail_id, Mail.state == "queued")
                .values(state="cancelled", finished_at=at, settled_by_id=by, words="Văn phòng hủy trước khi gửi.")
            )
            if gone.rowcount == 1:  # type: ignore[attr-defined]
                outbox_work.close_letters(mail_id, at, "Văn phòng hủy trước khi gửi.")
                done += 1
        if done:
            record(
                "mail.cancelled", at, conference_id=conference_id, account_id=by, subject="mail", sentence=f"Hủy {done} thư đang chờ gửi.",
            )  # fmt: skip
    return done


def hurry(conference_id: int, mail_id: int, by: int) -> None:
    """Try a mail that was put off at once."""
    with transaction():
        mail = _mail(conference_id, mail_id)
        if mail.state != MailState.QUEUED:
            raise Conflict(CHANGED)
        mail.due_at = clock.now()
        mail_channel.lock_channel().rest_until = None


def send_again(conference_id: int, mail_id: int, seen: str, by: int) -> None:
    """Put a mail that ended without arriving, or is unclear, into the queue once more: a person's deliberate decision.

    `seen` is the state the person saw. Raises Conflict when it has changed, when a letter of it stands in another
    mail by now, or when e-mail is off.
    """
    at = clock.now()
    try:
        with transaction():
            mail = _mail(conference_id, mail_id, lock=True)
            if mail_channel.server() is None:
                raise Conflict(OFF)
            if mail.state != seen or MailState(mail.state) not in AGAIN:
                raise Conflict(CHANGED)
            mail.state, mail.due_at, mail.tries, mail.created_at = MailState.QUEUED.value, at, 0, mail.created_at
            mail.finished_at, mail.claimed_by, mail.claimed_until, mail.settled_by_id = None, None, None, by
            db.session.execute(
                sa.update(MailLetter)
                .where(MailLetter.mail_id == mail_id, MailLetter.sent_at.is_(None))
                .values(closed_at=None, note=None)
            )
            _note(mail, "mail.again", by, f"Gửi lại thư tới {mail.mailbox}.")
    except IntegrityError as error:
        raise Conflict(TAKEN) from error


def call_arrived(conference_id: int, mail_id: int, by: int) -> None:
    """Settle an unclear mail: the receiver says that it came. Raises Conflict when it is not unclear any more."""
    at = clock.now()
    with transaction():
        mail = _mail(conference_id, mail_id, lock=True)
        if mail.state != MailState.UNCLEAR:
            raise Conflict(CHANGED)
        mail.state, mail.finished_at, mail.settled_by_id, mail.claimed_by = MailState.SENT.value, at, by, None
        outbox_work.mark_sent(mail_id, at)
        _note(mail, "mail.settled", by, f"Xác nhận thư tới {mail.mailbox} đã đến.")


def _letters_of(mail_ids: list[int]) -> dict[int, list[tuple[MailLetter, Invitation]]]:
    found: dict[int, list[tuple[MailLetter, Invitation]]] = {}
    rows = db.session.execute(
        sa.select(MailLetter, Invitation)
        .join(Invitation, Invitation.id == MailLetter.invitation_id)
        .where(MailLetter.mail_id.in_(mail_ids))
        .options(joinedload(Invitation.delegate))
        .order_by(Invitation.number, Invitation.id)
    )
    for inside, invitation in rows:
        found.setdefault(inside.mail_id, []).append((inside, invitation))
    return found


def _mail(conference_id: int, mail_id: int, *, lock: bool = False) -> Mail:
    wanted = sa.select(Mail).where(Mail.id == mail_id, Mail.conference_id == conference_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound("Không có thư này.")
    return found


def _note(mail: Mail, verb: str, by: int, sentence: str, **more: Any) -> None:
    record(
        verb, clock.now(), conference_id=mail.conference_id, account_id=by, subject="mail", subject_id=mail.id, sentence=sentence, **more
    )
