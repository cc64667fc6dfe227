"""What a body sees on its page: its places with who stands there, what it sent, how many more it may name, its papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.deadlines import reply_deadline
from eventmgr.domain.errors import NotFound
from eventmgr.domain.nominations import Window, window_of
from eventmgr.domain.text import fold
from eventmgr.models.conferences import Conference, Paper, Task
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.nominations import Nomination
from eventmgr.services import body_links, nominating

NOTES_SHOWN = 20

T = TypeVar("T", Paper, Task)


@dataclass(frozen=True)
class Place:
    """A place of the body: who or which post is invited, letter, answer, what waits, what the office said last."""

    delegate: Delegate
    companions: list[Delegate]
    bringing: list[Nomination]
    letter: Invitation | None
    reply: Reply | None
    sent: Nomination | None
    said: Nomination | None
    window: Window
    mark: str

    @property
    def state(self) -> str:
        """Where the place stands: waiting, excused, comes, absent, substitute, proposed, silent (named) or unnamed."""
        if self.sent is not None:
            return "excused" if self.sent.kind == "excuse" else "waiting"
        if self.reply is not None and self.reply.answer == "substitute":
            return "substitute" if self.reply.approved_at else "proposed"
        if self.reply is not None:
            return self.reply.answer
        return "silent" if self.delegate.full_name else "unnamed"


@dataclass(frozen=True)
class Added:
    """One more person who waits for the office, and whoever is to go with that person."""

    nomination: Nomination
    bringing: list[Nomination]


@dataclass(frozen=True)
class BodyPage:
    """Everything on the page of one body; `free` is how many more people it may name, `own` everything it ever sent."""

    body: Body
    conference: Conference
    group: Group | None
    window: Window
    places: list[Place]
    added: list[Added]
    returned: list[Nomination]
    notes: list[Nomination]
    papers: list[Paper]
    tasks: list[Task]
    free: int
    own: frozenset[int]

    @property
    def named(self) -> int:
        """How many places have somebody, those who wait included."""
        return len(self.added) + sum(1 for one in self.places if one.delegate.full_name or one.state == "waiting")

    @property
    def whom_to_call(self) -> str:
        """Whom to call for what the page cannot do."""
        one = self.conference
        return one.contact or one.invitation_issuer or one.organiser

    def place(self, delegate_id: int) -> Place:
        """Return one place; raises NotFound."""
        found = next((one for one in self.places if one.delegate.id == delegate_id), None)
        if found is None:
            raise NotFound("Không có vị trí này trong danh sách của đơn vị.")
        return found

    def nomination(self, nomination_id: int) -> Nomination:
        """Return one thing that waits; raises NotFound."""
        waits = [one.sent for one in self.places if one.sent] + [one.nomination for one in self.added]
        waits += [one for place in self.places for one in place.bringing] + [one for more in self.added for one in more.bringing]
        found = next((one for one in waits if one.id == nomination_id), None)
        if found is None:
            raise NotFound("Nội dung này đã được xử lý hoặc đã rút lại.")
        return found


def page_of(typed: str) -> BodyPage:
    """Return the page that a code leads to, in a fixed number of queries; raises NotFound."""
    body, conference = body_links.body_of(typed)
    group = db.session.get(Group, body.group_id) if body.group_id else None
    people = nominating.standing(body.id)
    all_sent = list(db.session.scalars(sa.select(Nomination).where(Nomination.body_id == body.id).order_by(Nomination.id)))
    sent = [one for one in all_sent if one.state == "waiting"]
    places = _places(conference, people, all_sent)
    added = [
        Added(one, [other for other in sent if other.parent_id == one.id])
        for one in sent if one.kind == "name" and one.delegate_id is None
    ]  # fmt: skip
    shown = {id(place.said) for place in places if place.said}
    returned = [one for one in all_sent if one.state == "returned" and one.kind != "note" and id(one) not in shown and one.delegate_id is None]
    return BodyPage(
        body, conference, group, _window(conference, group, clock.now()), places, added, returned[-NOTES_SHOWN:],
        [one for one in all_sent if one.kind == "note" and one.state != "withdrawn"][-NOTES_SHOWN:],
        _owned(Paper, body), _owned(Task, body), nominating.free_places(body, people, sent),
        frozenset(one.id for one in all_sent),
    )  # fmt: skip


def _places(conference: Conference, people: list[Delegate], all_sent: list[Nomination]) -> list[Place]:
    own = [one for one in people if one.companion_of_id is None]
    ids = [one.id for one in own]
    letters = {
        one.delegate_id: one for one in db.session.scalars(
            sa.select(Invitation).where(
                Invitation.delegate_id.in_(ids), Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None)
            )
        )
    }  # fmt: skip
    replies = {
        one.delegate_id: one for one in db.session.scalars(
            sa.select(Reply)
            .where(Reply.delegate_id.in_(ids), Reply.superseded_at.is_(None), Reply.refused_at.is_(None)).order_by(Reply.id)
        )
    }  # fmt: skip
    now = clock.now()
    made = []
    for one in own:
        mine = [sent for sent in all_sent if sent.delegate_id == one.id or sent.result_id == one.id]
        sent = next((it for it in mine if it.state == "waiting" and it.kind in {"name", "replace", "excuse"}), None)
        parents = {it.id for it in mine}
        bringing = [
            it for it in all_sent
            if it.state == "waiting" and it.kind == "companion" and (it.delegate_id == one.id or it.parent_id in parents)
        ]  # fmt: skip
        judged = [it for it in mine if it.state in {"accepted", "returned"}]
        made.append(
            Place(
                one, [other for other in people if other.companion_of_id == one.id], bringing, letters.get(one.id),
                replies.get(one.id), sent, judged[-1] if judged else None, _window(conference, one.group, now),
                nominating.mark_of(one, sent, replies.get(one.id)),
            )
        )  # fmt: skip
    return made


def _window(conference: Conference, group: Group | None, now: datetime) -> Window:
    return window_of(
        reply_deadline(group.reply_by if group else None, conference.reply_by), group.freeze_at if group else None, now,
        ended=conference.state in {"closed", "archived"},
    )  # fmt: skip


def _owned(table: type[T], body: Body) -> list[T]:
    """What the plan asks of this body by name; 'Sở Nội vụ (Ban Thi đua khen thưởng tỉnh)' is Sở Nội vụ too."""
    names = {fold(name) for name in (body.name, body.printed) if name}
    rows = db.session.scalars(sa.select(table).where(table.conference_id == body.conference_id).order_by(table.position))
    return [row for row in rows if fold(row.owner) in names or fold(row.owner.split(" (")[0]) in names]
