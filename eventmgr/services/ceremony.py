"""Presses while awards are handed over: ushers, the award office and the MC, each decided by the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain import ceremony as rule
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.ceremony import Mark, Person, Refused, Verb
from eventmgr.domain.ceremony_words import people_text
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.names import AddressForm
from eventmgr.models.ceremony import CeremonyMark, WaveLeader
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services.agenda_rows import hold_order
from eventmgr.services.award_parts import form_for_writing
from eventmgr.services.award_waves import Material, ceremony, is_announced, material, told
from eventmgr.services.typed import needed, optional

NOT_YET = "Danh sách khen thưởng chưa được công bố nên chưa bắt đầu trao được."


@dataclass(frozen=True)
class Press:
    """A press as it arrives: `seen` is the version that the page showed; person, day and note as typed."""

    verb: str
    press_key: str
    seen: int
    honouree_id: int | None = None
    undoes: int | None = None
    address_form: str = ""
    name: str = ""
    post: str = ""
    note: str = ""
    handed_on: date | None = None


@dataclass(frozen=True)
class Pressed:
    """What a press did: the version after it, and a sentence without any name."""

    version: int
    sentence: str


def press(conference_id: int, wanted: Press, by: int, actor: str, allowed: Collection[Verb] | None = None) -> Pressed:
    """Store one press and return what it did; the same `press_key` again gets the same answer.

    `allowed` are the verbs that this audience may press (an undo counts as what it undoes). Raises Conflict when
    somebody else has pressed about the same people meanwhile, before the announcement, or when it is not allowed
    where things stand; Invalid for what is not described; NotFound for a name that is not there.
    """
    if wanted.verb not in set(Verb):
        raise Invalid("Thao tác này không có.", "verb")
    mark = _checked(wanted, actor)
    try:
        with transaction():
            hold_order(conference_id)
            return _press(conference_id, mark, wanted, by, allowed)
    except IntegrityError as error:  # the last word: somebody else's press took this number
        raise Conflict("Có người vừa bấm trước. Xem lại màn hình rồi bấm lại.") from error


def set_leaders(conference_id: int, form_id: int, kind: str, number: int | None, presenter: str, reader: str, by: int) -> None:
    """Name who presents and who reads from a wave of one form and kind on; an empty name takes it away.

    Raises NotFound, Invalid, Conflict when that wave has started.
    """
    if kind not in set(RecipientKind) or number is None or not 1 <= number <= 500:
        raise Invalid("Chọn đợt trao trong danh sách.")
    presenter, reader = optional(presenter, "presenter", 300) or "", optional(reader, "reader", 300) or ""
    with transaction():
        hold_order(conference_id)
        form = form_for_writing(conference_id, form_id)
        started = [one for one in ceremony(conference_id).waves if one.wave.started_at and (one.form_id, one.kind) == (form_id, kind)]
        if any(one.wave.place == number for one in started):
            raise Conflict("Đợt này đã bắt đầu nên không đổi người trao được nữa.")
        held = db.session.query(WaveLeader).filter_by(form_id=form.id, kind=kind, number=number).one_or_none()
        held = held or WaveLeader(conference_id=conference_id, form_id=form.id, kind=kind, number=number)
        held.presenter_name, held.reader_name = presenter, reader
        db.session.add(held)
        record(
            "ceremony.leaders", clock.now(), conference_id=conference_id, account_id=by, subject="award_form", subject_id=form_id,
            sentence=f"Đặt người trao, người đọc từ đợt {number} của {RecipientKind(kind).label.lower()}.",
        )


def _press(conference_id: int, mark: Mark, wanted: Press, by: int, allowed: Collection[Verb] | None) -> Pressed:
    known = db.session.query(CeremonyMark).filter_by(conference_id=conference_id, press_key=wanted.press_key).one_or_none()
    held = material(conference_id)
    if known is not None:
        return Pressed(known.seq, "Đã ghi.")
    meant = rule.undone_by(mark, held.marks)
    if allowed is not None and meant.verb not in allowed:
        raise Conflict("Thao tác này làm ở trang của Ban Thi đua khen thưởng.")
    if mark.verb is Verb.START and not is_announced(conference_id):
        raise Conflict(NOT_YET)
    if mark.honouree_id is not None and mark.honouree_id not in held.honourees:
        raise NotFound("Không có tên này trong danh sách trao.")
    _refuse_stale(held, mark, wanted.seen)
    made = rule.press(held.called, held.marks, mark, held.settings.wave_size, held.settings.collectives_first)
    if isinstance(made, Refused):
        raise Conflict(made.reason)
    db.session.add(_stored(conference_id, made, wanted.press_key, by))
    sentence = _sentence(made, held)
    record(
        f"ceremony.{made.verb.value}", made.at, conference_id=conference_id, account_id=by, actor=made.by, subject="ceremony",
        sentence=sentence, seq=made.seq, honouree_id=made.honouree_id,
    )  # fmt: skip
    return Pressed(made.seq, sentence)


def _refuse_stale(held: Material, mark: Mark, seen: int) -> None:
    """Refuse a press whose people have changed since the page was drawn; others' presses do not stand in the way."""
    now = held.replayed()
    wave = now.on_stage if mark.verb is Verb.END else now.next
    about = set(rule.touched(mark, held.marks))
    if mark.verb in rule.OF_A_WAVE and wave is not None:
        about |= {*wave.row, *wave.out}
    for one in held.marks:
        if one.seq <= seen or mark.verb is Verb.UNDO:
            continue
        moved = mark.verb in rule.OF_A_WAVE and rule.moves_waves(one, held.marks)
        if moved or rule.touched(one, held.marks) & about:
            raise Conflict(f"Vừa có thao tác khác: “{told(one, held)}”{f' ({one.by})' if one.by else ''}. Xem lại màn hình rồi bấm lại.")


def _checked(wanted: Press, actor: str) -> Mark:
    verb, at = Verb(wanted.verb), clock.now()
    person = None
    if verb in {Verb.STAND_IN, Verb.HANDED} or (verb is Verb.RECEIVED and wanted.name.strip()):
        if wanted.address_form and wanted.address_form not in set(AddressForm):
            raise Invalid("Chọn cách xưng hô trong danh sách.", "address_form")
        person = Person(needed(wanted.name, "name", 120), optional(wanted.post, "post", 300) or "", wanted.address_form)
    handed_on = wanted.handed_on or (to_local(at).date() if verb is Verb.HANDED else None)
    if handed_on is not None and handed_on > to_local(at).date():
        raise Invalid("Ngày trao chưa đến.", "handed_on")
    if handed_on is not None and handed_on.year < 1945:
        raise Invalid("Năm chưa đúng.", "handed_on")
    note = optional(wanted.note, "note", 300) or ""
    about = wanted.honouree_id if verb in rule.OF_ONE else None
    if verb in rule.OF_ONE and about is None:
        raise Invalid("Chọn một người trong danh sách.")
    return Mark(0, verb, at, about, undoes=wanted.undoes if verb is Verb.UNDO else None, person=person, handed_on=handed_on, note=note, by=actor)


def _stored(conference_id: int, mark: Mark, press_key: str, by: int) -> CeremonyMark:
    person = mark.person
    return CeremonyMark(
        conference_id=conference_id, seq=mark.seq, press_key=press_key, verb=mark.verb.value, honouree_id=mark.honouree_id,
        members=list(mark.members), passed=list(mark.passed), undoes=mark.undoes, address_form=(person.form or None) if person else None,
        name=person.name if person else None, post=(person.post or None) if person else None, note=mark.note or None,
        handed_on=mark.handed_on, at=mark.at, account_id=by, actor=mark.by,
    )  # fmt: skip


_SENTENCES = {
    Verb.WINGS: "Trao thưởng: một tên đã sau cánh gà.", Verb.ABSENT: "Trao thưởng: một tên vắng, trao sau.",
    Verb.STAND_IN: "Trao thưởng: một tên có người nhận thay.", Verb.CLEAR: "Trao thưởng: bỏ đánh dấu một tên.",
    Verb.RECEIVED: "Trao thưởng: ghi một tên đã nhận.", Verb.LATER: "Trao thưởng: ghi một tên chưa trao.",
    Verb.HANDED: "Trao thưởng: ghi trao sau cho một tên.", Verb.TAKE_BACK: "Trao thưởng: bỏ ghi trao sau của một tên.",
    Verb.CALL: "Trao thưởng: đọc một tên.",
    Verb.UNDO: "Trao thưởng: hoàn tác một thao tác.",
}  # fmt: skip


def _sentence(mark: Mark, held: Material) -> str:
    """What the journal and the desk say: never a name."""
    if mark.verb in _SENTENCES:
        return _SENTENCES[mark.verb]
    now = held.replayed()
    wave = now.on_stage if mark.verb is Verb.END else now.next
    number = wave.number if wave else 0
    kind = RecipientKind(wave.group[1]) if wave and wave.group[1] else RecipientKind.INDIVIDUAL
    counts = people_text(kind, len(wave.row)) if wave else ""
    return {
        Verb.START: f"Bắt đầu trao đợt {number}: {counts}.", Verb.END: f"Trao xong đợt {number}: {counts}.",
        Verb.READY: f"Khay đợt {number} đúng thứ tự.", Verb.ALL_WINGS: f"Cả đợt {number} đã sau cánh gà.",
    }[mark.verb]  # fmt: skip
