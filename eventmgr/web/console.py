"""Which browser presses on the stage, and what it sends with a press."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Response, after_this_request, current_app, g, request

from eventmgr.domain.agenda import Console, Details
from eventmgr.domain.errors import Invalid
from eventmgr.services.stage import Press

COOKIE = "eventmgr_console"
COOKIE_DAYS = 30
_FAR = 4_102_444_800_000  # the year 2100: more is not a time that anybody pressed at


def this_console() -> Console:
    """Return the console that this browser is for the account that is signed in; gives it a cookie to be known by."""
    token = request.cookies.get(COOKIE, "")
    if not re.fullmatch(r"[0-9a-f]{32}", token):
        token = g.get("console_token") or secrets.token_hex(16)
        g.console_token = token
        after_this_request(lambda response: _remember(response, token))
    told = hashlib.sha256(f"{token} {g.who.account_id}".encode()).hexdigest()[:16]
    return Console(told, f"{g.who.display_name}, {_device(request.user_agent.string or '')}")


def press_of(form: Mapping[str, str]) -> Press:
    """Return what a form says with its press; raises Invalid for what cannot be read."""
    details = Details(
        minutes=_signed(form, "minutes"), after=_signed(form, "after"), cuts=_cuts(form.get("cuts", "")),
        title=form.get("title", ""), kind=form.get("kind", "other"), presenter=form.get("presenter", ""),
    )  # fmt: skip
    return Press(details, this_console(), _pressed_at(form.get("pressed", "")))


def cuts_text(cuts: tuple[tuple[int, int], ...]) -> str:
    """Write the cuts of a proposal as its button sends them: '12:20 13:8'."""
    return " ".join(f"{step}:{minutes}" for step, minutes in cuts)


def _cuts(text: str) -> tuple[tuple[int, int], ...]:
    if not re.fullmatch(r"(-?\d{1,9}:\d{1,3}( |$)){0,60}", text):
        raise Invalid("Đề xuất gửi lên không đọc được.")
    pairs = [part.split(":") for part in text.split()]
    return tuple((int(step), int(minutes)) for step, minutes in pairs)


def _signed(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "").strip()
    if text and not re.fullmatch(r"[-+]?[0-9]{1,9}", text):
        raise Invalid("Số phút là một số nguyên." if name == "minutes" else "Mục gửi lên không đọc được.", name)
    return int(text) if text else None


def _pressed_at(text: str) -> datetime | None:
    """The moment of the press by the server's clock, in milliseconds, as the page knew it."""
    if not re.fullmatch(r"[0-9]{1,13}", text) or int(text) > _FAR:
        return None
    return datetime.fromtimestamp(int(text) / 1000, UTC)


def _device(agent: str) -> str:
    if re.search(r"iPad|Tablet|Android(?!.*Mobile)", agent):
        return "máy tính bảng"
    return "điện thoại" if re.search(r"Mobi|iPhone", agent) else "máy tính"


def _remember(response: Response, token: str) -> Response:
    secure = current_app.extensions["eventmgr"].settings.secure
    response.set_cookie(
        COOKIE, token, max_age=COOKIE_DAYS * 86_400, httponly=True, samesite="Strict", secure=secure, path="/stage/"
    )
    return response
