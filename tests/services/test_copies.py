"""Copies: once per stretch whatever number of job processes, proven, tidied, told when they fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain.errors import Conflict
from eventmgr.models.accounts import Account
from eventmgr.models.copies import Copy
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import Entry
from eventmgr.services import backups, copies
from eventmgr.settings import Settings

pytestmark = pytest.mark.database("sqlite")  # on PostgreSQL a copy is made by the same call, see test_backups


@pytest.fixture
def settings(app: Flask, tmp_path: Path) -> Settings:
    found = app.extensions["eventmgr"].settings
    assert isinstance(found, Settings)
    made = replace(found, backup_dir=tmp_path / "usb", backup_keep=2)
    copies.use(made)
    return made


def all_copies() -> list[Copy]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Copy).order_by(Copy.id)))


def age_everything(hours: int) -> None:
    """Let the copies be of an earlier stretch of the schedule."""
    with transaction():
        for one in db.session.scalars(sa.select(Copy).where(Copy.slot.is_not(None))):
            one.slot = f"old-{one.id}"
            one.asked_at -= timedelta(hours=hours)


def test_a_copy_is_made_and_proven_once_per_stretch(settings: Settings) -> None:
    assert (copies.work(), copies.work()) == (True, False)
    (copy,) = all_copies()
    assert (copy.state, copy.problem, copy.is_locked) == ("made", None, False)
    assert copy.made_at is not None and copy.proven_at is not None and copy.file_name is not None
    assert backups.verify(settings.backup_folder / copy.file_name).tables["accounts"][0] > 0
    assert copy.bytes == (settings.backup_folder / copy.file_name).stat().st_size
    known = copies.overview()
    assert known.last_made is not None and known.last_proven is not None and known.last_proven.id == copy.id


def test_old_copies_are_tidied_and_the_newest_proven_one_stays(settings: Settings) -> None:
    for _ in range(3):
        copies.work()
        age_everything(24)
    assert [one.removed_at is not None for one in all_copies()] == [True, False, False]
    assert sorted(path.name for path in settings.backup_folder.iterdir()) == [one.file_name for one in all_copies()[1:]]
    with transaction():
        db.session.execute(sa.update(Copy).where(Copy.id > 2).values(proven_at=None))
    copies.tidy(replace(settings, backup_keep=1))
    assert [one.removed_at is not None for one in all_copies()] == [True, False, False]


def test_two_asks_wait_as_one_and_the_schedule_waits_behind(settings: Settings) -> None:
    by = db.session.scalars(sa.select(Account.id)).first()
    assert by is not None
    copies.ask(by)
    with pytest.raises(Conflict, match="đang chờ"):
        copies.ask(by)
    assert copies.work() is True
    assert [one.asked_by_id for one in all_copies()] == [by]


def test_a_copy_whose_process_died_is_made_by_another(settings: Settings) -> None:
    with transaction():
        db.session.add(Copy(state="making", asked_at=clock.now(), claimed_until=clock.now() - timedelta(seconds=1)))
    copies.use(replace(settings, backup_hours=0))
    assert copies.work() is True
    assert [one.state for one in all_copies()] == ["made"]
    with transaction():
        db.session.add(Copy(state="making", asked_at=clock.now(), claimed_until=clock.now() + timedelta(minutes=5)))
    assert copies.work() is False


def test_a_failure_is_told_in_words(settings: Settings, tmp_path: Path) -> None:
    copies.use(replace(settings, backup_password_file=tmp_path / "missing"))
    assert copies.work() is True
    (copy,) = all_copies()
    assert (copy.state, copy.problem) == ("failed", "Không đọc được tệp mật khẩu trong EVENTMGR_BACKUP_PASSWORD_FILE.")
    newest = db.session.scalars(sa.select(Entry).order_by(Entry.id.desc())).first()
    assert newest is not None and newest.sentence == f"Sao lưu không xong: {copy.problem}"


def test_with_a_password_file_the_copies_are_locked(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("mat khau rat dai\n")
    copies.use(replace(settings, backup_password_file=tmp_path / "password"))
    copies.work()
    (copy,) = all_copies()
    assert copy.is_locked is True
    assert backups.is_locked(settings.backup_folder / str(copy.file_name)) is True


def test_the_stretches_begin_at_one_in_the_night() -> None:
    night = datetime(2015, 12, 28, 18, 0, tzinfo=UTC)  # 01:00 on the 29th in Viet Nam
    assert copies.slot_of(night, 24) == copies.slot_of(night + timedelta(hours=23, minutes=59), 24)
    assert copies.slot_of(night - timedelta(seconds=1), 24) != copies.slot_of(night, 24)
