"""A running copy for browser tests: the real server with its job process on a free port, in a temporary folder."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.servers import free_port

ROOT = Path(__file__).parents[2]
UNCHECKED = ssl._create_unverified_context()  # only to see whether the server is up
SECRET_KEY = "tests only, never elsewhere 0123456789"


@dataclass
class LiveCopy:
    """What `python app.py` starts; `url` has no slash at its end, `log` holds what the processes said.

    `under` is a command that runs it.
    """

    instance: Path
    database_url: str
    env: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    root: Path = ROOT
    scheme: str = "http"
    under: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.instance / "live.log"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.instance.mkdir(parents=True, exist_ok=True)
        # Whatever happens to the test run, the kernel takes the server down with it.
        guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*guard, *self.under, sys.executable, "app.py"], cwd=self.root, env=self._environment(), stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True,
            )
        self._wait()

    def stop(self, hard: bool = False, how: str = "TERM") -> None:
        """Tell it to stop with a signal (`how`), or with `hard` end it as a power cut does: every process at once."""
        if self.process is None:
            return
        if not hard:
            self.process.send_signal(signal.Signals[f"SIG{how}"])
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                hard = True
        self._end_group()
        self.process.wait(10)
        self.process = None

    def restart(self, how: str = "TERM") -> None:
        """Stop with a signal (KILL: every process at once) and start again at the same address with the same data."""
        self.stop(hard=how == "KILL", how=how)
        self.start()

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("EVENTMGR_")}
        for name in ("REDIS_URL", "SMTP_URL"):
            inherited.pop(name, None)
        own = {
            "EVENTMGR_INSTANCE": str(self.instance),
            "EVENTMGR_BIND": f"127.0.0.1:{self.port}",
            "EVENTMGR_BASE_URL": self.url,
            "EVENTMGR_SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": self.database_url,
        }
        return inherited | own | self.env

    def _end_group(self) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + 40
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                with urlopen(f"{self.url}/healthz", timeout=2, context=UNCHECKED if self.scheme == "https" else None) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.05)
        self._end_group()
        raise RuntimeError(f"the server does not answer: {self.log.read_text()[-4000:]}")
