"""The rehearsal's ceremony: the row of the first wave gathers, one is absent, one has a stand-in; nobody is called yet."""

from __future__ import annotations

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.ceremony import Verb
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.ceremony import AwardFormSettings, CeremonyMark, WaveLeader
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.journal import record


def prepare(conference: Conference, form: AwardForm, actor: str) -> None:
    """Name presenter and reader, give book numbers, and mark the first collectives, inside the open transaction."""
    at = clock.now()
    first = sa.select(Honouree).where(Honouree.form_id == form.id, Honouree.kind == "collective").order_by(Honouree.position).limit(4)
    listed = list(db.session.scalars(first))
    presenter = f"đồng chí lãnh đạo {form.authority.removeprefix('Chủ tịch ')}"
    for kind in ("collective", "individual"):
        db.session.add(
            WaveLeader(
                conference_id=conference.id, form_id=form.id, kind=kind, number=1, presenter_name=presenter,
                reader_name="đồng chí Trưởng Ban Thi đua khen thưởng tỉnh",
            )
        )
    for one in db.session.scalars(sa.select(Honouree).where(Honouree.form_id == form.id, Honouree.position > 1)):
        one.certificate_at = at  # all but the first of each kind: the screens warn before its wave
    db.session.add(AwardFormSettings(conference_id=conference.id, form_id=form.id, first_book_number=101, place=conference.place or None))
    verbs = (Verb.WINGS, Verb.STAND_IN, Verb.WINGS, Verb.ABSENT)
    for seq, (one, verb) in enumerate(zip(listed, verbs, strict=False), 1):
        stands_in = verb is Verb.STAND_IN
        db.session.add(
            CeremonyMark(
                conference_id=conference.id, seq=seq, press_key=f"dien-tap-{seq}", verb=verb.value, honouree_id=one.id, members=[], passed=[],
                address_form="bà" if stands_in else None, name="Y Làm Mẫu" if stands_in else None, post="Phó Chủ tịch Hội" if stands_in else None,
                at=at, actor=actor,
            )
        )
    record(
        "ceremony.ready", at, conference_id=conference.id, actor=actor, subject="ceremony",
        sentence="Trao thưởng: hàng của đợt 1 đang tập hợp.",
    )
