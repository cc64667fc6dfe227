"""Papers on their way to who may have them: what is out at this moment, and one file with a note of who took it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents.uploaded_files import Kind
from eventmgr.domain.delegates import GroupRole
from eventmgr.domain.errors import NotFound
from eventmgr.domain.releases import Reader, is_out, may_read
from eventmgr.models.database import db, transaction
from eventmgr.models.papers import PaperFile, PaperOpening
from eventmgr.services import stage_parts, stage_state
from eventmgr.services.papers import GONE, KeptPaper, folder, kept_paper, papers_with_files
from eventmgr.services.replies import Held


@dataclass(frozen=True)
class ShownPaper:
    """A paper as a page offers it: `label` is kind and weight, `item_id` the row of the programme it belongs to."""

    id: int
    title: str
    label: str
    item_id: int | None


@dataclass(frozen=True)
class Handed:
    """A file to hand out: where it lies, its name with diacritics, its type, and its digest as a mark for caches."""

    path: Path
    name: str
    mime: str
    sha256: str


def shown_papers(conference_id: int, reader: Reader, begun: Iterable[int] | None = None) -> tuple[ShownPaper, ...]:
    """Return what is out for this reader now, in the order of the papers; `begun` saves a caller the way to the stage."""
    kept = [one for one in papers_with_files(conference_id) if may_read(one.terms, reader)]
    if not kept:
        return ()
    out = _Out(conference_id, begun)
    return tuple(ShownPaper(one.paper.id, one.paper.title, one.label, one.item_id) for one in kept if out(one))


def hand_out(conference_id: int, paper_id: int, reader: Reader, delegate_id: int | None = None, *, counts: bool = True) -> Handed:
    """Return a file that is out for this reader, and note that it was opened: a delegate once, others by number.

    Raises NotFound for anything else, so that nobody learns what is still inside.
    """
    try:
        kept = kept_paper(conference_id, paper_id)
    except NotFound:
        raise NotFound(GONE) from None
    if kept.file is None or not may_read(kept.terms, reader) or not _Out(conference_id, None)(kept):
        raise NotFound(GONE)
    handed = _handed(kept.file)
    if counts:
        _note(kept.file, delegate_id)
    return handed


def reader_of(held: Held) -> Reader:
    """Return through which door the holder of a letter comes."""
    group = held.delegate.group
    return Reader.PRESS_DELEGATE if group is not None and group.role == GroupRole.PRESS else Reader.DELEGATE


def staff_copy(conference_id: int, paper_id: int) -> Handed:
    """Return the file of a paper for the stage's staff, out or not, counted by nobody. Raises NotFound."""
    kept = kept_paper(conference_id, paper_id)
    if kept.file is None:
        raise NotFound("Tài liệu này chưa có tệp.")
    return _handed(kept.file)


class _Out:
    """Tells of papers whether they are out; asks for stage and announcement at most once."""

    def __init__(self, conference_id: int, begun: Iterable[int] | None) -> None:
        self._conference_id, self._begun = conference_id, None if begun is None else set(begun)
        self._at = clock.now()

    def __call__(self, kept: KeptPaper) -> bool:
        if self._begun is None:
            self._begun = _begun_now(self._conference_id)
        announced = stage_parts.conference_of(self._conference_id).awards_announced_at
        return is_out(kept.terms, self._begun, announced is not None and announced <= self._at, self._at)


def _begun_now(conference_id: int) -> set[int]:
    conference = stage_parts.conference_of(conference_id)
    rows, moves = stage_parts.rows_of(conference_id), stage_parts.moves_of(conference_id)
    return set(stage_state.state_of(conference, rows, moves, clock.now()).begun)


def _handed(file: PaperFile) -> Handed:
    path = folder() / file.kept_as
    if not path.is_file():
        raise NotFound("Tệp này không còn trên máy chủ. Báo Văn phòng tải lại.")
    return Handed(path, file.file_name, Kind.of(file.suffix).mime, file.sha256)


def _note(file: PaperFile, delegate_id: int | None) -> None:
    known = sa.select(PaperOpening.id).where(PaperOpening.file_id == file.id, PaperOpening.delegate_id == delegate_id)
    if delegate_id is not None and db.session.scalar(known) is not None:
        return
    with transaction():
        # The row is held, so that the same delegate's two taps come one after the other; a file just replaced has none.
        held = db.session.scalar(sa.select(PaperFile).where(PaperFile.id == file.id).with_for_update())
        if held is None:
            return
        if delegate_id is None:
            db.session.execute(sa.update(PaperFile).where(PaperFile.id == file.id).values(opened=PaperFile.opened + 1))
        elif db.session.scalar(known) is None:
            db.session.add(PaperOpening(conference_id=file.conference_id, file_id=file.id, delegate_id=delegate_id, at=clock.now()))
