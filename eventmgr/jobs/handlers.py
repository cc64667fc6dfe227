"""Kind of job -> thin function that calls a service and returns the name of the file it made, if any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eventmgr.services import dossier_import, import_work, imports, printing, retention

Progress = Callable[[int, int], None]
Handler = Callable[[int, dict[str, Any], Progress], str | None]

HANDLERS: dict[str, Handler] = {
    printing.KIND: printing.print_batch,
    imports.READ: import_work.read_spreadsheet,
    imports.JUDGE: import_work.judge_import,
    imports.STORE: import_work.store_import,
    imports.UNDO: import_work.undo_import,
}
HOUSEKEEPING: tuple[Callable[[], object], ...] = (imports.forget_old_files, dossier_import.forget_old_lists, retention.run)
"""What the job process does once an hour without being asked."""
