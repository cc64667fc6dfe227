"""Clients that take their time: each part of the talk has its seconds, and who needs longer is cut off.

A proxy in front reads slow clients for us; without one a line that never finishes would be kept for ever. The seconds are
those of the setting EVENTMGR_CLIENT_SECONDS:

- a head, from the end of the answer before it (so also a line that says nothing): that many seconds in all;
- a body: that many seconds of waiting, and one more for each RATE bytes that came, so that long uploads on thin lines pass;
- an answer or a stream: that many seconds in which the line takes nothing more. What the kernel holds for a line that takes
  nothing is bounded by SEND_BUFFER, what waits behind it by the queue of its listener;
- a TLS handshake: that many seconds for each of its steps.
"""

from __future__ import annotations

import errno
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Any, BinaryIO

from gunicorn.workers.ggevent import GeventWorker

RATE = 1024
"""Bytes a second, at least, once the first seconds of a body are over."""
SEND_BUFFER = 128 * 1024
PIECE = 64 * 1024


class TooSlow(ConnectionResetError):
    """The client took too long; to the server it is one that hung up."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "the client took too long")


class Line:
    """A client's connection that counts how long it waits for the client; everything else is the socket's."""

    def __init__(self, sock: Any, seconds: float) -> None:
        self._sock, self._seconds = sock, seconds
        # gevent's socket keeps the system's below it, which never waits; a TLS line has none that may be used.
        self._quick = None if isinstance(sock, ssl.SSLSocket) else getattr(sock, "_sock", None)
        self._in_body, self._waited, self._came, self._cut = False, 0.0, 0, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def expect(self, body: bool) -> None:
        """Say what comes next: the body of a request, or the head of the next one, which gunicorn itself limits."""
        self._in_body, self._waited, self._came = body, 0.0, 0
        self._sock.settimeout(None)

    def recv(self, size: int) -> bytes:
        """Return what comes; raises TooSlow when a body comes too slowly, and for good."""
        if self._cut:
            raise TooSlow
        if not self._in_body:
            return bytes(self._sock.recv(size))
        left = self._seconds + self._came / RATE - self._waited
        begun = time.monotonic()
        came: bytes = self._in_time(left, self._sock.recv, size)
        self._waited += time.monotonic() - begun
        self._came += len(came)
        return came

    def send(self, data: bytes | memoryview) -> int:
        """Send what the line takes; raises TooSlow when it takes nothing for too long."""
        if self._cut:
            raise TooSlow
        if self._quick is not None:  # a press reaches a thousand lines, nearly all of which take it at once
            with suppress(BlockingIOError):
                return int(self._quick.send(data))
        if self._sock.gettimeout() == 0:  # gunicorn's last words to a client, which wait for nobody
            return int(self._sock.send(data))
        while not (sent := int(self._in_time(self._seconds, self._sock.send, data))):
            pass
        return sent

    def sendall(self, data: bytes) -> None:
        """Send everything, piece by piece."""
        left = data if len(data) <= PIECE else memoryview(data)
        while left:
            left = left[self.send(left[:PIECE]) :]

    def sendfile(self, file: BinaryIO, offset: int = 0, count: int | None = None) -> int:
        """Send a file, or `count` bytes of it, piece by piece; return the bytes sent."""
        file.seek(offset)
        sent = 0
        while part := file.read(PIECE if count is None else min(PIECE, count - sent)):
            self.sendall(part)
            sent += len(part)
        return sent

    def _in_time(self, seconds: float, act: Callable[[Any], Any], what: Any) -> Any:
        if seconds > 0:
            self._sock.settimeout(seconds)
            try:
                return act(what)
            except TimeoutError:
                pass
        self._cut = True
        raise TooSlow


class PatientWorker(GeventWorker):  # type: ignore[misc]
    """gunicorn's gevent worker, whose patience ends."""

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection."""
        client.setsockopt(SOL_SOCKET, SO_SNDBUF, SEND_BUFFER)
        super().handle(listener, Line(client, self.cfg.keepalive), addr)

    def handle_request(self, listener_name: Any, req: Any, sock: Line, addr: Any) -> None:
        """Answer one request; its body is read while the application works."""
        sock.expect(body=True)
        try:
            super().handle_request(listener_name, req, sock, addr)
        finally:
            sock.expect(body=False)


def hurried_handshakes(config: Any, make: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return gunicorn's TLS context, which waits as long as the setting says for each step of a handshake."""
    context = make()
    wrap = context.wrap_socket

    def wrap_in_time(sock: Any, *args: Any, **how: Any) -> Any:
        sock.settimeout(config.keepalive)
        return wrap(sock, *args, **how)

    context.wrap_socket = wrap_in_time  # type: ignore[method-assign]
    return context
