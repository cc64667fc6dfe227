"""What the services around dossiers share: the locks, the facts, the journal's lines; a private part of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from eventmgr import clock
from eventmgr.domain.dates import to_local
from eventmgr.domain.dossiers import Seen
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.domain.text import fold
from eventmgr.models.awards import AwardForm
from eventmgr.models.conferences import Conference, Task
from eventmgr.models.database import db
from eventmgr.models.delegates import Body
from eventmgr.models.dossiers import AwardTerms, Dossier, DossierEntry, DossierFact
from eventmgr.models.journal import record

UNKNOWN = "Không có hồ sơ này."
STALE = "Hồ sơ vừa được thay đổi ở nơi khác. Xem bản mới rồi làm lại."


def terms_of(conference_id: int) -> tuple[date | None, str | None, int | None]:
    """Return the day before which dossiers are on time, the basis of the numbers, and the plan's line it comes from.

    What the office wrote counts; while it wrote nothing, the plan's task about making up award dossiers does.
    """
    row = db.session.scalar(sa.select(AwardTerms).where(AwardTerms.conference_id == conference_id))
    if row is not None:
        return row.dossiers_before, row.basis, None
    tasks = db.session.scalars(
        sa.select(Task).where(Task.conference_id == conference_id, Task.deadline.is_not(None), Task.rule == "before")
    )
    about = [one for one in tasks if "lap ho so de nghi" in fold(one.what) and "khen thuong" in fold(one.what)]
    latest = max(about, key=lambda one: (one.deadline or date.min, one.id), default=None)
    return (latest.deadline, None, latest.line) if latest else (None, None, None)


def dossier_for_writing(conference_id: int, dossier_id: int, version: int | None = None) -> Dossier:
    """Return a dossier under its lock; raises NotFound, Conflict when it is not the `version` that somebody saw."""
    found = db.session.scalar(
        sa.select(Dossier).where(Dossier.id == dossier_id, Dossier.conference_id == conference_id)
        .with_for_update().execution_options(populate_existing=True)
    )  # fmt: skip
    if found is None:
        raise NotFound(UNKNOWN)
    if version is not None and found.version != version:
        raise Conflict(STALE)
    return found


def touch(dossier: Dossier) -> None:
    """Make the dossier a new version because something in it changed: a page made before is stale."""
    flag_modified(dossier, "state")


def entries_of(dossier_id: int) -> list[DossierEntry]:
    """Return the entries of a dossier, collectives first, in its order."""
    wanted = sa.select(DossierEntry).where(DossierEntry.dossier_id == dossier_id).options(joinedload(DossierEntry.form))
    return list(db.session.scalars(wanted.order_by(DossierEntry.kind, DossierEntry.position, DossierEntry.id)))


def live_entries(conference_id: int) -> list[Seen]:
    """Return what is compared of all entries that were handed in and neither refused nor withdrawn."""
    rows = db.session.execute(
        sa.select(
            DossierEntry.id, Dossier.body_id, Body.name, DossierEntry.form_id, DossierEntry.kind, DossierEntry.name_key,
            DossierEntry.achievement,
        )
        .join(Dossier, Dossier.id == DossierEntry.dossier_id)
        .join(Body, Body.id == Dossier.body_id)
        .where(
            DossierEntry.conference_id == conference_id, DossierEntry.state.in_(("proposed", "agreed", "decided")),
            Dossier.state.in_(("submitted", "checked", "returned")),
        )
    )  # fmt: skip
    return [Seen(*row) for row in rows]


def forms_of(conference_id: int) -> list[AwardForm]:
    """Return the forms that bodies may propose: those given at the conference whose list is open, from the highest."""
    wanted = sa.select(AwardForm).where(
        AwardForm.conference_id == conference_id, AwardForm.at_conference, AwardForm.decision_number.is_(None)
    )
    return list(db.session.scalars(wanted.order_by(AwardForm.position, AwardForm.id)))


def fact(dossier: Dossier, verb: str, *, by: int | None = None, entry_id: int | None = None, words: str | None = None) -> None:
    """Write down what happened to a dossier or an entry; only those who may see awards, and the body, read it."""
    db.session.add(
        DossierFact(
            conference_id=dossier.conference_id, dossier_id=dossier.id, entry_id=entry_id, verb=verb, at=clock.now(), account_id=by,
            words=words[:500] if words else None,
        )
    )


def note(dossier: Dossier, verb: str, sentence: str, *, by: int | None = None, actor: str = "") -> None:
    """Write the journal's line about a dossier; more people read it than may know names, so it never names anybody proposed."""
    record(
        verb, clock.now(), conference_id=dossier.conference_id, account_id=by, actor=actor, subject="dossier",
        subject_id=dossier.id, sentence=sentence,
    )  # fmt: skip


def facts_of(dossier_ids: Sequence[int]) -> list[DossierFact]:
    """Return what happened to these dossiers, newest first."""
    wanted = sa.select(DossierFact).where(DossierFact.dossier_id.in_(dossier_ids)).order_by(DossierFact.id.desc())
    return list(db.session.scalars(wanted))


def today() -> date:
    """Return the day on the country's clock."""
    return to_local(clock.now()).date()


def has_ended(conference: Conference) -> bool:
    """Tell whether nothing is handed in any more."""
    return conference.state in {"closed", "archived"}
