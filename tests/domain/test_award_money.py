"""Award money: the worked values of the law's tables, by the day of the decision."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from eventmgr.domain.award_money import (
    Amount,
    BaseSalary,
    Entitled,
    Level,
    Rate,
    amount_on,
    coefficient_text,
    highest_only,
    in_words,
    level_of,
    money_text,
    rounded,
)
from eventmgr.domain.awards import RecipientKind

KNOWN = yaml.safe_load((Path(__file__).parents[2] / "eventmgr/rules/tien-thuong.yaml").read_text())
SALARIES = [BaseSalary(**one) for one in KNOWN["base_salaries"]]
LEVELS = [Level(one["key"], one["label"], one["form"], one["authority"]) for one in KNOWN["levels"]]
RATES = [Rate(level["key"], **(one | {"kind": RecipientKind(one["kind"])})) for level in KNOWN["levels"] for one in level["rates"]]
PERSON, COLLECTIVE = RecipientKind.INDIVIDUAL, RecipientKind.COLLECTIVE


@pytest.mark.parametrize(
    ("level", "kind", "day", "exact", "amount"),
    [
        ("bang_khen_tinh", PERSON, date(2015, 12, 28), 1_150_000, 1_150_000),
        ("bang_khen_tinh", COLLECTIVE, date(2015, 12, 28), 2_300_000, 2_300_000),
        ("bang_khen_tinh", PERSON, date(2016, 4, 30), 1_150_000, 1_150_000),
        ("bang_khen_tinh", PERSON, date(2016, 5, 1), 1_210_000, 1_210_000),
        ("bang_khen_tinh", PERSON, date(2022, 3, 8), 1_490_000, 1_490_000),
        ("bang_khen_tinh", COLLECTIVE, date(2022, 3, 8), 2_980_000, 2_980_000),
        ("bang_khen_tinh", PERSON, date(2023, 12, 31), 1_800_000, 1_800_000),
        ("bang_khen_tinh", PERSON, date(2024, 1, 1), 2_700_000, 2_700_000),
        ("bang_khen_tinh", PERSON, date(2025, 6, 30), 3_510_000, 3_510_000),
        ("bang_khen_tinh", COLLECTIVE, date(2026, 6, 30), 7_020_000, 7_020_000),
        ("bang_khen_tinh", PERSON, date(2026, 7, 1), 3_795_000, 3_800_000),
        ("bang_khen_tinh", COLLECTIVE, date(2026, 7, 1), 7_590_000, 7_590_000),
        ("giay_khen", PERSON, date(2022, 3, 8), 447_000, 450_000),
        ("giay_khen_xa", PERSON, date(2022, 3, 8), 223_500, 220_000),
    ],
)
def test_money_is_that_of_the_day_of_the_decision(level: str, kind: RecipientKind, day: date, exact: int, amount: int) -> None:
    paid = amount_on(level, kind, day, RATES, SALARIES)
    assert paid is not None
    assert (paid.exact, paid.amount) == (exact, amount)


def test_a_day_before_every_rule_and_an_unknown_level_have_no_money() -> None:
    assert amount_on("bang_khen_tinh", PERSON, date(2009, 1, 1), RATES, SALARIES) is None
    assert amount_on("bang_khen_tinh", PERSON, date(2012, 1, 1), RATES, SALARIES) is None
    assert amount_on("huan_chuong", PERSON, date(2015, 12, 28), RATES, SALARIES) is None


def test_the_basis_names_both_rules() -> None:
    paid = amount_on("bang_khen_tinh", PERSON, date(2015, 12, 28), RATES, SALARIES)
    assert paid == Amount(100, 1_150_000, 1_150_000, 1_150_000, "Nghị định số 42/2010/NĐ-CP; Nghị định số 66/2013/NĐ-CP")


def test_without_rounding_the_whole_dong_stays() -> None:
    paid = amount_on("bang_khen_tinh", PERSON, date(2026, 7, 1), RATES, SALARIES, rounding=1)
    assert paid is not None and paid.amount == 3_795_000
    assert [rounded(amount) for amount in (4_999, 5_000, 14_999, 15_000)] == [0, 10_000, 10_000, 20_000]


@pytest.mark.parametrize(
    ("name", "authority", "level"),
    [
        ("Bằng khen", "Chủ tịch UBND tỉnh", "bang_khen_tinh"),
        ("GIẤY KHEN", "Chủ tịch UBND xã Mẫu", "giay_khen_xa"),
        ("Giấy khen", "Trưởng Ban Vì sự tiến bộ phụ nữ tỉnh", "giay_khen"),
        (None, "Trưởng Ban Vì sự tiến bộ phụ nữ tỉnh", None),
    ],
)
def test_level_follows_name_and_authority(name: str | None, authority: str, level: str | None) -> None:
    assert level_of(name, authority, LEVELS) == level


def test_of_several_forms_for_one_achievement_the_highest_is_paid() -> None:
    first = Entitled(1, ("y mau",), "Xuất sắc", 1_150_000)
    same, other = Entitled(2, ("y mau",), "xuất sắc", 350_000), Entitled(3, ("y mau",), "Việc khác", 350_000)
    equal = Entitled(4, ("y mau",), "Xuất sắc", 1_150_000)
    assert highest_only([same, first, other, equal]) == {1: 1_150_000, 2: 0, 3: 350_000, 4: 0}


def test_figures_and_words() -> None:
    assert [coefficient_text(one) for one in (100, 150, 15, 30, 60, 300)] == ["1,0", "1,5", "0,15", "0,3", "0,6", "3,0"]
    assert money_text(1_150_000) == "1.150.000 đồng"
    assert in_words(1_150_000) == "Một triệu một trăm năm mươi nghìn đồng"
    assert in_words(23_000_000) == "Hai mươi ba triệu đồng"
    assert in_words(2_005_000) == "Hai triệu không trăm lẻ năm nghìn đồng"
    assert in_words(15_021_000) == "Mười lăm triệu không trăm hai mươi mốt nghìn đồng"
    assert in_words(0) == "Không đồng"
