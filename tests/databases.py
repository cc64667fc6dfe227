"""The database that a run of the tests stands on: --database=sqlite (default), postgresql or all.

A test that uses the fixture `database_kind`, directly or through `app`, runs once on each of them; browser tests run on
the first only. `@pytest.mark.database("sqlite")` names the only databases that a test is about.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import postgresql_server, redis_server

KINDS = {"sqlite": ["sqlite"], "postgresql": ["postgresql"], "all": ["sqlite", "postgresql"]}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=list(KINDS), default="sqlite", help="the database that the tests use")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" not in metafunc.fixturenames:
        return
    kinds: list[object] = [*KINDS[metafunc.config.getoption("--database")]]
    if metafunc.definition.get_closest_marker("browser"):
        kinds = kinds[:1]
    if only := metafunc.definition.get_closest_marker("database"):
        elsewhere = pytest.mark.skip(reason=f"is about {', '.join(only.args)} only; run with --database=all")
        kinds = [kind for kind in kinds if kind in only.args] or [pytest.param(only.args[0], marks=elsewhere)]
    metafunc.parametrize("database_kind", kinds, indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what answers soonest first: no database, SQLite, PostgreSQL, browser."""
    items.sort(key=_slowness)


def _slowness(item: pytest.Item) -> int:
    if item.get_closest_marker("browser"):
        return 3
    call = getattr(item, "callspec", None)
    return {None: 0, "sqlite": 1, "postgresql": 2}[call.params.get("database_kind") if call else None]


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with postgresql_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url
