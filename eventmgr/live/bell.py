"""The bell says that something happened, never what: within this process, and through Redis to the others."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger("eventmgr.live")

CHANNEL = "eventmgr:bell"
_REST = 5.0


class Bell:
    """Rings the hubs; with a Redis address also those of other processes. Without Redis screens are late, not wrong."""

    def __init__(self, redis_url: str | None = None) -> None:
        self.redis_url = redis_url
        self._heard: Callable[[], None] = lambda: None
        self._client: Any = None
        self._silent_until = 0.0

    @property
    def reaches_others(self) -> bool:
        """Whether other processes hear it."""
        return self.redis_url is not None

    def on_ring(self, heard: Callable[[], None]) -> None:
        """Call `heard` in this process whenever the bell rings."""
        self._heard = heard

    def ring(self) -> None:
        """Wake this process's hub and tell the others."""
        self._heard()
        if self.redis_url is None or time.monotonic() < self._silent_until:
            return
        try:
            self._connected().publish(CHANNEL, b"1")
        except Exception as problem:
            self._silent_until = time.monotonic() + _REST
            log.warning("the bell does not reach Redis: %s", problem)

    def listen(self, closed: threading.Event) -> None:
        """Hear the other processes until `closed`; returns at once without Redis."""
        while self.redis_url is not None and not closed.is_set():
            try:
                self._hear(closed)
            except Exception as problem:
                log.warning("no bell from Redis: %s", problem)
                closed.wait(_REST)

    def close(self) -> None:
        """Let the connection go."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _hear(self, closed: threading.Event) -> None:
        with self._connect(socket_timeout=None) as client, client.pubsub(ignore_subscribe_messages=True) as heard:
            heard.subscribe(CHANNEL)
            while not closed.is_set():
                if heard.get_message(timeout=1.0) is not None:
                    self._heard()

    def _connected(self) -> Any:
        if self._client is None:
            self._client = self._connect(socket_timeout=0.3)
        return self._client

    def _connect(self, socket_timeout: float | None) -> Any:
        import redis  # optional: only a copy with several processes has it

        return redis.Redis.from_url(str(self.redis_url), socket_connect_timeout=0.5, socket_timeout=socket_timeout)
