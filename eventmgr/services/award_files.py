"""The award office's lists, each as PDF and as .xlsx from the same rows: annex, calling, receipts, money, certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents.award_tables import AwardTableSheet, Column, TablePart, render_award_table
from eventmgr.documents.workbooks import Book, Line, make_workbook
from eventmgr.domain.award_money import in_words, money_text, thousands
from eventmgr.domain.awards import RecipientKind, authority_in_full, counts_text, decision_parts
from eventmgr.domain.ceremony import State
from eventmgr.domain.dates import short_date
from eventmgr.domain.errors import NotFound
from eventmgr.domain.honourees import spoken_name
from eventmgr.domain.names import AddressForm
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate
from eventmgr.models.journal import record
from eventmgr.services import aside
from eventmgr.services.award_money import FormMoney, Listed, form_money
from eventmgr.services.award_parts import called
from eventmgr.services.award_waves import Place, ceremony
from eventmgr.services.kept import kept_pdf

PAPERS = {
    "annex": "Danh sách kèm Quyết định", "calling": "Danh sách gọi, khay và hàng", "receipts": "Danh sách ký nhận tiền thưởng",
    "money": "Tổng hợp tiền thưởng", "received": "Danh sách đã nhận", "later": "Danh sách chưa nhận, trao sau",
}  # fmt: skip
FORMATS = ("pdf", "xlsx")


@dataclass(frozen=True)
class Known:
    """What the lists of one form of award are made of; `bodies` names the submitting body by honouree."""

    conference: Conference
    money: FormMoney
    bodies: dict[int, str]

    @property
    def rows(self) -> tuple[Listed, ...]:
        """Everybody on the list in its order."""
        return self.money.rows

    @property
    def decision(self) -> str:
        """'Quyết định số 3/QĐ-UBND ngày 28/12/2015', or that there is none yet."""
        return decision_text(self.money)


def paper(conference_id: int, form_id: int, name: str, suffix: str, by: int) -> tuple[str, bytes]:
    """Return name and content of a list; an .xlsx leaves a line in the journal as every export. Raises NotFound."""
    if name not in SHEETS or suffix not in FORMATS:
        raise NotFound("Không có giấy tờ này.")
    known = known_of(conference_id, form_id)
    sheet = SHEETS[name](known)
    db.session.close()
    file = f"{PAPERS[name]} {form_id}.{suffix}"
    if suffix == "pdf":
        return file, kept_pdf(f"khen-thuong-{name}", sheet, render_award_table)
    content: bytes = aside.run(make_workbook, as_book(sheet))
    with transaction():
        record(
            "awards.exported", clock.now(), conference_id=conference_id, account_id=by, subject="award_form", subject_id=form_id,
            sentence=f"Xuất {PAPERS[name].lower()} (.xlsx): {len(known.rows)} dòng.", paper=name,
        )
    return file, content


def known_of(conference_id: int, form_id: int) -> Known:
    """Return what the lists are made of; raises NotFound while nobody is on the list."""
    conference = db.session.get(Conference, conference_id)
    money = form_money(conference_id, form_id) if conference is not None else None
    if conference is None or money is None:
        raise NotFound("Danh sách chưa có ai để in.")
    return Known(conference, money, _bodies(money))


def decision_text(money: FormMoney) -> str:
    """Return how papers name the decision of a list."""
    form = money.form
    if not form.decision_number:
        return "Dự kiến, chưa có Quyết định"
    number, symbol = decision_parts(form.decision_number)
    return f"Quyết định số {number}/{symbol}" + (f" ngày {short_date(form.decision_on)}" if form.decision_on else "")


def as_book(sheet: AwardTableSheet) -> Book:
    """Return the list as a workbook: the same columns, the heading of a part in a column of its own where there are some."""
    headed = any(part.heading for part in sheet.parts)
    lines = [Line([*([part.heading] if headed else []), *row]) for part in sheet.parts for row in part.rows]
    lines += [Line([*([part.heading] if headed else []), *part.total]) for part in sheet.parts if part.total]
    return Book(sheet.title.capitalize()[:31], [*(["Phần"] if headed else []), *(column.heading for column in sheet.columns)], lines)


def spoken(one: Listed) -> str:
    """Return the name as it is called: a person with the form of address."""
    if one.kind is RecipientKind.COLLECTIVE:
        return one.honouree.printed_name
    form = one.honouree.address_form
    return spoken_name(one.honouree.printed_name, AddressForm(form) if form else None)


def by_kind(known: Known, row: Callable[[Listed], tuple[str, ...]]) -> tuple[TablePart, ...]:
    """Return the rows in a part for each kind, in the order of the list."""
    kinds = list(dict.fromkeys(one.kind for one in known.rows))
    return tuple(
        TablePart(f"{numeral}. {kind.label.upper()}", tuple(row(one) for one in known.rows if one.kind is kind))
        for numeral, kind in zip(("I", "II"), kinds, strict=False)
    )


def _annex(known: Known) -> AwardTableSheet:
    columns = (Column("TT", 11, "centre"), Column("Tên"), Column("Chức vụ, đơn vị công tác", 70), Column("Ghi chú", 40))
    rows = by_kind(known, lambda one: (str(one.place), one.honouree.printed_name, one.honouree.post, one.honouree.note or ""))
    return AwardTableSheet("DANH SÁCH KHEN THƯỞNG", (called(known.money.form), known.decision), columns, rows, foot=(counts(known),))


def _calling(known: Known) -> AwardTableSheet:
    columns = (Column("Số", 14, "centre"), Column("Người, tập thể được gọi"), Column("Chức vụ, đơn vị", 80), Column("Ghi chú", 50))
    parts = by_kind(known, lambda one: (str(one.place), spoken(one), one.honouree.post, ""))
    lines = (called(known.money.form), known.decision, "Số trên khay = chỗ đứng trong hàng = thứ tự đọc.")
    return AwardTableSheet("DANH SÁCH GỌI", lines, columns, parts, foot=(counts(known),))


def _receipts(known: Known) -> AwardTableSheet:
    columns = (
        Column("TT", 11, "centre"), Column("Họ tên, tập thể", 62), Column("Chức vụ, đơn vị"), Column("Số tiền (đồng)", 30, "sum"),
        Column("Ký nhận", 38), Column("Ghi chú", 34),
    )  # fmt: skip
    return AwardTableSheet(
        "DANH SÁCH KÝ NHẬN TIỀN THƯỞNG", (called(known.money.form), known.decision), columns, tuple(_by_body(known)),
        foot=(f"Tổng cộng: {money_text(known.money.total)} ({in_words(known.money.total)}).", *_formula(known)),
        signers=("Người lập", "Kế toán", "Thủ trưởng đơn vị"), tall=True,
    )  # fmt: skip


def _by_body(known: Known) -> list[TablePart]:
    """Receipts stand by the body that submitted, since the money is paid through it; those without one come last."""
    names = sorted({known.bodies.get(one.id, "") for one in known.rows}, key=lambda name: (not name, name))
    parts = []
    for name in names:
        same = [one for one in known.rows if known.bodies.get(one.id, "") == name]
        rows = tuple(
            (str(number), one.honouree.printed_name, one.honouree.post, thousands(one.paid), "", _money_note(one)) for number, one in enumerate(same, 1)
        )
        heading = f"Chi qua: {name}" if name else "Chưa ghi đơn vị trình" if len(names) > 1 else ""
        parts.append(TablePart(heading, rows, ("", "Cộng", "", thousands(sum(one.paid for one in same)), "", "")))
    return parts


def _money_note(one: Listed) -> str:
    if one.amount is None:
        return "Chưa có mức tiền thưởng"
    return "Đã tính mức cao hơn" if one.is_paid_elsewhere else ""


def _money(known: Known) -> AwardTableSheet:
    columns = (
        Column("Đối tượng"), Column("Số lượng", 26, "sum"), Column("Hệ số", 24, "sum"), Column("Lương cơ sở (đồng)", 40, "sum"),
        Column("Mức thưởng (đồng)", 42, "sum"), Column("Thành tiền (đồng)", 44, "sum"),
    )  # fmt: skip
    rows = tuple(
        (one.kind.label, f"{one.count:02d}", one.amount.shown_coefficient, thousands(one.amount.base), thousands(one.amount.amount), thousands(one.total))
        for one in known.money.sums
    )
    total = ("Tổng cộng", f"{sum(one.count for one in known.money.sums):02d}", "", "", "", thousands(known.money.total))
    basis = tuple(f"Căn cứ: {text}." for text in dict.fromkeys(one.amount.basis for one in known.money.sums))
    missing = (f"{known.money.without_money} tập thể, cá nhân chưa có mức tiền thưởng.",) if known.money.without_money else ()
    return AwardTableSheet(
        "TỔNG HỢP TIỀN THƯỞNG", (called(known.money.form), known.decision), columns, (TablePart("", rows, total),),
        foot=(f"Bằng chữ: {in_words(known.money.total)}.", *basis, *missing), signers=("Người lập", "Thủ trưởng đơn vị"),
    )  # fmt: skip


def _formula(known: Known) -> tuple[str, ...]:
    said = " + ".join(f"{one.count} {one.kind.label.lower()} × {thousands(one.amount.amount)}" for one in known.money.sums)
    return (f"{said} = {money_text(known.money.total)}.",) if known.money.sums else ()


def _received(known: Known) -> AwardTableSheet:
    columns = (Column("TT", 11, "centre"), Column("Họ tên, tập thể", 66), Column("Chức vụ, đơn vị"), Column("Cách nhận", 78))
    rows: list[tuple[str, ...]] = []
    for one, place in _places(known, {State.RECEIVED, State.RECEIVED_BY, State.HANDED}):
        how = f"Trao sau: {place.handed}" if place.handed else f"Nhận thay: {place.stand_in}" if place.stand_in else "Nhận tại hội nghị"
        rows.append((str(len(rows) + 1), one.honouree.printed_name, one.honouree.post, how))
    foot = f"(Danh sách này có {len(rows):02d} tập thể, cá nhân đã nhận)"
    return AwardTableSheet("DANH SÁCH ĐÃ NHẬN", (called(known.money.form), known.decision), columns, (TablePart("", tuple(rows)),), foot=(foot,))


def _later(known: Known) -> AwardTableSheet:
    columns = (
        Column("TT", 11, "centre"), Column("Họ tên, tập thể", 58), Column("Chức vụ, đơn vị"), Column("Đơn vị trình", 44),
        Column("Ngày nhận", 26), Column("Ký nhận, ghi rõ họ tên", 46),
    )  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for one, _ in _places(known, {State.ABSENT, State.LATER}):
        rows.append((str(len(rows) + 1), one.honouree.printed_name, one.honouree.post, known.bodies.get(one.id, ""), "", ""))
    foot = f"(Danh sách này có {len(rows):02d} tập thể, cá nhân chưa nhận)"
    return AwardTableSheet(
        "DANH SÁCH CHƯA NHẬN, TRAO SAU", (called(known.money.form), known.decision), columns, (TablePart("", tuple(rows)),), foot=(foot,),
        signers=("Người giao", "Người lập"), tall=True,
    )  # fmt: skip


def _places(known: Known, states: set[State]) -> list[tuple[Listed, Place]]:
    """Those of the list who stand in one of the states, in the order of the list."""
    view = ceremony(known.conference.id)
    places = {one.id: one for one in (*view.later, *view.done)}
    return [(one, places[one.id]) for one in known.rows if one.id in places and places[one.id].state in states]


SHEETS: dict[str, Callable[[Known], AwardTableSheet]] = {"annex": _annex, "calling": _calling, "receipts": _receipts, "money": _money, "received": _received, "later": _later}


def counts(known: Known) -> str:
    """Return '(Danh sách này có 05 tập thể và 10 cá nhân)'."""
    kinds = [one.kind for one in known.rows]
    return f"(Danh sách này có {counts_text(kinds.count(RecipientKind.COLLECTIVE), kinds.count(RecipientKind.INDIVIDUAL))})"


def signed_on(known: Known) -> date | None:
    """Return the day of the decision."""
    return known.money.form.decision_on


def authority(known: Known) -> str:
    """Return who decided, spelled out."""
    form = known.money.form
    return form.decision_by or authority_in_full(form.authority, known.conference.province)


def _bodies(money: FormMoney) -> dict[int, str]:
    """The body that proposed each honouree; where none is known, that of the delegate who was invited."""
    linked = {one.honouree.delegate_id for one in money.rows if one.honouree.delegate_id is not None}
    invited = {row[0]: row[1] for row in db.session.execute(sa.select(Delegate.id, Delegate.body_id).where(Delegate.id.in_(linked)))}
    body_ids = {one.id: one.honouree.body_id or invited.get(one.honouree.delegate_id or 0) for one in money.rows}
    names = {row[0]: row[1] for row in db.session.execute(sa.select(Body.id, Body.name).where(Body.id.in_(set(body_ids.values()) - {None})))}
    return {honouree_id: names[body_id] for honouree_id, body_id in body_ids.items() if body_id in names}
