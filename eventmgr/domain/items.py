"""Kinds of programme items and of presenters, and the numbers that steps are called by."""

from __future__ import annotations

from enum import StrEnum


class ItemKind(StrEnum):
    """What happens in an item."""

    OPENING = "opening"
    FLAG_SALUTE = "flag_salute"
    INTRODUCTION = "introduction"
    PROCEDURE = "procedure"
    OPENING_SPEECH = "opening_speech"
    REPORT = "report"
    PAPERS = "papers"
    PAPER = "paper"
    SPEECH = "speech"
    DISCUSSION = "discussion"
    BREAK = "break"
    AWARDS = "awards"
    RESPONSE = "response"
    CONCLUSION = "conclusion"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind's name on screen."""
        return _KINDS[self]


class PresenterKind(StrEnum):
    """Who presents an item: a leader of a body, a body, a collective, everyone or nobody."""

    PERSON_OF_BODY = "person_of_body"
    BODY = "body"
    COLLECTIVE = "collective"
    EVERYONE = "everyone"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        """The kind's name on screen."""
        return _PRESENTERS[self]


_KINDS = {
    ItemKind.OPENING: "Mở đầu",
    ItemKind.FLAG_SALUTE: "Chào cờ",
    ItemKind.INTRODUCTION: "Giới thiệu đại biểu",
    ItemKind.PROCEDURE: "Thủ tục",
    ItemKind.OPENING_SPEECH: "Khai mạc",
    ItemKind.REPORT: "Báo cáo",
    ItemKind.PAPERS: "Các tham luận",
    ItemKind.PAPER: "Tham luận",
    ItemKind.SPEECH: "Phát biểu",
    ItemKind.DISCUSSION: "Thảo luận",
    ItemKind.BREAK: "Giải lao",
    ItemKind.AWARDS: "Khen thưởng",
    ItemKind.RESPONSE: "Đáp từ",
    ItemKind.CONCLUSION: "Kết luận",
    ItemKind.OTHER: "Nội dung khác",
}
_PRESENTERS = {
    PresenterKind.PERSON_OF_BODY: "Lãnh đạo một cơ quan",
    PresenterKind.BODY: "Một cơ quan",
    PresenterKind.COLLECTIVE: "Một tập thể",
    PresenterKind.EVERYONE: "Toàn thể đại biểu",
    PresenterKind.NOBODY: "Không ghi",
}


def step_number(row: str, mark: str | None = None, position: int = 1) -> str:
    """Return what a step is called by: '5', '4.(2)'; a dash line is named by its place in the row: '1a', '3b'.

    `row` is the mark of the row, `mark` the mark of the sub-item, `position` its place in the row from 1.
    """
    if mark is None:
        return row
    bare = mark.strip(" -–•+")
    return f"{row}.{bare}" if bare else f"{row}{chr(ord('a') + (position - 1) % 26)}"
