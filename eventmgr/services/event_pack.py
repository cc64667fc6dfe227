"""The event pack: a folder on a USB stick from which a spare laptop takes over, with the paper for when none runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from string import Template

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents import invitation as paper
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import backups, letters, printing, sign_in_sheets
from eventmgr.settings import Settings

ROOT = Path(__file__).parents[2]
TEXTS = Path(__file__).parents[1] / "pack"
PROGRAM = ("eventmgr", "templates", "static", "docs", "app.py", "requirements.txt", "README.md", "pyproject.toml", "Makefile",
           "package.json", "package-lock.json", ".ci")  # fmt: skip


@dataclass(frozen=True)
class Pack:
    """What the pack holds: the backup, and how many sheets of paper."""

    backup: backups.Made
    papers: int


def make_pack(settings: Settings, folder: Path, password: str, tell: Callable[[str], None] = lambda _: None) -> Pack:
    """Fill an empty or new folder; the backup in it is proven before this returns.

    Raises Conflict when the folder is not empty, Invalid for a short password or when the stick refuses.
    """
    backups.check_password(password)
    if folder.exists() and any(folder.iterdir()):
        raise Conflict("Thư mục này không trống; chọn một thư mục mới cho bộ dự phòng.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tell("Sao lưu dữ liệu và khóa")
        made = backups.make_backup(settings, folder / "sao-luu.evb", password)
        try:
            backups.verify(folder / "sao-luu.evb", password)
        except backups.FilesDiffer as problem:  # the spare laptop runs without them; whoever makes the pack must know
            tell(f"Lưu ý: {problem.sentence}")
        tell("Chép phần mềm")
        _copy_program(folder / "phan-mem")
        conferences = _conferences()
        papers = 0
        for conference in conferences:
            tell(f"Làm danh sách ký tên và giấy mời: {conference.short_title}")
            papers += _papers(conference, folder / "giay-to" / conference.slug)
        _texts(settings, folder, conferences)
    except OSError as problem:
        raise Invalid(f"Không ghi được bộ dự phòng: {problem.strerror or 'ổ đĩa từ chối'}.") from problem
    return Pack(made, papers)


def _conferences() -> list[Conference]:
    """The conferences that may still be held, and not their rehearsals."""
    wanted = sa.select(Conference).where(Conference.state.not_in(("closed", "archived")), Conference.is_rehearsal.is_(False))
    return list(db.session.scalars(wanted.order_by(Conference.id)))


def _papers(conference: Conference, folder: Path) -> int:
    folder.mkdir(parents=True)
    (folder / "danh-sach-ky-ten.pdf").write_bytes(sign_in_sheets.pdf(conference.id, None))
    ids = printing.issued_ids(conference.id)
    if not ids:
        return 1
    sheets = [letters.sheet_of(conference, invitation, held) for invitation, held in letters.loaded(conference.id, ids)]
    db.session.close()
    (folder / "giay-moi.pdf").write_bytes(paper.render_invitations(sheets, lambda done, total: None))
    return 2


def _copy_program(folder: Path) -> None:
    folder.mkdir()
    for name in PROGRAM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"), copy_function=shutil.copyfile)
        elif source.is_file():
            shutil.copyfile(source, folder / name)


def _texts(settings: Settings, folder: Path, conferences: list[Conference]) -> None:
    told = {
        "made_at": f"{to_local(clock.now()):%H:%M ngày %d/%m/%Y}", "base_url": settings.base_url,
        "titles": "; ".join(conference.short_title for conference in conferences) or "chưa có hội nghị nào",
    }  # fmt: skip
    (folder / "DOC-TRUOC.txt").write_text(Template((TEXTS / "DOC-TRUOC.txt").read_text()).substitute(told))
    (folder / "khoi-phuc.sh").write_text((TEXTS / "khoi-phuc.sh").read_text())
