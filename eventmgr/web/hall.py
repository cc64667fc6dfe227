"""Audience page, hall screen and the event stream."""

from __future__ import annotations

import re

from flask import Blueprint, Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue

from eventmgr import clock
from eventmgr.domain.access import Right, rights_of
from eventmgr.domain.errors import NotAllowed, NotFound
from eventmgr.live.hub import Full, Hub
from eventmgr.live.listener import Key
from eventmgr.live.views import VIEWS
from eventmgr.services import accounts
from eventmgr.web import screens
from eventmgr.web.access import may, open_to_all

blueprint = Blueprint("hall", __name__, url_prefix="/e/<slug>")

# What a view of the stream asks for; those not named here are for everybody.
RIGHTS = {
    "mc": Right.SEE_STAGE,
    "watch": Right.SEE_STAGE,
    "chair": Right.SEE_STAGE,
    "waves": Right.RUN_STAGE,
    "tray": Right.SEE_AWARDS,
    "usher": Right.RUN_TRAY,
    "awards": Right.SEE_AWARDS,
    "desk": Right.SEE_DELEGATES,
    "overview": Right.SEE_DESK,
}
FULL_RETRY = 10


def join(app: Flask, hub: Hub) -> None:
    """Let the hub render fragments for its listeners."""
    screens.init_app(app)

    def render(conference_id: int, view: str) -> list[str]:
        with app.app_context():  # its end gives the database session back
            return screens.fragments(conference_id, view)

    hub.join(render, app.app_context, _entitled)


def _entitled(asked: set[tuple[int, Key]]) -> set[tuple[int, Key]]:
    """Return which (session, view) may look at this moment."""
    people = accounts.find_by_sign_ins({sign_in for sign_in, _ in asked})
    return {
        (sign_in, key) for sign_in, key in asked
        if (who := people.get(sign_in)) and not who.must_change_password and RIGHTS[key[1]] in rights_of(who.roles_in(key[0]))
    }  # fmt: skip


@blueprint.get("/live")
@open_to_all
def live(slug: str) -> ResponseReturnValue:
    known = screens.values(g.conference.id, "audience")
    state = known["stage"]
    first_states = {row.id: row.state for row in state.rows}
    first_now = state.now.id if state.now else None
    return render_template("hall/live.html", **known, first_states=first_states, first_now=first_now)


@blueprint.get("/screen")
@open_to_all
def screen(slug: str) -> ResponseReturnValue:
    return render_template("hall/screen.html", **screens.values(g.conference.id, "hall"))


@blueprint.get("/caption")
@open_to_all
def caption(slug: str) -> ResponseReturnValue:
    return render_template("hall/caption.html", **screens.values(g.conference.id, "caption"))


@blueprint.get("/time")
@open_to_all
def time(slug: str) -> ResponseReturnValue:
    return {"now": screens.milliseconds(clock.now())}


@blueprint.get("/stream")
@open_to_all
def stream(slug: str) -> ResponseReturnValue:
    view = request.args.get("view", "audience")
    if view not in VIEWS:
        raise NotFound("Không có màn hình này.")
    if view in RIGHTS and (not may(RIGHTS[view]) or g.who.must_change_password):
        raise NotAllowed()
    packed = request.accept_encodings.quality("gzip") > 0
    hub: Hub = current_app.extensions["eventmgr_hub"]
    try:
        listener = hub.listen(g.conference.id, view, packed=packed, page=_page(), sign_in=g.who.sign_in_id if view in RIGHTS else None)
    except Full:
        return "Đang có quá nhiều người xem; trang sẽ tự tải lại.", 503, {"Retry-After": str(FULL_RETRY)}
    response = Response(listener, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.headers["Content-Security-Policy"] = "default-src 'none'"  # a thousand streams begin at once: every byte counts
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _page() -> str | None:
    """The random name that the page gave itself, with the number of its try; of no use to anybody else."""
    name = request.args.get("page", "")
    return name if re.fullmatch(r"[0-9a-f]{32}-[01]", name) else None
