"""Who came with a letter that names a post only: the name that the door asks for, after the admission."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventmgr.domain.errors import Invalid
from eventmgr.domain.names import AddressForm
from eventmgr.domain.text import clean, fold

LONGEST_NAME = 120


@dataclass(frozen=True)
class NamedPerson:
    """Somebody as the door writes the person down: the name and how to address it."""

    full_name: str
    address_form: AddressForm = AddressForm.COMRADE


@dataclass(frozen=True)
class Naming:
    """One stored fact that gives a delegate a name; `entry_key` is the entry that it was written after, if one is known."""

    id: int
    key: str
    at: datetime
    person: NamedPerson
    entry_key: str | None = None


def read_named(said: object) -> NamedPerson:
    """Return the person in a JSON object {full_name, address_form}; raises Invalid with the sentence that says what is wrong."""
    if not isinstance(said, Mapping):
        raise Invalid("Ghi họ tên người đến.", "person")
    return named_person(said.get("full_name"), said.get("address_form"))


def named_person(full_name: Any, address_form: Any) -> NamedPerson:
    """Return the person with this name; raises Invalid when there is none, it is too long, or the form is no form."""
    name = clean(full_name) if isinstance(full_name, str) else ""
    if not any(letter.isalpha() for letter in name) or len(name) > LONGEST_NAME:
        raise Invalid(f"Ghi họ tên người đến, dài nhất {LONGEST_NAME} ký tự.", "full_name")
    try:
        return NamedPerson(name, AddressForm(address_form or AddressForm.COMRADE))
    except ValueError:
        raise Invalid("Cách xưng hô chưa đúng.", "address_form") from None


def standing(namings: Sequence[Naming], undone: Collection[str], arrival_key: str | None) -> Naming | None:
    """Return the naming that counts, whatever order they arrived in, or None.

    One whose entry was undone goes with it; what was written after the entry that stands as the arrival comes before
    what was written at another gate; of several the last is the correction.
    """
    kept = left(namings, undone)
    own = [one for one in kept if one.entry_key in (None, arrival_key)]
    return (own or kept)[-1] if kept else None


def others(namings: Sequence[Naming], undone: Collection[str], arrival_key: str | None) -> list[Naming]:
    """Return the namings after another entry that say another name than the one that counts: two people, one letter."""
    found = standing(namings, undone, arrival_key)
    return [
        one for one in left(namings, undone)
        if found is not None and _entry(one, arrival_key) != _entry(found, arrival_key)
        and not same_name(one.person.full_name, found.person.full_name)
    ]  # fmt: skip


def left(namings: Sequence[Naming], undone: Collection[str]) -> list[Naming]:
    """Return the namings that were not undone, neither themselves nor with their entry, in the order of their times."""
    kept = [one for one in namings if one.key not in undone and one.entry_key not in undone]
    return sorted(kept, key=lambda one: (one.at, one.key))


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: the same words but for case, marks and blanks."""
    return fold(one) == fold(other)


def _entry(naming: Naming, arrival_key: str | None) -> str | None:
    return naming.entry_key or arrival_key
