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
