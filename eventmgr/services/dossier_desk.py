"""Dossiers at the award office: what came in, what should be looked at, checked or returned with a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr.domain.dates import short_date, to_local
from eventmgr.domain.dossiers import DossierState, Seen, doubts_of, missing_files, over_quota, too_few_days
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.domain.text import fold
from eventmgr.models.accounts import Account
from eventmgr.models.awards import AwardForm
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body
from eventmgr.models.dossiers import AwardQuota, Dossier, DossierEntry, DossierFact, DossierFile
from eventmgr.services.award_parts import called
from eventmgr.services.dossier_parts import UNKNOWN, dossier_for_writing, entries_of, fact, live_entries, note, today
from eventmgr.services.typed import needed

SHOWN = ("submitted", "returned", "checked", "withdrawn")
"""States in which the office sees a dossier; a draft is the body's alone."""


@dataclass(frozen=True)
class DossierRow:
    """A dossier in the list: how many it proposes, and what should be looked at."""

    dossier: Dossier
    collectives: int
    individuals: int
    doubts: list[str]


@dataclass(frozen=True)
class Came:
    """What came in: the rows of one state, and how many there are of each; `days_left` when they are fewer than usual."""

    rows: list[DossierRow]
    counts: dict[str, int]
    drafts: int
    days_left: int | None


@dataclass(frozen=True)
class Opened:
    """One dossier with everything: entries with their doubts by id, files, what happened with who did it."""

    dossier: Dossier
    entries: list[DossierEntry]
    doubts: dict[int, list[str]]
    files: list[DossierFile]
    facts: list[tuple[DossierFact, str]]
    warnings: list[str]

    @property
    def state(self) -> DossierState:
        """Where it stands."""
        return DossierState(self.dossier.state)

    @property
    def is_judged(self) -> bool:
        """Whether the council or a decision has said something about an entry."""
        return any(one.state in {"agreed", "decided", "cancelled"} for one in self.entries)


class Doubts:
    """What should be looked at in the entries of a conference, from one reading of all of them."""

    def __init__(self, conference_id: int) -> None:
        self.known = {one.id: one for one in live_entries(conference_id)}
        self.by_name: dict[tuple[str, str], list[Seen]] = defaultdict(list)
        for one in self.known.values():
            self.by_name[one.kind, one.name_key].append(one)

    def of(self, entry: DossierEntry) -> list[str]:
        """Return the sentences about one entry."""
        one = self.known.get(entry.id)
        found = doubts_of(one, self.by_name[one.kind, one.name_key]) if one else []
        if entry.kind == "collective" and not entry.leader_name and entry.state in {"proposed", "agreed"}:
            found.append("Chưa ghi ai đại diện lên nhận.")
        return found


def came(conference_id: int, state: str = "submitted", query: str = "") -> Came:
    """Return the dossiers of a state ('' for all), the oldest first, in a fixed number of queries."""
    counted = sa.select(Dossier.state, sa.func.count()).where(Dossier.conference_id == conference_id, Dossier.first_submitted_at.is_not(None))
    counts = {name: number for name, number in db.session.execute(counted.group_by(Dossier.state))}
    drafts = db.session.scalar(sa.select(sa.func.count(Dossier.id)).where(Dossier.conference_id == conference_id, Dossier.state == "draft"))
    wanted = sa.select(Dossier).where(Dossier.conference_id == conference_id, Dossier.first_submitted_at.is_not(None))
    if state:
        wanted = wanted.where(Dossier.state == state)
    found = list(db.session.scalars(wanted.options(joinedload(Dossier.body)).order_by(Dossier.submitted_at, Dossier.id)))
    words = fold(query)
    found = [one for one in found if not words or words in fold(f"{one.body.name} {one.number or ''}")]
    return Came(_rows(conference_id, found), {name: int(counts.get(name, 0)) for name in SHOWN}, int(drafts or 0), days_left(conference_id))


def opened(conference_id: int, dossier_id: int) -> Opened:
    """Return one dossier that was handed in; raises NotFound for any other."""
    dossier = db.session.scalar(
        sa.select(Dossier).where(Dossier.id == dossier_id, Dossier.conference_id == conference_id, Dossier.first_submitted_at.is_not(None))
        .options(joinedload(Dossier.body))
    )  # fmt: skip
    if dossier is None:
        raise NotFound(UNKNOWN)
    entries, doubts = entries_of(dossier_id), Doubts(conference_id)
    files = list(db.session.scalars(sa.select(DossierFile).where(DossierFile.dossier_id == dossier_id).order_by(DossierFile.kind, DossierFile.id)))
    facts = db.session.execute(
        sa.select(DossierFact, Account.display_name).outerjoin(Account, Account.id == DossierFact.account_id)
        .where(DossierFact.dossier_id == dossier_id).order_by(DossierFact.id.desc())
    )  # fmt: skip
    return Opened(
        dossier, entries, {one.id: found for one in entries if (found := doubts.of(one))}, files,
        [(one, name or dossier.body.name) for one, name in facts], _rows(conference_id, [dossier])[0].doubts,
    )


def check(conference_id: int, dossier_id: int, version: int, by: int) -> None:
    """Say that a dossier is in order, so that the council sees its entries. Raises Conflict when it is not as seen."""
    with transaction():
        dossier = dossier_for_writing(conference_id, dossier_id, version)
        if dossier.state == "checked":
            return
        _must_be(dossier, "submitted")
        dossier.state = "checked"
        fact(dossier, "checked", by=by)
        note(dossier, "dossier.checked", f"Thẩm định xong hồ sơ khen thưởng của {_body(dossier)}."[:500], by=by)


def give_back(conference_id: int, dossier_id: int, words: str | None, version: int, by: int) -> None:
    """Return a dossier to its body with a sentence. Raises Invalid without one, Conflict once an entry was agreed."""
    said = needed(words, "words", 500)
    with transaction():
        dossier = dossier_for_writing(conference_id, dossier_id, version)
        _must_be(dossier, "submitted", "checked")
        if any(one.state in {"agreed", "decided"} for one in entries_of(dossier.id)):
            raise Conflict("Hồ sơ có tên Hội đồng đã thống nhất; đưa các tên đó về đang xét trước khi trả lại.")
        dossier.state = "returned"
        fact(dossier, "returned", by=by, words=said)
        # The sentence may name somebody, and the journal is read by more people: it stays with the dossier.
        note(dossier, "dossier.returned", f"Trả lại hồ sơ khen thưởng của {_body(dossier)}."[:500], by=by)


def reopen(conference_id: int, dossier_id: int, version: int, by: int) -> None:
    """Let a checked dossier be checked again. Raises Conflict once an entry was agreed."""
    with transaction():
        dossier = dossier_for_writing(conference_id, dossier_id, version)
        _must_be(dossier, "checked")
        if any(one.state in {"agreed", "decided"} for one in entries_of(dossier.id)):
            raise Conflict("Hồ sơ có tên Hội đồng đã thống nhất; đưa các tên đó về đang xét trước.")
        dossier.state = "submitted"
        fact(dossier, "reopened", by=by)
        note(dossier, "dossier.reopened", f"Thẩm định lại hồ sơ khen thưởng của {_body(dossier)}."[:500], by=by)


def days_left(conference_id: int) -> int | None:
    """Return the days until the conference when fewer than check, council and decision usually take."""
    return too_few_days(db.session.scalar(sa.select(Conference.held_on).where(Conference.id == conference_id)), today())


def _rows(conference_id: int, found: Iterable[Dossier]) -> list[DossierRow]:
    ids = [one.id for one in found]
    entries = list(db.session.scalars(sa.select(DossierEntry).where(DossierEntry.dossier_id.in_(ids), DossierEntry.state != "withdrawn")))
    files = db.session.execute(sa.select(DossierFile.dossier_id, DossierFile.kind).where(DossierFile.dossier_id.in_(ids))).all()
    doubts, over = Doubts(conference_id), _over(conference_id)
    rows = []
    for one in found:
        own = [entry for entry in entries if entry.dossier_id == one.id]
        kinds = [entry.kind for entry in own]
        said = [f"Gửi muộn: {short_date(to_local(one.first_submitted_at).date())}."] if one.is_late and one.first_submitted_at else []
        if lacks := missing_files(kind for dossier_id, kind in files if dossier_id == one.id):
            said.append(f"Thiếu {', '.join(lacks)}.")
        said += over.get(one.body_id, [])
        alike = sum(1 for entry in own if doubts.of(entry))
        said += [f"{alike} tên cần xem lại."] if alike else []
        rows.append(DossierRow(one, kinds.count("collective"), kinds.count("individual"), said))
    return rows


def _over(conference_id: int) -> dict[int, list[str]]:
    """Body -> sentences about forms for which it proposes more than was agreed."""
    counted: dict[tuple[int, int], list[str]] = defaultdict(list)
    for one in live_entries(conference_id):
        counted[one.form_id, one.body_id].append(one.kind)
    rows = db.session.execute(
        sa.select(AwardQuota, AwardForm).join(AwardForm, AwardForm.id == AwardQuota.form_id).where(AwardQuota.conference_id == conference_id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for quota, form in rows:
        kinds = counted[quota.form_id, quota.body_id]
        if said := over_quota(kinds.count("collective"), kinds.count("individual"), (quota.collectives, quota.individuals)):
            found[quota.body_id].append(f"{called(form)}: {said[0].lower()}{said[1:]}")
    return found


def _must_be(dossier: Dossier, *states: str) -> None:
    if dossier.state not in states:
        raise Conflict(f"Hồ sơ hiện ở trạng thái “{DossierState(dossier.state).label.lower()}”. Mở lại trang để xem bản mới.")


def _body(dossier: Dossier) -> str:
    return db.session.get_one(Body, dossier.body_id).name
