"""Paper of a conference's letters: one at once, many by the job process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict

import sqlalchemy as sa

from eventmgr.documents import invitation as paper
from eventmgr.documents import shelf as files
from eventmgr.documents.sheets import InvitationSheet
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.models.jobs import Job
from eventmgr.services import jobs, letter_words, letters, shelf
from eventmgr.services.kept import kept_pdf

KIND = "print_letters"


def letter_pdf(conference_id: int, invitation_id: int) -> bytes:
    """Return one letter as PDF, draft or issued; an issued one is kept and printed alike for ever."""
    conference = db.session.get(Conference, conference_id)
    found = letters.loaded(conference_id, [invitation_id])
    if conference is None or not found:
        raise NotFound("Không có giấy mời này.")
    invitation, held = found[0]
    sheet = letters.sheet_of(conference, invitation, held)
    db.session.close()
    return kept_pdf("giay-moi", sheet, paper.render_invitation)


def start_batch(conference_id: int, what: str, group_id: int | None, by: int) -> Job:
    """Ask the job process for one PDF of many letters: `what` is issued or draft, of a group or of all.

    Raises Invalid when there is nothing to print.
    """
    if what not in {"issued", "draft"}:
        raise Invalid("Chọn loại giấy cần in.")
    with transaction():
        wanted = _wanted(conference_id, what, group_id)
        total = int(db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0)
        if total == 0:
            raise Invalid("Không có giấy mời nào để in." if what == "draft" else "Chưa có giấy mời nào được phát hành để in.")
        group = db.session.get(Group, group_id) if group_id is not None else None
        if group_id is not None and (group is None or group.conference_id != conference_id):
            raise NotFound("Không có nhóm này.")
        whom = (group.short_label or group.label) if group else "tất cả các nhóm"
        title = f"{'Bản nháp' if what == 'draft' else 'Giấy mời'} in một lượt: {total} giấy, {whom}"
        return jobs.add_job(conference_id, KIND, title, {"what": what, "group_id": group_id}, total, by)


def print_batch(conference_id: int, args: dict[str, object], progress: Callable[[int, int], None]) -> str:
    """Make the PDF of a batch, in printing order, and return its name on the shelf."""
    group_id = args.get("group_id")
    ids = list(db.session.scalars(_wanted(conference_id, str(args["what"]), int(str(group_id)) if group_id else None)))
    conference = db.session.get(Conference, conference_id)
    if conference is None or not ids:
        raise NotFound("Không còn giấy mời nào để in.")
    book = letter_words.book_of(conference)
    sheets = [letters.sheet_of(conference, invitation, held, book) for invitation, held in letters.loaded(conference_id, ids)]
    db.session.close()
    pdf = paper.render_invitations(sheets, progress)
    name = files.safe_name("giay-moi", conference.slug, _content_digest(sheets), suffix=".pdf")
    files.put(shelf.folder(), name, pdf)
    return name


def issued_ids(conference_id: int) -> list[int]:
    """Return the issued letters of a conference in printing order."""
    return list(db.session.scalars(_wanted(conference_id, "issued", None)))


def batch_file(conference_id: int, job_id: int) -> tuple[str, bytes]:
    """Return name and content of a finished batch; raises NotFound."""
    job = jobs.get(conference_id, job_id)
    if job.file_name is None:
        raise NotFound("Tệp này chưa làm xong.")
    try:
        return job.file_name, files.read(shelf.folder(), job.file_name)
    except FileNotFoundError as error:
        raise NotFound("Tệp đã được dọn. In lại một lượt mới.") from error


def _wanted(conference_id: int, what: str, group_id: int | None) -> sa.Select[int]:
    wanted = (
        sa.select(Invitation.id)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .outerjoin(Pass, Pass.invitation_id == Invitation.id)
        .where(Invitation.conference_id == conference_id, Invitation.revoked_at.is_(None), Delegate.removed_at.is_(None))
        .where(Invitation.issued_at.is_not(None) if what == "issued" else Invitation.issued_at.is_(None))
    )
    return wanted.where(Delegate.group_id == group_id) if group_id is not None else wanted


def _content_digest(sheets: list[InvitationSheet]) -> str:
    plain = [asdict(one) for one in sheets]
    return hashlib.sha256(json.dumps(plain, default=str, sort_keys=True).encode()).hexdigest()[:24]
