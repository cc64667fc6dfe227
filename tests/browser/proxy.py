"""A network between browser and server that can be cut: silently (nothing passes, nobody is told) or hard (refused)."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from tests.servers import free_port


class Network:
    """Passes connections on to a port of this machine; `silent_cut`, `hard_cut` and `mend` are what a cable does."""

    def __init__(self, to: int) -> None:
        self.to, self.port = to, free_port()
        self._flows, self._lock = threading.Event(), threading.Lock()
        self._flows.set()
        self._open: set[socket.socket] = set()
        self._ended = False
        self._listening: socket.socket | None = None
        self._listen()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def silent_cut(self) -> None:
        """Let nothing through any more; connections stay open, and new ones are taken but never answered."""
        self._flows.clear()

    def hard_cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._stop_listening()
        self._break()

    def mend(self) -> None:
        """Let everything through again; what hung in a silent cut is lost, as after a changed route."""
        self._break()
        self._flows.set()
        if self._listening is None:
            self._listen()

    def close(self) -> None:
        self._ended = True
        self._flows.set()
        self._stop_listening()
        self._break()

    def _listen(self) -> None:
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", self.port))
        made.listen(100)
        self._listening = made
        threading.Thread(target=self._accept, args=(made,), daemon=True).start()

    def _stop_listening(self) -> None:
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None

    def _break(self) -> None:
        with self._lock:
            broken, self._open = self._open, set()
        for one in broken:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with self._lock:
            self._open.add(near)
        try:
            far = socket.create_connection(("127.0.0.1", self.to), timeout=5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        with self._lock:
            self._open.add(far)
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self._flows.wait()
                if self._ended:
                    break
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
