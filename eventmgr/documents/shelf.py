"""Files in one folder, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

_UNFINISHED = ".unfinished-"


def safe_name(*parts: str, suffix: str) -> str:
    """Return a file name of small letters, digits and hyphens from any texts: ("Giấy mời", "7") -> "giay-moi-7.pdf".

    Whatever could climb out of a folder, hide a file or upset a shell becomes a hyphen; `suffix` is
    the ending without its dot. Raises ValueError when nothing is left of the parts or of the suffix.
    """
    stem = "-".join(filter(None, (_plain(part) for part in parts)))[:120].rstrip("-")
    ending = _plain(suffix)
    if not stem or not ending:
        raise ValueError("no name can be made of these parts")
    return f"{stem}.{ending}"


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a file so that it is there whole or not at all, even when the power fails; return its path.

    An older file of that name is replaced. Raises ValueError for a name that is not one plain file name,
    and OSError when the disk refuses; then nothing of the new content stays.
    """
    path = _inside(folder, name)
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _sync_folder(folder)
    return path


def read(folder: Path, name: str) -> bytes:
    """Return a file's content. Raises FileNotFoundError, or ValueError for a name that is not plain."""
    return _inside(folder, name).read_bytes()


def delete(folder: Path, name: str) -> None:
    """Remove a file; one that is not there is no mistake. Raises ValueError for a name that is not plain."""
    _inside(folder, name).unlink(missing_ok=True)


def older_than(folder: Path, moment: datetime) -> list[str]:
    """Return the names of files last written before `moment` (aware), sorted; unfinished ones of a killed job too."""
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in os.scandir(folder)
        if entry.is_file(follow_symlinks=False)
        and datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC) < moment
    )


def _inside(folder: Path, name: str) -> Path:
    if not name or name in {".", ".."} or "\0" in name or Path(name).name != name or "\\" in name:
        raise ValueError(f"not a plain file name: {name!r}")
    return folder / name


def _plain(text: str) -> str:
    spelled = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(char for char in spelled if unicodedata.category(char) != "Mn")
    return re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")


def _sync_folder(folder: Path) -> None:
    # The rename itself lives in the folder: without this it may be lost with the power.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
