"""Where finished files of this copy stand; bootstrap says which folder."""

from __future__ import annotations

from pathlib import Path

_folder: list[Path] = []


def open_shelf(folder: Path) -> None:
    """Use this folder for finished files and create it when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    _folder[:] = [folder]


def folder() -> Path:
    """Return the folder of finished files."""
    return _folder[0]
