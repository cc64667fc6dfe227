"""One reader per process, many listeners, bounded queues."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.dates import to_local
from eventmgr.live.bell import Bell
from eventmgr.live.listener import Key, Listener
from eventmgr.live.sse import Frame, frame
from eventmgr.live.views import VIEWS
from eventmgr.models.database import db
from eventmgr.models.journal import Entry

log = logging.getLogger("eventmgr.live")

Render = Callable[[int, str], Sequence[str]]
Context = Callable[[], AbstractContextManager[object]]
Entitled = Callable[[set[tuple[int, Key]]], set[tuple[int, Key]]]
"""Of (session, view) return those that may look at this moment."""

BEAT_EVERY = 15.0
LOOK_EVERY = 0.5
LOOK_EVERY_WITH_BELL = 5.0
GAP = 0.02
CROWD_GAP = 0.5
LOOK_BACK = 200
REST = 5.0
ACCESS = ("account.", "role.")
AT_ONCE = ("stage.", "ceremony.")
"""What people on stage press is told without a pause; a crowd at the door twice a second."""


class Full(Exception):
    """This process has as many listeners as it may have."""


@dataclass
class _Channel:
    """Everybody who looks at one view of one conference, and the newest frame for who comes next."""

    listeners: set[Listener] = field(default_factory=set)
    pieces: tuple[str, ...] | None = None
    newest: Frame | None = None
    stale: bool = True
    rendered_at: float = 0.0


class Hub:
    """Tells open screens of one process what happened; its reader starts with the first listener."""

    def __init__(self, limit: int, bell: Bell | None = None) -> None:
        self.limit, self.bell = limit, bell or Bell()
        self.bell.on_ring(self.wake)
        self._channels: dict[Key, _Channel] = {}
        self._pages: dict[str, Listener] = {}
        self._count = 0
        self._lock = threading.Lock()
        self._rung, self._closed = threading.Event(), threading.Event()
        self._started = False
        self._last_id: int | None = None
        self._day: date | None = None
        self._seen: set[int] = set()
        self._render: Render = lambda conference_id, view: ()
        self._context: Context | None = None
        self._entitled: Entitled = lambda asked: asked

    def join(self, render: Render, context: Context, entitled: Entitled | None = None) -> None:
        """Take the function that makes a view's fragment, piece by piece, and the context that the database needs.

        `entitled` says which sessions may go on looking; it is asked at every beat and when access changed.
        """
        self._render, self._context = render, context
        self._entitled = entitled or self._entitled

    @property
    def listeners(self) -> int:
        """How many streams are open in this process."""
        return self._count

    def ring(self) -> None:
        """Tell every process that something was committed."""
        self.bell.ring()

    def wake(self) -> None:
        """Let the reader of this process look at the journal now."""
        self._rung.set()

    def listen(
        self, conference_id: int, view: str, *, packed: bool = False, page: str | None = None, sign_in: int | None = None
    ) -> Listener:
        """Open a stream that begins with the whole present state; raises Full beyond the limit.

        With `sign_in` it ends when that session may no longer look.

        A page that comes back takes the place of its stream of before: after a silent cut nobody else would notice
        for minutes that it is dead, and the dead would fill the house.
        """
        key = (conference_id, view)
        listener = Listener(self.leave, key, packed, page, sign_in)
        if page is not None and (before := self._pages.get(page)) is not None:
            before.end()
            self.leave(before)
        with self._lock:
            if self._count >= self.limit or self._closed.is_set():
                raise Full
            self._start()
            channel = self._channels.setdefault(key, _Channel())
            channel.listeners.add(listener)
            self._count += 1
            if page is not None:
                self._pages[page] = listener
            if channel.newest is not None:
                listener.tell(channel.newest)
        if channel.newest is None:
            self._rung.set()
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a listener; a view that nobody looks at is forgotten with the last one."""
        with self._lock:
            channel = self._channels.get(listener.key)
            if channel is None or listener not in channel.listeners:
                return
            channel.listeners.discard(listener)
            self._count -= 1
            if listener.page is not None and self._pages.get(listener.page) is listener:
                del self._pages[listener.page]
            if not channel.listeners:
                del self._channels[listener.key]

    def close(self) -> None:
        """End every stream and the reader; browsers come back to whoever serves next."""
        self._closed.set()
        self._rung.set()
        with self._lock:
            open_streams = [listener for channel in self._channels.values() for listener in channel.listeners]
        for listener in open_streams:
            listener.end()
        self.bell.close()

    def _start(self) -> None:
        if self._started:
            return
        self._started = True
        threading.Thread(target=self._run, name="eventmgr-hub", daemon=True).start()
        if self.bell.reaches_others:
            threading.Thread(target=self.bell.listen, args=(self._closed,), name="eventmgr-bell", daemon=True).start()

    def _run(self) -> None:
        pause = LOOK_EVERY_WITH_BELL if self.bell.reaches_others else LOOK_EVERY
        next_beat = time.monotonic() + BEAT_EVERY
        while not self._closed.is_set():
            late = self._waiting()
            self._rung.wait(min(pause, late) if late is not None else pause)
            self._rung.clear()
            if self._closed.is_set():
                return
            beats = time.monotonic() >= next_beat
            try:
                self._look()
                if beats:
                    self._show_out()
            except Exception:
                log.exception("the hub could not look")
                self._closed.wait(1.0)
            if beats:
                next_beat = time.monotonic() + BEAT_EVERY
                self._beat()
            time.sleep(GAP)

    def _waiting(self) -> float | None:
        """Seconds until a view that was put off is due, if one is."""
        with self._lock:
            due = [channel.rendered_at + CROWD_GAP for channel in self._channels.values() if channel.stale]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _look(self) -> None:
        """Read the new lines of the journal and render what they change."""
        with self._lock:
            keys = sorted(self._channels, key=lambda key: list(VIEWS).index(key[1]))
        if not keys:
            self._last_id = None  # nobody looks: whoever comes next gets a fresh state
            return
        verbs = self._new_verbs()
        today = to_local(clock.now()).date()
        new_day, self._day = today != self._day, today  # names of the awards open on the day itself: no press tells of it
        if any(verb.startswith(ACCESS) for told in verbs.values() for verb in told):
            self._show_out()
        for key in keys:
            told = verbs.get(key[0], set()) | verbs.get(None, set())
            beginnings = VIEWS[key[1]]
            touched = {verb for verb in told if verb.startswith(beginnings)}
            if touched or new_day or self._is_stale(key):
                self._refresh(key, at_once=any(verb.startswith(AT_ONCE) for verb in touched))

    def _new_verbs(self) -> dict[int | None, set[str]]:
        """Return conference -> verbs of the lines not seen before.

        PostgreSQL may show a smaller number after a larger one, so the last numbers are looked at again.
        """
        verbs: dict[int | None, set[str]] = {}
        with self._in_context():
            if self._last_id is None:
                self._last_id = int(db.session.scalar(sa.select(sa.func.max(Entry.id))) or 0)
                self._seen = set(db.session.scalars(sa.select(Entry.id).where(Entry.id > self._last_id - LOOK_BACK)))
            asked = sa.select(Entry.id, Entry.conference_id, Entry.verb).where(Entry.id > self._last_id - LOOK_BACK)
            for entry_id, conference_id, verb in db.session.execute(asked):
                if entry_id not in self._seen:
                    self._seen.add(entry_id)
                    verbs.setdefault(conference_id, set()).add(verb)
                    self._last_id = max(self._last_id, entry_id)
        self._seen = {entry_id for entry_id in self._seen if entry_id > self._last_id - 2 * LOOK_BACK}
        return verbs

    def _in_context(self) -> AbstractContextManager[object]:
        if self._context is None:
            raise RuntimeError("nobody has joined the hub")
        return self._context()

    def _is_stale(self, key: Key) -> bool:
        with self._lock:
            channel = self._channels.get(key)
            return channel is not None and channel.stale

    def _refresh(self, key: Key, at_once: bool) -> None:
        """Render a view once and hand what changed to everybody who looks at it.

        Who comes next begins with all of it. A crowd at the door is told twice a second.
        """
        with self._lock:
            channel = self._channels.get(key)
        if channel is None:
            return
        channel.stale = True
        if not at_once and channel.newest is not None and time.monotonic() - channel.rendered_at < CROWD_GAP:
            return
        entry_id = self._last_id
        try:
            pieces = tuple(self._render(*key))
        except Exception:
            log.exception("no fragment for %s of conference %s", key[1], key[0])
            channel.rendered_at = time.monotonic() + REST
            return
        channel.rendered_at, channel.stale = time.monotonic(), False
        if pieces == channel.pieces:
            return
        whole = frame("state", "\n".join(pieces), entry_id)
        changed = _changed(channel.pieces, pieces)
        update = whole if changed == pieces else frame("state", "\n".join(changed), entry_id)
        with self._lock:
            first = channel.newest is None
            channel.pieces, channel.newest = pieces, whole
            told = list(channel.listeners)
        self._tell(told, whole if first else update)

    def _beat(self) -> None:
        """Send everybody the server's time: finds dead streams, and shows the living ones that they live."""
        with self._lock:
            told = [listener for channel in self._channels.values() for listener in channel.listeners]
        self._tell(told, frame("beat", str(int(clock.now().timestamp() * 1000))))

    def _show_out(self) -> None:
        """End the streams of sessions that have ended and of people whose role was taken back."""
        with self._lock:
            bound = [one for channel in self._channels.values() for one in channel.listeners if one.sign_in is not None]
        if not bound:
            return
        with self._in_context():
            entitled = self._entitled({(one.sign_in, one.key) for one in bound if one.sign_in is not None})
        for listener in bound:
            if (listener.sign_in, listener.key) not in entitled:
                listener.tell(frame("over", ""))
                listener.end()
                self.leave(listener)

    def _tell(self, listeners: list[Listener], made: Frame) -> None:
        for listener in listeners:
            if not listener.tell(made):
                listener.end()
                self.leave(listener)


def _changed(old: tuple[str, ...] | None, new: tuple[str, ...]) -> tuple[str, ...]:
    """The pieces that are not what they were; all of them when their number is another."""
    if old is None or len(old) != len(new):
        return new
    return tuple(piece for before, piece in zip(old, new, strict=True) if piece != before)
