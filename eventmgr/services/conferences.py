"""Conferences: list, find, create, edit, copy, move from state to state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.text import clean, fold
from eventmgr.models.accounts import Membership
from eventmgr.models.checkin import Gate
from eventmgr.models.conferences import STATES, Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import record
from eventmgr.services.conference_copy import copy_rows
from eventmgr.services.paper_copies import copy_papers, files_for_a_copy
from eventmgr.services.programme_versions import publish_within

STATE_LABELS = {
    "preparing": "Đang chuẩn bị",
    "open": "Đã mời",
    "running": "Đang diễn ra",
    "closed": "Đã kết thúc",
    "archived": "Lưu trữ",
}


RESERVED = {"accounts", "gallery", "new", "password", "sessions"}
"""Words that stand where a slug would stand in an address."""


@dataclass(frozen=True)
class ConferenceFacts:
    """What the office types about a conference; open things stay None. Times are local to the venue."""

    title: str
    short_title: str
    organiser: str
    kind: str = "Hội nghị"
    level: str | None = None
    standing_body: str | None = None
    invitation_issuer: str | None = None
    chair: str | None = None
    legal_basis: str | None = None
    venue: str | None = None
    venue_address: str | None = None
    capacity: int | None = None
    date_text: str | None = None
    held_on: date | None = None
    date_is_assumed: bool = False
    starts_at: time | None = None
    ends_at: time | None = None
    must_end_at: time | None = None
    sessions: str | None = None


@dataclass(frozen=True)
class LetterFacts:
    """How the letters of a conference look and who signs; reply_by is a UTC moment."""

    letterhead: str = "office"
    letter_form: str = "nd30"
    province: str = ""
    number_symbol: str = "GM-VP"
    place: str = ""
    letter_recipients: list[str] = field(default_factory=list)
    signer_lines: list[str] = field(default_factory=list)
    signer_name: str | None = None
    with_kinh_gui: bool = False
    reply_by: datetime | None = None
    contact: str | None = None


def by_slug(slug: str) -> Conference:
    """Return the conference with this slug; raises NotFound."""
    found = db.session.scalar(sa.select(Conference).where(Conference.slug == slug))
    if found is None:
        raise NotFound("Không có hội nghị này.")
    return found


def get(conference_id: int) -> Conference:
    """Return one conference; raises NotFound."""
    found = db.session.get(Conference, conference_id)
    if found is None:
        raise NotFound("Không có hội nghị này.")
    return found


def of_ids(ids: Sequence[int]) -> list[Conference]:
    """Return these conferences, newest date first."""
    return list(db.session.scalars(_ordered().where(Conference.id.in_(ids))))


def all_conferences() -> list[Conference]:
    """Return every conference, newest date first."""
    return list(db.session.scalars(_ordered()))


def public_conferences() -> list[Conference]:
    """Return what the public list shows: no rehearsals, nothing archived."""
    return list(
        db.session.scalars(_ordered().where(Conference.is_rehearsal.is_(False), Conference.state != "archived"))
    )


def create(facts: ConferenceFacts, by: int, slug: str | None = None) -> Conference:
    """Create a conference with a gate of its own and return it; raises Invalid."""
    at = clock.now()
    values = checked_facts(facts)
    try:
        with transaction():
            conference = Conference(slug=_free_slug(slug or facts.short_title), created_at=at, **values)
            db.session.add(conference)
            db.session.flush()
            db.session.add(Gate(conference_id=conference.id, name="Cửa chính", position=1))
            record("conference.created", at, conference_id=conference.id, account_id=by, sentence="Tạo hội nghị.")
    except IntegrityError as error:
        raise Conflict("Đường dẫn của hội nghị này vừa có người dùng. Thử lại.") from error
    return conference


def edit(conference_id: int, facts: ConferenceFacts, by: int, version: int | None = None) -> Conference:
    """Change what is known about a conference.

    Raises Invalid for what cannot be, Conflict when somebody saved in between (`version` differs).
    """
    return _change(conference_id, checked_facts(facts), by, version, "conference.edited", "Sửa thông tin hội nghị.")


def edit_letters(conference_id: int, facts: LetterFacts, by: int, version: int | None = None) -> Conference:
    """Change letterhead, number symbol, place, signer lines and recipients; raises Invalid or Conflict."""
    return _change(conference_id, _checked_letters(facts), by, version, "conference.letters_edited", "Sửa mẫu giấy mời.")


def set_state(conference_id: int, state: str, by: int) -> None:
    """Move a conference to another state; raises Invalid for an unknown one."""
    if state not in STATES:
        raise Invalid("Trạng thái này không có.", "state")
    _change(conference_id, {"state": state}, by, None, "conference.state", f"Chuyển sang: {STATE_LABELS[state]}.")


def copy(conference_id: int, title: str, short_title: str, by: int, *, rehearsal: bool = False) -> Conference:
    """Copy a conference as a template: groups, bodies, posts, ranks, programme, gates, award forms.

    Letters, replies, scans, phone numbers and the date stay behind; a rehearsal copy keeps names and papers, with
    files of its own, so that a rehearsal is true to life. Whoever copies has the same roles in the copy, or it would
    be shut to him. Raises Invalid when the disk has no room for the files.
    """
    at = clock.now()
    source = get(conference_id)
    facts = ConferenceFacts(**{f.name: getattr(source, f.name) for f in fields(ConferenceFacts)})
    values = checked_facts(facts) | {"title": _needed(title, "title", 500), "short_title": _needed(short_title, "short_title", 160)}
    if not rehearsal:
        values |= {"held_on": None, "date_text": None, "date_is_assumed": False}
    letters = {f.name: getattr(source, f.name) for f in fields(LetterFacts)} | {"reply_by": None}
    with files_for_a_copy(source.id if rehearsal else None) as files, transaction():
        made = Conference(
            slug=_free_slug(short_title), created_at=at, is_rehearsal=rehearsal, copied_from_id=source.id, **values, **letters
        )
        db.session.add(made)
        db.session.flush()
        copy_rows(source.id, made.id, at, with_names=rehearsal)
        if rehearsal:  # its public pages are rehearsed too; a template's programme is a draft
            copy_papers(source.id, made.id, files)
            publish_within(made.id, at, by=by)
        roles = sa.select(Membership.role).where(Membership.conference_id == source.id, Membership.account_id == by)
        db.session.add_all(
            [Membership(conference_id=made.id, account_id=by, role=role) for role in db.session.scalars(roles)]
        )
        record("conference.copied", at, conference_id=made.id, account_id=by, sentence=f"Sao chép từ “{source.short_title}”.")
    return made


def checked_facts(facts: ConferenceFacts) -> dict[str, Any]:
    """Return the facts cleaned and checked; raises Invalid with the field that is wrong."""
    values: dict[str, Any] = {f.name: getattr(facts, f.name) for f in fields(facts)}
    limits = {"title": 500, "short_title": 160, "organiser": 200, "kind": 80}
    for name, limit in limits.items():
        values[name] = _needed(values[name], name, limit)
    for name, limit in {
        "level": 80, "standing_body": 200, "invitation_issuer": 200, "chair": 300, "legal_basis": 500,
        "venue": 300, "venue_address": 300, "date_text": 120, "sessions": 40,
    }.items():
        values[name] = _optional(values[name], name, limit)
    if facts.capacity is not None and not 1 <= facts.capacity <= 100_000:
        raise Invalid("Sức chứa là số từ 1 đến 100.000.", "capacity")
    if facts.held_on is not None and not 1945 <= facts.held_on.year <= 2200:
        raise Invalid("Năm của ngày họp chưa đúng.", "held_on")
    if facts.ends_at is not None and facts.starts_at is None:
        raise Invalid("Nhập giờ bắt đầu trước khi nhập giờ kết thúc.", "starts_at")
    if facts.starts_at is not None and facts.ends_at is not None and facts.ends_at <= facts.starts_at:
        raise Invalid("Giờ kết thúc phải sau giờ bắt đầu.", "ends_at")
    if facts.starts_at is not None and facts.must_end_at is not None and facts.must_end_at <= facts.starts_at:
        raise Invalid("Giờ phải xong sau giờ bắt đầu.", "must_end_at")
    return values


def _checked_letters(facts: LetterFacts) -> dict[str, Any]:
    values: dict[str, Any] = {f.name: getattr(facts, f.name) for f in fields(facts)}
    if facts.letterhead not in {"office", "committee"} or facts.letter_form not in {"nd30", "tt01"}:
        raise Invalid("Chọn mẫu giấy mời trong danh sách.", "letterhead")
    values["number_symbol"] = _needed(facts.number_symbol, "number_symbol", 40).replace(" ", "")
    if not re.fullmatch(r"[0-9A-ZĐÀ-Ỹ][0-9A-ZĐÀ-Ỹ.\-/]*", values["number_symbol"]):
        raise Invalid("Ký hiệu viết hoa, không dấu cách, ví dụ GM-VP.", "number_symbol")
    for name, limit in {"province": 80, "place": 80}.items():
        values[name] = _needed(values[name], name, limit)
    for name, limit in {"signer_name": 120, "contact": 300}.items():
        values[name] = _optional(values[name], name, limit)
    for name in ("letter_recipients", "signer_lines"):
        lines = [clean(line) for line in values[name]]
        values[name] = [line for line in lines if line]
        if len(values[name]) > 20 or any(len(line) > 400 for line in values[name]):
            raise Invalid("Nhiều nhất 20 dòng, mỗi dòng 400 ký tự.", name)
    return values


def _change(
    conference_id: int, values: dict[str, Any], by: int, version: int | None, verb: str, sentence: str
) -> Conference:
    at = clock.now()
    try:
        with transaction():
            conference = get(conference_id)
            if version is not None and conference.version != version:
                raise Conflict("Có người vừa lưu trang này trước. Xem lại nội dung mới rồi sửa tiếp.")
            changed = sorted(name for name, value in values.items() if getattr(conference, name) != value)
            for name in changed:
                setattr(conference, name, values[name])
            if changed:
                record(verb, at, conference_id=conference_id, account_id=by, sentence=sentence, changed=changed)
    except StaleDataError as error:
        raise Conflict() from error
    return conference


def _ordered() -> sa.Select[Conference]:
    return sa.select(Conference).order_by(Conference.held_on.desc().nulls_first(), Conference.id.desc())


def _free_slug(text: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:60].strip("-") or "hoi-nghi"
    taken = RESERVED | set(db.session.scalars(sa.select(Conference.slug).where(Conference.slug.like(f"{stem}%"))))
    if stem not in taken:
        return stem
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _needed(text: str | None, name: str, limit: int) -> str:
    value = _optional(text, name, limit)
    if value is None:
        raise Invalid("Cần điền mục này.", name)
    return value


def _optional(text: str | None, name: str, limit: int) -> str | None:
    value = clean(text or "")
    if len(value) > limit:
        raise Invalid(f"Dài nhất {limit} ký tự; đang có {len(value)}.", name)
    return value or None


def issued_count(conference_id: int) -> int:
    """Return how many letters of the conference are issued and not revoked."""
    return int(
        db.session.scalar(
            sa.select(sa.func.count()).where(
                Invitation.conference_id == conference_id,
                Invitation.issued_at.is_not(None),
                Invitation.revoked_at.is_(None),
            )
        )
        or 0
    )
