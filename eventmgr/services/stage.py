"""The stage: what is on, what comes, how late it is, and the MC's presses that move it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain import agenda as running
from eventmgr.domain import script, timer
from eventmgr.domain.agenda import Move, Phase, RunningOrder, StepRun, StepState, Verb
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.items import ItemKind
from eventmgr.models import agenda
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services import stage_parts
from eventmgr.services.stage_parts import Row

_SHORT = 90


@dataclass(frozen=True)
class StageStep:
    """A row of the programme as screens show it. `mark` is its number without that of its heading.

    `place` counts the spoken rows from 1 (0 for a heading). Times are aware; `elapsed` is in whole seconds at the state's `at`, `running_since` the moment from which a
    clock counts up (the start, moved back by what was spent before an interruption), None when it does not run.
    """

    id: int
    number: str
    mark: str
    title: str
    heading: str | None
    is_heading: bool
    kind: ItemKind
    minutes: int | None
    presenter: script.Presenter | None
    state: StepState
    place: int
    started_at: datetime | None
    ended_at: datetime | None
    elapsed: int
    running_since: datetime | None

    @property
    def reading(self) -> timer.Reading:
        """What the step's clock says."""
        return timer.reading(self.elapsed, self.minutes)


@dataclass(frozen=True)
class StageState:
    """All that the screens need, at one moment `at`; `version` counts the presses.

    `free_at` is when the running step is through by its minutes, `due_at` when it should be by the plan: together
    they say how late it is, now and later. `left` is what the steps after it are planned to take. Each is None
    where the plan leaves a start or minutes open.
    """

    conference: Conference
    at: datetime
    version: int
    phase: Phase
    rows: tuple[StageStep, ...]
    now: StageStep | None
    next: StageStep | None
    later: StageStep | None
    begun_at: datetime | None
    ended_at: datetime | None
    planned_start: datetime | None
    planned_end: datetime | None
    projected_end: datetime | None
    late: int | None
    free_at: datetime | None
    due_at: datetime | None
    left: timedelta | None
    undo: str | None

    @property
    def steps(self) -> tuple[StageStep, ...]:
        """The spoken rows."""
        return tuple(row for row in self.rows if not row.is_heading)

    @property
    def to_come(self) -> tuple[StageStep, ...]:
        """The steps that are still open, in their order."""
        return tuple(row for row in self.steps if row.state is StepState.NOT_YET)

    @property
    def last_done(self) -> StageStep | None:
        """The step that ended last."""
        done = [row for row in self.steps if row.ended_at is not None and row.state is StepState.DONE]
        return max(done, key=lambda row: (row.ended_at or self.at, row.place), default=None)


@dataclass(frozen=True)
class Script:
    """What the MC says: `during` the running step, and `handover` when it is through."""

    during: tuple[script.Line, ...]
    handover: tuple[script.Line, ...]


@dataclass(frozen=True)
class Pressed:
    """What a press did: the version after it, when it counts from, and a sentence."""

    version: int
    at: datetime
    sentence: str


def stage_state(conference_id: int) -> StageState:
    """Return the stage of a conference at this moment; raises NotFound."""
    at = clock.now()
    conference = stage_parts.conference_of(conference_id)
    rows = stage_parts.rows_of(conference_id)
    return _state(conference, rows, stage_parts.moves_of(conference_id), at)


def stage_with_script(conference_id: int) -> tuple[StageState, Script]:
    """Return the stage and the words for it; the words are for the MC and nobody else."""
    at = clock.now()
    conference = stage_parts.conference_of(conference_id)
    rows = stage_parts.rows_of(conference_id)
    state = _state(conference, rows, stage_parts.moves_of(conference_id), at)
    cues = {row.item.id: row.cue for row in rows}
    occasion = stage_parts.occasion_of(conference, rows)
    now, coming, after = (cues[step.id] if step else None for step in (state.now, state.next, state.later))
    if state.phase is Phase.NOT_BEGUN:
        return state, Script((), script.handover(None, coming) if coming else ())
    if state.phase is Phase.OVER:
        return state, Script((), ())
    during = script.during(now, occasion) if now else ()
    return state, Script(during, script.handover(now, coming, after))


def press(
    conference_id: int,
    verb: str,
    press_key: str,
    seen_version: int,
    step_id: int | None = None,
    *,
    by: int | None = None,
    actor: str = "",
) -> Pressed:
    """Store one press of the MC and return what it did; the same `press_key` again gets the same answer.

    Raises Conflict when the programme has moved since `seen_version` (the sentence says what happened) or when the
    press is not allowed where it stands, Invalid for a verb that does not exist.
    """
    if verb not in set(Verb):
        raise Invalid("Thao tác này không có.", "verb")
    try:
        with transaction():
            return _press(conference_id, Verb(verb), press_key, seen_version, step_id, by, actor)
    except IntegrityError as error:  # somebody else's press came first between our look and our write
        with transaction():
            rows, moves = stage_parts.rows_of(conference_id), stage_parts.moves_of(conference_id)
        known = next((move for move in moves if move.press_id == press_key), None)
        if known is None:
            raise Conflict(_meanwhile(rows, moves, seen_version)) from error
        return _pressed(rows, moves, known)


def _press(
    conference_id: int, verb: Verb, press_key: str, seen: int, step_id: int | None, by: int | None, actor: str
) -> Pressed:
    stage_parts.conference_of(conference_id)
    rows, moves = stage_parts.rows_of(conference_id), stage_parts.moves_of(conference_id)
    steps = [row.step for row in rows]
    if not any(move.press_id == press_key for move in moves) and seen != len(moves):
        raise Conflict(_meanwhile(rows, moves, seen))
    made = running.press(steps, moves, verb, press_id=press_key, at=clock.now(), step_id=step_id, seen=None)
    if isinstance(made, running.Refused):
        raise Conflict(made.reason)
    if made in moves:
        return _pressed(rows, moves, made)
    db.session.add(
        agenda.Move(
            conference_id=conference_id, seq=made.seq, press_key=press_key, verb=made.verb, item_id=made.step_id,
            account_id=by, at=made.at,
        )
    )
    done = _pressed(rows, [*moves, made], made)
    record(
        "stage.moved", made.at, conference_id=conference_id, account_id=by, actor=actor, subject="item",
        subject_id=made.step_id, sentence=done.sentence, move=made.verb, seq=made.seq,
    )
    return done


def _state(conference: Conference, rows: Sequence[Row], moves: Sequence[Move], at: datetime) -> StageState:
    steps = [row.step for row in rows]
    order = running.replay(steps, moves, stage_parts.planned_start(conference))
    shown = _shown(rows, order, at)
    by_id = {step.id: step for step in shown}
    now, coming = (by_id[run.step.id] if run else None for run in (order.current, order.next))
    undone = running.to_undo(steps, moves)
    free_at, due_at, left = _times(order, at)
    return StageState(
        conference, at, order.version, order.phase, shown, now, coming, _after(shown, coming),
        order.begun_at, order.ended_at, order.planned_start, order.planned_end, order.projected_end(at),
        order.late_by(at), free_at, due_at, left, _named(rows, undone) if undone else None,
    )


def _shown(rows: Sequence[Row], order: RunningOrder, at: datetime) -> tuple[StageStep, ...]:
    made, place = [], 0
    for row, run in zip(rows, order.runs, strict=True):
        place += not row.is_heading
        made.append(
            StageStep(
                row.item.id, row.number, row.mark, row.item.title, row.heading, row.is_heading, row.kind,
                row.item.minutes, row.presenter, _heading_state(row, rows, order) if row.is_heading else run.state,
                0 if row.is_heading else place, run.started_at, run.ended_at, run.elapsed(at), _running_since(run),
            )
        )
    return tuple(made)


def _heading_state(row: Row, rows: Sequence[Row], order: RunningOrder) -> StepState:
    """A heading is on while one of its steps is, and done when all of them are through."""
    runs = dict(zip((other.item.id for other in rows), order.runs, strict=True))
    states = {runs[other.item.id].state for other in rows if other.item.parent_id == row.item.id}
    if StepState.NOW in states or (StepState.DONE in states and StepState.NOT_YET in states):
        return StepState.NOW
    if StepState.NOT_YET in states:
        return StepState.NOT_YET
    return StepState.DONE if StepState.DONE in states else StepState.SKIPPED


def _running_since(run: StepRun) -> datetime | None:
    return run.resumed_at - run.spent if run.resumed_at else None


def _after(rows: Sequence[StageStep], coming: StageStep | None) -> StageStep | None:
    """The step behind the next one, which is told to get ready."""
    open_steps = [row for row in rows if row.state is StepState.NOT_YET and not row.is_heading]
    if coming is None or coming not in open_steps:
        return None
    behind = open_steps[open_steps.index(coming) + 1 :]
    return behind[0] if behind else None


def _times(order: RunningOrder, at: datetime) -> tuple[datetime | None, datetime | None, timedelta | None]:
    """When the running step is through by its minutes, when it should be by the plan, and what comes after it."""
    waiting = [run.step.minutes for run in order.spoken if run.state is StepState.NOT_YET]
    known = [minutes for minutes in waiting if minutes is not None]
    left = timedelta(minutes=sum(known)) if len(known) == len(waiting) else None
    if order.phase in {Phase.NOT_BEGUN, Phase.OVER}:
        return None, None, left
    late = order.late_by(at)
    over = order.current.over_under(at) if order.current else 0
    if over is None:
        return None, None, left
    free = at - timedelta(seconds=over)
    due = None if late is None else max(free, at) - timedelta(seconds=late)
    return free, due, left


def _pressed(rows: Sequence[Row], moves: Sequence[Move], move: Move) -> Pressed:
    before = [other for other in moves if other.seq < move.seq]
    if move.verb is Verb.UNDO:
        undone = running.to_undo([row.step for row in rows], before)
        what = f"Hoàn tác: {_named(rows, undone)}." if undone else "Hoàn tác."
        return Pressed(move.seq, move.at, what)
    named = script.upper_first(_named(rows, move, titled=True))
    return Pressed(move.seq, move.at, named if named.endswith("…") else f"{named}.")


def _named(rows: Sequence[Row], move: Move, titled: bool = False) -> str:
    """A press in words: 'bắt đầu 4.(2)', with its title when asked."""
    row = next((row for row in rows if row.item.id == move.step_id), None)
    if row is None:
        return {Verb.END: "kết thúc hội nghị"}.get(move.verb, "thao tác về một mục đã xóa")
    word = {
        Verb.START: "bắt đầu", Verb.NEXT: "sang", Verb.END: "kết thúc", Verb.BACK: "quay lại", Verb.SKIP: "bỏ qua",
        Verb.UNDO: "hoàn tác",
    }[move.verb]
    return f"{word} {row.number} {_short(row.item.title)}" if titled else f"{word} {row.number}"


def _short(title: str) -> str:
    """The beginning of a title for a sentence; screens show titles whole."""
    return title if len(title) <= _SHORT else title[:_SHORT].rsplit(" ", 1)[0] + "…"


def _meanwhile(rows: Sequence[Row], moves: Sequence[Move], seen: int) -> str:
    told = [f"{to_local(move.at):%H:%M} {_lowered(_pressed(rows, moves, move).sentence)}" for move in moves if move.seq > seen]
    happened = f" Lúc {'; '.join(told[-3:])}" if told else ""
    return f"Chương trình đã chuyển trước khi bấm nên thao tác này chưa được thực hiện.{happened} Xem lại rồi bấm lại."


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
