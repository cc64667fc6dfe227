"""What every text file keeps to: UTF-8 in NFC, no hidden direction marks, nothing about one machine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OTHERS = {".git", ".venv", "node_modules", "vendor", "instance", "__pycache__", "test-results"}
TEXT = {"", ".css", ".html", ".ini", ".js", ".json", ".mako", ".md", ".mjs", ".py", ".svg", ".toml", ".txt", ".yaml"}

# Written so that they do not find themselves.
FOREIGN = {
    "a path of one machine": r"/wor[k]/|/roo[t]/|/tmp/bas[h]_jobs|/opt/pyp[i]|/var/tm[p]/",
    "the host of a package registry": r"pypi\.or[g]|pythonhosted\.or[g]|npmjs\.(?:or[g]|co[m])|deb\.debian\.or[g]",
    "a ticket": r"\bissues? #?\d+\b",
    "a hidden direction mark (write it as an escape)": "[\u202a-\u202e\u2066-\u2069]",
    "the line ends of another system": "\r",
}


def complaints(text: str) -> list[str]:
    """Say what stands in a text that should not."""
    found = [what for what, pattern in FOREIGN.items() if re.search(pattern, text)]
    if not unicodedata.is_normalized("NFC", text):
        found.append("letters that are not NFC (write them as escapes)")
    return found


def texts(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in OTHERS and not (path.name.startswith(".") and path.name != ".ci"):
                yield from texts(path)
        elif path.suffix in TEXT and path.name not in OTHERS:  # in a second work tree .git is a file
            yield path


def test_files_keep_to_it():
    found = {path.relative_to(ROOT).as_posix(): complaints(path.read_bytes().decode()) for path in texts(ROOT)}
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "text",
    [
        "see /wor" + "k/notes",
        "https://pypi.or" + "g/simple",
        "as issu" + "e 12 says",
        "a\u202eb",
        "a\r\nb",
        "Đăk Ha\u0300",
    ],
)
def test_a_breach_is_seen(text: str):
    assert len(complaints(text)) == 1


def test_vietnamese_in_nfc_passes():
    assert complaints("UBND huyện Đăk Hà; issue the letters\n") == []
