from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.models.accounts import Account
from eventmgr.models.agenda import Item, Move
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.journal import Entry
from eventmgr.services import agenda, agenda_edit, agenda_order, conferences
from eventmgr.services.agenda_edit import ItemFacts


@pytest.fixture
def lan_id(app: Flask) -> int:
    return db.session.scalars(sa.select(Account.id).where(Account.username == "lan")).one()


@pytest.fixture
def other(app: Flask, lan_id: int) -> Conference:
    """Another conference, with one item of its own."""
    facts = conferences.ConferenceFacts("Hội nghị khác", "Khác", "UBND tỉnh")
    made = conferences.create(facts, lan_id)
    agenda_edit.add_item(made.id, None, "Mục của hội nghị khác", lan_id)
    return made


def keys(conference: Conference, parent: str | None = None) -> list[str]:
    parent_id = item_id(conference, parent) if parent else None
    rows = db.session.execute(
        sa.select(Item.key, Item.position)
        .where(Item.conference_id == conference.id, Item.parent_id == parent_id)
        .order_by(Item.position)
    ).all()
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    return [row.key for row in rows]


def item_id(conference: Conference, key: str) -> int:
    return db.session.scalars(sa.select(Item.id).where(Item.conference_id == conference.id, Item.key == key)).one()


def sentences(conference: Conference) -> list[str]:
    wanted = sa.select(Entry.sentence).where(Entry.conference_id == conference.id, Entry.verb == "agenda.edited")
    return list(db.session.scalars(wanted.order_by(Entry.id)))


def press(conference: Conference, key: str) -> None:
    with transaction():
        db.session.add(
            Move(conference_id=conference.id, seq=1, press_key="p1", verb="start", item_id=item_id(conference, key), at=clock.now())
        )


def test_the_plan_has_eight_items_and_thirteen_spoken_steps(conference: Conference):
    shown = agenda.programme(conference.id)
    assert [item.number for item in shown.items] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert [step.number for step in shown.steps] == [
        "1a", "1b", "2", "3a", "3b", "4.(1)", "4.(2)", "4.(3)", "4.(4)", "5", "6", "7", "8",
    ]
    assert [sub.mark for sub in shown.items[3].subs] == ["(1)", "(2)", "(3)", "(4)"]
    assert shown.items[3].presenter is None
    assert shown.items[3].subs[1].presenter == "Lãnh đạo Ban Dân tộc tỉnh"
    assert [item.titled for item in shown.items] == [False, True, False, True, True, True, True, True]


def test_what_is_open_stays_open(conference: Conference):
    shown = agenda.programme(conference.id)
    assert (shown.minutes.planned, shown.minutes.open, shown.planned_end) == (0, 13, None)
    assert shown.when == "Cuối tháng 12/2015. Thời gian cụ thể sẽ có Giấy mời sau"
    assert {step.starts for step in shown.steps} == {None}


def test_times_follow_from_start_and_minutes(conference: Conference):
    with transaction():
        row = db.session.get_one(Conference, conference.id)
        row.held_on, row.starts_at, row.date_is_assumed = date(2015, 12, 29), time(7, 30), True
        for item in db.session.scalars(sa.select(Item).where(Item.conference_id == row.id)):
            item.minutes = None if item.key == "A5" else 10
    shown = agenda.programme(conference.id)
    assert [step.starts for step in shown.steps[:4]] == [time(7, 30), time(7, 40), time(7, 50), time(8, 0)]
    assert [step.starts for step in shown.steps[-4:]] == [time(9, 0), None, None, None]
    assert [item.minutes for item in shown.items] == [20, 10, 20, 40, None, 10, 10, 10]
    assert shown.when == "07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015 (giả định)"


def test_the_number_of_queries_does_not_grow(conference: Conference, lan_id: int):
    def count() -> int:
        db.session.remove()
        seen: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", listener := lambda *args: seen.append(args[2]))
        agenda.programme(conference.id)
        sa.event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    before = count()
    for number in range(8):
        agenda_edit.add_item(conference.id, None, f"Mục thêm {number}", lan_id)
    assert count() == before


def test_an_added_item_stands_last_and_is_open(conference: Conference, lan_id: int):
    added = agenda_edit.add_item(conference.id, None, "  Chào cờ \u202e", lan_id)
    shown = agenda.programme(conference.id).items[-1]
    assert (shown.id, shown.number, shown.title, shown.minutes, shown.presenter) == (added, "9", "Chào cờ", None, None)
    assert sentences(conference) == ["Chương trình: thêm mục 9 “Chào cờ”."]


def test_an_added_sub_item_follows_the_style_of_its_list(conference: Conference, lan_id: int):
    agenda_edit.add_item(conference.id, item_id(conference, "A4"), "Tham luận thứ năm", lan_id)
    agenda_edit.add_item(conference.id, item_id(conference, "A1"), "Chào cờ", lan_id)
    shown = agenda.programme(conference.id)
    assert (shown.items[3].subs[4].number, shown.items[3].subs[4].mark, shown.items[3].subs[4].kind) == (
        "4.(5)", "(5)", ItemKind.PAPER,
    )
    assert (shown.items[0].subs[2].number, shown.items[0].subs[2].mark) == ("1c", "-")
    # Nobody is written beside the new dash line, so it is spoken by whoever stands beside the whole item.
    assert shown.items[0].subs[2].presenter == "Lãnh đạo Văn phòng UBND tỉnh"


def test_a_sub_item_has_no_sub_items(conference: Conference, lan_id: int):
    with pytest.raises(Conflict):
        agenda_edit.add_item(conference.id, item_id(conference, "A4.1"), "Nhỏ hơn nữa", lan_id)


@pytest.mark.parametrize("title", ["", "   ", "\u200e", "x" * 701])
def test_a_title_is_needed_and_has_a_limit(conference: Conference, lan_id: int, title: str):
    with pytest.raises(Invalid) as refused:
        agenda_edit.add_item(conference.id, None, title, lan_id)
    assert refused.value.field == "title"
    assert len(agenda.programme(conference.id).items) == 8


def test_an_item_is_edited_and_what_is_left_out_follows_from_the_body(conference: Conference, lan_id: int):
    edited = item_id(conference, "A5")
    body = next(one for one, name in agenda_edit.bodies(conference.id) if name == "Sở Y tế")
    seen = agenda_edit.item_form(conference.id, edited).seen
    facts = ItemFacts("Phát biểu", "speech", "person_of_body", None, body, 15, "Dòng một\r\n\r\n\r\n\r\nDòng hai ")
    agenda_edit.edit_item(conference.id, edited, facts, lan_id, seen)
    stored = agenda_edit.item_form(conference.id, edited)
    assert stored.facts == ItemFacts(
        "Phát biểu", "speech", "person_of_body", "Lãnh đạo Sở Y tế", body, 15, "Dòng một\n\nDòng hai"
    )
    assert sentences(conference) == ["Chương trình: sửa mục 5 “Phát biểu”."]


def test_two_clerks_at_one_item_do_not_overwrite_each_other(conference: Conference, lan_id: int):
    edited = item_id(conference, "A5")
    seen = agenda_edit.item_form(conference.id, edited).seen
    agenda_edit.edit_item(conference.id, edited, ItemFacts("Bản của Lan"), lan_id, seen)
    with pytest.raises(Conflict):
        agenda_edit.edit_item(conference.id, edited, ItemFacts("Bản của người kia"), lan_id, seen)
    assert agenda_edit.item_form(conference.id, edited).facts.title == "Bản của Lan"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (ItemFacts("x", kind="dance"), "kind"),
        (ItemFacts("x", presenter_kind="robot"), "presenter_kind"),
        (ItemFacts("x", presenter_kind="collective"), "presenter"),
        (ItemFacts("x", minutes=0), "minutes"),
        (ItemFacts("x", minutes=601), "minutes"),
        (ItemFacts("x", presenter_kind="body", presenter="y" * 301), "presenter"),
    ],
)
def test_what_is_wrong_is_named(conference: Conference, lan_id: int, facts: ItemFacts, field: str):
    with pytest.raises(Invalid) as refused:
        agenda_edit.edit_item(conference.id, item_id(conference, "A5"), facts, lan_id)
    assert refused.value.field == field


def test_who_speaks_is_known_by_name_and_forgotten_with_everyone(conference: Conference, lan_id: int):
    step = item_id(conference, "A4.1")
    with transaction():
        delegate = db.session.scalars(sa.select(Delegate).where(Delegate.first_post == "Lãnh đạo Sở Y tế")).one()
        delegate.full_name = "Y Mửi"
    agenda_edit.name_presenter(conference.id, step, delegate.id, lan_id)
    person = agenda.programme(conference.id).items[3].subs[0].person
    assert person is not None
    assert (person.address_form, person.full_name, person.posts) == ("đồng chí", "Y Mửi", "Lãnh đạo Sở Y tế")
    agenda_edit.edit_item(conference.id, step, ItemFacts("Thảo luận", presenter_kind=PresenterKind.EVERYONE), lan_id)
    shown = agenda.programme(conference.id).items[3].subs[0]
    assert (shown.person, shown.presenter) == (None, "Đại biểu tham dự Hội nghị")


def test_a_post_without_a_name_cannot_be_the_person(conference: Conference, lan_id: int):
    unnamed = db.session.scalars(sa.select(Delegate.id).where(Delegate.full_name.is_(None))).first()
    with pytest.raises(Invalid):
        agenda_edit.name_presenter(conference.id, item_id(conference, "A2"), unnamed, lan_id)


def test_an_item_moves_and_its_list_has_no_gaps(conference: Conference, lan_id: int):
    assert agenda_order.move(conference.id, item_id(conference, "A3"), "up", lan_id) is True
    assert keys(conference) == ["A1", "A3", "A2", "A4", "A5", "A6", "A7", "A8"]
    assert agenda_order.move(conference.id, item_id(conference, "A8"), "down", lan_id) is False
    assert agenda_order.move(conference.id, item_id(conference, "A4.4"), "up", lan_id) is True
    assert keys(conference, "A4") == ["A4.1", "A4.2", "A4.4", "A4.3"]
    marks = sa.select(Item.mark).where(Item.parent_id == item_id(conference, "A4")).order_by(Item.position)
    assert list(db.session.scalars(marks)) == ["(1)", "(2)", "(3)", "(4)"]
    with pytest.raises(Invalid):
        agenda_order.move(conference.id, item_id(conference, "A3"), "left", lan_id)


def test_a_whole_order_is_stored_once_and_an_old_screen_is_refused(conference: Conference, lan_id: int):
    shown = agenda.programme(conference.id)
    ids = [item.id for item in shown.items]
    turned = [ids[-1], *ids[:-1]]
    version = agenda_order.reorder(conference.id, None, turned, shown.order_version, lan_id)
    assert keys(conference) == ["A8", "A1", "A2", "A3", "A4", "A5", "A6", "A7"]
    assert version == agenda.programme(conference.id).order_version
    assert sentences(conference) == ["Chương trình: chuyển thành mục 1 “Kết luận Hội nghị”."]
    with pytest.raises(Conflict):
        agenda_order.reorder(conference.id, None, ids, shown.order_version, lan_id)
    assert keys(conference)[0] == "A8"


def test_of_two_orders_at_once_the_second_is_told(app: Flask, conference: Conference, lan_id: int):
    shown = agenda.programme(conference.id)
    ids = [item.id for item in shown.items]
    start = Barrier(2)

    def send(order: list[int]) -> str:
        with app.app_context():
            start.wait(30)
            try:
                return agenda_order.reorder(conference.id, None, order, shown.order_version, lan_id)
            except Conflict as refused:
                return refused.sentence
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(send, [[*ids[1:], ids[0]], [ids[-1], *ids[:-1]]]))
    assert said.count(agenda_order.CHANGED) == 1
    assert agenda.programme(conference.id).order_version in said
    keys(conference)


def test_an_order_that_loses_or_doubles_an_item_is_refused(conference: Conference, lan_id: int):
    shown = agenda.programme(conference.id)
    ids = [item.id for item in shown.items]
    for wrong in (ids[:-1], [*ids[:-1], ids[0]], [*ids, ids[0]], [], [*ids[:-1], shown.items[3].subs[0].id]):
        with pytest.raises(Invalid):
            agenda_order.reorder(conference.id, None, wrong, shown.order_version, lan_id)
    assert keys(conference) == ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"]


def test_an_item_goes_with_its_sub_items_and_the_others_close_up(conference: Conference, lan_id: int):
    agenda_edit.remove_item(conference.id, item_id(conference, "A3"), lan_id)
    assert keys(conference) == ["A1", "A2", "A4", "A5", "A6", "A7", "A8"]
    assert [step.number for step in agenda.programme(conference.id).steps][3] == "3.(1)"
    agenda_edit.remove_item(conference.id, item_id(conference, "A4.1"), lan_id)
    assert keys(conference, "A4") == ["A4.2", "A4.3", "A4.4"]


@pytest.mark.parametrize("key", ["A4", "A4.2"])
def test_what_was_on_stage_is_not_removed(conference: Conference, lan_id: int, key: str):
    press(conference, "A4.2")
    with pytest.raises(Conflict) as refused:
        agenda_edit.remove_item(conference.id, item_id(conference, key), lan_id)
    assert "sân khấu" in refused.value.sentence
    assert keys(conference, "A4") == ["A4.1", "A4.2", "A4.3", "A4.4"]


def test_what_was_on_stage_does_not_become_a_heading(conference: Conference, lan_id: int):
    press(conference, "A5")
    with pytest.raises(Conflict):
        agenda_edit.add_item(conference.id, item_id(conference, "A5"), "Phần một", lan_id)


def test_another_conference_cannot_be_reached(conference: Conference, other: Conference, lan_id: int):
    mine = item_id(conference, "A2")
    calls = [
        lambda: agenda_edit.item_form(other.id, mine),
        lambda: agenda_edit.add_item(other.id, mine, "x", lan_id),
        lambda: agenda_edit.edit_item(other.id, mine, ItemFacts("x"), lan_id),
        lambda: agenda_edit.name_presenter(other.id, mine, None, lan_id),
        lambda: agenda_edit.remove_item(other.id, mine, lan_id),
        lambda: agenda_edit.candidates(other.id, mine, "lan"),
        lambda: agenda_order.move(other.id, mine, "up", lan_id),
        lambda: agenda_order.set_marks(other.id, mine, True, lan_id),
        lambda: agenda_order.reorder(other.id, mine, [], "", lan_id),
        lambda: agenda_order.reorder(other.id, None, [mine], agenda.programme(other.id).order_version, lan_id),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()
    theirs = agenda.programme(other.id).items[0].id
    body = agenda_edit.bodies(conference.id)[0][0]
    with pytest.raises(NotFound):
        agenda_edit.edit_item(other.id, theirs, ItemFacts("x", presenter_kind="body", body_id=body), lan_id)
    stranger = db.session.scalars(sa.select(Delegate.id).where(Delegate.conference_id == conference.id)).first()
    with pytest.raises(NotFound):
        agenda_edit.name_presenter(other.id, theirs, stranger, lan_id)
    assert keys(conference) == ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"]


def test_sub_items_change_between_dashes_and_numbers(conference: Conference, lan_id: int):
    agenda_order.set_marks(conference.id, item_id(conference, "A1"), True, lan_id)
    agenda_order.set_marks(conference.id, item_id(conference, "A4"), False, lan_id)
    shown = agenda.programme(conference.id)
    assert [sub.number for sub in (*shown.items[0].subs, *shown.items[3].subs)] == [
        "1.(1)", "1.(2)", "4a", "4b", "4c", "4d",
    ]
