"""The MC's presses as they are stored: what was pressed, on which console, about which step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verb(StrEnum):
    """What was pressed; NEXT and START with a step jump to it, TAKE takes over control."""

    START = "start"
    NEXT = "next"
    END = "end"
    BACK = "back"
    SKIP = "skip"
    UNDO = "undo"
    PAUSE = "pause"
    RESUME = "resume"
    INSERT = "insert"
    SWAP = "swap"
    LATER = "later"
    ADJUST = "adjust"
    CATCH_UP = "catch_up"
    TAKE = "take"


@dataclass(frozen=True)
class Console:
    """A browser that presses: `id` is its own, `name` says whose and what it is: 'Hà, máy tính bảng'."""

    id: str
    name: str


@dataclass(frozen=True)
class Holder:
    """The console that holds control, and since when."""

    console: Console
    since: datetime


@dataclass(frozen=True)
class Details:
    """What some presses say beyond their step.

    `minutes`: how many more or fewer (ADJUST), how many the new step has (INSERT). `after`: the step behind which
    one goes (LATER, INSERT) or with which it changes places (SWAP). `cuts`: step -> the minutes it keeps, 0 leaves it
    out (CATCH_UP). `title`, `kind` and `presenter` describe a new step.
    """

    minutes: int | None = None
    after: int | None = None
    cuts: tuple[tuple[int, int], ...] = ()
    title: str = ""
    kind: str = "other"
    presenter: str = ""


NO_DETAILS = Details()


@dataclass(frozen=True)
class Move:
    """One press: `seq` counts from 1 without gaps, `press_id` is the console's own, `at` is aware.

    A step that was inserted on the spot has a number below zero: minus the `seq` of the press that inserted it.
    """

    seq: int
    press_id: str
    verb: Verb
    step_id: int | None
    at: datetime
    details: Details = NO_DETAILS
    console: Console | None = None


@dataclass(frozen=True)
class Refused:
    """A press that is not allowed; `reason` is a sentence for the MC."""

    reason: str
