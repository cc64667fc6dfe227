"""What the code imports is pinned: in requirements.txt to run, in requirements-dev.txt to test."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = {"app", "eventmgr", "tests"}


def pinned(name: str) -> set[str]:
    """Return the packages of a requirements file; every line must name one exact version."""
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    lines = [line for line in lines if line and line != "-r requirements.txt"]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+(\[[a-z]+\])?==[0-9][\w.]*", line)] == []
    return {re.split(r"[\[=]", line)[0] for line in lines}


def packages(paths: list[Path]) -> set[str]:
    """Return the installed packages that these files import."""
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    found -= OURS | set(sys.stdlib_module_names)
    owners = packages_distributions()
    return {re.sub(r"[-_.]+", "-", owners[name][0]).lower() if name in owners else f"{name}?" for name in found}


def test_what_the_application_imports_is_in_requirements():
    used = packages([ROOT / "app.py", *(ROOT / "eventmgr").rglob("*.py")])
    assert sorted(used - pinned("requirements.txt")) == []


def test_what_the_tests_import_is_in_one_of_the_two():
    own = {path.stem for path in (ROOT / "tests").rglob("*.py")}
    used = {name for name in packages(list((ROOT / "tests").rglob("*.py"))) if name.rstrip("?") not in own}
    assert sorted(used - pinned("requirements.txt") - pinned("requirements-dev.txt")) == []
