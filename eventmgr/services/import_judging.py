"""What each row of a file means for the list of delegates; a private part of the services of imports."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import Any

from eventmgr.domain.import_rows import Problem, Said, read_row, sex_form
from eventmgr.domain.legacy_text import Encoding
from eventmgr.domain.likeness import Candidate, Known, Likeness, Register, posts_key
from eventmgr.domain.phones import phone_key
from eventmgr.domain.sheet_words import Field
from eventmgr.domain.text import clean, spelled_alike
from eventmgr.models.database import db
from eventmgr.models.imports import Import
from eventmgr.services import import_known
from eventmgr.services.import_changes import PRINTED, WORDS, changes_of
from eventmgr.services.import_outcomes import Judged, Row

FIXABLE = {
    "full_name": Field.FULL_NAME, "posts": Field.POST, "body": Field.BODY, "group": Field.GROUP, "phone": Field.PHONE,
    "email": Field.EMAIL, "seat": Field.SEAT, "alert": Field.ALERT, "note": Field.NOTE,
}  # fmt: skip
_NAMES = {Field.FULL_NAME, Field.FAMILY, Field.GIVEN}


class Judge:
    """Knows the conference's groups, bodies and delegates; reads rows one after the other."""

    def __init__(self, task: Import) -> None:
        self.conference_id, self.default_group, self.converts = task.conference_id, task.group_id, task.converts
        self.fields = [Field(name) for name in task.fields]
        self.groups, self.group_names = import_known.groups_of(task.conference_id)
        self.bodies, self.body_rows = import_known.bodies_of(task.conference_id)
        self.stored = {row.id: row for row in db.session.execute(import_known.living(task.conference_id))}
        self.register = Register.of(self._known(row) for row in self.stored.values())
        self.issued = set(db.session.scalars(import_known.issued(task.conference_id)))
        self.in_file = Register()
        self.taken: dict[int, int] = {}
        self.new_bodies: dict[str, str] = {}

    def judge(self, row: Row) -> Judged:
        """Return the outcome for a row; rows above it count as known."""
        said = self._read(row)
        found = Judged(row, "new", said, problems=list(said.problems), notes=list(said.notes))
        self._place(found)
        like = self._like(found)
        if like is not None:
            self._meet(found, like)
        else:
            self._default_place(found)
        stays = like is not None and found.choice != "other"
        if found.group_id is None and not stays and not any(one.field == "group" for one in found.problems):
            found.problems.append(Problem("group", self._no_group(said.group)))
        if found.problems:
            found.verdict = "wrong"
        elif found.verdict == "new":
            self._look_above(found)
        if found.verdict == "new" and row.choice == "skip":
            found.choice = "skip"
        self._remember(found)
        return found

    def _read(self, row: Row) -> Said:
        cells, fields = list(row.cells), list(self.fields)
        for name, text in row.fixes.items():
            fixed = FIXABLE[name]
            gone = _NAMES if fixed is Field.FULL_NAME else {fixed}
            cells = ["" if field in gone else cell for cell, field in zip(cells, fields, strict=False)]
            fields = fields[: len(cells)]
            cells.append(text)
            fields.append(fixed)
        known = {int(place): Encoding(code) for place, code in row.encodings.items()} if self.converts else {}
        code = next((clean(text) for text, field in zip(cells, fields, strict=False) if field is Field.CODE), "")
        said = read_row(cells, fields, known, own=self._of_code(code) is not None)
        if said.address_form is None and (form := sex_form(fields, cells)):
            said = replace(said, address_form=form if self._asks_for_sex(said.group or row.section) else None)
        return said

    def _asks_for_sex(self, place: str) -> bool:
        """Whether a group is called ông or bà, so that the column of sex decides which."""
        group = self.groups.get(spelled_alike(place)) or self.default_group
        return group is not None and self.group_names[group][1] != "đồng chí"

    def _of_code(self, code: str | None) -> int | None:
        """The delegate that a code of our own export names, while it is on the list."""
        home, _, number = (code or "").partition("-")
        if home != str(self.conference_id) or not number.isascii() or not number.isdigit() or len(number) > 9:
            return None
        return int(number) if int(number) in self.stored else None

    def _place(self, found: Judged) -> None:
        """Find group and body: what the row says, the section that it stands under, the body's group, the default."""
        said, section = found.said, spelled_alike(found.row.section)
        found.body_id = self._body(said.body, found) if said.body else self.bodies.get(section)
        if said.group:
            found.group_id = self._group(said.group)
            if found.group_id is None:
                found.problems.append(Problem("group", self._no_group(said.group)))
        else:
            found.group_id = self.groups.get(section)

    def _default_place(self, found: Judged) -> None:
        of_body = self.body_rows[found.body_id][1] if found.body_id in self.body_rows else None
        found.group_id = found.group_id or of_body or self.default_group

    def _group(self, text: str) -> int | None:
        return self.groups.get(spelled_alike(text))

    def _no_group(self, text: str | None) -> str:
        if not text:
            return "Chưa rõ nhóm của dòng này. Chọn nhóm."
        near = difflib.get_close_matches(spelled_alike(text), list(self.groups), 1, 0.6)
        hint = f" Có phải “{self.group_names[self.groups[near[0]]][0]}”?" if near else ""
        return f"Không có nhóm “{text[:80]}”.{hint}"

    def _body(self, text: str, found: Judged) -> int | None:
        key = spelled_alike(text)
        if key in self.bodies:
            return self.bodies[key]
        if key not in self.new_bodies:
            self.new_bodies[key] = text
        found.new_body = self.new_bodies[key]
        found.notes.append(f"Đơn vị mới, sẽ được thêm: {text[:120]}")
        return None

    def _like(self, found: Judged) -> Likeness | None:
        said = found.said
        of_code = self._of_code(said.code)
        if of_code is not None:
            return Likeness(of_code, True, True)
        if said.full_name is None and not said.posts:
            return None
        return self.register.find(self._candidate(found))

    def _candidate(self, found: Judged) -> Candidate:
        said = found.said
        body = self.body_rows[found.body_id][0] if found.body_id in self.body_rows else said.body
        return Candidate(
            said.full_name, found.group_id, found.body_id, posts_key(said.posts, body), phone_key(said.phone)
        )

    def _meet(self, found: Judged, like: Likeness) -> None:
        """Compare the row with who it likely is."""
        found.delegate_id, found.reason = like.id, like.reason
        stored = self.stored[like.id]
        found.changes = self._changes(found, stored, exact=found.said.code is not None)
        if like.id in self.taken:
            found.verdict, found.choice = "alike", "skip"
            found.reason = f"Dòng {self.taken[like.id]} trong tệp cũng là người này"
        elif not like.sure:
            found.verdict, found.choice = "alike", "same" if like.strong else "other"
            self._default_place(found)
        else:
            found.verdict = "changed" if found.changes else "same"
            found.group_id = found.group_id or stored.group_id
        if found.row.choice and found.row.delegate_id == like.id:
            found.choice = found.row.choice
        self._refuse_printed(found)

    def _refuse_printed(self, found: Judged) -> None:
        printed = [name for name in PRINTED if name in found.changes]
        if not printed or found.delegate_id not in self.issued or found.choice in {"skip", "other"}:
            return
        words = ", ".join(WORDS[name] for name in printed)
        found.problems.append(
            Problem("", f"Giấy mời của người này đã phát hành, không đổi được {words}. Thu hồi giấy trước, hoặc bỏ qua dòng.")
        )

    def _changes(self, found: Judged, stored: Any, *, exact: bool) -> dict[str, list[Any]]:
        said = found.said
        new: dict[str, Any] = {
            "full_name": said.full_name, "address_form": said.address_form, "posts": list(said.posts) or None,
            "body_id": found.body_id or found.new_body, "group_id": found.group_id if said.group or found.row.section else None,
            "phone": said.phone, "email": said.email, "seat": said.seat, "alert": said.alert, "note": said.note,
        }  # fmt: skip
        return changes_of(stored, new, exact=exact)

    def _look_above(self, found: Judged) -> None:
        """Compare a new row with those above it in the file."""
        like = self.in_file.find(self._candidate(found))
        if like is not None and (like.sure or like.strong):
            found.verdict, found.reason = "alike", f"Giống dòng {like.id} trong tệp: {like.reason.lower()}".rstrip(": ")
            found.choice = found.row.choice if found.row.choice in {"other", "skip"} else "skip" if like.sure and like.has_post else "other"

    def _remember(self, found: Judged) -> None:
        if found.verdict in {"changed", "same"} or (found.verdict == "alike" and found.choice == "same"):
            if found.delegate_id is not None:
                self.taken.setdefault(found.delegate_id, found.row.number)
        elif found.verdict == "new":
            made = self._candidate(found)
            one = Known(found.row.number, made.name, found.group_id or 0, made.body_id, made.posts_key, made.phone_key)
            self.in_file.add(one)

    def _known(self, row: Any) -> Known:
        body = self.body_rows[row.body_id][0] if row.body_id in self.body_rows else None
        return Known(row.id, row.full_name, row.group_id, row.body_id, posts_key(row.posts, body), row.phone_key)
