"""What a body may still do on its page: until when, for how many people, and who is the same person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventmgr.domain.deadlines import is_past
from eventmgr.domain.invitees import DelegateFacts, checked
from eventmgr.domain.likeness import name_bag
from eventmgr.domain.text import spelled_alike

MOST_WAITING = 60
"""More than this waits from nobody: whoever has the link cannot fill the office's list without end."""


class Phase(StrEnum):
    """Where a body stands between invitation and conference."""

    OPEN = "open"
    LATE = "late"
    FROZEN = "frozen"


@dataclass(frozen=True)
class Window:
    """Until when a body is asked to answer, and from when only the office changes anything."""

    reply_by: datetime | None
    freeze_at: datetime | None
    phase: Phase

    @property
    def is_open(self) -> bool:
        """Whether something can still be sent, on time or late."""
        return self.phase is not Phase.FROZEN

    @property
    def is_late(self) -> bool:
        """Whether what is sent now is marked as late."""
        return self.phase is Phase.LATE


@dataclass(frozen=True)
class PersonFacts:
    """What a body says about a person; `is_other` says that it is a namesake of somebody on its list."""

    full_name: str | None
    posts: tuple[str, ...] = ()
    address_form: str | None = None
    phone: str | None = None
    email: str | None = None
    words: str | None = None
    is_other: bool = False


def window_of(reply_by: datetime | None, freeze_at: datetime | None, now: datetime, *, ended: bool = False) -> Window:
    """Return the window at this moment; a conference that has `ended` is frozen whatever its dates say."""
    if ended or is_past(freeze_at, now):
        return Window(reply_by, freeze_at, Phase.FROZEN)
    return Window(reply_by, freeze_at, Phase.LATE if is_past(reply_by, now) else Phase.OPEN)


def places_left(quota: int | None, standing: int, waiting: int) -> int:
    """Return how many more people a body may name: its quota without those who stand and those who wait.

    Whoever was excused keeps the place (naming somebody else there replaces them); companions take none. While the
    office has set no quota the body fills only the places that it was invited for.
    """
    return 0 if quota is None else max(0, quota - standing - waiting)


def person_key(name: str, posts: Sequence[str] = (), *, is_other: bool = False) -> str:
    """Return what is equal for one person however the name is typed; a namesake is told apart by the posts."""
    bag = name_bag(name)
    return f"{bag} | {spelled_alike(', '.join(posts))}"[:400] if is_other else bag


def checked_person(facts: PersonFacts) -> PersonFacts:
    """Return the facts cleaned; raises Invalid with the field that cannot be accepted."""
    clean_facts = checked(
        DelegateFacts(
            group_id=0, full_name=facts.full_name, posts=facts.posts, address_form=facts.address_form, phone=facts.phone,
            email=facts.email, note=facts.words,
        )
    )
    return PersonFacts(
        clean_facts.full_name, clean_facts.posts, facts.address_form, clean_facts.phone, clean_facts.email,
        clean_facts.note, facts.is_other,
    )


def same_posts(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two people hold the same posts, however they are spelled."""
    return [spelled_alike(post) for post in one] == [spelled_alike(post) for post in other]


