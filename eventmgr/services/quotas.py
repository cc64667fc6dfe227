"""Agreed numbers for awards by body and form, the deadline of dossiers, and how what came in compares with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents.award_tables import AwardTableSheet, Column, TablePart, render_award_table
from eventmgr.documents.workbooks import Book, Line, make_workbook
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.dates import to_local
from eventmgr.domain.dossiers import over_quota
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body
from eventmgr.models.dossiers import AwardQuota, AwardTerms, Dossier, DossierEntry
from eventmgr.models.journal import record
from eventmgr.services import aside
from eventmgr.services.award_parts import called
from eventmgr.services.dossier_parts import terms_of
from eventmgr.services.kept import kept_pdf
from eventmgr.services.typed import count, optional

Pair = tuple[int, int]
"""Collectives and individuals."""


@dataclass(frozen=True)
class QuotaRow:
    """One body at one form: what was agreed (None: nothing), proposed, thought good by the council, decided."""

    form: AwardForm
    body: Body
    quota: AwardQuota | None
    proposed: Pair
    agreed: Pair
    decided: Pair

    @property
    def problem(self) -> str | None:
        """A sentence when more are proposed than was agreed."""
        return over_quota(*self.proposed, (self.quota.collectives, self.quota.individuals) if self.quota else None)


@dataclass(frozen=True)
class Quotas:
    """The page of numbers: `from_line` is the plan's line that the deadline comes from while the office set none."""

    before: date | None
    basis: str | None
    from_line: int | None
    version: int
    rows: list[QuotaRow] = field(default_factory=list)


def overview(conference_id: int) -> Quotas:
    """Return agreed numbers with what came in, by form from the highest and body, in a fixed number of queries."""
    before, basis, line = terms_of(conference_id)
    version = db.session.scalar(sa.select(AwardTerms.version).where(AwardTerms.conference_id == conference_id)) or 0
    quotas = {(one.form_id, one.body_id): one for one in db.session.scalars(sa.select(AwardQuota).where(AwardQuota.conference_id == conference_id))}
    proposed, agreed = _entries(conference_id)
    decided = _decided(conference_id)
    forms = {one.id: one for one in db.session.scalars(sa.select(AwardForm).where(AwardForm.conference_id == conference_id))}
    known = {*quotas, *((form_id, body_id) for form_id, body_id, _ in (*proposed, *decided))}
    bodies = {one.id: one for one in db.session.scalars(sa.select(Body).where(Body.id.in_({body_id for _, body_id in known})))}
    order = sorted(known, key=lambda key: (forms[key[0]].position, key[0], bodies[key[1]].position, key[1]))
    rows = [
        QuotaRow(forms[key[0]], bodies[key[1]], quotas.get(key), _pair(proposed, key), _pair(agreed, key), _pair(decided, key))
        for key in order
    ]  # fmt: skip
    return Quotas(before, basis, line, version, rows)


def set_terms(conference_id: int, before: date | None, basis: str | None, version: int, by: int) -> None:
    """Set the deadline of dossiers and what the numbers rest on. Raises Conflict when somebody was faster, Invalid."""
    words = optional(basis, "basis", 500)
    if before is not None and not 1945 <= before.year <= 2200:
        raise Invalid("Năm chưa đúng.", "before")
    with transaction():
        _hold(conference_id)
        row = db.session.scalar(sa.select(AwardTerms).where(AwardTerms.conference_id == conference_id))
        if (row.version if row else 0) != version:
            raise Conflict()
        if row is None:
            row = AwardTerms(conference_id=conference_id)
            db.session.add(row)
        row.dossiers_before, row.basis = before, words
        _note(conference_id, "awards.terms_set", "Sửa hạn nhận hồ sơ và căn cứ khen thưởng.", by)


def set_quota(
    conference_id: int, form_id: int, body_id: int, collectives: int | None, individuals: int | None, basis: str | None, by: int
) -> None:
    """Set the agreed number of a body for a form, anew or again. Raises Invalid for what cannot be."""
    some, others = count(collectives, "collectives", 1000), count(individuals, "individuals", 1000)
    words = optional(basis, "basis", 300)
    with transaction():
        _hold(conference_id)
        form, body = db.session.get(AwardForm, form_id), db.session.get(Body, body_id)
        if form is None or form.conference_id != conference_id:
            raise Invalid("Chọn hình thức trong danh sách.", "form_id")
        if body is None or body.conference_id != conference_id:
            raise Invalid("Chọn đơn vị trong danh sách.", "body_id")
        for kind, number, name in ((RecipientKind.COLLECTIVE, some, "collectives"), (RecipientKind.INDIVIDUAL, others, "individuals")):
            if number and form.recipient_kinds and kind.value not in form.recipient_kinds:
                raise Invalid(f"Hình thức này không dành cho {kind.label.lower()}.", name)
        row = db.session.scalar(sa.select(AwardQuota).where(AwardQuota.form_id == form_id, AwardQuota.body_id == body_id))
        if row is None:
            row = AwardQuota(conference_id=conference_id, form_id=form_id, body_id=body_id)
            db.session.add(row)
        row.collectives, row.individuals, row.basis = some or 0, others or 0, words
        _note(conference_id, "awards.quota_set", f"{body.name}, {called(form)}: {row.collectives} tập thể, {row.individuals} cá nhân."[:500], by)


def remove_quota(conference_id: int, quota_id: int, by: int) -> None:
    """Take an agreed number back; dossiers that came in stay. Raises NotFound."""
    with transaction():
        row = db.session.get(AwardQuota, quota_id)
        if row is None or row.conference_id != conference_id:
            raise NotFound("Không có số lượng này.")
        body = db.session.get_one(Body, row.body_id)
        db.session.delete(row)
        _note(conference_id, "awards.quota_removed", f"Bỏ số lượng khen thưởng đã thống nhất với {body.name}.", by)


def counts_file(conference_id: int, by: int) -> tuple[str, bytes]:
    """Return name and content of the .xlsx with the counts by body against the agreed numbers; written to the journal."""
    rows = overview(conference_id).rows
    head = ["Hình thức", "Đơn vị"]
    head += [f"{word} – {kind}" for word in ("Thống nhất", "Đề nghị", "Hội đồng thống nhất", "Có Quyết định") for kind in ("tập thể", "cá nhân")]
    lines = [
        Line([
            called(row.form), row.body.name, *(["", ""] if row.quota is None else [str(row.quota.collectives), str(row.quota.individuals)]),
            *(str(number) for pair in (row.proposed, row.agreed, row.decided) for number in pair), row.problem or "",
        ])
        for row in rows
    ]  # fmt: skip
    db.session.close()
    content: bytes = aside.run(make_workbook, Book("So luong", [*head, "Lưu ý"], lines))
    with transaction():
        _note(conference_id, "awards.counts_exported", "Xuất bảng số lượng khen thưởng theo đơn vị.", by)
    return f"So luong khen thuong {to_local(clock.now()):%Y-%m-%d}.xlsx", content


def counts_pdf(conference_id: int) -> bytes:
    """Return the same counts for paper, a part with its sums for each form. Raises NotFound while there is nothing to count."""
    rows = overview(conference_id).rows
    title = db.session.scalar(sa.select(Conference.title).where(Conference.id == conference_id))
    if not rows or title is None:
        raise NotFound("Chưa có số lượng nào để so sánh.")
    forms = list(dict.fromkeys(row.form for row in rows))
    numbers = [Column(heading, 24, "centre") for heading in ("Thống nhất", "Đề nghị", "Hội đồng thống nhất", "Có Quyết định")]
    sheet = AwardTableSheet(
        title="SỐ LƯỢNG KHEN THƯỞNG THEO ĐƠN VỊ", lines=(title,),
        columns=(Column("TT", 10, "centre"), Column("Đơn vị"), *numbers, Column("Lưu ý", 56)),
        parts=tuple(_counted(called(form), [row for row in rows if row.form is form]) for form in forms),
        foot=("Mỗi ô ghi số tập thể / số cá nhân.",),
    )  # fmt: skip
    db.session.close()
    return kept_pdf("so-luong-khen-thuong", sheet, render_award_table)


def _counted(heading: str, rows: list[QuotaRow]) -> TablePart:
    def pairs(row: QuotaRow) -> list[Pair | None]:
        return [(row.quota.collectives, row.quota.individuals) if row.quota else None, row.proposed, row.agreed, row.decided]

    def written(pair: Pair | None) -> str:
        return f"{pair[0]} / {pair[1]}" if pair else ""

    lines = tuple(
        (str(place), row.body.name, *(written(pair) for pair in pairs(row)), row.problem or "") for place, row in enumerate(rows, 1)
    )
    columns = [[pair for pair in column if pair] for column in zip(*(pairs(row) for row in rows), strict=True)]
    sums = (written((sum(one for one, _ in column), sum(other for _, other in column))) for column in columns)
    return TablePart(heading, lines, ("", "Cộng", *sums, ""))


def _entries(conference_id: int) -> tuple[Counter[tuple[int, int, str]], Counter[tuple[int, int, str]]]:
    rows = db.session.execute(
        sa.select(DossierEntry.form_id, Dossier.body_id, DossierEntry.kind, DossierEntry.state, sa.func.count())
        .join(Dossier, Dossier.id == DossierEntry.dossier_id)
        .where(
            DossierEntry.conference_id == conference_id, Dossier.state.in_(("submitted", "returned", "checked")),
            DossierEntry.state.in_(("proposed", "agreed", "decided")),
        )
        .group_by(DossierEntry.form_id, Dossier.body_id, DossierEntry.kind, DossierEntry.state)
    )  # fmt: skip
    proposed: Counter[tuple[int, int, str]] = Counter()
    agreed: Counter[tuple[int, int, str]] = Counter()
    for form_id, body_id, kind, state, number in rows:
        proposed[form_id, body_id, kind] += number
        agreed[form_id, body_id, kind] += number if state != "proposed" else 0
    return proposed, agreed


def _decided(conference_id: int) -> Counter[tuple[int, int, str]]:
    rows = db.session.execute(
        sa.select(Honouree.form_id, Honouree.body_id, Honouree.kind, sa.func.count())
        .join(AwardForm, AwardForm.id == Honouree.form_id)
        .where(
            Honouree.conference_id == conference_id, Honouree.body_id.is_not(None), Honouree.cancelled_at.is_(None),
            AwardForm.decision_number.is_not(None),
        )
        .group_by(Honouree.form_id, Honouree.body_id, Honouree.kind)
    )  # fmt: skip
    return Counter({(form_id, body_id, kind): number for form_id, body_id, kind, number in rows if body_id is not None})


def _pair(counts: Counter[tuple[int, int, str]], key: tuple[int, int]) -> Pair:
    return counts[*key, "collective"], counts[*key, "individual"]


def _hold(conference_id: int) -> None:
    """Let those who set numbers go one after the other."""
    if db.session.get(Conference, conference_id, with_for_update=True) is None:
        raise NotFound()


def _note(conference_id: int, verb: str, sentence: str, by: int) -> None:
    record(verb, clock.now(), conference_id=conference_id, account_id=by, subject="conference", subject_id=conference_id, sentence=sentence)
