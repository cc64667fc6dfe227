"""What the page of a body and the office's list of what came in share; a private part of both."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventmgr import clock
from eventmgr.domain.errors import Conflict
from eventmgr.domain.nominations import places_left
from eventmgr.models.database import db
from eventmgr.models.delegates import Body, Delegate
from eventmgr.models.invitations import Reply
from eventmgr.models.journal import record
from eventmgr.models.nominations import Nomination
from eventmgr.services.answering import supersede

KINDS = {
    "name": "Cử người", "replace": "Cử người khác", "excuse": "Báo vắng", "companion": "Người đi cùng", "note": "Lời nhắn",
}
STATES = {"waiting": "Chờ Văn phòng xem", "accepted": "Đã nhận", "returned": "Trả lại", "withdrawn": "Đã rút"}


def hold_body(body_id: int) -> Body:
    """Let changes to what a body sends go one after the other: nobody gets past its quota in the same moment."""
    return db.session.scalars(
        sa.select(Body).where(Body.id == body_id).options(joinedload(Body.group)).with_for_update(of=Body)
        .execution_options(populate_existing=True)
    ).one()  # fmt: skip


def standing(body_id: int) -> list[Delegate]:
    """Return the delegates of a body with their groups and companions among them, in the order of its page."""
    return list(
        db.session.scalars(
            sa.select(Delegate)
            .where(Delegate.body_id == body_id, Delegate.removed_at.is_(None))
            .options(joinedload(Delegate.group))
            .order_by(Delegate.precedence_key, Delegate.id)
        )
    )


def waiting(body_id: int) -> list[Nomination]:
    """Return what a body sent and nobody has judged, in the order in which it came."""
    return list(
        db.session.scalars(
            sa.select(Nomination).where(Nomination.body_id == body_id, Nomination.state == "waiting").order_by(Nomination.id)
        )
    )


def free_places(body: Body, people: Sequence[Delegate], sent: Sequence[Nomination]) -> int:
    """Return how many more people the body may name; its people who come to be honoured take no place of its quota."""
    own = sum(1 for one in people if one.companion_of_id is None and (one.group.role != "honouree" or one.group_id == body.group_id))
    more = sum(1 for one in sent if one.kind == "name" and one.delegate_id is None)
    return places_left(body.quota, own, more)


def mark_of(delegate: Delegate, sent: Nomination | None, reply: Reply | None) -> str:
    """Return what changes whenever anybody changes something at a place: a form made from an older one is stale."""
    return f"{delegate.version}-{sent.id if sent else 0}.{sent.version if sent else 0}-{reply.id if reply else 0}"


def drop_answer(nomination: Nomination) -> None:
    """Let the answer that was stored with a nomination not count any more, when it still does."""
    reply = db.session.get(Reply, nomination.reply_id) if nomination.reply_id else None
    if reply is not None and reply.superseded_at is None:
        supersede(reply.delegate_id, clock.now())


def must_wait(nomination: Nomination, version: int) -> None:
    """Raise Conflict when a nomination was judged, withdrawn or changed since somebody looked at it."""
    if nomination.state != "waiting":
        raise Conflict(f"Nội dung này vừa được xử lý: {STATES[nomination.state].lower()}.")
    if nomination.version != version:
        raise Conflict("Có người vừa sửa nội dung này. Xem bản mới rồi làm tiếp.")


def note(nomination: Nomination, verb: str, sentence: str, *, by: int | None = None, actor: str = "") -> None:
    """Write the journal's line about a nomination, under the delegate that it is about, else under the body."""
    about = nomination.result_id or nomination.delegate_id
    record(
        verb, clock.now(), conference_id=nomination.conference_id, account_id=by, actor=actor,
        subject="delegate" if about else "body", subject_id=about or nomination.body_id, sentence=sentence,
        nomination_id=nomination.id, body_id=nomination.body_id,
    )  # fmt: skip
