"""Templates ask for nothing that the content policy would block, and mark nothing as safe without a stated reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = ROOT / "static" / "js" / "modules"

# Template -> why what it prints unescaped cannot come from a person.
SAFE: dict[str, str] = {}
# Module -> why the HTML it makes from a variable cannot carry a person's text unescaped.
MARKUP = {"eventmgr/web/assets.py": "the import map: JSON of our own file names, with < written as an escape"}

COMMENT = re.compile(r"\{#.*?#\}", re.S)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
ATTRIBUTE = re.compile(r"<[a-z][^<>]*?[\s\"'](style|on[a-z]+)\s*=", re.I)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S | re.I)
LOADED = re.compile(
    r"<(?:script|link|img|source|iframe|video|audio|use)\b[^>]*?\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//"
)
FORM = re.compile(r"<form\b[^>]*\bmethod=\"post\".*?</form>", re.S | re.I)
VARIABLE = (ast.Name, ast.Attribute, ast.Call, ast.JoinedStr)
TOKEN = re.compile(r"csrf(_token)?\(\)|hidden_tag\(\)")


def complaints(source: str, paper: bool = False) -> list[str]:
    """Say what a template does that none may; paper never meets a browser, so it may carry its measures."""
    source = COMMENT.sub("", source)
    plain = JINJA.sub("x", source)
    found = [f"attribute {match.group(1)}=" for match in ATTRIBUTE.finditer(plain)]
    for attributes, body in SCRIPT.findall(source):
        if body.strip() and "nonce=" not in attributes and "application/json" not in attributes:
            found.append("inline <script> without its nonce")
    found += ["javascript: address"] if re.search(r"=\s*[\"']?\s*javascript:", plain, re.I) else []
    found += ["loads from another host"] if LOADED.search(plain) else []
    found += ["<style>: styles live in static/css"] if re.search(r"<style\b", plain, re.I) and not paper else []
    found += ["form without its token" for form in FORM.findall(source) if not TOKEN.search(form)]
    return found


def unescaped(source: str) -> bool:
    source = COMMENT.sub("", source)
    return bool(re.search(r"\|\s*safe\b|autoescape\s+false", source))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_template_keeps_to_the_content_policy(path: Path):
    assert complaints(path.read_text(), paper="documents" in path.parts) == []


def test_what_is_printed_unescaped_has_a_reason():
    found = [path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES if unescaped(path.read_text())]
    assert found == sorted(SAFE)


def test_html_made_in_python_is_a_constant_with_places_to_fill():
    found = set()
    for path in (ROOT / "eventmgr").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called.endswith("Markup") and any(
                isinstance(part, VARIABLE) for arg in node.args for part in ast.walk(arg)
            ):
                found.add(path.relative_to(ROOT).as_posix())
    assert found == set(MARKUP)


def test_every_module_that_a_template_names_is_there():
    named = {
        name
        for path in TEMPLATES
        for names in re.findall(r"data-module=\"([^\"]*)\"", COMMENT.sub("", path.read_text()))
        for name in JINJA.sub(" ", names).split()
    }
    assert sorted(name for name in named if not (MODULES / f"{name}.js").is_file()) == []


def test_styles_and_scripts_load_nothing_from_another_host():
    own = [*(ROOT / "static/css").rglob("*.css"), *(ROOT / "static/js").rglob("*.js")]
    foreign = re.compile(r"(url\(|@import|from|import\(?|fetch\()\s*[\"']?(https?:)?//")
    assert [path.name for path in own if foreign.search(path.read_text())] == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">x</p>',
        '<p\n  class="{{ "a>b" }}"\n  style="{{ x }}">',
        "<button onclick='go()'>",
        '<body class="a"onload="x">',
        "<script>go()</script>",
        '<a href="javascript:go()">',
        '<script src="https://elsewhere.example/x.js"></script>',
        "<style>p { color: red }</style>",
        '<form class="row" method="post"><button>Gửi</button></form>',
    ],
)
def test_a_breach_is_seen(source: str):
    assert len(complaints(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '{# <p style="x"> #}<p data-once="1">onset = soon</p>',
        '<script type="module" src="{{ asset("js/start.js") }}"></script>',
        '<script type="importmap" nonce="{{ csp_nonce() }}">{{ import_map() }}</script>',
        '<script type="application/json">{"a": 1}</script>',
        '<form method="post">{{ csrf() }}</form>',
        '<form method="post">{{ form.hidden_tag() }}</form>',
        "{{ field(form.name, style='wide') }}",
    ],
)
def test_what_is_allowed_passes(source: str):
    assert complaints(source) == []


def test_unescaped_text_is_seen():
    assert [unescaped(text) for text in ("{{ x|safe }}", "{{ x | safe }}", "{% autoescape false %}", "{{ x }}")] == [
        True,
        True,
        True,
        False,
    ]
