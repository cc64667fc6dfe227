"""Delegates with letters and passes, and phones at gates, put straight into the database for tests of the door."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain import passes
from eventmgr.domain.checkin import Answer
from eventmgr.domain.scans import ScanFact
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Pass, Reply
from eventmgr.services import gates, phones
from eventmgr.services.checkin import DoorPhone
from eventmgr.services.delegate_keys import fill_keys

LONG_AGO = datetime(2015, 12, 20, 1, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def groups(conference_id: int) -> list[Group]:
    return list(db.session.scalars(sa.select(Group).where(Group.conference_id == conference_id).order_by(Group.position)))


def add_delegate(conference_id: int, name: str | None = "A Thí Dụ", **facts: Any) -> int:
    """Add a delegate of the first group and return the id; posts=[…], body="…", seat=…, phone=…, email=…"""
    body_name = facts.pop("body", None)
    group_id = facts.pop("group_id", None) or groups(conference_id)[0].id
    with transaction():
        group = db.session.get(Group, group_id)
        body = None
        if body_name:
            number = next(_numbers)
            body = Body(conference_id=conference_id, key=f"test-{number}", position=number, name=body_name)
            db.session.add(body)
            db.session.flush()
        posts = facts.pop("posts", ["Trưởng Ban Dân tộc tỉnh"])
        delegate = Delegate(
            conference_id=conference_id, group_id=group_id, body_id=body.id if body else None,
            address_form=facts.pop("address_form", "đồng chí"), full_name=name, first_post=posts[0] if posts else None,
            posts=posts, created_at=LONG_AGO, **facts,
        )
        fill_keys(delegate, (), body, group)
        db.session.add(delegate)
        db.session.flush()
    return delegate.id


def add_letter(conference_id: int, delegate_id: int, *, issued: bool = True) -> int:
    """Add an approved letter and return its id."""
    number = next(_numbers) if issued else None
    with transaction():
        letter = Invitation(
            conference_id=conference_id, delegate_id=delegate_id, drafted_at=LONG_AGO, approved_at=LONG_AGO,
            issued_at=LONG_AGO if issued else None, number=number, number_symbol=f"GM-VP-{conference_id}" if issued else None,
            number_year=2015 if issued else None, dated_on=date(2015, 12, 20) if issued else None,
            signer_name="Nguyễn Văn Mẫu" if issued else None,
        )
        db.session.add(letter)
        db.session.flush()
    return letter.id


def add_pass(conference_id: int, delegate_id: int, *, issued: bool = True) -> str:
    """Give a delegate a letter with a pass and return the code."""
    letter_id = add_letter(conference_id, delegate_id, issued=issued)
    seed = uuid.uuid4().bytes
    code = passes.derive_code(b"the secret of these tests", seed)
    with transaction():
        db.session.add(
            Pass(
                conference_id=conference_id, invitation_id=letter_id, delegate_id=delegate_id, seed=seed.hex(),
                digest=passes.digest(code), created_at=LONG_AGO,
            )
        )
    return code


def invited(conference_id: int, name: str | None = "A Thí Dụ", **facts: Any) -> str:
    """Add a delegate with a letter and return the code of the pass."""
    return add_pass(conference_id, add_delegate(conference_id, name, **facts))


def revoke(code: str) -> None:
    """Revoke the letter of a pass."""
    with transaction():
        held = db.session.scalars(sa.select(Pass).where(Pass.digest == passes.digest(code))).one()
        held.revoked_at = LONG_AGO
        db.session.get_one(Invitation, held.invitation_id).revoked_at = LONG_AGO


def reply(code: str, answer: str, **facts: Any) -> None:
    """Answer the letter of a pass."""
    with transaction():
        held = db.session.scalars(sa.select(Pass).where(Pass.digest == passes.digest(code))).one()
        db.session.add(
            Reply(
                conference_id=held.conference_id, invitation_id=held.invitation_id, delegate_id=held.delegate_id,
                answer=answer, source="invitee", at=LONG_AGO, **facts,
            )
        )


def pair_phone(conference_id: int, gate_id: int | None = None, name: str = "Máy của Thu") -> tuple[str, DoorPhone]:
    """Pair a phone at a gate (by default a new one) and return its token and what it is."""
    if gate_id is None:
        gate_id = gates.add(conference_id, f"Cửa {next(_numbers)}", [], by=1).id
    _, code = phones.make_pairing_code(conference_id, gate_id, by=1)
    token = phones.pair(code, name)
    return token, phones.known_by(token)


def scan(code: str | None = None, **said: Any) -> ScanFact:
    """Return one scan of a phone whose clock is right."""
    answers = frozenset(Answer(answer) for answer in said.pop("answers", ()))
    facts: dict[str, Any] = {"scan_key": uuid.uuid4().hex, "kind": "entry", "way": "camera", "scanned_at": clock.now()}
    return ScanFact(**(facts | {"code": code, "answers": answers} | said))


def undo(undone: str, reason: str = "Quét nhầm người") -> ScanFact:
    """Return the undo of a scan."""
    return scan(kind="undo", undoes_key=undone, reason=reason)


def other_conference() -> int:
    """Add a second conference with one group and return its id."""
    with transaction():
        made = Conference(
            slug="hoi-nghi-khac", title="Hội nghị khác", short_title="Hội nghị khác", organiser="UBND tỉnh", created_at=LONG_AGO
        )
        db.session.add(made)
        db.session.flush()
        db.session.add(
            Group(
                conference_id=made.id, key="all", position=1, label="Đại biểu", bloc="other", invited_as="body",
                role="delegate", address_form="đồng chí",
            )
        )
    return made.id


def hours_ago(hours: float) -> datetime:
    return clock.now() - timedelta(hours=hours)
