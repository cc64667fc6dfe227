"""Personal data: nothing of an erased person is left in any table, figures stay, data goes when its time is over."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.privacy import Kind
from eventmgr.models.accounts import SignIn
from eventmgr.models.checkin import Admission, Gate, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.models.journal import Entry, record
from eventmgr.models.privacy import DataBreach, DataRequest
from eventmgr.services import breaches, data_requests, erasing, person_export, retention, seals
from eventmgr.services.data_requests import RequestFacts
from tests import door
from tests.people import SLUG

NAME, PHONE, EMAIL = "Y Kỳ Lạ Hiếm", "0905111222", "y.kyla@vidu.vn"


def own() -> int:
    return int(db.session.scalar(sa.select(Conference.id).where(Conference.slug == SLUG)) or 0)


@pytest.fixture
def person(app: Flask) -> int:
    """A delegate with a row in every table that speaks of one."""
    conference_id = own()
    delegate_id = door.add_delegate(conference_id, NAME, phone=PHONE, email=EMAIL, note=f"Gọi {PHONE}")
    code = door.add_pass(conference_id, delegate_id)
    with transaction():
        letter = db.session.scalars(sa.select(Invitation).where(Invitation.delegate_id == delegate_id)).one()
        letter.sheet, letter.addressee = {"addressee": f"đồng chí {NAME}", "notes": ["Mang theo giấy"]}, f"đồng chí {NAME}"
        db.session.add(Reply(conference_id=conference_id, invitation_id=letter.id, delegate_id=delegate_id, answer="substitute", substitute_name="Bà Thay Mặt Nào", source="invitee", at=clock.now(), reason=f"Hỏi {NAME}"))
        gate = Gate(conference_id=conference_id, name="Cửa thử", position=9)
        db.session.add(gate)
        db.session.flush()
        held = db.session.scalars(sa.select(Pass.id).where(Pass.delegate_id == delegate_id)).one()
        scan = Scan(conference_id=conference_id, scan_key=code, kind="entry", gate_id=gate.id, delegate_id=delegate_id, pass_id=held, way="camera", scanned_at=clock.now(), received_at=clock.now(), outcome="admitted", verdict={"outcome": "admitted", "name": NAME})
        db.session.add(scan)
        db.session.flush()
        db.session.add(Admission(conference_id=conference_id, delegate_id=delegate_id, scan_id=scan.id, gate_id=gate.id, admitted_at=clock.now(), substitute_name="Bà Thay Mặt Nào"))
        record("reply.given", clock.now(), conference_id=conference_id, actor=NAME, subject="delegate", subject_id=delegate_id, sentence=f"{NAME} cử người thay.")
        record("scan.admitted", clock.now(), conference_id=conference_id, actor="Máy 1", sentence=f"{NAME} đã vào.")
    return delegate_id


def where_found(*texts: str) -> list[str]:
    """Return the tables that hold one of the texts, in any column."""
    found = []
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                if any(text in json.dumps([str(value) for value in row], ensure_ascii=False) for text in texts):
                    found.append(table.name)
    return sorted(set(found))


def test_nothing_of_an_erased_person_is_left_and_figures_stay(app: Flask, person: int) -> None:
    conference_id, before = own(), erasing.statistics(own())
    assert where_found(NAME) == ["delegates", "invitations", "journal", "replies", "scans"]
    would = erasing.erase_person(conference_id, person, "Theo đơn ngày 05/01/2016", None, dry_run=True)
    assert NAME in db.session.get(Delegate, person).full_name  # type: ignore[union-attr, operator]
    done = erasing.erase_person(conference_id, person, "Theo đơn ngày 05/01/2016", None)
    assert done == would and done.lines == 2
    assert where_found(NAME, PHONE, EMAIL, "y ky la hiem", "Thay Mặt") == []
    assert erasing.statistics(conference_id) == before
    state = seals.prove_chain()
    assert (state.blanked, state.wrong) == (2, None)
    letter = db.session.scalars(sa.select(Invitation).where(Invitation.delegate_id == person)).one()
    assert letter.sheet == {"addressee": "(đã xóa)", "notes": ["Mang theo giấy"]} and letter.number is not None
    newest = db.session.scalars(sa.select(Entry).order_by(Entry.id.desc())).first()
    assert newest is not None and newest.sentence == f"Xóa dữ liệu cá nhân của đại biểu số {person}. Theo đơn ngày 05/01/2016"


def test_others_are_left_alone(app: Flask, person: int) -> None:
    other = door.add_delegate(own(), "Trần Thị Khác", phone="0905333444")
    erasing.erase_person(own(), person, "Theo đơn", None)
    row = db.session.get(Delegate, other)
    assert row is not None and (row.full_name, row.phone) == ("Trần Thị Khác", "0905333444")


@pytest.mark.database("sqlite")
def test_erasing_needs_a_reason_the_right_conference_and_a_closed_one(app: Flask, person: int) -> None:
    with pytest.raises(Invalid, match="lý do"):
        erasing.erase_person(own(), person, " ", None)
    with pytest.raises(NotFound):
        erasing.erase_person(door.other_conference(), person, "x", None)
    with pytest.raises(Conflict, match="đã kết thúc"):
        erasing.erase_conference(own(), None)


def test_a_closed_conference_keeps_its_figures_only(app: Flask, person: int) -> None:
    before = erasing.statistics(own())
    close(held_on=date(2015, 12, 29))
    erasing.erase_conference(own(), None)
    assert where_found(NAME, PHONE, EMAIL, "Thay Mặt") == []
    assert erasing.statistics(own()) == before
    newest = db.session.scalars(sa.select(Entry).order_by(Entry.id.desc())).first()
    assert newest is not None and newest.details["kept"] == before
    assert seals.prove_chain().wrong is None


def close(**facts: Any) -> None:
    with transaction():
        conference = db.session.get(Conference, own())
        assert conference is not None
        conference.state = "closed"
        for name, value in facts.items():
            setattr(conference, name, value)


def test_data_goes_when_its_time_is_over_and_not_before(app: Flask, person: int) -> None:
    today = clock.now().date()
    close(held_on=today - timedelta(days=60))
    assert {one.kind for one in retention.due()} == {Kind.LINKS}
    close(held_on=today - timedelta(days=500))
    assert {one.kind for one in retention.due()} == {Kind.LINKS, Kind.CONTACTS, Kind.ARRIVALS}
    with transaction():
        db.session.get(Conference, own()).state = "running"  # type: ignore[union-attr]
    assert retention.due() == [], "nobody has closed it"
    close()
    would = retention.due()
    assert retention.run() == would
    assert retention.due() == [] and retention.run() == []
    row = db.session.get(Delegate, person)
    assert row is not None and (row.full_name, row.phone, row.email) == (NAME, None, None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Pass).where(Pass.revoked_at.is_(None))) == 0
    assert {at.date() for at in db.session.scalars(sa.select(Admission.admitted_at))} == {today - timedelta(days=501)}  # midnight in Viet Nam


def test_old_lines_and_sessions_go_and_the_chain_holds(app: Flask) -> None:
    old = clock.now() - timedelta(days=800)
    with transaction():
        by = db.session.execute(sa.text("SELECT min(id) FROM accounts")).scalar_one()
        db.session.add(SignIn(account_id=by, token_digest="x", created_at=old, address="a", browser="b"))
        record("x.old", old, conference_id=None, sentence="Việc cũ.")
        record("x.new", clock.now(), conference_id=None, sentence="Việc mới.")
    assert {one.kind: one.rows for one in retention.run()} == {Kind.SESSIONS: 1, Kind.JOURNAL: 1}
    assert where_found("Việc cũ.") == []
    state = seals.prove_chain()
    assert (state.gone, state.wrong) == (1, None)


@pytest.mark.database("sqlite")
def test_the_time_of_a_kind_can_be_changed(app: Flask) -> None:
    given = {rule.kind.value: str(rule.days) for rule in retention.rules()}
    retention.set_days(given | {"contacts": "30"}, 1)
    assert {rule.kind: rule.days for rule in retention.rules()}[Kind.CONTACTS] == 30
    for wrong in ("", "0", "-1", "x", "99999999", "٣"):
        with pytest.raises(Invalid) as told:
            retention.set_days(given | {"contacts": wrong}, 1)
        assert told.value.field == "contacts"


def test_one_person_gets_everything_and_no_code(app: Flask, person: int) -> None:
    name, content = person_export.export_person(own(), person, 1)
    whole = json.loads(content)
    assert name == f"du-lieu-ca-nhan-{person}.json"
    assert set(whole["tables"]) >= {"delegates", "invitations", "passes", "replies", "scans", "admissions"}
    assert whole["tables"]["delegates"][0]["phone"] == PHONE
    assert [line["sentence"] for line in whole["journal"]] == [f"{NAME} cử người thay."]
    seed = db.session.scalars(sa.select(Pass.seed).where(Pass.delegate_id == person)).one()
    assert seed not in content.decode()
    told = person_export.read_person(own(), person)
    assert told.name == NAME and ("Điện thoại", PHONE) in told.parts[0].entries[0]


def test_the_two_books_lose_their_words_in_time_and_keep_their_figures(app: Flask) -> None:
    today = to_local(clock.now()).date()
    request_ids = [data_requests.enter(RequestFacts(today, NAME, PHONE, "delete", f"Xóa {NAME}"), 1) for _ in range(2)]
    breach_ids = [breaches.enter(clock.now(), f"Lộ {NAME}", f"{NAME}, {PHONE}", 1) for _ in range(2)]
    data_requests.extend(request_ids[0], f"Chờ {NAME}", 1)
    data_requests.answer(request_ids[0], "done", f"Đã xóa {NAME}", 1)
    breaches.note_measures(breach_ids[0], f"Gọi {PHONE}", 1)
    breaches.close(breach_ids[0], 1)
    books = ("data_requests", "data_breaches")
    assert retention.due() == []
    with transaction():
        past = clock.now() - timedelta(days=1097)
        db.session.execute(sa.update(DataRequest).values(received_on=past.date()))
        db.session.execute(sa.update(DataRequest).where(DataRequest.answered_on.is_not(None)).values(answered_on=past.date()))
        db.session.execute(sa.update(DataBreach).where(DataBreach.closed_at.is_not(None)).values(closed_at=past))
    assert {one.kind: one.rows for one in retention.run()} == {Kind.REQUESTS: 1, Kind.BREACHES: 1}
    old, still = (db.session.get_one(DataRequest, one) for one in request_ids)
    assert (old.asked_by, old.contact, old.words, old.answer, old.extended_because) == ("(đã xóa)", "", "(đã xóa)", "(đã xóa)", "(đã xóa)")
    assert (old.ask, old.outcome, old.answered_on) == ("delete", "done", past.date()) and still.asked_by == NAME
    gone, kept = (db.session.get_one(DataBreach, one) for one in breach_ids)
    assert (gone.what, gone.concerned, gone.measures) == ("(đã xóa)",) * 3 and kept.what == f"Lộ {NAME}"
    assert retention.run() == [] and set(books) <= set(where_found(NAME)), "what is still open stays"
