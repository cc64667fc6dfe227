from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.invitees import DelegateFacts
from eventmgr.models.checkin import Gate
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.services import bodies, conferences, delegate_lists, delegates, groups, ranks


def labels(conference: Conference) -> list[str]:
    return [group.short_label or group.label for group in groups.list_groups(conference.id)]


def facts(**more: Any) -> groups.GroupFacts:
    return groups.GroupFacts(**{"label": "Khách quốc tế", **more})


def body_named(conference: Conference, name: str) -> Body:
    return db.session.scalars(sa.select(Body).where(Body.conference_id == conference.id, Body.name == name)).one()


def found(conference: Conference, query: str) -> list[str | None]:
    return [row.delegate.full_name for row in delegate_lists.delegate_page(conference.id, query).rows]


def test_the_ten_groups_of_the_plan_with_their_counts(conference: Conference) -> None:
    rows = groups.group_rows(conference.id)
    assert [(row.group.position, row.bodies, row.delegates, row.named) for row in rows] == [
        (1, 1, 3, 0),
        (2, 1, 3, 0),
        (3, 1, 3, 0),
        (4, 1, 2, 0),
        (5, 3, 3, 0),
        (6, 20, 20, 0),
        (7, 2, 2, 0),
        (8, 10, 10, 0),
        (9, 0, 0, 0),
        (10, 2, 2, 0),
    ]


def test_a_new_group_stands_last_and_an_empty_one_can_go(conference: Conference) -> None:
    group = groups.add_group(conference.id, facts(quota=5, address_form="ông", is_host=True, note="Phiên dịch"), by=1)
    assert (group.position, group.key, group.quota, group.is_host) == (11, "khach_quoc_te", 5, True)
    one = delegates.add_delegate(conference.id, DelegateFacts(group_id=group.id, full_name="John Smith"), by=1).delegate
    assert (one.address_form, one.is_host) == ("ông", True)
    with pytest.raises(Conflict) as refused:
        groups.remove_group(conference.id, group.id, by=1)
    assert refused.value.sentence == (
        "Nhóm còn 1 đại biểu, kể cả người đã bỏ khỏi danh sách. Chuyển họ sang nhóm khác trước."
    )
    with transaction():
        db.session.execute(sa.delete(Delegate).where(Delegate.id == one.id))
    groups.remove_group(conference.id, group.id, by=1)
    assert len(groups.list_groups(conference.id)) == 10


def test_a_group_that_a_gate_waits_for_stays(conference: Conference) -> None:
    group = groups.add_group(conference.id, facts(), by=1)
    with transaction():
        gate = db.session.scalars(sa.select(Gate).where(Gate.conference_id == conference.id)).first()
        assert gate is not None
        gate.group_ids = [group.id]
    with pytest.raises(Conflict):
        groups.remove_group(conference.id, group.id, by=1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"label": " "}, "label"),
        ({"label": "N" * 301}, "label"),
        ({"label": "thường trực tỉnh ủy"}, "label"),
        ({"quota": -1}, "quota"),
        ({"address_form": "ngài"}, "address_form"),
        ({"role": "king"}, "role"),
    ],
)
def test_what_is_no_group(wrong: dict[str, Any], field: str, conference: Conference) -> None:
    with pytest.raises(Invalid) as refused:
        groups.add_group(conference.id, facts(**wrong), by=1)
    assert refused.value.field == field


def test_groups_move_in_the_plans_order(conference: Conference) -> None:
    before = labels(conference)
    first, second = groups.list_groups(conference.id)[:2]
    groups.move_group(conference.id, second.id, -1, by=1)
    assert labels(conference) == [before[1], before[0], *before[2:]]
    groups.move_group(conference.id, second.id, -1, by=1)
    groups.move_group(conference.id, first.id, 1, by=1)
    assert labels(conference) == [before[1], before[2], before[0], *before[3:]]


def test_delegates_are_found_by_the_new_name_of_their_group_and_body(conference: Conference) -> None:
    body = body_named(conference, "Sở Y tế")
    group = db.session.get(Group, body.group_id)
    assert group is not None
    delegates.add_delegate(conference.id, DelegateFacts(group_id=group.id, body_id=body.id, full_name="A Pớt"), by=1)
    bodies.edit_body(conference.id, body.id, bodies.BodyFacts("Sở Sức khỏe", group.id), by=1)
    assert [found(conference, query) for query in ("so suc khoe", "pot so y te")] == [[None, "A Pớt"], []]
    groups.edit_group(conference.id, group.id, groups.GroupFacts("Ban Chỉ đạo"), by=1)
    assert found(conference, "pot ban chi dao") == ["A Pớt"]


@pytest.mark.parametrize(
    "query", ["so ldtbxh", "Sở LĐTB&XH", "sở lao động - thương binh và xã hội", "thuong binh lao dong so"]
)
def test_bodies_are_found_by_short_and_long_names(query: str, conference: Conference) -> None:
    names = [row.body.name for row in bodies.body_page(conference.id, query).rows]
    assert "Sở Lao động - Thương binh và Xã hội" in names
    assert "Sở Y tế" not in names


def test_bodies_are_listed_by_group_and_those_without_one_come_last(conference: Conference) -> None:
    rows = bodies.body_page(conference.id).rows
    positions = [row.body.group.position if row.body.group else 99 for row in rows]
    assert positions == sorted(positions)
    loose = bodies.body_page(conference.id, group_id=bodies.NO_GROUP)
    assert {row.body.group_id for row in loose.rows} == {None}
    assert loose.total == positions.count(99)


def test_a_body_is_put_away_when_nobody_belongs_to_it(conference: Conference) -> None:
    body = bodies.add_body(conference.id, bodies.BodyFacts("Đơn vị mới", None, 3, "Ủy viên"), by=1)
    assert bodies.body_counts(conference.id) == (61, 0)
    bodies.set_archived(conference.id, body.id, True, by=1)
    assert bodies.body_counts(conference.id) == (60, 1)
    assert [row.body.name for row in bodies.body_page(conference.id, archived=True).rows] == ["Đơn vị mới"]
    assert body.id not in {choice.id for choice in bodies.body_choices(conference.id)}
    assert body.id in {choice.id for choice in bodies.body_choices(conference.id, also=body.id)}
    group_id = groups.list_groups(conference.id)[0].id
    with pytest.raises(Invalid):
        delegates.add_delegate(conference.id, DelegateFacts(group_id=group_id, body_id=body.id, full_name="A"), by=1)
    bodies.set_archived(conference.id, body.id, False, by=1)
    delegates.add_delegate(conference.id, DelegateFacts(group_id=group_id, body_id=body.id, full_name="A"), by=1)
    with pytest.raises(Conflict) as refused:
        bodies.set_archived(conference.id, body.id, True, by=1)
    assert refused.value.sentence == "Đơn vị còn 1 đại biểu. Chuyển họ sang đơn vị khác trước khi cất đi."
    with pytest.raises(Invalid) as twice:
        bodies.add_body(conference.id, bodies.BodyFacts("đơn vị  MỚI"), by=1)
    assert twice.value.field == "name"


def test_another_conferences_things_are_not_found(conference: Conference) -> None:
    other = conferences.create(conferences.ConferenceFacts("Hội nghị khác", "Hội nghị khác", "UBND tỉnh"), by=1)
    group = groups.list_groups(conference.id)[0]
    body, rank = body_named(conference, "Sở Y tế"), ranks.list_ranks(conference.id)[0]
    for act in (
        lambda: groups.edit_group(other.id, group.id, facts(), by=1),
        lambda: groups.remove_group(other.id, group.id, by=1),
        lambda: groups.move_group(other.id, group.id, 1, by=1),
        lambda: bodies.edit_body(other.id, body.id, bodies.BodyFacts("X"), by=1),
        lambda: bodies.set_archived(other.id, body.id, True, by=1),
        lambda: ranks.edit_rank(other.id, rank.id, ranks.RankFacts(1, "X"), by=1),
        lambda: ranks.remove_rank(other.id, rank.id, by=1),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Invalid):
        bodies.add_body(other.id, bodies.BodyFacts("X", group.id), by=1)


def test_changing_the_rank_table_puts_the_list_in_order_at_once(conference: Conference) -> None:
    group_id = groups.list_groups(conference.id)[5].id

    def add(name: str, **more: Any) -> None:
        delegates.add_delegate(conference.id, DelegateFacts(group_id=group_id, full_name=name, **more), by=1)

    def named() -> list[str]:
        return [name for name in found(conference, "nguoi") if name]

    add("Người Già Làng", posts=("Già làng",))
    add("Người Giám Đốc", posts=("Giám đốc Sở Y tế",))
    add("Người Được Chọn", rank=170)
    assert named() == ["Người Giám Đốc", "Người Được Chọn", "Người Già Làng"]
    rank = ranks.add_rank(conference.id, ranks.RankFacts(15, "Già làng"), by=1)
    assert named() == ["Người Già Làng", "Người Giám Đốc", "Người Được Chọn"]
    assert {row.rank.value: row.delegates for row in ranks.rank_rows(conference.id)}[15] == 1
    ranks.edit_rank(conference.id, rank.id, ranks.RankFacts(145, "Già làng"), by=1)
    assert named() == ["Người Giám Đốc", "Người Già Làng", "Người Được Chọn"]
    chosen = next(rank for rank in ranks.list_ranks(conference.id) if rank.value == 170)
    ranks.edit_rank(conference.id, chosen.id, ranks.RankFacts(11, chosen.title), by=1)
    assert named() == ["Người Được Chọn", "Người Giám Đốc", "Người Già Làng"]
    with pytest.raises(Conflict) as refused:
        ranks.remove_rank(conference.id, chosen.id, by=1)
    assert refused.value.sentence == "Có 1 đại biểu được chọn bậc này. Chọn bậc khác cho họ trước."
    ranks.remove_rank(conference.id, rank.id, by=1)
    assert named() == ["Người Được Chọn", "Người Giám Đốc", "Người Già Làng"]


@pytest.mark.parametrize(
    ("value", "title", "field"), [(20, "X", "value"), (0, "X", "value"), (10_000, "X", "value"), (21, " ", "title")]
)
def test_what_is_no_rank(value: int, title: str, field: str, conference: Conference) -> None:
    with pytest.raises(Invalid) as refused:
        ranks.add_rank(conference.id, ranks.RankFacts(value, title), by=1)
    assert refused.value.field == field
