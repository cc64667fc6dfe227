"""Who calls, as far as it counts: addresses for limits, and how many wrong tries one of them may have."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from datetime import datetime, timedelta


def counted_address(address: str) -> str:
    """Return what stands for a caller: an IPv6 caller has a whole /64 to take addresses from."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:60]
    if known.version == 4:
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))


class Tries:
    """Wrong tries by caller within a window of time that begins with the first; the callers seen last are remembered."""

    def __init__(self, limit: int, window: timedelta, callers: int = 10_000) -> None:
        self.limit, self.window, self.callers = limit, window, callers
        self._seen: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def count(self, caller: str, at: datetime) -> int | None:
        """Count a wrong try; return the seconds to wait when there have been more than the limit."""
        began, tries = self._seen.pop(caller, (at, 0))
        if at - began >= self.window:
            began, tries = at, 0
        self._seen[caller] = began, tries + 1
        if len(self._seen) > self.callers:
            self._seen.popitem(last=False)
        return int((began + self.window - at).total_seconds()) + 1 if tries >= self.limit else None
