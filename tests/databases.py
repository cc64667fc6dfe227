"""What a run of the tests stands on: --database=sqlite (default), postgresql or all; and what is left out without tools.

A test that uses the fixture `database_kind`, directly or through `app`, runs once on each of them; browser tests run on
the first only. `@pytest.mark.database("sqlite")` names the only databases that a test is about.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.servers import memory, postgresql_server, redis_server

PLAYWRIGHT = find_spec("playwright")
KINDS = {"sqlite": ["sqlite"], "postgresql": ["postgresql"], "all": ["sqlite", "postgresql"]}


def pytest_configure() -> None:
    """A machine that is busy elsewhere makes an example slow, not wrong; and no test waits for a disk when memory has room.

    SQLite asks the disk to keep each commit: 3 ms and more, of which a test has dozens. What a killed process leaves behind
    is the same in memory.
    """
    if folder := memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))
    if find_spec("hypothesis"):
        from hypothesis import settings  # optional

        settings.register_profile("house", deadline=None)
        settings.load_profile("house")


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


# With requirements.txt alone, what needs more is left out, and the run says so.


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return True if collection_path.name == "browser" and not PLAYWRIGHT else None


def pytest_report_header() -> str | None:
    return None if PLAYWRIGHT else "left out: tests/browser, playwright is missing: pip install -r requirements-dev.txt"


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Skip, with its reason, a file that needs what only requirements-dev.txt brings."""
    report = yield
    missing = re.search(r"No module named '(hypothesis|numpy|pypdf|schemathesis|xlwt|zxingcpp)\b", str(report.longrepr))
    if report.failed and missing:
        reason = f"Skipped: {missing[1]} is missing: pip install -r requirements-dev.txt"
        report.outcome, report.longrepr = "skipped", (str(collector.path), 1, reason)
    return report


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
    return str(getattr(request, "param", KINDS[request.config.getoption("--database")][0]))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with postgresql_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url
