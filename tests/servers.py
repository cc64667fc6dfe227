"""Real servers for tests, each in a temporary folder on a free loopback port and gone when its block ends."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

# Nothing here outlives a test, so nothing has to reach the disk. In memory a copy of a database takes 7 ms, else 100.
QUICK = "fsync=off synchronous_commit=off full_page_writes=off wal_level=minimal max_wal_senders=0 max_wal_size=128MB"
ROOMY = "max_connections=200 shared_buffers=64MB"
MEMORY, ENOUGH = Path("/dev/shm"), 2 * 1024**3


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Service:
    """A server that may be stopped and started again at the same address with the same data; `stops` is how it is told to."""

    url: str
    command: Sequence[str]
    log: Path
    user: str | None
    answers: Callable[[], None]
    stops: signal.Signals
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        # The kernel stops the server when the test run itself is killed.
        guard = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                [*guard, *self.command], user=self.user, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        _wait(self.process, self.answers, self.log)

    def stop(self, how: signal.Signals | None = None) -> None:
        """Stop it; does nothing when it is stopped."""
        server, self.process = self.process, None
        if server is None:
            return
        server.send_signal(how or self.stops)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Start PostgreSQL and yield the address of its empty database "postgres"."""
    with postgresql_service() as service:
        yield service.url


@contextmanager
def postgresql_service() -> Iterator[Service]:
    """Start PostgreSQL and yield the server, which may be restarted."""
    programs = _postgresql_programs()
    owner = "postgres" if os.getuid() == 0 else None  # PostgreSQL refuses to run as root
    port = free_port()
    with _folder("eventmgr-postgresql-", owner) as folder:
        data, log = folder / "data", folder / "log"
        initdb = [programs / "initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]
        _finish([*map(str, initdb), "--locale=C.UTF-8", "--pgdata", str(data)], owner)
        start = [str(programs / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
        start += [word for setting in f"{QUICK} {ROOMY}".split() for word in ("-c", setting)]
        address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        answers = lambda: psycopg.connect(address).close()  # noqa: E731
        with _running(Service(address.replace("postgresql://", "postgresql+psycopg://"), start, log, owner, answers, signal.SIGQUIT)) as service:
            yield service


@contextmanager
def postgresql_database(server: str, template: str = "template1") -> Iterator[str]:
    """Yield the address of a new database on a server of postgresql_server(), a copy of template; dropped at the end.

    Nobody may be connected to the template while it is copied.
    """
    plain = server.replace("postgresql+psycopg://", "postgresql://")
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy'.encode())
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def redis_server() -> Iterator[str]:
    """Start Redis and yield its address."""
    with redis_service() as service:
        yield service.url


@contextmanager
def redis_service() -> Iterator[Service]:
    """Start Redis and yield the server, which may be restarted."""
    if not (program := shutil.which("redis-server")):
        raise RuntimeError("redis-server is missing: apt-get install redis-server")
    port = free_port()
    with _folder("eventmgr-redis-", None) as folder:
        start = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
        url = f"redis://127.0.0.1:{port}/0"
        with _running(Service(url, start, folder / "log", None, lambda: _ping(url), signal.SIGTERM)) as service:
            yield service


def _ping(url: str) -> None:
    client = redis.Redis.from_url(url)
    try:
        client.ping()
    finally:
        client.close()


def _postgresql_programs() -> Path:
    """Return the newest folder that has initdb: Debian keeps it out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    found += [Path(path) for path in [shutil.which("initdb")] if path]
    if not found:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    return found[-1].parent


def memory() -> Path | None:
    """Return the folder that lies in memory, when there is one with room and nobody chose another for temporary files."""
    roomy = "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    return MEMORY if roomy else None


@contextmanager
def _folder(prefix: str, owner: str | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=memory()))
    try:
        if owner:
            os.chown(folder, pwd.getpwnam(owner).pw_uid, -1)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _finish(command: Sequence[str], user: str | None) -> None:
    done = subprocess.run(command, user=user, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


@contextmanager
def _running(service: Service) -> Iterator[Service]:
    """Run a server until the block ends."""
    try:
        service.start()
        yield service
    finally:
        service.stop()


def _wait(server: subprocess.Popen[bytes], answers: Callable[[], None], log: Path) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            return answers()
        except (psycopg.OperationalError, redis.ConnectionError):
            time.sleep(0.02)
    raise RuntimeError(f"{server.args!r} does not answer: {log.read_text()}")
