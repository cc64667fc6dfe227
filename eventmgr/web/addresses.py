"""What may stand in an address: numbers of rows that exist in a database, words without control characters."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

BIGGEST_ID = 2**31 - 1


class RowConverter(IntegerConverter):
    """`<int:…>`: the number of a row; a larger one than a database holds leads nowhere."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": BIGGEST_ID, **options})


class WordConverter(UnicodeConverter):
    """`<slug>`, `<code>`: one word of an address; PostgreSQL refuses a text with NUL."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **options)
        self.regex = r"[^/\x00-\x1f\x7f]+"


def init_app(app: Flask) -> None:
    """Read addresses this way; to be called before the first route is added."""
    app.url_map.converters |= {"int": RowConverter, "default": WordConverter}
