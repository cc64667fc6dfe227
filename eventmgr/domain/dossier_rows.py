"""Lists of proposed collectives and persons from spreadsheets: what columns hold, what a row says."""

from __future__ import annotations

from collections.abc import Sequence

from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.dossiers import EntryFacts
from eventmgr.domain.errors import Invalid
from eventmgr.domain.names import AddressForm
from eventmgr.domain.text import clean, fold

HEADINGS = (
    "TT", "Tập thể/Cá nhân", "Hình thức đề nghị", "Xưng hô", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Tóm tắt thành tích",
    "Người đứng đầu", "Chức vụ người đứng đầu",
)  # fmt: skip
"""Those of the sample file; the heading "Họ và tên" stands over names of collectives too."""
NO_NAME = "Chưa cột nào là họ và tên. Chọn cột có tên cá nhân, tập thể."
SKIPPED = ""
COLUMNS = {
    SKIPPED: "Không nạp", "name": "Họ và tên, tên tập thể", "family": "Họ và tên đệm", "kind": "Tập thể/Cá nhân", "form": "Hình thức đề nghị", "address_form": "Xưng hô",
    "post": "Chức vụ", "unit": "Đơn vị công tác", "achievement": "Tóm tắt thành tích", "leader": "Người đứng đầu tập thể",
    "leader_post": "Chức vụ người đứng đầu",
}  # fmt: skip
"""What a column may hold, with the words for it."""


def columns_of(headings: Sequence[str]) -> list[str | None]:
    """Return what each column holds, one of COLUMNS, or None."""
    found: list[str | None] = []
    for heading in headings:
        one = _meaning(f" {fold(heading)} ")
        found.append(None if one in found else one)
    return found


def checked_columns(chosen: Sequence[str], count: int) -> list[str]:
    """Return what somebody said that the columns of a file hold; raises Invalid unless exactly one holds the name."""
    if len(chosen) != count or not set(chosen) <= set(COLUMNS):
        raise Invalid("Chọn nội dung của từng cột trong danh sách.", "columns")
    for name in COLUMNS:
        if name != SKIPPED and chosen.count(name) > 1:
            raise Invalid(f"Có hai cột cùng là “{COLUMNS[name]}”. Để một cột.", "columns")
    if "name" not in chosen:
        raise Invalid(NO_NAME, "columns")
    return list(chosen)


def entry_of(cells: Sequence[str], columns: Sequence[str | None], section: str, forms: Sequence[tuple[int, str]], form_id: int | None) -> EntryFacts:
    """Return what a row proposes; `forms` are id and name, `form_id` is for rows that name none.

    Raises Invalid with a sentence that does not name the row.
    """
    said = {name: clean(cell) for name, cell in zip(columns, cells, strict=False) if name and clean(cell)}
    if "name" not in said:
        raise Invalid("thiếu tên.")
    if "family" in said:
        said["name"] = f"{said['family']} {said['name']}"
    kind = _kind(said.get("kind", ""), section, has_post="post" in said or "unit" in said)
    chosen = _form(said["form"], forms) if "form" in said else form_id
    if chosen is None:
        raise Invalid("ghi hình thức đề nghị, hoặc chọn hình thức cho các dòng không ghi.")
    post = ", ".join(said[part] for part in ("post", "unit") if part in said)
    if kind is RecipientKind.COLLECTIVE:
        return EntryFacts(chosen, kind.value, said["name"], "", None, said.get("achievement"), None, said.get("leader"), said.get("leader_post"))
    return EntryFacts(chosen, kind.value, said["name"], post, _address(said.get("address_form", "")), said.get("achievement"))


def _meaning(words: str) -> str | None:
    leads = "dung dau" in words or "dai dien" in words or "thu truong" in words
    if leads:
        return "leader_post" if "chuc" in words else "leader"
    for name, marks in (
        ("form", ("hinh thuc", "danh hieu")), ("achievement", ("thanh tich",)), ("address_form", ("xung ho", " ong ba ", "ong/ba")),
        ("kind", ("tap the/ca nhan", "tap the hay ca nhan", "doi tuong", "loai")), ("post", ("chuc vu", "chuc danh")),
        ("family", ("ho dem", "ho va ten dem", "ho va dem", "ho lot", "chu lot")), ("unit", ("don vi", "dia chi", "noi cong tac", "co quan")), ("name", (" ten ", " ten,", "ho ten")),
    ):  # fmt: skip
        if any(mark in words for mark in marks):
            return name
    return None


def _kind(said: str, section: str, *, has_post: bool) -> RecipientKind:
    for text in (fold(said), fold(section)):
        collective, person = "tap the" in text, "ca nhan" in text
        if collective != person:
            return RecipientKind.COLLECTIVE if collective else RecipientKind.INDIVIDUAL
    if said:
        raise Invalid(f"cột tập thể/cá nhân ghi “{said[:40]}”; ghi “Tập thể” hoặc “Cá nhân”.")
    if has_post:
        return RecipientKind.INDIVIDUAL
    raise Invalid("ghi rõ tập thể hay cá nhân.")


def _form(said: str, forms: Sequence[tuple[int, str]]) -> int:
    words = fold(said)
    exact = [form_id for form_id, name in forms if fold(name) == words]
    begins = exact or [form_id for form_id, name in forms if words in fold(name)]
    if len(begins) != 1:
        raise Invalid(f"hình thức “{said[:60]}” không rõ là hình thức nào đang nhận hồ sơ.")
    return begins[0]


def _address(said: str) -> str | None:
    words = fold(said).strip(". ")
    known = {"ong": AddressForm.MR, "ba": AddressForm.MS, "dong chi": AddressForm.COMRADE, "d/c": AddressForm.COMRADE, "dc": AddressForm.COMRADE}
    if words and words not in known:
        raise Invalid(f"cách xưng hô “{said[:20]}” không có; ghi ông, bà hoặc đồng chí.")
    return known[words].value if words else None
