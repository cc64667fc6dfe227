"""A judged file goes into the list as one unit, and comes out again as one; a private part of the services of imports."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.errors import Conflict
from eventmgr.domain.precedence import RankRule
from eventmgr.domain.text import spelled_alike
from eventmgr.models.agenda import Item
from eventmgr.models.awards import Honouree
from eventmgr.models.checkin import Admission
from eventmgr.models.database import db, insert_many, take_ids
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.imports import Import, ImportRow
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import Entry, record
from eventmgr.services.delegate_keys import body_search_key, fill_keys, keys_of, ranks_of, refresh_keys
from eventmgr.services.import_changes import WORDS
from eventmgr.services.import_outcomes import Judged
from eventmgr.services.typed import free_key

_SAID = ("full_name", "phone", "email", "seat", "alert", "note")

Prepared = tuple[Judged, dict[str, Any] | None]


def goes_in(one: Judged) -> bool:
    """Tell whether a row changes the list: neither wrong, nor the same, nor left out."""
    if one.choice == "skip" or one.verdict in {"wrong", "same", "unjudged"}:
        return False
    return one.verdict != "alike" or (one.choice == "other") or (one.choice == "same" and bool(one.changes))


class Store:
    """Writes outcomes into the list inside the open transaction; keys are computed before it is opened."""

    def __init__(self, task: Import, file_by: int | None) -> None:
        self.task, self.by, self.at = task, file_by, clock.now()
        self.conference_id = task.conference_id
        self.groups = {group.id: group for group in db.session.scalars(_of(Group, self.conference_id))}
        self.bodies = {body.id: body for body in db.session.scalars(_of(Body, self.conference_id))}
        self.ranks = [RankRule(rank.value, rank.title, rank.bloc) for rank in ranks_of(self.conference_id)]
        self.new_bodies: dict[str, Body] = {}
        db.session.expunge_all()

    def prepare(self, outcomes: Iterable[Judged]) -> bytes:
        """Return the outcomes that go in, each with the values of a new delegate (None for one that is changed), packed.

        A list of 20,000 waits here until all of it is known to be good; packed it takes a thirtieth of the room.
        """
        found: list[Prepared] = []
        for one in outcomes:
            if goes_in(one):
                is_new = one.verdict == "new" or (one.verdict == "alike" and one.choice == "other")
                self._meet_body(one)
                found.append((one, self._values(one) if is_new else None))
        return zlib.compress(pickle.dumps(found, pickle.HIGHEST_PROTOCOL), 1)

    def write(self, packed: Iterable[bytes]) -> dict[str, Any]:
        """Write everything; return the figures. Raises Conflict when a delegate was edited meanwhile."""
        self._add_bodies()
        figures: dict[str, Any] = {"added": 0, "edited": 0, "bodies": [body.id for body in self.new_bodies.values()]}
        for part in packed:
            prepared: list[Prepared] = pickle.loads(zlib.decompress(part))
            added = [(one, values) for one, values in prepared if values is not None]
            changed = [one for one, values in prepared if values is None]
            self._add(added)
            self._change(changed)
            figures["added"] += len(added)
            figures["edited"] += len(changed)
        return figures

    def _values(self, one: Judged) -> dict[str, Any]:
        group = self.groups[one.group_id or 0]
        body = self.bodies.get(one.body_id or 0)
        said, posts = one.said, list(one.said.posts)
        if one.new_body:
            body = self.new_bodies[spelled_alike(one.new_body)]
        made = {name: getattr(said, name) for name in _SAID} | {
            "group_id": group.id, "body_id": one.body_id, "posts": posts, "first_post": posts[0] if posts else None,
            "address_form": said.address_form or group.address_form, "sort_given": None, "rank": None,
            "manual_position": None, "is_host": group.is_host, "origin": "import",
        }  # fmt: skip
        keys = keys_of(SimpleNamespace(**made), self.ranks, body, group)
        return made | keys | {"conference_id": self.conference_id, "created_at": self.at, "version": 1}

    def _meet_body(self, one: Judged) -> None:
        if one.new_body and spelled_alike(one.new_body) not in self.new_bodies:
            self.new_bodies[spelled_alike(one.new_body)] = Body(
                conference_id=self.conference_id, name=one.new_body[:300], group_id=one.group_id, origin="import",
                search_key=body_search_key(one.new_body),
            )  # fmt: skip

    def _add_bodies(self) -> None:
        taken = set(db.session.scalars(sa.select(Body.key).where(Body.conference_id == self.conference_id)))
        last = db.session.scalar(sa.select(sa.func.max(Body.position)).where(Body.conference_id == self.conference_id)) or 0
        for place, body in enumerate(self.new_bodies.values(), 1):
            body.key, body.position = free_key(body.name, taken, 60), last + place
            taken.add(body.key)
            db.session.add(body)
        db.session.flush()

    def _body_of(self, one: Judged) -> int | None:
        return self.new_bodies[spelled_alike(one.new_body)].id if one.new_body else one.body_id

    def _add(self, added: list[tuple[Judged, dict[str, Any]]]) -> None:
        if not added:
            return
        ids = take_ids(Delegate, len(added))
        insert_many(Delegate, [values | {"id": new, "body_id": self._body_of(one)} for new, (one, values) in zip(ids, added, strict=True)])
        self._mark([{"row": one.row.id, "whose": new, "was_added": True, "old": None} for (one, _), new in zip(added, ids, strict=True)])
        self._note(
            ("delegate.added", new, f"Thêm đại biểu {values['full_name'] or values['first_post']} từ tệp {self._where(one)}.", {})
            for (one, values), new in zip(added, ids, strict=True)
        )

    def _change(self, changed: list[Judged]) -> None:
        marks, notes = [], []
        ids = [one.delegate_id for one in changed]
        wanted = _of(Delegate, self.conference_id).where(Delegate.id.in_(ids))
        known = {one.id: one for one in db.session.scalars(wanted)} if changed else {}
        for one in changed:
            delegate = known.get(one.delegate_id or 0)
            if delegate is None or any(getattr(delegate, name) != old for name, (old, _) in one.changes.items()):
                raise Conflict("Danh sách đại biểu vừa có người sửa. Xem lại các dòng rồi nạp lại; chưa có gì được ghi.")
            new = {name: value for name, (_, value) in one.changes.items()}
            if "body_id" in new:
                new["body_id"] = self._body_of(one)
            marks.append({"row": one.row.id, "whose": delegate.id, "was_added": False, "old": self._put(delegate, new)})
            words = ", ".join(WORDS[name] for name in new)
            notes.append(("delegate.edited", delegate.id, f"Sửa {words} của {delegate.shown_name} theo tệp {self._where(one)}.", {"changed": list(new)}))
        db.session.flush()
        self._mark(marks)
        self._note(notes)

    def _put(self, delegate: Delegate, new: dict[str, Any]) -> dict[str, Any]:
        """Write new values and return, field by field, what was there and what is there now."""
        before = {name: [getattr(delegate, name), value] for name, value in new.items()}
        for name, value in new.items():
            setattr(delegate, name, value)
        delegate.first_post = delegate.posts[0] if delegate.posts else None
        body = self.bodies.get(delegate.body_id or 0) or next((b for b in self.new_bodies.values() if b.id == delegate.body_id), None)
        fill_keys(delegate, self.ranks, body, self.groups[delegate.group_id])
        return before

    def _where(self, one: Judged) -> str:
        return f"“{self.task.file_name[:100]}”, dòng {one.row.number}"

    @staticmethod
    def _mark(marks: list[dict[str, Any]]) -> None:
        if marks:
            db.session.connection().execute(
                sa.update(ImportRow).where(ImportRow.id == sa.bindparam("row")).values(
                    delegate_id=sa.bindparam("whose"), is_added=sa.bindparam("was_added"),
                    before=sa.bindparam("old", type_=sa.JSON(none_as_null=True)),
                ),
                marks,
            )  # fmt: skip

    def _note(self, lines: Iterable[tuple[str, int, str, dict[str, Any]]]) -> None:
        write_lines(self.conference_id, self.by, self.at, lines)


def write_lines(conference_id: int, by: int | None, at: datetime, lines: Iterable[tuple[str, int, str, dict[str, Any]]]) -> None:
    """Write many lines of the journal about delegates (verb, delegate, sentence, details) inside the open transaction."""
    values = [
        {
            "conference_id": conference_id, "at": at, "account_id": by, "actor": "", "verb": verb, "subject": "delegate",
            "subject_id": delegate_id, "sentence": sentence[:500], "details": details,
        }
        for verb, delegate_id, sentence, details in lines
    ]  # fmt: skip
    if values:
        insert_many(Entry, values)


def refuse_undoing(task: Import) -> None:
    """Raise Conflict when a letter was issued, somebody was admitted or named since the file went in."""
    whose = sa.select(ImportRow.delegate_id).where(ImportRow.import_id == task.id, ImportRow.delegate_id.is_not(None))
    touched = whose.where(sa.or_(ImportRow.is_added, ImportRow.before.is_not(None)))
    added = whose.where(ImportRow.is_added)
    since = task.stored_at
    checks: tuple[tuple[str, sa.Select[Any]], ...] = (
        ("giấy mời đã phát hành", sa.select(Invitation.id).where(Invitation.delegate_id.in_(touched), Invitation.issued_at >= since)),
        ("người đã vào hội trường", sa.select(Admission.id).where(Admission.delegate_id.in_(touched), Admission.admitted_at >= since)),
        ("người được phân công trong chương trình", sa.select(Item.id).where(Item.delegate_id.in_(added))),
        ("người trong danh sách khen thưởng", sa.select(Honouree.id).where(Honouree.delegate_id.in_(added))),
        ("người đã được gộp với người khác", sa.select(Delegate.id).where(sa.or_(
            sa.and_(Delegate.id.in_(touched), Delegate.merged_into_id.is_not(None)), Delegate.merged_into_id.in_(added)))),
    )  # fmt: skip
    for word, wanted in checks:
        if db.session.scalar(wanted.limit(1)) is not None:
            raise Conflict(f"Không hoàn tác được nữa: trong lần nạp này đã có {word}.")


def take_back(task: Import, by: int | None) -> dict[str, int]:
    """Take a stored file out of the list inside the open transaction; return the figures.

    Delegates that came with it leave the list, with their drafts; of changed ones each field that still is as the
    file wrote it becomes what it was. Raises Conflict as `refuse_undoing` does.
    """
    refuse_undoing(task)
    at = clock.now()
    added = sa.select(ImportRow.delegate_id).where(ImportRow.import_id == task.id, ImportRow.is_added)
    db.session.execute(
        sa.update(Invitation).where(Invitation.delegate_id.in_(added), Invitation.revoked_at.is_(None)).values(
            revoked_at=at, revoked_by_id=by, revoked_reason="Đã hoàn tác lần nạp danh sách.",
        ).execution_options(synchronize_session=False)
    )  # fmt: skip
    gone = db.session.execute(
        sa.update(Delegate).where(Delegate.id.in_(added), Delegate.removed_at.is_(None))
        .values(removed_at=at, version=Delegate.version + 1).execution_options(synchronize_session=False)
    )  # fmt: skip
    ids = [one for one in db.session.scalars(added) if one is not None]
    write_lines(task.conference_id, by, at, (
        ("delegate.removed", one, f"Bỏ khỏi danh sách vì hoàn tác lần nạp “{task.file_name[:100]}”.", {}) for one in ids
    ))  # fmt: skip
    restored = _restore(task, by, at)
    bodies = task.counts.get("bodies", [])
    used = sa.select(Delegate.body_id).where(Delegate.body_id.is_not(None), Delegate.removed_at.is_(None))
    db.session.execute(
        sa.update(Body).where(Body.id.in_(bodies), Body.id.not_in(used), Body.archived_at.is_(None)).values(archived_at=at)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return {"removed": int(gone.rowcount), "restored": restored}  # type: ignore[attr-defined]


def _restore(task: Import, by: int | None, at: datetime) -> int:
    rows = db.session.execute(
        sa.select(ImportRow.delegate_id, ImportRow.before).where(ImportRow.import_id == task.id, ImportRow.before.is_not(None))
    ).all()
    count = 0
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        ids = [row.delegate_id for row in part]
        known = {one.id: one for one in db.session.scalars(sa.select(Delegate).where(Delegate.id.in_(ids)))}
        for row in part:
            delegate = known[row.delegate_id]
            back = {name: old for name, (old, new) in row.before.items() if getattr(delegate, name) == new}
            for name, old in back.items():
                setattr(delegate, name, old)
            delegate.first_post = delegate.posts[0] if delegate.posts else None
            count += bool(back)
        db.session.flush()
        refresh_keys(task.conference_id, Delegate.id.in_(ids))
        write_lines(task.conference_id, by, at, (
            ("delegate.edited", one, f"Trả lại như trước lần nạp “{task.file_name[:100]}”.", {}) for one in ids
        ))  # fmt: skip
    return count


def note_import(task: Import, verb: str, by: int | None, sentence: str, **details: Any) -> None:
    """Write the line of the journal about a file, inside the open transaction."""
    record(
        verb, clock.now(), conference_id=task.conference_id, account_id=by, subject="import", subject_id=task.id,
        sentence=sentence, **details,
    )  # fmt: skip


def _of(table: type[Any], conference_id: int) -> sa.Select[Any]:
    return sa.select(table).where(table.conference_id == conference_id)
