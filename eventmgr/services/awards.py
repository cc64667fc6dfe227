"""Award lists: the forms of a conference, the decision that locks a list, the announcement that opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.honourees import folded_name, names_alike
from eventmgr.domain.text import query_words
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import Entry, record
from eventmgr.services import dossier_deciding
from eventmgr.services.award_parts import (
    FormRow,
    called,
    conference_for_writing,
    form_for_writing,
    form_row,
    form_rows,
    note,
    open_form,
)
from eventmgr.services.typed import free_key, needed, optional

__all__ = ["FormRow", "called", "form_rows"]

MOST_FOUND = 100


@dataclass(frozen=True)
class FormFacts:
    """What the office may change about a form of award; the name stays None while the plan leaves it open.

    `recipient_kinds` None leaves it as it is, for a new form collectives and individuals; an empty one is refused.
    """

    authority: str
    name: str | None = None
    achievement: str | None = None
    at_conference: bool = True
    legal_basis: str | None = None
    recipient_kinds: tuple[str, ...] | None = None


@dataclass(frozen=True)
class DecisionFacts:
    """Number, day and authority of a decision, as they stand on paper."""

    number: str
    decided_on: date
    decided_by: str


@dataclass(frozen=True)
class AwardList:
    """One list: those that a search left, in the decision's order; `row` counts them all.

    `places` are the numbers on paper by id, counted in each kind from 1; `alike` are folded names that occur more
    than once; `history` is newest first. `cancelled` are those whose award was cancelled after the decision, `agreed`
    how many names the council has agreed to, which the decision will put on the list.
    """

    row: FormRow
    collectives: tuple[Honouree, ...]
    individuals: tuple[Honouree, ...]
    places: dict[int, int]
    alike: frozenset[str]
    history: tuple[Entry, ...]
    cancelled: tuple[Honouree, ...] = ()
    agreed: int = 0

    @property
    def form(self) -> AwardForm:
        """The form of award."""
        return self.row.form

    def is_alike(self, honouree: Honouree) -> bool:
        """Tell whether another on the list has the same name."""
        return folded_name(honouree.printed_name) in self.alike


@dataclass(frozen=True)
class Announcement:
    """What the press sees, or would see: decided lists with somebody on them; `open` ones wait for a decision."""

    announced_at: datetime | None
    decided: tuple[FormRow, ...]
    open: tuple[FormRow, ...]


def award_list(conference_id: int, form_id: int, query: str = "") -> AwardList:
    """Return one list, narrowed down by a search; raises NotFound."""
    row = form_row(conference_id, form_id)
    listed = list(db.session.scalars(_honourees(conference_id, form_id)))
    everyone = [one for one in listed if one.cancelled_at is None]
    shown = everyone
    if query.strip():
        found = db.session.scalars(_matching(_honourees(conference_id, form_id), query))
        shown = [one for one in found if one.cancelled_at is None]
    alike = names_alike(one.printed_name for one in _of(RecipientKind.INDIVIDUAL, everyone))
    history = db.session.scalars(
        sa.select(Entry)
        .where(Entry.conference_id == conference_id, Entry.subject == "award_form", Entry.subject_id == form_id)
        .order_by(Entry.id.desc())
        .limit(20)
    )
    return AwardList(
        row,
        tuple(_of(RecipientKind.COLLECTIVE, shown)),
        tuple(_of(RecipientKind.INDIVIDUAL, shown)),
        {one.id: place for kind in RecipientKind for place, one in enumerate(_of(kind, everyone), 1)},
        alike,
        tuple(history),
        tuple(one for one in listed if one.cancelled_at is not None),
        len(dossier_deciding.agreed_of(form_id)) if not row.is_locked else 0,
    )


def find(conference_id: int, query: str) -> list[tuple[AwardForm, Honouree]]:
    """Return honourees of all lists that have the words, at most 100, in the order of the lists."""
    wanted: Any = (
        sa.select(AwardForm, Honouree)
        .join(Honouree, Honouree.form_id == AwardForm.id)
        .where(Honouree.conference_id == conference_id)
        .order_by(AwardForm.position, AwardForm.id, Honouree.kind, Honouree.position, Honouree.id)
        .limit(MOST_FOUND)
    )
    return [(form, honouree) for form, honouree in db.session.execute(_matching(wanted, query))]


def add_form(conference_id: int, facts: FormFacts, by: int) -> AwardForm:
    """Add a form of award at the end; raises Invalid."""
    values = _checked_form(facts)
    with transaction():
        conference_for_writing(conference_id)
        taken = {row.form.key: row.form.position for row in form_rows(conference_id)}
        form = AwardForm(
            conference_id=conference_id, key=free_key(facts.name or facts.authority, set(taken), 20),
            position=max(taken.values(), default=0) + 1, **{"recipient_kinds": [kind.value for kind in RecipientKind]} | values,
        )
        db.session.add(form)
        db.session.flush()
        note(form, "awards.form_added", by, f"Thêm hình thức khen thưởng: {called(form)}.")
    return form


def edit_form(conference_id: int, form_id: int, facts: FormFacts, by: int) -> None:
    """Change name, authority and achievement of a form; raises Invalid, Conflict when its list is locked."""
    values = _checked_form(facts)
    with transaction():
        form = open_form(conference_id, form_id)
        _keep_kinds(form, values)
        changed = sorted(name for name, value in values.items() if getattr(form, name) != value)
        for name in changed:
            setattr(form, name, values[name])
        if changed:
            note(form, "awards.form_edited", by, f"Sửa hình thức khen thưởng: {called(form)}.", changed=changed)


def decide(conference_id: int, form_id: int, facts: DecisionFacts, by: int, seen: int | None = None) -> None:
    """Enter the decision that a person holds in hand: what the council agreed to joins the list, which is locked from then on.

    `seen` is how many stood on the list and waited for it when the page was made. Raises Invalid for what is missing or a day that has not come, Conflict when there is a decision already,
    nobody would be on the list, or it is not as it was seen.
    """
    number = needed(facts.number, "number", 60)
    decided_by = needed(facts.decided_by, "decided_by", 200)
    if not 1945 <= facts.decided_on.year <= 2200:
        raise Invalid("Năm của Quyết định chưa đúng.", "decided_on")
    if facts.decided_on > to_local(clock.now()).date():
        raise Invalid("Ngày của Quyết định chưa đến; ghi sau khi đã ký.", "decided_on")
    with transaction():
        form = open_form(conference_id, form_id)
        if seen is not None and seen != form_row(conference_id, form_id).total + len(dossier_deciding.agreed_of(form_id)):
            raise Conflict("Danh sách vừa có người thay đổi. Xem lại danh sách rồi ghi Quyết định.")
        taken = dossier_deciding.take_in(form, by)
        if form_row(conference_id, form_id).total == 0:
            raise Conflict("Danh sách chưa có ai nên chưa ghi Quyết định được.")
        form.decision_number, form.decision_on, form.decision_by = number, facts.decided_on, decided_by
        note(form, "awards.decided", by, f"Ghi Quyết định số {number} và khóa danh sách khen thưởng.", taken=taken)


def take_back_decision(conference_id: int, form_id: int, reason: str, by: int) -> None:
    """Take the decision's data back, which unlocks the list; the reason stays in the list's history.

    Raises Invalid without a reason, Conflict once the list has been announced or when there is no decision.
    """
    reason = needed(reason, "reason", 300)
    with transaction():
        conference = conference_for_writing(conference_id)
        form = form_for_writing(conference_id, form_id)
        if form.decision_number is None:
            raise Conflict("Danh sách này chưa có Quyết định.")
        if conference.awards_announced_at is not None:
            raise Conflict("Danh sách đã công bố. Rút công bố trước rồi mới gỡ Quyết định.")
        number = form.decision_number
        form.decision_number = form.decision_on = form.decision_by = None
        dossier_deciding.undo(form, by)
        # A reason may name somebody, and the desk shows sentences to everyone: it stays in the details.
        note(form, "awards.decision_taken_back", by, f"Gỡ Quyết định số {number}; danh sách sửa lại được.", reason=reason)


def announcement(conference_id: int) -> Announcement:
    """Return which lists the announcement is about; raises NotFound."""
    conference = db.session.get(Conference, conference_id)
    if conference is None:
        raise NotFound()
    rows = [row for row in form_rows(conference_id) if row.total]
    decided, waiting = (tuple(row for row in rows if row.is_locked is locked) for locked in (True, False))
    return Announcement(conference.awards_announced_at, decided, waiting)


def announce(conference_id: int, by: int) -> None:
    """Open the decided lists to the press and the public, once they have been read out.

    Raises Conflict when they are open already or no list has a decision.
    """
    at = clock.now()
    with transaction():
        conference = conference_for_writing(conference_id)
        if conference.awards_announced_at is not None:
            raise Conflict("Danh sách khen thưởng đã được công bố trước đó.")
        if not any(row.total and row.is_locked for row in form_rows(conference_id)):
            raise Conflict("Chưa có danh sách nào có số Quyết định để công bố.")
        conference.awards_announced_at = at
        record(
            "awards.announced", at, conference_id=conference_id, account_id=by, subject="conference",
            subject_id=conference_id, sentence="Công bố danh sách khen thưởng cho báo chí.",
        )


def take_back_announcement(conference_id: int, reason: str, by: int) -> None:
    """Close the lists to the press again; raises Invalid without a reason, Conflict when they are not open."""
    reason = needed(reason, "reason", 300)
    at = clock.now()
    with transaction():
        conference = conference_for_writing(conference_id)
        if conference.awards_announced_at is None:
            raise Conflict("Danh sách khen thưởng chưa được công bố.")
        conference.awards_announced_at = None
        record(
            "awards.announced_taken_back", at, conference_id=conference_id, account_id=by, subject="conference",
            subject_id=conference_id, sentence="Rút công bố danh sách khen thưởng.", reason=reason,
        )


def _honourees(conference_id: int, form_id: int) -> sa.Select[Honouree]:
    return (
        sa.select(Honouree)
        .where(Honouree.conference_id == conference_id, Honouree.form_id == form_id)
        .order_by(Honouree.kind, Honouree.position, Honouree.id)
    )


def _of(kind: RecipientKind, honourees: list[Honouree]) -> list[Honouree]:
    return [one for one in honourees if one.kind == kind]


def _matching(wanted: Any, query: str) -> Any:
    for word in query_words(query)[:8]:
        wanted = wanted.where(Honouree.search_key.contains(f" {word}", autoescape=True))
    return wanted


def _keep_kinds(form: AwardForm, values: dict[str, Any]) -> None:
    """Raise Invalid when somebody on the list is of a kind that the form would not be for any more."""
    there = set(db.session.scalars(sa.select(Honouree.kind).where(Honouree.form_id == form.id).distinct()))
    if left := there - set(values.get("recipient_kinds", there)):
        kinds = ", ".join(kind.label.lower() for kind in RecipientKind if kind in left)
        raise Invalid(f"Danh sách đang có {kinds}; bỏ khỏi danh sách trước.", "recipient_kinds")


def _checked_form(facts: FormFacts) -> dict[str, Any]:
    kinds = facts.recipient_kinds
    if kinds is not None and (not kinds or set(kinds) - set(RecipientKind)):
        raise Invalid("Chọn tập thể, cá nhân hoặc cả hai.", "recipient_kinds")
    chosen = {} if kinds is None else {"recipient_kinds": [kind.value for kind in RecipientKind if kind in kinds]}
    return chosen | {
        "authority": needed(facts.authority, "authority", 200),
        "name": optional(facts.name, "name", 120),
        "achievement": optional(facts.achievement, "achievement", 500),
        "at_conference": facts.at_conference, "legal_basis": optional(facts.legal_basis, "legal_basis", 500),
    }
