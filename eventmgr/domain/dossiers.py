"""Dossiers for awards: their states, when they are on time, what an entry may say, and what somebody should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.errors import Invalid
from eventmgr.domain.honourees import address_form_in, folded_name
from eventmgr.domain.invitees import checked_name
from eventmgr.domain.names import AddressForm
from eventmgr.domain.text import clean, fold

MOST_ENTRIES, MOST_FILES, MOST_DOSSIERS = 200, 20, 20
LARGEST = 10 * 1024 * 1024
"""Bytes of one file; all files of a body together take at most six times as many."""
SHORTEST_TIME = 15
"""Days that check, council and decision usually take (awards.md §4); with fewer left somebody is told."""


class DossierState(StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CHECKED = "checked"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state's name on screen."""
        return _STATES[self]

    @property
    def is_open(self) -> bool:
        """Whether the body itself may change the dossier."""
        return self in {DossierState.DRAFT, DossierState.RETURNED}


class EntryState(StrEnum):
    """Where one entry stands, once its dossier was checked."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECIDED = "decided"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The state's name on screen."""
        return _ENTRY_STATES[self]


class FileKind(StrEnum):
    """What a file of a dossier is (awards.md §3); a whole dossier has the first three."""

    PROPOSAL = "proposal"
    REPORT = "report"
    MINUTES = "minutes"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind's name on screen."""
        return _FILES[self]


_STATES = {
    DossierState.DRAFT: "Bản nháp", DossierState.SUBMITTED: "Đã gửi", DossierState.RETURNED: "Trả lại",
    DossierState.CHECKED: "Đã thẩm định", DossierState.WITHDRAWN: "Đã rút",
}
_ENTRY_STATES = {
    EntryState.PROPOSED: "Đang xét", EntryState.AGREED: "Hội đồng thống nhất", EntryState.DECIDED: "Có Quyết định",
    EntryState.REFUSED: "Không thống nhất", EntryState.WITHDRAWN: "Đã rút", EntryState.CANCELLED: "Đã hủy",
}
_FILES = {
    FileKind.PROPOSAL: "Tờ trình", FileKind.REPORT: "Báo cáo thành tích", FileKind.MINUTES: "Biên bản họp xét",
    FileKind.OTHER: "Tài liệu khác",
}
LIVE = frozenset({EntryState.PROPOSED, EntryState.AGREED, EntryState.DECIDED})
NEEDED_FILES = (FileKind.PROPOSAL, FileKind.REPORT, FileKind.MINUTES)


@dataclass(frozen=True)
class EntryFacts:
    """What is said about one entry; `printed_name` and `post` go to the decision letter for letter."""

    form_id: int
    kind: str
    printed_name: str | None
    post: str | None = None
    address_form: str | None = None
    achievement: str | None = None
    leader_form: str | None = None
    leader_name: str | None = None
    leader_post: str | None = None


@dataclass(frozen=True)
class Seen:
    """What is compared of an entry: whose it is, for which form, under which folded name."""

    id: int
    body_id: int
    body: str
    form_id: int
    kind: str
    name_key: str
    achievement: str = ""


def is_late(before: date | None, day: date) -> bool:
    """Tell whether something that came on a day is late: "trước ngày 20/12" means by the end of the 19th."""
    return before is not None and day >= before


def too_few_days(held_on: date | None, today: date) -> int | None:
    """Return how many days are left for check, council and decision when they are fewer than usual, else None."""
    left = (held_on - today).days if held_on is not None else SHORTEST_TIME
    return max(0, left) if left < SHORTEST_TIME else None


def checked_entry(facts: EntryFacts, kinds: Collection[str]) -> dict[str, str | int | None]:
    """Return the columns of an entry; `kinds` are those that the form is for, none meaning both.

    Raises Invalid with the field that cannot be accepted.
    """
    if facts.kind not in set(RecipientKind):
        raise Invalid("Chọn tập thể hay cá nhân.", "kind")
    kind = RecipientKind(facts.kind)
    if kinds and kind not in kinds:
        raise Invalid(f"Hình thức này không dành cho {kind.label.lower()}.", "kind")
    name, post = _needed(facts.printed_name, "printed_name", 300), _short(facts.post, "post", 300)
    values: dict[str, str | int | None] = {
        "form_id": facts.form_id, "kind": kind.value, "printed_name": name, "post": post, "address_form": None,
        "achievement": _short(facts.achievement, "achievement", 1000), "name_key": folded_name(name)[:300],
        "leader_form": None, "leader_name": None, "leader_post": None,
    }  # fmt: skip
    if kind is RecipientKind.COLLECTIVE:
        if post:
            raise Invalid("Tập thể chỉ có tên; ghi cả đơn vị vào tên in.", "post")
        return values | _leader(facts)
    if not post:
        raise Invalid("Ghi chức vụ, đơn vị công tác (hoặc thôn, xã) của cá nhân.", "post")
    return values | {"address_form": _form_of(facts.address_form, "address_form") or address_form_in(name)}


def doubts_of(one: Seen, others: Iterable[Seen]) -> list[str]:
    """Return what should be looked at because of other entries: the same name again, a second form of award."""
    found = []
    same = [other for other in others if other.id != one.id and (other.kind, other.name_key) == (one.kind, one.name_key)]
    if twice := sorted({other.body for other in same if other.form_id == one.form_id}):
        found.append(f"Trùng tên trong cùng hình thức: {', '.join(twice)}.")
    work = fold(one.achievement)
    if [other for other in same if other.form_id != one.form_id and (not work or fold(other.achievement) in {"", work})]:
        found.append("Đề nghị hai hình thức cho một thành tích.")
    return found


def missing_files(kinds: Iterable[str]) -> list[str]:
    """Return the papers that a dossier still lacks, by name."""
    there = set(kinds)
    return [kind.label for kind in NEEDED_FILES if kind not in there]


def counted(entries: Iterable[Seen]) -> Counter[tuple[int, int, str]]:
    """Return how many entries there are by (form, body, kind)."""
    return Counter((one.form_id, one.body_id, one.kind) for one in entries)


def over_quota(collectives: int, individuals: int, agreed: tuple[int, int] | None) -> str | None:
    """Return a sentence when more are proposed than was agreed with the body, None when not or nothing was agreed."""
    if agreed is None:
        return None
    parts = [
        f"{count} {word} (thống nhất {most})"
        for count, most, word in ((collectives, agreed[0], "tập thể"), (individuals, agreed[1], "cá nhân")) if count > most
    ]  # fmt: skip
    return f"Vượt số lượng đã thống nhất: {', '.join(parts)}." if parts else None


def ready_to_submit(number: str | None, dated_on: date | None, entries: Sequence[object]) -> str | None:
    """Return why a dossier cannot be handed in yet, None when it can."""
    if not number or dated_on is None:
        return "Ghi số và ngày của Tờ trình trước khi gửi."
    return None if entries else "Hồ sơ chưa có tập thể, cá nhân nào."


def _leader(facts: EntryFacts) -> dict[str, str | None]:
    try:
        name = checked_name(facts.leader_name)
    except Invalid as problem:
        raise Invalid(problem.sentence, "leader_name") from problem
    post = _short(facts.leader_post, "leader_post", 300)
    if post and not name:
        raise Invalid("Ghi họ tên người đứng đầu tập thể.", "leader_name")
    if name and not post:
        raise Invalid("Ghi chức vụ của người đứng đầu tập thể.", "leader_post")
    form = _form_of(facts.leader_form, "leader_form") if name else None
    return {"leader_form": form, "leader_name": name, "leader_post": post or None}


def _form_of(text: str | None, field: str) -> str | None:
    if text and text not in set(AddressForm):
        raise Invalid("Chọn cách xưng hô trong danh sách.", field)
    return text or None


def _needed(text: str | None, field: str, limit: int) -> str:
    value = _short(text, field, limit)
    if not value:
        raise Invalid("Cần điền mục này.", field)
    return value


def _short(text: str | None, field: str, limit: int) -> str:
    value = clean(text or "")
    if len(value) > limit:
        raise Invalid(f"Dài nhất {limit} ký tự; đang có {len(value)}.", field)
    return value
