"""People who came: a delegate with an admission, put straight into the database."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.delegates import precedence_key
from eventmgr.models.checkin import Admission, Gate, Scan
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.journal import record


def arrive(
    conference_id: int, name: str, rank: int | None = None, *, role: str = "guest", host: bool = False,
    instead: tuple[str, str] | None = None, after: float = 0.0, inside: bool = True,
) -> int:
    """Make a delegate, admitted `after` minutes from now (`instead`: name and post of a substitute); return the id."""
    at = clock.now() + timedelta(minutes=after)
    with transaction():
        group_id = db.session.scalars(
            sa.select(Group.id).where(Group.conference_id == conference_id, Group.role == role).order_by(Group.position)
        ).first()
        delegate = Delegate(
            conference_id=conference_id, group_id=group_id, address_form="đồng chí", full_name=name,
            first_post="Chuyên viên", posts=["Chuyên viên"], is_host=host, rank=rank,
            precedence_key=precedence_key(rank), name_key=name, created_at=at,
        )
        db.session.add(delegate)
        db.session.flush()
        if inside:
            _admit(delegate, at, instead)
    return delegate.id


def _admit(delegate: Delegate, at: datetime, instead: tuple[str, str] | None) -> None:
    gate_id = db.session.scalars(sa.select(Gate.id).where(Gate.conference_id == delegate.conference_id)).first()
    same = {"conference_id": delegate.conference_id, "delegate_id": delegate.id, "gate_id": gate_id}
    scan = Scan(
        **same, scan_key=f"scan-{delegate.id}", kind="entry", way="typed", scanned_at=at, received_at=at,
        outcome="admitted", verdict={},
    )
    db.session.add(scan)
    db.session.flush()
    name, post = instead or (None, None)
    db.session.add(Admission(**same, scan_id=scan.id, admitted_at=at, substitute_name=name, substitute_post=post))
    record("scan.admitted", at, conference_id=delegate.conference_id, subject="delegate", subject_id=delegate.id)
