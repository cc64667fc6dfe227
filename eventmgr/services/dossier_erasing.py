"""Forgetting people in dossiers: the decided list is a paper that stays, what bodies wrote around it goes; a private part of erasing."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from eventmgr.documents import uploaded_files
from eventmgr.domain.privacy import ERASED
from eventmgr.models.awards import Honouree
from eventmgr.models.database import db, transaction
from eventmgr.models.dossiers import Dossier, DossierEntry, DossierFile, DossierList
from eventmgr.services.dossier_files import folder
from eventmgr.services.person_rows import pieces

_NO_LEADER: dict[str, Any] = {"leader_form": None, "leader_name": None, "leader_post": None}


def forget_people(connection: Connection, conference_id: int, delegate_ids: list[int], known: Collection[str]) -> None:
    """Blank who receives, what was achieved, and the names of people whose entry no decision carries."""
    for ids in pieces(delegate_ids):
        theirs = sa.select(Honouree.id).where(Honouree.delegate_id.in_(ids))
        connection.execute(sa.update(DossierEntry).where(DossierEntry.honouree_id.in_(theirs)).values(achievement="", **_NO_LEADER))
        connection.execute(sa.update(Honouree).where(Honouree.delegate_id.in_(ids)).values(_NO_LEADER))
    names = [text for text in known if " " in text]
    wanted = sa.select(DossierEntry.id, DossierEntry.printed_name, DossierEntry.leader_name, DossierEntry.state)
    for entry_id, printed, leader, state in connection.execute(wanted.where(DossierEntry.conference_id == conference_id)).all():
        values: dict[str, Any] = dict(_NO_LEADER) if leader in names else {}
        if state not in {"decided", "cancelled"} and any(name in printed for name in names):
            values |= {"printed_name": f"{ERASED} {entry_id}", "name_key": "", "post": "", "achievement": "", "reason": sa.case((DossierEntry.reason.is_(None), None), else_=ERASED)}
        if values:
            connection.execute(sa.update(DossierEntry).where(DossierEntry.id == entry_id).values(values))
    _forget_rows(connection, conference_id, names)


def forget_dossiers(conference_id: int) -> None:
    """Delete the dossiers of a conference with their files; the decided lists stay without who received for them."""
    with transaction():
        kept = list(db.session.scalars(sa.select(DossierFile.kept_as).where(DossierFile.conference_id == conference_id)))
        db.session.execute(sa.delete(Dossier).where(Dossier.conference_id == conference_id))
        db.session.execute(sa.update(Honouree).where(Honouree.conference_id == conference_id).values(_NO_LEADER))
    _delete(kept)


def _forget_rows(connection: Connection, conference_id: int, names: list[str]) -> None:
    """Take the rows that name somebody out of the lists that wait or went in."""
    wanted = sa.select(DossierList.id, DossierList.rows, DossierList.problems).where(DossierList.conference_id == conference_id)
    for list_id, rows, problems in connection.execute(wanted).all() if names else []:
        gone = {row[0] for row in rows if any(name in cell for name in names for cell in row[1])}
        if gone:
            left = {"rows": [row for row in rows if row[0] not in gone], "problems": [one for one in problems if one[0] not in gone]}
            connection.execute(sa.update(DossierList).where(DossierList.id == list_id).values(left))


def _delete(kept: Iterable[str]) -> None:
    for name in kept:
        with contextlib.suppress(FileNotFoundError):
            uploaded_files.forget(folder(), name)
