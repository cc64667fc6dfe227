"""Walk-ins (khách chưa có trong danh sách): what the door writes down of somebody whom no list knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eventmgr.domain.checkin import WalkIn as Guest
from eventmgr.domain.errors import Invalid
from eventmgr.domain.names import AddressForm
from eventmgr.domain.text import clean, fold

GROUP_KEY = "door-walk-in"
GROUP_LABEL = "Khách đăng ký tại cửa"
_ORDINARY = {"full_name": 120, "post": 300, "body": 300}
_NAMED = {"full_name": "Họ tên", "post": "Chức vụ", "body": "Đơn vị"}
_BIGGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class WalkIn(Guest):
    """The guest as the door staff writes the person down, and the group that was chosen (None: the one for walk-ins)."""

    group_id: int | None = None


def read_walk_in(said: object) -> WalkIn:
    """Return the walk-in in a JSON object; raises Invalid with the sentence that says what is wrong."""
    if not isinstance(said, Mapping):
        raise Invalid("Khách đăng ký tại cửa chưa đúng.", "walk_in")
    texts = {name: _text(said, name, longest) for name, longest in _ORDINARY.items()}
    if not texts["full_name"]:
        raise Invalid("Ghi họ tên của khách.", "full_name")
    try:
        form = AddressForm(said.get("address_form") or AddressForm.COMRADE)
    except ValueError:
        raise Invalid("Cách xưng hô chưa đúng.", "address_form") from None
    return WalkIn(**texts, address_form=form, group_id=_group(said.get("group_id")))


def looks_like(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same words but for case, marks and blanks."""
    return bool(fold(one)) and fold(one) == fold(other)


def _text(said: Mapping[Any, Any], name: str, longest: int) -> str:
    text = said.get(name)
    cleaned = clean(text) if isinstance(text, str) else ""
    if not (text is None or isinstance(text, str)) or len(cleaned) > longest:
        raise Invalid(f"{_NAMED[name]} của khách dài nhất {longest} ký tự.", name)
    return cleaned


def _group(said: object) -> int | None:
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, int) or not 0 < said <= _BIGGEST_ID:
        raise Invalid("Nhóm của khách chưa đúng.", "group_id")
    return said
