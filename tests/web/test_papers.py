"""Papers: the office uploads them, says who may have them and from when, and sees how often they were opened."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.documents import shelf as files_on_disk
from eventmgr.jobs import caretaker
from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference, Paper
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.journal import Entry
from eventmgr.models.papers import PaperFile, PaperOpening
from eventmgr.services import backups, conferences, erasing, papers, stage
from tests import door, nominating
from tests.people import SLUG, Person

OFFICE, PUBLIC, PRESS = f"/office/{SLUG}/papers", f"/e/{SLUG}/papers", f"/e/{SLUG}/press/papers"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n"
TEN = datetime(2015, 12, 29, 3, 0, tzinfo=UTC)


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True)).replace("\xa0", " ").replace("\u2060", "")


def fetched(person: Person, url: str, expect: int | None = 200, **more: Any) -> bytes:
    """Return what a download holds, with its file closed."""
    with person.get(url, expect, **more) as answer:  # type: ignore[arg-type]
        return bytes(answer.data)


def item(conference: Conference, key: str) -> Item:
    return db.session.scalars(sa.select(Item).where(Item.conference_id == conference.id, Item.key == key)).one()


def send(person: Person, url: str, expect: int, data: bytes | None = PDF, name: str = "Tham luận.pdf", **facts: Any) -> Any:
    known = {"title": "Tham luận thử", "owner": "Sở Y tế", "audience": "public", "release": "now", "item_id": "0"} | facts
    if data is not None:
        known["file"] = (io.BytesIO(data), name)
    return person.post(url, expect, files=True, **known)


def added(lan: Person, **facts: Any) -> int:
    """Upload a paper and return its number."""
    send(lan, f"{OFFICE}/new", 302, **facts)
    return int(db.session.scalar(sa.select(sa.func.max(Paper.id))) or 0)


def full(*_: Any) -> None:
    raise OSError(28, "No space left on device")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Set the time: at(5) is five minutes after ten o'clock in Vietnam."""

    def set_time(minutes: float) -> None:
        moment = TEN + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_time(0)
    return set_time


def test_a_paper_goes_out_as_a_download_under_its_own_name(lan: Person, stranger: Person) -> None:
    paper = added(lan, name="Báo cáo <sơ kết>.docx")
    page = text(stranger.get(f"/e/{SLUG}/live"))
    assert f'<a href="/e/{SLUG}/papers/{paper}">Tham luận thử<small>PDF, 1 KB</small></a>' in page
    with stranger.get(f"{PUBLIC}/{paper}") as answer:
        assert (answer.data, answer.content_type) == (PDF, "application/pdf")
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert "B%C3%A1o%20c%C3%A1o%20s%C6%A1%20k%E1%BA%BFt.pdf" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_each_door_shows_and_hands_out_its_papers_and_no_others(
    app: Flask, lan: Person, ha: Person, stranger: Person, conference: Conference
) -> None:
    press_group = db.session.scalars(sa.select(Group).where(Group.conference_id == conference.id, Group.role == "press")).first()
    assert press_group is not None
    codes = [door.add_pass(conference.id, door.add_delegate(conference.id, name)) for name in ("Ngô Thị Thử", "Trịnh Văn Báo")]
    with transaction():
        db.session.execute(sa.update(Delegate).where(Delegate.full_name == "Trịnh Văn Báo").values(group_id=press_group.id))
    body = nominating.body(conference)[1]
    numbers = {
        audience: added(lan, audience=audience, title=f"Tài liệu {audience}")
        for audience in ("public", "press", "invitees", "delegates", "units", "restricted", "after_announcement")
    }
    doors = {
        "public": (f"/e/{SLUG}/", f"{PUBLIC}/"), "press": (f"/e/{SLUG}/press", f"{PRESS}/"),
        "delegate": (f"/i/{codes[0]}", f"/i/{codes[0]}/papers/"), "reporter": (f"/i/{codes[1]}", f"/i/{codes[1]}/papers/"),
        "body": (f"/b/{body}", f"/b/{body}/papers/"),
    }
    shown = {
        who: [one for one in numbers if f"Tài liệu {one}" in text(stranger.get(page))] for who, (page, _) in doors.items()
    }
    handed = {
        who: [one for one, number in numbers.items() if fetched(stranger, f"{where}{number}", None) == PDF]
        for who, (_, where) in doors.items()
    }
    kept = {}
    for who, (_, where) in doors.items():
        with stranger.client.get(f"{where}{numbers[handed[who][0]]}") as answer:
            kept[who] = answer.headers["Cache-Control"]
    open_doors = dict.fromkeys(("public", "press"), "private, no-cache")
    assert kept == dict.fromkeys(doors, "no-store") | open_doors, "what a secret opens does not stay in a browser"
    assert shown == handed == {
        "public": ["public"], "press": ["public", "press"], "delegate": ["public", "invitees", "delegates"],
        "reporter": ["public", "press", "invitees"], "body": ["public", "invitees", "delegates", "units"],
    }  # fmt: skip
    assert [fetched(ha, f"/stage/{SLUG}/papers/{number}") for number in numbers.values()] == [PDF] * len(numbers)


def test_a_paper_comes_out_with_its_item_and_goes_back_with_an_undo(
    at: Any, lan: Person, stranger: Person, conference: Conference
) -> None:
    first = item(conference, "A1")
    paper = added(lan, release="item", item_id=str(first.id))
    stranger.get(f"{PUBLIC}/{paper}", expect=404)
    stage.press(conference.id, "start", "press-start", 0)
    assert fetched(stranger, f"{PUBLIC}/{paper}") == PDF
    stage.press(conference.id, "next", "press-next", 1)
    assert f"/papers/{paper}" in text(stranger.get(f"/e/{SLUG}/live"))
    stage.press(conference.id, "undo", "press-undo-1", 2)
    stage.press(conference.id, "undo", "press-undo-2", 3)
    assert f"/papers/{paper}" not in text(stranger.get(f"/e/{SLUG}/live"))
    assert text(stranger.get(f"{PUBLIC}/{paper}", expect=404)).count(papers.GONE) == 1


def test_a_promised_hour_is_kept_and_told_once(at: Any, lan: Person, stranger: Person) -> None:
    paper = added(lan, release="at", release_at="10:30 29/12/2015")
    told = sa.select(sa.func.count()).select_from(Entry).where(Entry.verb == "agenda.paper_released")
    stranger.get(f"{PUBLIC}/{paper}", expect=404)
    assert [papers.tell_due(), db.session.scalar(told)] == [False, 0]
    at(30)
    assert fetched(stranger, f"{PUBLIC}/{paper}") == PDF
    assert papers.tell_due in caretaker.CARE
    assert [papers.tell_due(), papers.tell_due(), db.session.scalar(told)] == [True, False, 1]


def test_openings_are_counted_once_a_delegate_and_once_a_download(lan: Person, stranger: Person, conference: Conference) -> None:
    code = door.add_pass(conference.id, door.add_delegate(conference.id, "Ngô Thị Thử"))
    paper = added(lan)
    for _ in range(3):
        fetched(stranger, f"/i/{code}/papers/{paper}")
    with stranger.get(f"{PUBLIC}/{paper}") as answer:
        mark = answer.headers["ETag"]
    assert fetched(stranger, f"{PUBLIC}/{paper}", 304, headers={"If-None-Match": mark}) == b""
    assert fetched(stranger, f"{PUBLIC}/{paper}", 206, headers={"Range": "bytes=0-3"}) == PDF[:4]
    assert fetched(lan, f"/stage/{SLUG}/papers/{paper}") == PDF
    file = db.session.scalars(sa.select(PaperFile)).one()
    assert (file.opened, db.session.scalar(sa.select(sa.func.count()).select_from(PaperOpening))) == (1, 1)
    assert "đã mở: <b class=\"num\">1</b> đại biểu, <b class=\"num\">1</b> lượt khác" in text(lan.get(OFFICE))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"data": b"<script>alert(1)</script>"}, "Không nhận ra loại tệp."),
        ({"data": b""}, "Tệp trống, không có nội dung."),
        ({"data": None}, "Chưa có tệp để phát hành."),
        ({"release": "item"}, "Chọn mục của chương trình mà tài liệu được phát hành cùng."),
        ({"release": "at"}, "Ghi giờ, ngày phát hành, ví dụ 08:30 29/12/2015."),
        ({"title": ""}, "Cần điền mục này."),
    ],
)
def test_what_cannot_be_kept_is_told_and_what_was_typed_stays(app: Flask, lan: Person, sent: Any, sentence: str) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Paper))
    answer = text(send(lan, f"{OFFICE}/new", 422, **({"owner": "Đơn vị đã gõ"} | sent)))
    assert sentence in answer and "Đơn vị đã gõ" in answer
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Paper)) == before
    assert (os.listdir(papers.folder()) if papers.folder().is_dir() else []) == []


def test_a_new_file_takes_the_place_of_the_old_one_and_both_can_go(lan: Person, stranger: Person) -> None:
    paper = added(lan)
    old = os.listdir(papers.folder())
    send(lan, f"{OFFICE}/{paper}", 302, data=PDF + b"%%EOF", name="Bản hai.pdf")
    assert fetched(stranger, f"{PUBLIC}/{paper}") == PDF + b"%%EOF"
    assert len(os.listdir(papers.folder())) == 1 and os.listdir(papers.folder()) != old
    lan.post(f"{OFFICE}/{paper}/removal", 409)
    lan.post(f"{OFFICE}/{paper}/file/removal", 302)
    stranger.get(f"{PUBLIC}/{paper}", expect=404)
    lan.post(f"{OFFICE}/{paper}/removal", 302)
    assert (os.listdir(papers.folder()), db.session.get(Paper, paper)) == ([], None)
    planned = db.session.scalars(sa.select(Paper.id).order_by(Paper.id)).first()
    assert "do kế hoạch nêu" in text(lan.post(f"{OFFICE}/{planned}/removal", 409))


def test_the_mc_has_the_paper_beside_the_presenter(lan: Person, ha: Person, conference: Conference) -> None:
    first = item(conference, "A1")
    paper = added(lan, audience="restricted", release="held", item_id=str(first.id), title="Bài nói thử")
    page = text(ha.get(f"/stage/{SLUG}/"))
    assert f'<a href="/stage/{SLUG}/papers/{paper}">Bài nói thử</a> <span class="keep">(PDF, 1 KB)</span>' in page


def test_files_travel_in_a_backup_and_outlive_an_erased_reader(app: Flask, lan: Person, stranger: Person, conference: Conference) -> None:
    delegate = door.add_delegate(conference.id, "Ngô Thị Thử")
    code = door.add_pass(conference.id, delegate)
    paper = added(lan)
    fetched(stranger, f"/i/{code}/papers/{paper}")
    erasing.erase_person(conference.id, delegate, "Người ấy yêu cầu", None)
    assert fetched(stranger, f"{PUBLIC}/{paper}") == PDF
    settings = app.extensions["eventmgr"].settings
    made = backups.make_backup(settings, settings.instance / "thu.evb")
    kept = db.session.scalars(sa.select(PaperFile.kept_as)).one()
    assert made.manifest.tables["paper_files"][0] == 1
    assert [name for name in made.manifest.members if name.startswith("files/")] == [f"files/tai-lieu/{kept}"]
    (papers.folder() / kept).unlink()
    assert "Tệp này không còn trên máy chủ" in text(stranger.get(f"{PUBLIC}/{paper}", expect=404))


def test_a_rehearsal_takes_papers_along_with_files_of_its_own(lan: Person, stranger: Person, conference: Conference) -> None:
    kept, lost = added(lan), added(lan, title="Tệp đã mất trên đĩa")
    fetched(stranger, f"{PUBLIC}/{kept}")
    gone = db.session.scalars(sa.select(PaperFile.kept_as).where(PaperFile.paper_id == lost)).one()
    (papers.folder() / gone).unlink()
    titles = [one.paper.title for one in papers.kept_papers(conference.id)]
    sent = lan.post(f"/office/{SLUG}/copy", expect=302, title="Diễn tập", short_title="Diễn tập", purpose="rehearsal")
    slug = sent.location.split("/")[2]
    made = db.session.scalars(sa.select(Conference).where(Conference.slug == slug)).one()
    copies = papers.kept_papers(made.id)
    assert [one.paper.title for one in copies] == titles
    held = [(one.paper.id, one.file.file_name, one.file.opened) for one in copies if one.file]
    assert [facts[1:] for facts in held] == [("Tham luận.pdf", 0)]
    copy = f"/e/{slug}/papers/{held[0][0]}"
    assert fetched(stranger, copy) == fetched(stranger, f"{PUBLIC}/{kept}") == PDF
    papers.remove_file(made.id, held[0][0], 1)
    assert fetched(stranger, f"{PUBLIC}/{kept}") == PDF
    stranger.get(copy, expect=404)


def test_a_copy_that_fails_leaves_no_file_behind(lan: Person, conference: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    added(lan)
    before = sorted(file.name for file in papers.folder().iterdir())
    with pytest.raises(sa.exc.IntegrityError):
        conferences.copy(conference.id, "Diễn tập", "Diễn tập", 10**6, rehearsal=True)
    assert sorted(file.name for file in papers.folder().iterdir()) == before
    monkeypatch.setattr(files_on_disk, "put", full)
    answer = text(lan.post(f"/office/{SLUG}/copy", expect=422, title="Diễn tập", short_title="Diễn tập", purpose="rehearsal"))
    assert "Ổ đĩa của máy chủ không nhận tệp" in answer and 'value="Diễn tập"' in answer
