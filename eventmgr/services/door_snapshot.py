"""What a phone at the door holds: the whole list once, then only who has changed; digests of codes, never codes.

A version is the number of a line of the journal. Every change writes one, so the lines since a version name who has
changed; where a line does not say whom it touched, the phone takes the whole list anew.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.text import SAME_THING
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Group
from eventmgr.models.journal import Entry
from eventmgr.services import aside, door_facts, door_rows
from eventmgr.services.arrivals import inside
from eventmgr.services.checkin import DoorPhone

MOST_CHANGED = 1500
"""So many people at most come as changes; more are quicker as a whole list."""

SETTLING = timedelta(seconds=15)
"""Lines younger than this are told again: on PostgreSQL a lower number may be committed after a higher one."""

# What happens elsewhere in a conference and changes nothing that a phone shows; gates and the state come with every answer.
_ELSEWHERE = (
    "account.", "agenda.", "awards.", "gate.", "introduction.", "item.", "job.", "list.", "mail.", "message.", "paper.",
    "people.", "phone.", "press.", "role.", "speech.", "stage.",
)  # fmt: skip
_secret: list[bytes] = []
_j = Entry.__table__.c


@dataclass(frozen=True)
class Whole:
    """The whole list of a conference at a version, as JSON packed with gzip; `newest` line when it was made."""

    version: int
    packed: bytes
    newest: int


_kept: dict[tuple[int, int], Whole] = {}


def use(secret_key: bytes) -> None:
    """Derive the keys that seal the lists on phones from this secret; bootstrap says which."""
    _secret[:] = [hmac.new(secret_key, b"eventmgr lists on phones", hashlib.sha256).digest()]
    _kept.clear()


def sealing_key(token: str) -> bytes:
    """Return the 32 bytes under which a paired phone seals its list: always the same for one pairing, for no other."""
    return hmac.new(_secret[0], token.encode(), hashlib.sha256).digest()


def whole(conference_id: int) -> Whole:
    """Return the whole list; one that was made before serves again while the changes since then are few."""
    place = (id(db.engine), conference_id)
    kept = _kept.get(place)
    newest = _newest(conference_id)
    if kept is not None and (kept.newest == newest or _is_near(conference_id, kept.version)):
        return kept
    version = _version(conference_id, clock.now())
    rows = door_rows.people(conference_id)
    text = {"version": version, "same_thing": SAME_THING, "people": rows}
    _kept[place] = made = Whole(version, aside.run(_packed, text), newest)
    return made


def changes(phone: DoorPhone, since: int) -> dict[str, Any]:
    """Return who has changed since a version, with the gate, the groups and the number of those inside.

    `people` is None when the phone has to take the whole list. Seven queries at most, whatever has changed.
    """
    at = clock.now()
    version = _version(phone.conference_id, at)
    touched = _touched(phone.conference_id, since)
    is_far = touched is None or len(touched) > MOST_CHANGED
    people = None if is_far else door_rows.people(phone.conference_id, sorted(touched or ()))
    return {"version": max(version, since) if people is not None else version, "people": people, **head(phone, at)}


def head(phone: DoorPhone, at: datetime) -> dict[str, Any]:
    """Return who this phone is, where it stands and what it may let in there, and the server's time in milliseconds."""
    gate = door_facts.gate_facts(phone.conference_id, phone.gate_id)
    conference = db.session.execute(
        sa.select(Conference.title, Conference.short_title, Conference.state, Conference.is_rehearsal).where(
            Conference.id == phone.conference_id
        )
    ).one()
    groups = db.session.execute(
        sa.select(Group.id, Group.label, Group.short_label)
        .where(Group.conference_id == phone.conference_id)
        .order_by(Group.position, Group.id)
    )
    return {
        "server_ms": int(at.timestamp() * 1000),
        "phone": {"id": phone.id, "name": phone.name},
        "conference": conference.short_title or conference.title,
        "is_rehearsal": conference.is_rehearsal,
        "is_over": conference.state in door_facts.CLOSED_STATES,
        "gate": {
            "id": phone.gate_id, "conference_id": gate.conference_id, "name": gate.name, "open": gate.open,
            "group_ids": sorted(gate.group_ids), "elsewhere": {str(key): name for key, name in gate.elsewhere.items()},
        },
        "groups": [[row.id, row.short_label or row.label] for row in groups],
        "inside": inside(phone.conference_id),
    }  # fmt: skip


def _newest(conference_id: int) -> int:
    return db.session.scalar(sa.select(sa.func.max(_j.id)).where(_j.conference_id == conference_id)) or 0


def _is_near(conference_id: int, version: int) -> bool:
    touched = _touched(conference_id, version)
    return touched is not None and len(touched) < MOST_CHANGED // 3


def _version(conference_id: int, at: datetime) -> int:
    """The last line that is surely followed by no lower one; 0 while there is none."""
    settled = (
        sa.select(_j.id)
        .where(_j.conference_id == conference_id, _j.at <= at - SETTLING)
        .order_by(_j.id.desc())
        .limit(1)
    )
    return db.session.scalar(settled) or 0


def _touched(conference_id: int, since: int) -> set[int] | None:
    """The delegates whom the lines since a version touch; None when a line may touch anybody, or the version is unknown."""
    if not 0 <= since <= _newest(conference_id):
        return None
    lines = db.session.execute(
        sa.select(_j.verb, _j.subject, _j.subject_id, _j.details)
        .where(_j.conference_id == conference_id, _j.id > since)
        .order_by(_j.id)
        .limit(4 * MOST_CHANGED + 1)
    ).all()
    if len(lines) > 4 * MOST_CHANGED:
        return None
    touched: set[int] = set()
    for verb, subject, subject_id, details in lines:
        named = _named(verb, subject, subject_id, details or {})
        if named is None:
            return None
        touched |= named
    return touched


def _named(verb: str, subject: str, subject_id: int | None, details: dict[str, Any]) -> set[int] | None:
    ids = {details[name] for name in ("delegate_id", "stays", "goes") if isinstance(details.get(name), int)}
    if subject == "delegate" and subject_id is not None:
        return ids | {subject_id}
    if ids or verb.startswith((*_ELSEWHERE, "scan.")):
        return ids
    return None


def _packed(text: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(text, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0)
