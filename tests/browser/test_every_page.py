"""Every page as a person sees it: axe finds nothing (WCAG 2.2 AA), nothing sticks out at 360 px, nothing from elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from eventmgr import clock
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body
from eventmgr.models.invitations import Pass
from eventmgr.models.jobs import Job
from eventmgr.services import (
    awards,
    body_links,
    breaches,
    ceremony,
    conferences,
    council,
    data_requests,
    dossier_desk,
    dossier_import,
    dossier_lists,
    incoming,
    nominations,
    pass_codes,
    quotas,
)
from eventmgr.services import dossiers as own_dossiers
from eventmgr.services.data_requests import RequestFacts
from tests import door, dossiers, nominating
from tests.browser.conftest import PageFor
from tests.browser.live_copy import LiveCopy
from tests.ceremony import make_list
from tests.corpus.make import GOOD, HEAD, HOSTILE, PEOPLE, xlsx
from tests.people import SLUG, Person
from tests.web.test_imports import choose, put_in, upload
from tests.web.test_letters import LETTERS, issue_all, name_delegate, settle_date

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HOME, PUBLIC = f"/office/{SLUG}", f"/e/{SLUG}"

OFFICE = [
    "/office/", "/office/new", "/office/accounts", "/office/backups", "/office/journal", "/office/privacy", "/office/privacy/requests", "/office/privacy/requests/1", "/office/privacy/breaches", "/office/privacy/breaches/1", "/office/second-factor", f"{HOME}/delegates/1/data", f"{HOME}/journal", "/office/password", "/office/sessions", f"{HOME}/", f"{HOME}/plan",
    f"{HOME}/settings", f"{HOME}/letterhead", f"{HOME}/copy", f"{HOME}/people", f"{HOME}/delegates", f"{HOME}/delegates/new",
    f"{HOME}/delegates/1", f"{HOME}/groups", f"{HOME}/groups/1", f"{HOME}/bodies", f"{HOME}/bodies/1", f"{HOME}/ranks",
    f"{HOME}/ranks/1", f"{HOME}/agenda", f"{HOME}/agenda/5", f"{HOME}/agenda/versions", f"{HOME}/papers", f"{HOME}/papers/new", LETTERS, f"{LETTERS}/1", f"{LETTERS}/2", f"{LETTERS}/batches",
    f"{LETTERS}/batches/1", f"{LETTERS}/issue?all=1", f"{LETTERS}/register", f"{LETTERS}/1/correction", f"{LETTERS}/1/reissue", f"{HOME}/wording", f"{HOME}/wording?group=1", f"{HOME}/awards", f"{HOME}/awards/1", f"{HOME}/awards/1/honourees/lines",
    f"{HOME}/awards/1/papers", f"{HOME}/awards/1/certificates", f"{HOME}/awards/places", f"{HOME}/awards/money", f"{HOME}/awards/ceremony", f"{HOME}/awards/ceremony/tray", f"{HOME}/awards/ceremony/1/stand-in", f"{HOME}/awards/quotas", f"{HOME}/awards/dossiers", f"{HOME}/awards/dossiers/1", f"{HOME}/awards/council", f"{HOME}/awards/1/receivers",
    f"{HOME}/gates", f"{HOME}/gates/arrivals", f"{HOME}/gates/1", f"{HOME}/gates/conflicts", f"{HOME}/gates/paper", f"/stage/{SLUG}/", f"/stage/{SLUG}/chair",
    f"/stage/{SLUG}/script", f"/stage/{SLUG}/moves/new?verb=take", f"/stage/{SLUG}/introductions", f"/stage/{SLUG}/discussion", f"/stage/{SLUG}/messages", f"/stage/{SLUG}/presenters",
    f"/stage/{SLUG}/presenters/5", f"/stage/{SLUG}/waves", f"{HOME}/imports", f"{HOME}/imports/1", f"{HOME}/imports/2", f"{HOME}/imports/3", f"{HOME}/imports/4",
    f"{HOME}/incoming", f"{HOME}/incoming?state=", f"{HOME}/bodies/links", f"{HOME}/absences", f"{HOME}/delegates/1/answers",
    f"{HOME}/delegates/1/companions", f"{HOME}/delegates/earlier", f"{HOME}/delegates/earlier/nam-truoc", f"{HOME}/exports", f"{HOME}/duplicates", f"{HOME}/duplicates/48/49", "/office/khong-co/",
]
OPEN = [
    "/sign-in", "/privacy", f"{PUBLIC}/", f"{PUBLIC}/live", f"{PUBLIC}/screen", f"{PUBLIC}/caption", f"{PUBLIC}/press", f"{PUBLIC}/awards", "/door/", "/khong-co", "/i/0000000000000000",
]


@pytest.fixture
def prepared(app: Flask, lan: Person) -> str:
    """Fill the copy with issued letters and a batch; return the code of one pass."""
    settle_date(lan)
    name_delegate()
    issue_all(lan)
    lan.post(f"{LETTERS}/batches", expect=302, what="issued")
    assert db.session.scalar(sa.select(sa.func.count(Job.id))) == 1
    bring_lists_in(lan)
    hand_awards_over()
    let_bodies_send()
    data_requests.enter(RequestFacts(date(2016, 1, 4), "Y Kỳ Thí Dụ", "0905000111", "delete", "Xóa số điện thoại"), 1)
    breaches.enter(clock.now(), "Gửi nhầm danh sách", "Điện thoại của 3 người", 1)
    return pass_codes.code_of(db.session.scalars(sa.select(Pass).order_by(Pass.id)).first())  # type: ignore[arg-type]


def hand_awards_over() -> None:
    """The first of two waves is on stage, with an absentee and a stand-in."""
    conference = db.session.scalars(sa.select(Conference).where(Conference.slug == SLUG)).one()
    ids = list(make_list(conference, 5).values())
    awards.announce(conference.id, 1)
    presses = [("absent", ids[1], ""), ("stand_in", ids[2], "Y Thay Mặt"), ("all_wings", None, ""), ("start", None, "")]
    for seen, (verb, one, name) in enumerate(presses):
        ceremony.press(conference.id, ceremony.Press(verb, f"key-of-{verb}", seen, one, name=name), 1, "Khánh")


def let_bodies_send() -> None:
    """A body with everything on its page: names that wait, come back or were taken, companions, notes, a frozen one beside it."""
    conference = db.session.scalars(sa.select(Conference).where(Conference.slug == SLUG)).one()
    earlier = conferences.copy(conference.id, "Năm trước", "Năm trước", 1)
    door.add_delegate(earlier.id, "Nguyễn Thị Ủy Viên", posts=["Ủy viên Ban Thường vụ Tỉnh ủy, Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"])
    _, code = nominating.body(conference, quota=9)
    place = nominating.place_of(code)
    nominations.name_for_place(code, place.delegate.id, nominating.person("Nguyễn Thị Mẫu", *place.delegate.posts), place.mark)
    one = nominations.name_person(code, nominating.person("Lê Văn Ví Dụ", phone="0905 123 456"))
    nominations.bring_companion(code, nominating.person("A Tài", "Lái xe"), parent_id=one.id)
    back = nominations.name_person(code, nominating.person("Y Ví Dụ"))
    incoming.give_back(conference.id, back.id, 1, back.version, "Đề nghị cử lãnh đạo phòng chuyên môn.")
    nominations.send_note(code, "Đoàn đi một xe 16 chỗ.")
    propose_awards(conference, code)
    other_id, other = nominating.body(conference, "Báo Kon Tum", quota=None)
    seat = nominating.place_of(other)
    nominations.excuse(other, seat.delegate.id, "Đi công tác", seat.mark)
    nominating.shift(conference, other_id, reply_by=-3, freeze_at=-1)


def propose_awards(conference: Conference, code: str) -> None:
    """A dossier that the council looks at, with doubts in it, and one that is still a draft."""
    form_id = own_dossiers.page_of(code).forms[0].id
    made = dossiers.submitted(
        code,
        dossiers.collective("Phòng Lao động huyện Đăk Hà", form_id=form_id, leader_name="Lê Thị Mẫu", leader_post="Trưởng phòng", achievement="Làm tốt."),
        dossiers.collective("Phòng Y tế huyện Đăk Hà", form_id=form_id), dossiers.individual("Y Mẫu", form_id=form_id, address_form="bà"),
    )
    draft = dossiers.dossier(code, dossiers.individual("Y Nháp", form_id=form_id), number="46/TTr-UBND")
    own_dossiers.add_file(code, draft.id, "report", "Báo cáo thành tích.pdf", dossiers.PDF)
    dossier_list = "Họ và tên;Chức vụ;Tập thể/Cá nhân\nA Mẫu;Trưởng thôn;Cá nhân\nY Thiếu;;Cá nhân\n".encode("utf-8-sig")
    stored, _ = (dossier_import.receive(code, draft.id, "Danh sách.csv", dossier_list, form_id) for _ in range(2))
    dossier_import.put_in(code, draft.id, stored, dossier_lists.list_page(code, draft.id, stored).seen)
    dossier_desk.check(conference.id, made.id, made.version, 1)
    first, second, _ = (one.id for one in dossiers.entries(made.id))
    council.judge(conference.id, [first], "agree", None, 1)
    council.judge(conference.id, [second], "refuse", "Chưa đủ tiêu chuẩn", 1)
    quotas.set_quota(conference.id, form_id, made.body_id, 1, 0, "Công văn 12/SNV", 1)


def bodies_pages() -> list[str]:
    """What somebody without account sees of these two bodies."""
    found = [body_links.code_of(body) or "" for body in db.session.scalars(sa.select(Body).where(Body.link_seed.is_not(None)).order_by(Body.id))]
    place, one = nominating.place_of(found[0]), nominating.sent_by(found[0])
    first = f"/b/{found[0]}"
    return [
        first, f"/b/{found[1]}", f"{first}/people", f"{first}/places/{place.delegate.id}/person", f"{first}/places/{place.delegate.id}/absence",
        f"{first}/companions?of={place.delegate.id}", f"{first}/sent/{one}", "/b/0000000000000000",
        f"{first}/dossiers", f"{first}/dossiers/1", f"{first}/dossiers/2", f"{first}/dossiers/2/entries/new",
        f"{first}/dossiers/2/lists/1", f"{first}/dossiers/2/lists/2",
    ]


def bring_lists_in(lan: Person) -> None:
    """One list in the list, one at its preview with rows of every kind, one at its columns, one that cannot be read."""
    namesakes = [HEAD, *PEOPLE, ["4", "Tran Thi Nga", "Chuyên viên", "Sở Nội vụ", ""]]
    put_in(lan, choose(lan, upload(lan, "a.xlsx", xlsx(namesakes))))
    rows = [["1", "Trần Thị Nga", "Chủ tịch", "UBND huyện Đăk Hà", ""], ["2", "Y Mui", "Trưởng phòng", "UBND huyện Kon Plông", ""]]
    rows += [["3", "Nguyễn 5", "", "Đơn vị mới", "0905"], ["4", "A Phương", "Chuyên viên", "Sở Y tế", ""]]
    choose(lan, upload(lan, "b.xlsx", xlsx([HEAD, *rows])))
    upload(lan, *GOOD["old font"]())
    upload(lan, *HOSTILE["no header"]())


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_shuts_anybody_out(live: LiveCopy, prepared: str, page_for: PageFor, width: int) -> None:
    size = {"width": width, "height": 800}
    foreign: list[str] = []
    wrong: list[str] = []
    for username, addresses in (("quantri", OFFICE), (None, [*OPEN, f"/i/{prepared}", *bodies_pages()])):
        page = page_for(username, viewport=size)
        page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith((live.url, "data:", "blob:")) else None)
        for address in addresses:
            page.goto(address)
            wrong += [f"{width} {address}: {problem}" for problem in problems_of(page)]
    assert wrong == []
    assert foreign == []


def problems_of(page: Page) -> list[str]:
    page.evaluate("async () => { await document.fonts.ready }")
    page.evaluate(f"() => {{ if (!window.axe) {{ {AXE.read_text()} }} }}")
    found: Any = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    problems = [f"{one['id']}: {one['nodes'][0]['target']} {one['help']}" for one in found["violations"]]
    out = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if out > 0:
        problems.append(f"sticks out by {out} px")
    return problems
