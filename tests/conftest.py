"""The application of the tests: real parts, a fresh database for each test."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from eventmgr import clock
from eventmgr.bootstrap import MIGRATIONS, create_app
from eventmgr.domain.access import Role
from eventmgr.migrating import upgrade
from eventmgr.models.accounts import Account, Membership
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import passwords, plans
from eventmgr.settings import Settings
from tests.people import PASSWORD, SLUG, STAFF, Person
from tests.servers import postgresql_database
from tests.thrift import be_thrifty, keep_what_is_loaded, share_statements

pytest_plugins = ["tests.databases"]
be_thrifty()

SEED = MIGRATIONS.parent / "plans" / "ke-hoach-2809.yaml"


def pytest_collection_finish() -> None:
    keep_what_is_loaded()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Argon2 as in production costs 20 ms a call; here it may be cheap."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def settings_for(folder: Path, database_url: str) -> Settings:
    """Return the settings of a test's copy."""
    folder.mkdir(parents=True, exist_ok=True)
    return Settings(
        instance=folder, database_url=database_url, bind="127.0.0.1:8000", base_url="http://127.0.0.1:8000",
        secret_key=b"tests only, never elsewhere 0123456789", allowed_hosts=("localhost",), testing=True,
    )


def fill(app: Flask) -> None:
    """Migrate, load the plan, and make the people of the tests."""
    with app.app_context():
        upgrade()
        plans.load_file(SEED)
        hashed = passwords.hash_password(PASSWORD)
        conference_id = db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one()
        with transaction():
            for username, (name, roles) in STAFF.items():
                account = Account(
                    username=username, display_name=name, password_hash=hashed, must_change_password=False,
                    is_administrator=Role.ADMINISTRATOR in roles, created_at=clock.now(),
                )
                db.session.add(account)
                db.session.flush()
                for role in roles:
                    if role is not Role.ADMINISTRATOR:
                        db.session.add(Membership(conference_id=conference_id, account_id=account.id, role=role.value))
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def filled_database(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Yield the address of a filled database that each test copies."""
    folder = tmp_path_factory.mktemp(f"filled-{database_kind}")
    with ExitStack() as stack:
        if database_kind == "sqlite":
            url = f"sqlite:///{folder / 'filled.db'}"
        else:
            url = stack.enter_context(postgresql_database(request.getfixturevalue("postgresql")))
        app = create_app(settings_for(folder, url))
        fill(app)
        with app.app_context():
            share_statements(db.engine)
        if database_kind == "sqlite":
            with app.app_context():
                db.session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
                db.session.remove()
                db.engine.dispose()
        yield url


_connections: list[Any] = []


@event.listens_for(Engine, "connect")
def _remember(connection: Any, record: Any) -> None:
    if not type(connection).__module__.startswith("sqlite3"):  # closing one in use elsewhere would end the process
        _connections.append(connection)


def close_connections() -> None:
    """Close what threads and further copies of the application have left open."""
    while _connections:
        _connections.pop().close()


@pytest.fixture
def database_url(
    database_kind: str, filled_database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """Yield the address of a database of this test alone."""
    if database_kind == "sqlite":
        shutil.copyfile(filled_database.removeprefix("sqlite:///"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        close_connections()
        return
    with postgresql_database(request.getfixturevalue("postgresql"), filled_database.rsplit("/", 1)[1]) as url:
        yield url
        close_connections()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """Yield the application with the plan's conference and the staff in it, inside an application context."""
    made = create_app(settings_for(tmp_path / "instance", database_url))
    with made.app_context():
        yield made
        made.extensions["eventmgr_hub"].close()
        for thread in threading.enumerate():
            if thread.name == "eventmgr-hub":  # it may be reading from a database that is about to go
                thread.join(5)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def conference(app: Flask) -> Conference:
    """Return the plan's conference."""
    return db.session.scalars(sa.select(Conference).where(Conference.slug == SLUG)).one()


def _person(username: str | None) -> object:
    @pytest.fixture(name=username or "stranger")
    def made(app: Flask) -> Person:
        return Person(app, username)

    return made


stranger, quantri, lan, khanh, minh = (_person(name) for name in (None, "quantri", "lan", "khanh", "minh"))
ha, tuan, dung, oanh, xuan, nga = (_person(name) for name in ("ha", "tuan", "dung", "oanh", "xuan", "nga"))
