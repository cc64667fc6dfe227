"""Award dossiers of the rehearsal: agreed numbers, and bodies that have handed in, were returned, stand before the council; all invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventmgr.domain.dates import to_local
from eventmgr.domain.honourees import folded_name
from eventmgr.models.awards import AwardForm
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body
from eventmgr.models.dossiers import AwardQuota, AwardTerms, Dossier, DossierEntry, DossierFact
from eventmgr.models.journal import record

_STATES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ubnd-huyen-dak-ha", "submitted", ("proposed", "proposed", "proposed")),
    ("ubnd-huyen-sa-thay", "returned", ("proposed", "proposed")),
    ("ubnd-huyen-kon-plong", "checked", ("agreed", "agreed", "refused")),
    ("so-y-te", "draft", ("proposed",)),
)
_SAID = "Đề nghị bổ sung Biên bản họp xét của đơn vị."
_REFUSED = "Thành tích chưa nêu kết quả cụ thể."


def fill_dossiers(conference: Conference, names: Iterator[tuple[str, bool]], start: datetime, actor: str) -> None:
    """Let four bodies propose for the form whose list is still open; a plan without such a form gets none."""
    form = db.session.scalar(
        sa.select(AwardForm)
        .where(AwardForm.conference_id == conference.id, AwardForm.at_conference, AwardForm.decision_number.is_(None))
        .order_by(AwardForm.position, AwardForm.id).limit(1)
    )  # fmt: skip
    if form is None:
        return
    bodies = {one.key: one for one in db.session.scalars(sa.select(Body).where(Body.conference_id == conference.id))}
    day = to_local(start).date()
    db.session.add(AwardTerms(conference_id=conference.id, dossiers_before=day - timedelta(days=9), basis="Công văn hướng dẫn của buổi diễn tập."))
    for place, (key, state, entries) in enumerate(_STATES):
        if body := bodies.get(key):
            at = start - timedelta(days=12 - 2 * place)
            db.session.add(AwardQuota(conference_id=conference.id, form_id=form.id, body_id=body.id, collectives=1, individuals=1))
            dossier = _dossier(conference, body, state, at, late=at.date() >= day - timedelta(days=9), number=place + 41)
            db.session.add(dossier)
            db.session.flush()
            _entries(dossier, form, body, entries, names)
            _facts(dossier, state, at)
            if state != "draft":
                record(
                    "dossier.submitted", at, conference_id=conference.id, actor=actor, subject="dossier", subject_id=dossier.id,
                    sentence=f"{body.name} gửi hồ sơ khen thưởng, Tờ trình số {dossier.number}.",
                )  # fmt: skip


def _dossier(conference: Conference, body: Body, state: str, at: datetime, *, late: bool, number: int) -> Dossier:
    sent = None if state == "draft" else at
    return Dossier(
        conference_id=conference.id, body_id=body.id, number=f"{number}/TTr", dated_on=to_local(at).date(), state=state,
        created_at=at - timedelta(days=1), first_submitted_at=sent, submitted_at=sent, is_late=late and sent is not None,
    )  # fmt: skip


def _entries(dossier: Dossier, form: AwardForm, body: Body, states: tuple[str, ...], names: Iterator[tuple[str, bool]]) -> None:
    where = body.name.removeprefix("UBND ")
    for place, state in enumerate(states):
        name, is_woman = next(names)
        common: dict[str, Any] = {
            "conference_id": dossier.conference_id, "dossier_id": dossier.id, "form_id": form.id, "state": state,
            "reason": _REFUSED if state == "refused" else None, "achievement": "Nhiều năm vận động, hòa giải, chăm lo cho phụ nữ và trẻ em gái ở cơ sở.",
        }  # fmt: skip
        if place == 0 and len(states) > 1:
            printed = f"Tổ phụ nữ tự quản {where}"
            db.session.add(DossierEntry(
                kind="collective", position=1, printed_name=printed, name_key=folded_name(printed), leader_form="bà" if is_woman else "ông",
                leader_name=name, leader_post="Tổ trưởng", **common,
            ))  # fmt: skip
        else:
            db.session.add(DossierEntry(
                kind="individual", position=place + 1, printed_name=name, post=f"Trưởng thôn {place + 1}, {where}", name_key=folded_name(name),
                address_form="bà" if is_woman else "ông", **common,
            ))  # fmt: skip


def _facts(dossier: Dossier, state: str, at: datetime) -> None:
    verbs = {"draft": ["created"], "submitted": ["created", "submitted"]}.get(state, ["created", "submitted", state])
    for place, verb in enumerate(verbs):
        db.session.add(DossierFact(
            conference_id=dossier.conference_id, dossier_id=dossier.id, verb=verb, at=at + timedelta(hours=place - 1),
            words=_SAID if verb == "returned" else None,
        ))  # fmt: skip
