from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers import free_port, postgresql_database, postgresql_server, redis_server


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"))


def test_postgresql_keeps_vietnamese_text_apart_in_each_database_and_stops():
    with postgresql_server() as server:
        with postgresql_database(server) as url, connect(url) as first:
            first.execute("CREATE TABLE body (name text)")
            first.execute("INSERT INTO body VALUES ('UBND huyện Đăk Hà')")
            first.commit()
            assert first.execute("SELECT name FROM body").fetchall() == [("UBND huyện Đăk Hà",)]
            with postgresql_database(server) as other, connect(other) as second:
                assert second.execute("SELECT to_regclass('body')").fetchone() == (None,)
        with connect(server) as left, pytest.raises(psycopg.OperationalError):
            assert left.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'test_%'").fetchone() == (0,)
            connect(url)
    with pytest.raises(psycopg.OperationalError):
        connect(server)


def test_redis_answers_and_stops_when_the_test_fails():
    with pytest.raises(ZeroDivisionError), redis_server() as url, redis.Redis.from_url(url) as client:
        assert client.ping() is True
        raise ZeroDivisionError
    with pytest.raises(redis.ConnectionError), redis.Redis.from_url(url) as client:
        client.ping()


def test_a_killed_test_run_leaves_no_server_behind(tmp_path: Path):
    holder = "import sys; sys.path.insert(0, '.')\nfrom tests.servers import redis_server\n"
    holder += "with redis_server() as url: print(url, flush=True); input()"
    root = Path(__file__).parents[2]
    here = os.environ | {"TMPDIR": str(tmp_path)}
    run = subprocess.Popen(
        [sys.executable, "-c", holder], cwd=root, env=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        os.kill(run.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    with redis.Redis.from_url(url) as client:
        while time.monotonic() < deadline:
            try:
                client.ping()
            except redis.ConnectionError:
                return
            time.sleep(0.05)
    pytest.fail(f"{url} still answers")


def test_free_ports_differ_and_can_be_taken():
    assert len({free_port() for _ in range(5)}) > 1
