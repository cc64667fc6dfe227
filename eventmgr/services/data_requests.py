"""The register of what people ask about their data: entered by the office, confirmed, extended once, answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.data_requests import ASKS, OUTCOMES, Ask, Outcome, acknowledge_by, due_on
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.working_days import WorkingDays
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.models.privacy import DataRequest
from eventmgr.services import holidays

MOST = 500


@dataclass(frozen=True)
class RequestFacts:
    """What is entered of a request."""

    received_on: date
    asked_by: str
    contact: str
    ask: str
    words: str


@dataclass(frozen=True)
class Row:
    """A request with its last days; `is_late` when one of them has passed without what was due."""

    request: DataRequest
    ask: str
    outcome: str | None
    acknowledge_by: date
    due_on: date
    is_late: bool


def rows() -> list[Row]:
    """Return the requests, open ones first by their last day, then the answered ones, newest first."""
    today, days = to_local(clock.now()).date(), holidays.calendar()
    found = db.session.scalars(sa.select(DataRequest).order_by(DataRequest.id.desc()).limit(MOST))
    known = [_row(request, today, days) for request in found]
    still = sorted((row for row in known if row.outcome is None), key=lambda row: (row.due_on, row.request.id))
    return [*still, *(row for row in known if row.outcome is not None)]


def one(request_id: int) -> Row:
    """Return a request; raises NotFound."""
    return _row(_held(request_id), to_local(clock.now()).date(), holidays.calendar())


def enter(facts: RequestFacts, by: int) -> int:
    """Enter a request and return its number. Raises Invalid with the field that is wrong."""
    at = clock.now()
    if facts.ask not in set(Ask):
        raise Invalid("Chọn điều được yêu cầu.", "ask")
    if facts.received_on > to_local(at).date() or facts.received_on.year < 2015:
        raise Invalid("Ngày nhận không thể ở sau hôm nay hay trước năm 2015.", "received_on")
    with transaction():
        request = DataRequest(
            received_on=facts.received_on, asked_by=facts.asked_by[:200], contact=facts.contact[:200], ask=facts.ask,
            words=facts.words[:2000], noted_at=at, noted_by_id=by,
        )
        db.session.add(request)
        db.session.flush()
        _tell(request, by, f"Ghi yêu cầu về dữ liệu cá nhân số {request.id}: {ASKS[Ask(facts.ask)].label}.")
        return request.id


def acknowledge(request_id: int, by: int) -> None:
    """Note that who asked was told that the request has arrived. Raises Conflict when it was noted before."""
    with transaction():
        request = _held(request_id, lock=True)
        if request.acknowledged_on is not None:
            raise Conflict("Yêu cầu này đã được xác nhận.")
        request.acknowledged_on = to_local(clock.now()).date()
        _tell(request, by, f"Xác nhận đã nhận yêu cầu số {request.id}.")


def extend(request_id: int, why: str, by: int) -> None:
    """Give a request as many days again, once, with the reason that was told. Raises Conflict or Invalid."""
    if not why:
        raise Invalid("Ghi lý do gia hạn đã báo cho người yêu cầu.", "why")
    with transaction():
        request = _open(request_id)
        if request.extended_on is not None:
            raise Conflict("Yêu cầu chỉ được gia hạn một lần.")
        request.extended_on, request.extended_because = to_local(clock.now()).date(), why[:500]
        _tell(request, by, f"Gia hạn yêu cầu số {request.id}.")


def answer(request_id: int, outcome: str, words: str, by: int) -> None:
    """Close a request with its outcome and what was answered. Raises Conflict or Invalid with the field."""
    if outcome not in set(Outcome):
        raise Invalid("Chọn kết quả.", "outcome")
    if not words:
        raise Invalid("Ghi điều đã trả lời.", "answer")
    with transaction():
        request = _open(request_id)
        request.outcome, request.answer, request.answered_on = outcome, words[:2000], to_local(clock.now()).date()
        _tell(request, by, f"Trả lời yêu cầu số {request.id}: {OUTCOMES[Outcome(outcome)]}.")


def _row(request: DataRequest, today: date, days: WorkingDays) -> Row:
    ask = Ask(request.ask)
    first, last = acknowledge_by(request.received_on, days), due_on(request.received_on, ask, extended=request.extended_on is not None)
    is_late = request.answered_on is None and (today > last or (request.acknowledged_on is None and today > first))
    return Row(request, ASKS[ask].label, OUTCOMES[Outcome(request.outcome)] if request.outcome else None, first, last, is_late)


def _open(request_id: int) -> DataRequest:
    request = _held(request_id, lock=True)
    if request.answered_on is not None:
        raise Conflict("Yêu cầu này đã được trả lời.")
    return request


def _held(request_id: int, *, lock: bool = False) -> DataRequest:
    request = db.session.get(DataRequest, request_id, with_for_update=lock or None)
    if request is None:
        raise NotFound("Không có yêu cầu này.")
    return request


def _tell(request: DataRequest, by: int, sentence: str) -> None:
    record(
        "privacy.request", clock.now(), conference_id=None, account_id=by, subject="data_request", subject_id=request.id,
        sentence=sentence,
    )
