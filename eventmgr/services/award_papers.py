"""The annex of an award decision as PDF."""

from __future__ import annotations

from eventmgr.documents.award_list import render_award_list
from eventmgr.documents.sheets import AwardedCollective, AwardedPerson, AwardListSheet
from eventmgr.domain.awards import RecipientKind, authority_in_full, award_line, decision_parts
from eventmgr.domain.errors import NotFound
from eventmgr.models.awards import AwardForm
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services.awards import AwardList
from eventmgr.services.ceremony_settings import settings_of
from eventmgr.services.kept import kept_pdf


def annex_pdf(conference_id: int, listed: AwardList) -> bytes:
    """Return the annex "DANH SÁCH …" of a whole list; the same list is printed once and kept.

    Raises NotFound while nobody is on it.
    """
    conference = db.session.get(Conference, conference_id)
    if conference is None or not listed.row.total:
        raise NotFound("Danh sách chưa có ai để in.")
    sheet = _sheet(conference, listed)
    db.session.close()
    return kept_pdf("danh-sach-khen-thuong", sheet, render_award_list)


def deciding_authority(form: AwardForm, province: str) -> str:
    """Return who decided, as entered, else as the form of award says it, spelled out."""
    return form.decision_by or authority_in_full(form.authority, province)


def _sheet(conference: Conference, listed: AwardList) -> AwardListSheet:
    form = listed.form
    number, symbol = decision_parts(form.decision_number or "")
    kinds = [kind for kind, some in zip(RecipientKind, (listed.collectives, listed.individuals), strict=True) if some]
    return AwardListSheet(
        award_line=award_line(form.name, form.authority, kinds),
        achievement=form.achievement or "",
        decided_by=deciding_authority(form, conference.province),
        collectives=tuple(AwardedCollective(one.printed_name, one.note or "") for one in listed.collectives),
        persons=tuple(AwardedPerson(one.printed_name, one.post, one.note or "") for one in listed.individuals),
        decision_number=number or None,
        decision_symbol=symbol,
        decided_on=form.decision_on,
        collectives_first=settings_of(conference.id).collectives_first,
        form="tt01" if conference.letter_form == "tt01" else "nd30",
    )
