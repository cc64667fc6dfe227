"""Names in the room, reasons, telephone numbers and honoured names: who learns them, on which page, in which stream."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain.scans import ScanFact
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation
from eventmgr.services import awards, checkin, honourees, replies
from tests import door
from tests.people import SLUG, STAFF, Person

pytestmark = pytest.mark.database("sqlite")

NAME, PHONE, EMAIL, REASON, NOTE = "Kín Thị Đáo", "0905123987", "kin.dao@example.vn", "nằm viện phẫu thuật", "ghi chú riêng ấy"
STAND_IN, HONOURED = "Thế Văn Chỗ", "Vinh Thị Danh"
KNOW_DELEGATES = {"quantri", "lan", "khanh", "minh", "tuan"}
KNOW_THE_ROOM = {"quantri", "lan", "ha", "tuan"}
KNOW_AWARDS = {"quantri", "lan", "khanh"}


def pages(app: Flask, person: Person) -> dict[str, str]:
    """Every page, file and stream without a number in its address that the person can open."""
    found: dict[str, str] = {}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.arguments - {"slug"} or rule.endpoint == "hall.stream":
            continue
        url = str(rule).replace("<slug>", SLUG)
        with person.client.get(url) as answer:
            if answer.status_code == 200 and not answer.mimetype.startswith("application/pdf"):
                found[url] = words_of(answer)
    for view in ("audience", "hall", "chair", "watch", "mc", "waves", "tray", "awards", "desk", "overview"):
        with person.client.get(f"/e/{SLUG}/stream?view={view}") as answer:
            if answer.status_code == 200:
                stream: Any = iter(answer.response)
                found[view] = "".join(next(stream).decode() for _ in range(2))
    return found


def words_of(answer: Any) -> str:
    """What a page says; a Word file or a workbook is unpacked."""
    if "openxmlformats" in answer.mimetype:
        with zipfile.ZipFile(io.BytesIO(answer.get_data())) as parts:
            return "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    return str(answer.get_data(as_text=True))


def knowers(app: Flask, words: tuple[str, ...], people: Any = (None, *STAFF)) -> dict[str, set[str | None]]:
    """Word -> who reads it somewhere."""
    known: dict[str, set[str | None]] = {word: set() for word in words}
    for username in people:
        text = "\n".join(pages(app, Person(app, username)).values())
        for word in words:
            if word in text:
                known[word].add(username)
    return known


@pytest.fixture
def told(app: Flask, conference: Conference) -> None:
    # Leaders and guests are named in the press room; this is about everybody else.
    group_id = next(group.id for group in door.groups(conference.id) if group.role == "delegate")
    delegate_id = door.add_delegate(conference.id, NAME, group_id=group_id, phone=PHONE, email=EMAIL, note=NOTE)
    code = door.add_pass(conference.id, delegate_id)
    letter = db.session.scalars(sa.select(Invitation).where(Invitation.delegate_id == delegate_id)).one()
    replies.answer_by_office(conference.id, letter.id, replies.Answer("absent", REASON), 1)
    replies.answer_by_office(conference.id, letter.id, replies.Answer("substitute", None, "ông", STAND_IN, "Cán bộ"), 1)
    _, phone = door.pair_phone(conference.id)
    checkin.record_scans(phone, [ScanFact("who-learns-what", "entry", "camera", clock.now(), code=code)])


def test_who_knows_the_delegates(app: Flask, told: None) -> None:
    known = knowers(app, (NAME, STAND_IN, REASON, PHONE, EMAIL, NOTE))
    assert known[NAME] <= KNOW_DELEGATES | KNOW_THE_ROOM
    assert known[STAND_IN] <= KNOW_DELEGATES | KNOW_THE_ROOM
    assert known[REASON] <= KNOW_DELEGATES
    assert known[PHONE] | known[EMAIL] | known[NOTE] <= {"quantri", "lan", "minh", "khanh", "tuan"}
    assert "oanh" not in known[NAME] | known[STAND_IN] | known[REASON]
    assert {"lan", "quantri"} <= known[NAME]


def test_honoured_names_stay_in_the_office_until_they_are_announced(app: Flask, conference: Conference) -> None:
    form = db.session.scalars(sa.select(AwardForm).where(AwardForm.conference_id == conference.id)).first()
    assert form is not None
    honourees.add(conference.id, form.id, honourees.HonoureeFacts("individual", HONOURED, "Cán bộ Sở"), 1)
    assert db.session.scalar(sa.select(sa.func.count(Honouree.id))) == 1
    assert knowers(app, (HONOURED,))[HONOURED] <= KNOW_AWARDS
    facts = awards.DecisionFacts("12/QĐ-UBND", date(2015, 12, 1), "Chủ tịch UBND tỉnh")
    awards.decide(conference.id, form.id, facts, 1)
    assert knowers(app, (HONOURED,))[HONOURED] <= KNOW_AWARDS
    awards.announce(conference.id, 1)
    assert None in knowers(app, (HONOURED,), (None,))[HONOURED]
    with transaction():
        db.session.execute(sa.update(Conference).values(awards_announced_at=None))
    assert knowers(app, (HONOURED,), (None, "dung"))[HONOURED] == set()
