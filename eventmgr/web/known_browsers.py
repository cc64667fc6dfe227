"""Browsers in which somebody has signed in before: a cookie that opens nothing, and counts wrong tries apart.

Whoever knows a user name could else keep its owner out with five wrong passwords every quarter of an hour.
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from eventmgr.services.accounts import KnownBrowser

COOKIE = "eventmgr_known"
KEPT = 180 * 86_400  # seconds
MOST = 5  # people of one browser


def of_request() -> KnownBrowser | None:
    """Return what the browser of this request is known by; what is forged or too old is nothing."""
    try:
        said = _signer().loads(request.cookies.get(COOKIE, ""), max_age=KEPT)
    except BadData:
        return None
    return KnownBrowser(said["mark"], tuple(said["people"]))


def remember(response: Any, username: str) -> Response:
    """Note in the browser that this person has signed in."""
    known = of_request() or KnownBrowser(secrets.token_hex(16), ())
    people = [username, *(one for one in known.usernames if one != username)][:MOST]
    made: Response = response
    made.set_cookie(
        COOKIE, _signer().dumps({"mark": known.mark, "people": people}), max_age=KEPT, path="/sign-in", httponly=True,
        samesite="Strict", secure=current_app.extensions["eventmgr"].settings.secure,
    )  # fmt: skip
    return made


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt="eventmgr known browser")
