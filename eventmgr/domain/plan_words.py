"""The fixed words of a plan file."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """Where a fact comes from."""

    STATED = "stated"
    DERIVED = "derived"
    FOUND = "found"
    KNOWLEDGE = "knowledge"
    ASSUMED = "assumed"
    OFFICE = "office"

    @property
    def label(self) -> str:
        """The words on screen beside a fact."""
        return {
            "stated": "nêu trong kế hoạch",
            "derived": "suy ra từ kế hoạch",
            "found": "theo nguồn đã công bố",
            "knowledge": "chưa kiểm chứng",
            "assumed": "giả định",
            "office": "văn phòng nhập",
        }[self.value]


class InvitedAs(StrEnum):
    """How the plan names a group."""

    COLLECTIVE = "collective"
    LEADERS = "leaders"
    MEMBERS = "members"
    LIST = "list"
    ORGANISATION = "organisation"


class LetterheadKind(StrEnum):
    """Who invites: Văn phòng UBND tỉnh or UBND tỉnh."""

    OFFICE = "office"
    COMMITTEE = "committee"


class LetterForm(StrEnum):
    """Which rule lays out the letter: NĐ 30/2020/NĐ-CP, or TT 01/2011/TT-BNV of the plan's time."""

    ND30 = "nd30"
    TT01 = "tt01"


class DeadlineRule(StrEnum):
    """How a printed deadline counts: strictly before the day, or by it."""

    BEFORE = "before"
    BY = "by"


class Stage(StrEnum):
    """When a document is needed."""

    PREPARATION = "preparation"
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Audience(StrEnum):
    """Who may see a document."""

    PUBLIC = "public"
    PRESS = "press"
    INVITEES = "invitees"
    DELEGATES = "delegates"
    UNITS = "units"
    RESTRICTED = "restricted"
    AFTER_ANNOUNCEMENT = "after_announcement"


class RecipientKind(StrEnum):
    """Who an award goes to."""

    COLLECTIVE = "collective"
    INDIVIDUAL = "individual"

    @property
    def label(self) -> str:
        """The kind's name on screen."""
        return "Tập thể" if self is RecipientKind.COLLECTIVE else "Cá nhân"
