"""Load a plan file: once makes the conference, again changes nothing, a changed file shows what would change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from eventmgr import clock
from eventmgr.domain.plan import Plan, PlanError, read_plan
from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm
from eventmgr.models.checkin import Gate
from eventmgr.models.conferences import BudgetLine, Conference, Paper, PlanRecipient, Task
from eventmgr.models.conferences import Plan as PlanRow
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group, Rank
from eventmgr.models.journal import record
from eventmgr.models.wording import WordingBlock
from eventmgr.services.delegate_keys import body_search_key, fill_keys
from eventmgr.services.plan_rows import LABELS, TABLES, Rows, plain, rows_of
from eventmgr.services.programme_versions import publish_within

LARGEST = 2 * 1024 * 1024
MODELS: dict[str, Any] = {
    "groups": Group, "bodies": Body, "ranks": Rank, "award_forms": AwardForm, "delegates": Delegate, "items": Item,
    "tasks": Task, "papers": Paper, "budget_lines": BudgetLine, "recipients": PlanRecipient,
    "wording": WordingBlock,
}
_KEY_COLUMN = {"ranks": "value", "recipients": "position", "wording": "plan_key"}


class PlanFileProblem(Exception):
    """The file cannot be used; `sentences` say everything that is wrong with it, in Vietnamese."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Change:
    """One field that the file has changed; `kept` when the office has changed it too, so that it stays."""

    table: str
    key: str
    name: str
    old: Any
    new: Any
    kept: bool = False


@dataclass
class Outcome:
    """What loading did, or would do."""

    slug: str
    created: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    added: list[tuple[str, str]] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    stored: bool = False

    def lines(self) -> list[str]:
        """Return the outcome as sentences."""
        if self.created:
            counted = ", ".join(f"{count} {LABELS[table]}" for table, count in self.created.items() if table != "conference")
            return [f"Đã nạp hội nghị {self.slug}: {counted}."] if self.stored else [f"Sẽ nạp hội nghị {self.slug}: {counted}."]
        if not (self.changes or self.added or self.missing):
            return [f"Hội nghị {self.slug} đã đúng như tệp; không có gì thay đổi."]
        return [
            *(_change_line(change) for change in self.changes),
            *(f"+ {LABELS[table]} {key}" for table, key in self.added),
            *(f"? {LABELS[table]} {key}: không còn trong tệp; hệ thống giữ lại." for table, key in self.missing),
            "Đã ghi các thay đổi." if self.stored else "Chưa ghi gì. Thêm --update để ghi.",
        ]


def load_file(file: Path, *, update: bool = False, dry_run: bool = False) -> Outcome:
    """Load a plan file and return what was done.

    A conference that is not there is made; for one that is there the file's changes since the last load
    are shown, and stored with `update`. A field that the office has changed itself is kept.
    Raises PlanFileProblem with every problem of the file; then nothing is stored.
    """
    text, plan = _read(file)
    rows, digest = rows_of(plan), hashlib.sha256(text).hexdigest()
    conference = db.session.scalar(sa.select(Conference).where(Conference.slug == plan.slug))
    if conference is None:
        return _create(plan, rows, digest, dry_run)
    stored = plan_of(conference.id)
    if stored is None:
        raise PlanFileProblem([f"Đã có hội nghị “{plan.slug}” không lập từ kế hoạch; đổi slug trong tệp."])
    outcome = _compare(conference, stored.facts["rows"], rows)
    if update and not dry_run and (outcome.changes or outcome.added or stored.digest != digest):
        _update(conference.id, plan, rows, digest, outcome)
    return outcome


def plan_of(conference_id: int) -> PlanRow | None:
    """Return the plan a conference came from, if it came from one."""
    return db.session.scalar(sa.select(PlanRow).where(PlanRow.conference_id == conference_id))


@dataclass(frozen=True)
class PlanParts:
    """What the plan page shows beside the plan itself."""

    tasks: list[Task]
    papers: list[Paper]
    budget: list[BudgetLine]
    recipients: list[PlanRecipient]


def parts_of(conference_id: int) -> PlanParts:
    """Return duties, papers, budget lines and recipients of a conference's plan."""

    def rows(table: Any) -> list[Any]:
        return list(db.session.scalars(sa.select(table).where(table.conference_id == conference_id).order_by(table.position)))

    return PlanParts(rows(Task), rows(Paper), rows(BudgetLine), rows(PlanRecipient))


class _PlainLoader(yaml.SafeLoader):
    """Plain values only, each written out: what repeats itself by name can grow beyond all memory."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Return the next node; raises YAMLError for an alias."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "an alias", mark)
        return super().compose_node(parent, index)


def _read(file: Path) -> tuple[bytes, Plan]:
    try:
        if file.stat().st_size > LARGEST:
            raise PlanFileProblem(["Tệp kế hoạch lớn quá 2 MB; tệp này không phải tệp kế hoạch."])
        text = file.read_bytes()
    except OSError as error:
        raise PlanFileProblem([f"Không đọc được tệp {file.name}."]) from error
    try:
        data = yaml.load(text.decode("utf-8"), _PlainLoader)
    except UnicodeDecodeError as error:
        raise PlanFileProblem(["Tệp không phải văn bản UTF-8."]) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" ở dòng {mark.line + 1}" if mark else ""
        raise PlanFileProblem([f"Tệp không đúng cú pháp YAML{where}."]) from error
    try:
        return text, read_plan(data)
    except PlanError as error:
        raise PlanFileProblem(list(error.problems)) from error


def _create(plan: Plan, rows: Rows, digest: str, dry_run: bool) -> Outcome:
    outcome = Outcome(plan.slug, created={table: len(rows[table]) for table in TABLES}, stored=not dry_run)
    if dry_run:
        return outcome
    at = clock.now()
    with transaction():
        conference = Conference(slug=plan.slug, created_at=at, **_typed(Conference, rows["conference"][""]))
        db.session.add(conference)
        db.session.flush()
        db.session.add(Gate(conference_id=conference.id, name="Cửa chính", position=1))
        db.session.add(
            PlanRow(
                conference_id=conference.id, key=plan.document.key, number=plan.document.number, dated_on=plan.document.date,
                issuer=plan.document.issuer, title=plan.document.title, digest=digest, loaded_at=at,
                facts={"rows": rows, "whole": plain(plan)},
            )
        )
        writer = _Writer(conference.id, rows, at)
        for table in TABLES[1:]:
            for key in rows[table]:
                writer.add(table, key)
        publish_within(conference.id, at, actor=plan.document.number)  # the plan itself has made it known
        record(
            "plan.loaded", at, conference_id=conference.id, subject="plan",
            sentence=f"Nạp {plan.document.type_name} số {plan.document.number}.",
        )
    return outcome


class _Writer:
    """Turns rows with keys into table rows of one conference."""

    def __init__(self, conference_id: int, rows: Rows, at: datetime) -> None:
        self.conference_id, self.rows, self.at = conference_id, rows, at
        self.ids: dict[tuple[str, str], int] = {}
        self.made: dict[tuple[str, str], Any] = {}
        self.ranks: list[Rank] = []

    def know(self, table: str, row: Any) -> None:
        """Remember a row that is there already."""
        key = str(getattr(row, _KEY_COLUMN.get(table, "key")))
        self.ids[(table, key)], self.made[(table, key)] = row.id, row
        if table == "ranks":
            self.ranks.append(row)

    def values(self, table: str, values: dict[str, Any]) -> dict[str, Any]:
        """Return values with references turned into ids."""
        ready = _typed(MODELS[table], values)
        for name, target in (("group_key", "groups"), ("body_key", "bodies"), ("parent_key", "items")):
            if name in values:
                column = name.replace("_key", "_id")
                ready[column] = self.ids.get((target, values[name])) if values[name] else None
        return ready

    def add(self, table: str, key: str) -> None:
        """Store one row of the plan."""
        values = self.rows[table][key]
        made = MODELS[table](conference_id=self.conference_id, **self.values(table, values))
        if table not in _KEY_COLUMN:
            made.key = key
        if table == "delegates":
            made.created_at = self.at
        self.fill(table, key, made)
        db.session.add(made)
        db.session.flush()
        self.know(table, made)

    def fill(self, table: str, key: str, row: Any) -> None:
        """Compute the search and sorting keys of a row."""
        values = self.rows[table].get(key, {})
        if table == "bodies":
            row.search_key = body_search_key(" ".join([row.name, *values.get("aliases", [])]), row.seat_in_group)
        if table == "delegates":
            body = self.made.get(("bodies", str(values.get("body_key"))))
            group = self.made.get(("groups", str(values.get("group_key"))))
            fill_keys(row, self.ranks, body, group)


def _compare(conference: Conference, before: Rows, after: Rows) -> Outcome:
    outcome = Outcome(conference.slug)
    for table in TABLES:
        old_rows, new_rows = before.get(table, {}), after[table]
        current = {"": conference} if table == "conference" else _current(conference.id, table)
        for key, values in new_rows.items():
            if key not in old_rows:
                outcome.added.append((table, key))
                continue
            row = current.get(key)
            for name, new in values.items():
                old = old_rows[key].get(name)
                if old != new:
                    mine = plain(getattr(row, name)) if row is not None and hasattr(row, name) else old
                    outcome.changes.append(Change(table, key, name, old, new, kept=row is None or mine not in (old, new)))
        outcome.missing += [(table, key) for key in old_rows if key not in new_rows]
    return outcome


def _update(conference_id: int, plan: Plan, rows: Rows, digest: str, outcome: Outcome) -> None:
    at = clock.now()
    with transaction():
        conference = db.session.get_one(Conference, conference_id)
        writer = _Writer(conference_id, rows, at)
        for table in MODELS:
            for row in _current(conference_id, table).values():
                writer.know(table, row)
        for table, key in outcome.added:
            writer.add(table, key)
        for change in outcome.changes:
            if change.kept:
                continue
            row = conference if change.table == "conference" else writer.made[(change.table, change.key)]
            ready = (
                _typed(Conference, {change.name: change.new})
                if change.table == "conference"
                else writer.values(change.table, {change.name: change.new})
            )
            for name, value in ready.items():
                setattr(row, name, value)
            if change.table != "conference":
                writer.fill(change.table, change.key, row)
        stored = db.session.scalars(sa.select(PlanRow).where(PlanRow.conference_id == conference_id)).one()
        stored.digest, stored.loaded_at, stored.facts = digest, at, {"rows": rows, "whole": plain(plan)}
        record("plan.updated", at, conference_id=conference_id, subject="plan", sentence="Cập nhật theo tệp kế hoạch đã sửa.")
    outcome.stored = True


def _current(conference_id: int, table: str) -> dict[str, Any]:
    model = MODELS[table]
    rows = db.session.scalars(sa.select(model).where(model.conference_id == conference_id).order_by(model.id))
    return {str(getattr(row, _KEY_COLUMN.get(table, "key"))): row for row in rows}


def _typed(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that are columns of the table, dates and hours as such."""
    columns = {column.key: column.columns[0].type for column in sa.inspect(model).column_attrs}
    ready = {}
    for name, value in values.items():
        if name not in columns:
            continue
        if isinstance(value, str) and isinstance(columns[name], sa.Date):
            value = date.fromisoformat(value)
        elif isinstance(value, str) and isinstance(columns[name], sa.Time):
            value = time.fromisoformat(value)
        ready[name] = value
    return ready


def _change_line(change: Change) -> str:
    where = f"{LABELS[change.table]} {change.key}".strip()
    kept = " (văn phòng đã sửa mục này: giữ nguyên)" if change.kept else ""
    return f"~ {where}, {change.name}: “{change.old}” → “{change.new}”{kept}"
