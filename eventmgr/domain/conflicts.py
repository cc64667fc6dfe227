"""Lượt vào cần xem lại: kinds of facts at the door that do not go together, and what a person may decide of each."""

from __future__ import annotations

from enum import StrEnum


class Problem(StrEnum):
    """What does not go together."""

    DOUBLE = "double"
    REFUSED = "refused"
    HELD = "held"
    LOOKALIKE = "lookalike"
    GROUP = "group"
    NAMED = "named"
    CROSSED = "crossed"
    ORDER = "order"
    CLOCK = "clock"
    UNREAD = "unread"

    @property
    def label(self) -> str:
        """The heading on the lead's page; the name of the delegate follows."""
        return _LABELS[self]

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What a person may decide, the most usual first."""
        return _DECISIONS[self]


class Decision(StrEnum):
    """What a person decided. FIRST and SECOND say which of two entries was the delegate's own."""

    SAME = "same"
    FIRST = "first"
    SECOND = "second"
    STANDS = "stands"
    ASIDE = "aside"
    DIFFERENT = "different"
    NOTED = "noted"

    @property
    def label(self) -> str:
        """The words on the button and in the record."""
        return _DECISION_LABELS[self]


_LABELS = {
    Problem.DOUBLE: "Một đại biểu, hai lần vào",
    Problem.REFUSED: "Máy đã cho vào, hệ thống không nhận",
    Problem.HELD: "Đang mời chờ mà máy khác cho vào",
    Problem.LOOKALIKE: "Khách đăng ký tại cửa trùng tên đại biểu",
    Problem.GROUP: "Khách đăng ký tại cửa: nhóm đã chọn không còn",
    Problem.NAMED: "Họ tên ghi ở cửa khác tên đã có",
    Problem.CROSSED: "Hoàn tác sau khi khách đã được cho vào lần nữa",
    Problem.ORDER: "Ra mà chưa thấy vào",
    Problem.CLOCK: "Máy quét sai giờ",
    Problem.UNREAD: "Máy gửi nội dung không đọc được",
}
_DECISION_LABELS = {
    Decision.SAME: "Cùng một người",
    Decision.FIRST: "Hai người: lần 1 là đại biểu",
    Decision.SECOND: "Hai người: lần 2 là đại biểu",
    Decision.STANDS: "Đúng là đại biểu, tính đã vào",
    Decision.ASIDE: "Không tính lượt này",
    Decision.DIFFERENT: "Hai người khác nhau",
    Decision.NOTED: "Đã xem",
}
_DECISIONS = {
    Problem.DOUBLE: (Decision.SAME, Decision.FIRST, Decision.SECOND),
    Problem.REFUSED: (Decision.STANDS, Decision.ASIDE),
    Problem.HELD: (Decision.STANDS, Decision.ASIDE),
    Problem.LOOKALIKE: (Decision.DIFFERENT, Decision.SAME),
    Problem.GROUP: (Decision.NOTED,),
    Problem.NAMED: (Decision.NOTED,),
    Problem.CROSSED: (Decision.NOTED,),
    Problem.ORDER: (Decision.NOTED, Decision.ASIDE),
    Problem.CLOCK: (Decision.NOTED,),
    Problem.UNREAD: (Decision.NOTED,),
}
_OBJECTIONS = {
    "already_in": "đại biểu đã vào rồi",
    "substitute_expected": "đại biểu đã cử người dự thay",
    "substitute_waiting": "người dự thay chưa được duyệt",
    "wrong_gate": "cửa này dành cho nhóm khác",
    "not_issued": "giấy mời chưa phát hành",
    "revoked": "giấy mời đã thu hồi",
    "closed": "cửa đã đóng",
    "other_conference": "giấy mời của hội nghị khác",
    "not_known": "mã không có trong danh sách",
    "not_a_pass": "không phải mã giấy mời",
    "not_on_phone": "máy chưa có mã đó",
    "held": "đại biểu đang được mời chờ",
}


def objection_text(outcome: str | None) -> str:
    """Return why the server would not have let somebody in, as the end of a sentence."""
    return _OBJECTIONS.get(outcome or "", "hệ thống không nhận lượt này")


def sentence(problem: Problem, objection: str | None = None) -> str:
    """Return what the phone shows beside its receipt."""
    if problem is Problem.REFUSED:
        return f"Máy đã cho vào nhưng {objection_text(objection)}. Trưởng cửa xem lại."
    return {
        Problem.DOUBLE: "Đại biểu này đã được cho vào ở lượt khác. Trưởng cửa xem lại.",
        Problem.HELD: "Đại biểu này đang được mời chờ ở bàn đón tiếp. Trưởng cửa xem lại.",
        Problem.LOOKALIKE: "Trong danh sách có đại biểu cùng tên. Trưởng cửa xem lại.",
        Problem.GROUP: "Nhóm đã chọn không còn trong hội nghị; khách được ghi vào nhóm khách đăng ký tại cửa.",
        Problem.NAMED: "Đại biểu này đã có họ tên khác. Trưởng cửa xem lại.",
        Problem.CROSSED: "Đại biểu đã được cho vào lần nữa trước khi hoàn tác. Trưởng cửa xem lại.",
        Problem.ORDER: "Chưa có lượt vào trước lượt ra này. Trưởng cửa xem lại.",
        Problem.CLOCK: "Giờ của máy lệch quá nhiều. Chỉnh lại giờ trên máy.",
        Problem.UNREAD: "Hệ thống không đọc được lượt này; nội dung đã được giữ lại.",
    }[problem]
