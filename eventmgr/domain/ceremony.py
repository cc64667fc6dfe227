"""Handing awards over: waves, who stands in which, and what each press does. One order for tray, row and reader.

Facts of the ceremony are marks in the order of their numbers; what stands now is the marks replayed over the list.
A wave that has started carries its own row, so nothing that happens later moves anybody in it (protocol.md §7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from eventmgr.domain.awards import Honouree, list_order, waves


class Verb(StrEnum):
    """What can be pressed: about one honouree, or about a wave."""

    WINGS = "wings"
    ABSENT = "absent"
    STAND_IN = "stand_in"
    CLEAR = "clear"
    ALL_WINGS = "all_wings"
    READY = "ready"
    START = "start"
    END = "end"
    CALL = "call"
    RECEIVED = "received"
    LATER = "later"
    HANDED = "handed"
    TAKE_BACK = "take_back"
    UNDO = "undo"


OF_ONE = frozenset({
    Verb.WINGS, Verb.ABSENT, Verb.STAND_IN, Verb.CLEAR, Verb.RECEIVED, Verb.LATER, Verb.HANDED, Verb.TAKE_BACK,
    Verb.CALL,
})  # fmt: skip
OF_THE_USHER = frozenset({
    Verb.WINGS, Verb.ABSENT, Verb.STAND_IN, Verb.CLEAR, Verb.ALL_WINGS, Verb.READY, Verb.RECEIVED, Verb.LATER,
})  # fmt: skip
"""What is marked beside the tray and the row; waves are the MC's, later handing over is the award office's."""
OF_A_WAVE = frozenset({Verb.ALL_WINGS, Verb.READY, Verb.START, Verb.END})


class State(StrEnum):
    """Where an honouree is."""

    NOT_ARRIVED = "not_arrived"
    IN_HALL = "in_hall"
    IN_WINGS = "in_wings"
    ABSENT = "absent"
    ON_STAGE = "on_stage"
    RECEIVED = "received"
    RECEIVED_BY = "received_by"
    LATER = "later"
    HANDED = "handed"

    @property
    def label(self) -> str:
        """The state in words, as screens say it."""
        return _LABELS[self]


_LABELS = {
    State.NOT_ARRIVED: "Chưa đến", State.IN_HALL: "Trong hội trường", State.IN_WINGS: "Sau cánh gà", State.ABSENT: "Vắng, trao sau",
    State.ON_STAGE: "Trên sân khấu", State.RECEIVED: "Đã nhận", State.RECEIVED_BY: "Đã nhận thay", State.LATER: "Chưa trao, trao sau",
    State.HANDED: "Đã trao sau",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A stand-in, or who took an award later; `form` is 'ông', 'bà' or 'đồng chí'."""

    name: str
    post: str = ""
    form: str = ""

    @property
    def shown(self) -> str:
        """'bà Y Mẫu, Phó Chủ tịch'."""
        called = f"{self.form} {self.name}" if self.form else self.name
        return ", ".join(part for part in (called, self.post) if part)


@dataclass(frozen=True)
class Mark:
    """One press that counts. `members` are a wave's row, `passed` those taken out of it; `undoes` is another's number."""

    seq: int
    verb: Verb
    at: datetime
    honouree_id: int | None = None
    members: tuple[int, ...] = ()
    passed: tuple[int, ...] = ()
    undoes: int | None = None
    person: Person | None = None
    handed_on: date | None = None
    note: str = ""
    by: str = ""


@dataclass(frozen=True)
class Refused:
    """A press that does nothing, with the sentence that says why; `ids` are the honourees it speaks of."""

    reason: str
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Wave:
    """One row on stage. `row` is tray, row and reading order at once; `out` were taken out of it.

    `group` names form and kind; `number` counts the waves of the ceremony, `place` those of the group, from 1.
    """

    number: int
    group: tuple[int, str]
    place: int
    row: tuple[int, ...]
    out: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()
    extra: bool = False
    ready: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether its row stands on stage."""
        return self.started_at is not None and self.ended_at is None


@dataclass(frozen=True)
class Ceremony:
    """What stands after the marks so far; `version` is the number of the last one."""

    version: int = 0
    waves: tuple[Wave, ...] = ()
    here: Mapping[int, Verb] = field(default_factory=dict)
    stand_ins: Mapping[int, Person] = field(default_factory=dict)
    outcomes: Mapping[int, Verb] = field(default_factory=dict)
    handed: Mapping[int, Mark] = field(default_factory=dict)
    called: tuple[int, ...] = ()

    @property
    def on_stage(self) -> Wave | None:
        """The wave whose row stands on stage."""
        return next((wave for wave in self.waves if wave.is_on), None)

    @property
    def next(self) -> Wave | None:
        """The wave that starts next: the first with somebody in its row."""
        return next((wave for wave in self.waves if wave.started_at is None and wave.row), None)

    @property
    def calling(self) -> int | None:
        """Whose name was read last of the row on stage; None before the first."""
        row = self.on_stage.row if self.on_stage else ()
        return next((one for one in reversed(row) if one in self.called), None)

    @property
    def next_name(self) -> int | None:
        """Whose name is read next of the row on stage: names are read in the order of the row, each once."""
        row = self.on_stage.row if self.on_stage else ()
        return next((one for one in row if one not in self.called), None)

    @property
    def last_started(self) -> Wave | None:
        """The wave that started last."""
        return next((wave for wave in reversed(self.waves) if wave.started_at is not None), None)

    def wave_of(self, honouree_id: int) -> Wave | None:
        """The started wave in whose row somebody stands or stood."""
        return next((wave for wave in self.waves if wave.started_at and honouree_id in wave.row), None)

    def state_of(self, honouree_id: int, *, in_hall: bool = False) -> State:
        """Where somebody is; `in_hall` is what the door knows."""
        if honouree_id in self.handed:
            return State.HANDED
        outcome, wave = self.outcomes.get(honouree_id), self.wave_of(honouree_id)
        if wave is not None:
            if outcome is Verb.LATER:
                return State.LATER
            if outcome is None and wave.ended_at is None:
                return State.ON_STAGE
            return State.RECEIVED_BY if honouree_id in self.stand_ins else State.RECEIVED
        mark = self.here.get(honouree_id)
        if mark is not None:
            return State.ABSENT if mark is Verb.ABSENT else State.IN_WINGS
        return State.IN_HALL if in_hall else State.NOT_ARRIVED


def effective(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks that count: those that were not undone; an undo itself changes nothing but that."""
    undone = {mark.undoes for mark in marks if mark.verb is Verb.UNDO}
    return [mark for mark in marks if mark.verb is not Verb.UNDO and mark.seq not in undone]


def replay(listed: Iterable[Honouree], marks: Sequence[Mark], size: int, collectives_first: bool = True) -> Ceremony:
    """Return what stands after the marks, over a list in any order; honourees that are not listed any more are left out
    of what has not started."""
    order = list_order(listed, collectives_first)
    known = {one.id for one in order}
    groups = {one.id: (one.form_position, one.kind.value) for one in order}
    state = _Replay(size)
    for mark in effective(marks):
        state.apply(mark, known)
    planned = state.planned(order, groups)
    return Ceremony(
        marks[-1].seq if marks else 0, planned, state.here, state.stand_ins, state.outcomes, state.handed,
        tuple(state.called),
    )


class _Replay:
    """The marks so far, one after the other."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.started: list[Mark] = []
        self.ended: dict[int, datetime] = {}
        self.ready: tuple[int, ...] = ()
        self.here: dict[int, Verb] = {}
        self.stand_ins: dict[int, Person] = {}
        self.outcomes: dict[int, Verb] = {}
        self.handed: dict[int, Mark] = {}
        self.called: list[int] = []

    def apply(self, mark: Mark, known: set[int]) -> None:
        one = mark.honouree_id
        if mark.verb is Verb.START:
            self.started.append(mark)
        elif mark.verb is Verb.END and self.started:
            self.ended[self.started[-1].seq] = mark.at
        elif mark.verb is Verb.READY:
            self.ready = mark.members
        elif mark.verb is Verb.ALL_WINGS:
            self.here.update({member: Verb.WINGS for member in mark.members})
        elif one is not None:
            self._apply_to(one, mark)

    def _apply_to(self, one: int, mark: Mark) -> None:
        if mark.verb in {Verb.WINGS, Verb.ABSENT, Verb.STAND_IN}:
            self.here[one] = mark.verb
            self.stand_ins.pop(one, None)
            if mark.verb is Verb.STAND_IN and mark.person is not None:
                self.stand_ins[one] = mark.person
        elif mark.verb is Verb.CLEAR:
            self.here.pop(one, None)
            self.stand_ins.pop(one, None)
        elif mark.verb in {Verb.RECEIVED, Verb.LATER}:
            self.outcomes[one] = mark.verb
            if mark.verb is Verb.RECEIVED and mark.person is not None:
                self.stand_ins[one] = mark.person
        elif mark.verb is Verb.HANDED:
            self.handed[one] = mark
        elif mark.verb is Verb.TAKE_BACK:
            self.handed.pop(one, None)
        elif mark.verb is Verb.CALL:
            self.called.append(one)

    def planned(self, order: list[Honouree], groups: dict[int, tuple[int, str]]) -> tuple[Wave, ...]:
        """Started waves as they were, then those of the list in its order, then extra ones for who came late."""
        made: list[Wave] = []
        places: dict[tuple[int, str], int] = {}
        gone = {member for mark in self.started for member in mark.members}
        passed = {one for mark in self.started for one in mark.passed} - gone
        for mark in self.started:
            group = next((groups[one] for one in mark.members if one in groups), (0, ""))
            places[group] = places.get(group, 0) + 1
            late = bool(set(mark.members) & {one for other in self.started if other.seq < mark.seq for one in other.passed})
            made.append(Wave(
                len(made) + 1, group, places[group], mark.members, mark.passed, extra=late, started_at=mark.at,
                ended_at=self.ended.get(mark.seq),
            ))  # fmt: skip
        waiting = [one for one in order if one.id not in gone and one.id not in passed]
        coming = [one for one in order if one.id in passed and self.here.get(one.id) in _PRESENT and one.id not in self.handed]
        for people, extra in ((waiting, False), (coming, True)):
            for wave in waves(people, self.size):
                made.append(self._waiting_wave(wave, len(made), places, extra))
        return tuple(made)

    def _waiting_wave(self, people: tuple[Honouree, ...], before: int, places: dict[tuple[int, str], int], extra: bool) -> Wave:
        group = (people[0].form_position, people[0].kind.value)
        places[group] = places.get(group, 0) + 1
        away = [one.id for one in people if self.here.get(one.id) is Verb.ABSENT or one.id in self.handed]
        row = tuple(one.id for one in people if one.id not in away)
        undecided = tuple(one for one in row if one not in self.here)
        return Wave(
            before + 1, group, places[group], row, tuple(away), undecided, extra, ready=bool(row) and self.ready == row and not undecided
        )


_PRESENT = frozenset({Verb.WINGS, Verb.STAND_IN})


def press(
    listed: Sequence[Honouree], marks: Sequence[Mark], wanted: Mark, size: int, collectives_first: bool = True
) -> Mark | Refused:
    """Return the mark to store for a press, whole, or why it may not be pressed now.

    `wanted` says verb, honouree, undone mark, person and moment; the row of a wave is filled in here.
    """
    now = replay(listed, marks, size, collectives_first)
    mark = replace(wanted, seq=now.version + 1)
    if mark.verb is Verb.UNDO:
        return _undo(listed, marks, mark, size, collectives_first)
    if mark.verb in OF_A_WAVE:
        return _about_a_wave(now, mark)
    if mark.honouree_id is None or mark.honouree_id not in {one.id for one in listed}:
        return Refused("Không có tên này trong danh sách trao.")
    return _about_one(now, mark, mark.honouree_id)


def _about_a_wave(now: Ceremony, mark: Mark) -> Mark | Refused:
    on, coming = now.on_stage, now.next
    if mark.verb is Verb.END:
        return Refused("Không có đợt nào đang trao.") if on is None else mark
    if mark.verb is Verb.START and on is not None:
        return Refused(f"Đợt {on.number} đang trao. Bấm Trao xong đợt {on.number} trước.")
    if coming is None:
        return Refused("Không còn đợt nào để trao.")
    if mark.verb is Verb.ALL_WINGS:
        if not coming.undecided:
            return Refused(f"Đợt {coming.number} không còn ai chờ đánh dấu.")
        return replace(mark, members=coming.undecided)
    if coming.undecided:
        return Refused(f"Đợt {coming.number} còn {len(coming.undecided)} người chưa rõ. Đánh dấu sau cánh gà hoặc vắng trước.", coming.undecided)
    if mark.verb is Verb.READY:
        return Refused(f"Khay đợt {coming.number} đã được báo đúng thứ tự.") if coming.ready else replace(mark, members=coming.row)
    before = (one for wave in now.waves if wave.started_at is None and wave.number <= coming.number for one in wave.out)
    return replace(mark, members=coming.row, passed=tuple(before))


def _about_one(now: Ceremony, mark: Mark, one: int) -> Mark | Refused:
    state, wave = now.state_of(one), now.wave_of(one)
    if mark.verb is Verb.CALL:
        if one in now.called:
            return Refused("Tên này đã được đọc.", (one,))
        return mark if one == now.next_name else Refused("Đọc tên theo thứ tự của hàng đang đứng trên sân khấu.", (one,))
    if mark.verb is Verb.HANDED:
        free = state not in {State.ON_STAGE, State.RECEIVED, State.RECEIVED_BY, State.HANDED}
        return mark if free and mark.person is not None else Refused(f"Không ghi trao sau được: {state.label.lower()}.", (one,))
    if mark.verb is Verb.TAKE_BACK:
        return mark if state is State.HANDED else Refused("Chưa ghi trao sau cho người này.", (one,))
    if state is State.HANDED:
        return Refused("Đã ghi trao sau cho người này.", (one,))
    if mark.verb in {Verb.RECEIVED, Verb.LATER}:
        return _outcome(now, mark, one)
    if wave is not None:
        return Refused(f"Đợt {wave.number} đã bắt đầu: hàng không đổi nữa. Chỉ ghi đã nhận hoặc trao sau.", (one,))
    held = now.here.get(one)
    if mark.verb is Verb.CLEAR and held is None:
        return Refused("Người này chưa được đánh dấu.", (one,))
    if held is mark.verb and now.stand_ins.get(one) == mark.person:
        return Refused(f"Đã đánh dấu từ trước: {state.label.lower()}.", (one,))
    if mark.verb is Verb.STAND_IN and mark.person is None:
        return Refused("Ghi họ tên người nhận thay.", (one,))
    return mark


def _outcome(now: Ceremony, mark: Mark, one: int) -> Mark | Refused:
    if now.wave_of(one) is None:
        return Refused("Người này chưa lên sân khấu.", (one,))
    state = now.state_of(one)
    if mark.verb is Verb.LATER:
        return Refused("Đã ghi trao sau cho người này.", (one,)) if state is State.LATER else mark
    same = mark.person is None or now.stand_ins.get(one) == mark.person
    return Refused(f"Đã ghi: {state.label.lower()}.", (one,)) if state in {State.RECEIVED, State.RECEIVED_BY} and same else mark


def _undo(listed: Sequence[Honouree], marks: Sequence[Mark], mark: Mark, size: int, collectives_first: bool) -> Mark | Refused:
    """A press may be undone while nothing that came after stands on it."""
    if not any(one.seq == mark.undoes for one in effective(marks)):
        return Refused("Thao tác này đã được hoàn tác rồi.")
    before, after = (_broken(listed, some, size, collectives_first) for some in (marks, [*marks, mark]))
    if after - before:
        return Refused("Sau thao tác này đã có thao tác khác dựa vào nó; hoàn tác thao tác mới hơn trước.")
    return mark


def _broken(listed: Sequence[Honouree], marks: Sequence[Mark], size: int, collectives_first: bool) -> set[int]:
    """The numbers of marks that could not have been pressed as they stand, once the undone ones are left out."""
    kept: list[Mark] = []
    wrong = set()
    for mark in effective(marks):
        made = press(listed, kept, mark, size, collectives_first)
        moved = isinstance(made, Mark) and mark.verb is Verb.START and (made.members, made.passed) != (mark.members, mark.passed)
        if isinstance(made, Refused) or moved:
            wrong.add(mark.seq)
        kept.append(mark)
    return wrong


def touched(mark: Mark, marks: Sequence[Mark]) -> frozenset[int]:
    """Return whom a mark is about: an undo, whom the undone one was about."""
    mark = undone_by(mark, marks)
    return frozenset({mark.honouree_id}) if mark.honouree_id is not None else frozenset({*mark.members, *mark.passed})


def moves_waves(mark: Mark, marks: Sequence[Mark]) -> bool:
    """Tell whether a mark starts or ends a wave, or undoes that."""
    return undone_by(mark, marks).verb in {Verb.START, Verb.END}


def undone_by(mark: Mark, marks: Sequence[Mark]) -> Mark:
    """Return the mark that an undo is about; every other mark is about itself."""
    if mark.verb is not Verb.UNDO:
        return mark
    return next((one for one in marks if one.seq == mark.undoes), mark)
