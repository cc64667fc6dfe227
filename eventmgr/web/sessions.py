"""The session cookie rides only on answers that nobody keeps: a cache must never hand it to somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from eventmgr import clock


class PatientSigner(TimestampSigner):
    """Signs as the library does, and still knows what it signed after the server's clock was set back.

    The library calls a signature from the future expired: an MC would be signed out in the middle of the programme.
    """

    def get_timestamp(self) -> int:
        """Return the present moment in seconds."""
        return int(clock.now().timestamp())

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """Return the value; raises SignatureExpired when it is too old, or from further ahead than it may live."""
        try:
            return super().unsign(signed_value, max_age, return_timestamp)  # type: ignore[call-overload]
        except SignatureExpired as problem:
            ahead = problem.date_signed - clock.now() if problem.date_signed else timedelta()
            if max_age is None or not timedelta() < ahead <= timedelta(seconds=max_age):
                raise
            return super().unsign(signed_value, None, return_timestamp)  # type: ignore[call-overload]


class UncachedSessions(SecureCookieSessionInterface):
    """Flask's sessions, but for what caches may keep: static files and public pages."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Sign as Flask does, with patience."""
        made = super().get_signing_serializer(app)
        if made is not None:
            made.signer = PatientSigner
        return made

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
