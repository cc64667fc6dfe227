"""What a body does with its dossiers on its page: draft, entries, files, hand in, hand in again, withdraw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.documents import uploaded_files
from eventmgr.documents.uploaded_files import Kind, Unacceptable
from eventmgr.domain.dossiers import (
    LARGEST,
    MOST_DOSSIERS,
    MOST_ENTRIES,
    MOST_FILES,
    DossierState,
    EntryFacts,
    FileKind,
    checked_entry,
    is_late,
    missing_files,
    over_quota,
    ready_to_submit,
)
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.awards import AwardForm
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body
from eventmgr.models.dossiers import AwardQuota, Dossier, DossierEntry, DossierFact, DossierFile
from eventmgr.services import body_links, nominating
from eventmgr.services.dossier_files import folder, rest_of_files
from eventmgr.services.dossier_parts import (
    UNKNOWN,
    dossier_for_writing,
    entries_of,
    fact,
    facts_of,
    forms_of,
    has_ended,
    note,
    terms_of,
    today,
    touch,
)
from eventmgr.services.typed import needed, optional

KINDS = frozenset({Kind.PDF, Kind.DOCX, Kind.XLSX, Kind.JPEG, Kind.PNG})
TWICE = "Tên này với chức vụ, đơn vị này đã có trong hồ sơ, cùng hình thức."
NOT_OPEN = "Hồ sơ đã gửi nên không sửa được. Cần sửa, đề nghị nơi nhận trả lại hồ sơ."


@dataclass(frozen=True)
class DossierFacts:
    """Number and day of the proposal on paper, and words for whoever receives it; all may wait until it is handed in."""

    number: str | None = None
    dated_on: date | None = None
    words: str | None = None


@dataclass(frozen=True)
class OwnDossier:
    """A dossier as its body sees it; `said` is the newest sentence of who returned it."""

    dossier: Dossier
    entries: list[DossierEntry]
    files: list[DossierFile]
    facts: list[DossierFact]

    @property
    def state(self) -> DossierState:
        """Where it stands."""
        return DossierState(self.dossier.state)

    @property
    def said(self) -> str | None:
        """Why it was returned, while it is."""
        if self.state is not DossierState.RETURNED:
            return None
        return next((one.words for one in self.facts if one.verb == "returned"), None)

    @property
    def counts(self) -> tuple[int, int]:
        """How many collectives and individuals it proposes, withdrawn ones left out."""
        kinds = [one.kind for one in self.entries if one.state != "withdrawn"]
        return kinds.count("collective"), kinds.count("individual")

    @property
    def missing(self) -> list[str]:
        """The papers that it lacks."""
        return missing_files(one.kind for one in self.files)

    @property
    def leaderless(self) -> int:
        """How many collectives have nobody named to receive for them."""
        return sum(1 for one in self.entries if one.kind == "collective" and one.state != "withdrawn" and not one.leader_name)

    def entry(self, entry_id: int) -> DossierEntry:
        """Return one entry; raises NotFound."""
        found = next((one for one in self.entries if one.id == entry_id), None)
        if found is None:
            raise NotFound("Không có tên này trong hồ sơ.")
        return found


@dataclass(frozen=True)
class OwnPage:
    """The dossiers of one body, what was agreed with it, and until when it is on time."""

    body: Body
    conference: Conference
    dossiers: list[OwnDossier]
    forms: list[AwardForm]
    quotas: list[tuple[AwardForm, AwardQuota]]
    before: date | None
    is_past: bool
    has_ended: bool
    over: list[str]

    @property
    def whom_to_call(self) -> str:
        """Whom to call for what the page cannot do."""
        one = self.conference
        return one.contact or one.invitation_issuer or one.organiser

    def dossier(self, dossier_id: int) -> OwnDossier:
        """Return one dossier of the body; raises NotFound."""
        found = next((one for one in self.dossiers if one.dossier.id == dossier_id), None)
        if found is None:
            raise NotFound(UNKNOWN)
        return found


def page_of(typed: str) -> OwnPage:
    """Return the dossiers of the body that a code leads to, newest first, in a fixed number of queries; raises NotFound."""
    body, conference = body_links.body_of(typed)
    own = list(db.session.scalars(sa.select(Dossier).where(Dossier.body_id == body.id).order_by(Dossier.id.desc())))
    ids = [one.id for one in own]
    wanted = sa.select(DossierEntry).where(DossierEntry.dossier_id.in_(ids)).options(sa.orm.joinedload(DossierEntry.form))
    entries = list(db.session.scalars(wanted.order_by(DossierEntry.kind, DossierEntry.position, DossierEntry.id)))
    files = list(db.session.scalars(sa.select(DossierFile).where(DossierFile.dossier_id.in_(ids)).order_by(DossierFile.kind, DossierFile.id)))
    facts = facts_of(ids)
    quotas = [
        (form, quota) for form, quota in db.session.execute(
            sa.select(AwardForm, AwardQuota).join(AwardQuota, AwardQuota.form_id == AwardForm.id)
            .where(AwardQuota.body_id == body.id).order_by(AwardForm.position, AwardForm.id)
        )
    ]  # fmt: skip
    before = terms_of(conference.id)[0]
    shown = [
        OwnDossier(
            one, *([row for row in rows if row.dossier_id == one.id] for rows in (entries, files, facts)),  # type: ignore[arg-type]
        )
        for one in own
    ]
    proposed = [row for one in shown if one.state is not DossierState.WITHDRAWN for row in one.entries if row.state in {"proposed", "agreed", "decided"}]
    over = []
    for form, quota in quotas:
        kinds = [row.kind for row in proposed if row.form_id == form.id]
        if said := over_quota(kinds.count("collective"), kinds.count("individual"), (quota.collectives, quota.individuals)):
            over.append(f"{form.name or form.authority}: {said[0].lower()}{said[1:]}")
    return OwnPage(body, conference, shown, forms_of(conference.id), quotas, before, is_late(before, today()), has_ended(conference), over)


def create(typed: str, facts: DossierFacts) -> Dossier:
    """Begin a dossier as a draft; one that says just the same and is still empty is returned instead. Raises Invalid, Conflict."""
    values = _values(facts)
    with transaction():
        body = _held(typed)
        own = list(db.session.scalars(sa.select(Dossier).where(Dossier.body_id == body.id, Dossier.state != "withdrawn")))
        again = next((one for one in own if one.state == "draft" and all(getattr(one, name) == value for name, value in values.items()) and not entries_of(one.id)), None)
        if again is not None:
            return again
        if values["number"] and any(one.number == values["number"] and one.dated_on == values["dated_on"] for one in own):
            raise Invalid("Đơn vị đã có hồ sơ với Tờ trình số này, cùng ngày.", "number")
        if len(own) >= MOST_DOSSIERS:
            raise Conflict(f"Đơn vị đã có {MOST_DOSSIERS} hồ sơ. Thêm vào hồ sơ đã có.")
        made = Dossier(conference_id=body.conference_id, body_id=body.id, state="draft", created_at=clock.now(), **values)
        db.session.add(made)
        db.session.flush()
        fact(made, "created")
        note(made, "dossier.created", f"{body.name} lập hồ sơ đề nghị khen thưởng."[:500], actor=body.name)
    return made


def edit_facts(typed: str, dossier_id: int, facts: DossierFacts, version: int) -> None:
    """Change number, day and words. Raises Conflict when it was handed in or changed meanwhile, Invalid."""
    values = _values(facts)
    with transaction():
        _, dossier = _open(typed, dossier_id, version)
        for name, value in values.items():
            setattr(dossier, name, value)


def add_entry(typed: str, dossier_id: int, facts: EntryFacts) -> DossierEntry:
    """Add one entry at the end of its kind; just the same again is returned. Raises Invalid, Conflict."""
    with _told_once(), transaction():
        _, dossier = _open(typed, dossier_id)
        (made,) = store_entries(dossier, [facts])
    return made


def edit_entry(typed: str, dossier_id: int, entry_id: int, facts: EntryFacts, version: int) -> None:
    """Change an entry; `version` is the dossier's as the page showed it. Raises Conflict, Invalid, NotFound."""
    with _told_once(), transaction():
        _, dossier = _open(typed, dossier_id, version)
        entry = _entry(dossier, entry_id)
        values = _checked(dossier, facts)
        if entry.kind != values["kind"]:
            entry.position = _last(dossier.id, str(values["kind"])) + 1
        for name, value in values.items():
            setattr(entry, name, value)
        touch(dossier)


def remove_entry(typed: str, dossier_id: int, entry_id: int, version: int) -> None:
    """Take an entry out; one that was handed in before stays as withdrawn, so that nobody wonders where it went."""
    with transaction():
        _, dossier = _open(typed, dossier_id, version)
        entry = _entry(dossier, entry_id)
        if dossier.first_submitted_at is None:
            db.session.delete(entry)
        elif entry.state != "withdrawn":
            entry.state = "withdrawn"
            fact(dossier, "entry_withdrawn", entry_id=entry.id)
        touch(dossier)


def add_file(typed: str, dossier_id: int, kind: str, name: str, data: bytes) -> DossierFile:
    """Keep a file with a dossier, known by its content. Raises Invalid for what is not taken, Conflict when there are too many.

    The same content again is returned.
    """
    if kind not in set(FileKind):
        raise Invalid("Chọn loại giấy tờ.", "kind")
    try:
        upload = uploaded_files.accepted(name, data, KINDS, LARGEST)
    except Unacceptable as problem:
        raise Invalid(problem.sentence, "file") from problem
    kept_as = ""
    try:
        with transaction():
            body, dossier = _open(typed, dossier_id)
            known = list(db.session.scalars(sa.select(DossierFile).where(DossierFile.dossier_id == dossier.id)))
            if again := next((one for one in known if one.digest == upload.sha256 and one.kind == kind), None):
                return again
            if len(known) >= MOST_FILES:
                raise Conflict(f"Hồ sơ đã có {MOST_FILES} tệp. Ghép bớt các tệp rồi tải lên.")
            if len(data) > rest_of_files(body.id):
                raise Conflict("Các tệp của đơn vị đã nặng quá mức cho phép. Xóa bớt tệp không cần hoặc nén lại.")
            kept_as = uploaded_files.keep(folder(), upload)
            made = DossierFile(
                conference_id=dossier.conference_id, dossier_id=dossier.id, kind=kind, file_name=upload.name[:200], suffix=upload.kind.suffix,
                size=len(data), digest=upload.sha256, kept_as=kept_as, added_at=clock.now(),
            )
            db.session.add(made)
            touch(dossier)
    except BaseException:
        if kept_as:
            uploaded_files.forget(folder(), kept_as)
        raise
    return made


def remove_file(typed: str, dossier_id: int, file_id: int) -> None:
    """Take a file out of a dossier and delete it. Raises NotFound, Conflict when the dossier was handed in."""
    with transaction():
        _, dossier = _open(typed, dossier_id)
        found = db.session.get(DossierFile, file_id)
        if found is None or found.dossier_id != dossier.id:
            raise NotFound("Không có tệp này trong hồ sơ.")
        kept_as = found.kept_as
        db.session.delete(found)
        touch(dossier)
    uploaded_files.forget(folder(), kept_as)


def submit(typed: str, dossier_id: int, version: int) -> Dossier:
    """Hand a dossier in, the first time or again; late when the first time was. Once more changes nothing.

    Raises Conflict when it is not the body's to hand in or was changed meanwhile, Invalid while something is missing.
    """
    with transaction():
        body = _held(typed)
        dossier = _own(body, dossier_id)
        if dossier.state == "submitted":
            return dossier
        _must_be_open(dossier, version)
        entries = [one for one in entries_of(dossier.id) if one.state != "withdrawn"]
        if wrong := ready_to_submit(dossier.number, dossier.dated_on, entries):
            raise Invalid(wrong)
        if locked := next((one.form for one in entries if one.form.decision_number is not None), None):
            raise Conflict(f"Danh sách {locked.name or locked.authority} đã có Quyết định. Chọn hình thức khác cho các tên đó.")
        at, again = clock.now(), dossier.first_submitted_at is not None
        if not again:
            dossier.first_submitted_at, dossier.is_late = at, is_late(terms_of(body.conference_id)[0], today())
        dossier.state, dossier.submitted_at = "submitted", at
        fact(dossier, "submitted")
        late = " (muộn)" if dossier.is_late and not again else ""
        note(dossier, "dossier.submitted", f"{body.name} gửi {'lại ' if again else ''}hồ sơ khen thưởng, Tờ trình số {dossier.number}{late}."[:500], actor=body.name)
    return dossier


def withdraw(typed: str, dossier_id: int, reason: str | None, version: int) -> None:
    """Take a dossier back; what was handed in needs a reason. Raises Conflict once it was checked."""
    words = optional(reason, "reason", 300)
    with transaction():
        body = _held(typed)
        dossier = _own(body, dossier_id)
        if dossier.state == "withdrawn":
            return
        if dossier.state == "checked":
            raise Conflict("Hồ sơ đã được thẩm định. Muốn rút, gửi văn bản cho nơi nhận hồ sơ.")
        if dossier.version != version:
            raise Conflict("Hồ sơ vừa được thay đổi ở nơi khác. Xem bản mới rồi làm lại.")
        if dossier.first_submitted_at is not None:
            words = needed(words, "reason", 300)
        dossier.state = "withdrawn"
        fact(dossier, "withdrawn", words=words)
        note(dossier, "dossier.withdrawn", f"{body.name} rút hồ sơ khen thưởng."[:500], actor=body.name)


def store_entries(dossier: Dossier, all_facts: list[EntryFacts]) -> list[DossierEntry]:
    """Add entries to an open dossier inside the open transaction; a private part of the import too."""
    there = entries_of(dossier.id)
    if len([one for one in there if one.state != "withdrawn"]) + len(all_facts) > MOST_ENTRIES:
        raise Conflict(f"Một hồ sơ có nhiều nhất {MOST_ENTRIES} tên. Lập hồ sơ khác cho các tên còn lại.")
    by_key = {(one.form_id, one.kind, one.printed_name, one.post): one for one in there}
    made = []
    for facts in all_facts:
        values = _checked(dossier, facts)
        known = by_key.get((facts.form_id, str(values["kind"]), str(values["printed_name"]), str(values["post"])))
        if known is not None and known.state != "withdrawn" and any(getattr(known, name) != value for name, value in values.items()):
            raise Invalid(TWICE, "printed_name")
        if known is None:
            known = DossierEntry(
                conference_id=dossier.conference_id, dossier_id=dossier.id, position=_last(dossier.id, str(values["kind"])) + 1, **values
            )
            db.session.add(known)
        elif known.state == "withdrawn":
            known.state = "proposed"
            for name, value in values.items():
                setattr(known, name, value)
        db.session.flush()
        by_key[known.form_id, known.kind, known.printed_name, known.post] = known
        made.append(known)
    touch(dossier)
    return made


def open_dossier(typed: str, dossier_id: int) -> tuple[Body, Dossier]:
    """Return body and dossier under their locks while the body may change it; a private part of the import too."""
    return _open(typed, dossier_id)


@contextmanager
def _told_once() -> Iterator[None]:
    try:
        yield
    except IntegrityError as problem:
        raise Invalid(TWICE, "printed_name") from problem


def _held(typed: str) -> Body:
    """Look the code up and hold the body. Raises NotFound for a link that was revoked, Conflict when all is over."""
    body, conference = body_links.body_of(typed)
    body = nominating.hold_body(body.id)
    if body.link_seed is None:
        raise NotFound(body_links.UNKNOWN)
    if has_ended(conference):
        raise Conflict("Hội nghị đã kết thúc; trang này chỉ còn để xem.")
    return body


def _own(body: Body, dossier_id: int) -> Dossier:
    dossier = dossier_for_writing(body.conference_id, dossier_id)
    if dossier.body_id != body.id:
        raise NotFound(UNKNOWN)
    return dossier


def _open(typed: str, dossier_id: int, version: int | None = None) -> tuple[Body, Dossier]:
    body = _held(typed)
    dossier = _own(body, dossier_id)
    _must_be_open(dossier, version)
    return body, dossier


def _must_be_open(dossier: Dossier, version: int | None) -> None:
    if not DossierState(dossier.state).is_open:
        raise Conflict("Hồ sơ đã được rút." if dossier.state == "withdrawn" else NOT_OPEN)
    if version is not None and dossier.version != version:
        raise Conflict("Hồ sơ vừa được thay đổi ở nơi khác. Nội dung đã nhập vẫn còn ở dưới; xem bản mới rồi gửi lại.")


def _entry(dossier: Dossier, entry_id: int) -> DossierEntry:
    entry = db.session.get(DossierEntry, entry_id)
    if entry is None or entry.dossier_id != dossier.id:
        raise NotFound("Không có tên này trong hồ sơ.")
    return entry


def _checked(dossier: Dossier, facts: EntryFacts) -> dict[str, Any]:
    form = db.session.get(AwardForm, facts.form_id)
    if form is None or form.conference_id != dossier.conference_id or not form.at_conference:
        raise Invalid("Chọn hình thức trong danh sách.", "form_id")
    if form.decision_number is not None:
        raise Invalid("Danh sách của hình thức này đã có Quyết định. Chọn hình thức khác.", "form_id")
    return checked_entry(facts, form.recipient_kinds)


def _last(dossier_id: int, kind: str) -> int:
    highest = sa.select(sa.func.max(DossierEntry.position)).where(DossierEntry.dossier_id == dossier_id, DossierEntry.kind == kind)
    return int(db.session.scalar(highest) or 0)


def _values(facts: DossierFacts) -> dict[str, Any]:
    if facts.dated_on is not None and not 1945 <= facts.dated_on.year <= 2200:
        raise Invalid("Năm của Tờ trình chưa đúng.", "dated_on")
    return {"number": optional(facts.number, "number", 60), "dated_on": facts.dated_on, "words": optional(facts.words, "words", 500)}
