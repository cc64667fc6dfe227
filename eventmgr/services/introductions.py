"""Whom the MC introduces: those in the room, by precedence, guests before hosts, the press last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.delegates import AddressForm, GroupRole, RankRule, posts_with_body, precedence_key, suggest_rank
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.domain.names import name_sort_key
from eventmgr.domain.script import lower_first, upper_first
from eventmgr.models.agenda import IntroductionTick
from eventmgr.models.checkin import Admission
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Rank
from eventmgr.models.invitations import Reply
from eventmgr.models.journal import record
from eventmgr.services.stage_settings import settings_of

_RANK = 5
MOST = 2000


@dataclass(frozen=True)
class Introduced:
    """Somebody in the room: `name` with the form of address, `instead_of` names whom a substitute stands in for.

    `by_name`: introduced one by one; the others are introduced as their group.
    """

    delegate_id: int
    name: str
    post: str
    group: str
    seat: str | None
    admitted_at: datetime
    instead_of: str | None
    read: bool
    late: bool
    by_name: bool = False


@dataclass(frozen=True)
class Together:
    """Those of a group who are introduced in one sentence."""

    group: str
    people: tuple[Introduced, ...]

    @property
    def read(self) -> bool:
        """Whether all of them have been introduced."""
        return all(one.read for one in self.people)

    @property
    def sentence(self) -> str:
        """What the MC says of them."""
        return f"Xin trân trọng giới thiệu sự có mặt của {lower_first(self.group)}."


@dataclass(frozen=True)
class IntroductionList:
    """Everybody in the room in the order of introduction; `since` is when the introduction ended, if it did."""

    people: tuple[Introduced, ...]
    since: datetime | None

    @property
    def unread(self) -> tuple[Introduced, ...]:
        """Those whom the MC has not read out yet."""
        return tuple(one for one in self.people if not one.read)

    @property
    def late(self) -> tuple[Introduced, ...]:
        """Those who came after the introduction, first come first."""
        return tuple(sorted((one for one in self.people if one.late), key=lambda one: (one.admitted_at, one.delegate_id)))

    @property
    def named(self) -> tuple[Introduced, ...]:
        """Those in time whom the MC names one by one."""
        return tuple(one for one in self.people if one.by_name and not one.late)

    @property
    def together(self) -> tuple[Together, ...]:
        """The others in time, each group once, in the order in which their first one stands."""
        groups: dict[str, list[Introduced]] = {}
        for one in self.people:
            if not one.by_name and not one.late:
                groups.setdefault(one.group, []).append(one)
        return tuple(Together(group, tuple(people)) for group, people in groups.items())

    @property
    def groups(self) -> list[tuple[str, list[Introduced]]]:
        """The list with a heading wherever the group changes."""
        return _grouped(self.people)

    @property
    def in_time(self) -> list[tuple[str, list[Introduced]]]:
        """The same without those who came late."""
        return _grouped(one for one in self.people if not one.late)


def introduction_list(conference_id: int, ended_at: datetime | None = None) -> IntroductionList:
    """Return whom to introduce: protocol.md §5, "khách trước, chủ sau", the press last.

    A substitute comes by the own name, post and rank (§3: a rank is not lent). Whoever was admitted after
    `ended_at`, the end of the introduction, is late. Six queries, however many people.
    """
    inside = db.session.execute(
        sa.select(Admission, Delegate)
        .join(Delegate, Delegate.id == Admission.delegate_id)
        .where(Admission.conference_id == conference_id, Admission.undone_at.is_(None), Admission.out_at.is_(None),
               Delegate.removed_at.is_(None), Delegate.companion_of_id.is_(None))  # drivers and secretaries are in the room, and nobody introduces them
        .options(joinedload(Delegate.body), joinedload(Delegate.group))
    ).all()
    read = set(
        db.session.scalars(
            sa.select(IntroductionTick.delegate_id).where(IntroductionTick.conference_id == conference_id)
        )
    )
    stand_ins = any(admission.substitute_name for admission, _ in inside)
    ranks = _ranks(conference_id) if stand_ins else []
    forms = _substitute_forms(conference_id) if stand_ins else {}
    ordered = sorted(((_order(admission, delegate, ranks), admission, delegate) for admission, delegate in inside), key=_first)
    last = precedence_key(settings_of(conference_id).named_until)[:_RANK]
    people = tuple(
        replace(
            _introduced(admission, delegate, forms, delegate.id in read, ended_at),
            by_name=not order[0] and order[2][:_RANK] <= last,
        )
        for order, admission, delegate in ordered
    )
    return IntroductionList(people, ended_at)


def named_until(conference_id: int) -> int:
    """Return the last rank whose holders are introduced by name."""
    return settings_of(conference_id).named_until


def rank_choices(conference_id: int) -> list[tuple[int, str]]:
    """Return the ranks to choose that last one from, the highest first."""
    return [(rule.value, rule.title) for rule in _ranks(conference_id)]


def set_named_until(conference_id: int, rank: int, by: int, actor: str = "") -> None:
    """Set the last rank whose holders are introduced by name; raises Invalid for a rank that the table has not."""
    at = clock.now()
    with transaction():
        known = sa.select(Rank.id).where(Rank.conference_id == conference_id, Rank.value == rank)
        if db.session.scalar(known) is None:
            raise Invalid("Chọn một hàng trong bảng thứ bậc.", "named_until")
        held = settings_of(conference_id)
        held.named_until = rank
        db.session.add(held)
        record(
            "introduction.named_until", at, conference_id=conference_id, account_id=by, actor=actor, subject="rank",
            sentence=f"Giới thiệu từng người đến hàng {rank}.",
        )


def set_group_read(conference_id: int, delegate_ids: Sequence[int], read: bool, by: int, actor: str = "") -> None:
    """Tick a whole group off, or take its ticks back; only those who are in the room count. Raises NotFound."""
    at = clock.now()
    try:
        with transaction():
            inside = sa.select(Admission.delegate_id).where(
                Admission.conference_id == conference_id, Admission.undone_at.is_(None),
                Admission.delegate_id.in_(delegate_ids[:MOST]),
            )
            ids = set(db.session.scalars(inside))
            if not ids:
                raise NotFound("Không có đại biểu này trong hội nghị.")
            own = sa.and_(IntroductionTick.conference_id == conference_id, IntroductionTick.delegate_id.in_(ids))
            known = set(db.session.scalars(sa.select(IntroductionTick.delegate_id).where(own)))
            if read:
                db.session.add_all(
                    IntroductionTick(conference_id=conference_id, delegate_id=one, at=at) for one in sorted(ids - known)
                )
            else:
                db.session.execute(sa.delete(IntroductionTick).where(own))
            record(
                "introduction.group_read" if read else "introduction.group_unread", at, conference_id=conference_id,
                account_id=by, actor=actor, subject="delegate", people=len(ids),
            )
    except IntegrityError:
        return  # ticked by somebody else in the same moment


def set_read(conference_id: int, delegate_id: int, read: bool, by: int | None = None, actor: str = "") -> None:
    """Tick a delegate off as read out, or take the tick back; doing it twice changes nothing.

    Raises NotFound for a delegate of another conference.
    """
    at = clock.now()
    try:
        with transaction():
            delegate = db.session.get(Delegate, delegate_id)
            if delegate is None or delegate.conference_id != conference_id:
                raise NotFound("Không có đại biểu này trong hội nghị.")
            own = sa.and_(IntroductionTick.conference_id == conference_id, IntroductionTick.delegate_id == delegate_id)
            known = db.session.scalar(sa.select(IntroductionTick.id).where(own)) is not None
            if known == read:
                return
            if read:
                db.session.add(IntroductionTick(conference_id=conference_id, delegate_id=delegate_id, at=at))
            else:
                db.session.execute(sa.delete(IntroductionTick).where(own))
            record(
                "introduction.read" if read else "introduction.unread", at, conference_id=conference_id, account_id=by,
                actor=actor, subject="delegate", subject_id=delegate_id,
            )
    except IntegrityError:
        return  # ticked by somebody else in the same moment


def _grouped(people: Iterable[Introduced]) -> list[tuple[str, list[Introduced]]]:
    made: list[tuple[str, list[Introduced]]] = []
    for one in people:
        if not made or made[-1][0] != one.group:
            made.append((one.group, []))
        made[-1][1].append(one)
    return made


def _introduced(
    admission: Admission, delegate: Delegate, forms: dict[int, str], read: bool, ended_at: datetime | None
) -> Introduced:
    body = delegate.body.name if delegate.body else None
    own = _name(delegate.address_form, delegate.full_name)
    own_post = posts_with_body(delegate.posts, body)
    instead = None
    name, post = own or upper_first(own_post), own_post if own else ""
    if admission.substitute_name:
        form = forms.get(delegate.id, AddressForm.COMRADE.value)
        instead = lower_first(own) if own else own_post
        name, post = _name(form, admission.substitute_name) or "", admission.substitute_post or body or ""
    return Introduced(
        delegate.id, name, post, delegate.group.short_label or delegate.group.label, delegate.seat,
        admission.admitted_at, instead, read, ended_at is not None and admission.admitted_at > ended_at,
    )


def _name(form: str, full_name: str | None) -> str | None:
    return upper_first(f"{form} {full_name}") if full_name else None


_Order = tuple[bool, bool, str, str, int]


def _order(admission: Admission, delegate: Delegate, ranks: Iterable[RankRule]) -> _Order:
    press = delegate.group.role == GroupRole.PRESS.value
    key, name = delegate.precedence_key, delegate.name_key
    if admission.substitute_name:
        key = precedence_key(suggest_rank([admission.substitute_post or ""], ranks))
        name = name_sort_key(admission.substitute_name)
    return (press, delegate.is_host, key, name, delegate.id)


def _first(entry: tuple[_Order, Admission, Delegate]) -> _Order:
    return entry[0]


def _ranks(conference_id: int) -> list[RankRule]:
    rows = db.session.scalars(sa.select(Rank).where(Rank.conference_id == conference_id).order_by(Rank.value))
    return [RankRule(row.value, row.title, row.bloc) for row in rows]


def _substitute_forms(conference_id: int) -> dict[int, str]:
    """How the substitutes who were announced are addressed, by delegate."""
    rows = db.session.execute(
        sa.select(Reply.delegate_id, Reply.substitute_form).where(
            Reply.conference_id == conference_id, Reply.answer == "substitute", Reply.superseded_at.is_(None)
        )
    )
    return {delegate_id: form for delegate_id, form in rows if form}
