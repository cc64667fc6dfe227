"""The job process: claim, run, tell, again. Rows are the truth, so it may be killed at any moment."""

from __future__ import annotations

import gc
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from eventmgr.jobs import mailing
from eventmgr.jobs.handlers import HANDLERS, HOUSEKEEPING
from eventmgr.services import health, jobs, outages

log = logging.getLogger("eventmgr.jobs")

PAUSE = 0.5
BEAT_EVERY = 10
TIDY_EVERY = 3600
REST = 5.0
"""Seconds to leave the machine alone after it could not: database away, disk full."""


def worker_name() -> str:
    """Return a name for this process that no other one has."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


def run(
    stop: threading.Event, worker: str | None = None, context: Callable[[], AbstractContextManager[object]] | None = None
) -> None:
    """Work until `stop` is set; needs an application context. With `context` mails go out too, in a thread of their own."""
    worker = worker or worker_name()
    settle()
    post = mailing.start(stop, worker, context) if context is not None else None
    rounds = 0
    while not stop.is_set():
        try:
            if rounds % int(BEAT_EVERY / PAUSE) == 0:
                health.beat(worker)
            if rounds % int(TIDY_EVERY / PAUSE) == 0:
                _tidy()
            rounds += 1
            worked = run_one(worker)
        except Exception as problem:  # the rows stay as they are and wait until the machine can again
            _note(problem, "the job process stumbled")
            outages.start_anew()
            stop.wait(REST)
            continue
        if not worked:
            stop.wait(PAUSE)
    if post is not None:
        post.join(5)


def settle() -> None:
    """Tell Python's cycle collector that what is loaded by now stays: a long job makes it look through all of it again and again."""
    gc.collect()
    gc.freeze()


def run_one(worker: str) -> bool:
    """Do one job if there is one; return whether there was."""
    job = jobs.claim(worker)
    if job is None:
        return False
    handler = HANDLERS.get(job.kind)
    if handler is None:
        jobs.fail(job.id, worker, "Hệ thống không biết loại công việc này.", again=False)
        return True
    try:
        file_name = handler(job.conference_id, dict(job.args), lambda done, total: jobs.progress(job.id, worker, done, total))
        jobs.finish(job.id, worker, file_name)
    except jobs.LostClaim:
        log.warning("job %s was taken over", job.id)
    except Exception as problem:
        if outages.outage_of(problem):
            outages.start_anew()
            jobs.give_back(job.id, worker)
            raise
        log.exception("job %s failed", job.id)
        jobs.fail(job.id, worker, getattr(problem, "sentence", "Lỗi khi tạo tệp."), again=not hasattr(problem, "sentence"))
    return True


def _note(problem: Exception, what: str) -> None:
    if outages.outage_of(problem):
        log.warning("%s: %s: %s", what, type(problem).__name__, str(problem).partition("\n")[0])
    else:
        log.error(what, exc_info=problem)


def _tidy() -> None:
    for work in HOUSEKEEPING:
        try:
            work()
        except Exception:
            log.exception("housekeeping failed")
