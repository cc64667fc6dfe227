"""What a phone says about one scan: reading it, and placing its time on the server's clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from eventmgr.domain.checkin import Answer
from eventmgr.domain.errors import Invalid
from eventmgr.domain.text import clean

WAYS = {
    "camera": "Camera",
    "hand_scanner": "Đầu đọc cầm tay",
    "typed": "Gõ mã",
    "search": "Tìm tên",
    "photo": "Ảnh chụp",
    "office": "Văn phòng",
}
PHONE_WAYS = frozenset(WAYS) - {"office"}
LONGEST_REASON = 300
OLDEST = timedelta(hours=24)
"""A phone may keep scans for a day; what claims to be older has a wrong clock."""

_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")
_BIGGEST_ID = 2**31 - 1
_BIGGEST_OFFSET = 2**31 - 1


@dataclass(frozen=True)
class ScanFact:
    """One scan as a phone says it.

    An entry carries what was read (`code`) or who was chosen by name (`delegate_id`); an undo names the scan that
    it undoes and says why. `scanned_at` is the phone's own time, `offset_ms` server minus phone in milliseconds.
    """

    scan_key: str
    kind: str
    way: str
    scanned_at: datetime
    offset_ms: int = 0
    code: str | None = None
    delegate_id: int | None = None
    answers: frozenset[Answer] = frozenset()
    undoes_key: str | None = None
    reason: str | None = None


def read_scan(said: object) -> ScanFact:
    """Return the scan in one JSON object of a phone; raises Invalid with the sentence that says what is wrong.

    What was read by the camera is taken as it is: a foreign QR is a scan like any other.
    """
    if not isinstance(said, Mapping):
        raise Invalid("Lượt quét phải là một đối tượng JSON.")
    kind, way = said.get("kind", "entry"), said.get("way")
    if kind not in {"entry", "undo"}:
        raise Invalid("Loại lượt quét chưa đúng.", "kind")
    if way not in PHONE_WAYS:
        raise Invalid("Cách quét chưa đúng.", "way")
    common = {
        "scan_key": _key(said, "scan_key"),
        "kind": kind,
        "way": way,
        "scanned_at": _moment(said.get("scanned_at")),
        "offset_ms": _offset(said.get("offset_ms", 0)),
    }
    if kind == "undo":
        return ScanFact(**common, undoes_key=_key(said, "undoes_key"), reason=read_reason(said.get("reason")))
    return ScanFact(**common, **_what(said), answers=_answers(said.get("answers", [])))


def read_reason(said: object) -> str:
    """Return the reason of an undo; raises Invalid when there is none or it is too long."""
    reason = clean(said) if isinstance(said, str) else ""
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Invalid(f"Ghi lý do hoàn tác, dài nhất {LONGEST_REASON} ký tự.", "reason")
    return reason


def placed_at(scanned_at: datetime, offset_ms: int, received_at: datetime) -> datetime:
    """Return when a scan happened on the server's clock.

    The phone's time moved by its measured offset; where that lies ahead of the moment the scan arrived, or more
    than a day before it, the clock cannot be trusted and the moment of arrival counts.
    """
    try:
        placed = scanned_at.astimezone(UTC) + timedelta(milliseconds=offset_ms)
    except OverflowError:
        return received_at
    if received_at - OLDEST <= placed <= received_at:
        return placed
    return received_at


def _key(said: Mapping[Any, Any], name: str) -> str:
    key = said.get(name)
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise Invalid("Mã lượt quét chưa đúng.", name)
    return key


def _moment(said: object) -> datetime:
    try:
        moment = datetime.fromisoformat(said if isinstance(said, str) else "")
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("Giờ quét chưa đúng.", "scanned_at") from None


def _offset(said: object) -> int:
    if isinstance(said, bool) or not isinstance(said, int | float) or said != said or abs(said) > 10**13:
        raise Invalid("Độ lệch giờ chưa đúng.", "offset_ms")
    return max(-_BIGGEST_OFFSET, min(_BIGGEST_OFFSET, round(said)))


def _what(said: Mapping[Any, Any]) -> dict[str, Any]:
    code, delegate_id = said.get("code"), said.get("delegate_id")
    if isinstance(code, str) and delegate_id is None:
        return {"code": code}
    if code is None and isinstance(delegate_id, int) and not isinstance(delegate_id, bool):
        return {"delegate_id": delegate_id if 0 < delegate_id <= _BIGGEST_ID else 0}
    raise Invalid("Lượt quét cần mã, hoặc đại biểu đã chọn.", "code")


def _answers(said: object) -> frozenset[Answer]:
    try:
        return frozenset(Answer(answer) for answer in said) if isinstance(said, list) else frozenset([Answer("")])
    except (ValueError, TypeError):
        raise Invalid("Câu trả lời ở cửa chưa đúng.", "answers") from None
