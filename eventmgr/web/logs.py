"""Log lines without the secrets that addresses carry: whoever reads a log must not be able to use a pass."""

from __future__ import annotations

import logging
import re

from flask import Flask

_SECRET = re.compile(r"(/(?:i|b|door/pair)/)[^/\s?\]]+", re.IGNORECASE)


class WithoutCodes(logging.Filter):
    """Writes … where the code of a pass or of a pairing stood."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the line and let it through."""
        record.msg, record.args = _SECRET.sub(r"\1…", record.getMessage()), None
        return True


def init_app(app: Flask) -> None:
    """Keep codes out of what the application and its server log."""
    for logger in (app.logger, logging.getLogger("gunicorn.error")):
        logger.addFilter(WithoutCodes())
