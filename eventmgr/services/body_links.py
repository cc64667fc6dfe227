"""Links to the pages of bodies: made, shown, renewed, revoked. The database alone cannot bring a link back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents.qr import qr_svg
from eventmgr.domain import body_links, passes
from eventmgr.domain.errors import Conflict, NotFound
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body
from eventmgr.models.journal import record

UNKNOWN = "Liên kết này không đúng hoặc đã được thu hồi. Xin liên hệ Văn phòng để nhận liên kết mới."
_secret: list[bytes] = []
_base_url: list[str] = []


def use(secret_key: bytes, base_url: str) -> None:
    """Derive codes from this secret and build links to this address; bootstrap says which."""
    _secret[:] = [hmac.new(secret_key, b"eventmgr body links", hashlib.sha256).digest()]
    _base_url[:] = [base_url]


def link_of(body: Body) -> str | None:
    """Return the link to a body's page, None while it has none."""
    code = code_of(body)
    return body_links.link(_base_url[0], code) if code else None


def code_of(body: Body) -> str | None:
    """Return the code in a body's link, 16 letters and digits; None while it has none."""
    return passes.derive_code(_secret[0], bytes.fromhex(body.link_seed)) if body.link_seed else None


def qr_of(conference_id: int, body_id: int) -> bytes:
    """Return the QR of a body's link as SVG; raises NotFound while it has none."""
    link = link_of(_body(conference_id, body_id))
    if link is None:
        raise NotFound("Đơn vị này chưa có liên kết.")
    return qr_svg(link.upper()).encode()


def make_links(conference_id: int, by: int, body_ids: Sequence[int] | None = None) -> int:
    """Give a link to each of these bodies (all that stand in a group and are in use) that has none; return how many."""
    at = clock.now()
    with transaction():
        wanted = sa.select(Body).where(
            Body.conference_id == conference_id, Body.archived_at.is_(None), Body.link_seed.is_(None)
        )
        wanted = wanted.where(Body.group_id.is_not(None) if body_ids is None else Body.id.in_(body_ids))
        found = list(db.session.scalars(wanted.order_by(Body.id).with_for_update()))
        for body in found:
            give_link(body)
        if found:
            sentence = f"Tạo liên kết cho {found[0].name}." if len(found) == 1 else f"Tạo liên kết cho {len(found)} đơn vị."
            record(
                "body.links_made", at, conference_id=conference_id, account_id=by, subject="body",
                subject_id=found[0].id if len(found) == 1 else None, sentence=sentence, bodies=[body.id for body in found],
            )  # fmt: skip
        return len(found)


def renew_link(conference_id: int, body_id: int, by: int) -> Body:
    """Give a body a new link; the old one opens nothing from now on. Raises Conflict for a body that was put away."""
    with transaction():
        body = _body(conference_id, body_id)
        if body.archived_at is not None:
            raise Conflict("Đơn vị đã được cất đi, không tạo liên kết.")
        had = body.link_seed is not None
        give_link(body)
        _note(body, "body.link_renewed", by, f"{'Đổi' if had else 'Tạo'} liên kết của {body.name}.")
    return body


def revoke_link(conference_id: int, body_id: int, by: int) -> None:
    """Close a body's page: its link opens nothing from now on."""
    with transaction():
        body = _body(conference_id, body_id)
        if body.link_seed is None:
            return
        body.link_seed = body.link_digest = body.link_made_at = body.link_opened_at = None
        _note(body, "body.link_revoked", by, f"Thu hồi liên kết của {body.name}.")


def body_of(typed: str) -> tuple[Body, Conference]:
    """Return the body that a code leads to; raises NotFound for any other code, a revoked link, an archived conference."""
    code = body_links.read(typed)
    row = code and db.session.execute(
        sa.select(Body, Conference)
        .join(Conference, Conference.id == Body.conference_id)
        .where(Body.link_digest == body_links.digest(code), Body.archived_at.is_(None), Conference.state != "archived")
    ).first()
    if not row:
        raise NotFound(UNKNOWN)
    return row[0], row[1]


def note_opened(body_id: int) -> None:
    """Note the first time that somebody opened the page through this link; asked for by the page, never by reading it."""
    at = clock.now()
    with transaction():
        db.session.execute(
            sa.update(Body)
            .where(Body.id == body_id, Body.link_seed.is_not(None), Body.link_opened_at.is_(None))
            .values(link_opened_at=at)
        )


def give_link(body: Body) -> None:
    """Give a body a new seed, inside an open transaction; a private part of the services that make bodies."""
    seed = secrets.token_bytes(16)
    body.link_seed = seed.hex()
    body.link_digest = body_links.digest(passes.derive_code(_secret[0], seed))
    body.link_made_at, body.link_opened_at = clock.now(), None


def _body(conference_id: int, body_id: int) -> Body:
    found = db.session.get(Body, body_id)
    if found is None or found.conference_id != conference_id:
        raise NotFound("Không có đơn vị này trong hội nghị.")
    return found


def _note(body: Body, verb: str, by: int, sentence: str) -> None:
    record(
        verb, clock.now(), conference_id=body.conference_id, account_id=by, subject="body", subject_id=body.id,
        sentence=sentence,
    )  # fmt: skip
