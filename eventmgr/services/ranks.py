"""The order of precedence as a table that the office edits (protocol.md §2.2: rank is data, not code)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.delegates import Bloc
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Rank
from eventmgr.models.journal import record
from eventmgr.services.delegate_keys import ranks_of, refresh_keys
from eventmgr.services.typed import needed

HIGHEST = 9_999


@dataclass(frozen=True)
class RankFacts:
    """One line of the table: the lower the value the higher the rank; titles as in domain.precedence.RankRule."""

    value: int
    title: str
    bloc: str | None = None


@dataclass(frozen=True)
class RankRow:
    """A line of the table and how many delegates stand at it, by their posts or by choice."""

    rank: Rank
    delegates: int


def list_ranks(conference_id: int) -> list[Rank]:
    """Return the rank table, highest rank first."""
    return ranks_of(conference_id)


def rank_rows(conference_id: int) -> list[RankRow]:
    """Return the rank table with how many delegates stand at each line, in two queries."""
    at_rank = sa.func.substr(Delegate.precedence_key, 1, 5)
    counted = db.session.execute(
        sa.select(at_rank, sa.func.count(Delegate.id))
        .where(
            Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.manual_position.is_(None)
        )
        .group_by(at_rank)
    )
    people = {int(value or 0): number for value, number in counted}
    return [RankRow(rank, people.get(rank.value, 0)) for rank in ranks_of(conference_id)]


def get_rank(conference_id: int, rank_id: int) -> Rank:
    """Return one line of the table; raises NotFound."""
    found = db.session.get(Rank, rank_id)
    if found is None or found.conference_id != conference_id:
        raise NotFound("Không có bậc này trong hội nghị.")
    return found


def add_rank(conference_id: int, facts: RankFacts, by: int) -> Rank:
    """Add a line; everybody whose posts fit it moves at once. Raises Invalid."""
    values = _checked(facts)
    try:
        with transaction():
            _refuse_twice(conference_id, facts.value)
            rank = Rank(conference_id=conference_id, **values)
            db.session.add(rank)
            db.session.flush()
            refresh_keys(conference_id)
            _note(rank, "rank.added", by, f"Thêm bậc {rank.value}: {rank.title}.")
    except IntegrityError as error:
        raise Conflict("Bậc này vừa có người thêm. Mở lại danh sách.") from error
    return rank


def edit_rank(conference_id: int, rank_id: int, facts: RankFacts, by: int) -> Rank:
    """Change a line; those who were put at its value by choice go with it. Raises Invalid or NotFound."""
    values = _checked(facts)
    try:
        with transaction():
            rank = get_rank(conference_id, rank_id)
            _refuse_twice(conference_id, facts.value, but=rank_id)
            old, changed = rank.value, [name for name, value in values.items() if getattr(rank, name) != value]
            for name in changed:
                setattr(rank, name, values[name])
            if changed:
                db.session.flush()
                _carry_along(conference_id, old, facts.value)
                refresh_keys(conference_id)
                _note(rank, "rank.edited", by, f"Sửa bậc {rank.value}: {rank.title}.", changed=changed)
    except IntegrityError as error:
        raise Conflict("Giá trị này vừa có người dùng. Chọn giá trị khác.") from error
    return rank


def remove_rank(conference_id: int, rank_id: int, by: int) -> None:
    """Remove a line; raises Conflict while somebody was put at it by choice."""
    with transaction():
        rank = get_rank(conference_id, rank_id)
        people = db.session.scalar(
            sa.select(sa.func.count(Delegate.id)).where(
                Delegate.conference_id == conference_id, Delegate.rank == rank.value, Delegate.removed_at.is_(None)
            )
        )
        if people:
            raise Conflict(f"Có {people} đại biểu được chọn bậc này. Chọn bậc khác cho họ trước.")
        _note(rank, "rank.removed", by, f"Bỏ bậc {rank.value}: {rank.title}.")
        db.session.delete(rank)
        db.session.flush()
        refresh_keys(conference_id)


def _checked(facts: RankFacts) -> dict[str, object]:
    if not 1 <= facts.value <= HIGHEST:
        raise Invalid("Bậc là số từ 1 đến 9.999; số nhỏ đứng trước.", "value")
    if facts.bloc is not None and facts.bloc not in {bloc.value for bloc in Bloc}:
        raise Invalid("Chọn khối trong danh sách.", "bloc")
    return {"value": facts.value, "title": needed(facts.title, "title", 300), "bloc": facts.bloc}


def _refuse_twice(conference_id: int, value: int, but: int | None = None) -> None:
    if any(rank.value == value and rank.id != but for rank in ranks_of(conference_id)):
        raise Invalid(f"Đã có bậc {value}. Chọn số khác.", "value")


def _carry_along(conference_id: int, old: int, new: int) -> None:
    if old != new:
        same = (Delegate.conference_id == conference_id, Delegate.rank == old)
        db.session.connection().execute(sa.update(Delegate).where(*same).values(rank=new))


def _note(rank: Rank, verb: str, by: int, sentence: str, **details: Any) -> None:
    record(
        verb,
        clock.now(),
        conference_id=rank.conference_id,
        account_id=by,
        subject="rank",
        subject_id=rank.id,
        sentence=sentence,
        **details,
    )
