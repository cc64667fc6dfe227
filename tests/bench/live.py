"""Live screens: `python -m tests.bench.live [listeners …]` prints how soon a press reaches them; the last line is the figure.

A real server; the listeners are open streams of the audience in this process, on the same machine. Beside the delay: the
time and bytes to connect them all, bytes per update, memory per listener, and a storm in which all of them come back at
once after a cut.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import json
import os
import re
import secrets
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from eventmgr.bootstrap import create_app
from tests.bench.figures import tell
from tests.browser.live_copy import LiveCopy
from tests.conftest import fill, settings_for
from tests.people import PASSWORD, SLUG

PRESSES, WARM_UP = 13, 2
AT_ONCE = 100
WHOLE = 1500
"""More bytes than the head of the answer has: then the present state has come too."""


class Mc:
    """The MC's browser, as far as presses go."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.send("/sign-in", csrf_token=self.token("/sign-in"), username="ha", password=PASSWORD)
        self.csrf = self.token(f"/stage/{SLUG}/")

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.opener.open(self.url + path).read().decode())
        assert found
        return found[1]

    def send(self, path: str, **fields: str) -> bytes:
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.url + path, body, {"Accept": "application/json, text/html;q=0.5"})
        return bytes(self.opener.open(request).read())

    def press(self, seen: int) -> None:
        verb = "next" if seen else "start"
        self.send(f"/stage/{SLUG}/moves", csrf_token=self.csrf, press_key=secrets.token_hex(8), seen=str(seen), verb=verb)


class Stream(asyncio.Protocol):
    """An open stream: counts bytes, and notes when the first of them came since `heard` was set to 0."""

    def __init__(self, path: str, packed: bool) -> None:
        accepts = "Accept-Encoding: gzip\r\n" if packed else ""
        self.request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{accepts}\r\n".encode()
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.bytes, self.heard = 0, 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.heard = self.heard or time.perf_counter()
        self.bytes += len(data)
        if self.bytes > WHOLE and not self.begun.done():
            self.begun.set_result(None)

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.begun.done():
            self.begun.set_exception(problem or ConnectionError("the stream ended"))


async def connect(port: int, count: int, packed: bool, at_once: int = AT_ONCE) -> tuple[list[Stream], float]:
    """Open the streams; return them with the seconds until each had the whole present state."""
    began, gate = time.perf_counter(), asyncio.Semaphore(at_once)
    path = f"/e/{SLUG}/stream?view=audience"

    async def one() -> Stream:
        async with gate:
            _, stream = await asyncio.get_running_loop().create_connection(lambda: Stream(path, packed), "127.0.0.1", port)
            await asyncio.wait_for(stream.begun, 120)
            return stream

    streams = list(await asyncio.gather(*(one() for _ in range(count))))
    return streams, time.perf_counter() - began


async def measure(live: LiveCopy, count: int) -> list[float]:
    await warm(live)
    empty, busy = memory(live), cpu_seconds(live)
    streams, seconds = await connect(live.port, count, packed=True)
    first, cost = sum(stream.bytes for stream in streams), (cpu_seconds(live) - busy) * 1000 / count
    print(f"{count} listeners connected in {seconds:.2f} s, {first / 1e6:.2f} MB in all, {cost:.1f} ms of the server's CPU each")
    late, sizes = await pressed(live, streams)
    missed = (PRESSES - WARM_UP) * count - len(late)
    print(f"{PRESSES - WARM_UP} presses, {missed} updates missed, {statistics.mean(sizes):.0f} bytes per update and listener, gzip")
    tell(**{"live_bytes": statistics.mean(sizes), f"live_connect_{count}": seconds})
    print(f"server memory: {memory(live):.0f} MB, {(memory(live) - empty) * 1000 / count:.0f} KB for each listener")
    for stream in streams:
        stream.transport.close()
    await asyncio.sleep(1)
    streams, seconds = await connect(live.port, count, packed=True, at_once=count)
    print(f"after a cut all {count} come back at once: {seconds:.2f} s until each has the whole state")
    for stream in streams:
        stream.transport.close()
    return late


async def warm(live: LiveCopy) -> None:
    """Let the server come to rest as it is when the doors open: its job process up, the page that brings listeners read."""
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{live.url}/readyz").read()
            break
        except urllib.error.URLError:
            await asyncio.sleep(0.5)
    for _ in range(3):
        urllib.request.urlopen(f"{live.url}/e/{SLUG}/live").read()
    streams, _ = await connect(live.port, 5, packed=True)
    for stream in streams:
        stream.transport.close()
    await asyncio.sleep(1)


async def pressed(live: LiveCopy, streams: list[Stream]) -> tuple[list[float], list[float]]:
    """Press through the programme; return each update's delay in milliseconds and its bytes."""
    mc, loop = Mc(live.url), asyncio.get_running_loop()
    await asyncio.sleep(1)
    late: list[float] = []
    sizes: list[float] = []
    for seen in range(PRESSES):
        before = [stream.bytes for stream in streams]
        for stream in streams:
            stream.heard = 0.0
        began = time.perf_counter()
        await loop.run_in_executor(None, mc.press, seen)
        await asyncio.sleep(1.0 + len(streams) / 2000)
        if seen < WARM_UP:
            continue
        late += [(stream.heard - began) * 1000 for stream in streams if stream.heard > began]
        sizes += [stream.bytes - old for stream, old in zip(streams, before, strict=True)]
    return late, sizes


def cpu_seconds(live: LiveCopy) -> float:
    """Seconds of CPU that the processes of the server have used."""
    assert live.process
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has just ended
        if int(fields[2]) == live.process.pid:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def memory(live: LiveCopy) -> float:
    """Megabytes of the largest process of the server: the one with the streams."""
    assert live.process
    group = live.process.pid
    sizes = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        fields = status.read_text().rsplit(")", 1)[1].split()
        if int(fields[2]) == group:
            sizes.append(int((status.parent / "statm").read_text().split()[1]) * 4096 / 1_000_000)
    return max(sizes)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/live.db"
        fill(create_app(settings_for(Path(folder), url)))
        live = LiveCopy(Path(folder) / "live", url, {"EVENTMGR_MAX_STREAMS": str(2 * count + 10)})
        live.start()
        try:
            late = sorted(asyncio.run(measure(live, count)))
        finally:
            live.stop()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    p50, p95, p99 = (late[min(len(late) - 1, int(len(late) * share))] for share in (0.5, 0.95, 0.99))
    print(json.dumps({"listeners": count, "p50_ms": round(p50), "p95_ms": round(p95), "p99_ms": round(p99)}))
    tell(**{f"live_p95_{count}": p95, f"live_p99_{count}": p99})
    print(f"press to {count} listeners: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms")


if __name__ == "__main__":
    for listeners in sys.argv[1:] or ["1000"]:
        main(int(listeners))
