"""What is set for the handing over of one conference's awards, and for the papers of one form of award."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.award_money import ROUNDING, thousands
from eventmgr.domain.certificates import PAGE
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.models.ceremony import AwardFormSettings, CeremonyMark, CeremonySettings
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import record
from eventmgr.services.award_parts import conference_for_writing, form_for_writing, note
from eventmgr.services.typed import needed, optional

STEPS = (1, 100, 1_000, 10_000, 50_000, 100_000)
"""Whole đồng to which award money may be rounded; 1 leaves it as it is computed."""

SMALLEST, LARGEST, USUAL = 5, 10, 8
"""How many stand in a row on stage (protocol.md §7)."""


@dataclass(frozen=True)
class PaperFacts:
    """What the papers of a form of award need beyond its decision, as typed."""

    level: str | None = None
    first_book_number: int | None = None
    place: str | None = None
    signer_post: str | None = None
    signer_name: str | None = None


def settings_of(conference_id: int) -> CeremonySettings:
    """Return the settings, or those that count while nobody has set any; such a row is not stored yet."""
    stored = db.session.scalar(sa.select(CeremonySettings).where(CeremonySettings.conference_id == conference_id))
    return stored or CeremonySettings(
        conference_id=conference_id, wave_size=USUAL, collectives_first=True, page_width=PAGE[0], page_height=PAGE[1], rounding=ROUNDING
    )


def form_settings_of(conference_id: int) -> dict[int, AwardFormSettings]:
    """Return the settings of forms of award by the form's id; a form without any is not among them."""
    rows = db.session.scalars(sa.select(AwardFormSettings).where(AwardFormSettings.conference_id == conference_id))
    return {one.form_id: one for one in rows}


def set_stage(conference_id: int, wave_size: int | None, collectives_first: bool, by: int) -> None:
    """Set how many stand in a row and who comes first; raises Invalid, Conflict once the first wave has started."""
    if wave_size is None or not SMALLEST <= wave_size <= LARGEST:
        raise Invalid(f"Mỗi đợt từ {SMALLEST} đến {LARGEST} người.", "wave_size")
    with transaction():
        conference_for_writing(conference_id)
        if db.session.scalar(sa.select(sa.exists().where(CeremonyMark.conference_id == conference_id, CeremonyMark.verb == "start"))):
            raise Conflict("Đã bắt đầu trao nên không đổi cỡ đợt và thứ tự được nữa.")
        held = settings_of(conference_id)
        held.wave_size, held.collectives_first = wave_size, collectives_first
        db.session.add(held)
        first = "tập thể trước" if collectives_first else "cá nhân trước"
        record(
            "ceremony.settings", clock.now(), conference_id=conference_id, account_id=by, subject="conference", subject_id=conference_id,
            sentence=f"Đợt trao: mỗi đợt nhiều nhất {wave_size} người, {first}.",
        )


def set_rounding(conference_id: int, step: str, basis: str, by: int) -> None:
    """Set to which step in đồng award money is rounded, and what that rests on; raises Invalid."""
    digits = step.replace(".", "").replace(" ", "").removesuffix("đồng")
    value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 7 else 0
    if value not in STEPS:
        raise Invalid(f"Bước làm tròn là {', '.join(thousands(one) for one in STEPS[:-1])} hoặc {thousands(STEPS[-1])} đồng.", "step")
    words = needed(basis, "rounding_basis", 300)
    with transaction():
        conference_for_writing(conference_id)
        held = settings_of(conference_id)
        if (held.rounding, held.rounding_basis) == (value, words):
            return
        held.rounding, held.rounding_basis = value, words
        db.session.add(held)
        record(
            "awards.rounding", clock.now(), conference_id=conference_id, account_id=by, subject="conference", subject_id=conference_id,
            sentence=f"Tiền thưởng làm tròn đến {thousands(value)} đồng.",
        )


def set_papers(conference_id: int, form_id: int, facts: PaperFacts, levels: set[str], by: int) -> None:
    """Set what the papers of a form need; raises NotFound, Invalid."""
    if facts.level is not None and facts.level not in levels:
        raise Invalid("Chọn mức khen thưởng trong danh sách.", "level")
    if facts.first_book_number is not None and not 1 <= facts.first_book_number <= 9_999_999:
        raise Invalid("Số sổ vàng đầu tiên là một số nguyên từ 1.", "first_book_number")
    values = {
        "level": facts.level, "first_book_number": facts.first_book_number, "place": optional(facts.place, "place", 80),
        "signer_post": optional(facts.signer_post, "signer_post", 160), "signer_name": optional(facts.signer_name, "signer_name", 120),
    }  # fmt: skip
    with transaction():
        form = form_for_writing(conference_id, form_id)
        held = form_settings_of(conference_id).get(form_id) or AwardFormSettings(conference_id=conference_id, form_id=form_id)
        for name, value in values.items():
            setattr(held, name, value)
        db.session.add(held)
        note(form, "awards.papers_set", by, "Đặt mức tiền thưởng, số sổ vàng và người ký cho giấy tờ khen thưởng.")
