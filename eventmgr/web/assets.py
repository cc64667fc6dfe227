"""Addresses of static files that change when the file does, so that browsers may keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, request
from markupsafe import Markup

FOR_EVER = "public, max-age=31536000, immutable"
FONTS = "public, max-age=2592000"
ASK_AGAIN = "no-cache"
SHRINK = frozenset({".css", ".js", ".json", ".mjs", ".svg", ".wasm", ".webmanifest"})


@dataclass
class Fingerprints:
    """Content hashes of the files under one folder, taken again when a file's time changes."""

    folder: Path
    known: dict[str, tuple[int, str]] = field(default_factory=dict)

    def of(self, path: str) -> str:
        """Eight hexadecimal digits of the file's content; FileNotFoundError for a file that is not there."""
        file = self.folder / path
        changed = file.stat().st_mtime_ns
        seen = self.known.get(path)
        if seen is None or seen[0] != changed:
            seen = (changed, hashlib.sha256(file.read_bytes()).hexdigest()[:8])
            self.known[path] = seen
        return seen[1]

    def scripts(self) -> list[str]:
        """The modules that pages may import, as paths under the folder."""
        found = [*self.folder.glob("js/**/*.js"), *self.folder.glob("vendor/**/*.js")]
        return sorted(file.relative_to(self.folder).as_posix() for file in found)


@dataclass
class Packed:
    """Gzip of the files that shrink, made once and again when a file's time changes."""

    folder: Path
    known: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def of(self, path: str) -> bytes:
        """The file's content, packed."""
        file = self.folder / path
        changed = file.stat().st_mtime_ns
        seen = self.known.get(path)
        if seen is None or seen[0] != changed:
            seen = (changed, gzip.compress(file.read_bytes(), 9, mtime=0))
            self.known[path] = seen
        return seen[1]


def init_app(app: Flask) -> None:
    """Give templates asset() and import_map(), and give static answers their lifetime."""
    prints = Fingerprints(Path(app.static_folder or "static"))
    packed = Packed(prints.folder)
    maps: dict[tuple[str, ...], Markup] = {}
    scripts = prints.scripts()  # looked for once: pages are made by the hundred, modules come with a new version

    def asset(path: str) -> str:
        return f"{app.static_url_path}/{path}?v={prints.of(path)}"

    def import_map(*names: str) -> Markup:
        """All modules, or the named ones: a light page needs three, and any other module still loads without its print."""
        addresses = tuple(asset(path) for path in names or scripts)
        if addresses not in maps:
            if len(maps) > 20:
                maps.clear()
            maps[addresses] = _map_text(addresses)
        return maps[addresses]

    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in {200, 304}:
            path = (request.view_args or {}).get("filename", "")
            response.headers["Cache-Control"] = _lifetime(prints, path, request.args.get("v"))
            if Path(path).suffix in SHRINK:
                _pack(response, packed, path)
        return response

    app.jinja_env.globals.update(asset=asset, import_map=import_map)
    app.after_request(keep)
    for path in scripts:
        prints.of(path)


def _map_text(addresses: tuple[str, ...]) -> Markup:
    imports = {address.partition("?")[0]: address for address in addresses}
    text = json.dumps({"imports": imports}, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def _pack(response: Response, packed: Packed, path: str) -> None:
    """Send the packed content to whoever reads it; a range is a piece of the plain file and stays plain."""
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not request.accept_encodings["gzip"] or "Range" in request.headers:
        return
    etag, _ = response.get_etag()
    opened, response.direct_passthrough = response.response, False
    response.set_data(packed.of(path))
    if hasattr(opened, "close"):
        opened.close()
    response.headers["Content-Encoding"] = "gzip"
    if etag:
        response.set_etag(etag, weak=True)


def _lifetime(prints: Fingerprints, path: str, asked: str | None) -> str:
    if asked is not None and asked == prints.of(path):
        return FOR_EVER
    return FONTS if path.startswith("vendor/fonts/") else ASK_AGAIN
