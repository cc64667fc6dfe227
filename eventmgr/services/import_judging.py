"""What each row of a file means for the list of delegates; a private part of the services of imports."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from eventmgr.domain.import_rows import Problem, Said, read_row, sex_form
from eventmgr.domain.legacy_text import Encoding
from eventmgr.domain.likeness import Candidate, Known, Likeness, Register, posts_key
from eventmgr.domain.phones import phone_key
from eventmgr.domain.sheet_words import Field
from eventmgr.domain.text import clean, fold, spelled_alike
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.imports import Import, ImportRow
from eventmgr.models.invitations import Invitation
from eventmgr.models.journal import Entry

FIXABLE = {
    "full_name": Field.FULL_NAME, "posts": Field.POST, "body": Field.BODY, "group": Field.GROUP, "phone": Field.PHONE,
    "email": Field.EMAIL, "seat": Field.SEAT, "alert": Field.ALERT, "note": Field.NOTE,
}  # fmt: skip
WORDS = {
    "full_name": "họ tên", "address_form": "cách xưng hô", "posts": "chức vụ", "body_id": "đơn vị", "group_id": "nhóm",
    "phone": "điện thoại", "email": "thư điện tử", "seat": "chỗ ngồi", "alert": "lưu ý ở cửa", "note": "ghi chú",
}  # fmt: skip
PRINTED = ("full_name", "address_form", "posts", "body_id")
_NAMES = {Field.FULL_NAME, Field.FAMILY, Field.GIVEN}
_COLUMNS = (
    Delegate.id, Delegate.full_name, Delegate.group_id, Delegate.body_id, Delegate.posts, Delegate.phone,
    Delegate.phone_key, Delegate.address_form, Delegate.email, Delegate.seat, Delegate.alert, Delegate.note,
    Delegate.version,
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A row to be judged, as it is stored."""

    id: int
    number: int
    cells: list[str]
    section: str
    encodings: dict[str, Any]
    fixes: dict[str, str]
    choice: str | None
    delegate_id: int | None


@dataclass
class Judged:
    """The outcome for one row; `values` are those of a new delegate, `changes` field -> [old, new]."""

    row: Row
    verdict: str
    said: Said
    group_id: int | None = None
    body_id: int | None = None
    new_body: str | None = None
    delegate_id: int | None = None
    choice: str | None = None
    reason: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self) -> dict[str, Any]:
        """What is stored of the reading, as JSON."""
        said = asdict(replace(self.said, problems=(), notes=()))
        del said["problems"], said["notes"]
        return said | {
            "group_id": self.group_id, "body_id": self.body_id, "new_body": self.new_body, "reason": self.reason,
            "fixes": self.row.fixes,
        }  # fmt: skip

    @property
    def fingerprint(self) -> str:
        """What must be the same when the row goes in as it was in the preview."""
        return f"{self.verdict} {self.delegate_id} {self.group_id} {self.body_id} {self.changes}"


class Judge:
    """Knows the conference's groups, bodies and delegates; reads rows one after the other."""

    def __init__(self, task: Import) -> None:
        self.conference_id, self.default_group, self.converts = task.conference_id, task.group_id, task.converts
        self.fields = [Field(name) for name in task.fields]
        self.groups, self.group_names = _groups_of(task.conference_id)
        self.bodies, self.body_rows = _bodies_of(task.conference_id)
        self.stored = {row.id: row for row in db.session.execute(_living(task.conference_id))}
        self.register = Register.of(self._known(row) for row in self.stored.values())
        self.issued = set(db.session.scalars(_issued(task.conference_id)))
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
        if new["full_name"] and stored.full_name and not exact:
            new["full_name"] = _better_name(stored.full_name, new["full_name"])
        changes = {}
        for name, value in new.items():
            old = getattr(stored, name)
            if value is not None and value != old and not (not exact and _means_the_same(name, old, value)):
                changes[name] = [old, value]
        return changes

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


def rows_of(import_id: int, *only: sa.ColumnElement[bool], chunk: int = 2000) -> Iterator[list[Row]]:
    """Yield the rows of a file in its order, some at a time."""
    columns = (
        ImportRow.id, ImportRow.number, ImportRow.cells, ImportRow.section, ImportRow.encodings, ImportRow.read,
        ImportRow.choice, ImportRow.delegate_id,
    )  # fmt: skip
    last = 0
    while True:
        wanted = sa.select(*columns).where(ImportRow.import_id == import_id, ImportRow.number > last, *only)
        found = db.session.execute(wanted.order_by(ImportRow.number).limit(chunk)).all()
        if not found:
            return
        last = found[-1].number
        yield [
            Row(one.id, one.number, one.cells, one.section, one.encodings, one.read.get("fixes", {}), one.choice, one.delegate_id)
            for one in found
        ]


def remembered(import_id: int) -> Iterator[Judged]:
    """Yield the outcomes as they are stored, for a list in which nothing has changed since."""
    columns = (
        ImportRow.id, ImportRow.number, ImportRow.read, ImportRow.verdict, ImportRow.choice, ImportRow.delegate_id,
        ImportRow.changes,
    )  # fmt: skip
    for one in db.session.execute(sa.select(*columns).where(ImportRow.import_id == import_id).order_by(ImportRow.number)):
        read = dict(one.read)
        row = Row(one.id, one.number, [], "", {}, read.pop("fixes"), one.choice, one.delegate_id)
        place = {name: read.pop(name) for name in ("group_id", "body_id", "new_body", "reason")}
        said = Said(**{**read, "posts": tuple(read["posts"])})
        yield Judged(row, one.verdict, said, delegate_id=one.delegate_id, choice=one.choice, changes=one.changes, **place)


def newest_line(conference_id: int) -> int:
    """Return the number of the newest line about the conference's lists: while it stays, nothing has changed in them."""
    newest = sa.select(sa.func.max(Entry.id)).where(Entry.conference_id == conference_id)
    return int(db.session.scalar(newest.where(Entry.subject.not_in(("job", "list", "import")))) or 0)


def write_judged(outcomes: Iterable[Judged]) -> None:
    """Store outcomes at their rows, inside the open transaction."""
    values = [
        {
            "row": one.row.id, "new_read": one.read(), "new_verdict": one.verdict, "new_delegate": one.delegate_id,
            "new_problems": [[problem.field, problem.sentence] for problem in one.problems], "new_notes": one.notes,
            "new_changes": one.changes, "new_choice": one.choice or (one.row.choice if one.row.choice == "skip" else None),
        }
        for one in outcomes
    ]  # fmt: skip
    if values:
        db.session.connection().execute(
            sa.update(ImportRow).where(ImportRow.id == sa.bindparam("row")).values(
                read=sa.bindparam("new_read", type_=sa.JSON()), verdict=sa.bindparam("new_verdict"),
                delegate_id=sa.bindparam("new_delegate"), problems=sa.bindparam("new_problems", type_=sa.JSON()),
                notes=sa.bindparam("new_notes", type_=sa.JSON()), changes=sa.bindparam("new_changes", type_=sa.JSON()),
                choice=sa.bindparam("new_choice"),
            ),
            values,
        )  # fmt: skip


def _means_the_same(name: str, old: Any, new: Any) -> bool:
    if name == "phone":
        return phone_key(old) is not None and phone_key(old) == phone_key(new)
    if name == "posts":
        return [spelled_alike(post) for post in old] == [spelled_alike(post) for post in new]
    if name in {"full_name", "email"}:
        return str(old or "").casefold() == str(new).casefold()
    return False


def _better_name(known: str, typed: str) -> str:
    """Of two spellings of one name the one that says more: with diacritics; else the one that is known."""
    return typed if fold(known) == known.lower() and fold(typed) != typed.lower() else known


def _groups_of(conference_id: int) -> tuple[dict[str, int], dict[int, tuple[str, str]]]:
    found: dict[str, int] = {}
    names = {}
    rows = db.session.execute(
        sa.select(Group.id, Group.label, Group.short_label, Group.printed, Group.address_form)
        .where(Group.conference_id == conference_id).order_by(Group.position)
    )  # fmt: skip
    for row in rows:
        names[row.id] = (row.short_label or row.label, row.address_form)
        for text in (row.label, row.short_label, row.printed):
            if text:
                found.setdefault(spelled_alike(text), row.id)
    return found, names


def _bodies_of(conference_id: int) -> tuple[dict[str, int], dict[int, tuple[str, int | None]]]:
    found: dict[str, int] = {}
    known = {}
    rows = db.session.execute(
        sa.select(Body.id, Body.name, Body.printed, Body.group_id, Body.archived_at)
        .where(Body.conference_id == conference_id).order_by(Body.archived_at.is_not(None), Body.position)
    )  # fmt: skip
    for row in rows:
        known[row.id] = (row.name, row.group_id)
        for text in (row.name, row.printed):
            if text and row.archived_at is None:
                found.setdefault(spelled_alike(text), row.id)
    return found, known


def _living(conference_id: int) -> Any:
    return (
        sa.select(*_COLUMNS)
        .where(Delegate.conference_id == conference_id, Delegate.removed_at.is_(None))
        .order_by(Delegate.id)
    )


def _issued(conference_id: int) -> sa.Select[int]:
    return sa.select(Invitation.delegate_id).where(
        Invitation.conference_id == conference_id, Invitation.issued_at.is_not(None), Invitation.revoked_at.is_(None)
    )
