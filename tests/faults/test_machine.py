"""One small server with a disk that fills up, a database that somebody holds for five seconds, a caller who hangs up half way."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.faults.callers import Caller, Said
from tests.faults.house import House, furnish, processes, wait_for
from tests.faults.test_large import scan
from tests.people import SLUG
from tests.smtp import Post, mail_server

FULL = "Ổ đĩa của máy chủ đã đầy nên việc vừa rồi chưa được ghi. Báo người quản trị dọn chỗ trên máy chủ."
OWN_DISK = 'mount -t tmpfs -o size=32m tmpfs "$0" && cp "$1" "$0/" && shift && exec "$@"'
LOCK_SECONDS = 5.0
HOLD = """import sqlite3, sys
line = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
line.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
line.execute("ROLLBACK")
"""
LOOK = """import json, sqlite3, sys
line = sqlite3.connect(sys.argv[1], timeout=30)
keys = [key for (key,) in line.execute("SELECT scan_key FROM scans")]
admitted, people = line.execute("SELECT count(*), count(DISTINCT delegate_id) FROM scans WHERE outcome='admitted'").fetchone()
sound = line.execute("PRAGMA integrity_check").fetchone()[0]
print(json.dumps({"keys": keys, "admitted": admitted, "people": people, "sound": sound}))
"""
pytestmark = pytest.mark.database("sqlite")


def small_disk(disk: Path, database: Path) -> tuple[str, ...]:
    """The command that runs a program with a disk of its own, 32 MB, at `disk`, the database on it; gone with the program."""
    apart = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*apart, "sh", "-c", f"mount -t tmpfs tmpfs {disk}"], capture_output=True).returncode:
        pytest.skip("this machine allows no disk of one's own: unshare --mount needs root or user namespaces")
    return (*apart, "sh", "-c", OWN_DISK, str(disk), str(database))


def test_what_people_see_on_a_full_disk_and_a_held_database_and_that_nothing_is_lost(database_url: str, tmp_path: Path) -> None:
    with mail_server(Post()) as post:
        house = furnish(tmp_path, database_url, post, people=30, letters=8)
        disk = tmp_path / "disk"
        disk.mkdir()
        source = Path(database_url.removeprefix("sqlite:///"))
        line = sqlite3.connect(source)
        line.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        line.close()
        house.live.under = small_disk(disk, source)
        house.live.env |= {"EVENTMGR_INSTANCE": str(disk), "DATABASE_URL": f"sqlite:///{disk / source.name}"}
        house.live.start()
        try:
            inside = Path(f"/proc/{house.live.process.pid}/root{disk}")  # type: ignore[union-attr]
            before = processes(house.live)
            stored = _a_full_disk(house, inside)
            stored += _a_held_database(house, disk / source.name)
            _half_an_upload(house)
            assert processes(house.live) == before, "nobody had to be started again"
            with _beside(house, LOOK, disk / source.name) as looking:
                found = json.loads(looking.communicate()[0])
            assert (found["sound"], found["admitted"]) == ("ok", found["people"])
            assert set(stored) <= set(found["keys"])
        finally:
            house.live.stop(hard=True)


def _a_full_disk(house: House, disk: Path) -> list[str]:
    """Fill the disk, see what people are told, make room; return the keys of the scans that were answered."""
    phone, visitor = Caller(house.live.port, {"eventmgr_phone": house.tokens[0]}), Caller(house.live.port)
    office = Caller(house.live.port)
    assert office.sign_in("lan")
    token = office.token("/office/password") or ""
    stored = []
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError as full:
            assert "No space left" in str(full)
    for _ in range(500):  # what is left in files that exist already is written first
        fact = scan(house.codes[0])
        said = _answered(phone.scan([fact]))
        if said.status != 200:
            break
        stored.append(str(fact["scan_key"]))
    assert (said.status, said.json, said.headers["retry-after"]) == (503, {"problem": FULL}, "30")
    assert _answered(visitor.get(f"/e/{SLUG}/")).status == 200
    page = _answered(office.post(f"/office/{SLUG}/gates", [("name", "Cửa phụ phía đông")], token))
    assert (page.status, FULL in page.text, "Cửa phụ phía đông" in page.text) == (503, True, True)
    paper = _answered(visitor.get(f"/e/{SLUG}/programme.pdf"))
    assert (paper.status, FULL in paper.text) == (503, True)
    ballast.unlink()
    again = _answered(phone.scan([fact, scan(house.codes[1])]))
    assert [one["verdict"]["outcome"] for one in again.json["results"]][1] == "admitted"
    assert again.json["results"][0]["repeated"] is False
    assert _answered(visitor.get(f"/e/{SLUG}/programme.pdf")).status == 200
    return [*stored, *(one["scan_key"] for one in again.json["results"])]


def _a_held_database(house: House, database: Path) -> list[str]:
    """Hold the lock for five seconds: who reads is served meanwhile, who scans waits and is heard."""
    phone, visitor = Caller(house.live.port, {"eventmgr_phone": house.tokens[1]}), Caller(house.live.port)
    fact, answers = scan(house.codes[2]), list[Said | None]()

    def send() -> None:
        while (said := phone.scan([fact])) is not None and said.status == 503:  # a very slow machine: sent again, as phones do
            time.sleep(0.1)
        answers.append(said)

    waiting = threading.Thread(target=send)
    with _beside(house, HOLD, database) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        until = time.monotonic() + LOCK_SECONDS
        waiting.start()
        read = 0
        while time.monotonic() < until:
            assert _answered(visitor.get(f"/e/{SLUG}/")).status == 200
            read += 1
            time.sleep(0.1)
        assert answers == [], "the lock was held"
        holder.communicate("let go")
    waiting.join(60)
    said = _answered(answers[0])
    assert (said.status, said.json["results"][0]["verdict"]["outcome"]) == (200, "admitted")
    assert read > 2
    return [str(fact["scan_key"])]


def _half_an_upload(house: House) -> None:
    """A caller names 200 KB, sends the half and hangs up: nobody else notices, and nothing of it is kept."""
    office = Caller(house.live.port)
    assert office.sign_in("lan")
    token = office.token("/office/password") or ""
    cookies = "; ".join(f"{name}={value}" for name, value in office.cookies.items())
    begin = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--x\r\nContent-Disposition: form-data; '
    begin += 'name="file"; filename="danh-sach.xlsx"\r\nContent-Type: application/octet-stream\r\n\r\n'
    head = f"POST /office/{SLUG}/imports HTTP/1.1\r\nHost: 127.0.0.1:{house.live.port}\r\nCookie: {cookies}\r\n"
    head += "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 200000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", house.live.port)) as line:
        line.sendall((head + begin).encode() + b"PK\x03\x04" + b"\0" * 100_000)
    wait_for(lambda: _answered(office.get("/healthz")).status == 200)
    page = _answered(office.get(f"/office/{SLUG}/imports"))
    assert (page.status, "danh-sach.xlsx" in page.text) == (200, False)


def _beside(house: House, program: str, database: Path) -> subprocess.Popen[str]:
    """Run a program that sees the disk which only the copy sees."""
    assert house.live.process is not None
    enter = ["nsenter", "--target", str(house.live.process.pid), "--mount", *([] if os.getuid() == 0 else ["--user", "--preserve-credentials"])]
    command = [*enter, sys.executable, "-c", program, str(database)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _answered(said: Said | None) -> Said:
    assert said is not None, "no answer"
    return said
