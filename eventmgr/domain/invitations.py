"""The life of a Giấy mời: states, number, fixed formulas, and what is missing before it can be issued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from eventmgr.domain.dates import hour_text, long_date
from eventmgr.domain.text import clean
from eventmgr.domain.working_days import WorkingDays


class InvitationState(StrEnum):
    """How far a letter has come; derived from what happened, never stored."""

    DRAFT = "draft"
    APPROVED = "approved"
    ISSUED = "issued"
    DELIVERED = "delivered"
    OPENED = "opened"
    ANSWERED = "answered"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """The state's name on screen."""
        return _STATES[self]


class Reply(StrEnum):
    """What an invitee answers."""

    COMES = "comes"
    ABSENT = "absent"
    SUBSTITUTE = "substitute"

    @property
    def label(self) -> str:
        """The answer's name on screen."""
        return {"comes": "Sẽ dự", "absent": "Báo vắng", "substitute": "Cử người dự thay"}[self.value]


class SubstituteState(StrEnum):
    """Whether the office has agreed to a substitute."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The state's name on screen."""
        return {"waiting": "Chờ duyệt", "approved": "Đã duyệt", "refused": "Không duyệt"}[self.value]


class LetterheadKind(StrEnum):
    """Who invites: Văn phòng UBND tỉnh or UBND tỉnh."""

    OFFICE = "office"
    COMMITTEE = "committee"

    @property
    def label(self) -> str:
        """The choice on screen."""
        return "Văn phòng UBND tỉnh" if self is LetterheadKind.OFFICE else "UBND tỉnh"


class LetterForm(StrEnum):
    """Which rule lays out the letter."""

    ND30 = "nd30"
    TT01 = "tt01"

    @property
    def label(self) -> str:
        """The choice on screen."""
        return "Nghị định 30/2020/NĐ-CP" if self is LetterForm.ND30 else "Thông tư 01/2011/TT-BNV (thể thức năm 2015)"


class DeadlineRule(StrEnum):
    """How a printed deadline counts: strictly before the day ("trước ngày"), or by it ("chậm nhất ngày")."""

    BEFORE = "before"
    BY = "by"

    @property
    def label(self) -> str:
        """The words in front of the date."""
        return "trước ngày" if self is DeadlineRule.BEFORE else "chậm nhất ngày"


_STATES = {
    InvitationState.DRAFT: "Dự thảo",
    InvitationState.APPROVED: "Đã duyệt",
    InvitationState.ISSUED: "Đã phát hành",
    InvitationState.DELIVERED: "Đã gửi",
    InvitationState.OPENED: "Đã mở xem",
    InvitationState.ANSWERED: "Đã trả lời",
    InvitationState.REVOKED: "Đã thu hồi",
}
_OFFICE_SIGNERS = (("CHÁNH VĂN PHÒNG",), ("KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"))
_COMMITTEE_SIGNERS = (
    ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
    ("TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
    ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
)


def state_of(
    *,
    approved_at: datetime | None = None,
    issued_at: datetime | None = None,
    delivered_at: datetime | None = None,
    opened_at: datetime | None = None,
    answered_at: datetime | None = None,
    revoked_at: datetime | None = None,
) -> InvitationState:
    """Return the state that these facts make: the furthest, but revoked beats all."""
    if revoked_at:
        return InvitationState.REVOKED
    furthest = (
        (answered_at, InvitationState.ANSWERED),
        (opened_at, InvitationState.OPENED),
        (delivered_at, InvitationState.DELIVERED),
        (issued_at, InvitationState.ISSUED),
        (approved_at, InvitationState.APPROVED),
    )
    return next((state for at, state in furthest if at), InvitationState.DRAFT)


def substitute_state(approved_at: datetime | None, refused_at: datetime | None) -> SubstituteState:
    """Return whether the office has agreed to a substitute; a refusal beats an approval."""
    if refused_at:
        return SubstituteState.REFUSED
    return SubstituteState.APPROVED if approved_at else SubstituteState.WAITING


def symbol_text(symbol: str) -> str:
    """Return a number's symbol without blanks: 'GM - VP' is wrong, 'GM-VP' right (NĐ 30/2020, Phụ lục I)."""
    return clean(symbol).replace(" ", "")


def number_text(number: int | None, symbol: str) -> str:
    """Return '05/GM-VP': at least two digits (NĐ 30/2020, Phụ lục I); a draft keeps the place empty for the clerk."""
    return f"{' ' * 6 if number is None else f'{number:02d}'}/{symbol_text(symbol)}"


def deadline_day(printed: date, rule: DeadlineRule) -> date:
    """Return the last day that keeps a deadline: 'trước ngày 25/12' is the 24th."""
    return printed - timedelta(days=1) if rule is DeadlineRule.BEFORE else printed


def letterhead_lines(kind: LetterheadKind, province: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the agency above (None: there is none) and the lines of the issuing agency.

    People's Committees have no agency above them on the letterhead (TT 01/2011/TT-BNV, Điều 7).
    """
    if kind is LetterheadKind.OFFICE:
        return f"UBND TỈNH {province.upper()}", ("VĂN PHÒNG",)
    return None, ("ỦY BAN NHÂN DÂN", f"TỈNH {province.upper()}")


def opening_sentence(kind: LetterheadKind, province: str) -> str:
    """Return the words before the invitee's name; 'trân trọng kính mời:' is the fixed formula of Mẫu 1.7."""
    if kind is LetterheadKind.OFFICE:
        by_order = "Thừa lệnh Chủ tịch Ủy ban nhân dân tỉnh, Văn phòng Ủy ban nhân dân tỉnh"
        return f"{by_order} trân trọng kính mời:"
    return f"Ủy ban nhân dân tỉnh {province} trân trọng kính mời:"


def signer_choices(kind: LetterheadKind) -> tuple[tuple[str, ...], ...]:
    """Return the usual lines above a signer's name, the likeliest first (NĐ 30/2020, Điều 13)."""
    return _OFFICE_SIGNERS if kind is LetterheadKind.OFFICE else _COMMITTEE_SIGNERS


def time_text(starts_at: time | None, day: date | None, sessions: str | None = None, open_text: str = "") -> str:
    """Return '07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015 (01 buổi)'; `open_text` stands while there is no day."""
    if day is None:
        when = open_text
    else:
        when = f"{hour_text(starts_at)}, {long_date(day)}" if starts_at else long_date(day)
    return f"{when} ({sessions})" if sessions and when else when


def missing_for_issue(
    *,
    addressee: str | None,
    held_on: date | None,
    starts_at: time | None,
    venue: str | None,
    chair: str | None,
    approved: bool,
    number: int | None,
    symbol: str | None,
    dated_on: date | None,
    signer_lines: Sequence[str],
    signer_name: str | None,
) -> list[str]:
    """Return a sentence for each thing without which a letter cannot be issued; empty when nothing is missing.

    Content by QĐ 45/2018/QĐ-TTg (chair, time, place) and NĐ 30/2020 (number, date, signer). Nothing is filled in.
    """
    checks = (
        (addressee, "Chưa ghi người được mời."),
        (held_on, "Chưa có ngày họp."),
        (starts_at, "Chưa có giờ bắt đầu."),
        (venue, "Chưa có địa điểm."),
        (chair, "Chưa ghi người chủ trì."),
        (approved, "Giấy mời chưa được duyệt."),
        (number is not None and number > 0, "Chưa có số giấy mời."),
        (symbol and symbol_text(symbol), "Chưa có ký hiệu giấy mời."),
        (dated_on, "Chưa có ngày ký giấy mời."),
        (any(clean(line) for line in signer_lines), "Chưa có chức vụ người ký."),
        (signer_name and clean(signer_name), "Chưa có tên người ký."),
        (not (dated_on and held_on and dated_on > held_on), "Ngày ký giấy mời sau ngày họp."),
    )
    return [sentence for present, sentence in checks if not present]


def wrong_day(dated_on: date, held_on: date) -> str | None:
    """Return a sentence when a letter of this day cannot belong to a meeting of that day: after it, or a year before."""
    if dated_on > held_on:
        return "Ngày ký giấy mời sau ngày họp."
    if (held_on - dated_on).days > 366:
        return "Ngày ký giấy mời trước ngày họp hơn một năm; xem lại năm."
    return None


def short_notice(dated_on: date, held_on: date, days: WorkingDays) -> str | None:
    """Return a warning when fewer than 3 working days lie between letter and meeting (QĐ 45/2018/QĐ-TTg)."""
    working = days.between(dated_on, held_on, 3)
    if working >= 3:
        return None
    return f"Chỉ còn {working:02d} ngày làm việc trước ngày họp; giấy mời cần gửi trước ít nhất 03 ngày làm việc."
