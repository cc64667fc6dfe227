"""Loading a plan: once, twice, changed, and every kind of bad file."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm
from eventmgr.models.conferences import BudgetLine, Conference, Paper, PlanRecipient, Task
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.journal import Entry
from eventmgr.services import plans
from tests.conftest import SEED


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    text = SEED.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "changed.yaml"
    path.write_text(text)
    return path


def count(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_plan_is_there_whole(app: Flask, conference: Conference) -> None:
    counted = {table.__name__: count(table) for table in (Group, Item, Task, Paper, BudgetLine, PlanRecipient, AwardForm)}
    assert counted == {
        "Group": 10, "Item": 16, "Task": 18, "Paper": 16, "BudgetLine": 3, "PlanRecipient": 10, "AwardForm": 3,
    }
    assert (conference.held_on, conference.starts_at, conference.capacity, conference.signer_name) == (None, None, None, None)
    assert conference.date_text == "cuối tháng 12/2015"
    assert [row.amount for row in db.session.scalars(sa.select(BudgetLine))] == [None, None, None]


def test_loading_again_changes_nothing(app: Flask) -> None:
    before = count(Delegate), count(Entry)
    outcome = plans.load_file(SEED)
    assert outcome.lines() == ["Hội nghị so-ket-binh-dang-gioi-2015 đã đúng như tệp; không có gì thay đổi."]
    assert (count(Delegate), count(Entry)) == before


def test_changed_file_shows_and_then_stores_what_changed(app: Flask, tmp_path: Path) -> None:
    path = edited(tmp_path, ('short_title: "Sơ kết giai đoạn I về bình đẳng giới"', 'short_title: "Sơ kết bình đẳng giới"'))
    shown = plans.load_file(path)
    assert [(c.name, c.new, c.kept) for c in shown.changes] == [("short_title", "Sơ kết bình đẳng giới", False)]
    assert db.session.scalar(sa.select(Conference.short_title)) == "Sơ kết giai đoạn I về bình đẳng giới"
    assert plans.load_file(path, update=True).stored
    assert db.session.scalar(sa.select(Conference.short_title)) == "Sơ kết bình đẳng giới"
    assert plans.load_file(path).changes == []


def test_what_the_office_changed_is_kept(app: Flask, tmp_path: Path) -> None:
    with transaction():
        db.session.scalars(sa.select(Conference)).one().short_title = "Tên do văn phòng đặt"
    path = edited(tmp_path, ('short_title: "Sơ kết giai đoạn I về bình đẳng giới"', 'short_title: "Sơ kết bình đẳng giới"'))
    outcome = plans.load_file(path, update=True)
    assert [change.kept for change in outcome.changes] == [True]
    assert db.session.scalar(sa.select(Conference.short_title)) == "Tên do văn phòng đặt"


def test_new_post_in_the_file_becomes_a_delegate(app: Flask, tmp_path: Path) -> None:
    old = '          - {key: pho-bi-thu, title: "Phó Bí thư Tỉnh ủy", origin: knowledge}\n'
    path = edited(tmp_path, (old, old + old.replace("pho-bi-thu", "pho-bi-thu-2")))
    outcome = plans.load_file(path, update=True)
    assert outcome.added == [("delegates", "pho-bi-thu-2")]
    made = db.session.scalars(sa.select(Delegate).where(Delegate.key == "pho-bi-thu-2")).one()
    assert (made.first_post, made.search_key != "", made.precedence_key != "") == ("Phó Bí thư Tỉnh ủy", True, True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a: [", "Tệp không đúng cú pháp YAML ở dòng 1."),
        (b"\xff\xfe\x00a", "Tệp không phải văn bản UTF-8."),
        (b"just words", None),
        (b"!!python/object/apply:os.system ['true']", "Tệp không đúng cú pháp YAML ở dòng 1."),
        (b"a: &a [x,x]\nb: &b [*a,*a]\n", None),
        (b"", None),
    ],
)
def test_bad_file_names_its_problem_and_stores_nothing(app: Flask, tmp_path: Path, content: bytes, sentence: str | None) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    before = count(Conference), count(Entry)
    with pytest.raises(plans.PlanFileProblem) as caught:
        plans.load_file(path)
    assert caught.value.sentences
    if sentence:
        assert caught.value.sentences == [sentence]
    assert (count(Conference), count(Entry)) == before


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('    label: "Thường trực Tỉnh ủy"\n', ""), "groups[0].label"),
        (("body: thuong-truc-tinh-uy\n", "body: khong-co\n"), "khong-co"),
        (("  date: 2015-12-02\n", "  date: mồng hai tháng chạp\n"), "plan.date"),
    ],
)
def test_plan_with_a_wrong_part_is_refused_with_its_place(app: Flask, tmp_path: Path, change: tuple[str, str], place: str) -> None:
    with pytest.raises(plans.PlanFileProblem) as caught:
        plans.load_file(edited(tmp_path, change))
    assert any(place in sentence for sentence in caught.value.sentences), caught.value.sentences


def test_missing_file_is_named(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(plans.PlanFileProblem, match=r"Không đọc được tệp nothing\.yaml\."):
        plans.load_file(tmp_path / "nothing.yaml")
