"""A backup while everything runs, its proof, its return into an empty place, and the move to another database.

Whatever the copy runs on, a backup holds one SQLite file: any laptop can open it, and it returns into either database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from eventmgr import clock
from eventmgr.documents import archive
from eventmgr.documents.archive import BadArchive, Manifest
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.database import db
from eventmgr.services import seals, shelf
from eventmgr.services.table_copy import Tallies, Tally, copy_all, tables_of, tally_all
from eventmgr.settings import Settings

Migrate = Callable[[str], None]
SHORTEST_PASSWORD = 12


@dataclass(frozen=True)
class Made:
    """A finished backup: size in bytes, rows and files in it, whether it is locked and so holds the secret key."""

    path: Path
    bytes: int
    manifest: Manifest
    has_key: bool

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(rows for rows, _ in self.manifest.tables.values())

    @property
    def files(self) -> int:
        """Files of the shelf."""
        return sum(name.startswith(archive.FILES) for name in self.manifest.members)


def make_backup(settings: Settings, path: Path, password: str | None = None) -> Made:
    """Write database, files, settings and manifest into one new file; with a password, the secret key as well.

    Raises Conflict when the file exists, Invalid for a short password and when the disk refuses.
    """
    check_password(password)
    try:
        with _work_folder(settings) as work:
            revision = _copy_database(work / archive.DATABASE)
            with opened(work / archive.DATABASE) as copied, copied.connect() as connection:
                tallies, head = tally_all(connection), seals.head_of(connection) if _has_seals(connection) else None
            facts = Manifest(
                made_at=clock.now().isoformat(timespec="seconds"), revision=revision, engine=db.engine.dialect.name,
                tables={name: (one.rows, one.digest) for name, one in tallies.items()}, key_mark=key_mark(settings.secret_key),
                head=head,
            )
            whole = archive.write_archive(path, facts, _members(settings, work, with_key=password is not None), password)
    except FileExistsError as problem:
        raise Conflict(f"Đã có tệp {path.name}; bản sao lưu không ghi đè lên tệp có sẵn.") from problem
    except OSError as problem:
        raise Invalid(f"Không ghi được bản sao lưu: {problem.strerror or 'ổ đĩa từ chối'}.") from problem
    return Made(path, path.stat().st_size, whole, archive.KEY in whole.members)


def verify(path: Path, password: str | None = None) -> Manifest:
    """Prove a backup by restoring it to a scratch place: checksums, database, counts and digests of every table, and
    that the files of papers and dossiers are those that the database names.

    Raises NotFound, or Invalid with the first thing that is wrong; FilesDiffer when it is whole otherwise.
    """
    with tempfile.TemporaryDirectory(prefix="eventmgr-verify-") as folder:
        manifest = _unpacked(path, Path(folder), password)
        if wrong := _differing_files(Path(folder) / archive.DATABASE, manifest):
            raise FilesDiffer(f"{len(wrong)} tệp trong bản sao lưu thiếu hoặc khác lúc nhận: {'; '.join(wrong[:5])}. Phần còn lại nguyên vẹn.")
        return manifest


class FilesDiffer(Invalid):
    """Files that were lost or changed on the disk before the backup was made; it can still be restored."""


_KEPT = (("dossier_files", "digest", "ho-so"), ("paper_files", "sha256", "tai-lieu"))
"""Tables that name files, the column of their SHA-256, and the folder on the shelf where they lie."""


def _differing_files(database: Path, manifest: Manifest) -> list[str]:
    """Return the names of files that the database knows otherwise than the backup holds them."""
    wrong = []
    with opened(database) as engine, engine.connect() as connection:
        known = sa.inspect(connection)
        for name, digest, folder in _KEPT:
            if not known.has_table(name):  # older than these files
                continue
            table = sa.table(name, *(sa.column(column) for column in ("id", "file_name", "kept_as", digest)))
            for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings():
                held = manifest.members.get(f"{archive.FILES}{folder}/{row['kept_as']}")
                if held is None or held.sha256 != row[digest]:
                    wrong.append(f"{row['file_name']} ({'thiếu' if held is None else 'khác'})")
    return wrong


@dataclass(frozen=True)
class Compared:
    """A table before and after: its name and both tallies."""

    name: str
    before: Tally
    after: Tally


@dataclass(frozen=True)
class Restored:
    """What came back: the manifest, each table compared, how many files, and what became of the key."""

    manifest: Manifest
    tables: list[Compared]
    files: int
    key: str


def restore(settings: Settings, path: Path, migrate: Migrate, password: str | None = None) -> Restored:
    """Bring a backup back into an empty place and migrate it on to this version (`migrate` takes a revision or head).

    Raises Conflict when the place is not empty, NotFound or Invalid for the file; then nothing was changed.
    """
    _must_be_empty()
    with _work_folder(settings) as work:
        manifest = _unpacked(path, work, password)
        before = _tallies_of(manifest)
        if db.engine.dialect.name == "sqlite":
            _put_database(work / archive.DATABASE)
            with db.engine.connect() as connection:
                after = tally_all(connection)
        else:
            with opened(work / archive.DATABASE) as copied:
                after = _fill_from(copied, manifest.revision, migrate)
        compared = _compared(before, after)
        files = _put_files(work / archive.FILES.rstrip("/"))
        key = _put_key(settings, work / archive.KEY, manifest)
    migrate("head")
    return Restored(manifest, compared, files, key)


def move_from(address: str, migrate: Migrate) -> list[Compared]:
    """Copy everything from another database (sqlite:/// or postgresql://) into this empty one; compare each table.

    The other one is only read and stands still meanwhile. Raises Conflict when this one is not empty, Invalid when the
    other cannot be read.
    """
    _must_be_empty()
    try:
        source = sa.create_engine(address, poolclass=NullPool)
        with source.connect() as probe:
            revision = str(probe.scalar(sa.text("SELECT version_num FROM alembic_version")))
    except sa.exc.SQLAlchemyError as problem:
        raise Invalid("Không đọc được cơ sở dữ liệu nguồn, hoặc nguồn không phải của hệ thống này.") from problem
    if source.url.render_as_string(hide_password=False) == db.engine.url.render_as_string(hide_password=False):
        raise Invalid("Nguồn và đích là một cơ sở dữ liệu.")
    try:
        with _one_moment(source) as connection:
            before = tally_all(connection)
        after = _fill_from(source, revision, migrate)
    finally:
        source.dispose()
    compared = _compared(before, after)
    migrate("head")
    return compared


def is_locked(path: Path) -> bool:
    """Tell whether a backup asks for a password; a file that is not there does not."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return archive.is_sealed(file)


def key_mark(key: bytes) -> str:
    """Return a mark by which a key is known again, and nothing more."""
    return hmac.new(key, b"eventmgr key mark", hashlib.sha256).hexdigest()[:16]


def check_password(password: str | None) -> None:
    """Raise Invalid for a password that a machine would guess."""
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise Invalid(f"Mật khẩu của bản sao lưu dài ít nhất {SHORTEST_PASSWORD} ký tự.")


def _copy_database(path: Path) -> str:
    """Write the whole database as of one moment into a new SQLite file; return its revision."""
    with db.engine.connect() as connection:
        revision = str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))
    if db.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(db.engine.url.database), timeout=30)) as raw:
            raw.execute("VACUUM INTO ?", (str(path),))
        return revision
    with opened(path) as copied:
        db.metadata.create_all(copied)
        with copied.begin() as made:
            made.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        with _one_moment(db.engine) as source, _without_references(copied) as target:
            there, here = ({table.name for table in tables_of(one)} for one in (source, target))
            if there != here:
                raise Invalid("Cơ sở dữ liệu chưa ở phiên bản của phần mềm; khởi động hệ thống một lần rồi sao lưu.")
            copy_all(source, target)
    return revision


def _fill_from(source: Engine, revision: str, migrate: Migrate) -> Tallies:
    """Make the tables of that revision in this database and fill them; return what stands here afterwards."""
    migrate(revision)
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        with _one_moment(source) as connection, _without_references(db.engine) as target:
            copy_all(connection, target)
    else:
        with _one_moment(source) as connection, db.engine.begin() as target:
            copy_all(connection, target)
    with db.engine.connect() as connection:
        return tally_all(connection)


@contextmanager
def _one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as of one moment; on SQLite nobody writes meanwhile."""
    postgresql = engine.dialect.name == "postgresql"
    options: dict[str, Any] = (
        {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if postgresql else {"eventmgr_begin": "IMMEDIATE"}
    )
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def _without_references(engine: Engine) -> Iterator[Connection]:
    """A writing connection to SQLite that checks references only when asked."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """An SQLite file of its own; when the block ends, the file alone holds everything."""
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _work_folder(settings: Settings) -> Iterator[Path]:
    """A folder beside the database, so that what is finished only has to be renamed."""
    with tempfile.TemporaryDirectory(prefix=".work-", dir=settings.instance) as folder:
        yield Path(folder)


def _members(settings: Settings, work: Path, *, with_key: bool) -> Iterator[tuple[str, Path | bytes]]:
    yield archive.DATABASE, work / archive.DATABASE
    yield archive.SETTINGS, json.dumps(_settings_without_secrets(settings), ensure_ascii=False, indent=1).encode()
    if with_key:
        yield archive.KEY, settings.secret_key
    folder = shelf.folder()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield archive.FILES + path.relative_to(folder).as_posix(), path


def _settings_without_secrets(settings: Settings) -> dict[str, object]:
    return {
        "EVENTMGR_BIND": settings.bind, "EVENTMGR_BASE_URL": settings.base_url, "EVENTMGR_WORKERS": settings.workers,
        "EVENTMGR_HOSTS": ",".join(settings.allowed_hosts), "EVENTMGR_TRUSTED_PROXIES": settings.trusted_proxies,
        "EVENTMGR_MAX_STREAMS": settings.max_streams, "EVENTMGR_CLIENT_SECONDS": settings.client_seconds,
        "EVENTMGR_MAX_UPLOAD_MB": settings.max_upload_bytes // 1024 // 1024,
        "database": db.engine.dialect.name, "redis": settings.redis_url is not None,
    }


def _unpacked(path: Path, folder: Path, password: str | None) -> Manifest:
    """Unpack a backup into a folder and prove it there."""
    if not path.is_file():
        raise NotFound(f"Không có tệp {path.name}.")
    try:
        manifest = archive.unpack(path, folder, password)
    except BadArchive as problem:
        raise Invalid(str(problem)) from problem
    with opened(folder / archive.DATABASE) as engine, engine.connect() as connection:
        try:
            sound = connection.scalar(sa.text("PRAGMA integrity_check"))
            broken = connection.execute(sa.text("PRAGMA foreign_key_check")).first()
            found = tally_all(connection)
            chain = seals.check_chain(connection) if _has_seals(connection) else None
        except sa.exc.SQLAlchemyError as problem:
            raise Invalid("Cơ sở dữ liệu trong bản sao lưu không mở được.") from problem
    if sound != "ok" or broken:
        raise Invalid("Cơ sở dữ liệu trong bản sao lưu bị hỏng.")
    _compared(_tallies_of(manifest), found)
    if chain and (chain.wrong or chain.head != manifest.head):
        raise Invalid(f"Nhật ký trong bản sao lưu không nguyên vẹn. {chain.wrong or 'Chuỗi niêm phong khác bản kê.'}")
    return manifest


def _has_seals(connection: Connection) -> bool:
    """Tell whether the database is new enough to chain its journal."""
    return bool(sa.inspect(connection).has_table("journal_seals"))


def _tallies_of(manifest: Manifest) -> Tallies:
    return {name: Tally(rows, digest) for name, (rows, digest) in manifest.tables.items()}


def _compared(before: Tallies, after: Tallies) -> list[Compared]:
    """Compare every table; raises Invalid that names the first one that differs."""
    if before.keys() != after.keys():
        raise Invalid("Danh sách bảng không khớp: " + ", ".join(sorted(before.keys() ^ after.keys())) + ".")
    rows = [Compared(name, before[name], after[name]) for name in sorted(before)]
    for one in rows:
        if one.before != one.after:
            raise Invalid(f"Bảng {one.name} không khớp: {one.before.rows} dòng so với {one.after.rows} dòng, hoặc nội dung khác.")
    return rows


def _must_be_empty() -> None:
    with db.engine.connect() as connection:
        for table in tables_of(connection):
            if table.name != "alembic_version" and connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
                raise Conflict("Nơi khôi phục không trống: cơ sở dữ liệu đã có dữ liệu. Chọn thư mục hoặc cơ sở dữ liệu mới.")
    if any(path.is_file() for path in shelf.folder().rglob("*")):
        raise Conflict("Nơi khôi phục không trống: thư mục tệp đã có tệp. Chọn thư mục mới.")


def _put_database(path: Path) -> None:
    target = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    for left in (target.with_name(target.name + "-wal"), target.with_name(target.name + "-shm")):
        left.unlink(missing_ok=True)
    os.replace(path, target)


def _put_files(folder: Path) -> int:
    count = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file():
            target = shelf.folder() / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
            count += 1
    return count


def _put_key(settings: Settings, path: Path, manifest: Manifest) -> str:
    """Return in words what became of the key: the place is empty, so nothing depends on the one that lies there."""
    if path.is_file():
        os.replace(path, settings.instance / "secret.key")
        if not settings.key_is_given or key_mark(settings.secret_key) == manifest.key_mark:
            return "Khóa bí mật đã về cùng bản sao lưu; mã QR đã in vẫn dùng được."
        return "Khóa đã về trong secret.key, nhưng EVENTMGR_SECRET_KEY là khóa khác: bỏ biến ấy, nếu không mã QR đã in mất hiệu lực."
    if key_mark(settings.secret_key) == manifest.key_mark:
        return "Khóa bí mật ở đây đúng là khóa cũ; mã QR đã in vẫn dùng được."
    return "Bản sao lưu không kèm khóa: chép tệp secret.key cũ vào thư mục instance trước khi in hay gửi giấy mời."
