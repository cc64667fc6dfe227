"""The web server's side of documents/child.py: one child, started when the first PDF is asked for."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from eventmgr.documents.child import FLOOR, receive, send


class PaperFailed(Exception):
    """The child could not make the paper."""


class PaperProcess:
    """Runs functions of the documents floor in a child process, one after the other.

    Under gevent the pipes yield, so that other requests go on while a PDF is made.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self, work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """Return work(*args); raises PaperFailed with the reason. A child that died is replaced once."""
        request = (work.__module__, work.__name__, args)
        with self._lock:
            try:
                good, answer = self._ask(request)
            except (EOFError, OSError):
                self.close()
                good, answer = self._ask(request)
        if not good:
            raise PaperFailed(answer)
        return answer

    def run_paper(self, work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """Return work(*args): made by the child when it is of the documents floor, else here."""
        return self.run(work, args) if work.__module__.startswith(FLOOR) else work(*args)

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def _ask(self, request: tuple[str, str, tuple[Any, ...]]) -> tuple[bool, Any]:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "eventmgr.documents.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        assert self._child.stdin is not None and self._child.stdout is not None
        send(self._child.stdin, request)  # type: ignore[arg-type]
        answer: tuple[bool, Any] = receive(self._child.stdout)  # type: ignore[arg-type]
        return answer
