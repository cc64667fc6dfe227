"""How long personal data is kept: rules that the administrator may change, what is due, and the run that deletes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from eventmgr import clock
from eventmgr.domain.dates import COUNTRY, to_local
from eventmgr.domain.errors import Invalid
from eventmgr.domain.privacy import ERASED, KINDS, Kind, KindWords, is_due
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import Seal, record
from eventmgr.models.privacy import KeepRule, Notice
from eventmgr.services import seals
from eventmgr.services.person_rows import contact_columns, table_of


@dataclass(frozen=True)
class Rule:
    """A kind of data with its words and the days it is kept here."""

    kind: Kind
    words: KindWords
    days: int


@dataclass(frozen=True)
class Due:
    """Rows of a kind that are past their time, of one conference or (None) of the whole copy."""

    kind: Kind
    conference: str | None
    rows: int


def rules() -> list[Rule]:
    """Return how long each kind is kept."""
    changed = {rule.kind: rule.days for rule in db.session.scalars(sa.select(KeepRule))}
    return [Rule(kind, words, changed.get(kind.value, words.days)) for kind, words in KINDS.items()]


def set_days(days: dict[str, str], by: int) -> None:
    """Change how long kinds are kept. Raises Invalid that names the kind whose number is none."""
    read: dict[Kind, int] = {}
    for kind, words in KINDS.items():
        text = days.get(kind.value, "").strip()
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 36500):
            raise Invalid(f"{words.what}: nhập số ngày từ 1 đến 36500.", kind.value)
        read[kind] = int(text)
    with transaction():
        for kind, number in read.items():
            row = db.session.get(KeepRule, kind.value)
            if row is None:
                db.session.add(KeepRule(kind=kind.value, days=number, changed_at=clock.now(), changed_by_id=by))
            elif row.days != number:
                row.days, row.changed_at, row.changed_by_id = number, clock.now(), by
        record("privacy.rules_set", clock.now(), conference_id=None, account_id=by, subject="privacy", sentence="Sửa thời hạn giữ dữ liệu cá nhân.", days={kind.value: number for kind, number in read.items()})


def due() -> list[Due]:
    """Return what a run would delete now: nothing is changed. Only conferences that somebody has closed count."""
    with db.engine.connect() as connection:
        return _go_through(connection, change=False)


def run(by: int | None = None) -> list[Due]:
    """Delete what is past its time and write down how much; a second run finds nothing."""
    seals.seal_lines()
    if not due():
        return []
    with transaction():
        done = _go_through(db.session.connection(), change=True)
        for one in done:
            where = f" ({one.conference})" if one.conference else ""
            record(
                "privacy.expired", clock.now(), conference_id=None, account_id=by, actor="" if by else "system", subject="privacy",
                sentence=f"Hết hạn giữ{where}: {KINDS[one.kind].what}: {one.rows} dòng, {KINDS[one.kind].then}.",
            )
        return done


def newest_notice() -> Notice | None:
    """Return the notice that counts, or None while nobody has written one."""
    return db.session.scalars(sa.select(Notice).order_by(Notice.id.desc()).limit(1)).first()


def publish_notice(controller: str, contact: str, extra: str, by: int) -> None:
    """Publish a new version of the notice, dated today. Raises Invalid with the field that is empty."""
    if not controller:
        raise Invalid("Ghi tên cơ quan chịu trách nhiệm.", "controller")
    if not contact:
        raise Invalid("Ghi nơi liên hệ để người có dữ liệu hỏi và yêu cầu.", "contact")
    at = clock.now()
    with transaction():
        db.session.add(Notice(dated_on=to_local(at).date(), controller=controller[:300], contact=contact[:500], extra=extra[:4000], published_at=at, published_by_id=by))
        record("privacy.notice", at, conference_id=None, account_id=by, subject="privacy", sentence="Công bố thông báo xử lý dữ liệu cá nhân, bản mới.")


def _go_through(connection: Connection, *, change: bool) -> list[Due]:
    at = clock.now()
    today = to_local(at).date()
    days = {rule.kind: rule.days for rule in rules()}
    found = []
    over = sa.select(Conference.id, Conference.short_title, Conference.held_on).where(Conference.state.in_(("closed", "archived")))
    known = connection.execute(over.order_by(Conference.id)).all()
    for conference in known:
        for kind, work in _OF_CONFERENCE.items():
            if is_due(conference.held_on, days[kind], today) and (rows := work(connection, conference.id, conference.held_on, change)):
                found.append(Due(kind, conference.short_title, rows))
    for kind, work_on in _OF_COPY.items():
        if rows := work_on(connection, at - timedelta(days=days[kind]), change):
            found.append(Due(kind, None, rows))
    return found


def _links(connection: Connection, conference_id: int, held_on: date, change: bool) -> int:
    at, total = clock.now(), 0
    for table in (table_of("passes"), table_of("phones")):
        mine = sa.and_(table.c.conference_id == conference_id, table.c.revoked_at.is_(None))
        total += _count(connection, table, mine)
        if change:
            connection.execute(sa.update(table).where(mine).values(revoked_at=at))
    bodies = table_of("bodies")
    linked = sa.and_(bodies.c.conference_id == conference_id, bodies.c.link_digest.is_not(None))
    total += _count(connection, bodies, linked)
    if change:
        connection.execute(sa.update(bodies).where(linked).values(link_seed=None, link_digest=None))
    return total


def _contacts(connection: Connection, conference_id: int, held_on: date, change: bool) -> int:
    total = 0
    for table in db.metadata.sorted_tables:
        columns = contact_columns(table) if "conference_id" in table.columns else []
        if table.name == "replies":
            columns = [table.c.reason, table.c.note]
        filled = [column.is_not(None) if column.nullable else column != "" for column in columns]
        if not filled:
            continue
        mine = sa.and_(table.c.conference_id == conference_id, sa.or_(*filled))
        total += _count(connection, table, mine)
        if change:
            connection.execute(sa.update(table).where(mine).values({c.name: None if c.nullable else "" for c in columns}))
    return total


def _arrivals(connection: Connection, conference_id: int, held_on: date, change: bool) -> int:
    """The hour goes, the day stays: who was there is in the report, when each came in is nobody's business any more."""
    day, total = datetime.combine(held_on, datetime.min.time(), COUNTRY), 0
    for table, columns in ((table_of("admissions"), ("admitted_at",)), (table_of("scans"), ("scanned_at", "received_at"))):
        mine = sa.and_(table.c.conference_id == conference_id, table.c[columns[0]] != day)
        total += _count(connection, table, mine)
        if change:
            connection.execute(sa.update(table).where(mine).values(dict.fromkeys(columns, day)))
    return total


def _sessions(connection: Connection, before: datetime, change: bool) -> int:
    table = table_of("sign_ins")
    old = table.c.created_at < before
    count = _count(connection, table, old)
    if change:
        connection.execute(sa.delete(table).where(old))
    return count


def _journal(connection: Connection, before: datetime, change: bool) -> int:
    """Lines go as far as they are chained, but not the newest one: SQLite would give its number away again."""
    head = seals.head_of(connection)
    table = table_of("journal")
    old = sa.and_(table.c.at < before, table.c.id < (head[0] if head else 0))
    count = _count(connection, table, old)
    if change and count:
        connection.execute(sa.update(Seal).where(Seal.entry_id.in_(sa.select(table.c.id).where(old))).values(gone_at=clock.now(), salt=None))
        connection.execute(sa.delete(table).where(old))
    return count


def _requests(connection: Connection, before: datetime, change: bool) -> int:
    """The words go; what was asked, when it was answered and how stays, and so does its number."""
    table = table_of("data_requests")
    old = sa.and_(table.c.answered_on < to_local(before).date(), table.c.asked_by != ERASED)
    count = _count(connection, table, old)
    if change:
        why = sa.case((table.c.extended_because.is_not(None), ERASED))  # a request was extended with a reason or not at all
        gone = {"asked_by": ERASED, "contact": "", "words": ERASED, "answer": ERASED, "extended_because": why}
        connection.execute(sa.update(table).where(old).values(gone))
    return count


def _breaches(connection: Connection, before: datetime, change: bool) -> int:
    table = table_of("data_breaches")
    old = sa.and_(table.c.closed_at < before, table.c.what != ERASED)
    count = _count(connection, table, old)
    if change:
        connection.execute(sa.update(table).where(old).values({"what": ERASED, "concerned": ERASED, "measures": ERASED}))
    return count


def _count(connection: Connection, table: sa.Table, wanted: sa.ColumnElement[bool]) -> int:
    return int(connection.scalar(sa.select(sa.func.count()).select_from(table).where(wanted)) or 0)


_OF_CONFERENCE: dict[Kind, Callable[[Connection, int, date, bool], int]] = {Kind.LINKS: _links, Kind.CONTACTS: _contacts, Kind.ARRIVALS: _arrivals}
_OF_COPY: dict[Kind, Callable[[Connection, datetime, bool], int]] = {
    Kind.SESSIONS: _sessions, Kind.JOURNAL: _journal, Kind.REQUESTS: _requests, Kind.BREACHES: _breaches,
}  # fmt: skip
