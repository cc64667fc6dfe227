"""Mistakes that become pages: each carries the sentence that a person reads."""

from __future__ import annotations


class Mistake(Exception):
    """A request that cannot be carried out; `sentence` says why, in Vietnamese."""

    default = "Không thực hiện được yêu cầu này."

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = sentence or self.default
        super().__init__(self.sentence)


class NotFound(Mistake):
    """The thing does not exist, or belongs to another conference."""

    default = "Không tìm thấy nội dung này trong hội nghị."


class NotAllowed(Mistake):
    """The person may not do this."""

    default = "Tài khoản này không có quyền thực hiện việc đó."


class Conflict(Mistake):
    """The thing has changed meanwhile, or the act would break a rule."""

    default = "Nội dung đã thay đổi trong lúc thao tác. Mở lại trang để xem bản mới."


class Invalid(Mistake):
    """What was typed cannot be accepted; `field` names the form field it belongs to, if one does."""

    default = "Thông tin nhập chưa đúng."

    def __init__(self, sentence: str | None = None, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field
