"""Style sheets and templates as files: what must hold whoever writes the next page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tinycss2

ROOT = Path(__file__).parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = [file for file in sorted((ROOT / "templates").rglob("*.html")) if "documents" not in file.parts]
LAYERS = {"tokens.css": {"tokens"}, "base.css": {"base", "last"}, "parts.css": {"parts"}}


def names(files: list[Path]) -> list[str]:
    return [file.relative_to(ROOT).as_posix() for file in files]


@pytest.mark.parametrize("sheet", SHEETS, ids=names(SHEETS))
def test_every_rule_stands_in_the_layer_of_its_sheet(sheet: Path):
    rules = tinycss2.parse_stylesheet(sheet.read_text(), skip_comments=True, skip_whitespace=True)
    outside = [rule.serialize()[:60] for rule in rules if rule.type != "at-rule"]
    layers = [tinycss2.serialize(rule.prelude).strip() for rule in rules if rule.type == "at-rule" and rule.content
              and rule.lower_at_keyword == "layer"]
    assert outside == []
    assert set(layers) == LAYERS.get(sheet.name, {"pages"})


@pytest.mark.parametrize("sheet", SHEETS, ids=names(SHEETS))
def test_every_token_that_is_used_is_defined(sheet: Path):
    defined = set(re.findall(r"(--[\w-]+)\s*:", "".join(file.read_text() for file in SHEETS)))
    used = set(re.findall(r"var\((--[\w-]+)\)", sheet.read_text()))
    assert sorted(used - defined) == []


def test_nothing_is_loaded_from_another_host():
    addresses = [found for sheet in SHEETS for found in re.findall(r"url\(\s*['\"]?([^'\")]+)", sheet.read_text())]
    assert [address for address in addresses if not address.startswith(("../vendor/fonts/", "data:"))] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=names(TEMPLATES))
def test_no_template_carries_styles_or_scripts_of_its_own(template: Path):
    text = template.read_text()
    scripts = re.findall(r"<script(?![^>]*(?:\bsrc=|nonce=))[^>]*>", text)
    assert (re.findall(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text), scripts) == ([], [])


@pytest.mark.parametrize("template", TEMPLATES, ids=names(TEMPLATES))
def test_every_icon_and_state_that_a_template_names_exists(template: Path):
    parts = ROOT / "templates" / "parts"
    icons = set(re.findall(r'^  "([\w-]+)": "M', (parts / "icon.html").read_text(), re.M))
    kinds = set(re.findall(r'"([\w-]+)": "', (parts / "status.html").read_text()))
    text = template.read_text()
    assert sorted(set(re.findall(r'\bicon\("([^"]+)"', text)) - icons) == []
    assert sorted(set(re.findall(r'\b(?:status|mark|notice)\("([^"]+)"', text)) - kinds) == []
