"""What a phone at the door keeps to open without network: the worker, its list of files, the empty page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from posixpath import normpath
from typing import cast

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from eventmgr.web.access import open_to_all

blueprint = Blueprint("door_files", __name__, url_prefix="/door")

SHELL = "/door/shell"
STYLES = ("css/tokens.css", "css/base.css", "css/parts.css", "css/door.css")
STARTS = ("js/start.js", "js/modules/door.js", "js/modules/wake-lock.js", "js/door/decode-worker.js")
ICONS = ("door/icon-192.png", "door/icon-512.png", "door/icon-maskable.png", "icon.svg")
WASM = "vendor/zxing/zxing_reader.wasm"

_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+\.js)["']""")
_FONT = re.compile(r"""url\("\.\./(vendor/fonts/[^"]+)"\)""")


@blueprint.get("/worker.js")
@open_to_all
def worker() -> ResponseReturnValue:
    """The service worker, headed by the files that it keeps; both change together and with any of the files."""
    files = kept_files()
    version = hashlib.sha256(json.dumps([files, _shell_text()]).encode()).hexdigest()[:12]
    text = (Path(current_app.static_folder or "") / "door-worker.js").read_text("utf-8")
    head = f"const VERSION = {json.dumps(version)};\nconst FILES = {json.dumps(files)};\n"
    answer = Response(head + text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/shell")
@open_to_all
def shell() -> ResponseReturnValue:
    """The scanner without anybody's data: the phone fills it from what it holds."""
    return render_template("door/scanner.html", phone=None)


def kept_files() -> list[str]:
    """Return the addresses of everything that the scanner loads, each with the print of its content."""
    asset = cast(Callable[[str], str], current_app.jinja_env.globals["asset"])
    static = Path(current_app.static_folder or "")
    plain = [f"{current_app.static_url_path}/{font}" for font in _fonts(static)]
    made = [asset(path) for path in (*STYLES, *sorted(_scripts(static)), *ICONS, WASM, "door/app.webmanifest")]
    return [SHELL, *made, *plain]


def _shell_text() -> str:
    """The page without the word that changes with every request."""
    return re.sub(r'nonce="[^"]*"', "", render_template("door/scanner.html", phone=None))


def _scripts(static: Path) -> set[str]:
    """The modules that the starting ones reach, as paths under the static folder."""
    found: set[str] = set()
    waiting = [*STARTS]
    while waiting:
        path = waiting.pop()
        if path in found or not (static / path).is_file():
            continue
        found.add(path)
        for said in _IMPORT.findall((static / path).read_text("utf-8")):
            waiting.append(normpath(f"{path}/../{said}"))
    return found


def _fonts(static: Path) -> list[str]:
    """The fonts of the door's weights; Inter gives figures only, and the door writes them bold."""
    named = _FONT.findall((static / "css/tokens.css").read_text("utf-8"))
    return [font for font in named if (static / font).is_file() and not re.search(r"inter-latin-(400|600)", font)]
