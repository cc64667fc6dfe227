"""Papers made once and kept on the shelf under the digest of what they print."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from eventmgr.documents import markup
from eventmgr.documents import shelf as files
from eventmgr.services import aside, shelf


def kept_pdf(stem: str, sheet: Any, render: Callable[[Any], bytes]) -> bytes:
    """Return the PDF of a sheet (a dataclass) from the shelf, or make it aside and put it there.

    The name holds the digest of the sheet and of the forms, so a new version of the forms prints anew.
    """
    content = f"{type(sheet).__name__} {asdict(sheet)!r} {_forms()}"
    return _kept(stem, content, "pdf", sheet, render)


def kept_document(stem: str, sheet: Any, render: Callable[[Any], bytes]) -> bytes:
    """Return the Word document of a sheet in the same way; its form is code, whose digest stands in the name."""
    made_by = hashlib.sha256(Path(render.__code__.co_filename).read_bytes()).hexdigest()
    return _kept(stem, f"{type(sheet).__name__} {asdict(sheet)!r} {made_by}", "docx", sheet, render)


def _kept(stem: str, content: str, suffix: str, sheet: Any, render: Callable[[Any], bytes]) -> bytes:
    name = files.safe_name(stem, hashlib.sha256(content.encode()).hexdigest()[:32], suffix=suffix)
    try:
        return files.read(shelf.folder(), name)
    except FileNotFoundError:
        made: bytes = aside.run(render, sheet)
        files.put(shelf.folder(), name, made)
        return made


@cache
def _forms() -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in markup.FOLDER.iterdir() if path.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()
