"""The part of the job process that hands mails over, in a thread of its own: PDFs and mails do not wait for each other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from eventmgr.services import health, outages
from eventmgr.services.outbox_work import Postman

log = logging.getLogger("eventmgr.mail")

PAUSE = 0.5
BEAT_EVERY = 10


def run(stop: threading.Event, worker: str) -> None:
    """Hand mails over until `stop` is set; needs an application context of its own."""
    postman = Postman(worker)
    rounds = 0
    while not stop.is_set():
        try:
            if rounds % int(BEAT_EVERY / PAUSE) == 0:
                health.beat(f"{worker}-thu"[-60:])  # a long PDF does not make this process a silent one
            worked = postman.deliver_one()
        except Exception:
            log.exception("the outbox stumbled")
            outages.start_anew()
            worked = False
        rounds += 1
        if not worked:
            postman.rest()
            stop.wait(PAUSE)
    postman.rest()


def start(stop: threading.Event, worker: str, context: Callable[[], AbstractContextManager[object]]) -> threading.Thread:
    """Start the thread and return it; `context` opens its application context."""

    def work() -> None:
        with context():
            run(stop, worker)

    thread = threading.Thread(target=work, name="eventmgr-mail", daemon=True)
    thread.start()
    return thread
