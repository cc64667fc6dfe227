"""Each figure of the desk is a link to exactly its people, and the desk asks a fixed number of questions."""

from __future__ import annotations

import html
import re

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from eventmgr import clock
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation
from eventmgr.services import desk_figures, handovers
from eventmgr.services.replies import Answer, answer_by_office
from tests.letters import LAN, issue_some
from tests.people import SLUG, Person

HOME = f"/office/{SLUG}"


@pytest.fixture
def state(conference: Conference) -> Conference:
    """Twelve letters issued, six handed over, four opened; two come, one sends somebody, one cannot."""
    issued = issue_some(conference, 12)
    handovers.mark(conference.id, [one.id for one in issued[:6]], handovers.Mark("post", None, None), LAN)
    with transaction():
        opened = [one.id for one in issued[4:8]]
        db.session.execute(sa.update(Invitation).where(Invitation.id.in_(opened)).values(opened_at=clock.now()))
    for one in issued[:2]:
        answer_by_office(conference.id, one.id, Answer("comes"), LAN)
    answer_by_office(conference.id, issued[2].id, Answer("absent", "đi công tác"), LAN)
    answer_by_office(conference.id, issued[3].id, Answer("substitute", None, "bà", "Y Thay", "Phó Chủ tịch"), LAN)
    return conference


def test_figures_are_those_of_what_happened(state: Conference) -> None:
    groups = desk_figures.by_group(state.id)
    everybody = desk_figures.total(groups)
    assert (everybody.invited, everybody.issued, everybody.delivered, everybody.opened) == (48, 12, 8, 4)
    assert (everybody.comes, everybody.substitutes, everybody.absent, everybody.silent) == (2, 1, 1, 44)
    of_bodies = desk_figures.total(desk_figures.by_body(state.id))
    assert of_bodies == everybody


@pytest.mark.parametrize("page", [f"{HOME}/", f"{HOME}/figures", f"{HOME}/figures?by=body"])
def test_each_figure_leads_to_exactly_its_people(lan: Person, state: Conference, page: str) -> None:
    text = lan.get(page).get_data(as_text=True)
    links = re.findall(r'<a class="figure num" href="([^"]+)"[^>]*>(\d+)</a>', text)
    assert len(links) >= 9
    told = {}
    for address, number in dict(links).items():
        answer = lan.get(html.unescape(address)).get_data(as_text=True)
        shown = re.search(r'trong <span class="num">(\d+)</span>', answer)
        told[address] = (int(number), int(shown[1]) if shown else 0)
    assert {address: pair for address, pair in told.items() if pair[0] != pair[1]} == {}


def test_observer_sees_figures_without_links(oanh: Person, state: Conference) -> None:
    for page in (f"{HOME}/", f"{HOME}/figures"):
        assert 'class="figure num" href' not in oanh.get(page).get_data(as_text=True)


@pytest.mark.parametrize("page", [f"{HOME}/", f"{HOME}/figures", f"{HOME}/figures?by=body"])
def test_number_of_queries_stays_the_same(lan: Person, conference: Conference, page: str) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    lan.get(page)
    before = len(asked)
    issue_some(db.session.scalars(sa.select(Conference)).one(), 40)
    asked.clear()
    lan.get(page)
    assert len(asked) == before
