"""The log of the web server: lines of JSON with the number of their request, and no secrets that addresses carry.

Whoever reads a log must not be able to use a pass, and must not learn who telephones from where.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, has_request_context, request

from eventmgr.domain.contacts import masked
from eventmgr.settings import Settings
from eventmgr.web.figures import milliseconds

_SECRET = re.compile(r"(/(?:i|b|door/pair)/)[^/\s?\]\"]+", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")
access = logging.getLogger("eventmgr.access")


class WithoutCodes(logging.Filter):
    """Writes … where the code of a pass or of a pairing stood, and masks telephone numbers and addresses of mail."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the line and let it through."""
        record.msg, record.args = masked(_SECRET.sub(r"\1…", record.getMessage())), None
        return True


class AsJson(logging.Formatter):
    """One line of JSON: when, how grave, who says it, what, and the number of the request."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"), "level": record.levelname.lower(),
            "logger": record.name, "message": record.getMessage(),
        }  # fmt: skip
        if has_request_context() and "request_number" in g:
            line["request"] = g.request_number
        if facts := getattr(record, "facts", None):
            line |= facts
        if record.exc_info:
            line["trace"] = masked(_SECRET.sub(r"\1…", self.formatException(record.exc_info)))
        return json.dumps(line, ensure_ascii=False)


class _ToStandardError(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to whatever standard error is at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> object:
        """The stream of this moment."""
        return sys.stderr


def init_app(app: Flask) -> None:
    """Keep codes out of what the application and its server log; number the requests."""
    handler = _ToStandardError()
    handler.setFormatter(AsJson())
    handler.addFilter(WithoutCodes())  # for the loggers under this one, whose lines pass its own filter by
    app.logger.handlers[:] = [handler]
    for logger in (app.logger, logging.getLogger("gunicorn.error")):
        if not any(isinstance(one, WithoutCodes) for one in logger.filters):
            logger.addFilter(WithoutCodes())
    access.setLevel(logging.INFO if _settings(app).log_level in {"info", "debug"} else logging.ERROR)
    app.before_request(_number)
    app.after_request(_note)


def _number() -> None:
    """Take the number that a trusted proxy gave, or give one."""
    given = request.headers.get("X-Request-Id", "")
    believed = _settings(current_app).trusted_proxies and _NUMBER.fullmatch(given)
    g.request_number = given if believed else secrets.token_hex(8)


def _settings(app: Flask) -> Settings:
    found: Settings = app.extensions["eventmgr"].settings
    return found


def _note(response: Response) -> Response:
    if request.endpoint != "static":  # a phone loads a dozen files, and each header counts
        response.headers.setdefault("X-Request-Id", g.get("request_number", "-"))
    facts = {
        "method": request.method, "path": _SECRET.sub(r"\1…", request.path), "endpoint": request.endpoint, "status": response.status_code,
        "ms": milliseconds(), "account": g.who.account_id if g.get("who") else None,
    }  # fmt: skip
    level = logging.ERROR if response.status_code >= 500 else logging.INFO
    if access.isEnabledFor(level):
        access.log(level, "%s %s %s", request.method, facts["path"], response.status_code, extra={"facts": facts})
    return response
