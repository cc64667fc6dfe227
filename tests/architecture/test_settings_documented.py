"""Every setting that the code reads from the environment stands in the README, and the README names no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"(?:EVENTMGR_[A-Z_]+|DATABASE_URL|REDIS_URL|SMTP_URL)")


def names_read(source: str) -> set[str]:
    """Return the settings that stand as whole strings in a Python source."""
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and NAME.fullmatch(text)}


def read_in(folder: str) -> set[str]:
    return set().union(*(names_read(path.read_text()) for path in (ROOT / folder).rglob("*.py")))


def test_settings_and_readme_agree():
    documented = set(NAME.findall((ROOT / "README.md").read_text()))
    assert read_in("eventmgr") - documented == set()
    assert documented - read_in("eventmgr") - read_in("tests") == set()


def test_a_setting_is_seen():
    assert names_read("env.get('EVENTMGR_NEW')\nx = 'DATABASE_URL is missing'") == {"EVENTMGR_NEW"}
