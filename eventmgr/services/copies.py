"""Backups on a schedule, each proven by a restore to a scratch place, old ones tidied away; or at once when asked."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid, Mistake
from eventmgr.models.copies import Copy
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services import backups
from eventmgr.settings import Settings

log = logging.getLogger("eventmgr.copies")

LEASE = timedelta(hours=1)
SHOWN = 30
_NIGHT = timedelta(hours=18)  # 01:00 in Viet Nam, from which the stretches of the schedule are counted
_settings: list[Settings] = []


def use(settings: Settings) -> None:
    """Make the copies of this instance; bootstrap says which."""
    _settings[:] = [settings]


@dataclass(frozen=True)
class Overview:
    """What the administrator sees: the newest copies, the last good one, the last proof, and the schedule."""

    copies: list[Copy]
    last_made: Copy | None
    last_proven: Copy | None
    is_open: bool
    every_hours: int
    keep: int
    folder: Path
    is_locked: bool


def overview() -> Overview:
    """Return what is known about the copies."""
    settings = _settings[0]
    newest = list(db.session.scalars(sa.select(Copy).order_by(Copy.id.desc()).limit(SHOWN)))
    return Overview(
        newest, _last(Copy.made_at), _last(Copy.proven_at), any(one.state in {"asked", "making"} for one in newest),
        settings.backup_hours, settings.backup_keep, settings.backup_folder, settings.backup_password_file is not None,
    )


def ages() -> dict[str, float | None]:
    """Return seconds since the last copy and since the last proof, for monitoring; None when there is none."""
    at = clock.now()
    made, proven = db.session.execute(sa.select(sa.func.max(Copy.made_at), sa.func.max(Copy.proven_at))).one()
    return {
        "backup_age_seconds": (at - made).total_seconds() if made else None,
        "backup_proof_age_seconds": (at - proven).total_seconds() if proven else None,
    }


def ask(by: int) -> None:
    """Ask the job process for a copy now. Raises Conflict while one is already waiting."""
    try:
        with transaction():
            copy = Copy(asked_at=clock.now(), asked_by_id=by)
            db.session.add(copy)
            db.session.flush()
            record("backup.asked", clock.now(), conference_id=None, account_id=by, subject="copy", subject_id=copy.id, sentence="Yêu cầu sao lưu.")
    except IntegrityError as problem:
        raise Conflict("Một bản sao lưu đang chờ làm; đợi bản ấy xong.") from problem


def work() -> bool:
    """Make the copy that is due or asked for, prove it, tidy old ones away; return whether there was one to make."""
    settings = _settings[0]
    _ask_when_due(settings)
    copy_id = _claim()
    if copy_id is None:
        return False
    path = settings.backup_folder / f"hoi-nghi-{to_local(clock.now()):%Y%m%d-%H%M%S}-{copy_id}.evb"
    try:
        password = _password(settings)
        made = backups.make_backup(settings, path, password)
        _note(copy_id, state="made", made_at=clock.now(), file_name=path.name, bytes=made.bytes, rows=made.rows, is_locked=made.has_key)
        backups.verify(path, password)
        _note(copy_id, proven_at=clock.now())
    except Mistake as problem:
        _fail(copy_id, problem.sentence)
    except Exception:
        log.exception("copy %s failed", copy_id)
        _fail(copy_id, "Lỗi khi sao lưu; xem nhật ký của tiến trình nền.")
    else:
        tidy(settings)
    return True


def tidy(settings: Settings) -> None:
    """Remove the files of copies beyond the number that is kept; the newest proven one always stays."""
    kept = list(
        db.session.scalars(
            sa.select(Copy).where(Copy.file_name.is_not(None), Copy.removed_at.is_(None)).order_by(Copy.id.desc())
        )
    )
    proven = next((one.id for one in kept if one.proven_at), None)
    old = [(one.id, str(one.file_name)) for one in kept[settings.backup_keep :] if one.id != proven]
    db.session.close()
    for copy_id, name in old:
        (settings.backup_folder / name).unlink(missing_ok=True)
        _note(copy_id, removed_at=clock.now())


def slot_of(at: datetime, hours: int) -> str:
    """Return the stretch of the schedule that a moment lies in."""
    return f"{hours}h-{int((at - _NIGHT).timestamp()) // (hours * 3600)}"


def _ask_when_due(settings: Settings) -> None:
    if settings.backup_hours == 0:
        return
    slot = slot_of(clock.now(), settings.backup_hours)
    if db.session.scalar(sa.select(Copy.id).where(sa.or_(Copy.slot == slot, Copy.state == "asked")).limit(1)) is not None:
        db.session.close()
        return
    try:
        with transaction():
            db.session.add(Copy(slot=slot, asked_at=clock.now()))
    except IntegrityError:
        return  # another job process was quicker


def _claim() -> int | None:
    at = clock.now()
    lost = sa.and_(Copy.state == "making", Copy.claimed_until < at)
    found = db.session.scalar(sa.select(Copy.id).where(sa.or_(Copy.state == "asked", lost)).order_by(Copy.id).limit(1))
    db.session.close()
    if found is None:
        return None
    try:
        with transaction():
            taken = db.session.execute(
                sa.update(Copy).where(Copy.id == found, sa.or_(Copy.state == "asked", lost))
                .values(state="making", claimed_until=at + LEASE)
            )  # fmt: skip
            return found if taken.rowcount == 1 else None  # type: ignore[attr-defined]
    except IntegrityError:
        return None  # one is being made


def _note(copy_id: int, **values: object) -> None:
    with transaction():
        db.session.execute(sa.update(Copy).where(Copy.id == copy_id).values(**values))


def _fail(copy_id: int, sentence: str) -> None:
    with transaction():
        db.session.execute(sa.update(Copy).where(Copy.id == copy_id).values(state="failed", problem=sentence[:500]))
        record("backup.failed", clock.now(), conference_id=None, actor="system", subject="copy", subject_id=copy_id, sentence=f"Sao lưu không xong: {sentence}")


def _last(column: sa.orm.InstrumentedAttribute[datetime | None]) -> Copy | None:
    return db.session.scalars(sa.select(Copy).where(column.is_not(None)).order_by(column.desc(), Copy.id.desc()).limit(1)).first()


def _password(settings: Settings) -> str | None:
    if settings.backup_password_file is None:
        return None
    try:
        return settings.backup_password_file.read_text().split("\n", 1)[0].strip("\r")
    except OSError as problem:
        raise Invalid("Không đọc được tệp mật khẩu trong EVENTMGR_BACKUP_PASSWORD_FILE.") from problem
