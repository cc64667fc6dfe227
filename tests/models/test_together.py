"""Several who ask at once: one commit on SQLite, each its own on PostgreSQL; nobody pays for another's mistake."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from eventmgr import clock
from eventmgr.models.database import db
from eventmgr.models.journal import Entry, record
from eventmgr.models.together import Together

FIRST = "first"


def stored() -> list[str]:
    return sorted(db.session.scalars(sa.select(Entry.subject).where(Entry.verb == "test.together")))


class Hall:
    """A kind of work that writes a line for each; the first waits until the others stand in line behind it."""

    def __init__(self, app: Flask, most: int = 100) -> None:
        self.app, self.groups, self.begun, self.go_on = app, list[list[str]](), Event(), Event()
        self.together = Together(self.work, weigh=lambda asked: 5 if asked.startswith("heavy") else 1, most=most)

    def work(self, asked: Sequence[str]) -> list[str]:
        if FIRST in asked:
            self.begun.set()
            assert self.go_on.wait(30)
        self.groups.append(list(asked))
        for one in asked:
            record("test.together", clock.now(), conference_id=None, subject=one)
            if one == "locked":
                raise OperationalError("", None, Exception("locked"))
            if one.startswith("bad"):
                raise ValueError(one)
        return [f"{one} is stored" for one in asked]

    def ask(self, asked: str) -> str:
        with self.app.app_context():
            try:
                return self.together.ask(asked)
            finally:
                db.session.remove()

    def all_behind_the_first(self, *asked: str) -> list[str | Exception]:
        """Let all ask while the first writes; return what each was told or what was raised."""
        db.session.remove()
        with ThreadPoolExecutor(len(asked) + 1) as threads:
            first = threads.submit(self.ask, FIRST)
            assert self.begun.wait(30)
            others: list[Future[str]] = []
            for one in asked:
                others.append(threads.submit(self.ask, one))
                self._until(lambda: self._in_line() == len(others))
            self.go_on.set()
            assert first.result(30) == f"{FIRST} is stored"
            return [other.exception(30) or other.result(30) for other in others]  # type: ignore[misc]

    def _in_line(self) -> int:
        return sum(len(line.waiting) for line in self.together._lines.values())

    def _until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.001)


@pytest.fixture
def hall(app: Flask) -> Hall:
    if db.engine.dialect.name != "sqlite":  # nobody waits for anybody there: the first must not either
        made = Hall(app)
        made.go_on.set()
        made._until = lambda holds: None  # type: ignore[method-assign]
        return made
    return Hall(app)


def on_sqlite(grouped: list[list[str]]) -> list[list[str]]:
    """Return the groups that are expected: these, or on PostgreSQL each alone."""
    return grouped if db.engine.dialect.name == "sqlite" else sorted([one] for group in grouped for one in group)


def seen(hall: Hall) -> list[list[str]]:
    return hall.groups if db.engine.dialect.name == "sqlite" else sorted(hall.groups)


def test_who_asks_meanwhile_goes_together_in_the_order_of_asking(hall: Hall):
    told = hall.all_behind_the_first("b", "a", "c")
    assert told == ["b is stored", "a is stored", "c is stored"]
    assert seen(hall) == on_sqlite([[FIRST], ["b", "a", "c"]])
    assert stored() == ["a", "b", "c", FIRST]


def test_what_is_heavy_goes_with_fewer(app: Flask, hall: Hall):
    hall.together._most = 5
    hall.all_behind_the_first("a", "heavy b", "c", "d", "heavy e", "heavy f")
    assert seen(hall) == on_sqlite([[FIRST], ["a", "heavy b"], ["c", "d", "heavy e"], ["heavy f"]])


def test_a_mistake_is_told_to_the_one_who_made_it(hall: Hall):
    good, bad, also_good = hall.all_behind_the_first("a", "bad b", "c")
    assert (good, also_good) == ("a is stored", "c is stored")
    assert isinstance(bad, ValueError)
    assert str(bad) == "bad b"
    assert stored() == ["a", "c", FIRST]


def test_a_database_that_cannot_write_is_told_to_all_and_stores_nothing(hall: Hall):
    told = hall.all_behind_the_first("a", "locked")
    whole = db.engine.dialect.name == "sqlite"
    assert [isinstance(one, OperationalError) for one in told] == [whole, True]
    assert stored() == ([FIRST] if whole else ["a", FIRST])


def test_nobody_is_forgotten_when_the_writer_is_told_to_stop(app: Flask, hall: Hall):
    if db.engine.dialect.name != "sqlite":
        with pytest.raises(KeyboardInterrupt), app.app_context():
            hall.together._work = lambda asked: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[assignment,misc]
            hall.together.ask("a")
        assert stored() == []
        return
    work, stopped = hall.work, []

    def stop_once(asked: Sequence[str]) -> list[str]:
        if "a" in asked and not stopped:
            stopped.append(list(asked))
            raise KeyboardInterrupt
        return work(asked)

    hall.together._work = stop_once
    told = hall.all_behind_the_first("a", "b", "c")
    assert isinstance(told[0], KeyboardInterrupt)
    assert (told[1:], stopped) == (["b is stored", "c is stored"], [["a", "b", "c"]])
    assert stored() == ["b", "c", FIRST]
