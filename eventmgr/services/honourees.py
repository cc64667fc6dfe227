"""Those on an award list: add one or many, edit, put in order, remove. A locked list refuses all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.awards import RecipientKind, counts_text
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.honourees import Entry, address_form_in, read_lines
from eventmgr.domain.names import AddressForm
from eventmgr.domain.text import search_key
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.database import db, transaction
from eventmgr.services import dossier_deciding
from eventmgr.services.award_parts import form_for_writing, note, open_form
from eventmgr.services.typed import needed, optional

_TWICE = "Tên này với chức vụ, đơn vị này đã có trong danh sách."


@dataclass(frozen=True)
class HonoureeFacts:
    """What is typed about one honouree; a collective has neither post nor form of address."""

    kind: str
    printed_name: str
    post: str | None = None
    note: str | None = None
    address_form: str | None = None


class WrongLines(Invalid):
    """Pasted lines that cannot be taken: `sentences` says why, one each; nothing was stored."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(f"Chưa thêm dòng nào: có {len(sentences)} chỗ cần sửa.", "lines")
        self.sentences = tuple(sentences)


def get(conference_id: int, form_id: int, honouree_id: int) -> Honouree:
    """Return one honouree of a list; raises NotFound."""
    honouree = db.session.scalar(
        sa.select(Honouree).where(
            Honouree.id == honouree_id, Honouree.form_id == form_id, Honouree.conference_id == conference_id
        )
    )
    if honouree is None:
        raise NotFound("Không có tên này trong danh sách.")
    return honouree


def add(conference_id: int, form_id: int, facts: HonoureeFacts, by: int) -> Honouree:
    """Add one honouree at the end of its kind; raises Invalid (also for one that is there already) or Conflict."""
    entry = _checked(facts)
    try:
        with transaction():
            form = open_form(conference_id, form_id)
            (made,) = _store(form, [entry])
            note(form, "awards.honouree_added", by, _added([entry]), honouree_ids=[made.id])
    except IntegrityError as error:
        raise Invalid(_TWICE, "printed_name") from error
    return made


def add_lines(conference_id: int, form_id: int, kind: str, text: str, by: int) -> int:
    """Add one honouree a line, all of them or none, and return how many.

    Raises WrongLines with a sentence for each wrong line, Conflict when the list is locked.
    """
    read = read_lines(text, _kind(kind))
    if read.problems:
        raise WrongLines(read.problems)
    try:
        with transaction():
            form = open_form(conference_id, form_id)
            there = _listed(form.id)
            twice = [entry for entry in read.entries if (entry.kind, entry.printed_name, entry.post) in there]
            if twice:
                raise WrongLines([f"Đã có trong danh sách: {_shown(entry)}." for entry in twice])
            made = _store(form, read.entries)
            note(form, "awards.honouree_added", by, _added(read.entries), honouree_ids=[one.id for one in made])
    except IntegrityError as error:
        raise WrongLines([_TWICE]) from error
    return len(read.entries)


def edit(conference_id: int, form_id: int, honouree_id: int, facts: HonoureeFacts, by: int) -> None:
    """Change an honouree; one that changes its kind goes to the end of the other part.

    Raises NotFound, Invalid (also for one that is there already), Conflict when the list is locked.
    """
    entry = _checked(facts)
    try:
        with transaction():
            form = open_form(conference_id, form_id)
            honouree = get(conference_id, form_id, honouree_id)
            _may_go_to(form, entry.kind)
            if honouree.kind != entry.kind:
                honouree.position = _last(form.id, entry.kind) + 1
            _fill(honouree, entry)
            note(form, "awards.honouree_edited", by, "Sửa một tên trong danh sách khen thưởng.", honouree_ids=[honouree_id])
    except IntegrityError as error:
        raise Invalid(_TWICE, "printed_name") from error


def move(conference_id: int, form_id: int, honouree_id: int, step: int, by: int) -> None:
    """Move an honouree one place up (-1) or down (1) among its kind; at the end of it nothing happens."""
    with transaction():
        form = open_form(conference_id, form_id)
        honouree = get(conference_id, form_id, honouree_id)
        same = list(
            db.session.scalars(
                sa.select(Honouree)
                .where(Honouree.form_id == form_id, Honouree.kind == honouree.kind)
                .order_by(Honouree.position, Honouree.id)
            )
        )
        place = same.index(honouree)
        if not 0 <= place + step < len(same):
            return
        same.insert(place + step, same.pop(place))
        for position, one in enumerate(same, 1):
            one.position = position
        note(form, "awards.honouree_moved", by, "Đổi thứ tự danh sách khen thưởng.", honouree_ids=[honouree_id])


def remove(conference_id: int, form_id: int, honouree_id: int, by: int) -> None:
    """Take an honouree off the list; raises NotFound, Conflict when the list is locked."""
    with transaction():
        form = open_form(conference_id, form_id)
        honouree = get(conference_id, form_id, honouree_id)
        dossier_deciding.release(honouree_id, by)
        db.session.flush()
        db.session.delete(honouree)
        note(form, "awards.honouree_removed", by, "Bỏ một tên khỏi danh sách khen thưởng.", honouree_ids=[honouree_id])


def cancel(conference_id: int, form_id: int, honouree_id: int, reason: str | None, by: int) -> None:
    """Cancel an award after its decision, with the reason (Luật 06/2022 Điều 93); the name is called nowhere any more.

    Raises NotFound, Invalid without a reason, Conflict while there is no decision.
    """
    words = needed(reason, "reason", 300)
    with transaction():
        form = form_for_writing(conference_id, form_id)
        honouree = get(conference_id, form_id, honouree_id)
        if form.decision_number is None:
            raise Conflict("Chưa có Quyết định; bỏ tên khỏi danh sách là đủ.")
        if honouree.cancelled_at is not None:
            return
        honouree.cancelled_at, honouree.cancelled_reason = clock.now(), words
        dossier_deciding.follow(honouree_id, "cancelled", by, words)
        # The reason speaks of the person; the journal is read by more people than the list.
        note(form, "awards.honouree_cancelled", by, "Hủy khen thưởng một tên trong danh sách.", honouree_ids=[honouree_id])


def stand_again(conference_id: int, form_id: int, honouree_id: int, by: int) -> None:
    """Take a cancellation back that was made by mistake; once more changes nothing."""
    with transaction():
        form = form_for_writing(conference_id, form_id)
        honouree = get(conference_id, form_id, honouree_id)
        if honouree.cancelled_at is None:
            return
        honouree.cancelled_at = honouree.cancelled_reason = None
        dossier_deciding.follow(honouree_id, "decided", by, None)
        note(form, "awards.honouree_stands", by, "Gỡ việc hủy khen thưởng một tên trong danh sách.", honouree_ids=[honouree_id])


def _checked(facts: HonoureeFacts) -> Entry:
    kind = _kind(facts.kind)
    name = needed(facts.printed_name, "printed_name", 300)
    post, remark = optional(facts.post, "post", 300) or "", optional(facts.note, "note", 300) or ""
    if kind is RecipientKind.COLLECTIVE:
        if post:
            raise Invalid("Tập thể chỉ có tên; ghi cả đơn vị vào tên in.", "post")
        return Entry(kind, name, "", remark)
    if not post:
        raise Invalid("Ghi chức vụ, đơn vị công tác (hoặc thôn, xã) của cá nhân.", "post")
    if facts.address_form and facts.address_form not in set(AddressForm):
        raise Invalid("Chọn cách xưng hô trong danh sách.", "address_form")
    form = AddressForm(facts.address_form) if facts.address_form else address_form_in(name)
    return Entry(kind, name, post, remark, form)


def _kind(kind: str) -> RecipientKind:
    if kind not in set(RecipientKind):
        raise Invalid("Chọn tập thể hay cá nhân.", "kind")
    return RecipientKind(kind)


def _store(form: AwardForm, entries: Sequence[Entry]) -> list[Honouree]:
    at = clock.now()
    kinds = {entry.kind for entry in entries}
    for kind in kinds:
        _may_go_to(form, kind)
    last = {kind: _last(form.id, kind) for kind in kinds}
    made = []
    for entry in entries:
        last[entry.kind] += 1
        honouree = Honouree(
            conference_id=form.conference_id, form_id=form.id, position=last[entry.kind], created_at=at
        )
        _fill(honouree, entry)
        made.append(honouree)
    db.session.add_all(made)
    db.session.flush()
    return made


def _fill(honouree: Honouree, entry: Entry) -> None:
    honouree.kind, honouree.printed_name, honouree.post = entry.kind.value, entry.printed_name, entry.post
    honouree.note = entry.note or None
    honouree.address_form = entry.address_form.value if entry.address_form else None
    honouree.search_key = search_key(entry.printed_name, entry.post, entry.note)


def _may_go_to(form: AwardForm, kind: RecipientKind) -> None:
    if form.recipient_kinds and kind.value not in form.recipient_kinds:
        raise Invalid(f"Hình thức này không dành cho {kind.label.lower()}.", "kind")


def _last(form_id: int, kind: RecipientKind) -> int:
    highest = sa.select(sa.func.max(Honouree.position)).where(Honouree.form_id == form_id, Honouree.kind == kind.value)
    return int(db.session.scalar(highest) or 0)


def _listed(form_id: int) -> set[tuple[str, str, str]]:
    rows = db.session.execute(
        sa.select(Honouree.kind, Honouree.printed_name, Honouree.post).where(Honouree.form_id == form_id)
    )
    return {(kind, name, post) for kind, name, post in rows}


def _added(entries: Sequence[Entry]) -> str:
    collectives = sum(entry.kind is RecipientKind.COLLECTIVE for entry in entries)
    return f"Thêm {counts_text(collectives, len(entries) - collectives)} vào danh sách khen thưởng."


def _shown(entry: Entry) -> str:
    return ", ".join(part for part in (entry.printed_name, entry.post) if part)
