"""Files that a stranger with a body's link sends: refused with a sentence, or kept so that they can harm nobody."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from eventmgr.documents import uploaded_files
from eventmgr.domain.dossiers import MOST_ENTRIES, MOST_FILES, EntryFacts
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.dossiers import DossierFile
from eventmgr.services import dossiers
from eventmgr.services.dossier_files import folder
from tests.attack.test_hostile_texts import TEXTS, run_by
from tests.dossiers import PDF, body, docx, dossier, individual, submitted
from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
HTML, SVG = b"<html><script>alert(1)</script></html>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return target.getvalue()


REFUSED: dict[str, tuple[str, bytes]] = {
    "html": ("a.html", HTML), "html called pdf": ("a.pdf", HTML), "svg": ("a.svg", SVG), "svg called png": ("a.png", SVG), "empty": ("a.pdf", b""),
    "program": ("a.pdf.exe", b"MZ\x90\0" + b"\0" * 200), "plain zip": ("a.zip", zipped(x=b"1")), "zip called docx": ("a.docx", zipped(x=b"1")),
    "macros": ("a.docx", zipped(**{"[Content_Types]_DOT_xml": b"", "word__document_DOT_xml": b"", "word__vbaProject_DOT_bin": b"x"})),
    "cut pdf": ("a.pdf", PDF[:40]), "old word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")),
    "bomb": ("a.docx", zipped(**{"[Content_Types]_DOT_xml": b"", "word__document_DOT_xml": b"\0" * 3_000_000})),
    "php": ("a.php.pdf", b"<?php system('id');"), "script": ("a.js", b"alert(1)"),
}  # fmt: skip


@pytest.fixture
def here(conference: Conference) -> str:
    code = body(conference)
    return f"/b/{code}/dossiers/{dossier(code).id}"


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_paper_is_refused_with_a_sentence(stranger: Person, here: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded_files, "MAX_UNPACKED", 2_000_000)
    name, data = REFUSED[what]
    page = stranger.post(f"{here}/files", expect=422, files=True, kind="report", file=(io.BytesIO(data), name)).get_data(as_text=True)
    assert 'role="alert"' in page
    assert db.session.scalar(sa.select(sa.func.count(DossierFile.id))) == 0
    assert not folder().exists() or list(folder().iterdir()) == []


NAMES = [
    "../../etc/passwd.pdf", "..\\..\\windows\\a.pdf", 'a"; filename="b.html".pdf', "<script>alert(1)</script>.pdf",
    "x" * 300 + ".pdf", ".pdf", "a.html", "a.pdf.html", "Tờ trình số 45.2015.pdf", "\u202efdp.exe", "%2e%2e%2fa.pdf", "CON.pdf",
]  # fmt: skip


CONTENTS = {"png": PNG, "pdf with html": PDF + HTML, "jpeg with html": b"\xff\xd8\xff" + HTML, "docx": docx()}


@pytest.mark.parametrize(("name", "data"), [(name, PDF) for name in NAMES] + [("a.html", data) for data in CONTENTS.values()])
def test_whatever_it_is_called_it_leaves_as_a_download_of_what_it_is(stranger: Person, lan: Person, here: str, name: str, data: bytes) -> None:
    stranger.post(f"{here}/files", expect=302, files=True, kind="report", file=(io.BytesIO(data), name))
    held = db.session.scalars(sa.select(DossierFile)).one()
    answer = stranger.get(f"{here}/files/{held.id}")
    assert answer.data == data
    assert answer.headers["Content-Type"] in {
        "application/pdf", "image/png", "image/jpeg", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }  # fmt: skip
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    where = answer.headers["Content-Disposition"]
    assert where.startswith("attachment; ") and "\n" not in where and ".." not in unquote(where)
    assert where.endswith((".pdf", ".png", ".jpg", ".docx")) and len(held.file_name) <= 125 and "/" not in held.file_name
    (kept,) = folder().iterdir()
    assert kept.name == held.kept_as and kept.suffix in {".pdf", ".png", ".jpg", ".docx"}
    page = stranger.get(here).get_data(as_text=True)
    assert run_by(page) == [] and "<script>alert" not in page and "\u202e" not in page


def test_too_big_too_many_too_heavy(stranger: Person, here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    big = PDF[:-6] + b" " * (10 * 1024 * 1024) + PDF[-6:]
    answer = send_big(stranger, here, big)
    assert (answer.status_code, "quá 10 MB" in answer.get_data(as_text=True)) == (422, True)
    assert send_big(stranger, here, big + big).status_code == 413
    for number in range(MOST_FILES):
        stranger.post(f"{here}/files", expect=302, files=True, kind="report", file=(io.BytesIO(PDF + b"%" * (number + 1)), "a.pdf"))
    assert "đã có 20 tệp" in stranger.post(f"{here}/files", expect=409, files=True, kind="report", file=(io.BytesIO(docx()), "a.docx")).get_data(as_text=True)
    monkeypatch.setattr(dossiers, "MOST_FILES", 100)
    monkeypatch.setattr(dossiers, "rest_of_files", lambda body_id: 10)
    assert "nặng quá mức" in stranger.post(f"{here}/files", expect=409, files=True, kind="report", file=(io.BytesIO(docx()), "a.docx")).get_data(as_text=True)
    assert len(list(folder().iterdir())) == MOST_FILES


def send_big(person: Person, here: str, data: bytes) -> TestResponse:
    """Send a file in a body of our own: the test client would leave its copy of a large one open on the disk."""
    parts = [("csrf_token", "", person._csrf().encode()), ("kind", "", b"report"), ("file", '; filename="a.pdf"', data)]
    body = b"".join(f'--xyz\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n" for name, more, value in parts)
    return person.client.post(f"{here}/files", data=body + b"--xyz--\r\n", content_type="multipart/form-data; boundary=xyz")


def test_nothing_large_is_read_from_who_holds_no_link(app: Flask, stranger: Person, here: str) -> None:
    big = b"x" * 200_000
    code = here.split("/")[2]
    stranger.post("/b/0000000000000000/dossiers/1/files", expect=404, files=True, kind="report", file=(io.BytesIO(big), "a.pdf"))
    stranger.post(f"/b/{code}/dossiers", expect=413, number=big.decode())
    answer = app.test_client().post(f"{here}/files", data={"kind": "report", "file": (io.BytesIO(PDF), "a.pdf")}, content_type="multipart/form-data")
    assert answer.status_code == 400, "no token of the page"
    assert db.session.scalar(sa.select(sa.func.count(DossierFile.id))) == 0


def test_hostile_texts_in_a_dossier_are_text_everywhere(lan: Person, stranger: Person, conference: Conference) -> None:
    code = body(conference)
    made = dossier(code, individual("Y Đầu"))
    here = f"/b/{code}/dossiers/{made.id}"
    form_id = str(dossiers.page_of(code).forms[0].id)
    for number, text in enumerate(TEXTS):
        facts = {"form_id": form_id, "kind": "individual", "printed_name": f"{number} {text}"[:300], "post": text[:300], "achievement": text[:1000]}
        assert stranger.post(f"{here}/entries/new", **facts).status_code in {302, 422}, text
        assert stranger.post(f"{here}/facts", number=text[:60], dated_on="1/1/2015", words=text[:500], version="1").status_code in {302, 409, 422}, text
    for person, url in ((stranger, f"/b/{code}/dossiers"), (stranger, here), (lan, f"/office/{SLUG}/awards/quotas")):
        page = person.get(url).get_data(as_text=True)
        assert run_by(page) == [] and "<script>alert" not in page and "\u202e" not in page, url


def test_a_flood_of_names_stops_with_a_sentence(stranger: Person, conference: Conference) -> None:
    code = body(conference)
    form_id = dossiers.page_of(code).forms[0].id
    names = [EntryFacts(form_id, "individual", f"Y Mẫu {number}", "Trưởng thôn") for number in range(MOST_ENTRIES)]
    made = submitted(code, names[0])
    assert made.state == "submitted"
    more = dossier(code, individual(), number="46/TTr")
    with dossiers.transaction():
        dossiers.store_entries(dossiers.open_dossier(code, more.id)[1], names[: MOST_ENTRIES - 1])
    last = {"form_id": str(form_id), "kind": "individual", "printed_name": "Y Cuối", "post": "Trưởng thôn"}
    page = stranger.post(f"/b/{code}/dossiers/{more.id}/entries/new", expect=409, **last).get_data(as_text=True)
    assert "nhiều nhất 200 tên" in page and "Y Cuối" in page
