"""The handing over as its screens show it: one list that is tray, row and reading order at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.awards import Honouree as Called
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.ceremony import OF_THE_USHER, Ceremony, Mark, Person, State, Verb, Wave, effective, replay
from eventmgr.domain.ceremony_words import WaveWords, people_text, wave_title, wave_words
from eventmgr.domain.dates import to_local
from eventmgr.domain.honourees import spoken_name
from eventmgr.domain.names import AddressForm
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.ceremony import CeremonyMark, CeremonySettings, WaveLeader
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services.ceremony_settings import settings_of
from eventmgr.services.stage_people import StagePerson, people_by_id

PILLS = {
    State.NOT_ARRIVED: "todo", State.IN_HALL: "doing", State.IN_WINGS: "ok", State.ABSENT: "absent", State.ON_STAGE: "doing",
    State.RECEIVED: "ok", State.RECEIVED_BY: "swap", State.LATER: "due", State.HANDED: "ok",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Somebody in a wave: `number` is the place on tray, in the row and in reading (0 when taken out)."""

    id: int
    number: int
    printed_name: str
    spoken: str
    post: str
    kind: RecipientKind
    form_name: str
    state: State
    receiver: str = ""
    stand_in: str = ""
    seat: str = ""
    handed: str = ""
    decision: str = ""
    certificate_ready: bool = True
    is_called: bool = False
    is_now: bool = False

    @property
    def shown_length(self) -> int:
        """How many letters the wall has to hold."""
        return len(self.spoken) + len(self.post) + (len(self.stand_in) + 11 if self.stand_in else 0)

    @property
    def pill(self) -> str:
        """The kind of mark that screens draw for the state."""
        return "swap" if self.stand_in and self.state is State.IN_WINGS else PILLS[self.state]

    @property
    def word(self) -> str:
        """The state in words."""
        return "Người nhận thay" if self.stand_in and self.state is State.IN_WINGS else self.state.label


@dataclass(frozen=True)
class WaveView:
    """One wave with its people, who presents and who reads, and what the MC says."""

    wave: Wave
    title: str
    form_id: int
    form_name: str
    award: str
    kind: RecipientKind
    row: tuple[Place, ...]
    out: tuple[Place, ...]
    presenter: str
    reader: str
    words: WaveWords

    @property
    def calling(self) -> Place | None:
        """Whose name was read last while the row stands on stage."""
        return next((one for one in self.row if one.is_now), None)

    @property
    def next_name(self) -> Place | None:
        """Whose name is read next while the row stands on stage."""
        return next((one for one in self.row if not one.is_called), None) if self.wave.is_on else None

    @property
    def unready(self) -> tuple[Place, ...]:
        """Those in the row of a wave that has not started whose certificate nobody has said to be ready."""
        return () if self.wave.started_at else tuple(one for one in self.row if not one.certificate_ready)

    @property
    def counts(self) -> str:
        """'04 tập thể'."""
        return people_text(self.kind, len(self.row)) or "không còn ai"


@dataclass(frozen=True)
class CeremonyView:
    """The whole picture. `later` are those who are still to get theirs; `undo` is the last press that counts, in words."""

    version: int
    announced: bool
    waves: tuple[WaveView, ...] = ()
    later: tuple[Place, ...] = ()
    done: tuple[Place, ...] = ()
    undo: tuple[int, str] | None = None
    undo_verb: Verb | None = None
    tally: dict[State, int] = field(default_factory=dict)
    wave_count: int = 0
    people: int = 0
    extra_words: str = ""

    @property
    def on_stage(self) -> WaveView | None:
        """The wave whose row stands on stage."""
        return next((one for one in self.waves if one.wave.is_on), None)

    @property
    def next(self) -> WaveView | None:
        """The wave that starts next."""
        return next((one for one in self.waves if one.wave.started_at is None and one.row), None)

    @property
    def after(self) -> WaveView | None:
        """The wave behind the next one."""
        waiting = [one for one in self.waves if one.wave.started_at is None and one.row]
        return waiting[1] if len(waiting) > 1 else None

    @property
    def last(self) -> WaveView | None:
        """The wave that was handed over last."""
        return next((one for one in reversed(self.waves) if one.wave.ended_at is not None), None)


@dataclass(frozen=True)
class Material:
    """What the ceremony of a conference is made of, read once."""

    forms: dict[int, AwardForm]
    honourees: dict[int, Honouree]
    called: tuple[Called, ...]
    settings: CeremonySettings
    marks: tuple[Mark, ...]

    def replayed(self) -> Ceremony:
        """What stands now."""
        return replay(self.called, self.marks, self.settings.wave_size, self.settings.collectives_first)


def ceremony(conference_id: int) -> CeremonyView:
    """Return the whole picture, with names: for those who may see awards. A fixed number of queries."""
    held = material(conference_id)
    now = held.replayed()
    people = people_by_id(conference_id, [one.delegate_id for one in held.honourees.values() if one.delegate_id])
    leaders = _leaders(conference_id)
    total = sum(1 for wave in now.waves if wave.row)
    opening = {wave.group[0]: wave.number for wave in reversed(now.waves) if wave.row}  # the decision is read before a form's first wave
    waves = tuple(_wave_view(wave, total, held, now, people, leaders, opening.get(wave.group[0]) == wave.number) for wave in now.waves)
    everybody = [_place(one.id, 0, held, now, people) for one in held.called]
    tally = {state: sum(one.state is state for one in everybody) for state in State}
    later = tuple(one for one in everybody if one.state in {State.ABSENT, State.LATER})
    done = tuple(one for one in everybody if one.state in {State.RECEIVED, State.RECEIVED_BY, State.HANDED})
    counting = effective(held.marks)
    undo = (counting[-1].seq, _told(counting[-1], held)) if counting else None
    return CeremonyView(now.version, is_announced(conference_id), waves, later, done, undo, counting[-1].verb if counting else None, tally, total, len(held.called))


def for_stage(conference_id: int) -> CeremonyView:
    """Return the picture for the MC: before the announcement how many waves there are, and no name."""
    whole = ceremony(conference_id)
    if whole.announced:
        return whole
    return CeremonyView(whole.version, False, wave_count=whole.wave_count, people=whole.people)


def for_usher(conference_id: int) -> CeremonyView:
    """Return the picture for who carries the tray: names from the day of the conference on, before it counts alone.

    The row gathers in the wings before the decision is read, so waiting for the announcement would be too late; and
    nobody has to gather on another day. The last press is offered for undoing when it is one of an usher's.
    """
    whole = ceremony(conference_id)
    if not usher_knows_names(conference_id):
        return CeremonyView(whole.version, whole.announced, wave_count=whole.wave_count, people=whole.people)
    return whole if whole.undo_verb in OF_THE_USHER else replace(whole, undo=None)


def usher_knows_names(conference_id: int) -> bool:
    """Tell whether ushers see names: on the day of the conference, or once the lists were announced."""
    conference = db.session.get(Conference, conference_id)
    if conference is None or conference.state in {"closed", "archived"}:
        return False
    has_come = conference.held_on is not None and conference.held_on <= to_local(clock.now()).date()
    return has_come or is_announced(conference_id)


def shown_wave(conference_id: int) -> WaveView | None:
    """Return the row that the wall shows: the one on stage, once the list was announced."""
    if not is_announced(conference_id) or not _has_marks(conference_id):
        return None
    return ceremony(conference_id).on_stage


def material(conference_id: int) -> Material:
    """Return decided lists that are handed over here, and the marks so far; four queries."""
    rows = db.session.execute(
        sa.select(AwardForm, Honouree)
        .join(Honouree, Honouree.form_id == AwardForm.id)
        .where(AwardForm.conference_id == conference_id, AwardForm.decision_number.is_not(None), AwardForm.at_conference)
        .order_by(AwardForm.position, AwardForm.id, Honouree.position, Honouree.id)
    ).all()
    forms = {form.id: form for form, _ in rows}
    places = {form_id: place for place, form_id in enumerate(forms)}
    called = tuple(
        Called(one.id, RecipientKind(one.kind), one.printed_name, one.post, one.position, places[form.id])
        for form, one in rows if one.cancelled_at is None
    )  # fmt: skip
    return Material(forms, {one.id: one for _, one in rows}, called, settings_of(conference_id), marks_of(conference_id))


def marks_of(conference_id: int) -> tuple[Mark, ...]:
    """Return the marks of a conference in their order."""
    rows = db.session.scalars(sa.select(CeremonyMark).where(CeremonyMark.conference_id == conference_id).order_by(CeremonyMark.seq))
    return tuple(_mark(row) for row in rows if row.verb in set(Verb))


def is_announced(conference_id: int) -> bool:
    """Tell whether the lists are open to the public."""
    at = db.session.scalar(sa.select(Conference.awards_announced_at).where(Conference.id == conference_id))
    return at is not None and at <= clock.now()


def handed_text(mark: Mark) -> str:
    """Return 'bà Y Mẫu, ngày 05/01/2016': who took an award later, and when."""
    day: date = mark.handed_on or mark.at.date()
    who = mark.person.shown if mark.person else ""
    return f"{who}, ngày {day:%d/%m/%Y}" + (f" ({mark.note})" if mark.note else "")


def _has_marks(conference_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(CeremonyMark.conference_id == conference_id))))


def _mark(row: CeremonyMark) -> Mark:
    person = Person(row.name, row.post or "", row.address_form or "") if row.name else None
    return Mark(
        row.seq, Verb(row.verb), row.at, row.honouree_id, tuple(row.members), tuple(row.passed), row.undoes, person, row.handed_on,
        row.note or "", row.actor,
    )  # fmt: skip


def _leaders(conference_id: int) -> dict[tuple[int, str], list[WaveLeader]]:
    found: dict[tuple[int, str], list[WaveLeader]] = {}
    rows = db.session.scalars(sa.select(WaveLeader).where(WaveLeader.conference_id == conference_id).order_by(WaveLeader.number))
    for row in rows:
        found.setdefault((row.form_id, row.kind), []).append(row)
    return found


def _wave_view(
    wave: Wave, total: int, held: Material, now: Ceremony, people: dict[int, StagePerson], leaders: dict[tuple[int, str], list[WaveLeader]],
    first: bool,
) -> WaveView:
    known = next(held.honourees[one] for one in (*wave.row, *wave.out) if one in held.honourees)
    form, kind = held.forms[known.form_id], RecipientKind(known.kind)
    lead = next((one for one in reversed(leaders.get((form.id, kind.value), [])) if one.number <= wave.place), None)
    presenter, reader = (lead.presenter_name, lead.reader_name) if lead else ("", "")
    row = tuple(_place(one, number, held, now, people) for number, one in enumerate(wave.row, 1) if one in held.honourees)
    out = tuple(_place(one, 0, held, now, people) for one in wave.out if one in held.honourees)
    name = f"{form.name or 'Khen thưởng'} của {form.authority}"
    words = wave_words(form.name or "", kind, presenter, reader, first=first, extra=wave.extra)
    return WaveView(wave, wave_title(wave.number, total, wave.extra), form.id, name, form.name or "", kind, row, out, presenter, reader, words)


def _place(one: int, number: int, held: Material, now: Ceremony, people: dict[int, StagePerson]) -> Place:
    row = held.honourees[one]
    form, kind = held.forms[row.form_id], RecipientKind(row.kind)
    person = people.get(row.delegate_id or 0)
    inside = person is not None and person.admitted_at is not None and person.out_at is None
    address = AddressForm(row.address_form) if row.address_form else None
    spoken = spoken_name(row.printed_name, address) if kind is RecipientKind.INDIVIDUAL else row.printed_name
    stand_in = now.stand_ins.get(one)
    handed = now.handed.get(one)
    place = Place(one, number, row.printed_name, spoken, row.post, kind, form.name or "Khen thưởng", now.state_of(one, in_hall=inside))
    return replace(
        place, receiver=_receiver(row, kind, person), stand_in=stand_in.shown if stand_in else "", seat=(person.seat or "") if person else "",
        handed=handed_text(handed) if handed else "", certificate_ready=row.certificate_at is not None,
        is_called=one in now.called, is_now=one == now.calling,
    )


def _receiver(row: Honouree, kind: RecipientKind, person: StagePerson | None) -> str:
    """Who comes for a collective: its leader; for anybody, a substitute that the door let in."""
    if person is not None and person.name and (person.instead_of or kind is RecipientKind.COLLECTIVE):
        return Person(person.name, person.post, person.form.label).shown
    if kind is RecipientKind.COLLECTIVE and row.leader_name:
        return Person(row.leader_name, row.leader_post or "", row.leader_form or "").shown
    return ""


_TOLD = {
    Verb.WINGS: "sau cánh gà", Verb.ABSENT: "vắng", Verb.STAND_IN: "có người nhận thay", Verb.CLEAR: "bỏ đánh dấu", Verb.RECEIVED: "đã nhận",
    Verb.LATER: "chưa trao", Verb.HANDED: "đã trao sau", Verb.TAKE_BACK: "bỏ ghi trao sau",
    Verb.CALL: "đã đọc tên",
}  # fmt: skip


def told(mark: Mark, held: Material) -> str:
    """Return what a mark says, with its name: for those who may see it."""
    return _told(mark, held)


def _told(mark: Mark, held: Material) -> str:
    if mark.verb in _TOLD:
        row = held.honourees.get(mark.honouree_id or 0)
        return f"{row.printed_name if row else 'Một tên'}: {_TOLD[mark.verb]}"
    starts = [one.seq for one in effective(held.marks) if one.verb is Verb.START and one.seq <= mark.seq]
    number = len(starts)
    return {
        Verb.START: f"Bắt đầu đợt {number}", Verb.END: f"Trao xong đợt {number}", Verb.READY: f"Khay đợt {number + 1} đúng thứ tự",
        Verb.ALL_WINGS: f"Cả đợt {number + 1} sau cánh gà", Verb.UNDO: "Hoàn tác",
    }[mark.verb]  # fmt: skip
