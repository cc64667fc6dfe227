"""The journal to read: filtered, page by page, in words, with contacts masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from eventmgr.domain.contacts import masked
from eventmgr.domain.dates import COUNTRY
from eventmgr.domain.journal_words import FAMILIES, OTHER, family_of, prefixes_of, sentence_of
from eventmgr.models.accounts import Account
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.journal import Entry
from eventmgr.services.paging import PAGE, Page, kept_inside

SYSTEM = "system"


@dataclass(frozen=True)
class Asked:
    """What to show: words in the sentence, a family, an account's number (or "system"), days, and a subject."""

    words: str = ""
    family: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None
    subject: str = ""
    subject_id: int | None = None


@dataclass(frozen=True)
class Line:
    """One line in words; `conference` is set on the journal of all conferences."""

    id: int
    at: datetime
    who: str
    family: str
    sentence: str
    conference: str | None
    is_blanked: bool


def journal_page(conference_id: int | None, asked: Asked, number: int) -> Page[Line]:
    """Return a page of the journal, newest first, of one conference or (None) of the whole copy."""
    wanted = _wanted(conference_id, asked)
    total = int(db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0)
    number = kept_inside(number, total)
    rows = db.session.execute(
        sa.select(Entry, Account.display_name, Conference.short_title)
        .outerjoin(Account, Account.id == Entry.account_id)
        .outerjoin(Conference, Conference.id == Entry.conference_id)
        .where(Entry.id.in_(wanted.order_by(Entry.id.desc()).limit(PAGE).offset((number - 1) * PAGE)))
        .order_by(Entry.id.desc())
    )
    lines = [_line(entry, name, None if conference_id else title) for entry, name, title in rows]
    return Page(lines, number, total)


def writers(conference_id: int | None) -> list[tuple[int, str]]:
    """Return number and name of the accounts that stand in the journal, by name."""
    known = sa.select(Entry.account_id).where(Entry.account_id.is_not(None)).distinct()
    if conference_id is not None:
        known = known.where(Entry.conference_id == conference_id)
    rows = db.session.execute(sa.select(Account.id, Account.display_name).where(Account.id.in_(known)))
    return sorted(((row.id, row.display_name) for row in rows), key=lambda one: (one[1], one[0]))


def families() -> list[str]:
    """Return the families that a reader may choose from."""
    return [*sorted(set(FAMILIES.values())), OTHER]


def _wanted(conference_id: int | None, asked: Asked) -> sa.Select[int]:
    wanted = sa.select(Entry.id)
    if conference_id is not None:
        wanted = wanted.where(Entry.conference_id == conference_id)
    if asked.words:
        wanted = wanted.where(sa.or_(*(column.icontains(asked.words, autoescape=True) for column in (Entry.sentence, Entry.actor))))
    if asked.family:
        wanted = wanted.where(_is_of(asked.family))
    if asked.who == SYSTEM:
        wanted = wanted.where(Entry.account_id.is_(None))
    elif asked.who.isdigit():
        wanted = wanted.where(Entry.account_id == int(asked.who[:9]))
    if asked.since:
        wanted = wanted.where(Entry.at >= _start_of(asked.since))
    if asked.until:
        wanted = wanted.where(Entry.at < _start_of(asked.until + timedelta(days=1)))
    if asked.subject:
        wanted = wanted.where(Entry.subject == asked.subject)
        if asked.subject_id is not None:
            wanted = wanted.where(Entry.subject_id == asked.subject_id)
    return wanted


def _is_of(family: str) -> sa.ColumnElement[bool]:
    if family == OTHER:
        return sa.and_(*(~Entry.verb.startswith(f"{prefix}.") for prefix in FAMILIES))
    return sa.or_(sa.false(), *(Entry.verb.startswith(f"{prefix}.") for prefix in prefixes_of(family)))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), COUNTRY)


def _line(entry: Entry, name: str | None, conference: str | None) -> Line:
    is_blanked = entry.actor == "" and entry.sentence == "" and entry.details == {}
    who = name or masked(entry.actor) or "Hệ thống"
    who = {"system": "Hệ thống", "init": "Lệnh trên máy chủ"}.get(who, who)
    return Line(entry.id, entry.at, who, family_of(entry.verb), masked(sentence_of(entry.verb, entry.sentence)), conference, is_blanked)
