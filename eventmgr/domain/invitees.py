"""What may be said about an invitee: names of people, posts, phone and e-mail, and what to wonder about."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from eventmgr.domain.errors import Invalid
from eventmgr.domain.names import split_honorific
from eventmgr.domain.text import clean, fold

NAME_LIMIT, POST_LIMIT, POSTS_LIMIT = 120, 300, 8
_NAME_SIGNS = " '’‘ʼ`´-‐‑."
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")


@dataclass(frozen=True)
class DelegateFacts:
    """What the office says about a delegate; a post without a name is a full invitee.

    `posts` are the highest first; `rank` None means the rank that the posts give; `sort_given` is the part of
    the name to sort by where that is not its last word; `address_form` and `is_host` None mean the group's.
    """

    group_id: int
    body_id: int | None = None
    address_form: str | None = None
    full_name: str | None = None
    sort_given: str | None = None
    posts: tuple[str, ...] = ()
    rank: int | None = None
    is_host: bool | None = None
    phone: str | None = None
    email: str | None = None
    seat: str | None = None
    alert: str | None = None
    note: str | None = None


def checked(facts: DelegateFacts) -> DelegateFacts:
    """Return the facts cleaned: NFC, no control or direction marks, no form of address before the name.

    Raises Invalid with the field that cannot be accepted. Phone and e-mail are kept as typed.
    """
    posts = tuple(post for post in (clean(post) for post in facts.posts) if post)
    name = checked_name(facts.full_name)
    if name is None and not posts:
        raise Invalid("Điền họ tên, hoặc chức vụ nếu chưa rõ tên.", "full_name")
    if len(posts) > POSTS_LIMIT:
        raise Invalid(f"Nhiều nhất {POSTS_LIMIT} chức vụ; đang có {len(posts)}.", "posts")
    if long := next((post for post in posts if len(post) > POST_LIMIT), None):
        raise Invalid(f"Mỗi chức vụ dài nhất {POST_LIMIT} ký tự; có dòng dài {len(long)}.", "posts")
    return replace(
        facts,
        full_name=name,
        posts=posts,
        sort_given=_checked_given(facts.sort_given, name),
        phone=_short(facts.phone, "phone", 60),
        email=_short(facts.email, "email", 254),
        seat=_short(facts.seat, "seat", 40),
        alert=_short(facts.alert, "alert", 300),
        note=_short(facts.note, "note", 500),
    )


def checked_name(text: str | None) -> str | None:
    """Return a person's name as typed but clean, without a form of address before it; None when there is none.

    Words of one letter and signs inside words stay (Y Mửi, H'Hen: vietnamese-data.md §1.1). Raises Invalid for
    what is no name: digits, brackets, signs of formulas, pictures.
    """
    _, name = split_honorific(text or "")
    if not name:
        return None
    if len(name) > NAME_LIMIT:
        raise Invalid(f"Họ tên dài nhất {NAME_LIMIT} ký tự; đang có {len(name)}.", "full_name")
    if wrong := next((char for char in name if not _in_names(char)), None):
        said = "chữ số" if wrong.isdigit() else f"“{wrong}”"
        raise Invalid(f"Họ tên chỉ gồm chữ cái, dấu nháy, gạch nối và dấu chấm; ở đây có {said}.", "full_name")
    if not any(char.isalpha() for char in name):
        raise Invalid("Họ tên cần có chữ cái.", "full_name")
    return name


def doubts(facts: DelegateFacts, typed_name: str | None = None) -> list[str]:
    """Return sentences about what looks odd but is kept: phone, e-mail, and a form of address that was taken off."""
    found = []
    if facts.full_name and fold(typed_name or "") != fold(facts.full_name) and typed_name:
        found.append("Đã bỏ cách xưng hô ở đầu họ tên; chọn cách xưng hô ở ô riêng.")
    if facts.phone and not looks_like_phone(facts.phone):
        found.append(f"Số điện thoại “{facts.phone}” trông không quen; vẫn lưu đúng như đã nhập.")
    if facts.email and not looks_like_email(facts.email):
        found.append(f"Địa chỉ thư “{facts.email}” trông không đúng; vẫn lưu đúng như đã nhập.")
    return found


def looks_like_phone(text: str) -> bool:
    """Tell whether each of the numbers in a cell has the usual length (vietnamese-data.md §6)."""
    numbers = [part for part in re.split(r"[;,/]| - ", text) if part.strip()]
    return bool(numbers) and all(_is_phone(number) for number in numbers)


def looks_like_email(text: str) -> bool:
    """Tell whether each of the addresses in a cell could be one."""
    addresses = [part for part in re.split(r"[;,\s]+", text) if part]
    return bool(addresses) and all(_EMAIL.fullmatch(address) for address in addresses)


def _is_phone(text: str) -> bool:
    bare = re.sub(r"[\s.()\-]", "", text)
    return re.fullmatch(r"0\d{9,10}|\+84\d{9,10}|\+(?!84)\d{8,14}", bare) is not None


def _in_names(char: str) -> bool:
    return char in _NAME_SIGNS or unicodedata.category(char)[0] == "L" or unicodedata.category(char) == "Mn"


def _checked_given(text: str | None, name: str | None) -> str | None:
    given = _short(text, "sort_given", 60)
    if given is None or name is None:
        return None
    if f" {fold(given)} " not in f" {fold(name)} ":
        raise Invalid("Tên để xếp thứ tự phải là một phần của họ tên.", "sort_given")
    return given


def _short(text: str | None, field: str, limit: int) -> str | None:
    value = clean(text or "")
    if len(value) > limit:
        raise Invalid(f"Dài nhất {limit} ký tự; đang có {len(value)}.", field)
    return value or None
