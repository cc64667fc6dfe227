"""The papers of a conference as the office keeps them: titles, owners, files, who may have them and from when."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.documents import uploaded_files
from eventmgr.documents.uploaded_files import ACCEPT as ACCEPT
from eventmgr.documents.uploaded_files import SAID as SAID
from eventmgr.documents.uploaded_files import Unacceptable
from eventmgr.documents.uploaded_files import Upload as Upload
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.plan_words import Audience
from eventmgr.domain.releases import Release, Terms
from eventmgr.domain.text import clean
from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Paper
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.models.papers import PaperFile, PaperOpening
from eventmgr.services import shelf

MOST_PAPERS = 300
OFFICE_MADE = "m-"
GONE = "Tài liệu này không có, hoặc chưa được phát hành."
DISK_REFUSES = "Ổ đĩa của máy chủ không nhận tệp (có thể đã đầy). Báo quản trị hệ thống."


@dataclass(frozen=True)
class PaperFacts:
    """What the office types about a paper; `release_at` is aware. Release counts once there is a file."""

    title: str
    owner: str
    audience: str
    item_id: int | None = None
    release: str = Release.HELD.value
    release_at: datetime | None = None


@dataclass(frozen=True)
class KeptPaper:
    """A paper with its file (if one was uploaded), the item it belongs to, and how many delegates have opened it."""

    paper: Paper
    file: PaperFile | None
    item_id: int | None
    delegates: int

    @property
    def terms(self) -> Terms:
        """On what terms its file is handed out."""
        file = self.file
        return Terms(
            Audience(self.paper.audience), Release(file.release) if file else Release.HELD, file.release_at if file else None,
            self.item_id,
        )

    @property
    def label(self) -> str:
        """What kind of file it is and how heavy: 'PDF, 1,2 MB'."""
        if self.file is None:
            return ""
        return f"{uploaded_files.Kind.of(self.file.suffix).label}, {uploaded_files.weight(self.file.bytes)}"


def folder() -> Path:
    """Return where the files of papers lie; a backup takes them along with everything on the shelf."""
    return shelf.folder() / "tai-lieu"


def kept_papers(conference_id: int, paper_id: int | None = None) -> list[KeptPaper]:
    """Return the papers of a conference (or one of them) in their order; two queries."""
    counts = (
        sa.select(PaperOpening.file_id, sa.func.count().label("delegates")).where(PaperOpening.conference_id == conference_id)
        .group_by(PaperOpening.file_id).subquery()
    )  # fmt: skip
    asked = (
        sa.select(Paper, PaperFile, sa.func.coalesce(counts.c.delegates, 0))
        .outerjoin(PaperFile, PaperFile.paper_id == Paper.id)
        .outerjoin(counts, counts.c.file_id == PaperFile.id)
        .where(Paper.conference_id == conference_id)
        .order_by(Paper.position, Paper.id)
    )
    if paper_id is not None:
        asked = asked.where(Paper.id == paper_id)
    rows = db.session.execute(asked).all()
    items = {key: item_id for key, item_id in db.session.execute(sa.select(Item.key, Item.id).where(Item.conference_id == conference_id))}
    return [KeptPaper(paper, file, items.get(paper.item_key or ""), int(count)) for paper, file, count in rows]


def papers_with_files(conference_id: int) -> list[KeptPaper]:
    """Return the papers that have a file, nobody's openings counted; one query, for pages that many people look at."""
    asked = (
        sa.select(Paper, PaperFile, Item.id)
        .join(PaperFile, PaperFile.paper_id == Paper.id)
        .outerjoin(Item, sa.and_(Item.conference_id == Paper.conference_id, Item.key == Paper.item_key))
        .where(Paper.conference_id == conference_id)
        .order_by(Paper.position, Paper.id)
    )
    return [KeptPaper(paper, file, item_id, 0) for paper, file, item_id in db.session.execute(asked)]


def kept_paper(conference_id: int, paper_id: int) -> KeptPaper:
    """Return one paper; raises NotFound."""
    found = kept_papers(conference_id, paper_id)
    if not found:
        raise NotFound("Không có tài liệu này.")
    return found[0]


def save_paper(
    conference_id: int, paper_id: int | None, facts: PaperFacts, by: int, *, upload: Upload | None = None, actor: str = ""
) -> int:
    """Add a paper or change one, with a new file where one was sent; return its number.

    Raises Invalid for what was typed, NotFound, Conflict when the list is full or somebody uploads at the same moment.
    """
    values = _checked(facts)
    fresh = _written(upload) if upload else None
    try:
        with transaction():
            paper = _own(conference_id, paper_id) if paper_id is not None else _added(conference_id, values)
            paper.title, paper.owner, paper.audience = values.title, values.owner, values.audience
            paper.item_key = _item_key(conference_id, values.item_id)
            db.session.flush()
            old = _put_file(paper, values, upload, fresh, by)
            what = f"tải tệp {upload.name} cho" if upload else "sửa" if paper_id else "thêm"
            _tell(paper, by, actor, f"Tài liệu: {what} “{paper.title}”.")
            number = paper.id
    except BaseException as problem:
        if fresh:
            uploaded_files.forget(folder(), fresh)
        if isinstance(problem, IntegrityError):
            raise Conflict("Có người vừa tải tệp khác cho tài liệu này. Mở lại trang để xem.") from problem
        raise
    if old:
        uploaded_files.forget(folder(), old)
    return number


def remove_file(conference_id: int, paper_id: int, by: int, actor: str = "") -> None:
    """Take the file of a paper away for good; without one it changes nothing. Raises NotFound."""
    with transaction():
        paper = _own(conference_id, paper_id)
        file = db.session.scalar(sa.select(PaperFile).where(PaperFile.paper_id == paper.id))
        if file is None:
            return
        kept_as = file.kept_as
        db.session.delete(file)
        _tell(paper, by, actor, f"Tài liệu: bỏ tệp {file.file_name} của “{paper.title}”.")
    uploaded_files.forget(folder(), kept_as)


def remove_paper(conference_id: int, paper_id: int, by: int, actor: str = "") -> None:
    """Remove a paper that the office added and that has no file. Raises NotFound, Conflict for any other."""
    with transaction():
        paper = _own(conference_id, paper_id)
        if not paper.key.startswith(OFFICE_MADE):
            raise Conflict("Tài liệu này do kế hoạch nêu nên không xóa được.")
        if db.session.scalar(sa.select(PaperFile.id).where(PaperFile.paper_id == paper.id)) is not None:
            raise Conflict("Bỏ tệp của tài liệu này trước, rồi mới xóa.")
        _tell(paper, by, actor, f"Tài liệu: xóa “{paper.title}”.")
        db.session.delete(paper)


def tell_due() -> bool:
    """Tell the screens of papers whose promised hour has come; return whether there was one."""
    at = clock.now()
    due = sa.select(PaperFile.id).where(PaperFile.release == Release.AT.value, PaperFile.release_at <= at, PaperFile.told_at.is_(None))
    ids = list(db.session.scalars(due))
    db.session.close()
    if not ids:
        return False
    with transaction():
        for file, paper in db.session.execute(sa.select(PaperFile, Paper).join(Paper).where(PaperFile.id.in_(ids), PaperFile.told_at.is_(None))):
            file.told_at = at
            record(
                "agenda.paper_released", at, conference_id=file.conference_id, actor="system", subject="paper", subject_id=paper.id,
                sentence=f"Đến giờ phát hành tài liệu “{paper.title}”.",
            )  # fmt: skip
    return True


def accepted(name: str, data: bytes, most: int) -> Upload:
    """Return an uploaded file that may be kept; raises Invalid at the field "file"."""
    try:
        return uploaded_files.accepted(name, data, most=most)
    except Unacceptable as problem:
        raise Invalid(problem.sentence, "file") from problem


def _written(upload: Upload) -> str:
    db.session.close()  # writing megabytes holds nobody up
    try:
        return uploaded_files.keep(folder(), upload)
    except OSError as problem:
        raise Invalid(DISK_REFUSES, "file") from problem


def _put_file(paper: Paper, facts: PaperFacts, upload: Upload | None, fresh: str | None, by: int) -> str | None:
    """Store the terms and the new file; return where the file lies whose place it takes."""
    file = db.session.scalar(sa.select(PaperFile).where(PaperFile.paper_id == paper.id).with_for_update())
    if upload is None or fresh is None:
        if file is None and facts.release != Release.HELD:
            raise Invalid("Chưa có tệp để phát hành. Chọn tệp, hoặc để “Chưa phát hành”.", "file")
        if file is not None:
            _put_terms(file, facts)
        return None
    old = file.kept_as if file else None
    if file is not None:
        db.session.delete(file)  # the openings of the old one go with it
        db.session.flush()
    made = PaperFile(
        conference_id=paper.conference_id, paper_id=paper.id, file_name=upload.name, suffix=upload.kind.suffix, bytes=len(upload.data),
        sha256=upload.sha256, kept_as=fresh, uploaded_at=clock.now(), uploaded_by_id=by,
    )  # fmt: skip
    _put_terms(made, facts)
    db.session.add(made)
    db.session.flush()
    return old


def _put_terms(file: PaperFile, facts: PaperFacts) -> None:
    if (file.release, file.release_at) != (facts.release, facts.release_at):
        file.release, file.release_at, file.told_at = facts.release, facts.release_at, None


def _added(conference_id: int, facts: PaperFacts) -> Paper:
    last, count = db.session.execute(
        sa.select(sa.func.max(Paper.position), sa.func.count()).where(Paper.conference_id == conference_id)
    ).one()
    if count >= MOST_PAPERS:
        raise Conflict(f"Một hội nghị có nhiều nhất {MOST_PAPERS} tài liệu.")
    paper = Paper(
        conference_id=conference_id, key=f"{OFFICE_MADE}{secrets.token_hex(6)}", position=(last or 0) + 1, title=facts.title,
        owner=facts.owner, stage="before", audience=facts.audience,
    )  # fmt: skip
    db.session.add(paper)
    return paper


def _item_key(conference_id: int, item_id: int | None) -> str | None:
    if item_id is None:
        return None
    item = db.session.get(Item, item_id)
    if item is None or item.conference_id != conference_id:
        raise NotFound("Không có mục này trong chương trình.")
    return item.key


def _checked(facts: PaperFacts) -> PaperFacts:
    title, owner = clean(facts.title), clean(facts.owner)
    if not title or len(title) > 300:
        raise Invalid("Ghi tên tài liệu, dài nhất 300 ký tự.", "title")
    if not owner or len(owner) > 200:
        raise Invalid("Ghi đơn vị chuẩn bị, dài nhất 200 ký tự.", "owner")
    if facts.audience not in set(Audience):
        raise Invalid("Chọn ai được xem trong danh sách.", "audience")
    if facts.release not in set(Release):
        raise Invalid("Chọn lúc phát hành trong danh sách.", "release")
    if facts.release == Release.ITEM and facts.item_id is None:
        raise Invalid("Chọn mục của chương trình mà tài liệu được phát hành cùng.", "item_id")
    if facts.release == Release.AT and facts.release_at is None:
        raise Invalid("Ghi giờ, ngày phát hành, ví dụ 08:30 29/12/2015.", "release_at")
    at = facts.release_at if facts.release == Release.AT else None
    return PaperFacts(title, owner, facts.audience, facts.item_id, facts.release, at)


def _own(conference_id: int, paper_id: int) -> Paper:
    paper = db.session.scalar(sa.select(Paper).where(Paper.id == paper_id, Paper.conference_id == conference_id).with_for_update())
    if paper is None:
        raise NotFound("Không có tài liệu này.")
    return paper


def _tell(paper: Paper, by: int, actor: str, sentence: str) -> None:
    record(
        "agenda.paper_changed", clock.now(), conference_id=paper.conference_id, account_id=by, actor=actor, subject="paper",
        subject_id=paper.id, sentence=sentence,
    )  # fmt: skip
