"""The council's list: every entry of the checked dossiers, agreed or refused, on the way to a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.documents.award_tables import AwardTableSheet, Column, TablePart, render_award_table
from eventmgr.documents.workbooks import Book, Line, make_workbook
from eventmgr.domain.awards import RecipientKind, counts_text
from eventmgr.domain.dates import to_local
from eventmgr.domain.dossiers import EntryState
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.awards import AwardForm
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body
from eventmgr.models.dossiers import Dossier, DossierEntry
from eventmgr.models.journal import record
from eventmgr.services import aside
from eventmgr.services.award_parts import called, open_form
from eventmgr.services.dossier_deciding import annex_order
from eventmgr.services.dossier_desk import Doubts
from eventmgr.services.dossier_parts import fact
from eventmgr.services.kept import kept_pdf
from eventmgr.services.typed import needed

VERBS = {"agree": "agreed", "refuse": "refused", "back": "proposed"}
_FROM = {"agree": {"proposed", "refused"}, "refuse": {"proposed", "agreed"}, "back": {"agreed", "refused"}}


@dataclass(frozen=True)
class CouncilRow:
    """An entry before the council: who proposes it, what should be looked at."""

    entry: DossierEntry
    dossier: Dossier
    body: Body
    doubts: list[str]


@dataclass(frozen=True)
class FormPart:
    """The entries of one form in the order of the annex, and how many of them are agreed."""

    form: AwardForm
    rows: list[CouncilRow]

    @property
    def agreed(self) -> str:
        """'05 tập thể và 10 cá nhân' that are agreed and wait for the decision."""
        kinds = [row.entry.kind for row in self.rows if row.entry.state == "agreed"]
        return counts_text(kinds.count("collective"), kinds.count("individual"))

    @property
    def open(self) -> int:
        """How many nobody has judged."""
        return sum(1 for row in self.rows if row.entry.state == "proposed")


def council(conference_id: int) -> list[FormPart]:
    """Return the entries of checked dossiers by form from the highest, in the order of the annex."""
    rows = db.session.execute(
        sa.select(DossierEntry, Dossier, Body)
        .join(Dossier, Dossier.id == DossierEntry.dossier_id)
        .join(Body, Body.id == Dossier.body_id)
        .join(AwardForm, AwardForm.id == DossierEntry.form_id)
        .options(joinedload(DossierEntry.form))
        .where(DossierEntry.conference_id == conference_id, Dossier.state == "checked", DossierEntry.state != "withdrawn")
        .order_by(AwardForm.position, AwardForm.id, *annex_order())
    ).all()
    doubts = Doubts(conference_id)
    parts: dict[int, FormPart] = {}
    for entry, dossier, body in rows:
        parts.setdefault(entry.form_id, FormPart(entry.form, [])).rows.append(CouncilRow(entry, dossier, body, doubts.of(entry)))
    return list(parts.values())


def judge(conference_id: int, entry_ids: Sequence[int], verb: str, reason: str | None, by: int) -> int:
    """Agree to entries, refuse them with a reason, or put them back; return how many changed.

    Raises Invalid when nothing was chosen, NotFound for entries of elsewhere, Conflict when one was decided or
    withdrawn meanwhile, or its list is locked by a decision.
    """
    if verb not in VERBS:
        raise Invalid("Chọn thống nhất, không thống nhất hoặc đưa về đang xét.", "verb")
    if not entry_ids:
        raise Invalid("Đánh dấu ít nhất một tên.", "entry")
    words = needed(reason, "reason", 300) if verb == "refuse" else None
    with transaction():
        wanted = sa.select(DossierEntry.form_id).where(DossierEntry.id.in_(entry_ids), DossierEntry.conference_id == conference_id)
        for form_id in sorted(set(db.session.scalars(wanted))):
            open_form(conference_id, form_id)  # under the lock that a decision takes
        rows = db.session.execute(
            sa.select(DossierEntry, Dossier).join(Dossier, Dossier.id == DossierEntry.dossier_id)
            .where(DossierEntry.id.in_(entry_ids), DossierEntry.conference_id == conference_id).order_by(DossierEntry.id)
            .with_for_update().execution_options(populate_existing=True)
        ).all()  # fmt: skip
        if len(rows) != len(set(entry_ids)):
            raise NotFound("Không có tên này trong danh sách xét.")
        changed = [(entry, dossier) for entry, dossier in rows if entry.state != VERBS[verb] or (verb == "refuse" and entry.reason != words)]
        for entry, dossier in changed:
            if dossier.state != "checked" or entry.state not in _FROM[verb] | {VERBS[verb]}:
                raise Conflict("Có tên vừa được rút, có Quyết định hoặc hồ sơ vừa trả lại. Mở lại trang để xem bản mới.")
            entry.state, entry.reason = VERBS[verb], words
            fact(dossier, VERBS[verb] if verb != "back" else "back", by=by, entry_id=entry.id, words=words)
        if changed:
            kinds = [entry.kind for entry, _ in changed]
            word = {"agree": "Hội đồng thống nhất", "refuse": "Hội đồng không thống nhất", "back": "Đưa về đang xét"}[verb]
            record(
                "awards.judged", clock.now(), conference_id=conference_id, account_id=by, subject="conference", subject_id=conference_id,
                sentence=f"{word} {counts_text(kinds.count('collective'), kinds.count('individual'))}.",
            )  # fmt: skip
    return len(changed)


def move(conference_id: int, entry_id: int, past_id: int, by: int) -> None:
    """Let an entry change places with its neighbour as the page showed it; the order goes on to annex and calling list.

    Raises NotFound for names of elsewhere, Conflict when they are no neighbours any more or a decision has locked the list.
    """
    with transaction():
        form_id = db.session.scalar(sa.select(DossierEntry.form_id).where(DossierEntry.id == entry_id, DossierEntry.conference_id == conference_id))
        if form_id is None:
            raise NotFound("Không có tên này trong danh sách xét.")
        open_form(conference_id, form_id)
        rows = list(db.session.scalars(
            sa.select(DossierEntry).join(Dossier, Dossier.id == DossierEntry.dossier_id).join(Body, Body.id == Dossier.body_id)
            .where(DossierEntry.form_id == form_id, Dossier.state == "checked", DossierEntry.state != "withdrawn").order_by(*annex_order())
            .execution_options(populate_existing=True)
        ))  # fmt: skip
        places = {one.id: place for place, one in enumerate(rows)}
        here, there = places.get(entry_id, -9), places.get(past_id, -5)
        if abs(here - there) != 1 or rows[here].kind != rows[there].kind:
            raise Conflict("Thứ tự vừa có người thay đổi. Xem lại danh sách rồi chuyển.")
        rows[here], rows[there] = rows[there], rows[here]
        for place, one in enumerate(rows, 1):
            one.place = place
        record(
            "awards.council_moved", clock.now(), conference_id=conference_id, account_id=by, subject="award_form", subject_id=form_id,
            sentence="Đổi thứ tự danh sách xét khen thưởng.", entry_ids=[entry_id, past_id],
        )  # fmt: skip


def council_file(conference_id: int, by: int) -> tuple[str, bytes]:
    """Return name and content of the council's list as .xlsx; written to the journal."""
    head = ["TT", "Hình thức", "Tập thể/Cá nhân", "Tên in", "Chức vụ, đơn vị công tác", "Đơn vị trình", "Tờ trình số", "Tóm tắt thành tích", "Lưu ý", "Ý kiến"]
    lines = [
        Line([
            str(place), called(part.form), RecipientKind(row.entry.kind).label, row.entry.printed_name, row.entry.post, row.body.name,
            row.dossier.number or "", row.entry.achievement, " ".join(row.doubts), EntryState(row.entry.state).label,
        ])
        for part in council(conference_id) for place, row in enumerate(part.rows, 1)
    ]  # fmt: skip
    db.session.close()
    content: bytes = aside.run(make_workbook, Book("Hoi dong", head, lines))
    with transaction():
        record(
            "awards.council_exported", clock.now(), conference_id=conference_id, account_id=by, subject="conference", subject_id=conference_id,
            sentence=f"Xuất danh sách xét khen thưởng: {len(lines)} dòng.",
        )  # fmt: skip
    return f"Danh sach xet khen thuong {to_local(clock.now()):%Y-%m-%d}.xlsx", content


def council_pdf(conference_id: int) -> bytes:
    """Return the council's list for paper, one part a form; the same list is printed once and kept. Raises NotFound when empty."""
    parts = council(conference_id)
    title = db.session.scalar(sa.select(Conference.title).where(Conference.id == conference_id))
    if not parts or title is None:
        raise NotFound("Chưa có tên nào để Hội đồng xét.")
    sheet = AwardTableSheet(
        title="DANH SÁCH XÉT KHEN THƯỞNG", lines=(title,),
        columns=(
            Column("TT", 10, "centre"), Column("Tên in"), Column("Chức vụ, đơn vị công tác"), Column("Đơn vị trình", 42),
            Column("Tóm tắt thành tích"), Column("Lưu ý", 38), Column("Ý kiến", 30),
        ),
        parts=tuple(
            TablePart(
                f"{called(part.form)}: {kind.label.lower()}",
                tuple(
                    (str(place), row.entry.printed_name, row.entry.post, row.body.name, row.entry.achievement, " ".join(row.doubts), _opinion(row.entry.state))
                    for place, row in enumerate((row for row in part.rows if row.entry.kind == kind), 1)
                ),
            )
            for part in parts for kind in RecipientKind if any(row.entry.kind == kind for row in part.rows)
        ),
    )  # fmt: skip
    db.session.close()
    return kept_pdf("danh-sach-xet-khen-thuong", sheet, render_award_table)


def _opinion(state: str) -> str:
    return "" if state == "proposed" else EntryState(state).label
