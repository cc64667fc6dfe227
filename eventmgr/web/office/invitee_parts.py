"""What the pages of delegates, groups, bodies and ranks share: tabs, pages, numbers from the address, choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from eventmgr.domain.names import AddressForm
from eventmgr.services import bodies, delegate_lists, groups
from eventmgr.services.paging import Page

Tab = tuple[str, str, bool, int]
Choices = dict[str, list[tuple[str, str]]]

ADDRESS_CHOICES = [(form.value, form.label) for form in AddressForm]


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


def number_or_none(text: str | None) -> int | None:
    """A number of a select or of the address; anything else is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def people_field(label: str) -> IntegerField:
    """How many people; empty is open."""
    return IntegerField(label, [Optional(), NumberRange(0, 100_000, "Nhập số từ 0 đến 100.000, hoặc bỏ trống.")])


class ChoiceField(SelectField):
    """A select whose data is a number, or None for its empty choice; options may stand under headings."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, coerce=number_or_none, **more)

    def iter_choices(self) -> Any:
        """WTForms compares values as the data has them; the page has them as text."""
        pairs = [pair for found in self.choices.values() for pair in found] if self.has_groups() else self.choices
        return self._marked(pairs)

    def iter_groups(self) -> Any:
        """Headings with their options."""
        for heading, pairs in self.choices.items():
            yield heading, self._marked(pairs)

    def pre_validate(self, form: Any) -> None:
        """The service says whether the choice exists; here it only has to be one of those shown."""
        if all(number_or_none(value) != self.data for value, *_ in self.iter_choices()):
            raise ValueError("Chọn trong danh sách.")

    def _marked(self, pairs: Any) -> list[tuple[str, str, bool, dict[str, Any]]]:
        return [(value, label, number_or_none(value) == self.data, {}) for value, label in pairs]


def group_choices(empty: str | None = None) -> list[tuple[str, str]]:
    """The groups of the conference for a select, in the plan's order."""
    found = [(str(group.id), f"{group.position}. {group.short_label or group.label}") for group in groups.list_groups(g.conference.id)]
    return [("", empty), *found] if empty is not None else found


def body_choices(also: int | None = None) -> Choices:
    """The bodies of the conference for a select, under their groups."""
    made: Choices = {"Không theo đơn vị": [("", "Không thuộc đơn vị nào")]}
    for body in bodies.body_choices(g.conference.id, also):
        made.setdefault(body.group, []).append((str(body.id), body.name))
    return made
