"""Mistakes become pages: the right status, one clear sentence, one next step."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from eventmgr.domain.errors import Conflict, Invalid, Mistake, NotAllowed, NotFound
from eventmgr.services import outages
from eventmgr.web.access import SignedOut, find_who

STATUS: dict[type[Mistake], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}
PAGES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}
PASSWORDS = {"/office/password", "/sign-in"}
LARGEST_KEPT = 256 * 1024
MOST_KEPT = 500
log = logging.getLogger("eventmgr.outage")


def init_app(app: Flask) -> None:
    """Answer every mistake with its page, or with JSON where a program asks."""
    app.register_error_handler(Mistake, _mistake)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _broken)
    for kind in outages.KINDS:
        app.register_error_handler(kind, _outage)


def _mistake(problem: Mistake) -> ResponseReturnValue:
    if isinstance(problem, SignedOut) and (typed := _typed()) and not _wants_json():
        return _again(typed, 403)
    return answer(next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 400), problem.sentence)


def _stale_form(problem: CSRFError) -> ResponseReturnValue:
    if (typed := _typed()) and not _wants_json():
        return _again(typed, 400)
    return answer(400, "Biểu mẫu đã hết hạn hoặc không được gửi từ trang này. Mở lại trang rồi gửi lần nữa.")


def _outage(problem: Exception) -> ResponseReturnValue:
    """Say that the machine cannot now, and what to do; needs no database. What is a mistake of ours goes on to be one."""
    outage = outages.outage_of(problem)
    if outage is None:
        raise problem
    outages.start_anew()
    log.warning("%s: %s", type(problem).__name__, str(problem).partition("\n")[0])
    later = {"Retry-After": str(outage.seconds)}
    if _wants_json():
        return {"problem": outage.sentence}, 503, later
    sent = request.method == "POST"
    typed = _sent_fields() if sent and request.path not in PASSWORDS else []
    # A button's own word ("absent") goes along, but says nothing to people.
    shown = [value for _, value in typed if value.strip() and not value.isdigit() and not (value.isidentifier() and value.islower())]
    staff = request.path.startswith(("/office/", "/stage/"))
    page = render_template("errors/outage.html", outage=outage, sent=sent, typed=typed, shown=shown, own=_is_own(), staff=staff)
    return page, 503, later


def _is_own() -> bool:
    """Tell whether a page of this site sent it: what comes from elsewhere may only be read, not sent once more."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _typed() -> list[tuple[str, str]]:
    """Return what the office sent and would lose; passwords are not kept."""
    if not request.path.startswith("/office/") or request.path in PASSWORDS:
        return []
    return _sent_fields()


def _sent_fields() -> list[tuple[str, str]]:
    """Return the fields of a form when they can be sent once more: no files, not too many, not all empty."""
    request.max_content_length = LARGEST_KEPT  # whoever sends this has not signed in
    try:
        fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
        if request.files or len(fields) > MOST_KEPT:
            return []
    except RequestEntityTooLarge:
        return []
    return fields if any(value.strip() for _, value in fields) else []


def _again(typed: list[tuple[str, str]], code: int) -> ResponseReturnValue:
    """Show what was typed; a page of this site may send it once more, what came from elsewhere may only be read."""
    find_who()
    return render_template("errors/again.html", typed=typed, own=_is_own(), is_in=g.who is not None), code


def _http(problem: HTTPException) -> ResponseReturnValue:
    code = problem.code or 500
    if 300 <= code < 400:
        return problem
    foreign = _is_default(problem) or isinstance(problem, SecurityError)  # words of the library, not for a screen
    own = None if foreign else problem.description
    return answer(code if code in PAGES else 400 if code < 500 else 500, own)


def _broken(problem: Any) -> ResponseReturnValue:
    if _wants_json():
        return {"problem": "Máy chủ gặp sự cố. Thử lại sau ít phút."}, 500
    return render_template("errors/500.html"), 500


def _is_default(problem: HTTPException) -> bool:
    return problem.description == type(problem).description


def _wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def answer(code: int, sentence: str | None) -> ResponseReturnValue:
    """Answer with the page of a status and one sentence, or with JSON where a program asks."""
    if _wants_json():
        return {"problem": sentence or "Không thực hiện được yêu cầu này."}, code
    return render_template(f"errors/{code}.html", sentence=sentence), code
