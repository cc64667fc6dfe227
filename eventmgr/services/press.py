"""What the press may use: leaders and presenters spelled right, and the award list once it has been read out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.documents.press_list import render_press_list
from eventmgr.documents.sheets import PressListSheet, PressPerson
from eventmgr.domain.awards import decision_parts
from eventmgr.domain.delegates import GroupRole, posts_with_body
from eventmgr.domain.items import PresenterKind
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate, Group
from eventmgr.services.agenda import Programme, ProgrammeItem
from eventmgr.services.ceremony_settings import settings_of
from eventmgr.services.kept import kept_pdf

LEADERS = (GroupRole.CHAIR.value, GroupRole.GUEST.value)


@dataclass(frozen=True)
class PressName:
    """A leader or presenter: name, posts, and what they do.

    `full_name` is None for a body or collective, and, with `is_open`, while only the post is known.
    """

    full_name: str | None
    posts: str
    part: str
    is_open: bool = False


@dataclass(frozen=True)
class AwardGroup:
    """The honourees of one decided form of award as its decision spells them, collectives before persons."""

    title: str
    decision: str | None
    collectives: tuple[str, ...]
    persons: tuple[tuple[str, str], ...]
    collectives_first: bool = True


@dataclass(frozen=True)
class PressRoom:
    """Everything that the press page shows; `awards` is None until the list has been announced."""

    leaders: tuple[PressName, ...]
    presenters: tuple[PressName, ...]
    awards: tuple[AwardGroup, ...] | None
    announced_at: datetime | None
    contact: str | None


def press_room(programme: Programme) -> PressRoom:
    """Return what may be used now, in a fixed number of queries.

    Leaders are the named delegates of the groups that come as chair or guest, in the order of precedence. No phone,
    no e-mail, no word on who is present.
    """
    conference = db.session.get_one(Conference, programme.conference_id)
    announced = conference.awards_announced_at
    if announced is not None and announced > clock.now():
        announced = None
    parts = _parts(programme.steps)
    return PressRoom(
        leaders=tuple(_leaders(programme.conference_id, parts)),
        presenters=tuple(_presenters(programme.steps, parts)),
        awards=award_groups(programme.conference_id) if announced else None,
        announced_at=announced,
        contact=conference.contact,
    )


def press_pdf(programme: Programme, room: PressRoom) -> bytes:
    """Return the list of leaders and presenters as PDF; the same list is printed once and kept."""
    db.session.close()
    known = {(one.full_name, one.posts) for one in room.leaders if one.full_name}
    others = [one for one in room.presenters if (one.full_name, one.posts) not in known]
    sheet = PressListSheet(
        conference=programme.title,
        when_and_where=" – ".join(part for part in (programme.when, programme.where) if part),
        people=tuple(PressPerson(one.full_name or "", one.posts, one.part) for one in (*room.leaders, *others)),
        note="Dòng chưa có họ tên được ghi theo cơ quan, chức vụ trong Chương trình Hội nghị.",
    )
    return kept_pdf("bao-chi", sheet, render_press_list)


def _parts(steps: Iterable[ProgrammeItem]) -> dict[int, list[str]]:
    """Delegate -> numbers of what they speak to."""
    found: dict[int, list[str]] = {}
    for step in steps:
        if step.person is not None:
            found.setdefault(step.person.delegate_id, []).append(step.number)
    return found


def _leaders(conference_id: int, parts: dict[int, list[str]]) -> Iterable[PressName]:
    chairs_first = sa.case((Group.role == GroupRole.CHAIR.value, 0), else_=1)
    rows = db.session.scalars(
        sa.select(Delegate)
        .join(Group, Group.id == Delegate.group_id)
        .where(
            Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.full_name.is_not(None),
            Group.role.in_(LEADERS),
        )
        .options(joinedload(Delegate.group), joinedload(Delegate.body))
        .order_by(chairs_first, Delegate.precedence_key, Delegate.name_key, Delegate.id)
    )
    for row in rows:
        posts = posts_with_body(row.posts, row.body.name if row.body else None)
        role = "Chủ trì" if row.group.role == GroupRole.CHAIR else "Khách mời"
        yield PressName(row.full_name, posts, "; ".join([role, *(said.lower() for said in _spoken(parts.get(row.id, [])))]))


def _presenters(steps: Iterable[ProgrammeItem], parts: dict[int, list[str]]) -> Iterable[PressName]:
    """Who speaks, in the order of the programme; each person and each unnamed post once, with all its numbers."""
    unnamed: dict[str, list[str]] = {}
    order: list[tuple[int | None, str, ProgrammeItem]] = []
    for step in steps:
        if step.person is not None:
            if not any(key == step.person.delegate_id for key, _, _ in order):
                order.append((step.person.delegate_id, "", step))
        elif step.presenter and step.presenter_kind is not PresenterKind.EVERYONE:
            if step.presenter not in unnamed:
                order.append((None, step.presenter, step))
            unnamed.setdefault(step.presenter, []).append(step.number)
    for key, post, step in order:
        if key is not None and step.person is not None:
            yield PressName(step.person.full_name, step.person.posts, "; ".join(_spoken(parts[key])))
        else:
            is_open = step.presenter_kind is PresenterKind.PERSON_OF_BODY
            yield PressName(None, post, "; ".join(_spoken(unnamed[post])), is_open)


def _spoken(numbers: list[str]) -> list[str]:
    return [f"Mục {', '.join(numbers)}"] if numbers else []


def award_groups(conference_id: int) -> tuple[AwardGroup, ...]:
    """Return the decided lists as their decisions spell them; whose award was cancelled is left out."""
    first = settings_of(conference_id).collectives_first
    rows = db.session.execute(
        sa.select(AwardForm, Honouree)
        .join(Honouree, Honouree.form_id == AwardForm.id)
        # A list without a decision is only a proposal; its names stay in the office.
        .where(AwardForm.conference_id == conference_id, AwardForm.decision_number.is_not(None), Honouree.cancelled_at.is_(None))
        .order_by(AwardForm.position, AwardForm.id, Honouree.position, Honouree.id)
    ).all()
    made = []
    for form in dict.fromkeys(row[0] for row in rows):
        honoured = [row[1] for row in rows if row[0] is form]
        made.append(AwardGroup(
            title=f"{form.name or 'Khen thưởng'} của {form.authority}",
            decision=_decision(form),
            collectives=tuple(one.printed_name for one in honoured if one.kind == "collective"),
            persons=tuple((one.printed_name, one.post) for one in honoured if one.kind == "individual"),
            collectives_first=first,
        ))  # fmt: skip
    return tuple(made)


def _decision(form: AwardForm) -> str | None:
    if not form.decision_number:
        return None
    day = f" ngày {form.decision_on:%d/%m/%Y}" if form.decision_on else ""
    return f"Quyết định số {'/'.join(decision_parts(form.decision_number))}{day}"
