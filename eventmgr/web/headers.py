"""What every answer says to the browser: what may run, what may be kept, who may look."""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, g, request

# Links to a person's own page are secrets, and whoever works here works behind a sign-in: search engines see
# the public programme only.
_OPEN_TO_ROBOTS = ("/e/", "/static/")
# A month: long enough to bind a browser until its next visit, short enough that an office which must go back to plain
# HTTP, or whose hall server changes its certificate, is not shut out for a year.
HTTPS_ONLY = "max-age=2592000"
_NOT_PAGES = frozenset({"text/css", "font/woff2"})


def init_app(app: Flask) -> None:
    """Give templates csp_nonce() and put the headers on every answer."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(_protect)


def csp_nonce() -> str:
    """The word of this request that an inline script must carry; made when first asked for."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _protect(response: Response) -> Response:
    headers = response.headers
    if response.mimetype in _NOT_PAGES:  # nothing can run in them; a phone loads a dozen, and each header counts
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
    headers.setdefault("Content-Security-Policy", _policy(g.get("csp_nonce")))
    if "eventmgr" in current_app.extensions and current_app.extensions["eventmgr"].settings.secure:
        headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    if request.path != "/" and not request.path.startswith(_OPEN_TO_ROBOTS):
        headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    return response


def _policy(nonce: str | None) -> str:
    scripts = ["'self'", *([f"'nonce-{nonce}'"] if nonce else []), "'wasm-unsafe-eval'"]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(scripts)}",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self' blob:",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )
