"""Backups that somebody tampered with: nothing leaves the folder, nothing is linked, no bomb goes off, each has its sentence."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from eventmgr.documents import archive

NAMES = [
    "../out", "files/../../out", "/out", "files/\\..\\out", ".opened", "a\0b", "eventmgr.db/inside", "\u202efiles", "files/..", ".", "",
]  # fmt: skip


def packed(path: Path, members: dict[str, bytes], listed: dict[str, Any] | None = None, mode: int = 0o100600) -> Path:
    """Write a backup by hand; `listed` changes what the manifest says of a member."""
    told = {name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in members.items()} | (listed or {})
    facts = {"made_at": "", "revision": "", "engine": "sqlite", "tables": {}, "key_mark": "", "head": None, "format": 1, "members": told}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            entry = zipfile.ZipInfo("x")
            entry.filename, entry.external_attr, entry.compress_type = name, mode << 16, zipfile.ZIP_DEFLATED
            made.writestr(entry, content)
        made.writestr("manifest.json", json.dumps(facts))
    return path


def unpacked(path: Path, folder: Path) -> set[str]:
    folder.mkdir()
    archive.unpack(path, folder, None)
    return {str(one.relative_to(folder)) for one in folder.rglob("*")}


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    made = packed(tmp_path / "a.evb", {"eventmgr.db": b"x", name: b"out"})
    with pytest.raises(archive.BadArchive):
        unpacked(made, tmp_path / "in")
    assert {one.name for one in tmp_path.rglob("*")} <= {"a.evb", "in", "eventmgr.db"}
    assert [one for one in tmp_path.rglob("*") if one.is_file() and one.read_bytes() == b"out"] == []


def test_a_link_is_only_the_text_of_where_it_led(tmp_path: Path) -> None:
    made = packed(tmp_path / "a.evb", {"eventmgr.db": b"x", "files": b"/etc"}, mode=0o120777)
    assert unpacked(made, tmp_path / "in") == {"eventmgr.db", "files"}
    assert not (tmp_path / "in" / "files").is_symlink() and (tmp_path / "in" / "files").read_bytes() == b"/etc"


def test_bombs_do_not_go_off(tmp_path: Path) -> None:
    bomb = b"\0" * (64 * 1024 * 1024)
    small = {"bytes": 10, "sha256": hashlib.sha256(b"\0" * 10).hexdigest()}
    with pytest.raises(archive.BadArchive, match="không khớp bản kê"):
        unpacked(packed(tmp_path / "a.evb", {"eventmgr.db": bomb}, {"eventmgr.db": small}), tmp_path / "in")
    written = sum(one.stat().st_size for one in (tmp_path / "in").rglob("*"))
    assert written <= 2 * 1024 * 1024, "it stops at what the manifest says, and a block"
    huge = {"bytes": 10**18, "sha256": "0" * 64}
    with pytest.raises(archive.BadArchive, match="không đủ chỗ"):
        unpacked(packed(tmp_path / "b.evb", {"eventmgr.db": b"x"}, {"eventmgr.db": huge}), tmp_path / "more")


def test_a_manifest_that_is_no_manifest(tmp_path: Path) -> None:
    for number, wrong in enumerate(({"bytes": "1", "sha256": ""}, {"bytes": None, "sha256": ""}, {"bytes": -1, "sha256": ""}, [], 7, {"more": 1})):
        with pytest.raises(archive.BadArchive):
            unpacked(packed(tmp_path / f"{number}.evb", {"eventmgr.db": b"x"}, {"eventmgr.db": wrong}), tmp_path / f"in{number}")
