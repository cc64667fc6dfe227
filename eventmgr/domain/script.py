"""What the MC says: the default words for each kind of step, with names and forms of address in their places.

The words follow the model script of protocol.md §8; the office replaces them step by step with its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from eventmgr.domain.braces import Vocabulary, capital_like
from eventmgr.domain.delegates import introduction_line, posts_with_body
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.names import AddressForm
from eventmgr.domain.text import clean, fold

# Leaders are not told to get ready; whoever reads a paper or a report is.
_TOLD_TO_PREPARE = frozenset({ItemKind.PAPER, ItemKind.REPORT, ItemKind.AWARDS, ItemKind.RESPONSE, ItemKind.OTHER})
_HONOURED = frozenset({ItemKind.OPENING_SPEECH, ItemKind.SPEECH, ItemKind.CONCLUSION})
_PERSONS = ("lãnh đạo ", "đại diện ", "đại biểu ", "thành viên ", "đồng chí ", "ông ", "bà ")
_COMMON = (*_PERSONS, "các ")


@dataclass(frozen=True)
class Presenter:
    """Who presents. `name` and `post` as they stand on a screen, `said` and `short` in the middle of a sentence:
    'đồng chí A Thí Dụ - Trưởng Ban Dân tộc tỉnh', 'đồng chí A Thí Dụ'; `body` is where the person comes from, `instead_of` whom
    the person stands in for.
    """

    kind: PresenterKind
    name: str
    said: str
    short: str
    post: str = ""
    body: str = ""
    instead_of: str = ""


@dataclass(frozen=True)
class Say:
    """A stretch of text; `strong` is what must not be got wrong: names, posts, titles."""

    text: str
    strong: bool = False


Line = tuple[Say, ...]


@dataclass(frozen=True)
class Cue:
    """A step as the script sees it; `own` is the office's text for opening it."""

    title: str
    kind: ItemKind
    presenter: Presenter | None = None
    own: str | None = None


@dataclass(frozen=True)
class Occasion:
    """What the whole conference is, for the opening words; `basis` and `chair` may be unknown."""

    title: str
    organiser: str
    basis: str | None = None
    contents: Sequence[str] = ()
    chair: str | None = None


class ScriptField(StrEnum):
    """What may stand in braces in the office's own words."""

    CONFERENCE = "hội nghị"
    ORGANISER = "đơn vị tổ chức"
    BASIS = "căn cứ"
    CHAIR = "chủ trì"
    CONTENTS = "số nội dung"
    TITLE = "nội dung"
    SPEAKER = "người trình bày"
    SHORT = "tên người trình bày"
    BODY = "đơn vị trình bày"
    NEXT_SPEAKER = "người tiếp theo"
    NEXT_TITLE = "nội dung tiếp theo"


NO_OCCASION = Occasion("", "")

GAP = "……"
"""Stands where a field has no value."""

VOCABULARY = Vocabulary(field.value for field in ScriptField)


def person(
    form: AddressForm, full_name: str, posts: Sequence[str], body: str | None, posts_first: bool = False
) -> Presenter:
    """Return a named person as presenter: 'Đồng chí A Thí Dụ', 'Trưởng Ban Dân tộc tỉnh'."""
    short = f"{form.label} {full_name}"
    return Presenter(
        PresenterKind.PERSON_OF_BODY, upper_first(short), introduction_line(form, full_name, posts, body, posts_first),
        short, posts_with_body(posts, body), clean(body or ""),
    )


def holder(form: AddressForm, posts: Sequence[str], body: str | None) -> Presenter:
    """Return whoever holds a post while nobody knows the name: 'Phó Chủ tịch UBND huyện Kon Plông'."""
    whole, said = posts_with_body(posts, body), introduction_line(form, None, posts, body)
    return Presenter(PresenterKind.PERSON_OF_BODY, upper_first(whole), said, said, "", clean(body or ""))


def written(kind: PresenterKind, text: str, body: str | None = None) -> Presenter | None:
    """Return the presenter that the programme names in words only: 'Lãnh đạo Sở Y tế'; None when it names nobody."""
    text = clean(text)
    if not text or kind is PresenterKind.NOBODY:
        return None
    short = lower_first(text)
    of_many = kind in {PresenterKind.BODY, PresenterKind.COLLECTIVE} and not short.startswith(_PERSONS)
    said = f"đại diện {short}" if of_many else short
    stem = text[len("lãnh đạo ") :] if fold(text).startswith("lanh dao ") else text
    return Presenter(kind, upper_first(text), said, short, "", clean(body or stem))


def opening(occasion: Occasion) -> tuple[Line, ...]:
    """Return the very first words: settle down, why we are here."""
    return _filled(_opening_model(occasion), Cue("", ItemKind.INTRODUCTION), occasion)


def model_text(cue: Cue, occasion: Occasion) -> str:
    """Return the words that count while the office has none of its own, with their fields in braces."""
    if cue.kind is ItemKind.INTRODUCTION:
        return _opening_model(occasion)
    return _model(cue, goes_on=False)


def own_words(cue: Cue, occasion: Occasion, after: Cue | None = None) -> tuple[Line, ...]:
    """Return the office's own paragraphs with their fields filled, each a line; empty without own words."""
    return _filled(cue.own or "", cue, occasion, after)


def problems_of(text: str) -> list[str]:
    """Return a sentence for each brace or field of the office's words that cannot be."""
    return VOCABULARY.problems_of(text)


def during(cue: Cue, occasion: Occasion) -> tuple[Line, ...]:
    """Return what the MC reads while the step runs; empty where somebody else speaks."""
    if cue.kind is ItemKind.INTRODUCTION:
        return (
            *(own_words(cue, occasion) or opening(occasion)),
            _line("Về dự Hội nghị, xin trân trọng giới thiệu các vị đại biểu trong danh sách. Đề nghị Hội nghị nhiệt liệt chào mừng."),
        )
    if cue.kind is ItemKind.FLAG_SALUTE:
        return (_line("Nghiêm! Chào cờ, chào!"), _line("Xin mời quý vị đại biểu an tọa."))
    if cue.kind is ItemKind.PROCEDURE and occasion.contents:
        listed = [(Say(f"{place}. "), Say(_ended(title))) for place, title in enumerate(occasion.contents, start=1)]
        return (_line(f"Chương trình Hội nghị gồm {len(listed)} nội dung:"), *listed)
    if cue.kind is ItemKind.DISCUSSION:
        return (_line("Đề nghị đại biểu giới thiệu họ tên, đơn vị trước khi phát biểu."),)
    return ()


def handover(
    done: Cue | None, coming: Cue | None, after: Cue | None = None, occasion: Occasion = NO_OCCASION
) -> tuple[Line, ...]:
    """Return what the MC says between two steps: thanks, the next title with the invitation, who gets ready.

    `done` is None before the start, `coming` None after the last step. A presenter who goes on is neither thanked
    nor called again, and `coming.own` takes the place of the default invitation; where it names who comes next,
    nobody is told to get ready a second time.
    """
    lines: list[Line] = []
    goes_on = _same(done, coming)
    if done and done.presenter and not goes_on:
        lines.append(_thanks(done, done.presenter))
    if coming is None:
        return (*lines, *_close())
    if done is None and coming.kind is ItemKind.INTRODUCTION:
        return (_line("Kính mời quý vị đại biểu vào hội trường, ổn định chỗ ngồi. Hội nghị sắp bắt đầu."),)
    lines += own_words(coming, occasion, after) or _filled(_model(coming, goes_on), coming, occasion, after)
    if coming.own and {ScriptField.NEXT_SPEAKER.value, ScriptField.NEXT_TITLE.value} & _used(coming.own):
        return tuple(lines)
    waiting = after.presenter if after and after.kind in _TOLD_TO_PREPARE and not _same(coming, after) else None
    if waiting and waiting.kind is not PresenterKind.EVERYONE:
        lines.append((Say(upper_first(waiting.short), True), Say(" xin chuẩn bị.")))
    return tuple(lines)


def upper_first(text: str) -> str:
    """Return the text as it stands at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return the text for the middle of a sentence: common words small, names and bodies as they are."""
    small = text[:1].lower() + text[1:]
    return small if small.startswith(_COMMON) else text


def _thanks(cue: Cue, presenter: Presenter) -> Line:
    if presenter.kind is PresenterKind.EVERYONE:
        return _line("Xin cảm ơn ý kiến của các đại biểu.")
    word = "Xin trân trọng cảm ơn " if cue.kind in _HONOURED else "Xin cảm ơn "
    return (Say(word), Say(presenter.short, True), Say("."))


def _opening_model(occasion: Occasion) -> str:
    basis = "Thực hiện {căn cứ}, hôm nay" if occasion.basis else "Hôm nay,"
    return (
        "Kính mời quý vị đại biểu ổn định chỗ ngồi, chuyển điện thoại về chế độ im lặng. Hội nghị xin được bắt đầu.\n"
        "Kính thưa các đồng chí lãnh đạo, kính thưa quý vị đại biểu!\n"
        f"{basis} {{đơn vị tổ chức}} tổ chức {{hội nghị}}."
    )


def _model(cue: Cue, goes_on: bool) -> str:
    if cue.kind is ItemKind.PROCEDURE and "chuong trinh" in fold(cue.title):
        return "Tiếp theo, xin thông qua Chương trình Hội nghị."
    if cue.kind in _ALWAYS:
        return _ALWAYS[cue.kind]
    if cue.presenter is None:
        return "Tiếp theo: {nội dung}."
    if goes_on:
        return "Xin mời {tên người trình bày} tiếp tục với nội dung: {nội dung}."
    return _CALLS.get(cue.kind, "Tiếp theo, xin mời {người trình bày} lên trình bày: {nội dung}.")


_ALWAYS = {
    ItemKind.INTRODUCTION: "Tiếp theo, xin giới thiệu đại biểu về dự Hội nghị.",
    ItemKind.FLAG_SALUTE: "Kính mời quý vị đại biểu đứng dậy, làm lễ chào cờ.",
    ItemKind.DISCUSSION: "Tiếp theo là phần thảo luận. Xin mời các đại biểu phát biểu ý kiến.",
    ItemKind.BREAK: "Kính mời quý vị đại biểu nghỉ giải lao.",
}
_CALLS = {
    ItemKind.OPENING_SPEECH: "Xin trân trọng kính mời {người trình bày} lên khai mạc và chủ trì Hội nghị.",
    ItemKind.CONCLUSION: "Xin trân trọng kính mời {người trình bày} phát biểu kết luận Hội nghị.",
    ItemKind.SPEECH: "Xin trân trọng kính mời {người trình bày} lên phát biểu với Hội nghị.",
    ItemKind.AWARDS: "Xin kính mời {người trình bày} lên công bố quyết định khen thưởng.",
    ItemKind.PAPER: (
        "Tiếp theo, Hội nghị nghe tham luận của {đơn vị trình bày} với nội dung: {nội dung}. Xin mời {người trình bày}."
    ),
}


def _filled(text: str, cue: Cue, occasion: Occasion, after: Cue | None = None) -> tuple[Line, ...]:
    """Each paragraph as a line; values are strong, and a sentence that a value ends takes no second full stop."""
    values, lines = _values(cue, occasion, after), []
    for part in (clean(one) for one in text.splitlines()):
        line: list[Say] = []
        for words, name in VOCABULARY.split(part):
            if name is not None:
                line.append(Say(capital_like(words, clean(values.get(ScriptField(name)) or "")) or GAP, True))
            elif line and line[-1].strong and line[-1].text.endswith((".", "!", "?")) and words.startswith("."):
                line += [Say(words[1:])] if words[1:] else []
            else:
                line.append(Say(words))
        if line:
            lines.append(tuple(line))
    return tuple(lines)


def _values(cue: Cue, occasion: Occasion, after: Cue | None) -> dict[ScriptField, str | None]:
    who, waits = cue.presenter, after.presenter if after else None
    return {
        ScriptField.CONFERENCE: occasion.title,
        ScriptField.ORGANISER: occasion.organiser,
        ScriptField.BASIS: occasion.basis,
        ScriptField.CHAIR: occasion.chair,
        ScriptField.CONTENTS: str(len(occasion.contents)) if occasion.contents else None,
        ScriptField.TITLE: cue.title,
        ScriptField.SPEAKER: who.said if who else None,
        ScriptField.SHORT: who.short if who else None,
        ScriptField.BODY: (who.body or who.short) if who else None,
        ScriptField.NEXT_SPEAKER: waits.short if waits else None,
        ScriptField.NEXT_TITLE: after.title if after else None,
    }


def _used(text: str) -> set[str]:
    return {name for _, name in VOCABULARY.split(text) if name is not None}


def _close() -> tuple[Line, ...]:
    return (
        _line("Hội nghị đến đây là kết thúc. Xin kính chúc các đồng chí lãnh đạo, quý vị đại biểu mạnh khỏe, hạnh phúc."),
        _line("Xin trân trọng cảm ơn!"),
    )


def _same(one: Cue | None, other: Cue | None) -> bool:
    if one is None or other is None or one.presenter is None or other.presenter is None:
        return False
    return replace(one.presenter, post="") == replace(other.presenter, post="")


def _line(text: str) -> Line:
    return (Say(text),)


def _ended(title: str) -> str:
    return title if title.endswith((".", "!", "?")) else f"{title}."
