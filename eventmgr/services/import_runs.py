"""A whole import in one go, without pages: for the command line, by the same steps and the same rules."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.domain.text import spelled_alike
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Group
from eventmgr.models.imports import ImportRow
from eventmgr.services import import_lists, import_work, imports

_WORDS = (
    ("new", "mới"), ("changed", "thay đổi"), ("alike", "có thể trùng"), ("wrong", "sai"), ("skipped", "bỏ qua"),
    ("same", "không đổi"),
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What to print, and the wrong rows as .xlsx when there are any."""

    lines: list[str]
    wrong_file: bytes | None


def run_import(
    file_name: str, data: bytes, slug: str | None = None, group: str | None = None, sheet: str | None = None,
    header_row: int | None = None, *, dry_run: bool = False,
) -> Done:  # fmt: skip
    """Read a file, compare it, and put its good rows in unless `dry_run`; likely duplicates as the preview proposes.

    Raises NotFound for an unknown conference or group and Invalid for a file that cannot be read.
    """
    conference_id = _conference(slug)
    group_id = _group(conference_id, group) if group else None
    import_id = imports.upload(conference_id, file_name, data, None).id
    _step(conference_id, import_id, import_work.read_spreadsheet, sheet, header_row)
    task = import_lists.get(conference_id, import_id).task
    if task.state == "unread":
        sentence = task.problem
        imports.drop(conference_id, import_id, None)
        raise Invalid(sentence)
    imports.choose_columns(conference_id, import_id, task.fields, group_id or task.group_id, True, None)
    _step(conference_id, import_id, import_work.judge_import)
    task = import_lists.get(conference_id, import_id).task
    lines = [f"{task.file_name}, trang tính “{task.sheet}”: {task.counts['total']} dòng", *task.notes]
    lines.append(", ".join(f"{task.counts[name]} {word}" for name, word in _WORDS))
    lines += _wrong_lines(import_id)
    wrong = import_lists.wrong_rows_file(conference_id, import_id)[1] if task.counts["wrong"] else None
    if dry_run:
        imports.drop(conference_id, import_id, None)
        return Done([*lines, "Chỉ xem, chưa ghi gì."], wrong)
    if not imports.going_in(task.counts):
        return Done([*lines, "Không có dòng nào để nạp."], wrong)
    imports.put_in(conference_id, import_id, None)
    _step(conference_id, import_id, import_work.store_import)
    task = import_lists.get(conference_id, import_id).task
    if task.state != "stored":
        raise Invalid(task.problem)
    return Done([*lines, f"Đã nạp: thêm {task.counts['added']}, sửa {task.counts['edited']} đại biểu."], wrong)


def _step(conference_id: int, import_id: int, work: import_work.Work, sheet: str | None = None, row: int | None = None) -> None:
    """Do here what the job process would do; its job is taken off the list first, so that nobody does it twice."""
    imports.take_over(conference_id, import_id, sheet, row)
    work(conference_id, {"import_id": import_id, "by": None}, lambda done, total: None)


def _conference(slug: str | None) -> int:
    rows = db.session.execute(sa.select(Conference.id, Conference.slug)).all()
    found = [row.id for row in rows if slug in {None, row.slug}]
    if len(found) != 1:
        raise NotFound("Ghi rõ hội nghị bằng --conference: " + ", ".join(row.slug for row in rows))
    return int(found[0])


def _group(conference_id: int, text: str) -> int:
    rows = db.session.scalars(sa.select(Group).where(Group.conference_id == conference_id).order_by(Group.position))
    for one in rows:
        names = (one.label, one.short_label, one.key, str(one.position))
        if any(name and spelled_alike(name) == spelled_alike(text) for name in names):
            return one.id
    raise NotFound(f"Không có nhóm “{text}”.")


def _wrong_lines(import_id: int) -> list[str]:
    rows = db.session.execute(
        sa.select(ImportRow.number, ImportRow.problems).where(ImportRow.import_id == import_id, ImportRow.verdict == "wrong")
        .order_by(ImportRow.number).limit(100)
    )  # fmt: skip
    return [f"Dòng {row.number}: {' '.join(sentence for _, sentence in row.problems)}" for row in rows]
