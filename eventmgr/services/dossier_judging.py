"""What each row of a body's list means for its dossier; a private part of the import of dossiers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from eventmgr.domain.dossier_rows import entry_of
from eventmgr.domain.dossiers import MOST_ENTRIES, EntryFacts, checked_entry
from eventmgr.domain.errors import Invalid
from eventmgr.domain.legacy_text import Encoding, convert
from eventmgr.models.awards import AwardForm
from eventmgr.models.dossiers import DossierEntry, DossierList
from eventmgr.services.award_parts import called

_FIELDS = {"printed_name": "họ và tên", "post": "chức vụ, đơn vị", "achievement": "thành tích", "leader_name": "người đứng đầu", "leader_post": "chức vụ người đứng đầu"}


@dataclass(frozen=True)
class JudgedRow:
    """A row with its cells as they read now and what it proposes, or in `problem` the sentence why it stays out."""

    number: int
    cells: list[str]
    section: str
    facts: EntryFacts | None
    form: str
    problem: str | None


def judged(task: DossierList, forms: Sequence[AwardForm], there: Sequence[DossierEntry]) -> list[JudgedRow]:
    """Return all rows of a list in its order, told against the forms that are open and what the dossier has."""
    rows = _Rows(task, forms, there)
    return [rows.judge(*row) for row in task.rows]


def digest_of(rows: Sequence[JudgedRow]) -> str:
    """Return what changes as soon as a row would go in otherwise than it was shown."""
    return hashlib.sha256(repr([(row.number, row.facts, row.problem) for row in rows]).encode()).hexdigest()[:16]


def read_cells(cells: Sequence[str], encodings: dict[str, str], converts: bool) -> list[str]:
    """Return the cells of a row, those in fonts before Unicode converted."""
    if not converts:
        return list(cells)
    return [convert(cell, Encoding(encodings[str(place)])).after if str(place) in encodings else cell for place, cell in enumerate(cells)]


class _Rows:
    """Knows what is in the dossier and in the rows above."""

    def __init__(self, task: DossierList, forms: Sequence[AwardForm], there: Sequence[DossierEntry]) -> None:
        self.task = task
        self.kinds = {form.id: form.recipient_kinds for form in forms}
        self.names = [(form.id, called(form)) for form in forms]
        self.columns = [name or None for name in task.fields]
        self.form_id = task.form_id if task.form_id in self.kinds else None
        living = [one for one in there if one.state != "withdrawn"]
        self.known = {(one.form_id, one.kind, one.printed_name, one.post): "đã có trong hồ sơ, không thêm lần nữa." for one in living}
        self.room = MOST_ENTRIES - len(living)

    def judge(self, number: int, cells: list[str], section: str, encodings: dict[str, str]) -> JudgedRow:
        """Return the outcome of a row."""
        read = read_cells(cells, encodings, self.task.converts)
        try:
            facts = self._facts(number, read, section)
        except Invalid as problem:
            return JudgedRow(number, read, section, None, "", self._said(problem))
        return JudgedRow(number, read, section, facts, dict(self.names)[facts.form_id], None)

    def _facts(self, number: int, cells: list[str], section: str) -> EntryFacts:
        facts = entry_of(cells, self.columns, section, self.names, self.form_id)
        values = checked_entry(facts, self.kinds.get(facts.form_id, []))
        key = (facts.form_id, str(values["kind"]), str(values["printed_name"]), str(values["post"]))
        if key in self.known:
            raise Invalid(self.known[key])
        if not self.room:
            raise Invalid(f"hồ sơ đã đủ {MOST_ENTRIES} tên; lập hồ sơ khác cho tên này.")
        self.known[key] = f"trùng với dòng {number}."
        self.room -= 1
        return facts

    @staticmethod
    def _said(problem: Invalid) -> str:
        words = _FIELDS.get(problem.field or "", "")
        sentence = f"{words}: {problem.sentence[0].lower()}{problem.sentence[1:]}" if words and problem.sentence.startswith(("Dài", "Cần", "Họ tên chỉ")) else problem.sentence
        return f"{sentence[0].upper()}{sentence[1:]}"
