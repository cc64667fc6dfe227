"""Papers on their way out: downloads for the public, the press, who holds a letter or a body's link, and the stage."""

from __future__ import annotations

from flask import Blueprint, Response, g, request, send_file
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import NotFound
from eventmgr.domain.releases import Reader
from eventmgr.services import body_links, paper_release, replies
from eventmgr.services.paper_release import Handed
from eventmgr.web.access import holds_pass, needs, open_to_all

blueprint = Blueprint("handing", __name__)


@blueprint.get("/e/<slug>/papers/<int:paper_id>")
@open_to_all
def public(slug: str, paper_id: int) -> ResponseReturnValue:
    return _sent(paper_release.hand_out(g.conference.id, paper_id, Reader.PUBLIC, counts=_is_whole()))


@blueprint.get("/e/<slug>/press/papers/<int:paper_id>")
@open_to_all
def press(slug: str, paper_id: int) -> ResponseReturnValue:
    return _sent(paper_release.hand_out(g.conference.id, paper_id, Reader.PRESS, counts=_is_whole()))


@blueprint.get("/i/<code>/papers/<int:paper_id>")
@holds_pass
def invitee(code: str, paper_id: int) -> ResponseReturnValue:
    held = replies.held_by(code)
    if held.invitation.revoked_at is not None:
        raise NotFound("Giấy mời này đã được thu hồi.")
    handed = paper_release.hand_out(
        held.conference.id, paper_id, paper_release.reader_of(held), held.delegate.id, counts=_is_whole()
    )  # fmt: skip
    return _sent(handed)


@blueprint.get("/b/<code>/papers/<int:paper_id>")
@holds_pass
def body(code: str, paper_id: int) -> ResponseReturnValue:
    _, conference = body_links.body_of(code)
    return _sent(paper_release.hand_out(conference.id, paper_id, Reader.UNIT, counts=_is_whole()))


@blueprint.get("/stage/<slug>/papers/<int:paper_id>")
@needs(Right.SEE_STAGE)
def staff(slug: str, paper_id: int) -> ResponseReturnValue:
    return _sent(paper_release.staff_copy(g.conference.id, paper_id))


def _is_whole() -> bool:
    """Tell whether the whole file is asked for: a piece or a question about a kept copy is no new opening."""
    return request.method == "GET" and not request.headers.get("Range") and not request.headers.get("If-None-Match")


def _sent(handed: Handed) -> Response:
    """Send a file from the disk piece by piece, to be saved, never shown by the browser under our name."""
    response = send_file(
        handed.path, mimetype=handed.mime, as_attachment=True, download_name=handed.name, etag=handed.sha256, conditional=True
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # What is for everybody may be kept if it is asked for again first; what a letter, a link or a sign-in opens may not stay behind
    # on a machine that somebody else uses next.
    response.headers["Cache-Control"] = "private, no-cache" if request.endpoint in {"handing.public", "handing.press"} else "no-store"
    return response
