from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventmgr.domain.phone_health import Health, read_health

GOOD = {"unsent": 3, "snapshot": " 1204 ", "snapshot_at": "2015-12-29T07:12:00+07:00", "battery": 64}


def test_what_a_phone_tells_is_read() -> None:
    assert read_health(GOOD) == Health(3, "1204", datetime(2015, 12, 29, 0, 12, tzinfo=UTC), 64)


@pytest.mark.parametrize(
    "said",
    [None, [], "x", {}, {"unsent": -1, "snapshot": 7, "snapshot_at": "now", "battery": 101},
     {"unsent": True, "snapshot": "\x00", "snapshot_at": "2015-12-29T07:12:00", "battery": float("nan")}],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out(said: object) -> None:
    assert read_health(said) == Health()
