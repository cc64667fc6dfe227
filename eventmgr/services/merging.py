"""One person twice on the list: who they may be, both side by side, and making one of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.likeness import name_bag
from eventmgr.models.agenda import Item
from eventmgr.models.awards import Honouree
from eventmgr.models.checkin import Admission, DoorConflict, Scan
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.directing import SpeechRequest, StandIn
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import Entry, record
from eventmgr.models.nominations import Nomination
from eventmgr.services.delegate_keys import fill_keys, ranks_of
from eventmgr.services.histories import whole_history

FIELDS = {
    "full_name": "Họ và tên", "address_form": "Cách xưng hô", "posts": "Chức vụ", "body_id": "Đơn vị", "group_id": "Nhóm",
    "phone": "Điện thoại", "email": "Thư điện tử", "seat": "Chỗ ngồi", "alert": "Lưu ý hiện ở cửa",
    "note": "Ghi chú của văn phòng",
}  # fmt: skip
PRINTED = ("full_name", "address_form", "posts", "body_id")


@dataclass(frozen=True)
class Side:
    """One of the two: delegate with group and body, its living letter, its admission, its last lines of history."""

    delegate: Delegate
    letter: Invitation | None
    admission: Admission | None
    history: list[Entry]

    @property
    def is_issued(self) -> bool:
        """Whether its letter is out."""
        return self.letter is not None and self.letter.issued_at is not None

    def text(self, field: str) -> str:
        """A value as it is shown."""
        one = self.delegate
        if field == "body_id":
            return one.body.name if one.body else ""
        if field == "group_id":
            return one.group.short_label or one.group.label
        value = getattr(one, field)
        return "; ".join(value) if isinstance(value, list) else value or ""


@dataclass(frozen=True)
class Pair:
    """Two delegates; `first` stays. `obstacle` says why they cannot become one."""

    first: Side
    second: Side
    obstacle: str | None

    def is_locked(self, field: str) -> bool:
        """Whether an issued letter prints the field, so that the one that stays keeps its own."""
        return self.first.is_issued and field in PRINTED


def likely_pairs(conference_id: int, limit: int = 200) -> list[tuple[Delegate, Delegate]]:
    """Return pairs whose names are the same but for diacritics, tone marks, case or the order of words."""
    rows = db.session.execute(
        sa.select(Delegate.id, Delegate.full_name)
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.full_name.is_not(None))
        .order_by(Delegate.name_key, Delegate.id)
    )  # fmt: skip
    bags: dict[str, list[int]] = {}
    for row in rows:
        bags.setdefault(name_bag(row.full_name or ""), []).append(row.id)
    pairs = [(ids[0], other) for ids in bags.values() for other in ids[1:]][:limit]
    known = _loaded(conference_id, [one for pair in pairs for one in pair])
    return [(known[first], known[second]) for first, second in pairs]


def pair_of(conference_id: int, first_id: int, second_id: int) -> Pair:
    """Return two delegates side by side; the one with an issued letter or already admitted stays. Raises NotFound."""
    if first_id == second_id:
        raise NotFound("Chọn hai đại biểu khác nhau.")
    known = _loaded(conference_id, [first_id, second_id])
    if len(known) != 2:
        raise NotFound("Không có đại biểu này trong danh sách.")
    first, second = _side(known[first_id]), _side(known[second_id])
    if (second.is_issued, second.admission is not None) > (first.is_issued, first.admission is not None):
        first, second = second, first
    return Pair(first, second, _obstacle(first, second))


def merge(conference_id: int, first_id: int, second_id: int, from_second: Sequence[str], by: int, versions: tuple[int, int]) -> int:
    """Make one delegate of two and return its number; `from_second` names the fields whose value the other one gives.

    The other leaves the list and leads to the one that stays, which shows both histories; its draft letter goes,
    its places in the programme and the awards and its admission pass over. Raises Conflict when both have issued
    letters, both are in the hall, or one was edited meanwhile (`versions` differ), Invalid for a field that is locked.
    """
    at = clock.now()
    with transaction():
        pair = pair_of(conference_id, first_id, second_id)
        if pair.obstacle:
            raise Conflict(pair.obstacle)
        stays, goes = pair.first.delegate, pair.second.delegate
        if (stays.version, goes.version) != versions:
            raise Conflict("Có người vừa sửa một trong hai đại biểu. Xem lại rồi gộp.")
        if unknown := [name for name in from_second if name not in FIELDS or pair.is_locked(name)]:
            raise Invalid(f"Giấy mời đã phát hành, không đổi được {', '.join(FIELDS.get(name, name).lower() for name in unknown)}.")
        for name in from_second:
            setattr(stays, name, getattr(goes, name))
        stays.first_post = stays.posts[0] if stays.posts else None
        if not stays.full_name and not stays.first_post:
            raise Invalid("Cần giữ họ tên hoặc chức vụ.")
        if pair.second.letter is not None:
            pair.second.letter.revoked_at, pair.second.letter.revoked_by_id = at, by
            pair.second.letter.revoked_reason = "Đã gộp với một đại biểu khác."
        goes.removed_at, goes.merged_into_id = at, stays.id
        db.session.flush()
        _pass_over(stays.id, goes.id)
        _refresh(conference_id, stays.id)
        for one, sentence in (
            (stays, f"Gộp {goes.shown_name} vào đại biểu này."),
            (goes, f"Đã gộp vào {stays.shown_name}."),
        ):
            record(
                "delegate.merged", at, conference_id=conference_id, account_id=by, subject="delegate", subject_id=one.id,
                sentence=sentence, stays=stays.id, goes=goes.id, taken=list(from_second),
            )  # fmt: skip
        return stays.id


def _pass_over(stays: int, goes: int) -> None:
    # Whoever went with the one now goes with the other; nobody goes with oneself.
    company = sa.update(Delegate).where(Delegate.companion_of_id == goes).execution_options(synchronize_session="fetch")
    db.session.execute(company.where(Delegate.id == stays).values(companion_of_id=None))
    db.session.execute(company.where(Delegate.id != stays).values(companion_of_id=stays))
    db.session.execute(
        sa.update(Nomination).where(Nomination.result_id == goes).values(result_id=stays).execution_options(synchronize_session=False)
    )
    # One request to speak and no more: whoever stays keeps the own one.
    open_ones = sa.and_(SpeechRequest.ended_at.is_(None), SpeechRequest.withdrawn_at.is_(None))
    if db.session.scalar(sa.select(SpeechRequest.id).where(SpeechRequest.delegate_id == stays, open_ones)) is not None:
        waiting = sa.delete(SpeechRequest).where(SpeechRequest.delegate_id == goes, open_ones, SpeechRequest.called_at.is_(None))
        db.session.execute(waiting)
    for table in (Item, Honouree, Admission, Scan, DoorConflict, SpeechRequest, StandIn):
        wanted: Any = sa.update(table).where(table.delegate_id == goes)
        if table is Admission:
            wanted = wanted.where(Admission.undone_at.is_(None))
        db.session.execute(wanted.values(delegate_id=stays).execution_options(synchronize_session=False))


def _refresh(conference_id: int, delegate_id: int) -> None:
    delegate = _loaded(conference_id, [delegate_id], fresh=True)[delegate_id]
    fill_keys(delegate, ranks_of(conference_id), delegate.body, delegate.group)


def _obstacle(first: Side, second: Side) -> str | None:
    if first.is_issued and second.is_issued:
        return "Cả hai đều có giấy mời đã phát hành. Thu hồi một giấy trước rồi mới gộp."
    if first.admission is not None and second.admission is not None:
        return "Cả hai đều đã vào hội trường. Hủy một lượt vào trước rồi mới gộp."
    return None


def _loaded(conference_id: int, ids: list[int], fresh: bool = False) -> dict[int, Delegate]:
    wanted = (
        sa.select(Delegate)
        .where(Delegate.conference_id == conference_id, Delegate.id.in_(ids), Delegate.removed_at.is_(None))
        .options(joinedload(Delegate.group), joinedload(Delegate.body))
        .execution_options(populate_existing=fresh)
    )
    return {one.id: one for one in db.session.scalars(wanted)}


def _side(delegate: Delegate) -> Side:
    letter = db.session.scalar(
        sa.select(Invitation).where(Invitation.delegate_id == delegate.id, Invitation.revoked_at.is_(None))
    )
    admission = db.session.scalar(
        sa.select(Admission).where(Admission.delegate_id == delegate.id, Admission.undone_at.is_(None))
    )
    lines = db.session.scalars(
        sa.select(Entry).where(Entry.subject == "delegate", Entry.subject_id.in_(whole_history(delegate.id)))
        .order_by(Entry.id.desc()).limit(10)
    )  # fmt: skip
    return Side(delegate, letter, admission, list(lines))
