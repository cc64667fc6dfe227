"""A body with dossiers, for tests of what bodies propose for awards."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import sqlalchemy as sa

from eventmgr.domain.dossiers import EntryFacts
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.dossiers import Dossier, DossierEntry
from eventmgr.services import dossiers
from tests import nominating
from tests.awards import form_of

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OTHER_BODY = "UBND huyện Sa Thầy"


def docx(word: str = "x") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", f"<document>{word}</document>")
    return target.getvalue()


def collective(name: str = "Phòng Mẫu", **more: Any) -> EntryFacts:
    return EntryFacts(more.pop("form_id", None) or form_of().id, "collective", name, **more)


def individual(name: str = "Y Mẫu", post: str = "Trưởng thôn, thôn Ví Dụ", **more: Any) -> EntryFacts:
    return EntryFacts(more.pop("form_id", None) or form_of().id, "individual", name, post, **more)


def dossier(code: str, *entries: EntryFacts, number: str | None = "45/TTr-UBND") -> Dossier:
    """Begin a dossier with these entries."""
    made = dossiers.create(code, dossiers.DossierFacts(number, date(2015, 12, 10)))
    for facts in entries or (collective(), individual()):
        dossiers.add_entry(code, made.id, facts)
    return fresh(made.id)


def submitted(code: str, *entries: EntryFacts, number: str | None = "45/TTr-UBND") -> Dossier:
    """Hand a dossier in."""
    made = dossier(code, *entries, number=number)
    dossiers.submit(code, made.id, made.version)
    return fresh(made.id)


def body(conference: Conference, name: str = nominating.NAME) -> str:
    """Return the code of a body's page."""
    return nominating.body(conference, name)[1]


def fresh(dossier_id: int) -> Dossier:
    return db.session.get_one(Dossier, dossier_id, populate_existing=True)


def entries(dossier_id: int) -> list[DossierEntry]:
    wanted = sa.select(DossierEntry).where(DossierEntry.dossier_id == dossier_id).order_by(DossierEntry.kind, DossierEntry.position)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))
