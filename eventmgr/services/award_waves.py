"""The row of honourees that is on stage, for the wall: chosen by the MC, and only once the list was announced."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.awards import Honouree as Called
from eventmgr.domain.awards import RecipientKind, calling_order, waves
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services.agenda_rows import hold_order
from eventmgr.services.stage_settings import settings_of

SIZE = 8
"""How many stand in a row on stage (protocol.md §7: 5 to 10)."""

NOT_YET = "Danh sách khen thưởng chưa được công bố nên chưa đưa lên màn hình được."


@dataclass(frozen=True)
class Wave:
    """One row on stage: `number` of `count` of its form; `people` are name and post as the decision spells them."""

    form_id: int
    title: str
    number: int
    count: int
    kind: RecipientKind
    people: tuple[tuple[str, str], ...]


def all_waves(conference_id: int) -> list[Wave]:
    """Return every row in the order of calling; nobody before the list was announced."""
    if not _is_announced(conference_id):
        return []
    rows = db.session.execute(
        sa.select(AwardForm, Honouree)
        .join(Honouree, Honouree.form_id == AwardForm.id)
        .where(AwardForm.conference_id == conference_id, AwardForm.decision_number.is_not(None))
        .order_by(AwardForm.position, AwardForm.id, Honouree.position, Honouree.id)
    ).all()
    made: list[Wave] = []
    for form in dict.fromkeys(row[0] for row in rows):
        listed = [
            Called(one.id, RecipientKind(one.kind), one.printed_name, one.post, one.position) for held, one in rows if held is form
        ]
        grouped = waves(calling_order(listed), SIZE)
        title = f"{form.name or 'Khen thưởng'} của {form.authority}"
        made += [
            Wave(form.id, title, place, len(grouped), wave[0].kind, tuple((one.printed_name, one.post) for one in wave))
            for place, wave in enumerate(grouped, start=1)
        ]
    return made


def shown_wave(conference_id: int) -> Wave | None:
    """Return the row that the wall shows, or None."""
    held = settings_of(conference_id)
    if held.wave is None or held.wave_form_id is None:
        return None
    return next((one for one in all_waves(conference_id) if (one.form_id, one.number) == (held.wave_form_id, held.wave)), None)


def show_wave(conference_id: int, form_id: int | None, number: int | None, by: int, actor: str = "") -> None:
    """Put a row on the wall, or none.

    Raises Conflict before the announcement, NotFound for a row that does not exist.
    """
    at = clock.now()
    with transaction():
        hold_order(conference_id)
        chosen = None
        if form_id is not None:
            if not _is_announced(conference_id):
                raise Conflict(NOT_YET)
            known = all_waves(conference_id)
            chosen = next((one for one in known if (one.form_id, one.number) == (form_id, number)), None)
            if chosen is None:
                raise NotFound("Không có đợt trao này.")
        held = settings_of(conference_id)
        held.wave_form_id, held.wave = (chosen.form_id, chosen.number) if chosen else (None, None)
        db.session.add(held)
        sentence = f"Màn hình: đợt {chosen.number}/{chosen.count}, {chosen.title}." if chosen else "Màn hình: thôi danh sách khen thưởng."
        record(
            "stage.wave", at, conference_id=conference_id, account_id=by, actor=actor, subject="award_form",
            subject_id=form_id, sentence=sentence,
        )


def _is_announced(conference_id: int) -> bool:
    at = db.session.scalar(sa.select(Conference.awards_announced_at).where(Conference.id == conference_id))
    return at is not None and at <= clock.now()
