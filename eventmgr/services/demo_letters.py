"""The rehearsal's letters and replies: most issued, a few still drafts, answers of every kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from eventmgr.domain.dates import to_local
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.journal import record
from eventmgr.models.mails import Handover
from eventmgr.services import demo_people, letter_words, letters, number_runs, pass_codes

DRAFTS, APPROVED = 3, 2
BY_HAND, NOT_SENT = 12, 5
SUBSTITUTES = ("approved",) * 5 + ("waiting",) * 3 + ("refused",)
ABSENT, SILENT = 5, 11
REASONS = ("đi công tác ngoài tỉnh", "trùng lịch họp", "nghỉ ốm", "trực chỉ huy", "dự lớp bồi dưỡng")


@dataclass(frozen=True)
class Answered:
    """Who said what: `comes` will come in person, `instead` are delegates whose substitute the office approved."""

    comes: tuple[int, ...]
    instead: tuple[int, ...]
    silent: tuple[int, ...]


def write_letters(conference: Conference, delegates: Sequence[Delegate], start: datetime, actor: str) -> list[Invitation]:
    """Draft a letter for everybody, approve and issue all but the last few; return the issued ones.

    `delegates` stand in printing order with group and body loaded; numbers come from the rehearsal's own register.
    """
    drafted, approved, issued = (start - timedelta(days=days) for days in (10, 9, 8))
    made = [Invitation(conference_id=conference.id, delegate_id=one.id, drafted_at=drafted, delegate=one) for one in delegates]
    _note(conference, "invitation.drafted", drafted, actor, f"Soạn {len(made)} giấy mời.")
    chosen = made[: len(made) - DRAFTS]
    for invitation in chosen:
        invitation.approved_at = approved
    _note(conference, "invitation.approved_all", approved, actor, f"Duyệt {len(chosen)} giấy mời.")
    out = chosen[: len(chosen) - APPROVED]
    book = letter_words.book_of(conference)
    for number, invitation in enumerate(out, 1):
        _issue(conference, invitation, book, number, issued)
    db.session.add_all(made)
    db.session.flush()
    if out:
        year, symbol = to_local(issued).year, letters.printed_symbol(conference)
        number_runs.take(conference.id, year, symbol, {one.number or 0: one.id for one in out})
    db.session.add_all([pass_codes.new_pass(conference.id, one.id, one.delegate_id, issued) for one in out])
    _note(conference, "invitation.issued_all", issued, actor, f"Phát hành {len(out)} giấy mời.")
    _hand_over(conference, out[: len(out) - NOT_SENT], start - timedelta(days=7), actor)
    return out


def write_replies(
    conference: Conference, issued: Sequence[Invitation], sure: set[int], led: set[int], start: datetime, rng: Random,
    names: Iterator[tuple[str, bool]], actor: str,
) -> Answered:  # fmt: skip
    """Answer most letters between their issue and the day before.

    Delegates in `sure` come in person; those in `led` (leaders of the province) send nobody instead.
    """
    others = [one for one in issued if one.delegate_id not in sure]
    rng.shuffle(others)
    proposals = [one for one in others if one.delegate_id not in led and one.delegate.body][: len(SUBSTITUTES)]
    others = [one for one in others if one not in proposals]
    absent, silent, rest = others[:ABSENT], others[ABSENT : ABSENT + SILENT], others[ABSENT + SILENT :]
    comes = [one for one in issued if one.delegate_id in sure] + rest
    replies = [_reply(one, "comes") for one in comes]
    replies += [_reply(one, "absent", reason=reason) for one, reason in zip(absent, REASONS, strict=False)]
    replies += [_proposal(one, next(names)[0]) for one in proposals]
    told = dict(zip((one.delegate_id for one in proposals), SUBSTITUTES, strict=False))
    letter_of = {one.delegate_id: one for one in issued}
    for reply in sorted(replies, key=lambda _: rng.random()):
        reply.at = start - timedelta(minutes=rng.randrange(24 * 60, 7 * 24 * 60))
        reply.source = "office" if rng.random() < 0.15 else "invitee"
        if reply.source == "invitee":
            letter_of[reply.delegate_id].opened_at = reply.at - timedelta(minutes=3)
    for invitation in silent[: SILENT // 2]:
        invitation.opened_at = start - timedelta(days=2)
    for reply in sorted(replies, key=lambda one: one.at):
        _store(conference, reply, letter_of[reply.delegate_id].delegate, told.get(reply.delegate_id), start, actor)
    return Answered(
        tuple(one.delegate_id for one in comes),
        tuple(one.delegate_id for one in proposals if told[one.delegate_id] == "approved"),
        tuple(one.delegate_id for one in silent),
    )


def _hand_over(conference: Conference, letters_out: Sequence[Invitation], at: datetime, actor: str) -> None:
    """Bring the letters of leaders by hand and the others by post."""
    for place, one in enumerate(letters_out):
        way, whom = ("hand", None) if place < BY_HAND else ("post", "Bưu điện tỉnh")
        db.session.add(
            Handover(conference_id=conference.id, invitation_id=one.id, way=way, to_whom=whom, at=at, marked_at=at)
        )
    by_post = len(letters_out) - BY_HAND
    _note(conference, "handover.marked", at, actor, f"Trao tay {BY_HAND} giấy mời, gửi bưu chính {by_post} giấy mời.")


def _issue(conference: Conference, invitation: Invitation, book: letter_words.WordBook, number: int, at: datetime) -> None:
    day, signers = to_local(at).date(), tuple(conference.signer_lines)
    invitation.sheet = letters.issued_sheet(conference, invitation, book, number, day, signers, conference.signer_name)
    invitation.number, invitation.number_symbol = number, letters.printed_symbol(conference)
    invitation.number_year, invitation.dated_on, invitation.issued_at = day.year, day, at
    invitation.signer_lines, invitation.signer_name = list(signers), conference.signer_name


def _reply(invitation: Invitation, answer: str, **more: str) -> Reply:
    return Reply(
        conference_id=invitation.conference_id, invitation_id=invitation.id, delegate_id=invitation.delegate_id,
        answer=answer, **more,
    )


def _proposal(invitation: Invitation, name: str) -> Reply:
    post = demo_people.post_of_deputy(invitation.delegate.body.name if invitation.delegate.body else "")
    return _reply(invitation, "substitute", substitute_form="đồng chí", substitute_name=name, substitute_post=post)


def _store(
    conference: Conference, reply: Reply, delegate: Delegate, judged: str | None, start: datetime, actor: str
) -> None:
    words = {
        "comes": "sẽ dự.", "absent": f"báo vắng: {reply.reason}.", "substitute": f"cử {reply.substitute_name} dự thay.",
    }
    db.session.add(reply)
    _note(conference, "reply.given", reply.at, actor, f"{delegate.shown_name} {words[reply.answer]}", delegate.id)
    if judged in {None, "waiting"}:
        return
    at = min(reply.at + timedelta(hours=2), start - timedelta(hours=20))
    if judged == "approved":
        reply.approved_at = at
    else:
        reply.refused_at = reply.superseded_at = at
    word = "Đồng ý" if judged == "approved" else "Không đồng ý"
    _note(conference, "reply.judged", at, actor, f"{word} người dự thay: {reply.substitute_name}.", delegate.id)


def _note(
    conference: Conference, verb: str, at: datetime, actor: str, sentence: str, delegate_id: int | None = None
) -> None:
    record(
        verb, at, conference_id=conference.id, actor=actor, sentence=sentence,
        subject="delegate" if delegate_id else "", subject_id=delegate_id,
    )
