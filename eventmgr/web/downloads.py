"""Files on their way out: type, name with diacritics, nothing kept by the browser."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def pdf_response(content: bytes, name: str, *, download: bool = False) -> Response:
    """Return a PDF under a plain ASCII name."""
    return file_response(content, name, "application/pdf", download=download)


def file_response(content: bytes, name: str, kind: str, *, download: bool = False) -> Response:
    """Return a file of a type; `download` makes the browser save it."""
    response = Response(content, content_type=kind)
    where = "attachment" if download else "inline"
    response.headers["Content-Disposition"] = f"{where}; filename=\"{name}\"; filename*=UTF-8''{quote(name)}"
    return response


def attachment(content: bytes, name: str, kind: str) -> Response:
    """Return a file that somebody uploaded: to be saved, never shown inside our pages, whatever it holds."""
    plain = f"tep.{name.rsplit('.', 1)[-1]}"
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
