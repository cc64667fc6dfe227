"""What a letter says: from the rows to the sheet that is printed, frozen when it is issued."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr.documents import wording as paper
from eventmgr.documents.qr import qr_svg
from eventmgr.documents.sheets import InvitationSheet, Letterhead
from eventmgr.domain import invitations as rules
from eventmgr.domain import passes, wording
from eventmgr.domain.errors import NotFound
from eventmgr.domain.invitations import LetterheadKind
from eventmgr.domain.wording import Block
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.services import letter_words, pass_codes
from eventmgr.services.letter_words import WordBook, addressee_of


def letterhead_of(conference: Conference) -> Letterhead:
    """Return boxes 1 to 4 for a conference's letters."""
    kind = LetterheadKind(conference.letterhead)
    superior, agency = rules.letterhead_lines(kind, conference.province)
    return Letterhead(
        form="nd30" if conference.letter_form == "nd30" else "tt01",
        issuer=kind.value,
        superior_line=superior,
        agency_lines=agency,
        symbol=printed_symbol(conference),
        place=conference.place,
    )


def printed_symbol(conference: Conference) -> str:
    """Return what stands behind the number; a rehearsal has a register of its own and says so."""
    return f"{conference.number_symbol}.DT{conference.id}" if conference.is_rehearsal else conference.number_symbol


def draft_sheet(conference: Conference, invitation: Invitation, book: WordBook | None = None) -> InvitationSheet:
    """Return the sheet of a letter that has no number yet; needs delegate with body and group loaded."""
    delegate = invitation.delegate
    words = (book or letter_words.book_of(conference)).for_group(delegate.group_id)
    addressee = invitation.addressee or addressee_of(delegate)
    values = letter_words.values_of(conference, delegate, addressee)
    return worded(blank_sheet(conference), wording.filled(words, invitation.extra_note, values), addressee, delegate.seat)


def blank_sheet(conference: Conference) -> InvitationSheet:
    """Return a draft that says who invites, when and where, and nothing yet to whom."""
    held_on = conference.held_on
    return InvitationSheet(
        letterhead=letterhead_of(conference),
        number=None,
        dated_on=None,
        month_hint=_month_hint(held_on),
        subject="",
        opening="",
        addressee="",
        purpose="",
        chair=conference.chair or "",
        time_text=rules.time_text(conference.starts_at, held_on, conference.sessions) or None if held_on else None,
        venue=letter_words.venue_of(conference),
        recipients=tuple(conference.letter_recipients),
        signer_lines=tuple(conference.signer_lines),
        contact=conference.contact,
        draft=True,
        kinh_gui=conference.with_kinh_gui,
    )


def worded(sheet: InvitationSheet, said: wording.Filled, addressee: str, seat: str | None) -> InvitationSheet:
    """Return the sheet with its words."""
    return replace(
        sheet, subject=said.subject, opening=said.opening, addressee=addressee, purpose=said.purpose, notes=said.notes, seat=seat
    )


def issued_sheet(
    conference: Conference, invitation: Invitation, book: WordBook, number: int, dated_on: date,
    signer_lines: tuple[str, ...], signer_name: str | None,
) -> dict[str, Any]:  # fmt: skip
    """Return the sheet of a letter as it is stored when it is issued: what is printed, and the words it was made of.

    The words let a correction of the name fill the same text once more, whatever the blocks say by then.
    """
    delegate = invitation.delegate
    words = book.for_group(delegate.group_id)
    values = letter_words.values_of(conference, delegate, invitation.addressee)
    sheet = replace(
        draft_sheet(conference, invitation, book), number=str(number), dated_on=dated_on, draft=False,
        signer_lines=signer_lines, signer_name=signer_name, reply_line=wording.fill(words[Block.CODE], values) or None,
    )
    return frozen(sheet) | {
        "words": {
            "texts": {block.value: words[block] for block in Block},
            "extra": invitation.extra_note,
            "values": {field.value: value for field, value in values.items()},
        }
    }


def frozen(sheet: InvitationSheet) -> dict[str, Any]:
    """Return a sheet as plain values to be stored; the code is never among them."""
    values = asdict(replace(sheet, qr_text=None, code_groups=None))
    values["dated_on"] = sheet.dated_on.isoformat() if sheet.dated_on else None
    return values


def thawed(values: dict[str, Any]) -> InvitationSheet:
    """Return the sheet that was stored."""
    values = {name: value for name, value in values.items() if name != "words"}
    head = dict(values.pop("letterhead"))
    head["agency_lines"] = tuple(head["agency_lines"])
    for name in ("notes", "recipients", "signer_lines"):
        values[name] = tuple(values[name])
    if values["month_hint"] is not None:
        values["month_hint"] = tuple(values["month_hint"])
    if values["dated_on"] is not None:
        values["dated_on"] = date.fromisoformat(values["dated_on"])
    return InvitationSheet(letterhead=Letterhead(**head), **values)


def sheet_of(
    conference: Conference, invitation: Invitation, held: Pass | None, book: WordBook | None = None
) -> InvitationSheet:
    """Return what is printed: the draft (from `book`, read when it is not given), or the issued sheet with its QR."""
    if invitation.sheet is None:
        return draft_sheet(conference, invitation, book)
    sheet = thawed(invitation.sheet)
    if held is None or invitation.revoked_at is not None:
        return replace(sheet, reply_line=None)
    code = pass_codes.code_of(held)
    return replace(
        sheet, qr_text=pass_codes.link_of(code), code_groups=passes.grouped(code),
        # Letters of the time before the words were an office's own froze none.
        reply_line=sheet.reply_line if "words" in invitation.sheet else letter_words.CODE,
    )


def loaded(conference_id: int, ids: list[int]) -> list[tuple[Invitation, Pass | None]]:
    """Return letters of the conference with delegate and body, and their passes, in printing order.

    Printing order is that of `delegate_keys.printing_order`; numbers are given in it.
    """
    found: list[tuple[Invitation, Pass | None]] = []
    for start in range(0, len(ids), 500):
        rows = db.session.execute(
            sa.select(Invitation, Pass, Group.position, Body.position)
            .join(Delegate, Delegate.id == Invitation.delegate_id)
            .join(Group, Group.id == Delegate.group_id)
            .outerjoin(Body, Body.id == Delegate.body_id)
            .outerjoin(Pass, Pass.invitation_id == Invitation.id)
            .where(Invitation.conference_id == conference_id, Invitation.id.in_(ids[start : start + 500]))
            .options(
                joinedload(Invitation.delegate).joinedload(Delegate.body), joinedload(Invitation.delegate).joinedload(Delegate.group)
            )
        )
        found += [(row[0], row[1], (row[2], row[0].delegate.precedence_key, row[3] or 0, row[0].delegate.name_key, row[0].delegate_id)) for row in rows]  # type: ignore[misc]
    found.sort(key=lambda row: row[2])  # type: ignore[misc]
    return [(row[0], row[1]) for row in found]


def _month_hint(held_on: date | None) -> tuple[int, int] | None:
    if held_on is None:
        return None
    likely = held_on - timedelta(days=7)  # letters go out at least three working days before
    return likely.month, likely.year


@dataclass(frozen=True)
class Preview:
    """A sheet as the screen shows it: the same lines as on paper, in the same words."""

    sheet: InvitationSheet
    number_line: str
    date_line: str
    body: tuple[str, ...]
    recipients: list[str]
    qr: str | None


def preview(sheet: InvitationSheet) -> Preview:
    """Return a sheet with its lines made as for paper, and the QR as SVG when there is one."""
    return Preview(
        sheet, paper.letter_number(sheet), paper.letter_date(sheet), paper.letter_body(sheet),
        paper.recipient_lines(sheet.recipients), qr_svg(sheet.qr_text) if sheet.qr_text else None,
    )


def qr_of(conference_id: int, invitation_id: int) -> bytes:
    """Return the QR of an issued letter as SVG; raises NotFound while there is none."""
    found = loaded(conference_id, [invitation_id])
    if not found or found[0][1] is None or found[0][0].revoked_at is not None:
        raise NotFound("Giấy này không có mã QR.")
    return qr_svg(pass_codes.link_of(pass_codes.code_of(found[0][1]))).encode()
