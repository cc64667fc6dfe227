"""Invitees: groups, posts and bodies, forms of address, the order of precedence."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from eventmgr.domain.names import AddressForm
from eventmgr.domain.precedence import RankRule, introduction_order, precedence_key, suggest_rank
from eventmgr.domain.text import clean, fold

__all__ = [
    "AddressForm",
    "Bloc",
    "GroupRole",
    "Level",
    "RankRule",
    "addressed",
    "introduction_line",
    "introduction_order",
    "invitee_line",
    "posts_with_body",
    "precedence_key",
    "suggest_rank",
]


class Bloc(StrEnum):
    """The side of public life that a group or body belongs to (protocol.md §2.1)."""

    CENTRAL = "central"
    PARTY = "party"
    NATIONAL_ASSEMBLY = "national_assembly"
    PEOPLES_COUNCIL = "peoples_council"
    GOVERNMENT = "government"
    FATHERLAND_FRONT = "fatherland_front"
    ARMED_FORCES = "armed_forces"
    DISTRICT = "district"
    HONOUREE = "honouree"
    PRESS = "press"
    MIXED = "mixed"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The bloc's name on screen."""
        return _BLOCS[self]


class GroupRole(StrEnum):
    """What a group comes for."""

    GUEST = "guest"
    DELEGATE = "delegate"
    HONOUREE = "honouree"
    PRESS = "press"
    CHAIR = "chair"
    STAFF = "staff"

    @property
    def label(self) -> str:
        """The role's name on screen."""
        return _ROLES[self]

    @property
    def address_form(self) -> AddressForm:
        """How its people are addressed unless somebody says otherwise; for honourees ông or bà is asked."""
        return AddressForm.MR if self is GroupRole.HONOUREE else AddressForm.COMRADE


class Level(StrEnum):
    """The level of administration that somebody comes from; the higher is introduced first."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"

    @property
    def label(self) -> str:
        """The level's name on screen."""
        return {"central": "trung ương", "province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}[self]


_BLOCS = {
    Bloc.CENTRAL: "Trung ương",
    Bloc.PARTY: "Đảng",
    Bloc.NATIONAL_ASSEMBLY: "Đoàn đại biểu Quốc hội",
    Bloc.PEOPLES_COUNCIL: "Hội đồng nhân dân",
    Bloc.GOVERNMENT: "Ủy ban nhân dân",
    Bloc.FATHERLAND_FRONT: "Mặt trận và đoàn thể",
    Bloc.ARMED_FORCES: "Lực lượng vũ trang",
    Bloc.DISTRICT: "Huyện, thành phố",
    Bloc.HONOUREE: "Được khen thưởng",
    Bloc.PRESS: "Báo chí",
    Bloc.MIXED: "Nhiều khối",
    Bloc.OTHER: "Khác",
}
_ROLES = {
    GroupRole.GUEST: "Khách mời",
    GroupRole.DELEGATE: "Đại biểu",
    GroupRole.HONOUREE: "Được khen thưởng",
    GroupRole.PRESS: "Báo chí",
    GroupRole.CHAIR: "Chủ trì",
    GroupRole.STAFF: "Ban tổ chức",
}
# Posts that mean nothing without the body they head: 'Giám đốc' + 'Sở Y tế' is written in one breath.
_HEADS = frozenset(
    f"{deputy}{head}{standing}"
    for deputy in ("", "pho ")
    for head in ("giam doc", "chu tich", "bi thu", "tong bien tap", "vien truong", "hieu truong", "lanh dao")
    for standing in ("", " thuong truc")
)


def addressed(form: AddressForm, full_name: str | None, posts: Sequence[str] = ()) -> str:
    """Return how a delegate is named in a sentence: 'đồng chí Trần Thị Nga', or by post while there is no name."""
    return " ".join(part for part in (form.label, full_name or ", ".join(posts)) if part)


def posts_with_body(posts: Sequence[str], body: str | None) -> str:
    """Return posts and body in one line without saying the body twice.

    ('Chánh Văn phòng',) at 'Văn phòng UBND tỉnh' -> 'Chánh Văn phòng UBND tỉnh'; a post that names its body stays,
    and so does ('Bí thư Tỉnh ủy',) at 'Thường trực Tỉnh ủy'.
    """
    posts = [clean(post) for post in posts if clean(post)]
    body = clean(body or "")
    # A "Thường trực" is its posts together: "Bí thư Tỉnh ủy" says all that "Thường trực Tỉnh ủy" would add.
    named = fold(body).removeprefix("thuong truc ")
    if not body or any(named in fold(post) for post in posts):
        return ", ".join(posts)
    if not posts:
        return body
    words, folded = posts[-1].split(), fold(body).split()
    ends = [fold(word).split() for word in words]  # word by word: a long list asks for the same words again and again
    for size in range(min(len(words), len(folded)), 0, -1):
        if [word for end in ends[-size:] for word in end] == folded[:size]:
            return ", ".join([*posts[:-1], " ".join([*words[:-size], body])])
    last = f"{posts[-1]} {body}" if fold(posts[-1]) in _HEADS else f"{posts[-1]}, {body}"
    return ", ".join([*posts[:-1], last])


def invitee_line(form: AddressForm, full_name: str | None, posts: Sequence[str] = (), body: str | None = None) -> str:
    """Return whom a letter invites: form of address, name, posts and body; a body alone is named as it is.

    The Giấy mời asks for 'họ và tên, chức vụ, đơn vị công tác' (NĐ 30/2020, Phụ lục III, Mẫu 1.7).
    """
    if not full_name and not posts:
        return clean(body or "")
    whole = posts_with_body(posts, body)
    return (
        ", ".join(part for part in (addressed(form, full_name), whole) if part) if full_name else addressed(form, whole)
    )


def introduction_line(
    form: AddressForm,
    full_name: str | None,
    posts: Sequence[str] = (),
    body: str | None = None,
    posts_first: bool = False,
) -> str:
    """Return how the MC introduces a delegate: 'đồng chí Trần Thị Nga - Phó Chủ tịch UBND tỉnh', or posts first.

    Both orders are in use (protocol.md §5), so the pattern is a setting of the conference.
    """
    whole = posts_with_body(posts, body)
    if not full_name:
        return addressed(form, whole)
    name = addressed(form, full_name)
    parts = (whole, name) if posts_first else (name, whole)
    return " - ".join(part for part in parts if part)
