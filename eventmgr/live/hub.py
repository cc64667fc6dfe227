"""One reader per process, many listeners, bounded queues."""

from __future__ import annotations


class Hub:
    """Tells open screens of one process what happened."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def ring(self) -> None:
        """Wake the reader: something was committed."""
