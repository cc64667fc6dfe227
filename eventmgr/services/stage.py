"""The stage: what is on, what comes, how late it is, and the MC's presses that move it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain import agenda as running
from eventmgr.domain import script
from eventmgr.domain.agenda import NO_DETAILS, Console, Details, Move, Phase, RunningOrder, StepState, Verb
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.items import ItemKind
from eventmgr.domain.text import clean
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services import stage_parts, stage_words
from eventmgr.services.stage_parts import Row
from eventmgr.services.stage_state import StageState, StageStep, state_of

__all__ = ["Press", "Pressed", "Script", "StageState", "StageStep", "press", "stage_state", "stage_with_script", "whole_script"]

OLDEST = 60
"""Seconds after which a press that waited for the network counts no more."""
USUAL_MINUTES = 5
"""What a step inserted on the spot takes when nobody says how long."""


@dataclass(frozen=True)
class Script:
    """What the MC says: `during` the running step, and `handover` when it is through."""

    during: tuple[script.Line, ...]
    handover: tuple[script.Line, ...]


@dataclass(frozen=True)
class Press:
    """What comes with a press beyond its button: details, the console, and when it was pressed if it had to wait."""

    details: Details = NO_DETAILS
    console: Console | None = None
    pressed_at: datetime | None = None


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
    return state_of(conference, rows, stage_parts.moves_of(conference_id), at)


def stage_with_script(conference_id: int) -> tuple[StageState, Script]:
    """Return the stage and the words for it; the words are for the MC and nobody else."""
    at = clock.now()
    conference = stage_parts.conference_of(conference_id)
    rows = stage_parts.rows_of(conference_id)
    moves = stage_parts.moves_of(conference_id)
    state = state_of(conference, rows, moves, at)
    order = stage_parts.order_of(conference, rows, moves)
    cues = {row.id: row.cue for row in stage_parts.rows_in_order(rows, order)}
    occasion = stage_parts.occasion_of(conference, rows)
    now, coming, after = (cues[step.id] if step else None for step in (state.now, state.next, state.later))
    if state.phase is Phase.NOT_BEGUN:
        return state, Script((), script.handover(None, coming, None, occasion) if coming else ())
    if state.phase is Phase.OVER:
        return state, Script((), ())
    during = script.during(now, occasion) if now else ()
    return state, Script(during, script.handover(now, coming, after, occasion))


def whole_script(conference_id: int) -> tuple[StageState, tuple[tuple[StageStep, Script], ...]]:
    """Return the stage and the words for every step in the order that it has now: before it, and while it runs."""
    conference = stage_parts.conference_of(conference_id)
    rows, moves = stage_parts.rows_of(conference_id), stage_parts.moves_of(conference_id)
    state = state_of(conference, rows, moves, clock.now())
    occasion = stage_parts.occasion_of(conference, rows)
    standing = stage_parts.rows_in_order(rows, stage_parts.order_of(conference, rows, moves))
    spoken = [row for row in standing if not row.is_heading]
    left_out = {step.id for step in state.steps if step.state is StepState.SKIPPED}
    told = []
    for place, step in enumerate(state.steps):
        cue = spoken[place].cue
        before, after = stage_parts.cues_around(spoken, place, left_out)
        told.append((step, Script(script.during(cue, occasion), script.handover(before, cue, after, occasion))))
    return state, tuple(told)


def press(
    conference_id: int,
    verb: str,
    press_key: str,
    seen_version: int,
    step_id: int | None = None,
    *,
    more: Press | None = None,
    by: int | None = None,
    actor: str = "",
) -> Pressed:
    """Store one press of the MC and return what it did; the same `press_key` again gets the same answer.

    Raises Conflict when the programme has moved since `seen_version` (the sentence says what happened), when another
    console holds control, when the press waited too long or is not allowed where it stands; Invalid for a verb that
    does not exist or a new step that is not described.
    """
    if verb not in set(Verb):
        raise Invalid("Thao tác này không có.", "verb")
    more = _checked(Verb(verb), more or Press())
    try:
        with transaction():
            return _press(conference_id, Verb(verb), press_key, seen_version, step_id, more, by, actor)
    except IntegrityError as error:  # somebody else's press came first between our look and our write
        with transaction():
            rows, moves = stage_parts.rows_of(conference_id), stage_parts.moves_of(conference_id)
        known = next((move for move in moves if move.press_id == press_key), None)
        if known is None:
            raise Conflict(stage_words.meanwhile(rows, moves, seen_version)) from error
        return _pressed(rows, moves, known)


def _press(
    conference_id: int, verb: Verb, press_key: str, seen: int, step_id: int | None, more: Press, by: int | None, actor: str
) -> Pressed:
    conference = stage_parts.conference_of(conference_id)
    rows, moves = stage_parts.rows_of(conference_id), stage_parts.moves_of(conference_id)
    known = next((move for move in moves if move.press_id == press_key), None)
    if known is not None:
        return _pressed(rows, moves, known)
    at = clock.now()
    if more.pressed_at is not None and (at - more.pressed_at).total_seconds() > OLDEST:
        raise Conflict("Thao tác này bấm đã quá một phút nên không thực hiện nữa. Xem lại màn hình rồi bấm lại.")
    if seen != len(moves) and verb is not Verb.TAKE:
        raise Conflict(stage_words.meanwhile(rows, moves, seen))
    order = stage_parts.order_of(conference, rows, moves)
    details = _whole(order, verb, step_id, more.details)
    made = running.press(
        [row.step for row in rows], moves, verb, press_id=press_key, at=at, step_id=step_id, details=details,
        console=more.console,
    )  # fmt: skip
    if isinstance(made, running.Refused):
        raise Conflict(made.reason)
    db.session.add(stage_parts.stored_move(conference_id, made, by))
    done = _pressed(rows, [*moves, made], made)
    about = made.step_id if made.step_id is not None and made.step_id > 0 else None
    record(
        "stage.moved", made.at, conference_id=conference_id, account_id=by, actor=actor, subject="item", subject_id=about,
        sentence=done.sentence, move=made.verb, seq=made.seq,
    )  # fmt: skip
    return done


def _checked(verb: Verb, more: Press) -> Press:
    """The press with a new step's texts cleaned; raises Invalid for one that is not described."""
    if verb is not Verb.INSERT:
        return more
    given = more.details
    title, presenter = clean(given.title), clean(given.presenter)
    if not title or len(title) > 300:
        raise Invalid("Ghi nội dung của mục chèn thêm, dài nhất 300 ký tự.", "title")
    if len(presenter) > 300:
        raise Invalid("Người thực hiện dài nhất 300 ký tự.", "presenter")
    if given.minutes is not None and not 1 <= given.minutes <= 600:
        raise Invalid("Số phút từ 1 đến 600; bỏ trống thì tính 5 phút.", "minutes")
    kind = given.kind if given.kind in set(ItemKind) else ItemKind.OTHER.value
    minutes = USUAL_MINUTES if given.minutes is None else given.minutes  # open minutes would hide the projected end
    return replace(more, details=replace(given, title=title, presenter=presenter, kind=kind, minutes=minutes))


def _whole(order: RunningOrder, verb: Verb, step_id: int | None, details: Details) -> Details:
    """The details with the step that a swap or a delay means when it names none, so that it stays the same for ever."""
    if verb not in {Verb.SWAP, Verb.LATER} or details.after is not None:
        return details
    behind = [run.step.id for run in order.to_come if run.step.id != (step_id or (order.next and order.next.step.id))]
    if not behind:
        return details
    return replace(details, after=behind[0] if verb is Verb.SWAP else behind[-1])


def _pressed(rows: Sequence[Row], moves: Sequence[Move], move: Move) -> Pressed:
    return Pressed(move.seq, move.at, stage_words.told(rows, moves, move))
