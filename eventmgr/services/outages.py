"""Failures that are the machine's and pass by: the database is away or locked, the disk is full.

Nothing of the work that met one is stored; whoever asked is told so in a sentence, and asks again.
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from eventmgr.models.database import db

KINDS: tuple[type[Exception], ...] = (SQLAlchemyError, sqlite3.Error, OSError)
"""The classes of exception among which outages are; most of their members are mistakes of ours."""

_DISK = (errno.ENOSPC, errno.EDQUOT)
_SQLITE = {
    sqlite3.SQLITE_BUSY: "locked", sqlite3.SQLITE_LOCKED: "locked", sqlite3.SQLITE_FULL: "full", sqlite3.SQLITE_IOERR: "away",
    sqlite3.SQLITE_CANTOPEN: "away", sqlite3.SQLITE_READONLY: "away",
}  # fmt: skip
_POSTGRESQL = {"53100": "full", "53": "away", "57": "away", "08": "away", "40P01": "locked", "55P03": "locked"}


@dataclass(frozen=True)
class Outage:
    """What people are told, and after how many seconds to try again."""

    sentence: str
    seconds: int


OUTAGES = {
    "locked": Outage("Cơ sở dữ liệu đang bận một việc khác nên việc vừa rồi chưa được ghi.", 5),
    "full": Outage("Ổ đĩa của máy chủ đã đầy nên việc vừa rồi chưa được ghi. Báo người quản trị dọn chỗ trên máy chủ.", 30),
    "away": Outage("Cơ sở dữ liệu đang tạm ngừng nên việc vừa rồi chưa được ghi.", 10),
}


def outage_of(problem: BaseException) -> Outage | None:
    """Return what to tell about a failure of the machine; None for everything else, which is a mistake of ours."""
    if isinstance(problem, OSError):
        return OUTAGES["full"] if problem.errno in _DISK else None
    if isinstance(problem, NoConnectionFree):
        return OUTAGES["locked"]
    driver = problem.orig if isinstance(problem, DBAPIError) else problem
    if isinstance(driver, sqlite3.Error):
        return OUTAGES.get(_SQLITE.get(getattr(driver, "sqlite_errorcode", 0) & 0xFF, ""))
    if not isinstance(problem, DBAPIError):
        return None
    state = getattr(driver, "sqlstate", None)
    if state is None:  # it never got as far as an answer
        return OUTAGES["away"] if type(driver).__name__ == "OperationalError" else None
    return OUTAGES.get(_POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2], ""))


def start_anew() -> None:
    """Forget a session that a failure left half way, so that the next work of this thread begins with a fresh one."""
    with suppress(SQLAlchemyError, sqlite3.Error, RuntimeError):  # without a context there is no session to forget
        db.session.remove()
