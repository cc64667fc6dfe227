"""What each test would make anew for its own application though it never differs: made once in a process, then shared.

Nothing here knows a test's data: functions that write addresses, compiled templates, SQL as text. The applications, their
databases and their connections stay the test's own.
"""

from __future__ import annotations

import gc
from types import CodeType
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from eventmgr.models.database import db

_written: dict[object, Any] = {}
_compiled: dict[str, CodeType] = {}
_dialects: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}
STATEMENTS = 4000


class SharedRule(Rule):
    """Werkzeug writes and compiles two functions for each of 300 addresses: 150 ms for an application."""

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (self.rule, self.host, self.subdomain, repr(self.defaults), append_unknown)
        if key not in _written:
            _written[key] = super()._compile_builder(append_unknown)
        return _written[key]


class SharedTemplates(BytecodeCache):
    """Jinja compiles each template for each application: 15 ms. The sum covers the text, so a changed one is compiled again."""

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _compiled.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            _compiled[bucket.key + bucket.checksum] = bucket.code


def share_statements(engine: Engine) -> None:
    """Let the engines of later applications take over the SQL that this kind of database was told already.

    SQLAlchemy writes a statement anew for each engine: 2 ms. The engine must have been connected: its dialect knows by
    then which server it speaks to.
    """
    _dialects[engine.name] = (engine.dialect, LRUCache(STATEMENTS))


def _make_engine(bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
    engine = sa.engine_from_config(options, prefix="")
    if engine.name in _dialects:
        engine.dialect, engine._compiled_cache = _dialects[engine.name]
    return engine


def keep_what_is_loaded() -> None:
    """Spare the cycle collector what is loaded by now: looking through it again and again takes a quarter of the time."""
    gc.collect()
    gc.freeze()


def be_thrifty() -> None:
    """Share from now on, and collect garbage less often."""
    gc.set_threshold(20_000, 10, 10)
    Flask.url_rule_class = SharedRule
    Flask.jinja_options = {"bytecode_cache": SharedTemplates()}
    db._make_engine = _make_engine  # type: ignore[method-assign]
