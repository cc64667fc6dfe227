"""The session cookie rides only on answers that nobody keeps: a cache must never hand it to somebody else."""

from __future__ import annotations

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class UncachedSessions(SecureCookieSessionInterface):
    """Flask's sessions, but for what caches may keep: static files and public pages."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Leave an answer that may be kept without a cookie; when the session has changed it is not kept."""
        if not response.cache_control.no_store:
            if not session.modified:
                if session.accessed:
                    response.vary.add("Cookie")
                return
            response.headers["Cache-Control"] = "no-store"
        super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Keep sessions this way."""
    app.session_interface = UncachedSessions()
