"""Versions of the programme: the office works on one, everybody else reads the one that was published last.

The stage (MC, chair, hall, and the audience's page once the conference has begun) runs on the programme that the
office works on, because an item that was put in on the day must be spoken; page, PDF, calendar, data, press room and
the invitee's page show the published one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.programme import Line, tree
from eventmgr.domain.programme_changes import Entry, changes_by_item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.models.programme_versions import ProgrammeVersion
from eventmgr.services.agenda import ItemRow, Presenter, Programme, Version, assembled, people_of, rows_of
from eventmgr.services.agenda_rows import hold_order

_KEPT = tuple(field.name for field in fields(ItemRow) if field.name != "script")
MOVED_ON = "Chương trình vừa có thay đổi khác. Xem lại danh sách thay đổi rồi công bố."


@dataclass(frozen=True)
class Publishing:
    """What stands published and what is not yet: `seen` names the draft that `pending` was read from.

    `changed` are the items that `pending` is about.
    """

    current: Version | None
    pending: tuple[str, ...]
    seen: str
    changed: frozenset[int] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether there is something to publish."""
        return self.current is None or bool(self.pending)


def published(conference_id: int) -> Programme:
    """Return the programme that everybody outside the office reads; without items while none is published.

    Raises NotFound for a conference that does not exist.
    """
    conference = db.session.get(Conference, conference_id)
    if conference is None:
        raise NotFound("Không có hội nghị này.")
    stored = _newest(conference_id)
    if stored is None:
        return assembled(conference, ())
    return assembled(conference, _rows(stored), _version(stored))


def newest_number(conference_id: int) -> int:
    """Return the number of the version that is published, 0 for none."""
    asked = sa.select(sa.func.max(ProgrammeVersion.number)).where(ProgrammeVersion.conference_id == conference_id)
    return db.session.scalar(asked) or 0


def publishing(conference_id: int) -> Publishing:
    """Return what is published and what the office has changed since."""
    stored, rows = _newest(conference_id), rows_of(conference_id)
    before = _rows(stored) if stored else []
    told = _told(conference_id, before, rows)
    return Publishing(
        _version(stored) if stored else None, tuple(sentence for _, sentence in told), _seen(rows),
        frozenset(item_id for item_id, _ in told),
    )


def versions(conference_id: int) -> list[Version]:
    """Return all published versions, the newest first."""
    asked = sa.select(ProgrammeVersion).where(ProgrammeVersion.conference_id == conference_id)
    return [_version(one) for one in db.session.scalars(asked.order_by(ProgrammeVersion.number.desc()))]


def publish(conference_id: int, seen: str, by: int, actor: str = "") -> Version | None:
    """Publish the programme as the office has seen it and return the version; None when it is published already.

    `seen` is `Publishing.seen`. Raises Conflict when the programme has been changed since, or has no item.
    """
    try:
        with transaction():
            hold_order(conference_id)
            rows = rows_of(conference_id)
            if not rows:
                raise Conflict("Chương trình chưa có mục nào để công bố.")
            if seen != _seen(rows):
                raise Conflict(MOVED_ON)
            stored = publish_within(conference_id, clock.now(), by=by, actor=actor)
            return _version(stored) if stored else None
    except IntegrityError as error:  # somebody published in the same moment
        raise Conflict(MOVED_ON) from error


def publish_within(
    conference_id: int, at: datetime, *, by: int | None = None, actor: str = ""
) -> ProgrammeVersion | None:
    """Publish the present programme inside the open transaction; None where nothing is different."""
    before, rows = _newest(conference_id), rows_of(conference_id)
    told = _told(conference_id, _rows(before), rows) if before else ()
    if before is not None and not told:
        return None
    stored = ProgrammeVersion(
        conference_id=conference_id, number=before.number + 1 if before else 1, published_at=at, published_by_id=by,
        actor=actor[:120], items=[{name: value for name, value in asdict(row).items() if name in _KEPT} for row in rows],
        changes=[sentence for _, sentence in told],
    )
    db.session.add(stored)
    db.session.flush()
    record(
        "agenda.published", at, conference_id=conference_id, account_id=by, actor=actor, subject="programme",
        subject_id=stored.id, sentence=f"Công bố chương trình, bản {stored.number}.", changes=len(told),
    )
    return stored


def _newest(conference_id: int) -> ProgrammeVersion | None:
    asked = sa.select(ProgrammeVersion).where(ProgrammeVersion.conference_id == conference_id)
    return db.session.scalar(asked.order_by(ProgrammeVersion.number.desc()).limit(1))


def _version(stored: ProgrammeVersion) -> Version:
    return Version(stored.number, stored.published_at, stored.actor, tuple(stored.changes))


def _rows(stored: ProgrammeVersion) -> list[ItemRow]:
    return [ItemRow(**{name: row[name] for name in _KEPT if name in row}) for row in stored.items]


def _seen(rows: Sequence[ItemRow]) -> str:
    told = repr([[getattr(row, name) for name in _KEPT] for row in rows])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _told(conference_id: int, before: Sequence[ItemRow], after: Sequence[ItemRow]) -> tuple[tuple[int, str], ...]:
    people = people_of(conference_id, [*before, *after])
    return changes_by_item(_entries(before, people), _entries(after, people))


def _entries(rows: Sequence[ItemRow], people: dict[int, Presenter]) -> list[Entry]:
    by_id = {row.id: row for row in rows}
    from_lines = tree(Line(row.id, row.parent_id, row.position, row.mark, row.minutes) for row in rows)
    return [
        _entry(by_id[node.id], node.number, people, bool(node.subs)) for top in from_lines for node in (top, *top.subs)
    ]


def _entry(row: ItemRow, number: str, people: dict[int, Presenter], is_heading: bool) -> Entry:
    person = people.get(row.delegate_id or 0)
    who = f"{person.address_form} {person.full_name}, {person.posts}" if person else row.presenter or ""
    kind = ItemKind(row.kind).label if row.kind in set(ItemKind) else row.kind
    named = PresenterKind(row.presenter_kind).label
    minutes = None if is_heading else row.minutes
    return Entry(row.id, row.parent_id, number, row.title, kind, who, minutes, named, row.fixed_at)
