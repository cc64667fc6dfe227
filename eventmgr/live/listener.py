"""One open stream: a bounded queue of frames and the bytes that they become."""

from __future__ import annotations

import queue
import random
from collections.abc import Callable, Iterator

from eventmgr.live.sse import GZIP_HEAD, Frame, preamble

Key = tuple[int, str]
"""Conference and view."""

QUEUE = 16


class Listener:
    """An open stream: iterate over its bytes; `close` lets it go. It never touches the database.

    `page` names the browser page that listens, where it says so; `sign_in` the session by which staff look.
    """

    def __init__(
        self, leave: Callable[[Listener], None], key: Key, packed: bool, page: str | None = None, sign_in: int | None = None
    ) -> None:
        self._leave, self.key, self.packed, self.page, self.sign_in = leave, key, packed, page, sign_in
        self._frames: queue.Queue[Frame | None] = queue.Queue(QUEUE)
        self._begun = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._begun:
            self._begun = True
            first = preamble(random.random())
            return GZIP_HEAD + first.packed if self.packed else first.plain
        told = self._frames.get()
        if told is None:
            self.close()
            raise StopIteration
        return told.packed if self.packed else told.plain

    def close(self) -> None:
        """Leave the hub; twice is as good as once."""
        self._leave(self)

    def tell(self, told: Frame) -> bool:
        """Queue a frame; False when the listener is too slow to take it."""
        try:
            self._frames.put_nowait(told)
        except queue.Full:
            return False
        return True

    def end(self) -> None:
        """Let the stream end, whatever is still queued."""
        while True:
            try:
                return self._frames.put_nowait(None)
            except queue.Full:
                try:
                    self._frames.get_nowait()
                except queue.Empty:
                    continue
