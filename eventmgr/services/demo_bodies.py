"""Bodies of the rehearsal: links, quotas, contacts, times, companions, and what some of them sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventmgr.domain.likeness import name_bag
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.models.journal import record
from eventmgr.models.nominations import Nomination
from eventmgr.services import demo_people
from eventmgr.services.body_links import give_link
from eventmgr.services.delegate_keys import fill_keys, ranks_of

QUOTAS = {"ubnd-huyen-dak-ha": 3, "ubnd-huyen-kon-plong": 3, "so-y-te": 3, "so-tai-chinh": 2}
DRIVEN = ("ubnd-huyen-kon-plong", "ubnd-huyen-tu-mo-rong")


def fill_bodies(conference: Conference, delegates: Sequence[Delegate], names: Iterator[tuple[str, bool]], start: datetime, actor: str) -> None:
    """Give every body of a group its link, and let some have sent something; all names are invented."""
    bodies = list(
        db.session.scalars(
            sa.select(Body).where(Body.conference_id == conference.id, Body.group_id.is_not(None)).order_by(Body.position)
        )
    )
    by_key = {body.key: body for body in bodies}
    for place, body in enumerate(bodies):
        give_link(body)
        body.phone, body.quota = f"0000 900 {place:03d}", QUOTAS.get(body.key)
    for group in db.session.scalars(sa.select(Group).where(Group.conference_id == conference.id, Group.role == "press")):
        group.reply_by, group.freeze_at = start - timedelta(days=2), start - timedelta(hours=1)
    for key in DRIVEN:
        if driven := by_key.get(key):
            _companion(conference, driven, delegates, next(names)[0], start)
    made = [
        _sent(by_key[key], start - timedelta(hours=20 - hours), next(names)[0] if kind != "note" else None, kind, **more)
        for hours, (key, kind, more) in enumerate(_SENT) if key in by_key
    ]  # fmt: skip
    for one in made:
        if one.kind == "name" and one.state == "waiting" and (seat := _unnamed(one.body_id, delegates)):
            one.delegate_id, one.before, one.posts = seat.id, seat.shown_name, list(seat.posts)
    db.session.add_all(made)
    for body in bodies:
        if mine := [one for one in made if one.body_id == body.id]:
            record(
                "nomination.sent", mine[0].sent_at, conference_id=conference.id, actor=actor, subject="body", subject_id=body.id,
                sentence=f"{body.name} gửi {len(mine)} nội dung cho Văn phòng.",
            )  # fmt: skip


_SENT: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("ubnd-huyen-dak-ha", "name", {}),
    ("ubnd-huyen-dak-ha", "note", {"words": "Đoàn đi một xe 16 chỗ, đến trước giờ họp 30 phút."}),
    ("so-y-te", "name", {"state": "returned", "answer": "Đề nghị cử lãnh đạo phòng chuyên môn."}),
    ("so-y-te", "note", {"words": "Báo cáo tham luận dài 12 phút.", "state": "accepted", "answer": "Xin rút còn 10 phút theo chương trình."}),
    ("so-tai-chinh", "name", {}),
)


def _sent(body: Body, at: datetime, name: str | None, kind: str, **more: str) -> Nomination:
    judged = "state" in more
    return Nomination(
        conference_id=body.conference_id, body_id=body.id, kind=kind, full_name=name,
        posts=[demo_people.post_of_deputy(body.name)] if name else [], address_form="đồng chí" if name else None,
        person_key=name_bag(name) if name else None, sent_at=at, judged_at=at + timedelta(hours=1) if judged else None,
        **({"state": "waiting"} | more),
    )  # fmt: skip


def _unnamed(body_id: int, delegates: Sequence[Delegate]) -> Delegate | None:
    return next((one for one in delegates if one.body_id == body_id and one.full_name is None), None)


def _companion(conference: Conference, body: Body, delegates: Sequence[Delegate], name: str, at: datetime) -> None:
    principal = next((one for one in delegates if one.body_id == body.id and one.full_name), None)
    if principal is None:
        return
    made = Delegate(
        conference_id=conference.id, group_id=principal.group_id, body_id=body.id, address_form="đồng chí", full_name=name,
        first_post="Lái xe", posts=["Lái xe"], companion_of_id=principal.id, origin="body", created_at=at,
    )  # fmt: skip
    with db.session.no_autoflush:
        fill_keys(made, ranks_of(conference.id), body, principal.group)
    db.session.add(made)
