"""The rules of award money of a conference: those of the law until the office writes its own beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from eventmgr import clock
from eventmgr.domain.award_money import ROUNDING, BaseSalary, Level, Rate, coefficient_text, thousands
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.models.ceremony import AwardBaseSalary, AwardRate
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services.award_parts import conference_for_writing
from eventmgr.services.ceremony_settings import settings_of
from eventmgr.services.typed import needed

FILE = Path(__file__).parents[1] / "rules" / "tien-thuong.yaml"


@dataclass(frozen=True)
class MoneyRules:
    """Levels, coefficients and base salaries, newest first; `own` tells whether the office has changed any."""

    levels: tuple[Level, ...]
    rates: tuple[Rate, ...]
    salaries: tuple[BaseSalary, ...]
    rounding: int
    own: bool


@dataclass(frozen=True)
class RateFacts:
    """A coefficient as typed: '1,5', with the days between which it counts."""

    level: str
    kind: str
    coefficient: str
    valid_from: date
    valid_to: date | None
    basis: str


def rules_of(conference_id: int) -> MoneyRules:
    """Return the rules that count in a conference."""
    known = defaults()
    rates = db.session.scalars(sa.select(AwardRate).where(AwardRate.conference_id == conference_id)).all()
    salaries = db.session.scalars(sa.select(AwardBaseSalary).where(AwardBaseSalary.conference_id == conference_id)).all()
    held = MoneyRules(
        known.levels,
        tuple(Rate(one.level, RecipientKind(one.kind), one.hundredths, one.valid_from, one.valid_to, one.basis) for one in rates) or known.rates,
        tuple(BaseSalary(one.valid_from, one.amount, one.basis) for one in salaries) or known.salaries,
        settings_of(conference_id).rounding,
        own=bool(rates or salaries),
    )
    places = {level.key: place for place, level in enumerate(held.levels)}
    return MoneyRules(
        held.levels,
        tuple(sorted(held.rates, key=lambda one: (places.get(one.level, 99), -one.valid_from.toordinal(), one.kind != RecipientKind.COLLECTIVE))),
        tuple(sorted(held.salaries, key=lambda one: one.valid_from, reverse=True)),
        held.rounding, held.own,
    )  # fmt: skip


@cache
def defaults() -> MoneyRules:
    """Return the rules of the law as the file tells them."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    levels = tuple(Level(one["key"], one["label"], one["form"], one["authority"]) for one in told["levels"])
    rates = tuple(Rate(level["key"], **(one | {"kind": RecipientKind(one["kind"])})) for level in told["levels"] for one in level["rates"])
    return MoneyRules(levels, rates, tuple(BaseSalary(**one) for one in told["base_salaries"]), int(told.get("rounding", ROUNDING)), own=False)


def save_salary(conference_id: int, valid_from: date, amount: str, basis: str, by: int) -> None:
    """Write the base salary from a day on, in the place of one from the same day; raises Invalid."""
    value = _amount(amount)
    basis, valid_from = needed(basis, "basis", 300), _year_of(valid_from, "valid_from")
    with transaction():
        conference_for_writing(conference_id)
        _take_over(conference_id)
        _drop_salary(conference_id, valid_from)
        db.session.add(AwardBaseSalary(conference_id=conference_id, valid_from=valid_from, amount=value, basis=basis))
        _told(conference_id, by, f"Mức lương cơ sở từ {valid_from:%d/%m/%Y}: {thousands(value)} đồng ({basis}).")


def remove_salary(conference_id: int, valid_from: date, by: int) -> None:
    """Take the base salary of a day away; raises NotFound."""
    with transaction():
        conference_for_writing(conference_id)
        _take_over(conference_id)
        if not _drop_salary(conference_id, valid_from):
            raise NotFound("Không có mức lương cơ sở từ ngày này.")
        _told(conference_id, by, f"Bỏ mức lương cơ sở từ {valid_from:%d/%m/%Y}.")


def save_rate(conference_id: int, facts: RateFacts, by: int) -> None:
    """Write a coefficient, in the place of one of the same level, kind and first day; raises Invalid."""
    level = next((one for one in defaults().levels if one.key == facts.level), None)
    if level is None:
        raise Invalid("Chọn mức khen thưởng trong danh sách.", "level")
    if facts.kind not in set(RecipientKind):
        raise Invalid("Chọn tập thể hay cá nhân.", "kind")
    kind, hundredths = RecipientKind(facts.kind), _hundredths(facts.coefficient)
    basis, first = needed(facts.basis, "rate_basis", 300), _year_of(facts.valid_from, "rate_from")
    if facts.valid_to is not None and facts.valid_to < first:
        raise Invalid("Ngày hết hiệu lực phải sau ngày có hiệu lực.", "valid_to")
    with transaction():
        conference_for_writing(conference_id)
        _take_over(conference_id)
        _drop_rate(conference_id, level.key, kind, first)
        db.session.add(
            AwardRate(conference_id=conference_id, level=level.key, kind=kind.value, hundredths=hundredths, valid_from=first, valid_to=facts.valid_to, basis=basis)
        )
        _told(conference_id, by, f"Hệ số {level.label}, {kind.label.lower()}, từ {first:%d/%m/%Y}: {coefficient_text(hundredths)} ({basis}).")


def remove_rate(conference_id: int, level: str, kind: str, valid_from: date, by: int) -> None:
    """Take a coefficient away; raises NotFound."""
    if kind not in set(RecipientKind):
        raise NotFound("Không có hệ số này.")
    with transaction():
        conference_for_writing(conference_id)
        _take_over(conference_id)
        if not _drop_rate(conference_id, level, RecipientKind(kind), valid_from):
            raise NotFound("Không có hệ số này.")
        _told(conference_id, by, f"Bỏ một hệ số tiền thưởng từ {valid_from:%d/%m/%Y}.")


def _take_over(conference_id: int) -> None:
    """Make the defaults the conference's own rows before the first change, so that the others stay as they are."""
    known = defaults()
    if db.session.scalar(sa.select(sa.exists().where(AwardRate.conference_id == conference_id))) or db.session.scalar(
        sa.select(sa.exists().where(AwardBaseSalary.conference_id == conference_id))
    ):
        return
    rows: list[Any] = [
        AwardRate(
            conference_id=conference_id, level=one.level, kind=one.kind.value, hundredths=one.hundredths, valid_from=one.valid_from,
            valid_to=one.valid_to, basis=one.basis,
        )
        for one in known.rates
    ]
    rows += [AwardBaseSalary(conference_id=conference_id, valid_from=one.valid_from, amount=one.amount, basis=one.basis) for one in known.salaries]
    db.session.add_all(rows)
    db.session.flush()


def _drop_salary(conference_id: int, valid_from: date) -> bool:
    return _deleted(AwardBaseSalary, AwardBaseSalary.conference_id == conference_id, AwardBaseSalary.valid_from == valid_from)


def _drop_rate(conference_id: int, level: str, kind: RecipientKind, valid_from: date) -> bool:
    return _deleted(
        AwardRate, AwardRate.conference_id == conference_id, AwardRate.level == level, AwardRate.kind == kind.value,
        AwardRate.valid_from == valid_from,
    )


def _deleted(table: Any, *which: Any) -> bool:
    found: Sequence[Any] = db.session.scalars(sa.select(table).where(*which)).all()
    for one in found:
        db.session.delete(one)
    db.session.flush()
    return bool(found)


def _amount(text: str) -> int:
    plain = re.sub(r"[.\s ]|đồng|đ$", "", text.strip().lower())
    if not re.fullmatch(r"[1-9]\d{4,8}", plain):
        raise Invalid("Nhập số đồng, ví dụ 1.150.000.", "amount")
    return int(plain)


def _hundredths(text: str) -> int:
    found = re.fullmatch(r"\s*(\d{1,3})(?:[.,](\d{1,2}))?\s*", text)
    value = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0
    if value <= 0:
        raise Invalid("Nhập hệ số, ví dụ 1,5.", "coefficient")
    return value


def _year_of(day: date, field: str) -> date:
    if not 1945 <= day.year <= 2200:
        raise Invalid("Năm chưa đúng.", field)
    return day


def _told(conference_id: int, by: int, sentence: str) -> None:
    record(
        "awards.money_rule", clock.now(), conference_id=conference_id, account_id=by, subject="conference", subject_id=conference_id,
        sentence=sentence,
    )
