"""What was said in the discussion, as a Word file for whoever writes the minutes."""

from __future__ import annotations

from eventmgr.documents.sheets import Remark, RemarksSheet
from eventmgr.documents.word import render_remarks
from eventmgr.domain.dates import to_local
from eventmgr.domain.script import upper_first
from eventmgr.domain.timer import duration
from eventmgr.models.database import db
from eventmgr.services.agenda import programme
from eventmgr.services.discussion import discussion_state
from eventmgr.services.kept import kept_document
from eventmgr.services.speech_rows import Speech


def remarks_docx(conference_id: int) -> bytes:
    """Return the speeches in their order with what was noted; raises NotFound."""
    shown, talk = programme(conference_id), discussion_state(conference_id)
    sheet = RemarksSheet(
        organiser=shown.organiser,
        conference=shown.title,
        when_and_where=" – ".join(part for part in (shown.when, shown.where) if part),
        remarks=tuple(_remark(one) for one in talk.spoken),
        unheard=tuple(_asked(one) for one in talk.waiting),
    )
    db.session.close()
    return kept_document("thao-luan", sheet, render_remarks)


def _remark(speech: Speech) -> Remark:
    begun = f"{to_local(speech.called_at):%H:%M}" if speech.called_at else ""
    when = f"Phát biểu lúc {begun}, trong {duration(speech.elapsed)} (dự kiến {speech.minutes} phút)."
    return Remark(speech.presenter.name, speech.presenter.post, speech.topic, when, speech.remark or "")


def _asked(speech: Speech) -> str:
    who = upper_first(speech.presenter.said)
    return f"{who}: {speech.topic}" if speech.topic else who
