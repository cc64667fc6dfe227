"""What a mail says: from the letters it carries, which are frozen, and the office's own words, to a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from eventmgr.documents.mail import MailLine, MailSheet
from eventmgr.documents.sheets import InvitationSheet
from eventmgr.documents.wording import count, sentence
from eventmgr.domain.dates import hour_text, official_date, to_local
from eventmgr.domain.deadlines import reply_deadline
from eventmgr.domain.invitations import number_text
from eventmgr.domain.mailing import MailKind
from eventmgr.domain.text import clean
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Group
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.models.mails import Mail, Mailing
from eventmgr.services import letters, mail_bodies, pass_codes

ATTACHED = "Giấy mời (bản PDF) và tệp lịch gửi kèm thư này. Khi đến dự, xin xuất trình mã QR trên giấy mời."
ANSWER = "Xin bấm vào liên kết của từng giấy mời để xem chương trình và trả lời dự họp; không cần tài khoản."


def sheet_of(
    conference: Conference, mailing: Mailing, mail: Mail, chosen: Sequence[tuple[Invitation, Pass | None]]
) -> MailSheet:
    """Return what a mail says; `chosen` are its letters in printing order, with delegate and body loaded."""
    kind = MailKind(mail.kind)
    if kind is MailKind.BODY or not chosen:
        sheet = mail_bodies.sheet_of(conference, mail.body_id, issuer_of(conference))
        sheet = replace(sheet, subject=usual_subject(conference, MailKind.BODY))
    elif kind is MailKind.REMINDER:
        sheet = _reminder(conference, mail, chosen)
    else:
        sheet = _invitation(conference, mail, chosen)
    subject = mailing.subject or sheet.subject
    subject = f"{subject} (thư {mail.part}/{mail.parts})" if mail.parts > 1 else subject
    subject = f"[Thư thử] {subject}" if kind is MailKind.TEST else subject
    own = tuple(line for line in (clean(part) for part in (mailing.words or "").splitlines()) if line)
    return replace(sheet, subject=subject, words=own, signed=issuer_of(conference), foot=foot_of(conference))


def usual_subject(conference: Conference, kind: MailKind, sheets: Sequence[InvitationSheet] = ()) -> str:
    """Return the subject where the office wrote none: number and occasion of one letter, or how many there are."""
    about = sheets[0].subject if sheets else f"Dự {conference.title}"
    if kind is MailKind.REMINDER:
        return f"Nhắc trả lời: {about}"
    if kind is MailKind.BODY:
        return f"Đề nghị cử đại biểu: {about}"
    if len(sheets) == 1:
        return f"Giấy mời số {_number(sheets[0])}: {about}"
    return f"{count(len(sheets))} giấy mời: {about}"


def issuer_of(conference: Conference) -> str:
    """Return who invites, as the sender's name and the end of the mail say it."""
    return conference.invitation_issuer or conference.organiser


def foot_of(conference: Conference) -> str:
    """Return the last line: whom to ask, and that nobody reads answers to a mail of a program."""
    ask = f"Liên hệ: {conference.contact}." if conference.contact else ""
    return f"{ask} Thư do phần mềm tổ chức hội nghị gửi; xin trả lời bằng liên kết ở trên.".strip()


def file_name(invitation: Invitation) -> str:
    """Return the attachment's name: number and person, with nothing that a file name cannot hold."""
    number = number_text(invitation.number, invitation.number_symbol or "").replace("/", "-")
    name = "".join(char for char in invitation.delegate.shown_name if char not in '\\/:*?"<>|')
    return f"Giấy mời số {number} - {name[:80].strip()}.pdf"


def deadline_text(conference: Conference, chosen: Sequence[Invitation]) -> str | None:
    """Return "trước 17 giờ 00 ngày 26 tháng 12 năm 2015", the earliest deadline of these letters; None when open."""
    of_groups = {
        row.id: row.reply_by
        for row in db.session.execute(sa.select(Group.id, Group.reply_by).where(Group.conference_id == conference.id))
    }
    known = [reply_deadline(of_groups.get(one.delegate.group_id), conference.reply_by) for one in chosen]
    moments = [moment for moment in known if moment is not None]
    if not moments:
        return None
    local = to_local(min(moments))
    return f"trước {hour_text(local.time())} {official_date(local.date())}"


def _invitation(conference: Conference, mail: Mail, chosen: Sequence[tuple[Invitation, Pass | None]]) -> MailSheet:
    sheets = [letters.sheet_of(conference, invitation, held) for invitation, held in chosen]
    some = "giấy mời" if len(chosen) == 1 else f"{count(len(chosen))} giấy mời"
    deadline = deadline_text(conference, [invitation for invitation, _ in chosen])
    asked = f"Đề nghị trả lời {deadline}. {ANSWER}" if deadline else ANSWER
    return MailSheet(
        subject=usual_subject(conference, MailKind.LETTERS, sheets),
        greeting=f"Kính gửi: {mail.to_name}",
        paragraphs=(f"{issuer_of(conference)} trân trọng gửi kèm thư này {some} {_lower(sheets[0].subject)}.",),
        lines=_lines(chosen, sheets),
        facts=_facts(sheets[0]),
        closing=(asked, ATTACHED),
    )


def _reminder(conference: Conference, mail: Mail, chosen: Sequence[tuple[Invitation, Pass | None]]) -> MailSheet:
    sheets = [letters.sheet_of(conference, invitation, held) for invitation, held in chosen]
    deadline = deadline_text(conference, [invitation for invitation, _ in chosen])
    asked = f"Để chuẩn bị chu đáo, kính đề nghị trả lời {deadline}." if deadline else "Để chuẩn bị chu đáo, kính đề nghị trả lời sớm."
    return MailSheet(
        subject=usual_subject(conference, MailKind.REMINDER, sheets),
        greeting=f"Kính gửi: {mail.to_name}",
        paragraphs=(
            f"{issuer_of(conference)} đã gửi giấy mời {_lower(sheets[0].subject)} và chưa nhận được trả lời của:",
        ),
        lines=_lines(chosen, sheets),
        facts=_facts(sheets[0]),
        closing=(asked, f"{ANSWER} Nếu đã trả lời, xin bỏ qua thư này."),
    )


def _lines(chosen: Sequence[tuple[Invitation, Pass | None]], sheets: Sequence[InvitationSheet]) -> tuple[MailLine, ...]:
    return tuple(
        MailLine(
            f"Giấy mời số {_number(sheet)}", sheet.addressee,
            pass_codes.page_of(pass_codes.code_of(held)) if held is not None else None,
        )
        for (_, held), sheet in zip(chosen, sheets, strict=True)
    )  # fmt: skip


def _facts(sheet: InvitationSheet) -> tuple[tuple[str, str], ...]:
    known = (("Thời gian", sheet.time_text), ("Địa điểm", sheet.venue), ("Chủ trì", sheet.chair))
    return tuple((word, sentence(value)) for word, value in known if value)


def _number(sheet: InvitationSheet) -> str:
    return number_text(int(sheet.number) if sheet.number else None, sheet.letterhead.symbol)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
