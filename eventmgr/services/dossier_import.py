"""A list of proposed collectives and persons from .xlsx into a dossier: all rows or none, a sentence for each wrong one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from eventmgr.documents import uploaded_files
from eventmgr.documents.spreadsheet_child import read_in_child
from eventmgr.documents.uploaded_files import Kind, Unacceptable
from eventmgr.documents.workbooks import Book, make_workbook
from eventmgr.domain.dossier_rows import HEADINGS, columns_of, entry_of
from eventmgr.domain.dossiers import MOST_ENTRIES, EntryFacts, checked_entry
from eventmgr.domain.errors import Invalid
from eventmgr.domain.legacy_text import Encoding, convert
from eventmgr.models.awards import AwardForm
from eventmgr.models.database import db, transaction
from eventmgr.services import aside
from eventmgr.services.award_parts import called
from eventmgr.services.dossier_parts import forms_of
from eventmgr.services.dossiers import TWICE, open_dossier, page_of, store_entries

LARGEST = 2 * 1024 * 1024


class WrongRows(Invalid):
    """Rows that cannot be taken: `sentences` says why, one each; nothing was stored."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(f"Chưa thêm dòng nào: có {len(sentences)} chỗ cần sửa.", "file")
        self.sentences = tuple(sentences)


def sample_file() -> tuple[str, bytes]:
    """Return name and content of an empty list with the headings that are understood."""
    content: bytes = aside.run(make_workbook, Book("Danh sach", list(HEADINGS)))
    return "Mau danh sach de nghi khen thuong.xlsx", content


def import_entries(typed: str, dossier_id: int, name: str, data: bytes, form_id: int | None = None) -> int:
    """Add the rows of a file to a dossier and return how many; `form_id` is the form of rows that name none.

    The file is read by a child process with limits. Raises WrongRows, Invalid for the file, Conflict when the dossier
    is not open.
    """
    shown = page_of(typed)
    shown.dossier(dossier_id)
    forms = forms_of(shown.conference.id)
    try:
        uploaded_files.accepted(name, data, {Kind.XLSX}, LARGEST)
    except Unacceptable as problem:
        raise Invalid(problem.sentence, "file") from problem
    db.session.close()
    facts = _read(data, forms, form_id)
    try:
        with transaction():
            _, dossier = open_dossier(typed, dossier_id)
            return len(store_entries(dossier, facts))
    except IntegrityError as problem:
        raise Invalid(TWICE, "file") from problem


def _read(data: bytes, forms: Sequence[AwardForm], form_id: int | None) -> list[EntryFacts]:
    reading = read_in_child(data)
    if reading.problem is not None:
        raise Invalid(reading.problem, "file")
    columns = columns_of(reading.table["headings"])
    if "name" not in columns:
        raise Invalid("Không thấy cột “Họ và tên”. Dùng tệp mẫu ở dưới.", "file")
    if reading.table["total"] > MOST_ENTRIES:
        raise Invalid(f"Tệp có {reading.table['total']} dòng; một hồ sơ có nhiều nhất {MOST_ENTRIES} tên.", "file")
    kinds = {form.id: form.recipient_kinds for form in forms}
    names = [(form.id, called(form)) for form in forms]
    facts: list[EntryFacts] = []
    wrong: list[str] = []
    there: dict[tuple[int, str, str, str], int] = {}
    for number, cells, section, encodings in (row for part in reading.parts for row in part):
        try:
            one = entry_of(_converted(cells, encodings), columns, section, names, form_id if form_id in kinds else None)
            values = checked_entry(one, kinds.get(one.form_id, []))
        except Invalid as problem:
            wrong.append(f"Dòng {number}: {problem.sentence}")
            continue
        key = (one.form_id, one.kind, str(values["printed_name"]), str(values["post"]))
        if key in there:
            wrong.append(f"Dòng {number}: trùng với dòng {there[key]}.")
        there[key] = number
        facts.append(one)
    if wrong:
        raise WrongRows(wrong)
    if not facts:
        raise Invalid("Tệp không có dòng nào dưới tiêu đề.", "file")
    return facts


def _converted(cells: Sequence[str], encodings: dict[str, str]) -> list[str]:
    return [convert(cell, Encoding(encodings[str(place)])).after if str(place) in encodings else cell for place, cell in enumerate(cells)]
