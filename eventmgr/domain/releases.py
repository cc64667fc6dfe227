"""Who may have a paper of the conference, and from when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventmgr.domain.plan_words import Audience

AUDIENCE_LABELS = {
    Audience.PUBLIC: "Công khai",
    Audience.PRESS: "Báo chí",
    Audience.INVITEES: "Khách có giấy mời",
    Audience.DELEGATES: "Đại biểu (không kể báo chí)",
    Audience.UNITS: "Các đơn vị",
    Audience.RESTRICTED: "Chỉ văn phòng, chủ trì, người dẫn",
    Audience.AFTER_ANNOUNCEMENT: "Mọi người, sau khi công bố khen thưởng",
}


class Release(StrEnum):
    """When those who may have a paper get it."""

    HELD = "held"
    NOW = "now"
    AT = "at"
    ITEM = "item"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _LABELS[self]


_LABELS = {
    Release.HELD: "Chưa phát hành",
    Release.NOW: "Phát hành ngay",
    Release.AT: "Đến giờ hẹn",
    Release.ITEM: "Khi mục bắt đầu",
}


class Reader(StrEnum):
    """Through which door somebody comes for a paper; the staff of the stage have all of them at any time."""

    PUBLIC = "public"
    PRESS = "press"
    DELEGATE = "delegate"
    PRESS_DELEGATE = "press_delegate"
    UNIT = "unit"


_READS = {
    Reader.PUBLIC: {Audience.PUBLIC},
    Reader.PRESS: {Audience.PUBLIC, Audience.PRESS},
    Reader.DELEGATE: {Audience.PUBLIC, Audience.INVITEES, Audience.DELEGATES},
    Reader.PRESS_DELEGATE: {Audience.PUBLIC, Audience.PRESS, Audience.INVITEES},
    Reader.UNIT: {Audience.PUBLIC, Audience.INVITEES, Audience.DELEGATES, Audience.UNITS},
}


@dataclass(frozen=True)
class Terms:
    """On what terms a paper is handed out; `release_at` is aware, and set for AT alone."""

    audience: Audience
    release: Release
    release_at: datetime | None = None
    item_id: int | None = None


def is_out(terms: Terms, begun: Collection[int], announced: bool, at: datetime) -> bool:
    """Tell whether a paper is released at a moment; `begun` are the items that are on or over.

    What belongs to the awards stays inside until they are announced, whatever hour was promised.
    """
    if terms.audience is Audience.AFTER_ANNOUNCEMENT and not announced:
        return False
    if terms.release is Release.AT:
        return terms.release_at is not None and terms.release_at <= at
    if terms.release is Release.ITEM:
        return terms.item_id in begun
    return terms.release is Release.NOW


def may_read(terms: Terms, reader: Reader) -> bool:
    """Tell whether a paper is meant for who comes through this door; what is out after the awards is for all."""
    return terms.audience is Audience.AFTER_ANNOUNCEMENT or terms.audience in _READS[reader]
