"""Wrong codes of passes, bodies and pairings: after many from one address the answer is to wait.

A whole hall may come from one address, so a right code always opens: its 80 random bits are what guards it. The limit
stops the noise of whoever tries codes by the thousand, and tells the log.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask, Response, current_app, make_response, request

from eventmgr import clock
from eventmgr.domain.callers import Tries, counted_address
from eventmgr.web.access import guard_of
from eventmgr.web.errors import answer

WRONG_CODES, WINDOW = 100, timedelta(minutes=10)
log = logging.getLogger("eventmgr.codes")


def init_app(app: Flask) -> None:
    """Count the wrong codes of this process."""
    app.extensions["eventmgr_wrong_codes"] = Tries(WRONG_CODES, WINDOW)
    app.after_request(_count)


def _count(response: Response) -> Response:
    if response.status_code != 404 or not _is_by_code():
        return response
    tries: Tries = current_app.extensions["eventmgr_wrong_codes"]
    waiting = tries.count(counted_address(request.remote_addr or ""), clock.now())
    if waiting is None:
        return response
    log.warning("more than %s wrong codes from one address", WRONG_CODES)
    minutes = -(-waiting // 60)
    sentence = f"Từ mạng này đã có quá nhiều mã không đúng. Xem lại mã trên giấy mời; mã đúng vẫn mở được. Mã chưa đúng thì đợi {minutes} phút rồi thử lại."
    refused = make_response(answer(429, sentence))
    refused.headers["Retry-After"] = str(waiting)
    return refused


def _is_by_code() -> bool:
    if request.endpoint == "door.pair":
        return True
    guard = guard_of(current_app, request.endpoint) if request.endpoint else None
    return guard is not None and guard.kind == "pass"
