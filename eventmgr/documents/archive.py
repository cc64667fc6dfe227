"""The file of a backup: a ZIP whose manifest holds size and SHA-256 of each member, whole or locked with a password."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from eventmgr.documents.sealed import CannotOpen, Sealer, unseal
from eventmgr.documents.sealed import is_sealed as is_sealed

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "eventmgr.db"
SETTINGS = "settings.json"
KEY = "secret.key"
FILES = "files/"
_BLOCK = 1024 * 1024
_MOST_MANIFEST = 16 * 1024 * 1024


class BadArchive(Exception):
    """Why a file cannot be used as a backup, in one Vietnamese sentence."""


@dataclass(frozen=True)
class Member:
    """Size in bytes and SHA-256 in hex of one file inside."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself; `tables` is name -> (rows, digest), `head` the last sealed line of the journal."""

    made_at: str
    revision: str
    engine: str
    tables: dict[str, tuple[int, str]]
    key_mark: str
    head: tuple[int, str] | None = None
    format: int = FORMAT
    members: dict[str, Member] = field(default_factory=dict)


def write_archive(path: Path, facts: Manifest, members: Iterable[tuple[str, Path | bytes]], password: str | None) -> Manifest:
    """Write a new file, readable for its owner only, whole or not at all; return the manifest with its members.

    A member that vanished meanwhile is left out. Raises FileExistsError, and OSError when the disk refuses.
    """
    if path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.unfinished")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            if password is None:
                whole = _fill(file, facts, members)
            else:
                sealer = Sealer(file, password)
                whole = _fill(sealer, facts, members)  # type: ignore[arg-type]
                sealer.finish()
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return whole


def _put_in_place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)  # unlike a rename it never takes the place of another file
    except FileExistsError:
        raise
    except OSError:  # a USB stick knows no links
        os.replace(draft, path)


def _fill(file: BinaryIO, facts: Manifest, members: Iterable[tuple[str, Path | bytes]]) -> Manifest:
    known: dict[str, Member] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, content in members:
            try:
                known[name] = _add(archive, name, content)
            except FileNotFoundError:
                continue  # tidied away since the list was made
        whole = Manifest(**{**_plain(facts), "members": known})
        archive.writestr(MANIFEST, json.dumps(asdict(whole), ensure_ascii=False, indent=1))
    return whole


def _plain(facts: Manifest) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


def _add(archive: zipfile.ZipFile, name: str, content: Path | bytes) -> Member:
    if isinstance(content, bytes):
        archive.writestr(name, content)
        return Member(len(content), hashlib.sha256(content).hexdigest())
    digest, size = hashlib.sha256(), 0
    with content.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while block := source.read(_BLOCK):
            target.write(block)
            digest.update(block)
            size += len(block)
    return Member(size, digest.hexdigest())


def unpack(path: Path, folder: Path, password: str | None) -> Manifest:
    """Write every member into an empty folder, comparing size and checksum; return the manifest.

    Raises BadArchive with a sentence: another password, damaged, cut, or no backup at all.
    """
    opened = folder / ".opened"
    with path.open("rb") as source:
        sealed = is_sealed(source)
        if sealed and not password:
            raise BadArchive("Bản sao lưu này có mật khẩu; hãy cho biết mật khẩu.")
        if sealed:
            with opened.open("xb") as target:
                try:
                    unseal(source, target, password or "")
                except CannotOpen as problem:
                    raise BadArchive("Sai mật khẩu, hoặc tệp sao lưu bị hỏng hay bị cắt cụt.") from problem
    try:
        with zipfile.ZipFile(opened if sealed else path) as archive:
            manifest = _manifest(archive)
            if sum(member.bytes for member in manifest.members.values()) > shutil.disk_usage(folder).free:
                raise BadArchive("Ổ đĩa không đủ chỗ cho những gì bản kê của bản sao lưu nói là có bên trong.")
            for name, member in manifest.members.items():
                _take(archive, name, member, folder)
            return manifest
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as problem:
        raise BadArchive("Tệp không phải là bản sao lưu, hoặc đã bị hỏng.") from problem
    finally:
        opened.unlink(missing_ok=True)


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
        raise BadArchive("Bản kê của bản sao lưu lớn bất thường.")
    try:
        read = json.loads(archive.read(MANIFEST))
        members = {name: _member(member) for name, member in read.pop("members").items()}
        tables = {name: (int(rows), str(digest)) for name, (rows, digest) in read.pop("tables").items()}
        head = read.pop("head")
        manifest = Manifest(**read, tables=tables, members=members, head=tuple(head) if head else None)
    except (ValueError, TypeError, AttributeError, KeyError) as problem:
        raise BadArchive("Bản kê của bản sao lưu không đọc được.") from problem
    if manifest.format != FORMAT:
        raise BadArchive("Bản sao lưu thuộc phiên bản khác; hãy dùng phiên bản phần mềm đã làm ra nó.")
    if DATABASE not in manifest.members:
        raise BadArchive("Trong bản sao lưu không có cơ sở dữ liệu.")
    return manifest


def _member(told: dict[str, Any]) -> Member:
    made = Member(**told)
    if not (isinstance(made.bytes, int) and made.bytes >= 0 and isinstance(made.sha256, str)):
        raise ValueError("no size or no checksum")
    return made


def _take(archive: zipfile.ZipFile, name: str, member: Member, folder: Path) -> None:
    parts = PurePosixPath(name).parts
    if not parts or not name.isprintable() or name.startswith("/") or "\\" in name or ".." in parts or parts[0] == ".opened":
        raise BadArchive("Trong bản sao lưu có tên tệp không hợp lệ.")
    target = folder.joinpath(*parts)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as problem:  # a file where a folder is named, or twice
        raise BadArchive("Trong bản sao lưu có tên tệp không hợp lệ.") from problem
    digest, size = hashlib.sha256(), 0
    with os.fdopen(opened, "wb") as file, archive.open(name) as source:
        while (block := source.read(_BLOCK)) and size <= member.bytes:
            file.write(block)
            digest.update(block)
            size += len(block)
    if (size, digest.hexdigest()) != (member.bytes, member.sha256):
        raise BadArchive(f"Tệp {name} trong bản sao lưu không khớp bản kê (đã bị hỏng hoặc bị sửa).")
