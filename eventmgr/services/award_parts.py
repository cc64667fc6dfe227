"""What the services around awards share: forms with their counts, the lock, the history; a private part of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.awards import RecipientKind, counts_text
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.journal import record


@dataclass(frozen=True)
class FormRow:
    """A form of award with how many are on its list."""

    form: AwardForm
    collectives: int
    individuals: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.collectives + self.individuals

    @property
    def counts(self) -> str:
        """'05 tập thể và 10 cá nhân', or '' while nobody is on the list."""
        return counts_text(self.collectives, self.individuals)

    @property
    def is_locked(self) -> bool:
        """Whether a decision with a number stands over the list."""
        return self.form.decision_number is not None


def form_rows(conference_id: int, *only: sa.ColumnElement[bool]) -> list[FormRow]:
    """Return forms of award with their counts, from the highest, in one query; `only` narrows them down."""
    counts = [sa.func.count(sa.case((Honouree.kind == kind.value, 1))) for kind in RecipientKind]
    counted = (
        sa.select(AwardForm.id, *counts)
        .outerjoin(Honouree, sa.and_(Honouree.form_id == AwardForm.id, Honouree.cancelled_at.is_(None)))
        .where(AwardForm.conference_id == conference_id, *only)
        .group_by(AwardForm.id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(AwardForm, *list(counted.c)[1:])
        .join(counted, counted.c.id == AwardForm.id)
        .order_by(AwardForm.position, AwardForm.id)
    )
    return [FormRow(*row) for row in rows]


def form_row(conference_id: int, form_id: int) -> FormRow:
    """Return one form of award with its counts; raises NotFound."""
    rows = form_rows(conference_id, AwardForm.id == form_id)
    if not rows:
        raise NotFound("Không có hình thức khen thưởng này.")
    return rows[0]


def called(form: AwardForm) -> str:
    """Return what a form of award is called: 'Bằng khen của Chủ tịch UBND tỉnh', or who commends while it is open."""
    return f"{form.name} của {form.authority}" if form.name else f"{form.authority} khen thưởng"


def form_for_writing(conference_id: int, form_id: int) -> AwardForm:
    """Return a form for writing; writers of one list go one after the other. Raises NotFound."""
    form = db.session.scalar(
        sa.select(AwardForm).where(AwardForm.id == form_id, AwardForm.conference_id == conference_id).with_for_update()
    )
    if form is None:
        raise NotFound("Không có hình thức khen thưởng này.")
    return form


def open_form(conference_id: int, form_id: int) -> AwardForm:
    """Return a form whose list may be changed; raises NotFound, Conflict when a decision has locked it."""
    form = form_for_writing(conference_id, form_id)
    if form.decision_number is not None:
        raise Conflict(
            f"Danh sách đã khóa theo Quyết định số {form.decision_number}. Gỡ Quyết định (có lý do) rồi mới sửa được."
        )
    return form


def note(form: AwardForm, verb: str, by: int, sentence: str, **details: Any) -> None:
    """Write a line of the list's history; the desk shows the sentence to everyone, so it never names an honouree."""
    record(
        verb, clock.now(), conference_id=form.conference_id, account_id=by, subject="award_form", subject_id=form.id,
        sentence=sentence, **details,
    )


def conference_for_writing(conference_id: int) -> Conference:
    """Return the conference: an announcement and a withdrawal of a decision must see each other. Raises NotFound."""
    conference = db.session.get(Conference, conference_id, with_for_update=True)
    if conference is None:
        raise NotFound("Không có hội nghị này.")
    return conference
