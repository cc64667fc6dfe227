"""Who may import whom, who reads the time, and imports inside functions: read from the source of every file."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

OPEN = {"clock", "settings"}
MAY_IMPORT = {
    "domain": set(),
    "models": OPEN | {"domain"},
    "documents": OPEN | {"domain"},
    "services": OPEN | {"domain", "models", "documents"},
    "live": OPEN | {"domain", "models"},
    "web": OPEN | {"domain", "services", "live"},
    "jobs": OPEN | {"domain", "services"},
    "cli": OPEN | {"domain", "services", "jobs", "migrating"},
    "migrating": set(),
    "paper_process": {"documents"},
    "clock": set(),
    "settings": set(),
}
ABOVE_ALL = {"bootstrap", "launch"}  # join and start the parts: they may know everything
ONLY_IN = {
    "flask": {"web", "cli", "bootstrap", "launch"},
    "alembic": {"migrating"},
    "flask_sqlalchemy": {"models"},
    "flask_wtf": {"web", "bootstrap"},
    "qrcode": {"documents/qr.py"},
    "redis": {"live/bell.py"},
    "sqlalchemy": {"models", "services", "live", "bootstrap", "launch"},
    "weasyprint": {"documents/pdf.py"},
    "werkzeug": {"web", "bootstrap"},
    "wtforms": {"web"},
}
TIME = re.compile(r"\b(datetime|date|func)\.(now|utcnow|today)$|\btime\.(time|time_ns|localtime|gmtime)$")
REASON = re.compile(r"#.*\b(slow|optional)\b")


def complaints(file: str, source: str) -> list[str]:
    """Say what a file of eventmgr, by its path inside it, does that its floor may not."""
    floor = file.split("/")[0].removesuffix(".py")
    tree = ast.parse(source)
    found = []
    for line, module in imports(tree, file):
        top, _, rest = module.partition(".")
        target = rest.split(".")[0]
        if top == "eventmgr" and floor not in {target, *ABOVE_ALL} and target not in MAY_IMPORT.get(floor, set()):
            found.append(f"{file}:{line} {floor} imports {module}")
        if floor == "domain" and top not in {"eventmgr", *sys.stdlib_module_names}:
            found.append(f"{file}:{line} domain has the standard library only, not {top}")
        if ONLY_IN.get(top, {floor}).isdisjoint({floor, file}):
            found.append(f"{file}:{line} {top} belongs to {', '.join(sorted(ONLY_IN[top]))}")
    found += [f"{file}:{line} reads the time: {what}" for line, what in clocks(tree) if file != "clock.py"]
    found += [f"{file}:{line} import inside a function without its reason" for line in hidden(tree, source)]
    return found


def imports(tree: ast.Module, file: str) -> Iterator[tuple[int, str]]:
    """Yield each module that is imported, in full, wherever the import stands."""
    package = ["eventmgr", *file.split("/")[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            climbed = package[: len(package) - node.level + 1] if node.level else []
            base = [*climbed, *([node.module] if node.module else [])]
            yield from ((node.lineno, ".".join([*base, alias.name])) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from ((node.lineno, arg.value) for arg in node.args[:1] if isinstance(arg, ast.Constant))


def clocks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and TIME.search(ast.unparse(node)):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from ((node.lineno, alias.name) for alias in node.names if TIME.search(f"time.{alias.name}"))


def hidden(tree: ast.Module, source: str) -> set[int]:
    """Return the lines of imports inside functions that do not say why."""
    lines = source.splitlines()
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = [node for function in functions for node in ast.walk(function)]
    found = {node.lineno for node in inner if isinstance(node, ast.Import | ast.ImportFrom)}
    return {line for line in found if not REASON.search(lines[line - 1])}


def test_every_file_keeps_to_its_floor():
    inside = ROOT / "eventmgr"
    files = [path for path in sorted(inside.rglob("*.py")) if "migrations" not in path.parts]
    found = [what for path in files for what in complaints(path.relative_to(inside).as_posix(), path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("domain/agenda.py", "import yaml"),
        ("domain/agenda.py", "from eventmgr import clock"),
        ("documents/pdf.py", "from eventmgr.models.delegates import Delegate"),
        ("web/office/desk.py", "from eventmgr import models"),
        ("web/office/desk.py", "from eventmgr.models import database"),
        ("web/office/desk.py", "from ...models import database"),
        ("web/hall.py", "from .. import models"),
        ("web/hall.py", "from ..models.database import db"),
        ("web/hall.py", "def view():\n    import eventmgr.models.database  # slow"),
        ("web/hall.py", "if TYPE_CHECKING:\n    from eventmgr.models import delegates"),
        ("web/hall.py", "importlib.import_module('eventmgr.models')"),
        ("web/hall.py", "from eventmgr import bootstrap"),
        ("services/awards.py", "from flask import request"),
        ("services/awards.py", "from eventmgr.web import forms"),
        ("documents/invitation.py", "import weasyprint"),
        ("documents/invitation.py", "import qrcode.image.svg"),
        ("live/hub.py", "from redis import Redis"),
        ("settings.py", "from eventmgr import models"),
        ("services/awards.py", "import datetime\ndatetime.datetime.now()"),
        ("services/awards.py", "from datetime import date as d, date\ndate.today()"),
        ("services/awards.py", "sa.func.now()"),
        ("services/awards.py", "from time import time"),
        ("services/awards.py", "time.time()"),
        ("services/awards.py", "def f():\n    import json"),
        ("services/awards.py", "def f():\n    def g():\n        import json  # circular"),
    ],
)
def test_a_breach_is_seen(file: str, source: str):
    assert len(complaints(file, source)) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("bootstrap.py", "from flask import Flask\nfrom eventmgr import cli, models, web"),
        ("web/hall.py", "from . import forms\nfrom eventmgr import clock\nclock.now()"),
        ("live/bell.py", "import redis  # optional"),
        ("documents/pdf.py", "def f():\n    import weasyprint  # slow: a second"),
        ("live/hub.py", "import time\ntime.monotonic()"),
    ],
)
def test_what_is_allowed_passes(file: str, source: str):
    assert complaints(file, source) == []
