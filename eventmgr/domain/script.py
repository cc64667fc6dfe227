"""What the MC says: the default words for each kind of step, with names and forms of address in their places.

The words follow the model script of protocol.md §8; the office replaces them step by step with its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eventmgr.domain.delegates import introduction_line, posts_with_body
from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.names import AddressForm
from eventmgr.domain.text import clean, fold

# Leaders are not told to get ready; whoever reads a paper or a report is.
_TOLD_TO_PREPARE = frozenset({ItemKind.PAPER, ItemKind.REPORT, ItemKind.AWARDS, ItemKind.RESPONSE, ItemKind.OTHER})
_HONOURED = frozenset({ItemKind.OPENING_SPEECH, ItemKind.SPEECH, ItemKind.CONCLUSION})
_COMMON = ("lãnh đạo ", "đại diện ", "đại biểu ", "các ", "thành viên ", "đồng chí ", "ông ", "bà ")


@dataclass(frozen=True)
class Presenter:
    """Who presents. `name` and `post` as they stand on a screen, `said` and `short` in the middle of a sentence:
    'đồng chí A Thí Dụ - Trưởng Ban Dân tộc tỉnh', 'đồng chí A Thí Dụ'; `body` is where the person comes from.
    """

    kind: PresenterKind
    name: str
    said: str
    short: str
    post: str = ""
    body: str = ""


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
    """What the whole conference is, for the opening words; `basis` may be unknown."""

    title: str
    organiser: str
    basis: str | None = None
    contents: Sequence[str] = ()


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
    said = f"đại diện {short}" if kind in {PresenterKind.BODY, PresenterKind.COLLECTIVE} else short
    stem = text[len("lãnh đạo ") :] if fold(text).startswith("lanh dao ") else text
    return Presenter(kind, upper_first(text), said, short, "", clean(body or stem))


def opening(occasion: Occasion) -> tuple[Line, ...]:
    """Return the very first words: settle down, why we are here."""
    basis = f"Thực hiện {occasion.basis}, hôm nay" if occasion.basis else "Hôm nay,"
    return (
        _line("Kính mời quý vị đại biểu ổn định chỗ ngồi, chuyển điện thoại về chế độ im lặng. Hội nghị xin được bắt đầu."),
        _line("Kính thưa các đồng chí lãnh đạo, kính thưa quý vị đại biểu!"),
        (Say(f"{basis} "), Say(occasion.organiser, True), Say(" tổ chức "), Say(occasion.title, True), Say(".")),
    )


def during(cue: Cue, occasion: Occasion) -> tuple[Line, ...]:
    """Return what the MC reads while the step runs; empty where somebody else speaks."""
    if cue.kind is ItemKind.INTRODUCTION:
        return (
            *(_own(cue) or opening(occasion)),
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


def handover(done: Cue | None, coming: Cue | None, after: Cue | None = None) -> tuple[Line, ...]:
    """Return what the MC says between two steps: thanks, the next title with the invitation, who gets ready.

    `done` is None before the start, `coming` None after the last step. A presenter who goes on is neither thanked
    nor called again, and `coming.own` takes the place of the default invitation.
    """
    lines: list[Line] = []
    goes_on = _same(done, coming)
    if done and done.presenter and not goes_on:
        lines.append(_thanks(done, done.presenter))
    if coming is None:
        return (*lines, *_close())
    if done is None and coming.kind is ItemKind.INTRODUCTION:
        return (_line("Kính mời quý vị đại biểu vào hội trường, ổn định chỗ ngồi. Hội nghị sắp bắt đầu."),)
    lines += _own(coming) or [_invitation(coming, goes_on)]
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


def _invitation(cue: Cue, goes_on: bool) -> Line:
    who = cue.presenter
    if cue.kind is ItemKind.INTRODUCTION:
        return _line("Tiếp theo, xin giới thiệu đại biểu về dự Hội nghị.")
    if cue.kind is ItemKind.FLAG_SALUTE:
        return _line("Kính mời quý vị đại biểu đứng dậy, làm lễ chào cờ.")
    if cue.kind is ItemKind.PROCEDURE and "chuong trinh" in fold(cue.title):
        return _line("Tiếp theo, xin thông qua Chương trình Hội nghị.")
    if cue.kind is ItemKind.DISCUSSION:
        return _line("Tiếp theo là phần thảo luận. Xin mời các đại biểu phát biểu ý kiến.")
    if cue.kind is ItemKind.BREAK:
        return _line("Kính mời quý vị đại biểu nghỉ giải lao.")
    if who is None:
        return (Say("Tiếp theo: "), Say(_ended(cue.title), True))
    if goes_on:
        return (Say("Xin mời "), Say(who.short, True), Say(" tiếp tục với nội dung: "), Say(_ended(cue.title), True))
    return _called(cue, who)


def _called(cue: Cue, who: Presenter) -> Line:
    said = Say(who.said, True)
    if cue.kind is ItemKind.OPENING_SPEECH:
        return (Say("Xin trân trọng kính mời "), said, Say(" lên khai mạc và chủ trì Hội nghị."))
    if cue.kind is ItemKind.CONCLUSION:
        return (Say("Xin trân trọng kính mời "), said, Say(" phát biểu kết luận Hội nghị."))
    if cue.kind is ItemKind.SPEECH:
        return (Say("Xin trân trọng kính mời "), said, Say(" lên phát biểu với Hội nghị."))
    if cue.kind is ItemKind.AWARDS:
        return (Say("Xin kính mời "), said, Say(" lên công bố quyết định khen thưởng."))
    if cue.kind is ItemKind.PAPER:
        heard = (Say("Tiếp theo, Hội nghị nghe tham luận của "), Say(who.body or who.short, True))
        return (*heard, Say(" với nội dung: "), Say(_ended(cue.title), True), Say(" Xin mời "), said, Say("."))
    title = Say(_ended(cue.title), True)
    return (Say("Tiếp theo, xin mời "), said, Say(" lên trình bày: "), title)


def _close() -> tuple[Line, ...]:
    return (
        _line("Hội nghị đến đây là kết thúc. Xin kính chúc các đồng chí lãnh đạo, quý vị đại biểu mạnh khỏe, hạnh phúc."),
        _line("Xin trân trọng cảm ơn!"),
    )


def _own(cue: Cue) -> list[Line]:
    """The office's own paragraphs, each a line."""
    return [_line(text) for part in (cue.own or "").splitlines() if (text := clean(part))]


def _same(one: Cue | None, other: Cue | None) -> bool:
    if one is None or other is None or one.presenter is None or other.presenter is None:
        return False
    return replace(one.presenter, post="") == replace(other.presenter, post="")


def _line(text: str) -> Line:
    return (Say(text),)


def _ended(title: str) -> str:
    return title if title.endswith((".", "!", "?")) else f"{title}."
