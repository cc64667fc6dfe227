"""The keys by which delegates and bodies are found and sorted; a private part of the services that write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr.domain.delegates import RankRule, posts_with_body, suggest_rank
from eventmgr.domain.names import name_sort_key
from eventmgr.domain.phones import phone_key
from eventmgr.domain.placing import placed_key
from eventmgr.domain.text import fold, query_words, search_key, text_key
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group, Rank

_EXACT = "="
_KEYS = ("name_key", "search_key", "precedence_key", "phone_key")

# A Delegate, or the values of one that is not stored yet: a list of 20,000 has no time for 20,000 mapped objects.
Person = Any


def fill_keys(
    delegate: Delegate, ranks: Iterable[Rank | RankRule], body: Body | None = None, group: Group | None = None
) -> None:
    """Set name_key, search_key, precedence_key and phone_key of a delegate from what is known of it.

    `ranks` is the conference's rank table, used while the delegate has no rank of its own; `body` and `group`
    are the rows that it belongs to (they are passed in because a delegate that is not stored yet cannot load them).
    """
    for name, key in keys_of(delegate, ranks, body, group).items():
        setattr(delegate, name, key)


def keys_of(
    delegate: Person, ranks: Iterable[Rank | RankRule], body: Body | None = None, group: Group | None = None
) -> dict[str, Any]:
    """Return the keys that `fill_keys` sets, by name; `delegate` needs no row of its own."""
    body_name = body.name if body else ""
    return {
        "name_key": _name_key(delegate),
        "phone_key": (phone_key(delegate.phone) or "")[:120] or None,
        "search_key": _search_key(delegate, body, group),
        "precedence_key": placed_key(rank_of(delegate, ranks, body_name), delegate.manual_position),
    }


def rank_of(delegate: Person, ranks: Iterable[Rank | RankRule], body_name: str = "") -> int | None:
    """Return the rank that somebody chose for a delegate, else the one its posts give, else None."""
    own: int | None = delegate.rank
    if own is not None or not delegate.posts:
        return own
    rules = [rank if isinstance(rank, RankRule) else RankRule(rank.value, rank.title, rank.bloc) for rank in ranks]
    return suggest_rank([posts_with_body(delegate.posts, body_name)], rules)


def body_search_key(name: str, seat_in_group: str | None = None) -> str:
    """Return the key that a body is found by."""
    return search_key(name, seat_in_group or "")


def found_by(query: str) -> list[sa.ColumnElement[bool]]:
    """Return what a delegate's search key must fulfil to be found by a query; signs without letters find nobody."""
    words = query_words(query)[:12]
    if query.strip() and not words:
        return [sa.false()]
    return [Delegate.search_key.contains(f" {word}", autoescape=True) for word in words]


def printing_order() -> tuple[sa.ColumnElement[Any], ...]:
    """Return what letters, their list, their numbers and exports are sorted by; needs Group and (outer) Body joined.

    The plan's order of groups, inside a group the order of precedence; who are alike in it stand in the plan's order
    of bodies, then by name.
    """
    body = sa.func.coalesce(Body.position, 0)
    return Group.position.expression, Delegate.precedence_key.expression, body, Delegate.name_key.expression, Delegate.id.expression


def exact_marks(query: str) -> list[str]:
    """Return, for each word of a query, what stands in the search key of those whose name has it to the tone."""
    return [f" {_EXACT}{word} " for word in text_key(query).split()]


def ranks_of(conference_id: int) -> list[Rank]:
    """Return the rank table of a conference, highest first."""
    return list(db.session.scalars(sa.select(Rank).where(Rank.conference_id == conference_id).order_by(Rank.value)))


def refresh_keys(conference_id: int, *only: sa.ColumnElement[bool]) -> None:
    """Compute the keys of a conference's delegates anew inside the open transaction; `only` narrows them down.

    Versions stay: nobody's open form turns stale because a body was renamed.
    """
    ranks = ranks_of(conference_id)
    rows = db.session.scalars(
        sa.select(Delegate)
        .where(Delegate.conference_id == conference_id, *only)
        .options(joinedload(Delegate.body), joinedload(Delegate.group))
    ).all()
    changed = []
    with db.session.no_autoflush:
        for row in rows:
            before = [getattr(row, name) for name in _KEYS]
            fill_keys(row, ranks, row.body, row.group)
            keys = [getattr(row, name) for name in _KEYS]
            if keys != before:
                changed.append(dict(zip(("id", *_KEYS), (row.id, *keys), strict=True)))
            db.session.expunge(row)
    if changed:
        _write_keys(changed)


def _write_keys(changed: list[dict[str, object]]) -> None:
    db.session.connection().execute(
        sa.update(Delegate)
        .where(Delegate.id == sa.bindparam("row"))
        .values({name: sa.bindparam(f"new_{name}") for name in _KEYS}),
        [{"row": one["id"], **{f"new_{name}": one[name] for name in _KEYS}} for one in changed],
    )


def _name_key(delegate: Person) -> str:
    """Those without a name come last, by their post."""
    if delegate.full_name:
        return name_sort_key(delegate.full_name, delegate.sort_given)
    post = fold(delegate.first_post or "").encode("ascii", "ignore").decode()
    return f"{name_sort_key('')}{post[:60]}"


def _search_key(delegate: Person, body: Body | None, group: Group | None) -> str:
    """Folded words, then the words of the name as they are spelled, marked so that no folded query meets them.

    The body comes with its own key, which knows its other names.
    """
    known = (body.search_key or body.name) if body else ""
    label = (group.short_label or group.label) if group else ""
    name = delegate.full_name or ""
    folded = search_key(name, *(delegate.posts or ()), known, label)
    exact = " ".join(_EXACT + word for word in text_key(name).split())
    return f"{folded}{exact} " if exact else folded
