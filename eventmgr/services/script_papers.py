"""The MC's script on paper: every step with its words, filled with today's names, late corrections marked."""

from __future__ import annotations

from collections.abc import Sequence

from eventmgr import clock
from eventmgr.documents.script_booklet import render_script, render_script_docx
from eventmgr.documents.sheets import ScriptLine, ScriptSheet, ScriptStep
from eventmgr.domain import script
from eventmgr.domain.dates import to_local
from eventmgr.models.database import db
from eventmgr.services import stage_parts
from eventmgr.services.agenda import Programme, programme
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
    shown, known = programme(conference_id), publishing(conference_id)
    rows = stage_parts.rows_of(conference_id)
    occasion = stage_parts.occasion_of(stage_parts.conference_of(conference_id), rows)
    spoken = [row for row in rows if not row.is_heading]
    given = _minutes(conference_id, rows)
    sheet = ScriptSheet(
        organiser=shown.organiser,
        conference=shown.title,
        when_and_where=" – ".join(part for part in (shown.when, shown.where) if part),
        version=_version(known),
        corrections=(
            *known.pending, *(_stands_in(row) for row in spoken if _has_stand_in(row)),
            *(_in_other_minutes(row, given[row.id]) for row in spoken if given.get(row.id, row.step.minutes) != row.step.minutes),
        ),
        steps=tuple(_step(spoken, place, occasion, shown, known, given) for place in range(len(spoken))),
        closing=_lines(script.handover(spoken[-1].cue, None, None, occasion)) if spoken else (),
    )
    db.session.close()
    return sheet


def _minutes(conference_id: int, rows: Sequence[Row]) -> dict[int, int | None]:
    """The minutes that each step has by now: those of the plan, or what was given and taken on the stage."""
    order = stage_parts.order_of(stage_parts.conference_of(conference_id), rows, stage_parts.moves_of(conference_id))
    return {run.step.id: run.minutes for run in order.runs}


def _step(
    spoken: Sequence[Row], place: int, occasion: script.Occasion, shown: Programme, known: Publishing, given: dict[int, int | None]
) -> ScriptStep:
    row = spoken[place]
    before = spoken[place - 1].cue if place else None
    after = spoken[place + 1].cue if place + 1 < len(spoken) else None
    who, planned = row.presenter, next((step for step in shown.steps if step.id == row.id), None)
    starts = f"{planned.starts:%H:%M}" if planned and planned.starts else ""
    now = given.get(row.id, row.step.minutes)
    minutes = f"{now} phút" if now else "chưa có số phút"
    changed = row.id in known.changed or _has_stand_in(row) or now != row.step.minutes
    return ScriptStep(
        number=row.number,
        title=row.step.title,
        kind=row.kind.label,
        time=", ".join(part for part in (starts, minutes) if part),
        who=who.name if who else "",
        post=who.post if who else "",
        instead_of=who.instead_of if who else "",
        before=_lines(script.handover(before, row.cue, after, occasion)),
        during=_lines(script.during(row.cue, occasion)),
        note="Sửa sau khi công bố chương trình" if changed and known.current else "",
    )


def _lines(lines: Sequence[script.Line]) -> tuple[ScriptLine, ...]:
    return tuple(tuple((say.text, say.strong) for say in line) for line in lines)


def _has_stand_in(row: Row) -> bool:
    return row.presenter is not None and bool(row.presenter.instead_of)


def _stands_in(row: Row) -> str:
    assert row.presenter is not None
    return f"Mục {row.number}: {row.presenter.short} trình bày thay {row.presenter.instead_of}."


def _in_other_minutes(row: Row, minutes: int | None) -> str:
    before = f"chương trình ghi {row.step.minutes} phút" if row.step.minutes else "chương trình chưa ghi số phút"
    return f"Mục {row.number}: nay {minutes} phút, {before}."


def _version(known: Publishing) -> str:
    day = f"{to_local(clock.now()):%d/%m/%Y}"
    if known.current is None:
        return f"Chương trình chưa công bố; bản in ngày {day}"
    return f"Theo chương trình bản {known.current.number}; bản in ngày {day}"
