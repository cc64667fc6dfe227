"""The office writes what its letters say: for the conference, for a group; sees it with a real person while writing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain import wording as rules
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.text import clean, clean_lines
from eventmgr.domain.wording import Block, Field, Words
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.journal import record
from eventmgr.models.wording import WordingBlock
from eventmgr.services import letter_words, letters
from eventmgr.services.delegate_keys import printing_order

SHOWN = 200
_COUNTED = {
    Field.NAME: Delegate.full_name.is_(None),
    Field.POST: Delegate.first_post.is_(None),
    Field.BODY: Delegate.body_id.is_(None),
    Field.SEAT: Delegate.seat.is_(None),
}


@dataclass(frozen=True)
class Level:
    """The texts of one level (the conference, or one group) as its page shows them.

    `words` is what counts, `inherited` what would count without texts of its own, `own` the blocks written here,
    `seen` a mark of what is stored; `groups_with_own` are the groups that say something else somewhere.
    """

    group: Group | None
    words: Words
    inherited: Words
    own: frozenset[Block]
    seen: str
    groups_with_own: frozenset[int]


@dataclass(frozen=True)
class Person:
    """Somebody the preview can be made with; `longest` has the longest line of all."""

    id: int
    name: str
    longest: bool


@dataclass(frozen=True)
class Draft:
    """A letter as it would be with words that nobody has stored yet.

    `problems` are sentences about the words, `gaps` about what is not known of this person or of how many others.
    """

    preview: letters.Preview | None
    code: str
    problems: list[str]
    warnings: list[str]
    gaps: list[str]


def level(conference: Conference, group_id: int | None) -> Level:
    """Return the texts of the conference, or of one of its groups; raises NotFound."""
    group = _group(conference.id, group_id)
    book = letter_words.book_of(conference)
    stored, inherited = book.stored(group_id), book.inherited(group_id)
    own = frozenset(block for block, text in stored.items() if text != inherited[block])
    return Level(
        group, book.for_group(group_id), inherited, own, _mark(stored),
        frozenset(number for number, texts in book.of_group.items() if texts),
    )


def save(conference_id: int, group_id: int | None, typed: Mapping[Block, str], by: int, seen: str, *, confirmed: bool = False) -> int:
    """Store the texts of a level and return how many changed; a text like the inherited one is not kept.

    Raises Invalid for a field that is not or (unless `confirmed`) for words that depart from the form, Conflict
    when somebody stored others since `seen`.
    """
    texts = {block: _tidy(block, text) for block, text in typed.items()}
    for block, text in texts.items():
        if problems := problems_of(block, text):
            raise Invalid(" ".join(problems), block.value)
    with transaction():
        conference = _locked(conference_id)
        group = _group(conference_id, group_id)
        book = letter_words.book_of(conference)
        stored, inherited = book.stored(group_id), book.inherited(group_id)
        if _mark(stored) != seen:
            raise Conflict("Có người vừa lưu lời giấy mời này trước. Xem lại lời mới rồi sửa tiếp.")
        _warn(texts, book.for_group(group_id), confirmed)
        wanted = {b: t for b, t in texts.items() if t != _tidy(b, inherited[b]) and (t or not b.always)}
        changed = [block for block in texts if stored.get(block) != wanted.get(block)]
        for block in changed:
            _write(conference_id, group_id, block, wanted.get(block))
        if changed:
            _note(conference_id, group, changed, by, f"Sửa lời giấy mời{_whose(group)}: {_named(changed)}.")
    return len(changed)


def reset(conference_id: int, group_id: int | None, block: Block | None, by: int) -> int:
    """Take the texts of a level back to what it inherits, one block or all; return how many were its own."""
    with transaction():
        conference = _locked(conference_id)
        group = _group(conference_id, group_id)
        stored = letter_words.book_of(conference).stored(group_id)
        gone = [one for one in stored if block in {None, one}]
        for one in gone:
            _write(conference_id, group_id, one, None)
        if gone:
            _note(conference_id, group, gone, by, f"Trả lời giấy mời{_whose(group)} về mẫu: {_named(gone)}.")
    return len(gone)


def people(conference_id: int, group_id: int | None) -> list[Person]:
    """Return whom the preview can be made with: the first of the list in its order, and who has the longest line."""
    wanted = sa.select(Delegate.id, Delegate.full_name, Delegate.first_post).where(*_of(conference_id, group_id))
    size = sum(
        (sa.func.coalesce(sa.func.length(column), 0) for column in (Delegate.full_name, sa.cast(Delegate.posts, sa.Text), Body.name)),
        sa.literal(0),
    )
    longest = db.session.execute(
        wanted.outerjoin(Body, Body.id == Delegate.body_id).order_by(size.desc(), Delegate.id).limit(1)
    ).first()
    rows = db.session.execute(
        wanted.join(Group, Group.id == Delegate.group_id)
        .outerjoin(Body, Body.id == Delegate.body_id)
        .order_by(*printing_order())
        .limit(SHOWN)
    ).all()
    if longest is None:
        return []
    found = [Person(row.id, row.full_name or row.first_post or "", row.id == longest.id) for row in rows]
    if not any(one.longest for one in found):
        found.insert(0, Person(longest.id, longest.full_name or longest.first_post or "", longest=True))
    return found


def draft(conference: Conference, group_id: int | None, typed: Mapping[Block, str], delegate_id: int | None) -> Draft:
    """Return a letter with the words as typed, to this person or to the first of the list; nothing is stored."""
    _group(conference.id, group_id)
    delegate = _somebody(conference.id, group_id, delegate_id)
    texts = {block: _tidy(block, text) for block, text in typed.items()}
    problems = [f"{block.label}: {one}" for block, text in texts.items() for one in problems_of(block, text)]
    warnings = [found for block, text in texts.items() if text and (found := rules.departs_from_form(block, text))]
    if delegate is None:
        return Draft(None, "", problems, warnings, ["Nhóm này chưa có đại biểu nào để xem thử."])
    book = letter_words.book_of(conference)
    words = (book.inherited(group_id) if group_id is not None else book.default).over(texts)
    values = letter_words.values_of(conference, delegate)
    said = rules.filled(words, None, values, marked=True)
    sheet = letters.worded(letters.blank_sheet(conference), said, letter_words.addressee_of(delegate), delegate.seat)
    used = rules.used_texts(words, None, values)
    return Draft(
        letters.preview(replace(sheet, draft=True)), said.code, problems, warnings,
        _gaps(conference.id, group_id, delegate, rules.missing_fields(used, values), used),
    )


def problems_of(block: Block, text: str) -> list[str]:
    """Return a sentence for everything that keeps a text from being stored."""
    found = rules.problems_of(text)
    if len(text) > block.limit:
        found.append(f"Dài nhất {block.limit} ký tự; đang có {len(text)}.")
    return found


def _warn(texts: Mapping[Block, str], now: Words, confirmed: bool) -> None:
    """Ask before words leave the form; those that left it before are not asked about again."""
    for block, text in texts.items():
        if text and not confirmed and text != _tidy(block, now[block]) and (warning := rules.departs_from_form(block, text)):
            raise Invalid(warning, block.value)


def _gaps(conference_id: int, group_id: int | None, delegate: Delegate, missing: list[Field], used: list[str]) -> list[str]:
    sentences = []
    if missing:
        sentences.append(f"{delegate.shown_name} chưa có {', '.join(field.typed for field in missing)}; chỗ ấy in dấu chấm.")
    fields = dict.fromkeys(field for text in used for field in rules.fields_of(text) if field in _COUNTED)
    if not fields:
        return sentences
    counts = db.session.execute(
        sa.select(sa.func.count(), *(sa.func.count(sa.case((_COUNTED[field], 1))) for field in fields))
        .select_from(Delegate)
        .where(*_of(conference_id, group_id))
    ).one()
    for field, count in zip(fields, counts[1:], strict=True):
        if count:
            sentences.append(f"{count} trong {counts[0]} đại biểu chưa có {field.typed}; giấy của họ chưa phát hành được.")
    return sentences


def _of(conference_id: int, group_id: int | None) -> list[sa.ColumnElement[bool]]:
    conditions = [Delegate.conference_id == conference_id, Delegate.removed_at.is_(None)]
    return [*conditions, Delegate.group_id == group_id] if group_id is not None else conditions


def _somebody(conference_id: int, group_id: int | None, delegate_id: int | None) -> Delegate | None:
    wanted = (
        sa.select(Delegate)
        .join(Group, Group.id == Delegate.group_id)
        .outerjoin(Body, Body.id == Delegate.body_id)
        .where(*_of(conference_id, group_id))
        .options(joinedload(Delegate.body), joinedload(Delegate.group))
        .order_by(Delegate.id != (delegate_id or 0), *printing_order())
    )
    return db.session.scalars(wanted.limit(1)).first()


def _group(conference_id: int, group_id: int | None) -> Group | None:
    if group_id is None:
        return None
    found = db.session.get(Group, group_id)
    if found is None or found.conference_id != conference_id:
        raise NotFound("Không có nhóm này.")
    return found


def _locked(conference_id: int) -> Conference:
    """Two who save at once come one after the other, so that the second is told."""
    return db.session.scalars(
        sa.select(Conference).where(Conference.id == conference_id).with_for_update(key_share=True)
    ).one()


def _write(conference_id: int, group_id: int | None, block: Block, text: str | None) -> None:
    of = WordingBlock.group_id.is_(None) if group_id is None else WordingBlock.group_id == group_id
    row = db.session.scalar(
        sa.select(WordingBlock).where(WordingBlock.conference_id == conference_id, of, WordingBlock.block == block.value)
    )
    if text is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(WordingBlock(conference_id=conference_id, group_id=group_id, block=block.value, text=text))
    else:
        row.text = text


def _note(conference_id: int, group: Group | None, blocks: list[Block], by: int, sentence: str) -> None:
    record(
        "wording.edited", clock.now(), conference_id=conference_id, account_id=by, subject="group" if group else "",
        subject_id=group.id if group else None, sentence=sentence, blocks=[block.value for block in blocks],
    )  # fmt: skip


def _whose(group: Group | None) -> str:
    return f" của nhóm {group.short_label or group.label}" if group else ""


def _named(blocks: list[Block]) -> str:
    return ", ".join(block.label.lower() for block in blocks)


def _mark(stored: Mapping[Block, str]) -> str:
    plain = json.dumps({block.value: text for block, text in stored.items()}, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _tidy(block: Block, text: str) -> str:
    return clean_lines(text).replace("\n\n", "\n") if block.of_lines else clean(text)
