"""A backup holds everything, proves itself, comes back into either database, and refuses to be wrong in silence."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.documents import archive
from eventmgr.documents import uploaded_files as files
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.migrating import upgrade
from eventmgr.models.accounts import Account
from eventmgr.models.conferences import Conference, Paper
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.models.journal import record
from eventmgr.models.papers import PaperFile
from eventmgr.services import backups, dossiers, papers, pass_codes, shelf
from eventmgr.services.table_copy import tally_all
from eventmgr.settings import Settings
from tests import dossiers as dossiers_of_tests
from tests.conftest import settings_for
from tests.people import Person
from tests.servers import postgresql_database
from tests.web.test_letters import issue_all, name_delegate, settle_date

PASSWORD = "mat khau cua ban sao luu"


def settings_of(app: Flask) -> Settings:
    settings = app.extensions["eventmgr"].settings
    assert isinstance(settings, Settings)
    return settings


def migrate(revision: str) -> None:
    upgrade(revision)


@contextmanager
def elsewhere(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Another copy with an empty database of that kind and a key of its own."""
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'other' / 'eventmgr.db'}"
        if kind == "postgresql":
            url = stack.enter_context(postgresql_database(request.getfixturevalue("postgresql")))
        (folder / "other").mkdir()
        settings = Settings.from_env({"EVENTMGR_INSTANCE": str(folder / "other"), "DATABASE_URL": url})
        other = create_app(settings)
        with other.app_context():
            try:
                yield other
            finally:
                db.session.remove()
                db.engine.dispose()


@pytest.fixture
def letters(lan: Person) -> list[tuple[int, str]]:
    """Issue the letters; return (id, code) of each pass."""
    settle_date(lan)
    name_delegate()
    issue_all(lan)
    with transaction():  # a row that refers to a later one, an odd name, and a stored null
        first, last = db.session.scalars(sa.select(Delegate).order_by(Delegate.id)).all()[:2]
        first.merged_into_id, first.note = last.id, "Đắk Tô’s “=1+1” \\ \n\t😀"
    return [(held.id, pass_codes.code_of(held)) for held in db.session.scalars(sa.select(Pass).order_by(Pass.id))]


def tallies() -> dict[str, object]:
    with db.engine.connect() as connection:
        return dict(tally_all(connection))


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_backup_comes_back_in_either_database_with_passes_and_files(
    app: Flask, letters: list[tuple[int, str]], into: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (shelf.folder() / "giay-moi.pdf").write_bytes(b"%PDF-1.7 x")
    made = backups.make_backup(settings_of(app), tmp_path / "a.evb", PASSWORD)
    assert (made.has_key, made.files) == (True, 1)
    assert (tmp_path / "a.evb").stat().st_mode & 0o077 == 0
    before = tallies()
    with elsewhere(into, tmp_path, request) as other:
        done = backups.restore(settings_of(other), tmp_path / "a.evb", migrate, PASSWORD)
        assert tallies() == before
        assert {one.name: one.after for one in done.tables} == before
        assert (shelf.folder() / "giay-moi.pdf").read_bytes() == b"%PDF-1.7 x"
        assert sorted(path.name for path in settings_of(other).instance.iterdir() if path.name.startswith(".")) == []
        assert (settings_of(other).instance / "secret.key").read_bytes() == settings_of(app).secret_key
        pass_codes.use((settings_of(other).instance / "secret.key").read_bytes(), "http://127.0.0.1:8000")
        assert [(p.id, pass_codes.code_of(p)) for p in db.session.scalars(sa.select(Pass).order_by(Pass.id))] == letters
        with transaction():  # new rows are numbered behind the old ones
            db.session.add(Account(username="moi", display_name="Mới", password_hash="x", created_at=clock.now()))
            record("x", clock.now(), conference_id=None)


def test_sqlite_moves_to_postgresql_with_one_call(app: Flask, letters: object, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    address = str(app.config["SQLALCHEMY_DATABASE_URI"])
    before = tallies()
    into = "sqlite" if address.startswith("postgresql") else "postgresql"
    with elsewhere(into, tmp_path, request):
        done = backups.move_from(address, migrate)
        assert {one.name: (one.before, one.after) for one in done} == {name: (one, one) for name, one in before.items()}
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Invitation).where(Invitation.sheet.is_(None))) is not None
        with pytest.raises(Conflict, match="không trống"):
            backups.move_from(address, migrate)


def test_backup_is_of_one_moment_while_others_write(app: Flask, tmp_path: Path) -> None:
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                with transaction():  # two lines at once: never one without the other
                    record("x.first", clock.now(), conference_id=None)
                    record("x.second", clock.now(), conference_id=None)
                begun.set()
            db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(20)
        for number in range(3):
            backups.make_backup(settings_of(app), tmp_path / f"{number}.evb")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        assert backups.verify(tmp_path / f"{number}.evb").tables["journal"][0] > 0
        with zipfile.ZipFile(tmp_path / f"{number}.evb") as opened:
            (tmp_path / f"{number}.db").write_bytes(opened.read("eventmgr.db"))
        with backups.opened(tmp_path / f"{number}.db") as engine, engine.connect() as connection:
            verbs = sa.text("SELECT sum(verb = 'x.first'), sum(verb = 'x.second') FROM journal")
            first, second = connection.execute(verbs).one()
            assert first == second and first > 0


@pytest.mark.database("sqlite")
def test_without_password_no_secret_leaves(app: Flask, tmp_path: Path) -> None:
    made = backups.make_backup(settings_of(app), tmp_path / "a.evb")
    with zipfile.ZipFile(tmp_path / "a.evb") as opened:
        assert sorted(opened.namelist()) == ["eventmgr.db", "manifest.json", "settings.json"]
        assert [name for name in opened.namelist() if settings_of(app).secret_key in opened.read(name)] == []
    assert made.has_key is False


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_a_damaged_backup_is_told_at_every_place(app: Flask, tmp_path: Path, password: str | None) -> None:
    backups.make_backup(settings_of(app), tmp_path / "a.evb", password)
    whole = (tmp_path / "a.evb").read_bytes()
    assert backups.verify(tmp_path / "a.evb", password).members.keys() >= {"eventmgr.db", "settings.json"}
    wrong = [whole[:-1], whole[: len(whole) // 2], b"", whole[: len(whole) // 2] + b"\0\0\0\0" + whole[len(whole) // 2 + 4 :]]
    if password:
        wrong += [whole[:30] + b"\xff" + whole[31:], whole + b"x"]
    for number, content in enumerate(wrong):
        (tmp_path / f"{number}.evb").write_bytes(content)
        with pytest.raises(Invalid):
            backups.verify(tmp_path / f"{number}.evb", password)
    with pytest.raises(NotFound):
        backups.verify(tmp_path / "none.evb")


@pytest.mark.database("sqlite")
def test_a_changed_row_and_a_foreign_name_are_told(app: Flask, tmp_path: Path) -> None:
    backups.make_backup(settings_of(app), tmp_path / "a.evb")
    with zipfile.ZipFile(tmp_path / "a.evb") as opened:
        manifest, database = opened.read("manifest.json"), opened.read("eventmgr.db")
    for name, (listed, content) in {
        "row": (manifest, database.replace(b"quantri", b"quantrj")),
        "name": (manifest.replace(b'"settings.json"', b'"../settings.json"'), database),
    }.items():
        with zipfile.ZipFile(tmp_path / f"{name}.evb", "w") as made:
            made.writestr("manifest.json", listed)
            made.writestr("eventmgr.db", content)
            made.writestr("../settings.json", "x")
            made.writestr("settings.json", "x")
        with pytest.raises(Invalid):
            backups.verify(tmp_path / f"{name}.evb")
    assert not (tmp_path.parent / "settings.json").exists()


@pytest.mark.database("sqlite")
def test_wrong_password_short_password_and_a_file_that_is_there(app: Flask, tmp_path: Path) -> None:
    backups.make_backup(settings_of(app), tmp_path / "a.evb", PASSWORD)
    for given, sentence in ((None, "có mật khẩu"), ("mot mat khau khac", "Sai mật khẩu")):
        with pytest.raises(Invalid, match=sentence):
            backups.verify(tmp_path / "a.evb", given)
    with pytest.raises(Invalid, match="ít nhất 12"):
        backups.make_backup(settings_of(app), tmp_path / "b.evb", "ngan")
    with pytest.raises(Conflict, match="không ghi đè"):
        backups.make_backup(settings_of(app), tmp_path / "a.evb")
    assert sorted(path.name for path in tmp_path.glob("*.evb*")) == ["a.evb"]


def test_a_filled_place_is_left_alone(app: Flask, tmp_path: Path) -> None:
    backups.make_backup(settings_of(app), tmp_path / "a.evb")
    before = tallies()
    with pytest.raises(Conflict, match="không trống"):
        backups.restore(settings_of(app), tmp_path / "a.evb", migrate)
    assert tallies() == before


@pytest.mark.database("sqlite")
def test_an_older_backup_is_migrated_on(app: Flask, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    old = create_app(settings_for(tmp_path / "old", f"sqlite:///{tmp_path / 'old.db'}"))
    with old.app_context():
        migrate("0001")
        backups.make_backup(settings_of(old), tmp_path / "a.evb")
        db.engine.dispose()
    for kind in ("sqlite", "postgresql"):
        folder = tmp_path / kind
        folder.mkdir()
        with elsewhere(kind, folder, request) as other:
            assert backups.restore(settings_of(other), tmp_path / "a.evb", migrate).manifest.revision == "0001"
            newest = other.extensions["eventmgr"].newest_migration
            assert db.session.scalar(sa.text("SELECT version_num FROM alembic_version")) == newest


@pytest.mark.database("sqlite")
def test_disk_that_refuses_leaves_nothing(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_add", refuse)
    with pytest.raises(Invalid, match="Không ghi được"):
        backups.make_backup(settings_of(app), tmp_path / "a.evb")
    assert list(tmp_path.glob("*evb*")) == [] and list(settings_of(app).instance.glob(".work*")) == []


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_files_of_dossiers_and_papers_come_back_byte_by_byte(
    app: Flask, conference: Conference, into: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = _files_handed_in(conference)
    made = backups.make_backup(settings_of(app), tmp_path / "a.evb", PASSWORD)
    assert made.files == len(before) == 2
    assert backups.verify(tmp_path / "a.evb", PASSWORD).members.keys() >= {f"files/{name}" for name in before}
    with elsewhere(into, tmp_path, request) as other:
        backups.restore(settings_of(other), tmp_path / "a.evb", migrate, PASSWORD)
        assert {path.relative_to(shelf.folder()).as_posix(): path.read_bytes() for path in shelf.folder().rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_a_lost_or_changed_file_is_noticed_and_does_not_stop_the_restore(app: Flask, conference: Conference, harm: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    for name in _files_handed_in(conference):
        path = shelf.folder() / name
        path.unlink() if harm == "missing" else path.write_bytes(b"%PDF-1.4 other")
    backups.make_backup(settings_of(app), tmp_path / "a.evb")
    with pytest.raises(backups.FilesDiffer, match=f"2 tệp .*bao cao.pdf .{'thiếu' if harm == 'missing' else 'khác'}"):
        backups.verify(tmp_path / "a.evb")
    with elsewhere("sqlite", tmp_path, request) as other:
        backups.restore(settings_of(other), tmp_path / "a.evb", migrate)


def _files_handed_in(conference: Conference) -> dict[str, bytes]:
    """A dossier with a file and a paper with one; return what lies on the shelf."""
    code = dossiers_of_tests.body(conference)
    made = dossiers_of_tests.dossier(code)
    dossiers.add_file(code, made.id, "report", "bao cao.pdf", dossiers_of_tests.PDF)
    first = db.session.scalars(sa.select(Paper).where(Paper.conference_id == conference.id).order_by(Paper.id)).first()
    assert first is not None
    content = dossiers_of_tests.PDF + b"%paper"
    kept = files.keep(papers.folder(), files.accepted("de an.pdf", content, {files.Kind.PDF}, 10**6))
    with transaction():
        db.session.add(PaperFile(
            conference_id=conference.id, paper_id=first.id, file_name="de an.pdf", suffix="pdf", bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(), kept_as=kept, release="held", uploaded_at=clock.now(),
        ))
    return {path.relative_to(shelf.folder()).as_posix(): path.read_bytes() for path in shelf.folder().rglob("*") if path.is_file()}
