"""The door: what a scan means, what the door staff sees and says.

`static/js/lib/verdict.js` is the same rule for phones without network; both are held to
`tests/cases/verdicts.json`, where the field names are those of the dataclasses here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from eventmgr.domain.names import AddressForm
from eventmgr.domain.namings import NamedPerson


class Tone(StrEnum):
    """Which of three pictures fills the screen: circle, diamond or octagon."""

    GO = "go"
    ASK = "ask"
    NO = "no"


class Outcome(StrEnum):
    """What came out of a scan; only ADMITTED lets somebody in, only LEFT lets somebody out."""

    ADMITTED = "admitted"
    ALREADY_IN = "already_in"
    SUBSTITUTE_EXPECTED = "substitute_expected"
    SUBSTITUTE_WAITING = "substitute_waiting"
    WRONG_GATE = "wrong_gate"
    NOT_ISSUED = "not_issued"
    REVOKED = "revoked"
    CLOSED = "closed"
    OTHER_CONFERENCE = "other_conference"
    NOT_KNOWN = "not_known"
    NOT_ON_PHONE = "not_on_phone"
    NOT_A_PASS = "not_a_pass"
    HELD = "held"
    LEFT = "left"
    NOT_INSIDE = "not_inside"
    NAMED = "named"


class Answer(StrEnum):
    """What the door staff found out by asking, pressed on the verdict of an earlier scan of the same pass."""

    AGAIN = "again"
    SUBSTITUTE = "substitute"
    IN_PERSON = "in_person"
    ANYWAY = "anyway"
    CLEARED = "cleared"

    @property
    def label(self) -> str:
        """The words on the button."""
        return {
            "again": "Cho vào lại",
            "substitute": "Đúng, mời vào",
            "in_person": "Chính đại biểu đến",
            "anyway": "Vẫn mời vào cửa này",
            "cleared": "Đã rõ, mời vào",
        }[self.value]


@dataclass(frozen=True)
class Substitute:
    """Who comes instead; `approved` by the office or still waiting."""

    name: str
    posts: tuple[str, ...] = ()
    approved: bool = False
    address_form: AddressForm = AddressForm.COMRADE
    seat: str = ""


@dataclass(frozen=True)
class Entry:
    """An admission that has not ended: when, at which gate, under which name."""

    at: datetime
    gate: str
    name: str = ""


@dataclass(frozen=True)
class Hold:
    """Somebody was asked to wait because something did not fit: when, where, why."""

    at: datetime
    gate: str
    reason: str


@dataclass(frozen=True)
class WalkIn:
    """A guest who is in no list, as the door staff writes the person down."""

    full_name: str
    address_form: AddressForm = AddressForm.COMRADE
    post: str = ""
    body: str = ""


@dataclass(frozen=True)
class PassFacts:
    """Everything the door knows about the holder of a pass.

    `name` is empty while only a post is invited; `reply` is 'none', 'comes', 'absent' or 'substitute';
    `alert` is a whole sentence for the door ('Báo lễ tân: đưa đồng chí đến hàng A.'). `left_at` is set while the holder
    has gone out and not come back; `hold` while somebody still has to judge; `companion_of` names whom a companion
    comes with ('đồng chí A Thí Dụ').
    """

    conference_id: int
    name: str
    address_form: AddressForm = AddressForm.COMRADE
    posts: tuple[str, ...] = ()
    body: str = ""
    group_id: int | None = None
    group: str = ""
    seat: str = ""
    alert: str = ""
    issued: bool = True
    revoked_at: datetime | None = None
    replaced: bool = False
    reply: str = "none"
    substitute: Substitute | None = None
    entry: Entry | None = None
    left_at: datetime | None = None
    hold: Hold | None = None
    companion_of: str = ""


@dataclass(frozen=True)
class GateFacts:
    """The gate: `group_ids` that may pass (empty: all), and which gate is right for other groups."""

    conference_id: int
    name: str
    group_ids: frozenset[int] = frozenset()
    open: bool = True
    elsewhere: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scan:
    """One reading: whether it held a pass code at all, and what the staff has answered so far.

    `on_phone`: judged by a phone, whose list may be older than the pass.
    """

    readable: bool = True
    answers: frozenset[Answer] = frozenset()
    on_phone: bool = False


@dataclass(frozen=True)
class Verdict:
    """What fills the screen. `about` is the line under the name; `offers` are the answers to show as buttons."""

    outcome: Outcome
    tone: Tone
    word: str
    say: str
    name: str = ""
    about: str = ""
    body: str = ""
    group: str = ""
    seat: str = ""
    note: str = ""
    already_at: datetime | None = None
    already_gate: str = ""
    revoked_at: datetime | None = None
    by_substitute: bool = False
    offers: tuple[Answer, ...] = ()


_DESK = "Nói: “Mời {form} sang bàn đón tiếp.”"
_WORDS = {
    Outcome.ADMITTED: (Tone.GO, "Mời vào"),
    Outcome.ALREADY_IN: (Tone.ASK, "Đã vào rồi"),
    Outcome.SUBSTITUTE_EXPECTED: (Tone.ASK, "Người dự thay"),
    Outcome.SUBSTITUTE_WAITING: (Tone.ASK, "Mời chờ"),
    Outcome.WRONG_GATE: (Tone.ASK, "Nhầm cửa"),
    Outcome.NOT_ISSUED: (Tone.ASK, "Giấy chưa phát hành"),
    Outcome.REVOKED: (Tone.NO, "Giấy đã thu hồi"),
    Outcome.CLOSED: (Tone.NO, "Cửa đã đóng"),
    Outcome.OTHER_CONFERENCE: (Tone.NO, "Giấy của hội nghị khác"),
    Outcome.NOT_KNOWN: (Tone.NO, "Không có trong danh sách"),
    Outcome.NOT_ON_PHONE: (Tone.ASK, "Máy này chưa có mã đó"),
    Outcome.NOT_A_PASS: (Tone.NO, "Không phải mã giấy mời"),
    Outcome.HELD: (Tone.ASK, "Mời chờ"),
    Outcome.LEFT: (Tone.GO, "Đã ghi ra ngoài"),
    Outcome.NOT_INSIDE: (Tone.ASK, "Chưa ghi là đã vào"),
    Outcome.NAMED: (Tone.GO, "Đã ghi họ tên"),
}
_OLD_LIST = "Danh sách trên máy có thể chưa mới. Nói: “Mời đồng chí chờ ở bàn đón tiếp một phút.”"


def decide(facts: PassFacts | None, gate: GateFacts, scan: Scan) -> Verdict:
    """Return the verdict on one scan; `facts` is None when the code is in no list.

    A pass of another conference tells nothing about its holder. Somebody who replied 'cannot come' is
    admitted all the same; an approved substitute is admitted under the own name once the staff has asked.
    """
    if not scan.readable:
        return _bare(Outcome.NOT_A_PASS, "Quét lại, hoặc tìm theo tên.")
    return _foreign(facts, gate, scan) or _own(facts, gate, scan)


def decide_exit(facts: PassFacts | None, gate: GateFacts, scan: Scan) -> Verdict:
    """Return the verdict on somebody who goes out; only who is in can leave."""
    if not scan.readable:
        return _bare(Outcome.NOT_A_PASS, "Quét lại, hoặc tìm theo tên.")
    return _foreign(facts, gate, scan) or _exit(facts)


def decide_hold(facts: PassFacts | None, gate: GateFacts, scan: Scan, reason: str) -> Verdict:
    """Return the verdict on somebody whom the door staff asks to wait, and why."""
    return _foreign(facts, gate, scan) or _held(facts, reason)


def decide_naming(facts: PassFacts | None, gate: GateFacts, scan: Scan, person: NamedPerson) -> Verdict:
    """Return the verdict on the name of somebody who came with a letter to a post; it admits nobody."""
    return _foreign(facts, gate, scan) or _named(facts, person)


def decide_walk_in(guest: WalkIn, gate: GateFacts) -> Verdict:
    """Return the verdict on a guest in no list: let in and noted, unless the gate is closed."""
    note = "Chưa có trong danh sách; đã ghi để trưởng cửa xem lại."
    facts = PassFacts(
        gate.conference_id, guest.full_name, guest.address_form, (guest.post,) if guest.post else (), guest.body
    )
    if not gate.open:
        return _about(facts, Outcome.CLOSED, "Gọi trưởng cửa.")
    return _about(facts, Outcome.ADMITTED, _way_in(guest.address_form, ""), note=note)


def _foreign(facts: PassFacts | None, gate: GateFacts, scan: Scan) -> Verdict | None:
    """The verdict on a code that belongs to nobody of this conference."""
    if facts is None:
        unknown = (
            (Outcome.NOT_ON_PHONE, _OLD_LIST) if scan.on_phone else (Outcome.NOT_KNOWN, _DESK.format(form="đồng chí"))
        )
        return _bare(*unknown)
    if facts.conference_id != gate.conference_id:
        return _bare(Outcome.OTHER_CONFERENCE, _DESK.format(form="đồng chí"))
    return None


def _own(facts: PassFacts | None, gate: GateFacts, scan: Scan) -> Verdict:
    assert facts is not None
    return _stop(facts, gate) or _question(facts, gate, scan) or _admit(facts, scan)


def _exit(facts: PassFacts | None) -> Verdict:
    assert facts is not None
    form = facts.address_form.label
    if facts.entry is None:
        return _about(facts, Outcome.NOT_INSIDE, f"{_capital(form)} chưa được ghi là đã vào, nên không ghi ra.")
    left = _about(facts, Outcome.LEFT, "Quét lại giấy mời khi khách trở vào.")
    return left if _entered_in_person(facts) else _as_substitute(left, facts)


def _held(facts: PassFacts | None, reason: str) -> Verdict:
    assert facts is not None
    say = f"Nói: “Mời {facts.address_form.label} chờ ở bàn đón tiếp một phút.” Gọi trưởng cửa."
    return _about(facts, Outcome.HELD, say, note=reason)


def _named(facts: PassFacts | None, person: NamedPerson) -> Verdict:
    assert facts is not None
    known = replace(facts, name=person.full_name, address_form=person.address_form)
    return _about(known, Outcome.NAMED, facts.alert or _way_in(person.address_form, facts.seat))


def _stop(facts: PassFacts, gate: GateFacts) -> Verdict | None:
    form = facts.address_form.label
    if facts.revoked_at is not None:
        replaced = f"Nói: “Giấy này đã được thay. Mời {form} sang bàn đón tiếp.”"
        say = replaced if facts.replaced else _DESK.format(form=form)
        return _about(facts, Outcome.REVOKED, say, revoked_at=facts.revoked_at)
    if not facts.issued:
        return _about(facts, Outcome.NOT_ISSUED, f"Nói: “Mời {form} chờ ở bàn đón tiếp một phút.” Gọi trưởng cửa.")
    if not gate.open:
        return _about(facts, Outcome.CLOSED, "Gọi trưởng cửa.")
    return None


def _question(facts: PassFacts, gate: GateFacts, scan: Scan) -> Verdict | None:
    """The first thing that a person has to judge and has not answered yet."""
    form, entry = facts.address_form.label, facts.entry
    if facts.hold is not None and Answer.CLEARED not in scan.answers:
        say = f"Nói: “Mời {form} chờ ở bàn đón tiếp một phút.” Gọi trưởng cửa."
        return _about(facts, Outcome.HELD, say, note=facts.hold.reason, offers=(Answer.CLEARED,))
    if entry is not None and Answer.AGAIN not in scan.answers:
        say = f"Hỏi: “{_capital(form)} vừa ra ngoài?” Nếu không, gọi trưởng cửa."
        again = (Answer.AGAIN,)
        seen = _about(facts, Outcome.ALREADY_IN, say, already_at=entry.at, already_gate=entry.gate, offers=again)
        return seen if _entered_in_person(facts) else _as_substitute(seen, facts)
    if gate.group_ids and facts.group_id not in gate.group_ids and Answer.ANYWAY not in scan.answers:
        right = gate.elsewhere.get(facts.group_id, "cửa khác") if facts.group_id is not None else "cửa khác"
        say = f"Nói: “Mời {form} sang {right}.”"
        return _about(facts, Outcome.WRONG_GATE, say, offers=(Answer.ANYWAY,))
    if facts.substitute is None or entry is not None or Answer.IN_PERSON in scan.answers:
        return None
    if not facts.substitute.approved:
        say = f"Nói: “Mời {facts.substitute.address_form.label} chờ ở bàn đón tiếp một phút.”"
        waiting = _about(facts, Outcome.SUBSTITUTE_WAITING, say, offers=(Answer.IN_PERSON,))
        return _as_substitute(waiting, facts, note="Văn phòng chưa duyệt người dự thay.")
    if Answer.SUBSTITUTE not in scan.answers:
        offers = (Answer.SUBSTITUTE, Answer.IN_PERSON)
        expected = _about(facts, Outcome.SUBSTITUTE_EXPECTED, "Hỏi tên. Đúng thì mời vào.", offers=offers)
        return _as_substitute(expected, facts)
    return None


def _admit(facts: PassFacts, scan: Scan) -> Verdict:
    notes = ["Vào lại."] if facts.entry is not None or facts.left_at is not None else []
    substitute = facts.substitute
    instead = not _entered_in_person(facts) if facts.entry else Answer.SUBSTITUTE in scan.answers
    if substitute is not None and instead and Answer.IN_PERSON not in scan.answers:
        say = _way_in(substitute.address_form, substitute.seat)
        return _as_substitute(_about(facts, Outcome.ADMITTED, say), facts, note=" ".join(notes))
    if substitute is not None and facts.entry is None:
        notes.append("Đến dự trực tiếp, không cử người thay.")
    elif facts.reply == "absent" and facts.entry is None:
        notes.append("Đã báo vắng, nay đến dự.")
    if not facts.name:
        notes.append("Giấy mời chỉ ghi chức vụ: mời vào, rồi ghi họ tên người đến.")
    say = facts.alert or _way_in(facts.address_form, facts.seat)
    return _about(facts, Outcome.ADMITTED, say, note=" ".join(notes))


def _bare(outcome: Outcome, say: str) -> Verdict:
    tone, word = _WORDS[outcome]
    return Verdict(outcome, tone, word, say)


def _about(
    facts: PassFacts,
    outcome: Outcome,
    say: str,
    *,
    note: str = "",
    already_at: datetime | None = None,
    already_gate: str = "",
    revoked_at: datetime | None = None,
    offers: tuple[Answer, ...] = (),
) -> Verdict:
    tone, word = _WORDS[outcome]
    return Verdict(
        outcome,
        tone,
        word,
        say,
        name=facts.name,
        about=_about_line(facts),
        body=facts.body,
        group=facts.group,
        seat=facts.seat,
        note=note,
        already_at=already_at,
        already_gate=already_gate,
        revoked_at=revoked_at,
        offers=offers,
    )


def _about_line(facts: PassFacts) -> str:
    line = ", ".join((*facts.posts, *([f"đi cùng {facts.companion_of}"] if facts.companion_of else [])))
    return line if facts.posts else _capital(line)


def _as_substitute(verdict: Verdict, facts: PassFacts, note: str = "") -> Verdict:
    """The same verdict about the substitute, who has an own name, post and seat (rank cannot be handed on)."""
    substitute = facts.substitute
    if substitute is None:
        return verdict
    principal = ", ".join(part for part in (facts.name, *facts.posts) if part)
    instead_of = f"dự thay {facts.address_form.label} {principal}"
    about = ", ".join((*substitute.posts, instead_of))
    return Verdict(
        verdict.outcome,
        verdict.tone,
        verdict.word,
        verdict.say,
        name=substitute.name,
        about=about if substitute.posts else _capital(about),
        body=facts.body,
        group=facts.group,
        seat=substitute.seat,
        note=note,
        already_at=verdict.already_at,
        already_gate=verdict.already_gate,
        by_substitute=True,
        offers=verdict.offers,
    )


def _entered_in_person(facts: PassFacts) -> bool:
    return facts.substitute is None or facts.entry is None or facts.entry.name != facts.substitute.name


def _way_in(form: AddressForm, seat: str) -> str:
    row = re.fullmatch(r"([A-Z]{1,2})-?0*([1-9][0-9]{0,2})", seat)
    if row:
        return f"Mời {form.label} ngồi hàng {row[1]}, ghế {row[2]}."
    return f"Mời {form.label} ngồi ghế {seat}." if seat else f"Mời {form.label} vào hội trường."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
