"""The order of the programme: one step up or down, a whole list at once, dashes or numbers."""

from __future__ import annotations

from collections.abc import Sequence

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.programme import is_numbered, moved, order_version
from eventmgr.models.agenda import Item
from eventmgr.models.database import transaction
from eventmgr.models.journal import record
from eventmgr.services.agenda_rows import called, hold_order, own, renumber, siblings

DIRECTIONS = {"up": -1, "down": 1}
CHANGED = "Thứ tự vừa được người khác thay đổi. Tải lại trang để xem thứ tự mới rồi sắp lại."


def move(conference_id: int, item_id: int, direction: str, by: int) -> bool:
    """Move an item one place "up" or "down" in its list; False when it stands at that end already.

    Raises Invalid for another direction, NotFound for an item of another conference.
    """
    if direction not in DIRECTIONS:
        raise Invalid("Chọn chuyển lên hoặc chuyển xuống.")
    with transaction():
        hold_order(conference_id)
        item = own(conference_id, item_id)
        rows = siblings(conference_id, item.parent_id)
        ids = [row.id for row in rows]
        return _put(conference_id, rows, moved(ids, item.id, DIRECTIONS[direction]), by, item.id)


def reorder(conference_id: int, parent_id: int | None, ordered_ids: Sequence[int], seen_version: str, by: int) -> str:
    """Put all items of a list (the top one for None) in this order and return the version of the new order.

    `seen_version` is that of the order on the screen. Raises Conflict when the list has changed since, Invalid when
    an item is missing or named twice, NotFound for a parent of another conference.
    """
    with transaction():
        hold_order(conference_id)
        if parent_id is not None:
            own(conference_id, parent_id)
        rows = siblings(conference_id, parent_id)
        ids = [row.id for row in rows]
        if seen_version != order_version(ids):
            raise Conflict(CHANGED)
        for item_id in ordered_ids:
            if item_id not in ids:
                own(conference_id, item_id)
        if sorted(ordered_ids) != sorted(ids):
            raise Invalid("Thứ tự gửi lên không khớp với các mục trong danh sách.")
        _put(conference_id, rows, list(ordered_ids), by)
        return order_version(ordered_ids)


def set_marks(conference_id: int, item_id: int, numbered: bool, by: int) -> None:
    """Let the sub-items of an item be counted, "(1)", "(2)" …, or dashed; raises NotFound."""
    with transaction():
        hold_order(conference_id)
        item = own(conference_id, item_id)
        rows = siblings(conference_id, item.id)
        if not rows or is_numbered([row.mark for row in rows]) is numbered:
            return
        renumber(rows, numbered)
        how = "đánh số (1), (2)" if numbered else "gạch đầu dòng"
        _tell(conference_id, by, f"Chương trình: tiểu mục của {called(item)} {how}.", item.id)


def _put(conference_id: int, rows: Sequence[Item], order: list[int], by: int, item_id: int | None = None) -> bool:
    """Store an order of these rows; False when it is the old one."""
    before = [row.id for row in rows]
    if order == before:
        return False
    by_id = {row.id: row for row in rows}
    renumber([by_id[item_id] for item_id in order])
    single = item_id or _moved_alone(before, order)
    what = f"chuyển thành {called(by_id[single])}" if single is not None else "sắp xếp lại thứ tự"
    _tell(conference_id, by, f"Chương trình: {what}.", single)
    return True


def _moved_alone(before: Sequence[int], after: Sequence[int]) -> int | None:
    """The item that alone has moved: without it both orders are equal."""
    for item in before:
        if [other for other in before if other != item] == [other for other in after if other != item]:
            return item
    return None


def _tell(conference_id: int, by: int, sentence: str, item_id: int | None) -> None:
    record(
        "agenda.edited", clock.now(), conference_id=conference_id, account_id=by, subject="item", subject_id=item_id,
        sentence=sentence,
    )
