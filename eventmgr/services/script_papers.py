"""The MC's script on paper: every step with its words, filled with today's names, late corrections marked."""

from __future__ import annotations

from collections.abc import Sequence

from eventmgr import clock
from eventmgr.documents.script_booklet import render_script, render_script_docx
from eventmgr.documents.sheets import ScriptLine, ScriptSheet, ScriptStep
from eventmgr.domain import script
from eventmgr.domain.agenda import RunningOrder, StepState
from eventmgr.domain.dates import to_local
from eventmgr.domain.order_changes import order_changes
from eventmgr.models.database import db
from eventmgr.services import stage_parts
from eventmgr.services.agenda import programme
from eventmgr.services.kept import kept_document, kept_pdf
from eventmgr.services.programme_versions import Publishing, publishing
from eventmgr.services.stage_parts import Row


def script_pdf(conference_id: int) -> bytes:
    """Return the booklet as PDF; raises NotFound."""
    return kept_pdf("kich-ban", _sheet(conference_id), render_script)


def script_docx(conference_id: int) -> bytes:
    """Return the booklet as .docx; raises NotFound."""
    return kept_document("kich-ban", _sheet(conference_id), render_script_docx)


def _sheet(conference_id: int) -> ScriptSheet:
    made = _Making(conference_id)
    sheet = ScriptSheet(
        organiser=made.shown.organiser,
        conference=made.shown.title,
        when_and_where=" – ".join(part for part in (made.shown.when, made.shown.where) if part),
        version=_version(made.known),
        against="chương trình đã công bố" if made.known.current else "chương trình",
        corrections=made.corrections(),
        steps=tuple(made.step(place) for place in range(len(made.spoken))),
        closing=made.closing(),
    )
    db.session.close()
    return sheet


class _Making:
    """The booklet in the making: the programme as the presses have left it beside what was published."""

    def __init__(self, conference_id: int) -> None:
        self.shown, self.known = programme(conference_id), publishing(conference_id)
        conference, rows = stage_parts.conference_of(conference_id), stage_parts.rows_of(conference_id)
        self.order = stage_parts.order_of(conference, rows, stage_parts.moves_of(conference_id))
        self.runs = {run.step.id: run for run in self.order.runs}
        self.occasion = stage_parts.occasion_of(conference, rows)
        self.spoken = [row for row in stage_parts.rows_in_order(rows, self.order) if not row.is_heading]
        self.changes = order_changes(self.order, [row.id for row in rows if not row.is_heading])
        self.left_out = {run.step.id for run in self.order.spoken if run.state is StepState.SKIPPED}
        self.hours = _hours(self.order) if self.changes or self.order.begun_at else self._planned_hours()

    def corrections(self) -> tuple[str, ...]:
        """Tell what the office changed after publishing, who stands in, and what the presses changed."""
        pending = self.known.pending if self.known.current else ()
        stand_ins = (_stands_in(row) for row in self.spoken if _has_stand_in(row))
        return (*pending, *stand_ins, *(change.sentence for change in self.changes))

    def step(self, place: int) -> ScriptStep:
        """Make one step; what was skipped keeps its head and has no words."""
        row, who = self.spoken[place], self.spoken[place].presenter
        before, after = stage_parts.cues_around(self.spoken, place, self.left_out)
        now, is_said = self.runs[row.id].minutes, row.id not in self.left_out
        minutes = f"{now} phút" if now else "chưa có số phút"
        return ScriptStep(
            number=row.number,
            title=row.step.title,
            kind=row.kind.label,
            time=", ".join(part for part in (self.hours.get(row.id), minutes) if part) if is_said else "",
            who=who.name if who else "",
            post=who.post if who else "",
            instead_of=who.instead_of if who else "",
            before=_lines(script.handover(before, row.cue, after, self.occasion)) if is_said else (),
            during=_lines(script.during(row.cue, self.occasion)) if is_said else (),
            note=self._note(row),
        )

    def closing(self) -> tuple[ScriptLine, ...]:
        """The words behind the last step that is spoken."""
        last, _ = stage_parts.cues_around(self.spoken, len(self.spoken), self.left_out)
        return _lines(script.handover(last, None, None, self.occasion)) if last else ()

    def _note(self, row: Row) -> str:
        notes = [change.change.value for change in self.changes if change.step_id == row.id]
        if self.known.current and (row.id in self.known.changed or _has_stand_in(row)):
            notes.insert(0, "Sửa sau khi công bố chương trình")
        return ". ".join(notes)

    def _planned_hours(self) -> dict[int, str]:
        return {step.id: f"{step.starts:%H:%M}" for step in self.shown.steps if step.starts}


def _hours(order: RunningOrder) -> dict[int, str]:
    """When each step began, and when the others will, by what was pressed; by the plan's start before the first press."""
    at = clock.now() if order.begun_at or order.planned_start is None else order.planned_start
    begun = {run.step.id: run.started_at for run in order.spoken if run.started_at}
    coming = {run.step.id: begins for run, begins in order.expected(at) if begins}
    said = {step_id: f"bắt đầu {to_local(moment):%H:%M}" for step_id, moment in begun.items()}
    return {step_id: f"dự kiến {to_local(moment):%H:%M}" for step_id, moment in coming.items()} | said


def _lines(lines: Sequence[script.Line]) -> tuple[ScriptLine, ...]:
    return tuple(tuple((say.text, say.strong) for say in line) for line in lines)


def _has_stand_in(row: Row) -> bool:
    return row.presenter is not None and bool(row.presenter.instead_of)


def _stands_in(row: Row) -> str:
    assert row.presenter is not None
    return f"Mục {row.number}: {row.presenter.short} trình bày thay {row.presenter.instead_of}."


def _version(known: Publishing) -> str:
    day = f"{to_local(clock.now()):%d/%m/%Y}"
    if known.current is None:
        return f"Chương trình chưa công bố; bản in ngày {day}"
    return f"Theo chương trình bản {known.current.number}; bản in ngày {day}"
