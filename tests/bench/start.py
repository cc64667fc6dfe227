"""The start: `python -m tests.bench.start` tells the first answer after `python app.py` and what it holds in memory.

The database is there already, as on every start but the first. Memory is what a few pages later belongs to all processes
of the copy, pages that they share counted once (PSS).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from eventmgr.bootstrap import create_app
from tests.bench.door import ancestors
from tests.bench.figures import tell
from tests.browser.live_copy import LiveCopy
from tests.conftest import fill, settings_for
from tests.people import SLUG

PAGES = ("/", f"/e/{SLUG}/", f"/e/{SLUG}/live", "/sign-in", "/readyz")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="eventmgr-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        fill(create_app(settings_for(folder / "filling", url)))
        live = LiveCopy(folder / "live", url)
        live.start()  # compiles what is not compiled yet
        live.stop()
        try:
            seconds = started(live)
            wait_ready(live)
            for path in PAGES:
                urlopen(live.url + path, timeout=10).read()
            assert live.process
            own = [each for each in pids() if live.process.pid in ancestors(each)]
            held, resident = sum(map(shared_once, own)), sum(map(resident_of, own))
        finally:
            live.stop()
    print(f"{len(own)} processes, {resident:.0f} MB when shared pages are counted in each")
    tell(start_seconds=seconds, start_memory=held)
    print(f"first answer after {seconds:.2f} s; {held:.0f} MB for web and jobs together")


def started(live: LiveCopy) -> float:
    """Start the copy and return the seconds until it has answered."""
    began = time.perf_counter()
    live.process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=live.root, env=live._environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    while time.perf_counter() - began < 60:
        try:
            with urlopen(f"{live.url}/healthz", timeout=2):
                return time.perf_counter() - began
        except (URLError, OSError):
            time.sleep(0.005)
    raise RuntimeError("no answer")


def wait_ready(live: LiveCopy) -> None:
    """Wait for the job process too."""
    for _ in range(200):
        try:
            with urlopen(f"{live.url}/readyz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the job process does not say that it lives")


def pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def shared_once(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return int(found[1]) / 1024 if found else 0.0


def resident_of(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1024**2


if __name__ == "__main__":
    main()
