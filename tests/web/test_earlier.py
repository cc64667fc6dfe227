"""People of an earlier conference: who may be seen, what comes along, who is left out."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.accounts import Account, Membership
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.journal import Entry
from eventmgr.services import conferences
from tests import door
from tests.people import SLUG, Person

HOME = f"/office/{SLUG}/delegates/earlier"


@pytest.fixture
def before(app: Flask, conference: Conference) -> Conference:
    """An earlier conference with people: one known here, one new with an unknown body, one whose post waits here."""
    made = conferences.copy(conference.id, "Hội nghị năm trước", "Hội nghị năm trước", 1, rehearsal=False)
    group = db.session.scalars(sa.select(Group).where(Group.conference_id == made.id).order_by(Group.position)).all()[5]
    door.add_delegate(made.id, "Trần Thị Quen", group_id=group.id, posts=["Trưởng phòng"], body="Sở Y tế mới")
    door.add_delegate(
        made.id, "Lê Văn Mới", group_id=group.id, posts=["Giám đốc"], body="Trung tâm Mẫu", phone="0905 123 456",
        email="moi@example.vn", note="ghi chú cũ", seat="A1", alert="cũ", rank=7,
    )  # fmt: skip
    place = db.session.scalars(
        sa.select(Delegate).where(Delegate.conference_id == made.id, Delegate.first_post == "Lãnh đạo UBND huyện Đăk Hà")
    ).one()
    with transaction():
        db.session.get_one(Delegate, place.id).full_name = "A Huyện"
    code = door.add_pass(made.id, place.id)
    door.reply(code, "absent", reason="Bận")
    own = door.groups(conference.id)[5]
    door.add_delegate(conference.id, "tran thi quen", group_id=own.id, posts=["Trưởng phòng"], body="Sở Y tế mới")
    return made


def join(username: str, conference: Conference, role: str = "office") -> None:
    with transaction():
        account_id = db.session.scalars(sa.select(Account.id).where(Account.username == username)).one()
        db.session.add(Membership(conference_id=conference.id, account_id=account_id, role=role))


def ids(conference: Conference, *names: str) -> list[str]:
    rows = db.session.scalars(sa.select(Delegate.id).where(Delegate.conference_id == conference.id, Delegate.full_name.in_(names)))
    return [str(row) for row in rows]


def test_nothing_of_a_conference_without_membership_is_seen(app: Flask, lan: Person, before: Conference) -> None:
    assert "Hội nghị năm trước" not in lan.get(HOME).get_data(as_text=True)
    lan.get(f"{HOME}/{before.slug}", expect=404)
    lan.post(f"{HOME}/{before.slug}", expect=404, all="1")
    lan.post(f"{HOME}/{before.slug}", expect=404, delegate=ids(before, "Lê Văn Mới"))
    lan.get(f"{HOME}/{SLUG}", expect=404)
    join("lan", before, "mc")  # a role that does not see delegates
    Person(app, "lan").get(f"{HOME}/{before.slug}", expect=404)
    join("lan", before)
    assert "Lê Văn Mới" in Person(app, "lan").get(f"{HOME}/{before.slug}").get_data(as_text=True)


def test_picked_people_come_with_name_posts_body_and_contacts_only(app: Flask, lan: Person, conference: Conference, before: Conference) -> None:
    join("lan", before)
    lan = Person(app, "lan")
    page = lan.get(f"{HOME}/{before.slug}").get_data(as_text=True)
    assert "Đã có, bỏ qua" in page and "Điền vào vị trí đã mời" in page
    lan.post(f"{HOME}/{before.slug}", expect=302, delegate=ids(before, "Lê Văn Mới", "A Huyện", "Trần Thị Quen"))
    said = lan.get(f"/office/{SLUG}/delegates").get_data(as_text=True)
    assert "Đã thêm 1 đại biểu và điền tên cho 1 vị trí đã mời." in said and "Bỏ qua 1 người đã có trong danh sách: Trần Thị Quen." in said
    made = db.session.scalars(sa.select(Delegate).where(Delegate.conference_id == conference.id, Delegate.full_name == "Lê Văn Mới")).one()
    body = db.session.get_one(Body, made.body_id)
    group = db.session.get_one(Group, made.group_id)
    assert (body.name, body.conference_id, group.conference_id, group.position) == ("Trung tâm Mẫu", conference.id, conference.id, 6)
    assert (made.posts, made.phone, made.email, made.note, made.seat, made.alert, made.rank) == (
        ["Giám đốc"], "0905 123 456", "moi@example.vn", None, None, None, None,
    )
    named = db.session.scalars(sa.select(Delegate.full_name).where(Delegate.conference_id == conference.id, Delegate.first_post == "Lãnh đạo UBND huyện Đăk Hà")).all()
    assert named == ["A Huyện"]
    for table in (Invitation, Reply):
        assert db.session.scalar(sa.select(sa.func.count(table.id)).where(table.conference_id == conference.id)) == 0
    assert "Lấy lại 2 người từ “Hội nghị năm trước”." in db.session.scalars(sa.select(Entry.sentence)).all()


def test_taking_over_twice_adds_nobody_twice(app: Flask, conference: Conference, before: Conference) -> None:
    join("lan", before)
    lan = Person(app, "lan")
    for _ in range(2):
        lan.post(f"{HOME}/{before.slug}", expect=302, all="1")
    assert "Không thêm ai." in lan.get(f"/office/{SLUG}/delegates").get_data(as_text=True)
    names = db.session.scalars(sa.select(Delegate.full_name).where(Delegate.conference_id == conference.id, Delegate.full_name.is_not(None))).all()
    assert sorted(name or "" for name in names) == ["A Huyện", "Lê Văn Mới", "tran thi quen"]


def test_groups_may_be_chosen_and_foreign_ids_are_refused(app: Flask, conference: Conference, before: Conference) -> None:
    join("lan", before)
    lan = Person(app, "lan")
    one = db.session.get_one(Delegate, int(ids(before, "Lê Văn Mới")[0]))
    here = door.groups(conference.id)
    url = f"{HOME}/{before.slug}"
    for group, status in (("", 422), (str(one.group_id), 422), (str(here[0].id), 302)):
        lan.post(url, expect=status, delegate=[str(one.id)], **{f"group-{one.group_id}": group})
    made = db.session.scalars(sa.select(Delegate).where(Delegate.conference_id == conference.id, Delegate.full_name == "Lê Văn Mới")).one()
    assert made.group_id == here[0].id
    lan.post(url, expect=404, delegate=ids(conference, "tran thi quen"))
    lan.post(url, expect=422)


def test_contacts_stay_behind_where_the_person_only_looks(app: Flask, conference: Conference, before: Conference) -> None:
    join("lan", before, "door_lead")
    lan = Person(app, "lan")
    page = lan.get(f"{HOME}/{before.slug}").get_data(as_text=True)
    assert "điện thoại" not in page
    lan.post(f"{HOME}/{before.slug}", expect=302, delegate=ids(before, "Lê Văn Mới"))
    made = db.session.scalars(sa.select(Delegate).where(Delegate.conference_id == conference.id, Delegate.full_name == "Lê Văn Mới")).one()
    assert (made.phone, made.email) == (None, None)


def test_people_are_found_without_diacritics(app: Flask, before: Conference) -> None:
    join("lan", before)
    page = Person(app, "lan").get(f"{HOME}/{before.slug}?q=le+van+moi").get_data(as_text=True)
    assert "Lê Văn Mới" in page and "A Huyện" not in page and "Lấy tất cả 1 người tìm thấy" in page
