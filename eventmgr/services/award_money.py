"""What each honouree is paid, by the decision of the list, and what a list costs in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain import award_money as rule
from eventmgr.domain.award_money import Amount, Entitled
from eventmgr.domain.awards import RecipientKind, list_order
from eventmgr.domain.dates import to_local
from eventmgr.domain.honourees import folded_name
from eventmgr.domain.text import fold
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.database import db
from eventmgr.services.award_rules import MoneyRules, rules_of
from eventmgr.services.ceremony_settings import form_settings_of, settings_of


@dataclass(frozen=True)
class Listed:
    """An honouree in the order of the list; `place` counts within its kind from 1."""

    honouree: Honouree
    form: AwardForm
    place: int
    amount: Amount | None
    paid: int

    @property
    def id(self) -> int:
        """The honouree's number."""
        return self.honouree.id

    @property
    def kind(self) -> RecipientKind:
        """Collective or individual."""
        return RecipientKind(self.honouree.kind)

    @property
    def position(self) -> int:
        """The place in the decision."""
        return self.honouree.position

    @property
    def form_position(self) -> int:
        """The place of the form of award, from the highest."""
        return self.form.position

    @property
    def is_paid_elsewhere(self) -> bool:
        """Whether a higher form for the same achievement is paid instead."""
        return self.amount is not None and self.paid == 0


@dataclass(frozen=True)
class Sum:
    """How many of one kind get one amount."""

    kind: RecipientKind
    count: int
    amount: Amount
    total: int


@dataclass(frozen=True)
class FormMoney:
    """The money of one list: who gets what, the sums, the total. `day` counts; `is_estimate` while there is no decision."""

    form: AwardForm
    level: str | None
    day: date
    is_estimate: bool
    rows: tuple[Listed, ...]
    sums: tuple[Sum, ...]

    @property
    def total(self) -> int:
        """Whole đồng."""
        return sum(one.paid for one in self.rows)

    @property
    def without_money(self) -> int:
        """How many are on the list for whom no rule is known."""
        return sum(one.amount is None for one in self.rows)


def money_of(conference_id: int) -> list[FormMoney]:
    """Return the money of every list with somebody on it, forms from the highest; a fixed number of queries.

    Who is on several lists for one achievement is paid the highest form alone; that is known of the same delegate,
    or of the same name with the same post.
    """
    rows = db.session.execute(
        sa.select(AwardForm, Honouree)
        .join(Honouree, Honouree.form_id == AwardForm.id)
        .where(AwardForm.conference_id == conference_id, Honouree.cancelled_at.is_(None))
        .order_by(AwardForm.position, AwardForm.id, Honouree.position, Honouree.id)
    ).all()
    rules, chosen, first = rules_of(conference_id), form_settings_of(conference_id), settings_of(conference_id).collectives_first
    found = []
    for form in dict.fromkeys(row[0] for row in rows):
        own = chosen.get(form.id)
        level = (own.level if own else None) or rule.level_of(form.name, form.authority, rules.levels)
        day = form.decision_on or to_local(clock.now()).date()
        found.append((form, level, day, _listed(form, [row[1] for row in rows if row[0] is form], rules, level, day, first)))
    paid = rule.highest_only([
        Entitled(one.id, _person(one.honouree), form.achievement or "", one.amount.amount)
        for form, _, _, listed in found for one in listed if one.amount is not None
    ])  # fmt: skip
    return [_form_money(form, level, day, listed, paid) for form, level, day, listed in found]


def form_money(conference_id: int, form_id: int) -> FormMoney | None:
    """Return the money of one list; None while nobody is on it."""
    return next((one for one in money_of(conference_id) if one.form.id == form_id), None)


def _listed(form: AwardForm, honourees: list[Honouree], rules: MoneyRules, level: str | None, day: date, collectives_first: bool) -> list[Listed]:
    amounts = {kind: rule.amount_on(level, kind, day, rules.rates, rules.salaries, rules.rounding) if level else None for kind in RecipientKind}
    places = {kind: 0 for kind in RecipientKind}
    made = []
    for one in honourees:
        kind = RecipientKind(one.kind)
        places[kind] += 1
        made.append(Listed(one, form, places[kind], amounts[kind], 0))
    return list_order(made, collectives_first)


def _person(one: Honouree) -> tuple[object, ...]:
    return (one.kind, folded_name(one.printed_name), fold(one.post)) if one.delegate_id is None else ("delegate", one.delegate_id)


def _form_money(form: AwardForm, level: str | None, day: date, listed: list[Listed], paid: Mapping[int, int]) -> FormMoney:
    rows = tuple(Listed(one.honouree, one.form, one.place, one.amount, paid.get(one.id, 0)) for one in listed)
    sums = []
    for kind in dict.fromkeys(one.kind for one in rows):
        same = [one for one in rows if one.kind is kind and one.paid]
        if same and same[0].amount is not None:
            sums.append(Sum(kind, len(same), same[0].amount, sum(one.paid for one in same)))
    return FormMoney(form, level, day, form.decision_on is None, rows, tuple(sums))
