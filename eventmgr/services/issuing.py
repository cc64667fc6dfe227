"""Letters leave the office: a run of numbers in printing order, one day, one signer, a new pass each; and once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain import invitations as rules
from eventmgr.domain import wording
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.text import clean
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.models.journal import record
from eventmgr.services import letter_words, letters, number_runs, pass_codes
from eventmgr.services.typed import needed, optional

TAKEN = "Số hoặc giấy mời này vừa được người khác phát hành. Chưa có giấy nào được phát hành."


@dataclass(frozen=True)
class IssueFacts:
    """What a person enters to issue: the first number of the run, the day, and who signs."""

    first_number: int
    dated_on: date
    signer_lines: tuple[str, ...]
    signer_name: str


@dataclass(frozen=True)
class Again:
    """What a letter that takes another one's place says differently: whom it invites, its own note; and why."""

    reason: str
    addressee: str | None = None
    extra_note: str | None = None


def issue(conference_id: int, ids: Sequence[int], facts: IssueFacts, by: int) -> list[int]:
    """Issue approved letters: a run of numbers in printing order, one day, one signer, a new pass each.

    Returns the numbers given. Raises Invalid for what is missing, Conflict when a number of the run is used,
    voided or kept for somebody else in that year; then nothing is issued (NĐ 30/2020 Điều 15).
    """
    _check_facts(facts)
    at = clock.now()
    try:
        with transaction():
            conference = _conference(conference_id)
            rows = [row for row in letters.loaded(conference_id, list(ids)) if row[0].revoked_at is None]
            fresh = [invitation for invitation, _ in rows if invitation.issued_at is None]
            numbers = _give(conference, fresh, facts, by, at)
            _tell(conference_id, fresh, by, at)
            return numbers
    except IntegrityError as error:
        raise Conflict(TAKEN) from error


def reissue(conference_id: int, invitation_id: int, facts: IssueFacts, again: Again, by: int) -> int:
    """Revoke a letter and issue another in its place, in one act: new number, new pass; return the new letter's id.

    The old number stays used, the old pass is refused at the door, an answer that was given still counts.
    Raises Conflict for a letter that is not out (any more), and all that `issue` raises; then the old one stays.
    """
    _check_facts(facts)
    reason = needed(again.reason, "reason", 300)
    addressee, note = optional(again.addressee, "addressee", 700), optional(again.extra_note, "extra_note", 500)
    if note and (problems := wording.problems_of(note)):
        raise Invalid(" ".join(problems), "extra_note")
    at = clock.now()
    try:
        with transaction():
            conference = _conference(conference_id)
            old = _out(conference_id, invitation_id)
            old.revoked_at, old.revoked_by_id, old.revoked_reason = at, by, reason
            db.session.execute(sa.update(Pass).where(Pass.invitation_id == old.id).values(revoked_at=at))
            db.session.flush()  # one living letter for each delegate
            made = Invitation(
                conference_id=conference_id, delegate_id=old.delegate_id, drafted_at=at, approved_at=at, approved_by_id=by,
                addressee=addressee, extra_note=note,
            )  # fmt: skip
            db.session.add(made)
            db.session.flush()
            fresh = [invitation for invitation, _ in letters.loaded(conference_id, [made.id])]
            _give(conference, fresh, facts, by, at)
            before, after = _number(old), _number(fresh[0])
            name = fresh[0].delegate.shown_name
            _note(old, "invitation.revoked", by, at, f"Thu hồi giấy mời số {before} {name}, thay bằng số {after}: {reason}")
            _note(fresh[0], "invitation.issued", by, at, f"Phát hành giấy mời số {after}: {name}, thay giấy số {before}.")
            return made.id
    except IntegrityError as error:
        raise Conflict(TAKEN) from error


def next_free_number(conference: Conference, year: int) -> int:
    """Return one more than the highest number of the register, as a hint; the clerk decides."""
    return number_runs.highest(year, letters.printed_symbol(conference)) + 1


def kept_runs(conference: Conference) -> list[tuple[int, int, int]]:
    """Return (year, first, last) of each run of numbers that is kept for the conference."""
    return number_runs.reserved_runs(conference.id, letters.printed_symbol(conference))


def _give(conference: Conference, fresh: Sequence[Invitation], facts: IssueFacts, by: int, at: datetime) -> list[int]:
    """Number, date and freeze the letters in the order in which they stand, each with its pass."""
    if not fresh:
        raise Invalid("Không có giấy nào chờ phát hành.")
    _refuse_unready(conference, fresh, facts)
    symbol, year = letters.printed_symbol(conference), facts.dated_on.year
    numbers = list(range(facts.first_number, facts.first_number + len(fresh)))
    if numbers[-1] > number_runs.LAST:
        raise Invalid("Số lớn nhất là 99.999; dãy số này vượt quá.", "first_number")
    number_runs.take(conference.id, year, symbol, {n: one.id for n, one in zip(numbers, fresh, strict=True)})
    book = letter_words.book_of(conference)
    _refuse_gaps(conference, fresh, book)
    for number, invitation in zip(numbers, fresh, strict=True):
        invitation.sheet = letters.issued_sheet(
            conference, invitation, book, number, facts.dated_on, facts.signer_lines, facts.signer_name
        )
        invitation.number, invitation.number_symbol, invitation.number_year = number, symbol, year
        invitation.dated_on, invitation.signer_lines, invitation.signer_name = (
            facts.dated_on, list(facts.signer_lines), facts.signer_name,
        )  # fmt: skip
        invitation.issued_at, invitation.issued_by_id = at, by
        db.session.add(pass_codes.new_pass(conference.id, invitation.id, invitation.delegate_id, at))
    return numbers


def _refuse_unready(conference: Conference, fresh: Sequence[Invitation], facts: IssueFacts) -> None:
    unapproved = [invitation for invitation in fresh if invitation.approved_at is None]
    if unapproved:
        raise Invalid(f"Còn {len(unapproved)} giấy chưa duyệt, ví dụ: {unapproved[0].delegate.shown_name}.")
    if conference.held_on is not None and (wrong := rules.wrong_day(facts.dated_on, conference.held_on)):
        raise Invalid(wrong, "dated_on")
    problems = rules.missing_for_issue(
        addressee=letter_words.addressee_of(fresh[0].delegate), held_on=conference.held_on, starts_at=conference.starts_at,
        venue=conference.venue, chair=conference.chair, approved=True, number=facts.first_number,
        symbol=letters.printed_symbol(conference), dated_on=facts.dated_on, signer_lines=facts.signer_lines,
        signer_name=facts.signer_name,
    )  # fmt: skip
    if problems:
        raise Invalid(" ".join(problems))


def _refuse_gaps(conference: Conference, fresh: Sequence[Invitation], book: letter_words.WordBook) -> None:
    """No letter leaves with dots where a name should be."""
    for invitation in fresh:
        values = letter_words.values_of(conference, invitation.delegate, invitation.addressee)
        used = wording.used_texts(book.for_group(invitation.delegate.group_id), invitation.extra_note, values)
        if gaps := wording.missing_fields(used, values):
            named = ", ".join(field.typed for field in gaps)
            raise Invalid(f"Lời giấy mời dùng {named}, nhưng {invitation.delegate.shown_name} chưa có. Điền vào danh sách, hoặc sửa lời.")


def _tell(conference_id: int, fresh: Sequence[Invitation], by: int, at: datetime) -> None:
    alone = len(fresh) == 1
    for one in fresh:
        told = f"Phát hành giấy mời số {_number(one)}: {one.delegate.shown_name}." if alone else ""
        _note(one, "invitation.issued", by, at, told)
    if not alone:
        first, last = fresh[0], fresh[-1]
        record(
            "invitation.issued_all", at, conference_id=conference_id, account_id=by,
            sentence=f"Phát hành {len(fresh)} giấy mời, số {_number(first)} đến {_number(last)}.", numbers=[first.number, last.number],
        )  # fmt: skip


def _check_facts(facts: IssueFacts) -> None:
    if not 1 <= facts.first_number <= number_runs.LAST:
        raise Invalid("Số là số nguyên từ 1 đến 99.999.", "first_number")
    if not 1945 <= facts.dated_on.year <= 2200:
        raise Invalid("Năm của ngày ký chưa đúng.", "dated_on")
    if not facts.signer_lines:
        raise Invalid("Điền quyền hạn, chức vụ của người ký.", "signer_lines")
    if not 1 <= len(clean(facts.signer_name)) <= 120:
        raise Invalid("Điền họ tên người ký.", "signer_name")


def _conference(conference_id: int) -> Conference:
    found = db.session.get(Conference, conference_id)
    if found is None:
        raise NotFound()
    return found


def _out(conference_id: int, invitation_id: int) -> Invitation:
    """The letter, held until the transaction ends; only one that is out can be taken back."""
    found = db.session.scalar(
        sa.select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.conference_id == conference_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound("Không có giấy mời này.")
    if found.revoked_at is not None:
        raise Conflict("Giấy này đã thu hồi.")
    if found.issued_at is None:
        raise Conflict("Giấy này chưa phát hành.")
    return found


def _number(invitation: Invitation) -> str:
    return rules.number_text(invitation.number, invitation.number_symbol or "")


def _note(invitation: Invitation, verb: str, by: int, at: datetime, sentence: str) -> None:
    record(
        verb, at, conference_id=invitation.conference_id, account_id=by, subject="delegate",
        subject_id=invitation.delegate_id, sentence=sentence, invitation_id=invitation.id,
    )  # fmt: skip
