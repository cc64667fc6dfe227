"""After a storm: is everything there that was answered, is anything there twice, does anything hang."""

from __future__ import annotations

import email
import email.policy
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pypdf
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.documents import shelf as files
from eventmgr.models.checkin import Scan
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.models.jobs import Job
from eventmgr.models.journal import Entry
from eventmgr.models.mails import Mail, MailLetter
from eventmgr.services import seals, shelf
from tests.conftest import settings_for
from tests.faults.actors import FIRST_NUMBER
from tests.faults.house import House, Ledger, _close, wait_for


@dataclass
class Account:
    """Counts in words, and what is wrong (must be empty)."""

    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def must(self, true: bool, what: str) -> None:
        if not true:
            self.wrong.append(what)


def settle(house: House, folder: Path) -> None:
    """Let the job process finish: what a dead one held is taken over as if its lease had run out."""
    app = create_app(settings_for(folder / "settling", house.live.database_url))
    with app.app_context():
        long_ago = clock.now() - timedelta(seconds=1)
        last: list[tuple[int, int]] = []

        def quiet() -> bool:
            db.session.rollback()
            open_jobs = db.session.scalar(sa.select(sa.func.count()).where(Job.state.in_(("waiting", "working")))) or 0
            open_mails = db.session.scalar(sa.select(sa.func.count()).where(Mail.state.in_(("queued", "sending", "handing")))) or 0
            db.session.rollback()
            last.append((int(open_jobs), int(open_mails)))
            if len(last) > 60 and len(set(last[-60:])) == 1:  # three seconds without a step: only the dead ones' are left
                last.clear()
                with transaction():
                    db.session.execute(sa.update(Job).where(Job.state == "working").values(claimed_until=long_ago))
                    held = Mail.state.in_(("sending", "handing"))
                    db.session.execute(sa.update(Mail).where(held).values(claimed_until=long_ago))
                    db.session.execute(sa.update(Mail).where(Mail.state == "queued").values(due_at=long_ago))
            return not open_jobs and not open_mails

        try:
            wait_for(quiet, 900)
        finally:
            _close(app)


def reckon(house: House, ledger: Ledger, folder: Path) -> Account:
    """Compare what was answered with what is stored."""
    app = create_app(settings_for(folder / "reckoning", house.live.database_url))
    made = Account()
    with app.app_context():
        try:
            for look in (_scans, _replies, _letters, _batches, _mails, _journal):
                look(house, ledger, made)
        finally:
            _close(app)
    made.counts["không được trả lời (hỏi lại)"] = ledger.silences
    made.wrong += ledger.refused
    return made


def _scans(house: House, ledger: Ledger, made: Account) -> None:
    stored = {key: outcome for key, outcome in db.session.execute(sa.select(Scan.scan_key, Scan.outcome))}
    lost = [key for key in ledger.scans if key not in stored]
    changed = [key for key, outcome in ledger.scans.items() if key in stored and stored[key] != outcome]
    made.must(not lost, f"{len(lost)} answered scans are gone")
    made.must(not changed, f"{len(changed)} scans were answered otherwise than stored")
    made.must(set(stored) <= set(ledger.sent_scans), "scans that nobody sent")
    twice = db.session.execute(
        sa.select(Scan.delegate_id).where(Scan.outcome == "admitted").group_by(Scan.delegate_id).having(sa.func.count() > 1)
    ).all()
    made.must(not twice, f"{len(twice)} people were admitted twice")
    admitted = sum(outcome == "admitted" for outcome in stored.values())
    seen = {ledger.sent_scans[key] for key in stored}
    made.must(admitted == len(seen), f"{len(seen)} passes were scanned, {admitted} people admitted")
    made.counts |= {"lượt quét được trả lời": len(ledger.scans), "lượt vào": admitted}


def _replies(house: House, ledger: Ledger, made: Account) -> None:
    stored = list(db.session.scalars(sa.select(Reply.reason).where(Reply.reason.is_not(None))))
    made.must(ledger.replies <= set(stored), f"{len(ledger.replies - set(stored))} answered replies are gone")
    made.must(len(stored) == len(set(stored)), "replies stored twice")
    made.must(set(stored) <= ledger.sent_replies, "replies that nobody gave")
    standing = db.session.execute(
        sa.select(Reply.delegate_id).where(Reply.superseded_at.is_(None)).group_by(Reply.delegate_id).having(sa.func.count() > 1)
    ).all()
    made.must(not standing, f"{len(standing)} people have two replies that count")
    made.counts["câu trả lời được ghi nhận"] = len(ledger.replies)


def _letters(house: House, ledger: Ledger, made: Account) -> None:
    rows = db.session.execute(
        sa.select(Invitation.id, Invitation.number).where(Invitation.id.in_(house.waiting), Invitation.issued_at.is_not(None))
    ).all()
    numbers = sorted(int(number) for _, number in rows if number is not None)
    made.must(set(ledger.issued) <= {one for one, _ in rows}, "answered issues are gone")
    made.must(len(numbers) == len(set(numbers)) == len(rows), "a number was used twice, or a letter has none")
    made.must(numbers == list(range(FIRST_NUMBER, FIRST_NUMBER + len(numbers))), f"numbers have a gap: {numbers}")
    held = Counter(db.session.scalars(sa.select(Pass.invitation_id).where(Pass.invitation_id.in_(house.waiting))))
    made.must(held == Counter({one for one, _ in rows}), "an issued letter without its one pass")
    made.counts["giấy được phát hành"] = len(rows)


def _batches(house: House, ledger: Ledger, made: Account) -> None:
    jobs = {job.id: job for job in db.session.scalars(sa.select(Job))}
    made.must(set(ledger.batches) <= set(jobs), "answered jobs are gone")
    made.must(all(job.state in {"done", "failed"} for job in jobs.values()), "jobs hang")
    given_up = [job for job in jobs.values() if job.state == "failed"]
    made.must(all(job.problem for job in given_up), "a job was given up without a word")
    shelf.open_shelf(house.live.instance / "files")
    for job in jobs.values():
        if job.state == "done":
            pages = len(pypdf.PdfReader(io.BytesIO(files.read(shelf.folder(), str(job.file_name)))).pages)
            made.must(pages >= job.total > 0, f"job {job.id}: {pages} pages of {job.total}")
    made.counts |= {"việc in PDF xong": len(jobs) - len(given_up), "việc in PDF thôi, có báo": len(given_up)}
    made.counts["việc in PDF làm lại sau khi bị ngắt"] = sum(job.tries > 1 for job in jobs.values())


def _mails(house: House, ledger: Ledger, made: Account) -> None:
    arrived = Counter(str(email.message_from_bytes(raw, policy=email.policy.default)["Message-ID"]) for _, raw in house.post.mails)
    made.must(all(count == 1 for count in arrived.values()), f"mails arrived twice: {[m for m, n in arrived.items() if n > 1]}")
    by_mail = Counter(int(one.split(".")[1]) for one in arrived)
    states: Counter[str] = Counter()
    for mail in db.session.scalars(sa.select(Mail)):
        states[mail.state] += 1
        count = by_mail[mail.id]
        made.must(mail.state in {"sent", "unclear"}, f"mail {mail.id} is {mail.state}: {mail.words}")
        made.must(count == 1 if mail.state == "sent" else count <= 1, f"mail {mail.id} is {mail.state} and arrived {count} times")
    people = Counter(to for to, _ in house.post.mails)
    made.must(all(count == 1 for count in people.values()), "somebody got two mails")
    queued = set(db.session.scalars(sa.select(MailLetter.invitation_id)))
    made.must(set(ledger.mailed) <= queued, f"{len(set(ledger.mailed) - queued)} letters that were to go out are in no mail")
    unclear_arrived = sum(by_mail[one] for one in db.session.scalars(sa.select(Mail.id).where(Mail.state == "unclear")))
    made.counts |= {"thư đã gửi": states["sent"], "thư chờ người xem (chưa rõ)": states["unclear"]}
    made.counts["trong đó thật ra đã đến"] = unclear_arrived


def _journal(house: House, ledger: Ledger, made: Account) -> None:
    proof = seals.prove_chain()
    made.must(proof.wrong is None, f"the journal: {proof.wrong}")
    lines = Counter((verb, subject) for verb, subject in db.session.execute(sa.select(Entry.verb, Entry.subject_id)))
    admitted = db.session.scalars(sa.select(Scan.delegate_id).where(Scan.outcome == "admitted")).all()
    made.must(all(lines[("scan.admitted", one)] == 1 for one in admitted), "an admission without its line in the journal")
    issued = db.session.scalars(sa.select(Invitation.delegate_id).where(Invitation.id.in_(ledger.issued))).all()
    made.must(all(lines[("invitation.issued", one)] == 1 for one in issued), "an issue without its line in the journal")
    made.counts["dòng nhật ký, chuỗi nguyên vẹn"] = proof.chained

