"""The MC's presses in words: on the undo button, in the journal, and for whoever pressed too late."""

from __future__ import annotations

from collections.abc import Sequence

from eventmgr.domain import agenda as running
from eventmgr.domain import script
from eventmgr.domain.agenda import Move, Verb
from eventmgr.domain.dates import to_local
from eventmgr.services.stage_parts import Row

_SHORT = 90
_WORDS = {
    Verb.START: "bắt đầu", Verb.NEXT: "sang", Verb.END: "kết thúc", Verb.BACK: "quay lại", Verb.SKIP: "bỏ qua",
    Verb.PAUSE: "tạm dừng", Verb.RESUME: "tiếp tục", Verb.INSERT: "chèn", Verb.LATER: "lùi",
}  # fmt: skip


def named(rows: Sequence[Row], moves: Sequence[Move], move: Move, titled: bool = False) -> str:
    """Return a press in words: 'bắt đầu 4.(2)', with its title when asked."""
    special = _special(rows, moves, move)
    if special is not None:
        return special
    about = _called(rows, moves, move.step_id, titled)
    if about is None:
        return {Verb.END: "kết thúc hội nghị"}.get(move.verb, "thao tác về một mục đã xóa")
    behind = _called(rows, moves, move.details.after) if move.verb is Verb.LATER else None
    return f"{_WORDS[move.verb]} {about}{f' xuống sau {behind}' if behind else ''}"


def told(rows: Sequence[Row], moves: Sequence[Move], move: Move) -> str:
    """Return the sentence that says what a press did."""
    if move.verb is Verb.UNDO:
        undone = running.to_undo([row.step for row in rows], [other for other in moves if other.seq < move.seq])
        return f"Hoàn tác: {named(rows, moves, undone)}." if undone else "Hoàn tác."
    said = script.upper_first(named(rows, moves, move, titled=True))
    return said if said.endswith("…") else f"{said}."


def meanwhile(rows: Sequence[Row], moves: Sequence[Move], seen: int) -> str:
    """Return the sentence for a press that was made on a screen that had been overtaken."""
    since = [f"{to_local(move.at):%H:%M} {_lowered(told(rows, moves, move))}" for move in moves if move.seq > seen]
    happened = f" Lúc {'; '.join(since[-3:])}" if since else ""
    return f"Chương trình đã chuyển trước khi bấm nên thao tác này chưa được thực hiện.{happened} Xem lại rồi bấm lại."


def _special(rows: Sequence[Row], moves: Sequence[Move], move: Move) -> str | None:
    if move.verb is Verb.TAKE:
        return f"{move.console.name if move.console else 'Một máy khác'} nhận điều khiển"
    if move.verb is Verb.CATCH_UP:
        return "rút ngắn chương trình"
    if move.verb is Verb.UNDO:
        return "hoàn tác"
    about = _called(rows, moves, move.step_id)
    if move.verb is Verb.ADJUST and about is not None:
        minutes = move.details.minutes or 0
        return f"{'thêm' if minutes > 0 else 'bớt'} {abs(minutes)} phút cho {about}"
    if move.verb is Verb.SWAP and about is not None:
        other = _called(rows, moves, move.details.after)
        return f"đổi {about} với {other}" if other else f"đổi {about} với mục sau"
    return None


def _called(rows: Sequence[Row], moves: Sequence[Move], step_id: int | None, titled: bool = False) -> str | None:
    """A step by its number, with the beginning of its title when asked; None for one that is gone."""
    if step_id is not None and step_id < 0:
        title = next((move.details.title for move in moves if move.seq == -step_id), None)
        return None if title is None else f"“{_short(title)}”"
    row = next((row for row in rows if row.id == step_id), None)
    if row is None:
        return None
    return f"{row.number} {_short(row.step.title)}" if titled else row.number


def _short(title: str) -> str:
    """The beginning of a title for a sentence; screens show titles whole."""
    return title if len(title) <= _SHORT else title[:_SHORT].rsplit(" ", 1)[0] + "…"


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
