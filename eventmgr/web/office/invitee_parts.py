"""What the pages of delegates, groups, bodies and ranks share: tabs, pages, numbers from the address, choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from eventmgr.domain.names import AddressForm
from eventmgr.services import bodies, delegate_lists, groups
from eventmgr.services.paging import Page
from eventmgr.web.forms import number_or_none, options

Tab = tuple[str, str, bool, int]

ADDRESS_CHOICES = options(*((form.value, form.label) for form in AddressForm))


@dataclass(frozen=True)
class Pager:
    """A page as the pager shows it; `url` gives the address of another one."""

    number: int
    pages: int
    total: int
    first: int
    last: int
    url: Callable[[int], str]


def pager_of(page: Page[Any], url: Callable[[int], str]) -> Pager:
    return Pager(page.number, page.pages, page.total, page.first, page.last, url)


def tabs(current: str) -> list[Tab]:
    """The tabs above the lists of invitees; `current` is the endpoint of the one that is open."""
    counts = delegate_lists.counts_of(g.conference.id)
    found = (
        ("Đại biểu", "delegates.index", counts.delegates),
        ("Nhóm", "groups.index", counts.groups),
        ("Đơn vị", "groups.bodies.index", counts.bodies),
        ("Thứ bậc", "groups.ranks.index", counts.ranks),
    )
    slug = g.conference.slug
    return [(word, url_for(endpoint, slug=slug), endpoint == current, count) for word, endpoint, count in found]


class ChoiceField(SelectField):
    """A select whose data is a number, or None for its empty choice."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, coerce=_number_of, invalid_choice_message="Chọn trong danh sách.", **more)


class WordField(SelectField):
    """A select of words, each with what it is called on screen."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, invalid_choice_message="Chọn trong danh sách.", **more)


class WholeField(IntegerField):
    """A whole number that says in Vietnamese when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Dots and blanks may group the digits."""
        typed = (valuelist[0] if valuelist else "").strip()
        bare = typed.replace(".", "").replace(" ", "")
        self.data = number_or_none(bare)
        if typed and self.data is None:
            raise ValueError("Nhập một số nguyên.")


def people_field(label: str) -> WholeField:
    """How many people; empty is open."""
    return WholeField(label, [Optional(), NumberRange(0, 100_000, "Nhập số từ 0 đến 100.000, hoặc bỏ trống.")])


def group_choices(empty: str | None = None) -> list[SelectChoice]:
    """The groups of the conference for a select, in the plan's order."""
    found = groups.list_groups(g.conference.id)
    words = [(group.id, f"{group.position}. {group.short_label or group.label}") for group in found]
    return options(*([("", empty)] if empty is not None else []), *words)


def body_choices(also: int | None = None) -> list[SelectChoice]:
    """The bodies of the conference for a select, under their groups."""
    found = bodies.body_choices(g.conference.id, also)
    return [
        SelectChoice("", "Không thuộc đơn vị nào"),
        *(SelectChoice(body.id, body.name, optgroup=body.group) for body in found),
    ]


def _number_of(value: Any) -> int | None:
    return value if isinstance(value, int) else number_or_none(value)
