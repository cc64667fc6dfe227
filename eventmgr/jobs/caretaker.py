"""What the job process looks after beside its jobs: chaining the journal, making backups, papers whose hour has come. It never holds up a job."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from eventmgr.services import copies, outages, papers, seals

log = logging.getLogger("eventmgr.caretaker")

EVERY = 10.0
CARE: tuple[Callable[[], object], ...] = (seals.seal_lines, copies.work, papers.tell_due)


def run(stop: threading.Event, every: float = EVERY) -> None:
    """Look after everything until `stop` is set, first after a while; needs an application context of its own."""
    while not stop.wait(every):
        for care in CARE:
            try:
                care()
            except Exception:
                log.exception("%s failed", care.__name__)
                outages.start_anew()
