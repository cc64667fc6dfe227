"""Pages for phones at the edge of a network travel packed; only where nothing of the request stands in the answer."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

# A packed answer tells by its length whether a guessed text stands in it twice. On these pages nobody but the holder and
# the office chooses a word: they are asked for without a query, and what they say does not come from the request.
_PAGES = ("/e/", "/i/", "/b/")
_WORTH = 1024


def init_app(app: Flask) -> None:
    """Pack what a person with a letter, a link or nothing reads."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if request.method != "GET" or request.query_string or not request.path.startswith(_PAGES):
        return response
    if response.status_code != 200 or response.mimetype != "text/html" or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not request.accept_encodings["gzip"]:
        return response
    plain = response.get_data()
    if len(plain) >= _WORTH:
        response.set_data(gzip.compress(plain, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
