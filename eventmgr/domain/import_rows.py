"""One row of a list -> what it says about an invitee, with everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eventmgr.domain.errors import Invalid
from eventmgr.domain.invitees import DelegateFacts, checked, checked_name, looks_like_email
from eventmgr.domain.legacy_text import Encoding, convert
from eventmgr.domain.names import AddressForm, split_honorific
from eventmgr.domain.phones import read_phone
from eventmgr.domain.sheet_words import Field, heading_words
from eventmgr.domain.text import clean, clean_lines, fold

_FORMS = {
    "dong chi": AddressForm.COMRADE, "d c": AddressForm.COMRADE, "dc": AddressForm.COMRADE,
    "ong": AddressForm.MR, "mr": AddressForm.MR, "ba": AddressForm.MS, "mrs": AddressForm.MS, "ms": AddressForm.MS,
}  # fmt: skip
_SEXES = (Field.SEX, Field.MALE, Field.FEMALE)
_FORMULA_ERROR = re.compile(r"#(?:REF|N/A|NAME\?|VALUE|DIV/0|NUM|NULL)!?", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """Why a row cannot go in: the field to mend, and the sentence."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Said:
    """What a row says; None and () where it says nothing. `body` and `group` are the names as written.

    `doubts` are those of the notes that somebody should look at before the row goes in.
    """

    code: str | None = None
    address_form: str | None = None
    full_name: str | None = None
    posts: tuple[str, ...] = ()
    body: str | None = None
    group: str | None = None
    phone: str | None = None
    email: str | None = None
    seat: str | None = None
    alert: str | None = None
    note: str | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def read_row(
    cells: Sequence[str],
    fields: Sequence[Field],
    encodings: Mapping[int, Encoding] | None = None,
    *,
    own: bool = False,
) -> Said:
    """Return what a row says about an invitee.

    `encodings` names the cells to convert from before Unicode. `own` means that the file was exported by us: names
    stay as they are spelled and only line breaks part posts. Nothing raises: what is wrong stands in `problems`, what was changed
    on the way in `notes`.
    """
    return _RowReader(cells, fields, encodings or {}, own).said()


def facts_of(said: Said, group_id: int, body_id: int | None) -> DelegateFacts:
    """Return the facts of a row for a new delegate; raises Invalid as `checked` does."""
    return checked(
        DelegateFacts(
            group_id=group_id, body_id=body_id, address_form=said.address_form, full_name=said.full_name, posts=said.posts,
            phone=said.phone, email=said.email, seat=said.seat, alert=said.alert, note=said.note,
        )
    )  # fmt: skip


def without_capitals(name: str) -> str:
    """Return a name typed in capitals with each word capitalised: 'TRẦN THỊ NGA' -> 'Trần Thị Nga', "H'HEN" -> "H'Hen"."""
    parts = re.split(r"([\s'’\-]+)", name.lower())
    return "".join(part[:1].upper() + part[1:] for part in parts)


class _RowReader:
    def __init__(
        self, cells: Sequence[str], fields: Sequence[Field], encodings: Mapping[int, Encoding], own: bool
    ) -> None:
        self.own = own
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.doubts: list[str] = []
        self.texts: dict[Field, list[str]] = {}
        for column, (text, field) in enumerate(zip(cells, fields, strict=False)):
            if text.strip() and field not in {Field.SKIPPED, Field.SENSITIVE, Field.ORDER}:
                self._take(field, text, encodings.get(column))

    def said(self) -> Said:
        """Everything that the row says."""
        form, name = self._name()
        said = Said(
            code=self._one(Field.CODE),
            address_form=self._form(form),
            full_name=name,
            posts=self._posts(),
            body=self._one(Field.BODY, 300),
            group=self._one(Field.GROUP, 300),
            phone=self._phone(),
            email=self._email(),
            seat=self._one(Field.SEAT, 40),
            alert=self._one(Field.ALERT, 300),
            note=self._one(Field.NOTE, 500),
        )
        if said.full_name is None and not said.posts and not any(one.field == "full_name" for one in self.problems):
            self._wrong("full_name", "Cần ít nhất họ tên hoặc chức vụ.")
        if {Field.MALE, Field.FEMALE} <= set(self.texts):
            self._doubt("Đánh dấu cả Nam và Nữ; dùng cách xưng hô của nhóm.")
        return replace(said, problems=tuple(self.problems), notes=tuple(self.notes), doubts=tuple(self.doubts))

    def _take(self, field: Field, text: str, encoding: Encoding | None) -> None:
        if encoding is not None:
            done = convert(text, encoding)
            if clean(done.after) != clean(text):
                self.notes.append(f"Chữ {encoding.label}: {clean(text)[:80]} → {clean(done.after)[:80]}")
            if done.lost:
                self._wrong(
                    _name_of(field), f"Chữ cũ bị mất chữ “ư”: “{clean(done.after)[:80]}”. Gõ lại cho đúng ở đây."
                )
            text = done.after
        if _FORMULA_ERROR.fullmatch(text.strip()):
            self._wrong(_name_of(field), f"Ô “{field.label}” là lỗi công thức {text.strip()}.")
            return
        self.texts.setdefault(field, []).append(text)

    def _one(self, field: Field, limit: int = 60) -> str | None:
        text = clean(" ".join(self.texts.get(field, [])))
        if len(text) > limit:
            self._wrong(_name_of(field), f"{field.label} dài nhất {limit} ký tự; đang có {len(text)}.")
        return text or None

    def _name(self) -> tuple[AddressForm | None, str | None]:
        typed = " ".join(
            clean(text) for field in (Field.FULL_NAME, Field.FAMILY, Field.GIVEN) for text in self.texts.get(field, [])
        )
        form, name = split_honorific(typed)
        if name and form is None and clean(typed) != name:
            self.notes.append(f"Đã bỏ danh xưng trước tên: {clean(typed)[:80]} → {name[:80]}")
        try:
            name = checked_name(name) or ""
        except Invalid as problem:
            self._wrong("full_name", problem.sentence)
            return form, name[:120] or None
        if not self.own and name.isupper() and any(len(word) > 1 for word in name.split()):
            self.notes.append(f"Chữ in hoa: {name} → {without_capitals(name)}")
            name = without_capitals(name)
        return form, name or None

    def _form(self, of_name: AddressForm | None) -> str | None:
        stated = heading_words(" ".join(self.texts.get(Field.ADDRESS_FORM, [])))
        if stated in _FORMS:
            return _FORMS[stated].value
        if stated and stated not in {"ong ba", "o b"}:
            self._doubt(f"Không rõ cách xưng hô “{stated}”; dùng cách của nhóm.")
        return of_name.value if of_name else None

    def _posts(self) -> tuple[str, ...]:
        posts: list[str] = []
        for text in self.texts.get(Field.POST, []):
            parts = clean_lines(text).split("\n") if self.own else clean(text).split(";")
            posts += [post for part in parts if (post := clean(part).strip(";").strip())]
        found = tuple(dict.fromkeys(posts))
        if long := next((post for post in found if len(post) > 300), None):
            self._wrong("posts", f"Mỗi chức vụ dài nhất 300 ký tự; có dòng dài {len(long)}.")
        if len(found) > 8:
            self._wrong("posts", f"Nhiều nhất 8 chức vụ; đang có {len(found)}.")
        return found

    def _phone(self) -> str | None:
        texts = self.texts.get(Field.PHONE, [])
        read = read_phone("; ".join(clean(text) for text in texts))
        for sentence in read.doubts:
            self._doubt(sentence)
        if len(read.typed) > 60:
            self._wrong("phone", f"Điện thoại dài nhất 60 ký tự; đang có {len(read.typed)}.")
        return read.typed or None

    def _email(self) -> str | None:
        email = self._one(Field.EMAIL, 254)
        if email and not looks_like_email(email):
            self._doubt(f"Địa chỉ thư “{email}” trông không đúng; vẫn giữ như đã ghi.")
        return email

    def _doubt(self, sentence: str) -> None:
        self.notes.append(sentence)
        self.doubts.append(sentence)

    def _wrong(self, field: str, sentence: str) -> None:
        self.problems.append(Problem(field, sentence))


def sex_form(fields: Sequence[Field], cells: Sequence[str]) -> str | None:
    """Return the form of address that the columns of sex suggest for groups that are called ông or bà, or None.

    A row that is marked as a man and as a woman says nothing.
    """
    stated = [(field, fold(text)) for field, text in zip(fields, cells, strict=False) if field in _SEXES]
    if {Field.MALE, Field.FEMALE} <= {field for field, word in stated if word}:
        return None
    for field, word in stated:
        if field is Field.MALE and word:
            return AddressForm.MR.value
        if field is Field.FEMALE and word:
            return AddressForm.MS.value
        if field is Field.SEX and word in {"nam", "nu"}:
            return AddressForm.MR.value if word == "nam" else AddressForm.MS.value
    return None


def _name_of(field: Field) -> str:
    return {
        Field.FULL_NAME: "full_name", Field.FAMILY: "full_name", Field.GIVEN: "full_name", Field.POST: "posts",
    }.get(field, field.value)  # fmt: skip
