"""What the MC reads while awards are handed over (protocol.md §8, 10); an own wording in the usual register."""

from __future__ import annotations

from dataclasses import dataclass

from eventmgr.domain.awards import RecipientKind, counts_text


@dataclass(frozen=True)
class WaveWords:
    """The sentences around the names of a wave; `decision` is said before the first wave of a form alone."""

    decision: str
    presenter: str
    call: str
    thanks: str


def wave_words(award: str, kind: RecipientKind, presenter: str, reader: str, *, first: bool, extra: bool) -> WaveWords:
    """Return the words of a wave; `award` is 'Bằng khen', or '' while the form is open."""
    what = award or "khen thưởng"
    people = "đại diện các tập thể" if kind is RecipientKind.COLLECTIVE else "các cá nhân"
    decision = f"Xin kính mời {reader} lên công bố quyết định khen thưởng." if first and reader else ""
    who = f"Xin trân trọng kính mời {presenter} lên trao {what}." if presenter else f"Xin trân trọng kính mời lãnh đạo lên trao {what}."
    call = f"Xin mời {people} sau đây lên nhận {what}:" if not extra else f"Xin mời tiếp {people} sau đây lên nhận {what}:"
    kinds = "tập thể" if kind is RecipientKind.COLLECTIVE else "cá nhân"
    return WaveWords(decision, who, call, f"Xin chúc mừng các {kinds} được khen thưởng.")


def wave_title(number: int, total: int, extra: bool) -> str:
    """Return 'Đợt 2 trong 7', or 'Đợt bổ sung 8 trong 8'."""
    return f"{'Đợt bổ sung' if extra else 'Đợt'} {number} trong {max(number, total)}"


def people_text(kind: RecipientKind, count: int) -> str:
    """Return '08 tập thể' or '10 cá nhân'."""
    return counts_text(count, 0) if kind is RecipientKind.COLLECTIVE else counts_text(0, count)
