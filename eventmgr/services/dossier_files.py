"""The files of dossiers: where they lie, how much room is left, and reading one; a private part but for `read`."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from eventmgr.documents import uploaded_files
from eventmgr.documents.uploaded_files import Kind
from eventmgr.domain.dossiers import LARGEST
from eventmgr.domain.errors import NotFound
from eventmgr.models.database import db
from eventmgr.models.dossiers import Dossier, DossierFile
from eventmgr.services import body_links, shelf

GONE = "Không có tệp này trong hồ sơ."


def folder() -> Path:
    """Return the folder of these files; it lies on the shelf, so that backups carry it."""
    return shelf.folder() / "ho-so"


def rest_of_files(body_id: int) -> int:
    """Return how many bytes the body may still send."""
    wanted = sa.select(sa.func.sum(DossierFile.size)).join(Dossier, Dossier.id == DossierFile.dossier_id)
    return 6 * LARGEST - int(db.session.scalar(wanted.where(Dossier.body_id == body_id)) or 0)


def read_own(typed: str, dossier_id: int, file_id: int) -> tuple[DossierFile, bytes, str]:
    """Return a file of the body's own dossier with its content and type; raises NotFound for any other."""
    body, _ = body_links.body_of(typed)
    return _read(file_id, Dossier.body_id == body.id, Dossier.id == dossier_id)


def read(conference_id: int, dossier_id: int, file_id: int) -> tuple[DossierFile, bytes, str]:
    """Return a file of a dossier with its content and type; drafts of bodies are their own. Raises NotFound."""
    return _read(file_id, Dossier.conference_id == conference_id, Dossier.id == dossier_id, Dossier.first_submitted_at.is_not(None))


def _read(file_id: int, *only: sa.ColumnElement[bool]) -> tuple[DossierFile, bytes, str]:
    wanted = sa.select(DossierFile).join(Dossier, Dossier.id == DossierFile.dossier_id).where(DossierFile.id == file_id, *only)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound(GONE)
    try:
        return found, uploaded_files.read(folder(), found.kept_as), Kind.of(found.suffix).mime
    except FileNotFoundError as problem:
        raise NotFound("Tệp không còn trên máy chủ. Đề nghị đơn vị gửi lại.") from problem
