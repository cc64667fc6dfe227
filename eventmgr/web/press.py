"""The press room: open to all, with what may be used now and what not yet."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue

from eventmgr.domain.releases import Reader
from eventmgr.services import paper_release, press, programme_versions
from eventmgr.web import screens
from eventmgr.web.access import open_to_all
from eventmgr.web.downloads import pdf_response
from eventmgr.web.programme import briefly_kept

blueprint = Blueprint("press", __name__, url_prefix="/e/<slug>/press")


@blueprint.get("")
@open_to_all
def room(slug: str) -> ResponseReturnValue:
    shown = programme_versions.published(g.conference.id)
    papers = paper_release.shown_papers(g.conference.id, Reader.PRESS)
    return briefly_kept(
        Response(render_template("public/press.html", programme=shown, room=press.press_room(shown), press_papers=papers, **_live()))
    )


@blueprint.get("/names.pdf")
@open_to_all
def names(slug: str) -> ResponseReturnValue:
    shown = programme_versions.published(g.conference.id)
    content = press.press_pdf(shown, press.press_room(shown))
    return briefly_kept(pdf_response(content, f"bao-chi-{slug}.pdf"))


def _live() -> dict[str, object]:
    """What is on at the moment, as the audience is told."""
    return screens.values(g.conference.id, "audience")
