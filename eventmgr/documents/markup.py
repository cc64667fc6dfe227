"""Sheets to HTML, in an environment of its own that knows nothing of the web."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eventmgr.documents import wording
from eventmgr.domain.text import clean

FOLDER = Path(__file__).parents[2] / "templates" / "documents"


def to_html(template: str, **values: object) -> str:
    """Return the filled template; every printed value is text: cleaned (NFC, no control or bidi characters), escaped.

    Raises jinja2.UndefinedError for a name that the template expects and nobody gave.
    """
    return _environment.get_template(template).render(**values)


def stylesheet(*names: str) -> str:
    """Return the text of stylesheets in templates/documents/, one after the other."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def _printed(value: object) -> object:
    # Markup is made in `wording` only, from parts that were cleaned and escaped there.
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    # A value that is a stretch of a sentence keeps the blank at its edge, or two words run together on paper.
    text, before, after = clean(value), value[:1] == " ", value[-1:] == " "
    return f"{' ' if before else ''}{text}{' ' if after and text else ''}"


def _make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["wording"] = wording
    return environment


_environment = _make_environment()
