"""Handing awards over: one order for tray, row and reader, whatever ushers press and whoever comes late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from eventmgr.domain.awards import Honouree, RecipientKind
from eventmgr.domain.ceremony import Ceremony, Mark, Person, Refused, State, Verb, press, replay, touched

AT = datetime(2015, 12, 29, 3, tzinfo=UTC)
BA = Person("Y Mẫu", "Phó Chủ tịch", "bà")


def listed(collectives: int, individuals: int, forms: int = 1) -> list[Honouree]:
    """Collectives have ids from 1, individuals go on behind them; every form has the same numbers."""
    made: list[Honouree] = []
    for form in range(forms):
        for kind, count in ((RecipientKind.COLLECTIVE, collectives), (RecipientKind.INDIVIDUAL, individuals)):
            made += [Honouree(len(made) + place, kind, f"Tên {len(made) + place}", position=place, form_position=form) for place in range(1, count + 1)]
    return [Honouree(number, one.kind, one.printed_name, position=one.position, form_position=one.form_position) for number, one in enumerate(made, 1)]


class Stage:
    """A ceremony that is pressed."""

    def __init__(self, people: list[Honouree], size: int = 5) -> None:
        self.people, self.size, self.marks = people, size, list[Mark]()

    def press(self, verb: Verb, one: int | None = None, **more: object) -> str:
        """Press and return why it was refused, or an empty text."""
        wanted = Mark(0, verb, AT + timedelta(minutes=len(self.marks)), one, **more)  # type: ignore[arg-type]
        made = press(self.people, self.marks, wanted, self.size)
        if isinstance(made, Refused):
            return made.reason
        self.marks.append(made)
        return ""

    @property
    def now(self) -> Ceremony:
        return replay(self.people, self.marks, self.size)

    def rows(self) -> list[tuple[int, ...]]:
        return [wave.row for wave in self.now.waves]

    def hand_over(self) -> None:
        """Everybody of the next wave comes, the wave starts and ends."""
        self.press(Verb.ALL_WINGS)
        assert self.press(Verb.START) == ""
        assert self.press(Verb.END) == ""


def test_waves_hold_one_kind_and_follow_the_list() -> None:
    stage = Stage(listed(6, 7))
    assert stage.rows() == [(1, 2, 3, 4, 5), (6,), (7, 8, 9, 10, 11), (12, 13)]
    assert [(wave.number, wave.group[1], wave.place) for wave in stage.now.waves] == [(1, "collective", 1), (2, "collective", 2), (3, "individual", 1), (4, "individual", 2)]


def test_an_absentee_is_taken_out_and_the_others_move_up() -> None:
    stage = Stage(listed(5, 0))
    assert stage.press(Verb.ABSENT, 3) == ""
    (wave,) = stage.now.waves
    assert (wave.row, wave.out, wave.undecided) == ((1, 2, 4, 5), (3,), (1, 2, 4, 5))
    assert stage.press(Verb.WINGS, 3) == ""
    assert stage.rows() == [(1, 2, 3, 4, 5)]


def test_a_wave_starts_when_everybody_is_settled_and_then_stands_still() -> None:
    stage = Stage(listed(6, 0))
    assert stage.press(Verb.START) == "Đợt 1 còn 5 người chưa rõ. Đánh dấu sau cánh gà hoặc vắng trước."
    stage.press(Verb.ABSENT, 2)
    stage.press(Verb.STAND_IN, 4, person=BA)
    stage.press(Verb.ALL_WINGS)
    assert stage.press(Verb.READY) == "" and stage.now.waves[0].ready
    assert stage.press(Verb.START) == ""
    assert stage.press(Verb.WINGS, 3) == "Đợt 1 đã bắt đầu: hàng không đổi nữa. Chỉ ghi đã nhận hoặc trao sau."
    assert stage.press(Verb.START) == "Đợt 1 đang trao. Bấm Trao xong đợt 1 trước."
    assert stage.now.state_of(1) is State.ON_STAGE
    assert stage.press(Verb.END) == ""
    assert [stage.now.state_of(one) for one in (1, 2, 4, 6)] == [State.RECEIVED, State.ABSENT, State.RECEIVED_BY, State.NOT_ARRIVED]
    assert stage.rows() == [(1, 3, 4, 5), (6,)]


def test_ready_falls_when_the_row_changes() -> None:
    stage = Stage(listed(5, 0))
    stage.press(Verb.ALL_WINGS)
    stage.press(Verb.READY)
    stage.press(Verb.ABSENT, 5)
    assert not stage.now.waves[0].ready


def test_who_comes_late_goes_to_an_extra_wave_at_the_end() -> None:
    stage = Stage(listed(7, 2))
    stage.press(Verb.ABSENT, 2)
    stage.hand_over()
    assert stage.rows() == [(1, 3, 4, 5), (6, 7), (8, 9)]
    assert stage.press(Verb.WINGS, 2) == ""
    assert stage.rows() == [(1, 3, 4, 5), (6, 7), (8, 9), (2,)]
    assert stage.now.waves[-1].extra
    for _ in range(3):
        stage.hand_over()
    assert stage.now.state_of(2) is State.RECEIVED and stage.now.waves[-1].extra
    assert stage.press(Verb.START) == "Không còn đợt nào để trao."


def test_a_wave_without_anybody_is_passed_over_and_its_people_come_at_the_end() -> None:
    stage = Stage(listed(6, 1))
    for one in range(1, 6):
        stage.press(Verb.ABSENT, one)
    stage.hand_over()
    assert stage.rows() == [(6,), (7,)]
    stage.press(Verb.WINGS, 4)
    assert stage.rows() == [(6,), (7,), (4,)]


def test_undo_takes_a_press_back_while_nothing_stands_on_it() -> None:
    stage = Stage(listed(5, 0))
    stage.press(Verb.ABSENT, 1)
    stage.press(Verb.ALL_WINGS)
    stage.press(Verb.START)
    assert stage.press(Verb.UNDO, undoes=1) == "Sau thao tác này đã có thao tác khác dựa vào nó; hoàn tác thao tác mới hơn trước."
    assert stage.rows() == [(2, 3, 4, 5)]
    assert stage.press(Verb.UNDO, undoes=3) == ""
    assert stage.now.on_stage is None
    assert stage.press(Verb.UNDO, undoes=3) == "Thao tác này đã được hoàn tác rồi."
    assert stage.press(Verb.UNDO, undoes=1) == ""
    assert stage.rows() == [(1, 2, 3, 4, 5)] and stage.now.waves[0].undecided == (1,)


def test_an_award_that_was_not_taken_is_handed_over_later() -> None:
    stage = Stage(listed(5, 0))
    stage.press(Verb.ABSENT, 5)
    stage.hand_over()
    assert stage.press(Verb.LATER, 1) == "" and stage.now.state_of(1) is State.LATER
    assert stage.press(Verb.HANDED, 2, person=BA) == "Không ghi trao sau được: đã nhận."
    assert stage.press(Verb.HANDED, 5, person=BA, handed_on=AT.date()) == ""
    assert stage.press(Verb.WINGS, 5) == "Đã ghi trao sau cho người này."
    assert (stage.now.state_of(5), stage.now.handed[5].person) == (State.HANDED, BA)
    assert stage.press(Verb.TAKE_BACK, 5) == "" and stage.now.state_of(5) is State.ABSENT


def test_who_a_press_is_about() -> None:
    one, two = Mark(1, Verb.WINGS, AT, 7), Mark(2, Verb.START, AT, None, (1, 2), (3,))
    assert touched(one, [one, two]) == {7}
    assert touched(two, [one, two]) == {1, 2, 3}
    assert touched(Mark(3, Verb.UNDO, AT, undoes=1), [one, two]) == {7}


VERBS = st.sampled_from([Verb.WINGS, Verb.WINGS, Verb.ABSENT, Verb.STAND_IN, Verb.CLEAR, Verb.ALL_WINGS, Verb.READY, Verb.START, Verb.START, Verb.END, Verb.RECEIVED, Verb.LATER, Verb.HANDED, Verb.TAKE_BACK, Verb.UNDO])


@settings(max_examples=60, deadline=None)
@given(
    collectives=st.integers(0, 9), individuals=st.integers(0, 9), forms=st.integers(1, 2),
    presses=st.lists(st.tuples(VERBS, st.integers(1, 40), st.integers(0, 60)), max_size=60),
)
def test_nobody_is_lost_or_twice_and_a_started_wave_never_changes(
    collectives: int, individuals: int, forms: int, presses: list[tuple[Verb, int, int]]
) -> None:
    people = listed(collectives, individuals, forms)
    stage = Stage(people)
    everybody = {one.id for one in people}
    started: dict[int, tuple[int, ...]] = {}
    for verb, one, back in presses:
        before = stage.rows()
        undone = stage.marks[-1 - back % len(stage.marks)].seq if verb is Verb.UNDO and stage.marks else None
        person = BA if verb in {Verb.STAND_IN, Verb.HANDED} else None
        refused = stage.press(verb, one if verb not in {Verb.UNDO, Verb.START, Verb.END, Verb.READY, Verb.ALL_WINGS} else None, undoes=undone, person=person)
        now = stage.now
        assert not refused or stage.rows() == before
        on_rows = [member for wave in now.waves for member in wave.row]
        assert len(on_rows) == len(set(on_rows)), "nobody stands twice"
        out = {one for wave in now.waves for one in wave.out}
        assert set(on_rows) | out == everybody, "nobody is lost"
        # What the MC reads, what lies on the tray and who stands in the row are this one tuple; it follows the list.
        places = {one.id: place for place, one in enumerate(sorted(people, key=lambda p: (p.form_position, p.kind != RecipientKind.COLLECTIVE, p.position)))}
        assert [list(wave.row) for wave in now.waves] == [sorted(wave.row, key=places.__getitem__) for wave in now.waves]
        begun = {mark.seq: mark.members for mark in stage.marks if mark.verb is Verb.START and mark.seq not in {m.undoes for m in stage.marks}}
        assert [wave.row for wave in now.waves if wave.started_at] == list(begun.values())
        assert all(begun[seq] == row for seq, row in started.items() if seq in begun), "a started wave never changes"
        started = begun
        absent = {one for one in everybody if now.state_of(one) in {State.ABSENT, State.HANDED}}
        assert not absent & {member for wave in now.waves if not wave.started_at for member in wave.row}
        assert all(wave.group[1] == people[member - 1].kind.value for wave in now.waves for member in wave.row)
        assert all(len(wave.row) <= 5 for wave in now.waves)


def test_names_are_read_in_the_order_of_the_row_each_once_and_back() -> None:
    stage = Stage(listed(3, 0))
    assert "Đọc tên theo thứ tự" in stage.press(Verb.CALL, 1), "nobody stands on stage"
    stage.press(Verb.ALL_WINGS)
    stage.press(Verb.START)
    assert (stage.now.calling, stage.now.next_name) == (None, 1)
    assert "Đọc tên theo thứ tự" in stage.press(Verb.CALL, 2)
    assert stage.press(Verb.CALL, 1) == "" == stage.press(Verb.CALL, 2)
    assert "đã được đọc" in stage.press(Verb.CALL, 1)
    assert (stage.now.calling, stage.now.next_name, stage.rows()) == (2, 3, [(1, 2, 3)])
    assert "dựa vào nó" in stage.press(Verb.UNDO, undoes=3)
    assert stage.press(Verb.UNDO, undoes=4) == "" and (stage.now.calling, stage.now.next_name) == (1, 2)
    assert stage.press(Verb.END) == "", "who does not tick names still ends the wave"
    assert (stage.now.calling, stage.now.next_name) == (None, None)
