"""Roles in a conference and what each may do."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is in one conference; the administrator is one in all of them."""

    ADMINISTRATOR = "administrator"
    OFFICE = "office"
    AWARDS = "awards"
    USHER = "usher"
    DOOR_LEAD = "door_lead"
    MC = "mc"
    CHAIR = "chair"
    PRESS_OFFICER = "press_officer"
    OBSERVER = "observer"

    @property
    def label(self) -> str:
        """The role's name on screen."""
        return _LABELS[self]


_LABELS = {
    Role.ADMINISTRATOR: "Quản trị",
    Role.OFFICE: "Văn phòng",
    Role.AWARDS: "Thi đua khen thưởng",
    Role.USHER: "Người bưng khay, dẫn lên nhận",
    Role.DOOR_LEAD: "Trưởng cửa",
    Role.MC: "Người dẫn chương trình",
    Role.CHAIR: "Chủ trì",
    Role.PRESS_OFFICER: "Phụ trách báo chí",
    Role.OBSERVER: "Theo dõi",
}

CONFERENCE_ROLES = tuple(role for role in Role if role is not Role.ADMINISTRATOR)


class Right(StrEnum):
    """One thing that a route or a service may ask for."""

    SEE_DESK = "see_desk"
    SEE_DELEGATES = "see_delegates"
    EDIT_DELEGATES = "edit_delegates"
    EDIT_AGENDA = "edit_agenda"
    SEE_AGENDA = "see_agenda"
    SEE_INVITATIONS = "see_invitations"
    EDIT_INVITATIONS = "edit_invitations"
    ISSUE_INVITATIONS = "issue_invitations"
    SEE_AWARDS = "see_awards"
    EDIT_AWARDS = "edit_awards"
    RUN_TRAY = "run_tray"
    SEE_DOOR = "see_door"
    RUN_DOOR = "run_door"
    RUN_STAGE = "run_stage"
    SEE_STAGE = "see_stage"
    DIRECT_STAGE = "direct_stage"
    SEE_PRESS_DESK = "see_press_desk"
    EDIT_CONFERENCE = "edit_conference"
    EDIT_PEOPLE = "edit_people"
    SEE_JOURNAL = "see_journal"
    ADMINISTER = "administer"


_EVERYONE = {Right.SEE_DESK, Right.SEE_AGENDA}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.OFFICE: frozenset(set(Right) - {Right.ADMINISTER, Right.EDIT_PEOPLE}),
    Role.AWARDS: frozenset(_EVERYONE | {Right.SEE_DELEGATES, Right.SEE_AWARDS, Right.EDIT_AWARDS, Right.RUN_TRAY}),
    Role.USHER: frozenset({Right.RUN_TRAY}),
    Role.DOOR_LEAD: frozenset(_EVERYONE | {Right.SEE_DELEGATES, Right.SEE_DOOR, Right.RUN_DOOR}),
    Role.MC: frozenset(_EVERYONE | {Right.SEE_STAGE, Right.RUN_STAGE}),
    Role.CHAIR: frozenset(_EVERYONE | {Right.SEE_STAGE, Right.DIRECT_STAGE, Right.SEE_DELEGATES}),
    Role.PRESS_OFFICER: frozenset(_EVERYONE | {Right.SEE_PRESS_DESK}),
    Role.OBSERVER: frozenset(_EVERYONE),
}


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Return everything that a person with these roles may do."""
    return frozenset().union(*(RIGHTS[role] for role in roles))
