"""Kind of job -> thin function that calls a service and returns the name of the file it made, if any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eventmgr.services import printing

Progress = Callable[[int, int], None]
Handler = Callable[[int, dict[str, Any], Progress], str | None]

HANDLERS: dict[str, Handler] = {printing.KIND: printing.print_batch}
