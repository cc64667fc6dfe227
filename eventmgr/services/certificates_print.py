"""Certificates: the data sheet for whoever writes them, and the words printed over the office's own forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents.award_tables import AwardTableSheet, Column, TablePart, render_award_table
from eventmgr.documents.font_widths import width_of
from eventmgr.documents.overprint import OverprintSheet, RulerSheet, Spot, render_overprint, render_ruler
from eventmgr.documents.workbooks import make_workbook
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.certificate_fit import Misfit, misfits
from eventmgr.domain.certificates import ALIGNMENTS, DEFAULTS, Certificate, Placement, lines_of, signer_post, tenths
from eventmgr.domain.certificates import Line as Words
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.domain.names import AddressForm
from eventmgr.models.awards import Honouree
from eventmgr.models.ceremony import AwardFormSettings, CertificateField
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services import aside
from eventmgr.services.award_files import Known, as_book, authority, decision_text, known_of, signed_on
from eventmgr.services.award_money import Listed
from eventmgr.services.award_parts import called, conference_for_writing
from eventmgr.services.ceremony_settings import form_settings_of, settings_of
from eventmgr.services.kept import kept_pdf

Places = dict[RecipientKind, dict[Words, Placement]]


@dataclass(frozen=True)
class TypedPlace:
    """A line's place as typed in the form: millimetres and points, with a comma or a full stop."""

    x: str
    y: str
    width: str
    size: str
    align: str
    bold: bool
    shown: bool


def places_of(conference_id: int) -> Places:
    """Return where every line stands, by kind; what nobody has moved stands at its default place."""
    found: Places = {kind: dict(lines) for kind, lines in DEFAULTS.items()}
    rows = db.session.scalars(sa.select(CertificateField).where(CertificateField.conference_id == conference_id))
    for row in rows:
        if row.key in set(Words):
            place = Placement(row.x, row.y, row.width, row.size, row.align, row.bold, row.shown)
            found[RecipientKind(row.kind)][Words(row.key)] = place
    return found


def set_places(conference_id: int, kind: str, typed: Mapping[str, TypedPlace], page: tuple[int | None, int | None], by: int) -> None:
    """Store the places of one kind and the size of the form; raises Invalid that names the field."""
    if kind not in set(RecipientKind):
        raise Invalid("Chọn tập thể hay cá nhân.", "kind")
    width, height = page
    if width is None or height is None or not (100 <= width <= 1000 and 100 <= height <= 1000):
        raise Invalid("Khổ phôi từ 100 đến 1000 mm mỗi chiều.", "page_width")
    read = {line: _read(line, typed[line.value], width, height) for line in Words if line.value in typed}
    with transaction():
        conference_for_writing(conference_id)
        settings = settings_of(conference_id)
        settings.page_width, settings.page_height = width, height
        db.session.add(settings)
        rows = db.session.scalars(sa.select(CertificateField).where(CertificateField.conference_id == conference_id, CertificateField.kind == kind))
        held = {row.key: row for row in rows}
        for line, place in read.items():
            row = held.get(line.value) or CertificateField(conference_id=conference_id, kind=kind, key=line.value)
            row.x, row.y, row.width, row.size = place.x, place.y, place.width, place.size
            row.align, row.bold, row.shown = place.align, place.bold, place.shown
            db.session.add(row)
        record(
            "awards.places_set", clock.now(), conference_id=conference_id, account_id=by, subject="conference", subject_id=conference_id,
            sentence=f"Đặt vị trí chữ in lên phôi Bằng khen ({RecipientKind(kind).label.lower()}).",
        )


def data_sheet(conference_id: int, form_id: int, suffix: str, by: int) -> tuple[str, bytes]:
    """Return the data sheet for writing certificates, as PDF or .xlsx; raises NotFound."""
    if suffix not in {"pdf", "xlsx"}:
        raise NotFound("Không có giấy tờ này.")
    known = known_of(conference_id, form_id)
    own = form_settings_of(conference_id).get(form_id)
    columns = (
        Column("TT", 11, "centre"), Column("Ông/Bà, tập thể", 24), Column("Tên in trên Bằng", 56), Column("Chức vụ, đơn vị"),
        Column("Thành tích", 58), Column("Số sổ vàng", 22, "centre"),
    )  # fmt: skip
    rows = []
    for number, (one, certificate) in enumerate(_certificates(known, own), 1):
        said = "Tập thể" if one.kind is RecipientKind.COLLECTIVE else certificate.address
        book = str(certificate.book_number or "")
        rows.append((str(number), said, certificate.printed_name, certificate.post, certificate.achievement, book))
    sheet = AwardTableSheet(
        "DỮ LIỆU VIẾT BẰNG", (called(known.money.form), decision_text(known.money)), columns, (TablePart("", tuple(rows)),),
        foot=("Tên in đúng từng chữ như trong Quyết định: không đổi dấu, không đổi chữ hoa, chữ thường.",),
    )
    db.session.close()
    name = f"Dữ liệu viết Bằng {form_id}.{suffix}"
    if suffix == "pdf":
        return name, kept_pdf("khen-thuong-du-lieu", sheet, render_award_table)
    content: bytes = aside.run(make_workbook, as_book(sheet))
    with transaction():
        record(
            "awards.exported", clock.now(), conference_id=conference_id, account_id=by, subject="award_form", subject_id=form_id,
            sentence=f"Xuất dữ liệu viết Bằng (.xlsx): {len(rows)} dòng.", paper="data",
        )
    return name, content


def overprint_pdf(conference_id: int, form_id: int, kind: str, *, frame: bool = False, honouree_id: int | None = None) -> bytes:
    """Return the words for the forms of one kind, a page each, in the order of the list; one page for one honouree.

    With `frame` a plain box shows the paper's edge: for the eye, not for the printer. Raises NotFound.
    """
    known, wanted = known_of(conference_id, form_id), _kind(kind)
    own, places, settings = form_settings_of(conference_id).get(form_id), places_of(conference_id)[wanted], settings_of(conference_id)
    pages = []
    for one, certificate in _certificates(known, own):
        if one.kind is wanted and honouree_id in (None, one.id):
            said = lines_of(certificate)
            pages.append(tuple((line.value, said[line]) for line in Words if places[line].shown and said[line]))
    if not pages:
        raise NotFound("Không có ai để in.")
    sheet = OverprintSheet(
        f"In lên phôi: {called(known.money.form)}", settings.page_width, settings.page_height, _spots(places), tuple(pages), frame
    )
    db.session.close()
    return kept_pdf("khen-thuong-in-phoi", sheet, render_overprint)


@dataclass(frozen=True)
class Unfitting:
    """Somebody on a list whose certificate has lines that do not fit."""

    honouree_id: int
    form: str
    printed_name: str
    misfits: tuple[Misfit, ...]


def unfitting(conference_id: int, form_id: int) -> list[Unfitting]:
    """Return whose words do not fit on the form where they stand, measured in the font of print, in the list's order."""
    known = known_of(conference_id, form_id)
    own, places, settings = form_settings_of(conference_id).get(form_id), places_of(conference_id), settings_of(conference_id)
    page = (settings.page_width, settings.page_height)
    found = []
    for one, certificate in _certificates(known, own):
        if wrong := misfits(lines_of(certificate), places[one.kind], page, width_of):
            found.append(Unfitting(one.id, called(known.money.form), certificate.printed_name, tuple(wrong)))
    return found


def unfitting_of_all(conference_id: int, kind: str) -> list[Unfitting]:
    """Return the same for every list with somebody of a kind on it: what to look at beside the places."""
    wanted = sa.select(Honouree.form_id).where(Honouree.conference_id == conference_id, Honouree.kind == kind, Honouree.cancelled_at.is_(None))
    of_kind = set(db.session.scalars(sa.select(Honouree.id).where(Honouree.conference_id == conference_id, Honouree.kind == kind)))
    return [one for form_id in sorted(set(db.session.scalars(wanted))) for one in unfitting(conference_id, form_id) if one.honouree_id in of_kind]


def ruler_pdf(conference_id: int, kind: str) -> bytes:
    """Return the test page of one kind."""
    wanted = _kind(kind)
    places, settings = places_of(conference_id)[wanted], settings_of(conference_id)
    labels = tuple((line.value, line.label) for line in Words if places[line].shown)
    sheet = RulerSheet(f"Trang thử, {wanted.label.lower()}", settings.page_width, settings.page_height, _spots(places), labels)
    db.session.close()
    return kept_pdf("khen-thuong-trang-thu", sheet, render_ruler)


def _certificates(known: Known, own: AwardFormSettings | None) -> list[tuple[Listed, Certificate]]:
    made = []
    for place, one in enumerate(known.rows):
        form = AddressForm(one.honouree.address_form) if one.honouree.address_form else None
        first = own.first_book_number if own else None
        made.append((one, Certificate(
            one.kind, form.label.capitalize() if form and one.kind is RecipientKind.INDIVIDUAL else "", one.honouree.printed_name,
            one.honouree.post, known.money.form.achievement or "", (own.place if own else None) or known.conference.place,
            signed_on(known), (own.signer_post if own else None) or signer_post(authority(known)), (own.signer_name if own else None) or "",
            decision_text(known.money) if known.money.form.decision_number else "", first + place if first is not None else None,
        )))  # fmt: skip
    return made


def _spots(places: dict[Words, Placement]) -> tuple[Spot, ...]:
    return tuple(Spot(line.value, one.x, one.y, one.width, one.size, one.align, one.bold) for line, one in places.items())


def _kind(kind: str) -> RecipientKind:
    if kind not in set(RecipientKind):
        raise NotFound("Không có giấy tờ này.")
    return RecipientKind(kind)


def _read(line: Words, typed: TypedPlace, width: int, height: int) -> Placement:
    if typed.align not in ALIGNMENTS:
        raise Invalid("Chọn căn trái, giữa hoặc phải.", f"{line.value}-align")
    return Placement(
        tenths(typed.x, f"{line.value}-x", 0, width * 10), tenths(typed.y, f"{line.value}-y", 0, height * 10),
        tenths(typed.width, f"{line.value}-width", 10, width * 10), tenths(typed.size, f"{line.value}-size", 40, 2000),
        typed.align, typed.bold, typed.shown,
    )  # fmt: skip
