"""A mail: plain values in, the bytes that go to the server out; text and HTML part, attachments with Vietnamese names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from textwrap import fill

from eventmgr.documents.markup import to_html
from eventmgr.documents.shelf import safe_name
from eventmgr.domain.text import clean


@dataclass(frozen=True)
class MailLine:
    """One letter inside the mail: its number, whom it invites, and the personal page to answer on."""

    title: str
    who: str
    link: str | None = None
    note: str | None = None
    action: str = "Xem giấy mời và trả lời"


@dataclass(frozen=True)
class MailSheet:
    """What a mail says, from the subject to the last line; `facts` are (word, value) such as ("Thời gian", "…")."""

    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    lines: tuple[MailLine, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    signed: str = ""
    foot: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that goes along: its name for people, with diacritics, its type ("application/pdf") and content."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom, under which Message-ID, when."""

    sender: str
    sender_name: str
    recipient: str
    message_id: str
    at: datetime


def make_mail(sheet: MailSheet, envelope: Envelope, attachments: tuple[Attachment, ...] = ()) -> bytes:
    """Return the mail as it goes to the server, in 7-bit lines that end in CRLF."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(_line(envelope.sender_name), addr_spec=envelope.sender)
    mail["To"] = Address(addr_spec=envelope.recipient)
    mail["Subject"] = _line(sheet.subject)
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = envelope.message_id
    mail["Auto-Submitted"] = "auto-generated"  # out-of-office answers stay away
    mail.set_content(plain_text(sheet), cte="base64")
    mail.add_alternative(html_text(sheet), subtype="html", cte="base64")
    for one in attachments:
        main, _, sub = one.kind.partition("/")
        mail.add_attachment(one.content, main, sub.partition(";")[0], filename=_line(one.name))
        # Old programs read the name of the type, which is plain ASCII; others the name with its diacritics.
        stem, _, suffix = one.name.rpartition(".")
        part = list(mail.iter_attachments())[-1]
        part.set_param("name", safe_name(stem, suffix=suffix))
        if main == "text":
            part.set_param("charset", "utf-8")
    return mail.as_bytes()


def plain_text(sheet: MailSheet) -> str:
    """Return the part for programs that show text only."""
    blocks = [sheet.greeting, *sheet.paragraphs]
    for number, one in enumerate(sheet.lines, 1):
        told = [f"{number}. {one.title}: {one.who}", *([one.note] if one.note else [])]
        blocks.append("\n".join([fill(clean(line), 76) for line in told] + ([f"   {one.link}"] if one.link else [])))
    blocks += ["\n".join(f"{word}: {clean(value)}" for word, value in sheet.facts)] if sheet.facts else []
    blocks += [*sheet.words, *sheet.closing, sheet.signed, f"-- \n{sheet.foot}" if sheet.foot else ""]
    return "\n\n".join(block for block in blocks if block) + "\n"


def html_text(sheet: MailSheet) -> str:
    """Return the part with type and links; it loads nothing from anywhere."""
    return to_html("mail.html", sheet=sheet)


def _line(text: str) -> str:
    return " ".join(clean(text).split())
