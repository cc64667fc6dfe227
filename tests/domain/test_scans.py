from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eventmgr.domain.checkin import Answer
from eventmgr.domain.errors import Invalid
from eventmgr.domain.names import AddressForm
from eventmgr.domain.scans import Decided, ScanFact, clock_is_wrong, placed_at, read_scan, unread
from eventmgr.domain.walk_ins import WalkIn

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


def test_what_the_phone_said_by_itself_travels_with_the_scan():
    said = read_scan(ENTRY | {"decided": {"outcome": "admitted", "snapshot": 17}})
    assert said.decided == Decided("admitted", "17")


def test_an_exit_a_hold_and_a_walk_in_are_read():
    bare = {name: value for name, value in ENTRY.items() if name != "code"}
    left = read_scan(bare | {"kind": "exit", "delegate_key": "0123456789abcdee"})
    held = read_scan(ENTRY | {"kind": "hold", "reason": " Ảnh  không giống "})
    guest = read_scan(bare | {"walk_in": {"full_name": " Bùi  Tạm Tính ", "address_form": "bà", "group_id": 3}})
    assert (left.kind, left.delegate_key, held.reason) == ("exit", "0123456789abcdee", "Ảnh không giống")
    assert guest.walk_in == WalkIn("Bùi Tạm Tính", AddressForm.MS, group_id=3)


def test_what_is_no_scan_is_kept_under_a_key_of_its_own():
    one, again, other = (unread(said, "Sai.") for said in ({"scan_key": "k" * 50}, {"scan_key": "k" * 50}, None))
    assert (one.said_key, one.text, one.problem) == ("k" * 40, '{"scan_key": "%s"}' % ("k" * 50), "Sai.")
    assert one.scan_key == again.scan_key != other.scan_key
    assert (len(one.scan_key), other.said_key) == (39, None)


def test_an_id_that_no_database_holds_is_nobodys():
    assert read_scan({**ENTRY, "code": None, "delegate_id": 10**12}).delegate_id == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scan_key": ""}, "scan_key"),
        ({"scan_key": "a b c d e f"}, "scan_key"),
        ({"scan_key": "x" * 41}, "scan_key"),
        ({"scan_key": 12345678}, "scan_key"),
        ({"kind": "unread"}, "kind"),
        ({"kind": ["entry"]}, "kind"),
        ({"kind": "hold", "reason": ""}, "reason"),
        ({"decided": "admitted"}, "decided"),
        ({"decided": {"outcome": "Mời vào"}}, "decided"),
        ({"decided": {"outcome": "admitted", "snapshot": [1]}}, "decided"),
        ({"delegate_key": "0123456789abcdef"}, "code"),
        ({"code": None, "delegate_key": "short"}, "delegate_key"),
        ({"walk_in": {}}, "full_name"),
        ({"walk_in": "Bùi Tạm Tính"}, "walk_in"),
        ({"walk_in": {"full_name": "x" * 121}}, "full_name"),
        ({"walk_in": {"full_name": "Bùi", "post": 7}}, "post"),
        ({"walk_in": {"full_name": "Bùi", "address_form": "sir"}}, "address_form"),
        ({"walk_in": {"full_name": "Bùi", "group_id": True}}, "group_id"),
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


def test_a_clock_is_wrong_when_its_time_cannot_be_placed():
    minute = timedelta(minutes=1)
    moments = [AT, AT + minute / 2, AT + 2 * minute, AT - timedelta(hours=25), AT - timedelta(hours=23)]
    assert [clock_is_wrong(moment, 0, AT) for moment in moments] == [False, False, True, True, False]
