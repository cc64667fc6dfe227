"""The words for one step while the office edits them: the model with its fields, and what will be said."""

from __future__ import annotations

from dataclasses import dataclass

from eventmgr.domain import script
from eventmgr.services import stage_parts


@dataclass(frozen=True)
class StepWords:
    """`model` is the model text with its fields, `said` what the MC says now, own words or the model's."""

    model: str
    said: tuple[script.Line, ...]


def stage_words_of(conference_id: int, item_id: int) -> StepWords | None:
    """Return the words for a step; None for a heading, which nobody speaks."""
    rows = stage_parts.rows_of(conference_id)
    spoken = [row for row in rows if not row.is_heading]
    place = next((place for place, row in enumerate(spoken) if row.id == item_id), None)
    if place is None:
        return None
    occasion = stage_parts.occasion_of(stage_parts.conference_of(conference_id), rows)
    cue = spoken[place].cue
    before = spoken[place - 1].cue if place else None
    after = spoken[place + 1].cue if place + 1 < len(spoken) else None
    said = (*script.handover(before, cue, after, occasion), *script.during(cue, occasion))
    return StepWords(script.model_text(cue, occasion), said)
