"""What a phone says about one scan: reading it, and placing its time on the server's clock.

A phone posts one JSON object or a list of them to /api/door/scans. Every object has `scan_key` (made on the phone),
`kind`, `way`, `scanned_at` (ISO, with zone), `offset_ms`, and `decided` {outcome, snapshot}: what the phone itself said.
Whom it is about stands in `code`, `delegate_id`, or `delegate_key` (the scan_key of the walk-in that made the delegate).
Kinds: `entry` (also with `answers` or `walk_in`), `exit`, `hold` (with `reason`), `undo` (with `undoes_key`, `reason`),
`named` (with `person`, and `entry_key`, the entry it was written after).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from eventmgr.domain.checkin import Answer
from eventmgr.domain.errors import Invalid
from eventmgr.domain.namings import NamedPerson, read_named
from eventmgr.domain.text import clean
from eventmgr.domain.walk_ins import WalkIn, read_walk_in

WAYS = {
    "camera": "Camera",
    "hand_scanner": "Đầu đọc cầm tay",
    "typed": "Gõ mã",
    "search": "Tìm tên",
    "photo": "Ảnh chụp",
    "office": "Văn phòng",
    "paper": "Bảng ký tên",
    "unknown": "Không rõ",
}
PHONE_WAYS = frozenset(WAYS) - {"office", "paper", "unknown"}
LONGEST_REASON = 300
LONGEST_TEXT = 500
OLDEST = timedelta(hours=24)
"""A phone may keep scans for a day; what claims to be older has a wrong clock."""

_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")
_BIGGEST_ID = 2**31 - 1
_BIGGEST_OFFSET = 2**31 - 1


class Kind(StrEnum):
    """What a fact is. UNREAD is what a phone sent and nobody can read: it is kept with what is wrong."""

    ENTRY = "entry"
    EXIT = "exit"
    UNDO = "undo"
    HOLD = "hold"
    NAMED = "named"
    UNREAD = "unread"


@dataclass(frozen=True)
class Decided:
    """What the phone said on its own: the outcome shown to the staff, and the version of the snapshot behind it."""

    outcome: str
    snapshot: str = ""


@dataclass(frozen=True)
class ScanFact:
    """One scan as a phone says it.

    It carries what was read (`code`), who was chosen (`delegate_id`, or `delegate_key` for a walk-in) or who was
    written down (`walk_in`); an undo names the scan that it undoes and says why; a naming has the `person` and the
    `entry_key` of the entry that it was written after. `scanned_at` is the phone's own time,
    `offset_ms` server minus phone in milliseconds. `decided` is None from a phone that asks the server. `gate_id` is
    where the phone stood then: what it kept may go up after it was paired for another gate.
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
    delegate_key: str | None = None
    walk_in: WalkIn | None = None
    decided: Decided | None = None
    gate_id: int | None = None
    person: NamedPerson | None = None
    entry_key: str | None = None


@dataclass(frozen=True)
class UnreadScan:
    """What a phone sent and nobody can read: the key that it is stored under, the text of it, and what is wrong."""

    scan_key: str
    said_key: str | None
    text: str
    problem: str


def read_scan(said: object) -> ScanFact:
    """Return the scan in one JSON object of a phone; raises Invalid with the sentence that says what is wrong.

    What was read by the camera is taken as it is: a foreign QR is a scan like any other.
    """
    if not isinstance(said, Mapping):
        raise Invalid("Lượt quét phải là một đối tượng JSON.")
    kind, way = said.get("kind", "entry"), said.get("way")
    if not isinstance(kind, str) or kind not in {"entry", "exit", "undo", "hold", "named"}:
        raise Invalid("Loại lượt quét chưa đúng.", "kind")
    if not isinstance(way, str) or way not in PHONE_WAYS:
        raise Invalid("Cách quét chưa đúng.", "way")
    common: dict[str, Any] = {
        "scan_key": _key(said, "scan_key"),
        "kind": kind,
        "way": way,
        "scanned_at": _moment(said.get("scanned_at")),
        "offset_ms": _offset(said.get("offset_ms", 0)),
        "decided": _decided(said.get("decided")),
        "gate_id": _gate(said.get("gate_id")),
    }
    if kind == "undo":
        return ScanFact(**common, undoes_key=_key(said, "undoes_key"), reason=read_reason(said.get("reason")))
    if kind == "entry" and said.get("walk_in") is not None:
        return ScanFact(**common, walk_in=read_walk_in(said["walk_in"]), answers=_answers(said.get("answers", [])))
    if kind == "hold":
        reason = read_reason(said.get("reason"), "Ghi lý do mời chờ")
        return ScanFact(**common, **_whom(said), reason=reason)
    if kind == "named":
        entry_key = _key(said, "entry_key") if said.get("entry_key") is not None else None
        return ScanFact(**common, **_whom(said), person=read_named(said.get("person")), entry_key=entry_key)
    return ScanFact(**common, **_whom(said), answers=_answers(said.get("answers", [])))


def unread(said: object, problem: str) -> UnreadScan:
    """Return what is kept of something that is no scan; the same body always gets the same key."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    key = said.get("scan_key") if isinstance(said, Mapping) else None
    stored = "unread-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
    return UnreadScan(stored, key[:40] if isinstance(key, str) else None, clean(text)[:LONGEST_TEXT], problem)


def read_reason(said: object, what: str = "Ghi lý do hoàn tác") -> str:
    """Return the reason of an undo or a hold; raises Invalid when there is none or it is too long."""
    reason = clean(said) if isinstance(said, str) else ""
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Invalid(f"{what}, dài nhất {LONGEST_REASON} ký tự.", "reason")
    return reason


def placed_at(scanned_at: datetime, offset_ms: int, received_at: datetime) -> datetime:
    """Return when a scan happened on the server's clock.

    The phone's time moved by its measured offset; where that lies ahead of the moment the scan arrived, or more
    than a day before it, the clock cannot be trusted and the moment of arrival counts.
    """
    return _placed(scanned_at, offset_ms, received_at) or received_at


def clock_is_wrong(scanned_at: datetime, offset_ms: int, received_at: datetime) -> bool:
    """Whether the time that a phone gives cannot be placed: more than a minute ahead, or more than a day old."""
    slack = timedelta(minutes=1)
    return _placed(scanned_at, offset_ms, received_at + slack) is None


def _placed(scanned_at: datetime, offset_ms: int, received_at: datetime) -> datetime | None:
    try:
        placed = scanned_at.astimezone(UTC) + timedelta(milliseconds=offset_ms)
    except OverflowError:
        return None
    return placed if received_at - OLDEST <= placed <= received_at else None


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


def _decided(said: object) -> Decided | None:
    if said is None:
        return None
    outcome = said.get("outcome") if isinstance(said, Mapping) else None
    snapshot = said.get("snapshot", "") if isinstance(said, Mapping) else None
    if not isinstance(outcome, str) or not re.fullmatch(r"[a-z_]{1,30}", outcome):
        raise Invalid("Kết luận của máy chưa đúng.", "decided")
    if not (snapshot is None or isinstance(snapshot, str | int)) or isinstance(snapshot, bool):
        raise Invalid("Bản danh sách của máy chưa đúng.", "decided")
    return Decided(outcome, clean(str("" if snapshot is None else snapshot))[:60])


def _whom(said: Mapping[Any, Any]) -> dict[str, Any]:
    code, delegate_id, key = (said.get(name) for name in ("code", "delegate_id", "delegate_key"))
    given = [one for one in (code, delegate_id, key) if one is not None]
    if len(given) == 1 and isinstance(code, str):
        return {"code": code}
    if len(given) == 1 and isinstance(delegate_id, int) and not isinstance(delegate_id, bool):
        return {"delegate_id": delegate_id if 0 < delegate_id <= _BIGGEST_ID else 0}
    if len(given) == 1 and key is not None:
        return {"delegate_key": _key(said, "delegate_key")}
    raise Invalid("Lượt quét cần mã, hoặc đại biểu đã chọn.", "code")


def _gate(said: object) -> int | None:
    """The gate's number, or None where a phone says none or nonsense: then its own counts and the scan is not lost."""
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 < said <= _BIGGEST_ID else None


def _answers(said: object) -> frozenset[Answer]:
    try:
        return frozenset(Answer(answer) for answer in said) if isinstance(said, list) else frozenset([Answer("")])
    except (ValueError, TypeError):
        raise Invalid("Câu trả lời ở cửa chưa đúng.", "answers") from None
