"""Copying the papers of a conference to its rehearsal, each file a second time; a private part of the services that make conferences.

The files are written before the transaction, so that megabytes hold nobody up; a copy that fails takes them away again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from eventmgr.documents import uploaded_files
from eventmgr.domain.errors import Invalid
from eventmgr.models.conferences import Paper
from eventmgr.models.database import db
from eventmgr.models.papers import PaperFile
from eventmgr.services.papers import DISK_REFUSES, folder


@contextmanager
def files_for_a_copy(conference_id: int | None) -> Iterator[Mapping[str, str]]:
    """Write each file of a conference (None: of nothing) a second time; give old name -> new one.

    A file that is gone from the disk has no copy. Raises Invalid when the disk refuses.
    """
    made: dict[str, str] = {}
    try:
        _write(conference_id, made)
        yield made
    except BaseException:
        for name in made.values():
            uploaded_files.forget(folder(), name)
        raise


def copy_papers(source_id: int, target_id: int, files: Mapping[str, str]) -> None:
    """Copy the papers and what is told of their files inside the open transaction; nobody has opened them yet."""
    asked = sa.select(Paper, PaperFile).outerjoin(PaperFile, PaperFile.paper_id == Paper.id).where(Paper.conference_id == source_id)
    for paper, file in db.session.execute(asked.order_by(Paper.id)).all():
        made = Paper(**_values(paper) | {"conference_id": target_id})
        db.session.add(made)
        db.session.flush()
        if file is not None and file.kept_as in files:
            own = {"conference_id": target_id, "paper_id": made.id, "kept_as": files[file.kept_as], "opened": 0}
            db.session.add(PaperFile(**_values(file) | own))
    db.session.flush()


def _write(conference_id: int | None, made: dict[str, str]) -> None:
    names = list(db.session.scalars(sa.select(PaperFile.kept_as).where(PaperFile.conference_id == conference_id)))
    db.session.close()
    for name in names:
        try:
            made[name] = uploaded_files.keep_again(folder(), name)
        except FileNotFoundError:
            continue
        except OSError as problem:
            raise Invalid(DISK_REFUSES) from problem


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).column_attrs if column.key != "id"}
