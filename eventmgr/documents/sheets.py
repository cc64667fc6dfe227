"""Exactly what is printed: one frozen dataclass for each kind of paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Form = Literal["nd30", "tt01"]
"""The rule a letter follows: Nghị định 30/2020/NĐ-CP, or Thông tư 01/2011/TT-BNV for papers of 2011 to 04/3/2020."""

Issuer = Literal["office", "committee"]
"""Văn phòng (with its superior's line above it) or the committee itself, which has no superior line."""


@dataclass(frozen=True)
class Letterhead:
    """Boxes 1 to 4 of the official form.

    `superior_line` is None for a committee; `agency_lines` are printed bold, one under the other;
    `symbol` is what follows the number's slash ("GM-VP"); `place` stands before the date.
    """

    form: Form
    issuer: Issuer
    superior_line: str | None
    agency_lines: tuple[str, ...]
    symbol: str
    place: str


@dataclass(frozen=True)
class InvitationSheet:
    """One Giấy mời.

    A draft prints neither number nor day, whatever is given; `month_hint` is (month, year) for its date
    line. `opening` ends in "trân trọng kính mời:" and the addressee follows it; with `kinh_gui` the
    addressee stands in a block of its own above and the opening runs on into `purpose` ("Tới dự …").
    `time_text` None leaves room to write it in. `notes` are further paragraphs; the last paragraph is
    closed with "./.". `signer_lines` are printed bold one under the other, `signer_name` below the
    signature. The foot of page 1, outside the form's boxes, holds the QR code of `qr_text` with
    `code_groups` ("ABCD EFGH …"), `seat`, the sentence `reply_line` and the `contact`; it is left out
    when none of them is given.
    """

    letterhead: Letterhead
    number: str | None
    dated_on: date | None
    subject: str
    opening: str
    addressee: str
    purpose: str
    chair: str
    venue: str
    signer_lines: tuple[str, ...]
    time_text: str | None = None
    month_hint: tuple[int, int] | None = None
    title: str = "GIẤY MỜI"
    notes: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    signer_name: str | None = None
    qr_text: str | None = None
    code_groups: str | None = None
    reply_line: str | None = None
    contact: str | None = None
    seat: str | None = None
    draft: bool = False
    kinh_gui: bool = False


@dataclass(frozen=True)
class ProgrammeStep:
    """One row or line inside a programme item; `presenter` only where it has one of its own."""

    text: str
    presenter: str | None = None
    time: str | None = None


@dataclass(frozen=True)
class ProgrammeRow:
    """One numbered item: its own `text`, or steps, or both.

    Steps with `numbered` are rows of their own, "(1) …" with their own presenter; else they are lines
    "- …" in the item's one cell.
    """

    text: str | None
    presenter: str
    steps: tuple[ProgrammeStep, ...] = ()
    numbered: bool = False
    time: str | None = None


@dataclass(frozen=True)
class ProgrammeSheet:
    """The annex "CHƯƠNG TRÌNH HỘI NGHỊ": TT, Nội dung Hội nghị, Người thực hiện.

    `source_note` are the lines under the title, without brackets ("Kèm theo Kế hoạch số …", "của …");
    `with_times` adds the column "Thời gian" in front; `annex_label` ("Phụ lục I") stands above the title
    where the paper has several annexes.
    """

    rows: tuple[ProgrammeRow, ...]
    source_note: tuple[str, ...] = ()
    title: str = "CHƯƠNG TRÌNH HỘI NGHỊ"
    with_times: bool = False
    letterhead: Letterhead | None = None
    number: str | None = None
    dated_on: date | None = None
    annex_label: str | None = None
    form: Form = "nd30"


@dataclass(frozen=True)
class AwardedCollective:
    """A collective as the decision spells it."""

    name: str
    note: str = ""


@dataclass(frozen=True)
class AwardedPerson:
    """A person as the decision spells it; `position` is post and unit."""

    name: str
    position: str
    note: str = ""


@dataclass(frozen=True)
class AwardListSheet:
    """The annex of an award decision: DANH SÁCH, with collectives and persons numbered apart.

    `award_line` is the second line of the title ("TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG …"), `achievement` the
    sentence under it. Without `decision_number` and `decided_on` the source note keeps blanks for them;
    `decision_symbol` ("QĐ-UBND") follows the number, `decided_by` names who decided.
    """

    award_line: str
    achievement: str
    decided_by: str
    collectives: tuple[AwardedCollective, ...]
    persons: tuple[AwardedPerson, ...]
    decision_number: str | None = None
    decision_symbol: str = "QĐ-UBND"
    decided_on: date | None = None
    collectives_first: bool = True
    form: Form = "nd30"


@dataclass(frozen=True)
class SignInRow:
    """One person expected at the gate; `name` is empty while only the post is invited, `note` says who comes instead."""

    name: str
    position: str
    group: str
    note: str = ""


@dataclass(frozen=True)
class SignInSheet:
    """The list to sign at the gate, A4 landscape: numbered through, one heading for each group, hour and signature."""

    conference: str
    when_and_where: str
    rows: tuple[SignInRow, ...]
    gate: str | None = None
    title: str = "DANH SÁCH ĐẠI BIỂU KÝ XÁC NHẬN DỰ HỘI NGHỊ"
    letterhead: Letterhead | None = None


@dataclass(frozen=True)
class PressPerson:
    """A leader or presenter: `part` says what they do in the conference."""

    name: str
    position: str
    part: str = ""


@dataclass(frozen=True)
class PressListSheet:
    """Names and posts spelled right, for the press; `note` stands under the list."""

    conference: str
    when_and_where: str
    people: tuple[PressPerson, ...]
    title: str = "DANH SÁCH LÃNH ĐẠO, NGƯỜI TRÌNH BÀY TẠI HỘI NGHỊ"
    note: str | None = None


@dataclass(frozen=True)
class Remark:
    """Who spoke in the discussion, to what, when and how long, and what was noted."""

    who: str
    post: str
    topic: str
    when: str
    text: str


@dataclass(frozen=True)
class RemarksSheet:
    """What was said in the discussion, for the minutes; `unheard` are those who asked and were not called."""

    organiser: str
    conference: str
    when_and_where: str
    remarks: tuple[Remark, ...]
    unheard: tuple[str, ...]


ScriptLine = tuple[tuple[str, bool], ...]
"""Stretches of one paragraph, each with whether it must not be got wrong."""


@dataclass(frozen=True)
class ScriptStep:
    """A step of the MC's script: what is said before it, and while it runs; `note` names a late correction."""

    number: str
    title: str
    kind: str
    time: str
    who: str
    post: str
    instead_of: str
    before: tuple[ScriptLine, ...]
    during: tuple[ScriptLine, ...]
    note: str = ""


@dataclass(frozen=True)
class ScriptSheet:
    """The booklet "KỊCH BẢN ĐIỀU HÀNH"; `corrections` is what differs from the programme that `against` names."""

    organiser: str
    conference: str
    when_and_where: str
    version: str
    against: str
    corrections: tuple[str, ...]
    steps: tuple[ScriptStep, ...]
    closing: tuple[ScriptLine, ...]
