"""Which rows belong to a person: found from the tables themselves, by what refers to the delegate, its letters and scans."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from eventmgr.models.database import db
from eventmgr.services.histories import whole_history

# Official papers and what belongs to everybody: a person only stands in them.
NOT_OWNED = {
    "accounts", "award_forms", "bodies", "conferences", "gates", "groups", "honourees", "imports", "items", "jobs", "journal",
    "mails", "phones", "programme_versions", "ranks", "register_numbers",
}  # fmt: skip
_OTHERS = {("delegates", "companion_of_id")}  # a companion is another person
_WORDS = re.compile(
    r"(^|_)(name|addressee|phone|email|mailbox|words|note|reason|said|entered_as|post|before|text|why|whom|objection|seat|alert"
    r"|message|question|topic|remark|title|given|about_key|person_key|phone_key)(_key)?$"
)  # fmt: skip
CONTACT = re.compile(r"(^|_)(phone|email|mailbox)(_key)?$")


def of_person(connection: Connection, delegate_id: int) -> dict[str, list[int]]:
    """Return table -> numbers of the rows that belong to one person, merged entries included."""
    return of_delegates(connection, connection.scalars(whole_history(delegate_id)).all())


def of_delegates(connection: Connection, delegate_ids: Iterable[int]) -> dict[str, list[int]]:
    """Return table -> numbers of the rows that belong to these delegates."""
    owned: dict[str, list[int]] = {"delegates": sorted(delegate_ids)}
    for table in db.metadata.sorted_tables:
        if table.name in NOT_OWNED or table.name == "delegates" or "id" not in table.columns:
            continue
        found: set[int] = set()
        for key in table.foreign_keys:
            parent = owned.get(key.column.table.name)
            if parent and key.column.name == "id" and (table.name, key.parent.name) not in _OTHERS:
                for ids in pieces(parent):
                    found |= set(connection.scalars(sa.select(table.c.id).where(key.parent.in_(ids))))
        if found:
            owned[table.name] = sorted(found)
    return owned


def pieces(ids: list[int], size: int = 500) -> Iterable[list[int]]:
    """Yield the numbers in pieces that fit into one statement."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def columns_about_people(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of text that say something about a person, by their names."""
    texts = (column for column in table.columns if isinstance(column.type, sa.String) and not column.foreign_keys)
    return [column for column in texts if _WORDS.search(column.name)]


def contact_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns that hold a telephone number, an address of mail, or the key of one."""
    return [column for column in table.columns if isinstance(column.type, sa.String) and CONTACT.search(column.name)]


def table_of(name: str) -> sa.Table:
    """Return a table by its name."""
    return db.metadata.tables[name]
