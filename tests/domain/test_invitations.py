from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from eventmgr.domain.invitations import (
    DeadlineRule,
    InvitationState,
    LetterForm,
    LetterheadKind,
    Reply,
    SubstituteState,
    deadline_day,
    letterhead_lines,
    missing_for_issue,
    number_text,
    opening_sentence,
    short_notice,
    signer_choices,
    state_of,
    substitute_state,
    symbol_text,
    time_text,
)
from eventmgr.domain.working_days import WorkingDays

NOW = datetime(2015, 12, 20, tzinfo=UTC)
OFFICE, COMMITTEE = LetterheadKind.OFFICE, LetterheadKind.COMMITTEE
READY: dict[str, Any] = {
    "addressee": "đồng chí Trần Thị Nga",
    "held_on": date(2015, 12, 29),
    "starts_at": time(7, 30),
    "venue": "Hội trường lớn - Văn phòng UBND tỉnh",
    "chair": "Lãnh đạo UBND tỉnh",
    "approved": True,
    "number": 5,
    "symbol": "GM-VP",
    "dated_on": date(2015, 12, 24),
    "signer_lines": ["CHÁNH VĂN PHÒNG"],
    "signer_name": "Nguyễn Văn Mẫu",
}


@pytest.mark.parametrize(
    ("facts", "state", "label"),
    [
        ([], InvitationState.DRAFT, "Dự thảo"),
        (["approved_at"], InvitationState.APPROVED, "Đã duyệt"),
        (["approved_at", "issued_at"], InvitationState.ISSUED, "Đã phát hành"),
        (["approved_at", "issued_at", "delivered_at"], InvitationState.DELIVERED, "Đã gửi"),
        (["approved_at", "issued_at", "opened_at"], InvitationState.OPENED, "Đã mở xem"),
        (["approved_at", "issued_at", "answered_at"], InvitationState.ANSWERED, "Đã trả lời"),
        (["approved_at", "issued_at", "answered_at", "revoked_at"], InvitationState.REVOKED, "Đã thu hồi"),
    ],
)
def test_state_of(facts: list[str], state: InvitationState, label: str) -> None:
    found = state_of(**dict.fromkeys(facts, NOW))
    assert (found, found.label) == (state, label)


def test_substitute_state() -> None:
    assert [substitute_state(*facts) for facts in ((None, None), (NOW, None), (NOW, NOW))] == [
        SubstituteState.WAITING,
        SubstituteState.APPROVED,
        SubstituteState.REFUSED,
    ]


def test_number_has_two_digits_and_no_blanks() -> None:
    assert [number_text(number, "GM-VP") for number in (5, 12, 1234)] == ["05/GM-VP", "12/GM-VP", "1234/GM-VP"]
    assert number_text(5, "GM - VP") == "05/GM-VP"
    assert number_text(None, "GM-VP") == "      /GM-VP"
    assert symbol_text(" GM- VPUBND ") == "GM-VPUBND"


def test_before_a_day_is_kept_by_the_day_before() -> None:
    assert deadline_day(date(2015, 12, 25), DeadlineRule.BEFORE) == date(2015, 12, 24)
    assert deadline_day(date(2015, 12, 25), DeadlineRule.BY) == date(2015, 12, 25)


def test_both_letterheads() -> None:
    assert letterhead_lines(OFFICE, "Kon Tum") == ("UBND TỈNH KON TUM", ("VĂN PHÒNG",))
    assert letterhead_lines(COMMITTEE, "Đắk Lắk") == (None, ("ỦY BAN NHÂN DÂN", "TỈNH ĐẮK LẮK"))
    assert opening_sentence(COMMITTEE, "Kon Tum") == "Ủy ban nhân dân tỉnh Kon Tum trân trọng kính mời:"
    assert opening_sentence(OFFICE, "Kon Tum") == (
        "Thừa lệnh Chủ tịch Ủy ban nhân dân tỉnh, Văn phòng Ủy ban nhân dân tỉnh trân trọng kính mời:"
    )
    assert signer_choices(OFFICE)[1] == ("KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG")
    assert signer_choices(COMMITTEE)[0] == ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")


def test_time_text() -> None:
    day, half_past = date(2015, 12, 29), time(7, 30)
    assert time_text(half_past, day, "01 buổi") == "07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015 (01 buổi)"
    assert time_text(None, day) == "thứ Ba, ngày 29 tháng 12 năm 2015"
    assert time_text(half_past, None, "01 buổi", "cuối tháng 12/2015") == "cuối tháng 12/2015 (01 buổi)"
    assert time_text(None, None, "01 buổi") == ""


def test_nothing_is_missing_from_a_ready_letter() -> None:
    assert missing_for_issue(**READY) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("addressee", "", "Chưa ghi người được mời."),
        ("held_on", None, "Chưa có ngày họp."),
        ("starts_at", None, "Chưa có giờ bắt đầu."),
        ("venue", None, "Chưa có địa điểm."),
        ("chair", None, "Chưa ghi người chủ trì."),
        ("approved", False, "Giấy mời chưa được duyệt."),
        ("number", None, "Chưa có số giấy mời."),
        ("number", 0, "Chưa có số giấy mời."),
        ("symbol", " ", "Chưa có ký hiệu giấy mời."),
        ("dated_on", None, "Chưa có ngày ký giấy mời."),
        ("signer_lines", [" "], "Chưa có chức vụ người ký."),
        ("signer_name", "\u200b", "Chưa có tên người ký."),
        ("dated_on", date(2015, 12, 30), "Ngày ký giấy mời sau ngày họp."),
    ],
)
def test_missing_for_issue(name: str, value: object, sentence: str) -> None:
    assert missing_for_issue(**{**READY, name: value}) == [sentence]


def test_midnight_is_an_hour() -> None:
    assert missing_for_issue(**{**READY, "starts_at": time(0, 0)}) == []


@pytest.mark.parametrize(
    ("dated_on", "warning"),
    [
        (date(2015, 12, 24), None),  # Fri, Mon, Tue
        (date(2015, 12, 25), "Chỉ còn 02 ngày làm việc"),
        (date(2015, 12, 29), "Chỉ còn 00 ngày làm việc"),
        (date(2015, 1, 1), None),
    ],
)
def test_short_notice(dated_on: date, warning: str | None) -> None:
    found = short_notice(dated_on, date(2015, 12, 29), WorkingDays())
    rest = " trước ngày họp; giấy mời cần gửi trước ít nhất 03 ngày làm việc."
    assert found == (warning and warning + rest)


def test_every_choice_has_a_label() -> None:
    enums = (InvitationState, Reply, SubstituteState, LetterheadKind, LetterForm, DeadlineRule)
    assert all(choice.label.strip() for choices in enums for choice in choices)
