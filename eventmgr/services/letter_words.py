"""Which words a letter is made of: defaults, the conference's blocks, the group's; and the values of its fields.

A private part of the services that write letters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from eventmgr.domain import invitations as rules
from eventmgr.domain.dates import hour_text, official_date, to_local
from eventmgr.domain.deadlines import reply_deadline
from eventmgr.domain.delegates import AddressForm, invitee_line
from eventmgr.domain.invitations import LetterheadKind
from eventmgr.domain.wording import Block, Field, Words
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.wording import WordingBlock

REPLY = (
    f"Đề nghị {Field.FORM.typed} xác nhận dự họp trước {Field.REPLY_BY.typed} theo mã ở cuối trang và mang theo giấy mời khi đến dự"
)
CODE = "Quét mã bằng điện thoại để xem chương trình và trả lời dự họp; xuất trình mã khi đến dự."


@dataclass(frozen=True)
class WordBook:
    """Every text of one conference: `whole` counts for all letters, `of_group` where a group says something else."""

    default: Words
    whole: Mapping[Block, str]
    of_group: Mapping[int, Mapping[Block, str]] = field(default_factory=dict)

    def for_group(self, group_id: int | None) -> Words:
        """Return the words of a letter to somebody of this group; None: of a group without words of its own."""
        common = self.default.over(self.whole)
        own = self.of_group.get(group_id) if group_id is not None else None
        return common.over(own) if own else common

    def stored(self, group_id: int | None) -> Mapping[Block, str]:
        """Return the texts that were written for exactly this level."""
        return self.whole if group_id is None else self.of_group.get(group_id, {})

    def inherited(self, group_id: int | None) -> Words:
        """Return what counts at this level while nothing is written for it."""
        return self.default if group_id is None else self.default.over(self.whole)


def book_of(conference: Conference) -> WordBook:
    """Return the texts of a conference's letters, in one query."""
    whole: dict[Block, str] = {}
    of_group: dict[int, dict[Block, str]] = defaultdict(dict)
    for row in db.session.scalars(sa.select(WordingBlock).where(WordingBlock.conference_id == conference.id)):
        level = whole if row.group_id is None else of_group[row.group_id]
        level[Block(row.block)] = row.text
    return WordBook(default_words(conference), whole, of_group)


def default_words(conference: Conference) -> Words:
    """Return the words of the form, before anybody has written any."""
    kind = LetterheadKind(conference.letterhead)
    texts = dict.fromkeys(Block, "") | {
        Block.SUBJECT: f"Dự {Field.CONFERENCE.typed}",
        Block.OPENING: rules.opening_sentence(kind, conference.province),
        Block.PURPOSE: Field.CONFERENCE.typed,
        Block.REPLY: REPLY,
        Block.CODE: CODE,
    }
    return Words(texts)


def values_of(conference: Conference, delegate: Delegate, addressee: str | None = None) -> dict[Field, str | None]:
    """Return what each field says in a letter to this delegate, whose body and group are loaded."""
    return {
        Field.NAME: delegate.full_name,
        Field.POST: delegate.posts_text or delegate.first_post,
        Field.BODY: delegate.body.name if delegate.body else None,
        Field.FORM: delegate.address_form,
        Field.INVITEE: addressee or addressee_of(delegate),
        Field.GROUP: delegate.group.short_label or delegate.group.label,
        Field.SEAT: delegate.seat,
        **conference_values(conference, reply_deadline(delegate.group.reply_by, conference.reply_by)),
    }


def conference_values(conference: Conference, reply_by: datetime | None) -> dict[Field, str | None]:
    """Return what the fields say that the list of people does not know; `reply_by` is the deadline that counts."""
    by = to_local(reply_by) if reply_by else None
    return {
        Field.CONFERENCE: conference.title,
        Field.DAY: official_date(conference.held_on) if conference.held_on else None,
        Field.HOUR: hour_text(conference.starts_at) if conference.starts_at else None,
        Field.VENUE: venue_of(conference) or None,
        Field.CHAIR: conference.chair,
        Field.REPLY_BY: f"{hour_text(by.time())} {official_date(by.date())}" if by else None,
        Field.CONTACT: conference.contact,
    }


def venue_of(conference: Conference) -> str:
    """Return hall and address as one line."""
    return ", ".join(part for part in (conference.venue, conference.venue_address) if part)


def addressee_of(delegate: Delegate) -> str:
    """Return whom the letter invites: form of address, name, posts and body."""
    form = AddressForm(delegate.address_form)
    return invitee_line(form, delegate.full_name, tuple(delegate.posts), delegate.body.name if delegate.body else None)
