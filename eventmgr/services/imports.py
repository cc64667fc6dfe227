"""Lists from spreadsheets: upload, columns, preview, into the list as one unit, and out again."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents import shelf as files
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.sheet_words import Field
from eventmgr.domain.text import clean
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Group
from eventmgr.models.imports import CHOICES, DOUBT, Import, ImportRow
from eventmgr.models.jobs import Job
from eventmgr.services import jobs, shelf
from eventmgr.services.import_judging import FIXABLE, Judge
from eventmgr.services.import_outcomes import rows_of, write_judged
from eventmgr.services.import_storing import note_import, refuse_undoing

READ, JUDGE, STORE, UNDO = "read_spreadsheet", "judge_import", "store_import", "undo_import"
KEPT_FOR = timedelta(days=7)
_BUSY = {"reading", "judging", "storing"}


def upload(conference_id: int, file_name: str, data: bytes, by: int | None) -> Import:
    """Keep a file for at most seven days and ask the job process to read it. Raises Invalid for no file."""
    name = clean(file_name.replace("\\", "/").rsplit("/", 1)[-1])[:200]
    if not name:
        raise Invalid("Chọn tệp danh sách.", "file")
    if not data:
        raise Invalid("Tệp trống, không có gì để nạp.", "file")
    kept_as = files.safe_name("nap", str(conference_id), secrets.token_hex(12), suffix="bin")
    files.put(shelf.folder(), kept_as, data)
    with transaction():
        task = Import(
            conference_id=conference_id, file_name=name, kept_as=kept_as, state="reading", created_at=clock.now(),
            created_by_id=by,
        )  # fmt: skip
        db.session.add(task)
        db.session.flush()
        _ask(task, READ, f"Đọc tệp {name}", by)
    forget_old_files()
    return task


def read_again(conference_id: int, import_id: int, sheet: str | None, header_row: int | None, by: int | None) -> None:
    """Read the file once more, from the sheet and the header row that a person names."""
    with transaction():
        task = _open(conference_id, import_id, {"unread", "mapping", "ready"})
        if task.kept_as is None:
            raise Conflict("Tệp đã được xóa sau 7 ngày. Tải tệp lên lại.")
        if sheet is not None and task.sheets and sheet not in task.sheets:
            raise Invalid("Chọn trang tính trong danh sách.", "sheet")
        if header_row is not None and not 1 <= header_row <= 30_000:
            raise Invalid("Số dòng tiêu đề tính từ 1.", "header_row")
        task.sheet, task.header_row, task.state = sheet, header_row, "reading"
        _ask(task, READ, f"Đọc tệp {task.file_name}", by)


def choose_columns(
    conference_id: int, import_id: int, columns: Sequence[str], group_id: int | None, converts: bool, by: int | None
) -> None:
    """Say what each column holds and into which group rows without one go; asks for the preview.

    The choice is remembered for the next file with the same headings. Raises Invalid when there is no name
    and no post among the columns, or when two columns claim to be the same.
    """
    fields = [_field(column) for column in columns]
    if not {Field.FULL_NAME, Field.GIVEN, Field.POST} & set(fields):
        raise Invalid("Chọn ít nhất cột họ và tên hoặc cột chức vụ.", "columns")
    for single in (Field.FULL_NAME, Field.FAMILY, Field.GIVEN, Field.GROUP, Field.BODY, Field.CODE):
        if fields.count(single) > 1:
            raise Invalid(f"Có hai cột cùng là “{single.label}”. Để một cột.", "columns")
    with transaction():
        task = _open(conference_id, import_id, {"mapping", "ready"})
        if len(fields) != len(task.headings):
            raise Invalid("Số cột không khớp với tệp. Mở lại trang này.", "columns")
        if group_id is not None and db.session.get_one(Group, group_id).conference_id != conference_id:
            raise NotFound("Không có nhóm này.")
        task.fields, task.group_id, task.converts, task.state = [one.value for one in fields], group_id, converts, "judging"
        _ask(task, JUDGE, f"So với danh sách: {task.file_name}", by)


def settle_rows(
    conference_id: int, import_id: int, fixes: dict[int, dict[str, str]], choices: dict[int, str], by: int | None
) -> int:
    """Mend cells and choose for rows, by their numbers in the file; return how many rows were judged anew."""
    with transaction():
        task = _open(conference_id, import_id, {"ready"})
        wanted = set(fixes) | set(choices)
        rows = db.session.scalars(sa.select(ImportRow).where(ImportRow.import_id == task.id, ImportRow.number.in_(wanted)))
        touched = [row.number for row in rows if _settle(row, fixes.get(row.number, {}), choices.get(row.number))]
        db.session.flush()
        if touched:
            judge = Judge(task)
            above = ImportRow.number < max(touched), ImportRow.verdict.in_(("new", "changed", "same")), ImportRow.number.not_in(touched)
            for part in rows_of(task.id, *above) if task.counts.get("total", 0) <= 2000 else ():
                for row in part:
                    judge.judge(row)
            for part in rows_of(task.id, ImportRow.number.in_(touched)):
                write_judged([judge.judge(row) for row in part])
            task.counts = counted(task.id)
    return len(touched)


def put_in(conference_id: int, import_id: int, by: int | None) -> None:
    """Ask for the good rows to go into the list; raises Conflict on a second press and when nothing would go in."""
    with transaction():
        task = _open(conference_id, import_id, {"ready"})
        if not going_in(task.counts):
            raise Conflict("Không có dòng nào để nạp.")
        task.state, task.problem = "storing", None
        _ask(task, STORE, f"Nạp tệp {task.file_name}", by)


def undo(conference_id: int, import_id: int, by: int | None) -> None:
    """Ask for a stored file to be taken out again; raises Conflict once a letter went out or somebody came in."""
    with transaction():
        task = _open(conference_id, import_id, {"stored"})
        refuse_undoing(task)
        task.state, task.problem = "storing", None
        _ask(task, UNDO, f"Hoàn tác lần nạp {task.file_name}", by)


def drop(conference_id: int, import_id: int, by: int | None) -> None:
    """Give a file up; its rows and the file itself are deleted, a choice of columns stays for the next one like it."""
    with transaction():
        task = _open(conference_id, import_id, {"unread", "mapping", "ready", *_BUSY})
        if task.state in _BUSY and not _has_stopped(task):
            raise Conflict("Tệp đang được xử lý. Đợi xong rồi bỏ.")
        if task.state != "ready":
            task.signature = None  # nobody has said yet what the columns are
        kept, task.kept_as, task.state = task.kept_as, None, "dropped"
        db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == task.id))
        note_import(task, "import.dropped", by, f"Bỏ tệp “{task.file_name}”, không nạp.")
    if kept:
        files.delete(shelf.folder(), kept)


def take_over(conference_id: int, import_id: int, sheet: str | None = None, header_row: int | None = None) -> None:
    """Take the file's waiting job off the list, because the caller does the work here and now."""
    with transaction():
        task = db.session.get_one(Import, import_id)
        if task.conference_id != conference_id:
            raise NotFound("Không có lần nạp này.")
        task.sheet, task.header_row = sheet or task.sheet, header_row or task.header_row
        db.session.execute(
            sa.update(Job).where(Job.id == task.job_id, Job.state == "waiting").values(state="done", finished_at=clock.now())
        )


def forget_old_files() -> int:
    """Delete uploaded files after seven days, with the rows of those that never went in; return how many."""
    before = clock.now() - KEPT_FOR
    old = sa.and_(Import.kept_as.is_not(None), Import.created_at < before)
    if db.session.scalar(sa.select(Import.id).where(old).limit(1)) is None:
        return 0
    with transaction():
        found = list(db.session.scalars(sa.select(Import).where(old)))
        names = [task.kept_as for task in found if task.kept_as]
        for task in found:
            task.kept_as = None
            if task.state in {"unread", "mapping", "ready", "reading", "judging"}:
                task.signature = task.signature if task.state == "ready" else None
                task.state = "dropped"
                db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == task.id))
    for name in names:
        files.delete(shelf.folder(), name)
    return len(names)


def going_in(counts: dict[str, int]) -> int:
    """Return how many rows the figures of a preview put into the list."""
    return sum(int(counts.get(name, 0)) for name in ("new", "changed", "alike_same", "alike_other"))


def counted(import_id: int) -> dict[str, int]:
    """Return how many rows there are of each verdict; left-out ones under 'skipped', duplicates by choice.

    'doubtful' are rows with a doubt that would go in, 'doubtful_new' those of them that are new.
    """
    rows = db.session.execute(
        sa.select(ImportRow.verdict, ImportRow.choice, sa.func.count(), sa.func.count(DOUBT)).where(ImportRow.import_id == import_id)
        .group_by(ImportRow.verdict, ImportRow.choice)
    )  # fmt: skip
    names = ("total", "new", "changed", "same", "alike", "wrong", "skipped", "alike_same", "alike_other", "doubtful", "doubtful_new")
    found: dict[str, int] = dict.fromkeys(names, 0)
    for verdict, choice, count, doubtful in rows:
        found["total"] += count
        if choice != "skip" and verdict in {"new", "changed", "alike"}:
            found["doubtful"] += doubtful
            found["doubtful_new"] += doubtful if verdict == "new" else 0
        if verdict == "alike":
            found["alike"] += count
        if choice == "skip" and verdict != "same":
            found["skipped"] += count
        elif verdict == "alike":
            found[f"alike_{choice or 'other'}"] += count
        if verdict in {"same", "wrong"} or (verdict in {"new", "changed"} and choice != "skip"):
            found[verdict] += count
    return found


def signature_of(text: str) -> str:
    """Return the digest by which a choice of columns is found again."""
    return hashlib.sha256(text.encode()).hexdigest()


def _settle(row: ImportRow, fixes: dict[str, str], choice: str | None) -> bool:
    """Put what was chosen at a row; tell whether it differs from what was there."""
    if choice is not None and choice not in CHOICES:
        raise Invalid("Chọn một trong các cách xử lý.")
    mended = {name: clean(text) for name, text in fixes.items() if name in FIXABLE}
    known = dict(row.read.get("fixes", {}))
    changed = any(known.get(name) != text for name, text in mended.items())
    if not changed and (choice is None or choice == row.choice):
        return False
    row.read = {**row.read, "fixes": known | mended}
    row.choice = choice if choice is not None else row.choice
    return True


def _open(conference_id: int, import_id: int, states: set[str]) -> Import:
    """The file, locked, in one of the states; a job that gave up counts as the step before it."""
    task = db.session.scalar(
        sa.select(Import).where(Import.id == import_id, Import.conference_id == conference_id).with_for_update()
    )
    if task is None:
        raise NotFound("Không có lần nạp này.")
    if task.state in _BUSY and _has_stopped(task):
        task.state = {"reading": "unread", "judging": "mapping"}.get(task.state, "stored" if task.stored_at else "ready")
    if task.state not in states:
        raise Conflict("Lần nạp này đã sang bước khác. Mở lại trang để xem.")
    return task


def _has_stopped(task: Import) -> bool:
    job = db.session.get(Job, task.job_id) if task.job_id else None
    return job is None or job.state in {"failed", "done"}


def _ask(task: Import, kind: str, title: str, by: int | None) -> None:
    total = int(task.counts.get("total", 0)) or 1
    task.job_id = jobs.add_job(task.conference_id, kind, title, {"import_id": task.id, "by": by}, total, by).id


def _field(text: str) -> Field:
    try:
        return Field(text)
    except ValueError:
        raise Invalid("Chọn nội dung của cột trong danh sách.", "columns") from None
