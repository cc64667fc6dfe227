"""The outbox at work: claim a mail, hand it over, store the answer; nothing is sent twice, nothing is lost silently.

The row decides. A claim is a conditional UPDATE. Before the end of the data is said the row goes from SENDING to
HANDING; who lost the claim meanwhile hangs up instead. A worker that dies while SENDING has sent nothing, so the mail
waits again; one that dies while HANDING leaves it UNCLEAR for a person.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.mailing import LONGEST_REST, Answer, MailState, Outcome, next_try
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.models.mails import Mail, MailLetter, MailTry
from eventmgr.services import mail_channel
from eventmgr.services.mail_making import Made, NothingToSend, make, still_right
from eventmgr.services.smtp import Abandoned, Connection

log = logging.getLogger("eventmgr.mail")

CLAIM = timedelta(minutes=2)
"""How long a worker may be silent before the end of the data; taking over from a slow one is harmless."""
ANSWER = timedelta(minutes=8)
"""How long the server's answer is awaited before a mail is called unclear."""
DIED = "Tiến trình gửi bị ngắt sau khi đã chuyển hết nội dung, trước khi ghi câu trả lời của máy chủ thư."


@dataclass
class Postman:
    """One worker with its connection to the mail server."""

    worker: str
    connect: Callable[[], Connection] | None = None
    connection: Connection | None = None

    def deliver_one(self) -> bool:
        """Take the next mail that is due and try to hand it over; return whether there was one."""
        server = mail_channel.server()
        if server is None:
            return False
        settle_lost_claims()
        claimed = _claim(self.worker, server.per_hour)
        if claimed is None:
            return False
        mail_id, try_id = claimed
        try:
            made = make(mail_id, server, keep=lambda: _keep(mail_id, self.worker))
        except NothingToSend as nothing:
            _drop(mail_id, self.worker, try_id, nothing.sentence)
            return True
        except Exception as problem:
            log.exception("mail %s could not be made", mail_id)
            sentence = getattr(problem, "sentence", "Không làm được thư; hệ thống sẽ thử lại.")
            _store(mail_id, self.worker, try_id, Answer(Outcome.LATER, sentence), about_channel=False)
            return True
        db.session.close()
        self._hand_over(mail_id, try_id, made)
        return True

    def rest(self) -> None:
        """Hang up while there is nothing to do."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _hand_over(self, mail_id: int, try_id: int, made: Made) -> None:
        server = mail_channel.server()
        assert server is not None
        if self.connection is None:
            self.connection = self.connect() if self.connect else Connection(server)
        try:
            answer = self.connection.hand_over(made.mailbox, made.message, lambda: _end_is_near(mail_id, self.worker, made))
        except Abandoned:
            _release(mail_id, self.worker, try_id)
            return
        _store(mail_id, self.worker, try_id, answer)


def settle_lost_claims() -> int:
    """Take mails back from workers that went silent: those not handed over wait again, the others are unclear."""
    at = clock.now()
    # A claim further ahead than any is made comes from a clock that was ahead: it would hold for an hour.
    lapsed = sa.or_(Mail.claimed_until < at, Mail.claimed_until > at + 2 * ANSWER)
    late = sa.and_(Mail.state.in_(("sending", "handing")), lapsed)
    lost = list(db.session.scalars(sa.select(Mail.id).where(late)))
    db.session.close()
    for mail_id in lost:
        with transaction():
            if _change(mail_id, late, Mail.state == "sending", state="queued", due_at=at, claimed_by=None, claimed_until=None):
                continue
            if _change(mail_id, late, Mail.state == "handing", state="unclear", words=DIED, finished_at=at):
                _tell(mail_id, "mail.unclear", at, "Chưa rõ thư tới {mailbox} đã đến chưa: tiến trình gửi bị ngắt giữa chừng.")
    return len(lost)


def _claim(worker: str, per_hour: int) -> tuple[int, int] | None:
    """Take the mail that is due longest; return its id and that of the try. None: nothing is due, or not now."""
    at = clock.now()
    # What was written while the clock was ahead is due as well, once.
    due = sa.and_(Mail.state == "queued", sa.or_(Mail.due_at <= at, sa.and_(Mail.created_at > at, Mail.tries == 0)))
    next_due = sa.select(Mail.id).where(due).order_by(Mail.due_at, Mail.id).limit(1)
    if db.session.scalar(next_due) is None:
        db.session.close()
        return None
    with transaction():
        channel = mail_channel.lock_channel()
        tried = sa.select(sa.func.count(MailTry.id)).where(MailTry.at > at - timedelta(hours=1))
        rests = channel.rest_until is not None and at < channel.rest_until <= at + LONGEST_REST
        if rests or int(db.session.scalar(tried) or 0) >= per_hour:
            return None
        found = db.session.scalar(next_due)
        if found is None or not _change(found, due, state="sending", claimed_by=worker, claimed_until=at + CLAIM):
            return None
        one = MailTry(mail_id=found, at=at, worker=worker)
        db.session.add(one)
        db.session.flush()
        return found, one.id


def _keep(mail_id: int, worker: str) -> None:
    with transaction():
        _change(mail_id, _mine(worker, "sending"), claimed_until=clock.now() + CLAIM)


def _end_is_near(mail_id: int, worker: str, made: Made) -> bool:
    """Say the point of no return; False when the claim is gone, or the mail says what is no longer so."""
    with transaction():
        if not _change(mail_id, _mine(worker, "sending"), state="handing", claimed_until=clock.now() + ANSWER):
            return False
        if still_right(mail_id, made):
            return True
        _change(mail_id, _mine(worker, "handing"), state="sending", claimed_until=clock.now() + CLAIM)
        return False


def _release(mail_id: int, worker: str, try_id: int) -> None:
    at = clock.now()
    with transaction():
        db.session.execute(sa.delete(MailTry).where(MailTry.id == try_id))
        _change(mail_id, _mine(worker, "sending"), state="queued", due_at=at, claimed_by=None, claimed_until=None)


def _drop(mail_id: int, worker: str, try_id: int, sentence: str) -> None:
    at = clock.now()
    with transaction():
        db.session.execute(sa.delete(MailTry).where(MailTry.id == try_id))
        if _change(mail_id, _mine(worker, "sending"), state="cancelled", words=sentence[:500], finished_at=at):
            close_letters(mail_id, at, sentence)


def _store(mail_id: int, worker: str, try_id: int, answer: Answer, *, about_channel: bool = True) -> None:
    """Store what a try came to; a worker whose mail a person or another one settled meanwhile changes nothing."""
    at = clock.now()
    with transaction():
        words = answer.words[:500]
        db.session.execute(sa.update(MailTry).where(MailTry.id == try_id).values(outcome=answer.outcome.value, words=words))
        if about_channel:
            mail_channel.note_answer(answer, at)
        mine = _mine(worker, "sending", "handing", "unclear")
        mail = db.session.scalar(sa.select(Mail).where(Mail.id == mail_id, mine).with_for_update())
        if mail is None:
            log.warning("mail %s was settled by somebody else", mail_id)
            return
        mail.words = words
        if answer.outcome is Outcome.SENT:
            _end(mail, MailState.SENT, at)
            _tell(mail_id, "mail.sent", at, "")
        elif answer.outcome is Outcome.UNCLEAR:
            mail.state, mail.finished_at = MailState.UNCLEAR.value, at
            _tell(mail_id, "mail.unclear", at, "Chưa rõ thư tới {mailbox} đã đến chưa: mất kết nối khi chờ trả lời.")
        elif answer.outcome is Outcome.REFUSED:
            _end(mail, MailState.REFUSED, at)
            _tell(mail_id, "mail.refused", at, f"Máy chủ thư từ chối thư tới {{mailbox}}: {words}")
        else:
            _put_off(mail, answer, at)


def _put_off(mail: Mail, answer: Answer, at: datetime) -> None:
    mail.tries += 1
    again = next_try(mail.tries, at, mail.created_at)
    if answer.outcome is Outcome.LOST:  # the channel's fault: never given up, only later
        again = min(again or at + timedelta(minutes=15), at + timedelta(minutes=15))
    if again is None:
        _end(mail, MailState.GIVEN_UP, at)
        _tell(mail.id, "mail.given_up", at, f"Thôi gửi thư tới {{mailbox}} sau nhiều lần: {answer.words}")
    else:
        mail.state, mail.due_at, mail.claimed_by, mail.claimed_until = MailState.QUEUED.value, again, None, None


def _end(mail: Mail, state: MailState, at: datetime) -> None:
    mail.state, mail.finished_at, mail.claimed_by, mail.claimed_until = state.value, at, None, None
    if state is MailState.SENT:
        mark_sent(mail.id, at)
    else:
        close_letters(mail.id, at, mail.words or state.label)


def mark_sent(mail_id: int, at: datetime) -> None:
    """Note inside the open transaction that what the mail carries has gone out."""
    open_ones = sa.and_(MailLetter.mail_id == mail_id, MailLetter.sent_at.is_(None), MailLetter.closed_at.is_(None))
    db.session.execute(sa.update(MailLetter).where(open_ones).values(sent_at=at))


def close_letters(mail_id: int, at: datetime, note: str) -> None:
    """Note inside the open transaction that what the mail carries did not go out, and why."""
    open_ones = sa.and_(MailLetter.mail_id == mail_id, MailLetter.sent_at.is_(None), MailLetter.closed_at.is_(None))
    db.session.execute(sa.update(MailLetter).where(open_ones).values(closed_at=at, note=note[:300]))


def _mine(worker: str, *states: str) -> sa.ColumnElement[bool]:
    return sa.and_(Mail.claimed_by == worker, Mail.state.in_(states))


def _change(mail_id: int, *conditions: sa.ColumnElement[bool], **values: Any) -> bool:
    done = db.session.execute(
        sa.update(Mail).where(Mail.id == mail_id, *conditions).values(**values).execution_options(synchronize_session=False)
    )
    changed: int = done.rowcount  # type: ignore[attr-defined]
    return changed == 1


def _tell(mail_id: int, verb: str, at: datetime, sentence: str) -> None:
    mail = db.session.execute(sa.select(Mail.conference_id, Mail.mailbox).where(Mail.id == mail_id)).one()
    record(
        verb, at, conference_id=mail.conference_id, subject="mail", subject_id=mail_id,
        sentence=sentence.replace("{mailbox}", mail.mailbox),
    )
