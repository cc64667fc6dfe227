from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eventmgr.domain.checkin import Answer
from eventmgr.domain.errors import Invalid
from eventmgr.domain.scans import ScanFact, placed_at, read_scan

ENTRY = {"scan_key": "0123456789abcdef", "way": "camera", "scanned_at": "2015-12-29T00:12:00.250Z", "code": "ABCD"}
UNDO = {
    "scan_key": "0123456789abcdee", "kind": "undo", "way": "typed", "scanned_at": "2015-12-29T07:12:00+07:00",
    "undoes_key": "0123456789abcdef", "reason": " Quét  nhầm ",
}
AT = datetime(2015, 12, 29, 0, 12, tzinfo=UTC)


def test_an_entry_is_read_with_its_answers_and_its_time_in_utc():
    said = ENTRY | {"offset_ms": -1500, "answers": ["again", "anyway", "again"]}
    assert read_scan(said) == ScanFact(
        "0123456789abcdef", "entry", "camera", AT + timedelta(milliseconds=250), -1500, "ABCD",
        answers=frozenset({Answer.AGAIN, Answer.ANYWAY}),
    )


def test_an_undo_is_read_with_its_reason_in_one_tidy_line():
    assert read_scan(UNDO) == ScanFact(
        "0123456789abcdee", "undo", "typed", AT, undoes_key="0123456789abcdef", reason="Quét nhầm"
    )


def test_a_delegate_chosen_by_name_stands_in_place_of_a_code():
    said = {name: value for name, value in ENTRY.items() if name != "code"} | {"way": "search", "delegate_id": 7}
    assert (read_scan(said).delegate_id, read_scan(said).code) == (7, None)


def test_an_id_that_no_database_holds_is_nobodys():
    assert read_scan({**ENTRY, "code": None, "delegate_id": 10**12}).delegate_id == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scan_key": ""}, "scan_key"),
        ({"scan_key": "a b c d e f"}, "scan_key"),
        ({"scan_key": "x" * 41}, "scan_key"),
        ({"scan_key": 12345678}, "scan_key"),
        ({"kind": "exit"}, "kind"),
        ({"way": "office"}, "way"),
        ({"way": None}, "way"),
        ({"scanned_at": "29/12/2015"}, "scanned_at"),
        ({"scanned_at": "2015-12-29T07:12:00"}, "scanned_at"),
        ({"scanned_at": "0001-01-01T00:00:00+07:00"}, "scanned_at"),
        ({"scanned_at": 1451347920}, "scanned_at"),
        ({"offset_ms": "0"}, "offset_ms"),
        ({"offset_ms": True}, "offset_ms"),
        ({"offset_ms": float("nan")}, "offset_ms"),
        ({"offset_ms": float("inf")}, "offset_ms"),
        ({"code": None}, "code"),
        ({"delegate_id": 7}, "code"),
        ({"code": None, "delegate_id": True}, "code"),
        ({"answers": ["open sesame"]}, "answers"),
        ({"answers": "again"}, "answers"),
        ({"answers": [["again"]]}, "answers"),
        ({"kind": "undo", "undoes_key": "0123456789abcdef", "reason": "  "}, "reason"),
        ({"kind": "undo", "undoes_key": "0123456789abcdef", "reason": "x" * 301}, "reason"),
        ({"kind": "undo", "undoes_key": None, "reason": "nhầm"}, "undoes_key"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], field: str):
    with pytest.raises(Invalid) as refusal:
        read_scan(ENTRY | change)
    assert refusal.value.field == field


@pytest.mark.parametrize("said", [None, [], "x", 3])
def test_only_an_object_is_a_scan(said: object):
    with pytest.raises(Invalid):
        read_scan(said)


@pytest.mark.parametrize(
    ("scanned", "offset_ms", "placed"),
    [
        (AT - timedelta(minutes=5), 0, AT - timedelta(minutes=5)),
        (AT - timedelta(hours=7), 7 * 3_600_000 - 60_000, AT - timedelta(minutes=1)),
        (AT + timedelta(days=400), -400 * 86_400_000, AT),
        (AT + timedelta(seconds=3), 0, AT),
        (AT - timedelta(hours=25), 0, AT),
        (AT - timedelta(hours=23), 0, AT - timedelta(hours=23)),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), 2_000_000_000, AT),
    ],
)
def test_a_scan_is_placed_on_the_servers_clock_unless_the_phones_cannot_be_trusted(
    scanned: datetime, offset_ms: int, placed: datetime
):
    assert placed_at(scanned, offset_ms, AT) == placed
