"""The door over HTTP: `python -m tests.bench.door [DELEGATES …] [--storm SECONDS]`; the last lines are the figures.

A real server on a temporary instance (SQLite, full durability), real phones with keep-alive connections that have decided
by themselves. With two sizes the growth of CPU per scan is told; the storm is 20 scans/s beside 300 listeners and a job of
600 letters.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.domain import passes
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Pass
from tests import door
from tests.bench.figures import tell
from tests.bench.live import connect
from tests.browser.live_copy import LiveCopy
from tests.conftest import fill, settings_for
from tests.people import SLUG

CLIENTS = (1, 10, 50)
BATCH = 100
QUEUED = 1000
STEADY, LISTENERS, LETTERS = 20, 300, 600
PRINT = "from tests.bench.letters import letter, render_invitations; render_invitations([letter(n) for n in range({})])"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Run:
    """What one run measured: seconds of each scan, wall and CPU seconds of all."""

    clients: int
    times: list[float]
    wall: float
    cpu: float

    @property
    def line(self) -> str:
        """The run in words."""
        return (
            f"{self.clients:>2} clients: {self.rate:.0f} admissions/s, p50 {self.at(50):.1f} ms, p95 {self.at(95):.1f} ms, "
            f"p99 {self.at(99):.1f} ms, CPU {self.cpu_ms:.2f} ms a scan"
        )

    @property
    def rate(self) -> float:
        """Admissions a second."""
        return len(self.times) / self.wall

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of CPU that the server spent on a scan."""
        return self.cpu / len(self.times) * 1000

    def at(self, percent: int) -> float:
        """A percentile of the times, in milliseconds."""
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1] * 1000


def main(sizes: list[int], storm: int) -> None:
    results = {size: bench(size, storm if size == sizes[0] else 0) for size in sizes}
    few, many = min(sizes), max(sizes)
    most = results[few][-1]
    tell(door_rate=most.rate, door_p95=most.at(95), door_cpu=most.cpu_ms)
    for size, runs in results.items():
        print(f"{size} delegates: {runs[-1].line}")
    if few != many:
        ratio = statistics.median(big.cpu_ms / small.cpu_ms for small, big in zip(results[few], results[many], strict=True))
        tell(door_growth=ratio)
        print(f"CPU per scan with {many} delegates against {few}: x {ratio:.2f}")


def bench(delegates: int, storm: int) -> list[Run]:
    with tempfile.TemporaryDirectory(prefix="eventmgr-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        tokens, codes = prepare(folder, url, delegates + storm * STEADY)
        live = LiveCopy(folder / "live", url)
        live.start()
        wait_until_whole(live)
        try:
            return asyncio.run(measure(live, tokens, codes, storm))
        finally:
            live.stop()


def wait_until_whole(live: LiveCopy) -> None:
    """Wait for the job process too, which starts beside the server: what its start costs is no scan's cost."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), urlopen(f"{live.url}/readyz", timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError("the copy is not whole after a minute: " + live.log.read_text()[-2000:])


def prepare(folder: Path, url: str, count: int) -> tuple[list[str], list[str]]:
    """Fill a database and return the phones' tokens and the codes of the passes."""
    app = create_app(settings_for(folder / "filling", url))
    fill(app)
    with app.app_context():
        conference_id = db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one()
        group_ids = [group.id for group in door.groups(conference_id)]
        codes = add_delegates(conference_id, group_ids, count)
        gate_id = door.pair_phone(conference_id)[1].gate_id
        tokens = [door.pair_phone(conference_id, gate_id, f"Máy {number}")[0] for number in range(max(CLIENTS))]
        db.session.remove()
        db.engine.dispose()
    return tokens, codes


def add_delegates(conference_id: int, group_ids: list[int], count: int) -> list[str]:
    """Add delegates with issued letters and passes; return the codes."""
    at = clock.now()
    seeds = [uuid.uuid4().bytes for _ in range(count)]
    codes = [passes.derive_code(b"bench", seed) for seed in seeds]
    with transaction():
        first = (db.session.scalar(sa.select(sa.func.max(Delegate.id))) or 0) + 1
        ids = range(first, first + count)
        own = {"conference_id": conference_id}
        people = [
            own | {
                "id": each, "group_id": group_ids[each % len(group_ids)], "address_form": "đồng chí",
                "full_name": f"Nguyễn Văn Mẫu {each}", "first_post": "Chuyên viên Sở Nội vụ",
                "posts": ["Chuyên viên Sở Nội vụ"], "created_at": at, "search_key": f" nguyen van mau {each} ",
            }
            for each in ids
        ]  # fmt: skip
        letters = [
            own | {
                "id": each, "delegate_id": each, "drafted_at": at, "approved_at": at, "issued_at": at,
                "number": each, "number_symbol": "GM-BENCH", "number_year": 2015, "dated_on": at.date(), "signer_name": "Mẫu",
            }
            for each in ids
        ]  # fmt: skip
        held = [
            own | {
                "invitation_id": each, "delegate_id": each, "seed": seed.hex(), "digest": passes.digest(code), "created_at": at,
            }
            for each, seed, code in zip(ids, seeds, codes, strict=True)
        ]  # fmt: skip
        for table, rows in ((Delegate, people), (Invitation, letters), (Pass, held)):
            db.session.execute(sa.insert(table), rows)
    return codes


async def measure(live: LiveCopy, tokens: list[str], codes: list[str], storm: int) -> list[Run]:
    steady, queued = codes[: storm * STEADY], codes[storm * STEADY :][: min(QUEUED, len(codes) // 4)]
    rest = codes[len(steady) + len(queued) :]
    share = min(len(rest) // 4, 1500)
    left = iter(rest)
    runs = []
    for clients, scans in zip(CLIENTS, (share, share, share * 2), strict=True):
        runs.append(await run(live, tokens[:clients], [next(left) for _ in range(scans)]))
        print(f"{len(codes)} delegates, {runs[-1].line}", flush=True)
    phone = await Phone.connect(live.port, tokens[0])
    started = time.perf_counter()
    for start in range(0, len(queued), BATCH):
        await phone.send([said(code) for code in queued[start : start + BATCH]])
    if len(queued) == QUEUED:
        tell(door_queued=time.perf_counter() - started)
    print(f"{len(queued)} queued scans of one phone in batches of {BATCH}: {time.perf_counter() - started:.2f} s")
    if steady:
        storming = await weather(live, tokens, steady)
        tell(door_storm_p99=storming.at(99))
        print(storming.line.replace("clients", f"phones at {STEADY} scans/s in the storm"))
    return runs


async def weather(live: LiveCopy, tokens: list[str], codes: list[str]) -> Run:
    """Scan at a steady pace while others listen and letters are printed."""
    assert live.process is not None
    streams, _ = await connect(live.port, LISTENERS, packed=True)
    phones = [await Phone.connect(live.port, token) for token in tokens[:10]]
    letters = subprocess.Popen([sys.executable, "-c", PRINT.format(LETTERS)])
    times: list[float] = []
    began, burnt = time.perf_counter(), cpu_seconds(live.process.pid)

    async def one(number: int, code: str) -> None:
        due = began + number / STEADY
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        async with busy[number % len(phones)]:
            await phones[number % len(phones)].send(said(code))
        times.append(time.perf_counter() - due)

    busy = [asyncio.Lock() for _ in phones]
    await asyncio.gather(*(one(number, code) for number, code in enumerate(codes)))
    wall = time.perf_counter() - began
    letters.wait()
    for stream in streams:
        stream.transport.close()
    return Run(len(phones), times, wall, cpu_seconds(live.process.pid) - burnt)


async def run(live: LiveCopy, tokens: list[str], codes: list[str]) -> Run:
    """Let each phone admit one delegate after the other until all codes are used."""
    waiting: Iterator[str] = iter(codes)
    times: list[float] = []

    async def one(phone: Phone) -> None:
        for code in waiting:
            began = time.perf_counter()
            answer = await phone.send(said(code))
            times.append(time.perf_counter() - began)
            assert answer["verdict"]["outcome"] == "admitted", answer

    assert live.process is not None
    phones = [await Phone.connect(live.port, token) for token in tokens]
    for phone in phones:
        await phone.send(said("0000000000000000"))
    began, burnt = time.perf_counter(), cpu_seconds(live.process.pid)
    await asyncio.gather(*(one(phone) for phone in phones))
    wall = time.perf_counter() - began
    return Run(len(tokens), times, wall, cpu_seconds(live.process.pid) - burnt)


@dataclass
class Phone:
    """One phone with its connection, which stays open."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: str

    @classmethod
    async def connect(cls, port: int, token: str) -> Phone:
        head = (
            f"POST /api/door/scans HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: eventmgr_phone={token}\r\n"
            "X-Eventmgr-Phone: 1\r\nContent-Type: application/json\r\nContent-Length: "
        )
        return cls(*await asyncio.open_connection("127.0.0.1", port), head)

    async def send(self, body: object) -> dict[str, dict[str, str]]:
        text = json.dumps(body).encode()
        self.writer.write(f"{self.head}{len(text)}\r\n\r\n".encode() + text)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        told = await self.reader.readexactly(length)
        assert head.startswith(b"http/1.1 200 "), told
        answer: dict[str, dict[str, str]] = json.loads(told)
        return answer


def said(code: str) -> dict[str, object]:
    return {
        "scan_key": uuid.uuid4().hex, "way": "camera", "scanned_at": clock.now().isoformat(), "code": code,
        "decided": {"outcome": "admitted", "snapshot": "1"},
    }  # fmt: skip


def cpu_seconds(pid: int) -> float:
    """CPU seconds of a process and all below it."""
    total = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and pid in ancestors(int(entry.name)):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def ancestors(pid: int) -> set[int]:
    found = set()
    while pid > 1 and pid not in found:
        found.add(pid)
        try:
            pid = int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            break
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("delegates", nargs="*", type=int, default=[2000, 20_000])
    parser.add_argument("--storm", type=int, default=30, help="seconds of the storm; 300 for the figure of the design")
    told = parser.parse_args()
    main(told.delegates or [2000, 20_000], told.storm)
