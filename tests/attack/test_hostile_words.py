"""Hostile texts as words of the letters and as values of their fields: text on the page, in the preview and on paper."""

from __future__ import annotations

import io

import pypdf
import pytest
import sqlalchemy as sa

from eventmgr.domain.text import clean
from eventmgr.domain.wording import problems_of
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation
from tests.attack.test_hostile_texts import TEXTS, run_by
from tests.people import SLUG, Person
from tests.web.test_letters import LETTERS, settle_date
from tests.web.test_wording import WORDS, fields_of

pytestmark = pytest.mark.database("sqlite")
VALUE = '{{7*7}} {xưng hô} </span><script>alert(1)</script>" onfocus="alert(2)'
# On paper those that stay in the letter's own font, so that the PDF can be read back.
FIT = [text for text in TEXTS if not problems_of(text) and clean(text) and text.isascii()]


def test_hostile_words_and_values_are_only_text(lan: Person) -> None:
    settle_date(lan)
    with transaction():
        delegate = db.session.scalars(sa.select(Delegate).where(Delegate.key == "bi-thu-tinh-uy")).one()
        delegate.full_name = VALUE
    form = fields_of(lan.get(WORDS).get_data(as_text=True)) | {"person": str(delegate.id)}
    for text in TEXTS:
        answer = lan.post(f"{WORDS}/preview", expect=200, **(form | {"notes": f"{text} {{họ tên}}", "subject": text, "code": text}))
        html = answer.get_json()["html"]
        assert run_by(html) == [] and "<script>alert" not in html and "8281" not in html, text
        page = lan.post(WORDS, **(form | {"do": "preview", "notes": text, "opening": text, "closing": "{họ tên}"})).get_data(as_text=True)
        assert run_by(page) == [] and "<script>alert" not in page and "8281" not in page, text
    words = {"notes": "\n".join([*FIT, "Kính mời {họ tên}"]), "code": "<b>{người được mời}</b>"}
    lan.post(WORDS, expect=302, **(form | words))
    page = lan.get(WORDS).get_data(as_text=True)
    assert run_by(page) == [] and "<script>alert" not in page
    lan.post(f"{LETTERS}/drafts", expect=302, delegate=str(delegate.id))
    letter = db.session.scalars(sa.select(Invitation.id).where(Invitation.delegate_id == delegate.id)).one()
    lan.post(f"{LETTERS}/approvals", expect=302, invitation=str(letter), one="1")
    facts = {"first_number": "5", "dated_on": "22/12/2015", "signer_lines": "CVP", "signer_name": "Lê Mẫu", "invitation": str(letter)}
    lan.post(f"{LETTERS}/issue", expect=302, **facts)
    pages = pypdf.PdfReader(io.BytesIO(lan.get(f"{LETTERS}/{letter}/letter.pdf").data)).pages
    printed = " ".join(" ".join(one.extract_text() for one in pages).split())
    assert "Kính mời {{7*7}} {xưng hô} </span><script>alert(1)</script>" in printed
    assert "<script>alert(1)</script>." in printed and "root:" not in printed
    for path in (f"{LETTERS}/{letter}", f"{LETTERS}/register?year=2015", f"{LETTERS}/{letter}/correction", f"{LETTERS}/{letter}/reissue"):
        page = lan.get(path).get_data(as_text=True)
        assert run_by(page) == [] and "<script>alert" not in page, path


def test_words_beyond_measure_come_back_with_a_sentence(lan: Person) -> None:
    form = fields_of(lan.get(WORDS).get_data(as_text=True))
    page = lan.post(WORDS, expect=422, **(form | {"notes": "ễ" * 5000})).get_data(as_text=True)
    assert "Dài nhất 3000 ký tự; đang có 5000." in page
    lan.post(f"{WORDS}/preview", expect=200, **(form | {"notes": "{" * 5000}))
    for group in ("x", "999999", "-1"):
        lan.post(f"{WORDS}/preview", expect=404, group=group, notes="x")
        lan.post(WORDS, expect=404, group=group, notes="x")
    assert SLUG in WORDS
