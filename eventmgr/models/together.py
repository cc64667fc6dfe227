"""One commit for all who ask for one at the same moment, where the database has a single writer.

A commit waits for the disk, and on SQLite everybody waits with it: fifty phones that pay for one each stand in line for
fifty. What has been asked for by the time a transaction begins therefore goes into it together. Nobody is kept waiting for
company: whoever comes alone is stored at once.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from eventmgr.models.database import db, transaction

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class _Waiting(Generic[Asked, Told]):
    """Somebody who waits: what is asked for, and in the end the answer or what went wrong."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.done = asked, False
        self.told: Told | None = None
        self.problem: Exception | None = None
        self.woken = threading.Event()

    def end(self, told: Told | None, problem: Exception | None = None) -> None:
        self.told, self.problem, self.done = told, problem, True


class _Line(Generic[Asked, Told]):
    """Those who wait for one database, in their order; one of them writes for the others."""

    def __init__(self) -> None:
        self.waiting: deque[_Waiting[Asked, Told]] = deque()
        self.has_writer = False
        self.lock = threading.Lock()

    def join(self, one: _Waiting[Asked, Told]) -> bool:
        """Stand in line; return whether this one is to write."""
        with self.lock:
            self.waiting.append(one)
            is_writer, self.has_writer = not self.has_writer, True
            return is_writer

    def pass_on(self) -> None:
        """Let the next in line write."""
        with self.lock:
            if self.waiting:
                self.waiting[0].woken.set()
            else:
                self.has_writer = False


class Together(Generic[Asked, Told]):
    """Does a kind of work for several who ask at once in one transaction.

    `work` gets what was asked for, in the order of asking, inside an open transaction, and returns one answer for each.
    What weighs more than `most` in sum does not go together, so that screens and readers get their turn in between.
    Where the work fails, it is undone and done again for each alone: a mistake is told to the one who made it.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], list[Told]], weigh: Callable[[Asked], int], most: int) -> None:
        self._work, self._weigh, self._most = work, weigh, most
        self._lines: WeakKeyDictionary[Engine, _Line[Asked, Told]] = WeakKeyDictionary()

    def ask(self, asked: Asked) -> Told:
        """Do the work for one and return the answer once it is stored; raises what the work raises for this one."""
        engine = db.engine
        if engine.dialect.name != "sqlite":  # PostgreSQL joins the commits of many writers by itself
            return self._alone(asked)
        db.session().close()  # whoever waits holds no connection: the pool is small, and opening another one takes longer
        line = self._lines.setdefault(engine, _Line())
        me: _Waiting[Asked, Told] = _Waiting(asked)
        if not line.join(me):
            me.woken.wait()
        if not me.done:
            # Whoever is ready to ask does so now: the first wait lets the event loop look at its connections, which a
            # mere yield does not, and the second lets those it found run. Without, quick phones would shut slow ones out.
            time.sleep(1e-6)
            time.sleep(0)
            self._write(line)
        if me.problem is not None:
            raise me.problem
        return me.told  # type: ignore[return-value]

    def _write(self, line: _Line[Asked, Told]) -> None:
        """Serve the first in line, who is the caller, with as many behind as go together."""
        with line.lock:
            served, weight = [line.waiting.popleft()], 0
            while line.waiting and (weight := weight + self._weigh(served[-1].asked)) < self._most:
                served.append(line.waiting.popleft())
        try:
            self._answer(served)
        finally:
            with line.lock:  # told to stop in the middle: nobody is forgotten
                line.waiting.extendleft(one for one in reversed(served[1:]) if not one.done)
            for one in served[1:]:
                if one.done:
                    one.woken.set()
            line.pass_on()

    def _answer(self, served: list[_Waiting[Asked, Told]]) -> None:
        try:
            with transaction():
                answers = self._work([one.asked for one in served])
        except OperationalError as problem:  # locked for too long, no room on the disk: the same for everybody
            for one in served:
                one.end(None, problem)
        except Exception as problem:
            if len(served) == 1:
                served[0].end(None, problem)
            else:
                for one in served:
                    self._answer([one])
        else:
            for one, told in zip(served, answers, strict=True):
                one.end(told)

    def _alone(self, asked: Asked) -> Told:
        with transaction():
            return self._work([asked])[0]
