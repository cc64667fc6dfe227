"""Delegates: add, edit, remove and bring back one; what is known about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.invitees import DelegateFacts, checked, doubts
from eventmgr.domain.text import fold, query_words
from eventmgr.models.agenda import Item
from eventmgr.models.awards import Honouree
from eventmgr.models.checkin import Admission
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import ADDRESS_FORMS, Body, Delegate, Group, Rank
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.journal import Entry, record
from eventmgr.services.delegate_keys import fill_keys, rank_of, ranks_of
from eventmgr.services.histories import whole_history

PRINTED = {"full_name": "họ tên", "address_form": "cách xưng hô", "posts": "chức vụ", "body_id": "đơn vị"}
OTHERS = {
    "group_id": "nhóm",
    "sort_given": "tên để xếp",
    "rank": "bậc",
    "is_host": "chủ hay khách",
    "phone": "điện thoại",
    "email": "thư điện tử",
    "seat": "chỗ ngồi",
    "alert": "lưu ý ở cửa",
    "note": "ghi chú",
}


@dataclass(frozen=True)
class Saved:
    """A delegate as stored, and what looks odd about it, each in a sentence."""

    delegate: Delegate
    doubts: list[str]


@dataclass(frozen=True)
class Known:
    """All that is known of one delegate: living letter, counting reply, admission, history; its rank as it counts; a substitute has its own."""

    delegate: Delegate
    invitation: Invitation | None
    reply: Reply | None
    admission: Admission | None
    history: list[Entry]
    rank: int | None
    substitute_rank: int | None = None

    @property
    def is_issued(self) -> bool:
        """Whether a letter is out, so that what it prints stays as it is."""
        return self.invitation is not None and self.invitation.issued_at is not None


def get_delegate(conference_id: int, delegate_id: int) -> Delegate:
    """Return one delegate with group and body, a removed one too; raises NotFound."""
    found = db.session.scalar(
        sa.select(Delegate)
        .where(Delegate.id == delegate_id, Delegate.conference_id == conference_id)
        .options(joinedload(Delegate.group), joinedload(Delegate.body))
    )
    if found is None:
        raise NotFound("Không có đại biểu này trong hội nghị.")
    return found


def known_of(conference_id: int, delegate_id: int) -> Known:
    """Return everything about one delegate; raises NotFound."""
    delegate = get_delegate(conference_id, delegate_id)
    reply = db.session.scalar(
        sa.select(Reply)
        .where(Reply.delegate_id == delegate_id, Reply.superseded_at.is_(None), Reply.refused_at.is_(None))
        .order_by(Reply.id.desc())
        .limit(1)
    )
    admission = db.session.scalar(
        sa.select(Admission).where(Admission.delegate_id == delegate_id, Admission.undone_at.is_(None))
    )
    history = db.session.scalars(
        sa.select(Entry)
        .where(Entry.conference_id == conference_id, Entry.subject == "delegate", Entry.subject_id.in_(whole_history(delegate_id)))
        .order_by(Entry.id.desc())
        .limit(30)
    ).all()
    ranks, body = ranks_of(conference_id), delegate.body.name if delegate.body else ""
    stands_in = reply is not None and reply.substitute_post
    own = rank_of(Delegate(posts=[stands_in], rank=None), ranks, body) if stands_in else None
    return Known(delegate, _living_letter(delegate_id), reply, admission, list(history), rank_of(delegate, ranks, body), own)


def add_delegate(conference_id: int, facts: DelegateFacts, by: int) -> Saved:
    """Add an invitee; raises Invalid. Likely duplicates are named among the doubts and added all the same."""
    clean_facts = checked(facts)
    at = clock.now()
    with transaction():
        group, body, ranks = _belongings(conference_id, clean_facts)
        alike = _alike(conference_id, clean_facts.full_name)
        delegate = Delegate(conference_id=conference_id, key=None, created_at=at, **_values(clean_facts, group))
        fill_keys(delegate, ranks, body, group)
        db.session.add(delegate)
        db.session.flush()
        _note(delegate, "delegate.added", by, f"Thêm đại biểu {delegate.shown_name}.")
    return Saved(delegate, doubts(clean_facts, facts.full_name) + alike)


def edit_delegate(conference_id: int, delegate_id: int, facts: DelegateFacts, by: int, version: int) -> Saved:
    """Change what is known of a delegate.

    Raises Conflict when somebody saved in between (`version` differs) or the delegate was removed, Invalid for
    what cannot be; what an issued letter prints cannot be changed before that letter is revoked.
    """
    clean_facts = checked(facts)
    try:
        with transaction():
            delegate = get_delegate(conference_id, delegate_id)
            if delegate.version != version or delegate.removed_at is not None:
                raise Conflict(
                    "Có người vừa sửa đại biểu này. Nội dung đã nhập vẫn còn ở dưới; xem bản mới rồi lưu lại."
                )
            group, body, ranks = _belongings(conference_id, clean_facts, known=delegate)
            values = _values(clean_facts, group)
            changed = [name for name in (*PRINTED, *OTHERS) if getattr(delegate, name) != values[name]]
            _refuse_printed(delegate_id, changed)
            alike = _alike(conference_id, clean_facts.full_name, delegate_id) if "full_name" in changed else []
            for name, value in values.items():
                if getattr(delegate, name) != value:
                    setattr(delegate, name, value)
            if changed:
                fill_keys(delegate, ranks, body, group)
                words = ", ".join({**PRINTED, **OTHERS}[name] for name in changed)
                _note(delegate, "delegate.edited", by, f"Sửa {words} của {delegate.shown_name}.", changed=changed)
    except StaleDataError as error:
        raise Conflict() from error
    return Saved(delegate, doubts(clean_facts, facts.full_name) + alike)


def remove_delegate(conference_id: int, delegate_id: int, by: int) -> None:
    """Take a delegate off the list; a draft letter and its companions go with it.

    Raises Conflict while an issued letter is out, or while the programme or the awards name the delegate.
    """
    at = clock.now()
    with transaction():
        delegate = get_delegate(conference_id, delegate_id)
        if delegate.removed_at is not None:
            return
        letter = _living_letter(delegate_id)
        if letter is not None and letter.issued_at is not None:
            raise Conflict(
                f"Giấy mời số {letter.number}/{letter.number_symbol} đã phát hành. Thu hồi giấy trước khi bỏ đại biểu."
            )
        _refuse_named(delegate_id)
        if letter is not None:
            letter.revoked_at, letter.revoked_by_id = at, by
            letter.revoked_reason = "Đại biểu đã được bỏ khỏi danh sách."
        delegate.removed_at = at
        _note(delegate, "delegate.removed", by, f"Bỏ {delegate.shown_name} khỏi danh sách.")
        for companion in _companions(delegate_id, None):
            companion.removed_at = at
            _note(companion, "delegate.removed", by, f"Bỏ {companion.shown_name}, đi cùng {delegate.shown_name}, khỏi danh sách.")


def restore_delegate(conference_id: int, delegate_id: int, by: int) -> None:
    """Put a removed delegate back on the list, with the companions that went with it."""
    with transaction():
        delegate = get_delegate(conference_id, delegate_id)
        if delegate.removed_at is None:
            return
        for companion in _companions(delegate_id, delegate.removed_at):
            companion.removed_at = None
            _note(companion, "delegate.restored", by, f"Đưa {companion.shown_name} trở lại danh sách.")
        delegate.removed_at = None
        _note(delegate, "delegate.restored", by, f"Đưa {delegate.shown_name} trở lại danh sách.")


def _belongings(
    conference_id: int, facts: DelegateFacts, known: Delegate | None = None
) -> tuple[Group, Body | None, list[Rank]]:
    """The group, body and ranks that the facts point to; an archived body only stays where it was."""
    group = db.session.get(Group, facts.group_id)
    if group is None or group.conference_id != conference_id:
        raise Invalid("Chọn nhóm trong danh sách.", "group_id")
    body = db.session.get(Body, facts.body_id) if facts.body_id is not None else None
    if facts.body_id is not None and (body is None or body.conference_id != conference_id):
        raise Invalid("Chọn đơn vị trong danh sách.", "body_id")
    if body is not None and body.archived_at is not None and (known is None or known.body_id != body.id):
        raise Invalid("Đơn vị này đã được cất đi. Chọn đơn vị khác.", "body_id")
    if facts.address_form not in {None, *ADDRESS_FORMS}:
        raise Invalid("Chọn cách xưng hô trong danh sách.", "address_form")
    ranks = ranks_of(conference_id)
    kept = known is not None and known.rank == facts.rank
    if facts.rank is not None and not kept and facts.rank not in {rank.value for rank in ranks}:
        raise Invalid("Chọn bậc trong bảng thứ bậc.", "rank")
    return group, body, ranks


def _values(facts: DelegateFacts, group: Group) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(facts, name) for name in (*PRINTED, *OTHERS)}
    values["address_form"] = facts.address_form or group.address_form
    values["is_host"] = group.is_host if facts.is_host is None else facts.is_host
    return values | {"posts": list(facts.posts), "first_post": facts.posts[0] if facts.posts else None}


def _refuse_printed(delegate_id: int, changed: list[str]) -> None:
    printed = [name for name in changed if name in PRINTED]
    letter = _living_letter(delegate_id) if printed else None
    if letter is not None and letter.issued_at is not None:
        words = ", ".join(PRINTED[name] for name in printed)
        raise Invalid(
            f"Giấy mời số {letter.number}/{letter.number_symbol} đã phát hành. Muốn đổi {words}, hãy đính chính giấy,"
            " hoặc thu hồi và phát hành lại.",
            printed[0],
        )


def _refuse_named(delegate_id: int) -> None:
    item = db.session.scalar(sa.select(Item).where(Item.delegate_id == delegate_id).limit(1))
    if item is not None:
        raise Conflict(f"Đại biểu đang được phân công ở mục “{item.title}” của chương trình. Đổi người ở mục đó trước.")
    if db.session.scalar(sa.select(Honouree.id).where(Honouree.delegate_id == delegate_id).limit(1)) is not None:
        raise Conflict("Đại biểu có tên trong danh sách khen thưởng. Sửa danh sách đó trước.")


def _alike(conference_id: int, full_name: str | None, but: int | None = None) -> list[str]:
    if not full_name:
        return []
    wanted = sa.select(Delegate).where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
    for word in query_words(full_name):
        wanted = wanted.where(Delegate.search_key.contains(f" {word} ", autoescape=True))
    rows = db.session.scalars(wanted.order_by(Delegate.id).limit(50))
    same = [row for row in rows if row.id != but and fold(row.full_name or "") == fold(full_name)]
    return [f"Trong danh sách đã có {_described(row)}; kiểm tra xem có phải một người không." for row in same[:3]]


def _described(delegate: Delegate) -> str:
    return ", ".join([delegate.full_name or "", *delegate.posts[:1]])


def _companions(delegate_id: int, removed_at: datetime | None) -> list[Delegate]:
    """Those who go with a delegate and left the list at this moment (None: who are on it)."""
    wanted = sa.select(Delegate).where(Delegate.companion_of_id == delegate_id, Delegate.merged_into_id.is_(None))
    return list(db.session.scalars(wanted.where(Delegate.removed_at == removed_at if removed_at else Delegate.removed_at.is_(None))))


def _living_letter(delegate_id: int) -> Invitation | None:
    return db.session.scalar(
        sa.select(Invitation).where(Invitation.delegate_id == delegate_id, Invitation.revoked_at.is_(None))
    )


def _note(delegate: Delegate, verb: str, by: int, sentence: str, **details: Any) -> None:
    record(
        verb,
        clock.now(),
        conference_id=delegate.conference_id,
        account_id=by,
        subject="delegate",
        subject_id=delegate.id,
        sentence=sentence,
        **details,
    )
