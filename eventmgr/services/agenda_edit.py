"""Changes to the items of the programme: add, edit, name who speaks, remove."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import time
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.script import problems_of
from eventmgr.domain.text import clean, clean_lines, query_words
from eventmgr.models.agenda import Item
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate
from eventmgr.models.journal import record
from eventmgr.services.agenda_rows import called, hold_order, own, renumber, siblings, was_on_stage

MOST_ITEMS = 60
EVERYONE = "Đại biểu tham dự Hội nghị"


@dataclass(frozen=True)
class ItemFacts:
    """What the office types about an item; `minutes` None is open, `fixed_at` a local hour that nothing moves."""

    title: str
    kind: str = ItemKind.OTHER.value
    presenter_kind: str = PresenterKind.NOBODY.value
    presenter: str | None = None
    body_id: int | None = None
    minutes: int | None = None
    script: str | None = None
    fixed_at: time | None = None


@dataclass(frozen=True)
class ItemForm:
    """An item as its edit page opens it; `seen` tells later whether somebody changed it meanwhile."""

    facts: ItemFacts
    seen: str
    parent_id: int | None
    delegate_id: int | None
    has_subs: bool
    on_stage: bool


def item_form(conference_id: int, item_id: int) -> ItemForm:
    """Return an item for editing; raises NotFound."""
    item = own(conference_id, item_id)
    subs = [sub.id for sub in siblings(conference_id, item.id)]
    return ItemForm(
        _facts_of(item), _seen(item), item.parent_id, item.delegate_id, bool(subs), was_on_stage([item.id, *subs])
    )


def bodies(conference_id: int) -> list[tuple[int, str]]:
    """Return id and name of the bodies that may present, in the plan's order."""
    rows = db.session.execute(
        sa.select(Body.id, Body.name)
        .where(Body.conference_id == conference_id, Body.archived_at.is_(None))
        .order_by(Body.position, Body.id)
    )
    return [(row[0], row[1]) for row in rows]


def candidates(conference_id: int, item_id: int, query: str, limit: int = 12) -> list[Delegate]:
    """Return delegates with a name who may speak to an item: those found by `query`, else those of its body."""
    item = own(conference_id, item_id)
    words = query_words(query)
    if not words and item.body_id is None:
        return []
    found = sa.select(Delegate).where(
        Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.full_name.is_not(None)
    )
    if words:
        found = found.where(*(Delegate.search_key.contains(f" {word}", autoescape=True) for word in words))
    else:
        found = found.where(Delegate.body_id == item.body_id)
    return list(db.session.scalars(found.order_by(Delegate.precedence_key, Delegate.name_key, Delegate.id).limit(limit)))


def add_item(conference_id: int, parent_id: int | None, title: str, by: int) -> int:
    """Add an item, or a sub-item under an item, at the end of its list, and return its id.

    A sub-item takes kind and presenter of the sub-item before it. Raises Invalid for a wrong title, NotFound for a
    parent of another conference, Conflict where the parent was on stage or the list is full.
    """
    wanted = _title(title)
    with transaction():
        hold_order(conference_id)
        rows = siblings(conference_id, parent_id)
        if len(rows) >= MOST_ITEMS:
            raise Conflict(f"Chương trình có nhiều nhất {MOST_ITEMS} mục trong một danh sách.")
        kind = ItemKind.OTHER.value
        if parent_id is not None:
            _check_parent(own(conference_id, parent_id), rows)
            kind = rows[-1].kind if rows else kind
        item = Item(
            conference_id=conference_id, key=f"m-{secrets.token_hex(6)}", parent_id=parent_id, position=len(rows) + 1,
            mark="", title=wanted, kind=kind, presenter_kind=PresenterKind.NOBODY.value,
        )
        db.session.add(item)
        renumber([*rows, item])
        db.session.flush()
        _tell(item, by, f"Chương trình: thêm {called(item)}.")
        return item.id


def edit_item(conference_id: int, item_id: int, facts: ItemFacts, by: int, seen: str | None = None) -> None:
    """Store what the office typed about an item; `seen` comes from the form.

    Raises Invalid, NotFound, and Conflict when somebody changed the item since it was opened.
    """
    values = _checked(facts)
    with transaction():
        item = own(conference_id, item_id)
        db.session.refresh(item, with_for_update=True)
        if seen is not None and seen != _seen(item):
            raise Conflict("Có người vừa sửa mục này. Xem lại nội dung mới rồi sửa tiếp.")
        _put_presenter(conference_id, values)
        changed = sorted(name for name, value in values.items() if getattr(item, name) != value)
        for name in changed:
            setattr(item, name, values[name])
        if values["presenter_kind"] in {PresenterKind.EVERYONE, PresenterKind.NOBODY}:
            item.delegate_id = None
        if changed:
            _tell(item, by, f"Chương trình: sửa {called(item)}.", changed=changed)


def drop_script(conference_id: int, item_id: int, by: int) -> None:
    """Take the office's own words away, so that the model's count again; raises NotFound."""
    with transaction():
        item = own(conference_id, item_id)
        if item.script is not None:
            item.script = None
            _tell(item, by, f"Chương trình: dùng lại lời dẫn mẫu cho {called(item)}.")


def name_presenter(conference_id: int, item_id: int, delegate_id: int | None, by: int) -> None:
    """Say which delegate speaks to an item, or that it is open again.

    Raises NotFound for an item or delegate of another conference, Invalid for one without a name.
    """
    with transaction():
        item = own(conference_id, item_id)
        name = None
        if delegate_id is not None:
            delegate = db.session.get(Delegate, delegate_id)
            if delegate is None or delegate.conference_id != conference_id or delegate.removed_at is not None:
                raise NotFound("Không có đại biểu này.")
            if not delegate.full_name:
                raise Invalid("Vị trí này chưa có tên. Điền tên ở danh sách khách mời trước.")
            name = delegate.full_name
        if item.delegate_id == delegate_id:
            return
        item.delegate_id = delegate_id
        sentence = f"{name} trình bày {called(item)}" if name else f"{called(item)} chưa rõ người trình bày"
        _tell(item, by, f"Chương trình: {sentence}.")


def remove_item(conference_id: int, item_id: int, by: int) -> int | None:
    """Remove an item with its sub-items and return the id of its parent.

    Raises NotFound, and Conflict once the item was on stage: its times belong to the record of the conference.
    """
    with transaction():
        hold_order(conference_id)
        item = own(conference_id, item_id)
        subs = siblings(conference_id, item.id)
        ids = [item.id, *(sub.id for sub in subs)]
        # Nobody can press a button about these rows from here on.
        db.session.execute(sa.select(Item.id).where(Item.id.in_(ids)).with_for_update())
        if was_on_stage(ids):
            raise Conflict("Mục này đã được điều hành trên sân khấu nên không xóa được. Người dẫn có thể bỏ qua mục.")
        _tell(item, by, f"Chương trình: bỏ {called(item)}.")
        parent_id = item.parent_id
        for row in (*subs, item):
            db.session.delete(row)
            db.session.flush()
        renumber(siblings(conference_id, parent_id))
        return parent_id


def _check_parent(parent: Item, rows: list[Item]) -> None:
    if parent.parent_id is not None:
        raise Conflict("Tiểu mục không có tiểu mục của riêng nó.")
    if not rows and was_on_stage([parent.id]):
        raise Conflict("Mục này đã được điều hành trên sân khấu nên không chia thành tiểu mục được nữa.")


def _checked(facts: ItemFacts) -> dict[str, Any]:
    if facts.kind not in set(ItemKind):
        raise Invalid("Chọn loại nội dung trong danh sách.", "kind")
    if facts.presenter_kind not in set(PresenterKind):
        raise Invalid("Chọn một cách trong danh sách.", "presenter_kind")
    if facts.minutes is not None and not 1 <= facts.minutes <= 600:
        raise Invalid("Số phút từ 1 đến 600; bỏ trống khi chưa chốt.", "minutes")
    script = clean_lines(facts.script or "") or None
    if script and (wrong := problems_of(script)):
        raise Invalid(" ".join(wrong), "script")
    if script and len(script) > 20_000:
        raise Invalid("Lời dẫn dài nhất 20.000 ký tự.", "script")
    return {
        "title": _title(facts.title), "kind": facts.kind, "presenter_kind": facts.presenter_kind,
        "presenter": _line(facts.presenter, "presenter", 300), "body_id": facts.body_id, "minutes": facts.minutes,
        "script": script, "fixed_at": facts.fixed_at,
    }


def _put_presenter(conference_id: int, values: dict[str, Any]) -> None:
    """Fill in what is printed under "Người thực hiện" from what was chosen; nobody and everyone have no body."""
    kind = PresenterKind(values["presenter_kind"])
    if kind in {PresenterKind.NOBODY, PresenterKind.EVERYONE}:
        values["body_id"] = None
        values["presenter"] = None if kind is PresenterKind.NOBODY else values["presenter"] or EVERYONE
        return
    body = db.session.get(Body, values["body_id"]) if values["body_id"] is not None else None
    if values["body_id"] is not None and (body is None or body.conference_id != conference_id):
        raise NotFound("Không có đơn vị này.")
    if not values["presenter"] and body is not None:
        values["presenter"] = f"Lãnh đạo {body.name}" if kind is PresenterKind.PERSON_OF_BODY else body.name
    if not values["presenter"]:
        raise Invalid("Ghi người thực hiện, hoặc chọn đơn vị.", "presenter")


def _title(typed: str) -> str:
    title = _line(typed, "title", 700)
    if title is None:
        raise Invalid("Cần điền nội dung của mục.", "title")
    return title


def _line(typed: str | None, name: str, limit: int) -> str | None:
    text = clean(typed or "")
    if len(text) > limit:
        raise Invalid(f"Dài nhất {limit} ký tự; đang có {len(text)}.", name)
    return text or None


def _facts_of(item: Item) -> ItemFacts:
    return ItemFacts(
        item.title, item.kind, item.presenter_kind, item.presenter, item.body_id, item.minutes, item.script,
        item.fixed_at,
    )


def _seen(item: Item) -> str:
    return hashlib.sha256(repr(_facts_of(item)).encode()).hexdigest()[:16]


def _tell(item: Item, by: int, sentence: str, **details: Any) -> None:
    record(
        "agenda.edited", clock.now(), conference_id=item.conference_id, account_id=by, subject="item",
        subject_id=item.id, sentence=sentence, **details,
    )
