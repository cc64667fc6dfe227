"""Draft and published: what the office changes stays in the office until it is published, and is told in words."""

from __future__ import annotations

import re
import threading
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from icalendar import Calendar

from eventmgr.domain.errors import Conflict
from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.programme_versions import ProgrammeVersion
from eventmgr.services import agenda, programme_versions
from tests.people import SLUG, Person
from tests.web.test_programme_public import pdf_text

HOME, PUBLIC = f"/office/{SLUG}/agenda", f"/e/{SLUG}"
NEW = "Chào cờ đầu tuần"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def changes(page: str) -> list[str]:
    return [" ".join(re.sub("<[^>]+>", "", row).split()) for row in re.findall(r"<li>(.*?)</li>", page.split('class="changes">')[1].split("</ul>")[0])]


def item_id(key: str) -> int:
    return db.session.scalars(sa.select(Item.id).where(Item.key == key)).one()


def sequence(answer: Any) -> tuple[str, int]:
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    return str(event["uid"]), int(event["sequence"])


def test_the_plan_s_programme_is_published_as_it_is_loaded(lan: Person, stranger: Person):
    page = text(lan.get(HOME))
    assert "Đang công bố đúng chương trình này: bản 1" in page and 'name="seen"' not in page
    assert "Bản 1, công bố" in text(stranger.get(f"{PUBLIC}/"))


def test_a_change_stays_in_the_office_until_it_is_published(lan: Person, stranger: Person):
    lan.post(HOME, expect=302, title=NEW)
    office = text(lan.get(HOME))
    assert "Có thay đổi chưa công bố" in office
    assert changes(office) == [f"Thêm mục 9: “{NEW}”."]
    for path in ("/", "/programme.json", "/press"):
        assert NEW not in text(stranger.get(PUBLIC + path)), path
    assert NEW not in pdf_text(stranger.get(f"{PUBLIC}/programme.pdf"))
    lan.post(f"{HOME}/versions", expect=302, seen=seen(office))
    public = text(stranger.get(f"{PUBLIC}/"))
    assert NEW in public and "Bản 2, công bố" in public
    assert changes(public) == [f"Thêm mục 9: “{NEW}”."]
    assert NEW in text(stranger.get(f"{PUBLIC}/programme.json"))
    assert NEW in pdf_text(stranger.get(f"{PUBLIC}/programme.pdf"))
    assert "Đang công bố đúng chương trình này: bản 2" in text(lan.get(HOME))


def test_what_was_published_says_who_and_what(lan: Person, oanh: Person):
    lan.post(HOME, expect=302, title=NEW)
    lan.post(f"{HOME}/versions", expect=302, seen=seen(text(lan.get(HOME))))
    page = text(oanh.get(f"{HOME}/versions"))
    assert re.findall(r'<h2 id="version-\d">(.*?)</h2>', page) == ["Bản 2", "Bản 1"]
    assert ", Lan</span>" in page and f"Thêm mục 9: “{NEW}”." in page
    assert 'name="seen"' not in page


def test_nobody_publishes_what_he_has_not_seen(lan: Person, conference: Conference):
    lan.post(HOME, expect=302, title=NEW)
    old = seen(text(lan.get(HOME)))
    lan.post(HOME, expect=302, title="Mục khác")
    assert "Chương trình vừa có thay đổi khác" in text(lan.post(f"{HOME}/versions", expect=409, seen=old))
    assert programme_versions.newest_number(conference.id) == 1


def test_a_second_click_publishes_nothing_more(lan: Person, conference: Conference):
    lan.post(HOME, expect=302, title=NEW)
    key = seen(text(lan.get(HOME)))
    for _ in range(2):
        lan.post(f"{HOME}/versions", expect=302, seen=key)
    assert programme_versions.newest_number(conference.id) == 2


def test_two_who_publish_at_once_make_one_version(app: Flask, lan: Person, conference: Conference):
    lan.post(HOME, expect=302, title=NEW)
    wanted = programme_versions.publishing(conference.id).seen
    done: list[object] = []

    def publish() -> None:
        with app.app_context():
            try:
                done.append(programme_versions.publish(conference.id, wanted, by=1))
            except Conflict:
                done.append(None)
            db.session.remove()

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert (len(done), sum(one is not None for one in done)) == (4, 1)
    assert [one.number for one in programme_versions.versions(conference.id)] == [2, 1]


def test_calendars_replace_the_entry_after_each_version(lan: Person, stranger: Person):
    with transaction():
        row = db.session.scalars(sa.select(Conference)).one()
        row.held_on, row.starts_at = date(2015, 12, 29), time(7, 30)
    first = sequence(stranger.get(f"{PUBLIC}/programme.ics"))
    lan.post(HOME, expect=302, title=NEW)
    assert sequence(stranger.get(f"{PUBLIC}/programme.ics")) == first
    lan.post(f"{HOME}/versions", expect=302, seen=seen(text(lan.get(HOME))))
    answer = stranger.get(f"{PUBLIC}/programme.ics")
    assert sequence(answer) == (first[0], first[1] + 1)
    assert NEW in str(Calendar.from_ical(answer.data).walk("VEVENT")[0]["description"])


def test_a_name_is_told_when_somebody_else_presents_and_corrected_at_once(lan: Person, stranger: Person, conference: Conference):
    with transaction():
        delegate = db.session.scalars(sa.select(Delegate).where(Delegate.first_post == "Lãnh đạo Sở Y tế")).one()
        delegate.full_name, delegate.address_form = "Ngô Thị Thử", "đồng chí"
        db.session.get_one(Item, item_id("A4.1")).delegate_id = delegate_id = delegate.id
    (told,) = programme_versions.publishing(conference.id).pending
    assert told.endswith("đổi người thực hiện: Lãnh đạo Sở Y tế thành đồng chí Ngô Thị Thử, Lãnh đạo Sở Y tế.")
    assert "Ngô Thị Thử" not in text(stranger.get(f"{PUBLIC}/press"))
    lan.post(f"{HOME}/versions", expect=302, seen=seen(text(lan.get(HOME))))
    assert "Ngô Thị Thử" in text(stranger.get(f"{PUBLIC}/press"))
    with transaction():
        db.session.get_one(Delegate, delegate_id).full_name = "Ngô Thị Thứ"
    assert "Ngô Thị Thứ" in text(stranger.get(f"{PUBLIC}/press"))
    assert programme_versions.publishing(conference.id).pending == ()


def test_a_new_conference_shows_nothing_before_it_publishes(quantri: Person, stranger: Person):
    quantri.post("/office/new", title="Hội nghị khác", short_title="Khác", organiser="UBND tỉnh", kind="Hội nghị")
    slug = db.session.scalars(sa.select(Conference.slug).where(Conference.slug != SLUG)).one()
    quantri.post(f"/office/{slug}/agenda", expect=302, title="Khai mạc")
    assert "Chương trình sẽ được công bố sau" in text(stranger.get(f"/e/{slug}/"))
    page = text(quantri.get(f"/office/{slug}/agenda"))
    assert "Chương trình chưa được công bố" in page
    quantri.post(f"/office/{slug}/agenda/versions", expect=302, seen=seen(page))
    assert "Khai mạc" in text(stranger.get(f"/e/{slug}/"))


def test_an_empty_programme_is_not_published(quantri: Person):
    quantri.post("/office/new", title="Hội nghị khác", short_title="Khác", organiser="UBND tỉnh", kind="Hội nghị")
    slug = db.session.scalars(sa.select(Conference.slug).where(Conference.slug != SLUG)).one()
    quantri.post(f"/office/{slug}/agenda/versions", expect=409, seen="x")


@pytest.mark.database("sqlite")
def test_the_migration_publishes_what_was_there(app: Flask, conference: Conference, stranger: Person):
    from eventmgr.bootstrap import MIGRATIONS  # slow: only this test reads a migration

    before = [item["title"] for item in stranger.get(f"{PUBLIC}/programme.json").json["items"]]
    kept = agenda.assembled(conference, agenda.rows_of(conference.id)).items
    (file,) = (MIGRATIONS / "versions").glob("*_programme_versions.py")
    source = {"__name__": "migration"}
    exec(compile(file.read_text(), str(file), "exec"), source)
    with transaction():
        db.session.execute(sa.delete(ProgrammeVersion))
        with Operations.context(MigrationContext.configure(db.session.connection())):
            source["publish_what_is_there"]()
    assert [item["title"] for item in stranger.get(f"{PUBLIC}/programme.json").json["items"]] == before
    assert programme_versions.published(conference.id).items == tuple(kept)
    assert programme_versions.publishing(conference.id).pending == ()
