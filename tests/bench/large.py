"""What two settings more hold: `python -m tests.bench.large [WORKERS …]` tells the door's pace on PostgreSQL and Redis.

The same phones as tests.bench.door, 50 at once; PostgreSQL with full durability on the same machine, so that all share its cores.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from itertools import islice
from pathlib import Path

from tests import servers
from tests.bench.door import prepare, run
from tests.browser.live_copy import LiveCopy

CLIENTS, SCANS = 50, 3000
DURABLE = "fsync=on synchronous_commit=on full_page_writes=on"


def main(counts: list[int]) -> None:
    servers.QUICK = DURABLE
    os.environ.setdefault("TMPDIR", tempfile.gettempdir())  # on the disk, not in memory
    for workers in counts:
        with tempfile.TemporaryDirectory(prefix="eventmgr-bench-") as name, servers.redis_server() as line:
            folder = Path(name)
            with servers.postgresql_server() as server, servers.postgresql_database(server) as url:
                tokens, codes = prepare(folder, url, SCANS)
                live = LiveCopy(folder / "live", url, {"EVENTMGR_WORKERS": str(workers), "REDIS_URL": line})
                live.start()
                try:
                    made = asyncio.run(run(live, tokens[:CLIENTS], list(islice(codes, SCANS))))
                finally:
                    live.stop()
        print(f"PostgreSQL and Redis, {workers} web workers, {made.line}", flush=True)


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [1, 2])
