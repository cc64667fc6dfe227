"""The stage and the door at once: `python -m tests.bench.together [listeners]`; the last line is the figure.

A door scans at 20 a second while the MC presses to 1,000 listeners, and while all of them come back after a cut. One
process plays listeners, MC and door on the same machine, so the times hold its own work too.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import live
from tests.bench.door import STEADY, Phone, prepare, said
from tests.bench.figures import tell
from tests.browser.live_copy import LiveCopy

PHONES = 10
SECONDS = 90
"""For so long there are codes to scan; pressing and coming back take less."""
AFTER_THE_CUT = 5.0


class Door:
    """Phones that scan at a steady pace until told to stop; each time counts from the moment when the scan was due."""

    def __init__(self, phones: list[Phone], codes: list[str]) -> None:
        self.phones, self.codes = phones, codes
        self.times: list[float] = []
        self.is_open = True

    async def scan(self) -> None:
        began, busy = time.perf_counter(), [asyncio.Lock() for _ in self.phones]
        under_way = []
        for number, code in enumerate(self.codes):
            await asyncio.sleep(max(0.0, began + number / STEADY - time.perf_counter()))
            if not self.is_open:
                break
            under_way.append(asyncio.create_task(self._one(number, code, began + number / STEADY, busy)))
        await asyncio.gather(*under_way)

    async def _one(self, number: int, code: str, due: float, busy: list[asyncio.Lock]) -> None:
        place = number % len(self.phones)
        async with busy[place]:
            answer = await self.phones[place].send(said(code))
        assert answer["verdict"]["outcome"] == "admitted", answer
        self.times.append((time.perf_counter() - due) * 1000)

    def taken(self) -> list[float]:
        """The milliseconds since this was last asked, in their order."""
        found, self.times = sorted(self.times), []
        return found


async def measure(copy: LiveCopy, count: int, tokens: list[str], codes: list[str]) -> None:
    await live.warm(copy)
    streams, _ = await live.connect(copy.port, count, packed=True)
    door = Door([await Phone.connect(copy.port, token) for token in tokens[:PHONES]], codes)
    scanning = asyncio.create_task(door.scan())
    late, _ = await live.pressed(copy, streams)
    late.sort()
    missed = (live.PRESSES - live.WARM_UP) * count - len(late)
    pressed = door.taken()
    for stream in streams:
        stream.transport.close()
    streams, seconds = await live.connect(copy.port, count, packed=True, at_once=count)
    await asyncio.sleep(AFTER_THE_CUT)
    door.is_open = False
    await scanning
    storm = door.taken()
    for stream in streams:
        stream.transport.close()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{missed} updates missed; {len(pressed)} scans while pressing: p50 {at(pressed, 50):.0f} ms, p99 {at(pressed, 99):.0f} ms")
    print(f"all {count} come back at once in {seconds:.2f} s; {len(storm)} scans meanwhile: p99 {at(storm, 99):.0f} ms, at most {storm[-1]:.0f} ms")
    tell(together_press_p95=at(late, 95), together_scan_p99=at(pressed, 99), together_storm_p99=at(storm, 99))
    print(
        f"press to {count} listeners beside {STEADY} scans/s: p50 {at(late, 50):.0f} ms, p95 {at(late, 95):.0f} ms, p99 {at(late, 99):.0f} ms; "
        f"scans p99 {at(pressed, 99):.0f} ms, in the storm {at(storm, 99):.0f} ms"
    )


def at(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def main(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="eventmgr-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        tokens, codes = prepare(folder, url, SECONDS * STEADY)
        copy = LiveCopy(folder / "live", url, {"EVENTMGR_MAX_STREAMS": str(2 * count + 10)})
        copy.start()
        try:
            asyncio.run(measure(copy, count, tokens, codes))
        finally:
            copy.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000)
