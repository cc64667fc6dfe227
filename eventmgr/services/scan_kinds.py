"""The kinds of facts: somebody enters, goes out, is asked to wait, is named, an earlier fact is undone, or nobody can read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from eventmgr.domain import checkin as rule
from eventmgr.domain import passes
from eventmgr.domain.conflicts import Problem, sentence
from eventmgr.domain.presence import Presence
from eventmgr.domain.scans import Kind, ScanFact, UnreadScan
from eventmgr.models.checkin import Scan
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.services import door_facts, presences, scan_facts, scan_writing, walk_ins
from eventmgr.services.door_facts import Holder
from eventmgr.services.presences import Known
from eventmgr.services.scan_writing import Place, Stored, as_json

_ASKED = timedelta(minutes=1)
"""A phone that did not know a code and asked the server at once acts on the server's verdict; later nobody waits."""

_DOUBTED = frozenset(
    {
        rule.Outcome.REVOKED, rule.Outcome.NOT_ISSUED, rule.Outcome.OTHER_CONFERENCE, rule.Outcome.NOT_KNOWN,
        rule.Outcome.NOT_A_PASS,
    }
)  # fmt: skip
_SETTLED_BY_RETURN = frozenset({rule.Outcome.SUBSTITUTE_EXPECTED, rule.Outcome.SUBSTITUTE_WAITING})


def enter(place: Place, fact: ScanFact) -> Stored:
    """Store an entry: the server's own verdict, and what the phone did where it decided by itself."""
    at = place.placed(fact)
    gate = place.gateway.at(at) if fact.decided else place.gateway.now
    guest = walk_ins.make(place, fact) if fact.walk_in is not None else None
    readable, holder, known = _known(place, fact, guest)
    facts = _as_of_now(holder, known)
    scan = rule.Scan(readable, fact.answers)
    verdict = rule.decide_walk_in(fact.walk_in, gate) if fact.walk_in else rule.decide(facts, gate, scan)
    # Who stands on the sheet and signed it was let in by it, letter or not; a phone's word is held against the letter.
    # So is a walk-in, who has none and who may not have arrived here yet.
    judged = _phone_let_in(fact) and fact.way != "paper" and fact.delegate_key is None
    plain = _objection(facts, gate, scan, verdict, fact) if judged else None
    passed = _passed(fact, verdict, place, at)
    doubt = plain is not None and plain.outcome in _DOUBTED and not _revoked_later(facts, plain, at)
    told = as_json(verdict)
    own = holder if known else None
    row = scan_writing.write(
        place, fact, told, own, passed=passed, doubt=doubt, entered=_substitute(facts, passed, verdict, plain),
        objection=plain.outcome.value if plain and plain.outcome is not rule.Outcome.ADMITTED else None,
    )  # fmt: skip
    if own is None or known is None:
        return _stranger(place, row, told)
    after = _settle(place, own, known, row)
    if fact.scan_key in after.undone:
        told = _verdict("undone", "Đã hoàn tác", "Lượt này đã được hoàn tác trước khi máy gửi đến.", verdict.name)
    _journal_entry(place, own, verdict, row, known.presence, after)
    odd = scan_writing.told(row, after.findings)
    return Stored(row, told, odd or (walk_ins.note_odd(place, row, fact, own) if guest is not None else None))


def leave(place: Place, fact: ScanFact) -> Stored:
    """Store an exit; only who is in can leave."""
    decide = rule.decide_exit
    return _other(place, fact, decide, verb="scan.left", word="đã ra ngoài", done=rule.Outcome.LEFT)


def hold(place: Place, fact: ScanFact) -> Stored:
    """Store that somebody was asked to wait; it admits nobody and the lead sees it."""

    def decide(facts: rule.PassFacts | None, gate: rule.GateFacts, scan: rule.Scan) -> rule.Verdict:
        return rule.decide_hold(facts, gate, scan, fact.reason or "")

    return _other(place, fact, decide, verb="scan.held", word="được mời chờ", done=rule.Outcome.HELD)


def name(place: Place, fact: ScanFact) -> Stored:
    """Store who came with a letter to a post; the list takes the name where it has none of its own."""
    person = fact.person
    assert person is not None

    def decide(facts: rule.PassFacts | None, gate: rule.GateFacts, scan: rule.Scan) -> rule.Verdict:
        return rule.decide_naming(facts, gate, scan, person)

    return _other(place, fact, decide, verb="scan.named", word="được ghi họ tên", done=rule.Outcome.NAMED)


def undo(place: Place, fact: ScanFact) -> Stored:
    """Store that an earlier fact does not count; where that one has not arrived yet, it will find this undo waiting."""
    target = scan_facts.by_key(place.conference_id, fact.undoes_key or "")
    if target is None or target.delegate_id is None:
        return _undo_of_stranger(place, fact, target)
    db.session.execute(sa.select(Delegate.id).where(Delegate.id == target.delegate_id).with_for_update(key_share=True))
    known = presences.known(place.conference_id, target.delegate_id)
    name = str(target.verdict.get("name", ""))
    holder = Holder(rule.PassFacts(place.conference_id, name), target.delegate_id, None)
    after = _state_with_undo(known, fact, place)
    is_name = target.kind == Kind.NAMED and fact.undoes_key not in known.presence.undone
    changed = is_name or _state(known.presence) != _state(after)
    if is_name:
        verdict = _verdict("undone", "Đã hoàn tác", "Họ tên ghi ở cửa không tính nữa.", name)
    elif changed:
        verdict = _verdict("undone", "Đã hoàn tác", "Khách được ghi là chưa vào. Quét lại khi khách vào.", name)
    else:
        ended = fact.undoes_key in known.presence.undone
        say = "Lượt vào này đã được hoàn tác trước đó." if ended else "Lượt quét này không mở lượt vào nào."
        verdict = _verdict("nothing_to_undo", "Không có gì để hoàn tác", say, name)
    row = scan_writing.write(place, fact, verdict, holder)
    settled = _settle(place, holder, known, row)
    if changed:
        line = f"Hoàn tác lượt vào của {_name_of(target, name)}: {fact.reason}"
        scan_writing.journal(place, "scan.undone", line, "delegate", target.delegate_id)
    return Stored(row, verdict, scan_writing.told(row, settled.findings))


def keep_unread(place: Place, said: UnreadScan) -> Stored:
    """Keep what a phone sent and nobody can read, with what is wrong, for a person to look at."""
    verdict = _verdict("unread", "Không đọc được", said.problem, "")
    values: dict[str, Any] = {
        "conference_id": place.conference_id, "scan_key": said.scan_key, "kind": Kind.UNREAD.value, "phone_id": place.phone_id,
        "gate_id": place.gate_id, "delegate_id": None, "pass_id": None, "way": "unknown", "scanned_at": place.received_at,
        "received_at": place.received_at, "offset_ms": 0, "outcome": "unread", "verdict": verdict, "undoes_key": None,
        "reason": said.problem[:300], "at": place.received_at, "passed": False, "again": False, "cleared": False,
        "objection": None, "doubt": False, "said": said.text, "entered_as": None, "entered_form": None, "entered_post": None,
    }  # fmt: skip
    row = scan_facts.as_row(scan_facts.insert(values), values)
    scan_writing.note_conflict(place, Problem.UNREAD, row)
    scan_writing.journal(place, "scan.unread", "", "scan", row.fact.id)
    return Stored(row, verdict, sentence(Problem.UNREAD))


Rule = Callable[[rule.PassFacts | None, rule.GateFacts, rule.Scan], rule.Verdict]


def _other(place: Place, fact: ScanFact, decide: Rule, *, verb: str, word: str, done: rule.Outcome) -> Stored:
    """An exit or a hold: both move nobody in."""
    readable, holder, known = _known(place, fact, None)
    facts = _as_of_now(holder, known)
    verdict = decide(facts, place.gateway.now, rule.Scan(readable, fact.answers))
    passed = fact.kind == "exit" and (fact.decided.outcome if fact.decided else verdict.outcome) == rule.Outcome.LEFT
    told = as_json(verdict)
    own = holder if known else None
    row = scan_writing.write(place, fact, told, own, passed=passed)
    if own is None or known is None:
        return _stranger(place, row, told)
    after = _settle(place, own, known, row)
    if verdict.outcome is done or passed:
        line = f"{verdict.name or verdict.about} {word}, {place.gate_name}."
        scan_writing.journal(place, verb, line, "delegate", own.delegate_id)
    else:
        scan_writing.journal(place, "scan.refused", "", "scan", row.fact.id, outcome=verdict.outcome.value)
    return Stored(row, told, scan_writing.told(row, after.findings))


def _known(place: Place, fact: ScanFact, guest: Holder | None) -> tuple[bool, Holder | None, Known | None]:
    """Whether there was a code at all, whom the fact is about, and what is known of a delegate of this conference."""
    readable, holder = (True, guest) if guest is not None else _find(place.conference_id, fact)
    if holder is None or holder.facts.conference_id != place.conference_id:
        return readable, holder, None
    known = presences.known(place.conference_id, holder.delegate_id, fact.scan_key)
    arrival = known.presence.arrival
    if guest is None and (arrival.id if arrival else None) != holder.arrival_id:
        # Somebody else wrote while this scan waited for the delegate's row: what was read before the wait is old.
        readable, holder = _find(place.conference_id, fact)
    return readable, holder, known


def _find(conference_id: int, fact: ScanFact) -> tuple[bool, Holder | None]:
    if fact.code is not None:
        code = passes.read(fact.code)
        return code is not None, door_facts.by_code(code) if code else None
    if fact.delegate_key is not None:
        return True, door_facts.by_walk_in(conference_id, fact.delegate_key)
    return True, door_facts.by_delegate(conference_id, fact.delegate_id or 0)


def _as_of_now(holder: Holder | None, known: Known | None) -> rule.PassFacts | None:
    """The facts for the rule with the presence that the earlier facts make."""
    if holder is None or known is None:
        return holder.facts if holder else None
    now = known.presence
    waits = None
    if now.hold is not None:
        held = next(row for row in known.rows if row.fact.id == now.hold.id)
        waits = rule.Hold(held.fact.at, scan_writing.gate_name(held.gate_id), held.reason or "")
    entry = holder.facts.entry if now.inside else None
    return replace(holder.facts, entry=entry, left_at=now.left.at if now.left else None, hold=waits)


def _phone_let_in(fact: ScanFact) -> bool:
    return fact.decided is not None and fact.decided.outcome == rule.Outcome.ADMITTED


def _passed(fact: ScanFact, verdict: rule.Verdict, place: Place, at: Any) -> bool:
    if fact.decided is None:
        return verdict.outcome is rule.Outcome.ADMITTED
    if fact.decided.outcome == rule.Outcome.NOT_ON_PHONE and place.received_at - at <= _ASKED:
        return verdict.outcome is rule.Outcome.ADMITTED
    return _phone_let_in(fact)


def _objection(
    facts: rule.PassFacts | None, gate: rule.GateFacts, scan: rule.Scan, verdict: rule.Verdict, fact: ScanFact
) -> rule.Verdict | None:
    """What the server says to an entry whoever was in before it, so that the order of arrival does not matter."""
    if fact.walk_in is not None or facts is None:
        return verdict
    plain = rule.decide(replace(facts, entry=None, left_at=None, hold=None), gate, scan)
    return None if rule.Answer.AGAIN in scan.answers and plain.outcome in _SETTLED_BY_RETURN else plain


def _revoked_later(facts: rule.PassFacts | None, plain: rule.Verdict, at: Any) -> bool:
    revoked_at = facts.revoked_at if facts is not None else None
    return plain.outcome is rule.Outcome.REVOKED and revoked_at is not None and at < revoked_at


def _substitute(
    facts: rule.PassFacts | None, passed: bool, verdict: rule.Verdict, plain: rule.Verdict | None
) -> rule.Substitute | None:
    by_substitute = any(
        one is not None and one.by_substitute and one.outcome is rule.Outcome.ADMITTED for one in (verdict, plain)
    )
    return facts.substitute if facts is not None and passed and by_substitute else None


def _settle(place: Place, holder: Holder, known: Known, row: scan_facts.Row) -> Presence:
    if any(one.fact.undoes == row.fact.key for one in known.rows):
        scan_facts.adopt(place.conference_id, holder.delegate_id, row.fact.key)
    return presences.settle(place.conference_id, holder.delegate_id, place.received_at, [*known.rows, row], known)


def _stranger(place: Place, row: scan_facts.Row, told: dict[str, Any]) -> Stored:
    """A fact about nobody of this conference: kept; where the phone let somebody in, a person has to look."""
    scan_writing.journal(place, "scan.refused", "", "scan", row.fact.id, outcome=told["outcome"])
    if not row.fact.passed or row.fact.kind != "entry" or scan_facts.is_undone(place.conference_id, row.fact.key):
        return Stored(row, told)
    scan_writing.note_conflict(place, Problem.REFUSED, row)
    return Stored(row, told, sentence(Problem.REFUSED, row.fact.objection))


def _undo_of_stranger(place: Place, fact: ScanFact, target: Any) -> Stored:
    gone = target is not None and presences.forget(target.id, place.received_at)
    verdict = (
        _verdict("undone", "Đã hoàn tác", "Lượt này không tính nữa.", "")
        if gone
        else _verdict("nothing_to_undo", "Không có gì để hoàn tác", "Lượt quét này không mở lượt vào nào.", "")
    )
    row = scan_writing.write(place, fact, verdict)
    return Stored(row, verdict)


def _state_with_undo(known: Known, fact: ScanFact, place: Place) -> Presence:
    return presences.with_undo(known, fact.undoes_key or "", fact.scan_key, place.placed(fact))


def _state(presence: Presence) -> tuple[object, ...]:
    double = {one for one in presence.findings if one.problem is not Problem.CROSSED}
    return presence.arrival, presence.left, presence.hold, double


def _journal_entry(
    place: Place, holder: Holder, verdict: rule.Verdict, row: scan_facts.Row, before: Presence, after: Presence
) -> None:
    name = verdict.name or verdict.about or holder.facts.name or ", ".join(holder.facts.posts)
    instead = f" (dự thay {holder.facts.name or ', '.join(holder.facts.posts)})" if row.entered_as else ""
    name = row.entered_as or name
    arrived = after.arrival is not None and before.arrival is None
    moved = row.fact.passed and scan_writing.told(row, after.findings) is None and row.fact.key not in after.undone
    if arrived or moved:
        word = "đã vào" if arrived else "vào lại"
        line = f"{name}{instead} {word}, {place.gate_name}."
        scan_writing.journal(place, "scan.admitted", line, "delegate", holder.delegate_id, again=not arrived)
    elif row.fact.passed:
        line = f"Lượt vào cần xem lại: {name}, {place.gate_name}."
        scan_writing.journal(place, "scan.doubted", line, "delegate", holder.delegate_id)
    else:
        scan_writing.journal(
            place, "scan.refused", "", "scan", row.fact.id, outcome=verdict.outcome.value, delegate_id=holder.delegate_id
        )


def _name_of(target: Any, name: str) -> str:
    return db.session.scalar(sa.select(Scan.entered_as).where(Scan.id == target.id)) or name


def _verdict(outcome: str, word: str, say: str, name: str) -> dict[str, Any]:
    return {"outcome": outcome, "tone": rule.Tone.ASK.value, "word": word, "say": say, "name": name, "offers": []}
