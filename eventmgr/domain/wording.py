"""The texts of the office in its letters: blocks of words with a few named fields in braces.

No template language: a field is replaced by its value once, and what a value says is never read again.
The form of the letter is Mẫu 1.7 of Nghị định 30/2020/NĐ-CP (invitation.md §4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from eventmgr.domain.braces import Vocabulary, capital_like
from eventmgr.domain.text import clean, fold

GAP = "……"
"""Stands where a field has no value."""

FORMULA = "trân trọng kính mời:"
"""The fixed words before the invitee's name (Mẫu 1.7)."""


class Block(StrEnum):
    """A part of the letter that is the office's own text, in the order of the paper."""

    SUBJECT = "subject"
    OPENING = "opening"
    PURPOSE = "purpose"
    NOTES = "notes"
    PREPARE = "prepare"
    REPLY = "reply"
    CLOSING = "closing"
    CODE = "code"

    @property
    def label(self) -> str:
        """The block's name on screen."""
        return _BLOCKS[self].label

    @property
    def hint(self) -> str:
        """Where the block is printed."""
        return _BLOCKS[self].hint

    @property
    def limit(self) -> int:
        """How many characters it may have."""
        return _BLOCKS[self].limit

    @property
    def of_lines(self) -> bool:
        """Whether each line is a paragraph of its own."""
        return self in {Block.NOTES, Block.PREPARE}

    @property
    def always(self) -> bool:
        """Whether a letter cannot be without it; an empty text then means the words one level up."""
        return self in {Block.SUBJECT, Block.OPENING, Block.PURPOSE}


@dataclass(frozen=True)
class _About:
    label: str
    hint: str
    limit: int = 500


_BLOCKS = {
    Block.SUBJECT: _About("Trích yếu", "In đậm dưới chữ GIẤY MỜI."),
    Block.OPENING: _About("Câu mời", "Trước tên người được mời; theo Mẫu 1.7 kết thúc bằng “trân trọng kính mời:”."),
    Block.PURPOSE: _About("Tới dự", "Sau chữ “Tới dự”, là chữ cố định của Mẫu 1.7.", 700),
    Block.NOTES: _About("Lưu ý", "Sau dòng Địa điểm; mỗi dòng một đoạn.", 3000),
    Block.PREPARE: _About("Chuẩn bị, mang theo", "Ví dụ báo cáo tham luận, trang phục; mỗi dòng một đoạn.", 3000),
    Block.REPLY: _About("Đề nghị trả lời", "Chỉ in khi đã có hạn trả lời, nếu đoạn này nói đến {hạn trả lời}."),
    Block.CLOSING: _About("Lời kết", "Đoạn cuối, trước chữ ký."),
    Block.CODE: _About("Lời cạnh mã QR", "In cuối trang một, bên mã QR.", 300),
}


class Field(StrEnum):
    """What may stand in braces; the value of each comes from the list or from the conference."""

    NAME = "họ tên"
    POST = "chức vụ"
    BODY = "đơn vị"
    FORM = "xưng hô"
    INVITEE = "người được mời"
    GROUP = "nhóm"
    SEAT = "chỗ ngồi"
    CONFERENCE = "hội nghị"
    DAY = "ngày họp"
    HOUR = "giờ họp"
    VENUE = "địa điểm"
    CHAIR = "chủ trì"
    REPLY_BY = "hạn trả lời"
    CONTACT = "đầu mối"

    @property
    def typed(self) -> str:
        """The field as it stands in a text."""
        return "{" + self.value + "}"

    @property
    def personal(self) -> bool:
        """Whether the value is the delegate's own."""
        return self in _PERSONAL


_PERSONAL = {Field.NAME, Field.POST, Field.BODY, Field.FORM, Field.INVITEE, Field.GROUP, Field.SEAT}
_VOCABULARY = Vocabulary(field.value for field in Field)

# Signs of the private use area: no keyboard has them, and they never reach paper.
_VALUE, _NOTHING, _END = "\ue000", "\ue001", "\ue002"
_MARKS = _VALUE + _NOTHING + _END
_MARKED = re.compile(f"([{_VALUE}{_NOTHING}][^{_END}]*{_END})")

Values = Mapping[Field, str | None]


@dataclass(frozen=True)
class Piece:
    """A stretch of a filled text: plain words, or the value of a field; `missing` when there is none to print."""

    text: str
    field: Field | None = None
    missing: bool = False


def problems_of(text: str) -> list[str]:
    """Return a sentence for each brace or field that cannot be; empty when the text can be filled."""
    return _VOCABULARY.problems_of(text)


def fields_of(text: str) -> list[Field]:
    """Return the fields that a text uses, each once, in its order."""
    return list(dict.fromkeys(Field(name) for _, name in _VOCABULARY.split(text) if name is not None))


def pieces(text: str, values: Values) -> tuple[Piece, ...]:
    """Return the text with its fields filled in one pass; braces that name no field stay as they are.

    A field written with a capital ({Xưng hô}) gives its value with a capital.
    """
    out: list[Piece] = []
    for words, name in _VOCABULARY.split(text):
        if name is None:
            out.append(Piece(words))
            continue
        value = capital_like(words, clean(values.get(Field(name)) or ""))
        out.append(Piece(value or GAP, Field(name), missing=not value))
    return tuple(out)


def fill(text: str, values: Values, *, marked: bool = False) -> str:
    """Return the text with its fields filled; `GAP` stands where there is no value.

    With `marked` each value stands between marks that `marked_pieces` finds again, for a screen that shows them.
    """
    if not marked:
        return "".join(piece.text for piece in pieces(text, values))
    return "".join(_marked(piece) for piece in pieces(text, values))


def marked_pieces(text: str) -> list[Piece]:
    """Return the pieces of a text filled with marks; a text without marks is one piece."""
    out = []
    for at, part in enumerate(_MARKED.split(text)):
        if part:
            sign = part[0] if at % 2 else ""
            out.append(Piece(part.strip(_MARKS), Field.NAME if sign else None, missing=sign == _NOTHING))
    return out


def missing_fields(texts: Iterable[str], values: Values) -> list[Field]:
    """Return the fields that the texts use and that have no value."""
    used = dict.fromkeys(field for text in texts for field in fields_of(text))
    return [field for field in used if not clean(values.get(field) or "")]


def departs_from_form(block: Block, text: str) -> str | None:
    """Return a warning when a text changes what Mẫu 1.7 fixes word by word (invitation.md §4), else None."""
    if block is Block.OPENING and not fold(text).endswith(fold(FORMULA)):
        return f"Mẫu 1.7 của Nghị định 30/2020/NĐ-CP viết câu mời kết thúc bằng “{FORMULA}”; câu này viết khác."
    if block is Block.PURPOSE and fold(text).startswith("toi du "):
        return "Chữ “Tới dự” là chữ cố định của mẫu và đã in sẵn; đoạn này viết thêm một lần nữa."
    return None


@dataclass(frozen=True)
class Words:
    """The raw text of every block for one letter, fields still in braces."""

    texts: Mapping[Block, str]

    def __getitem__(self, block: Block) -> str:
        """Return the text of a block."""
        return self.texts[block]

    def over(self, others: Mapping[Block, str]) -> Self:
        """Return these words with the others in place of their own; an empty one takes an optional block away."""
        kept = {block: text for block, text in others.items() if text or not block.always}
        return type(self)({**self.texts, **kept})


@dataclass(frozen=True)
class Filled:
    """The words of one letter as they are printed."""

    subject: str
    opening: str
    purpose: str
    notes: tuple[str, ...]
    code: str


def filled(words: Words, extra: str | None, values: Values, *, marked: bool = False) -> Filled:
    """Return the words with every field filled; `extra` is the note of this one letter, after the notes of all."""

    def said(text: str) -> str:
        return fill(text, values, marked=marked)

    return Filled(
        subject=said(words[Block.SUBJECT]),
        opening=said(words[Block.OPENING]),
        purpose=f"Tới dự {said(words[Block.PURPOSE])}",
        notes=tuple(said(line) for line in paragraphs(words, extra, values)),
        code=said(words[Block.CODE]),
    )


def paragraphs(words: Words, extra: str | None, values: Values) -> list[str]:
    """Return the paragraphs after "Địa điểm", fields still in braces, without those that have nothing to say."""
    reply = words[Block.REPLY]
    if Field.REPLY_BY in fields_of(reply) and not values.get(Field.REPLY_BY):
        reply = ""
    lines = [*words[Block.NOTES].splitlines(), *words[Block.PREPARE].splitlines(), extra or "", reply, words[Block.CLOSING]]
    return [line for line in (clean(line) for line in lines) if line]


def used_texts(words: Words, extra: str | None, values: Values) -> list[str]:
    """Return every raw text that a letter prints."""
    head = (words[Block.SUBJECT], words[Block.OPENING], words[Block.PURPOSE], words[Block.CODE])
    return [*head, *paragraphs(words, extra, values)]


def _marked(piece: Piece) -> str:
    bare = piece.text.translate(dict.fromkeys(map(ord, _MARKS)))
    if piece.field is None:
        return bare
    return f"{_NOTHING if piece.missing else _VALUE}{bare}{_END}"
