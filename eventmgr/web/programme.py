"""The public programme: page, PDF, calendar, JSON."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.releases import Reader
from eventmgr.services import award_waves, paper_release, programme_files, programme_versions
from eventmgr.web.access import open_to_all
from eventmgr.web.downloads import file_response, pdf_response

blueprint = Blueprint("programme", __name__, url_prefix="/e/<slug>")

SHORTLY = "public, max-age=10"


@blueprint.get("/")
@open_to_all
def page(slug: str) -> ResponseReturnValue:
    shown, papers = programme_versions.published(g.conference.id), paper_release.shown_papers(g.conference.id, Reader.PUBLIC)
    announced = award_waves.is_announced(g.conference.id)
    return briefly_kept(Response(render_template("public/programme.html", programme=shown, papers=papers, announced=announced)))


@blueprint.get("/programme.pdf")
@open_to_all
def pdf(slug: str) -> ResponseReturnValue:
    content = programme_files.programme_pdf(programme_versions.published(g.conference.id))
    return briefly_kept(pdf_response(content, f"chuong-trinh-{slug}.pdf"))


@blueprint.get("/programme.ics")
@open_to_all
def calendar(slug: str) -> ResponseReturnValue:
    address = current_app.extensions["eventmgr"].settings.base_url + url_for("programme.page", slug=slug)
    content = programme_files.programme_calendar(programme_versions.published(g.conference.id), address)
    return briefly_kept(file_response(content, f"{slug}.ics", "text/calendar; charset=utf-8", download=True))


@blueprint.get("/programme.json")
@open_to_all
def data(slug: str) -> ResponseReturnValue:
    content = programme_files.programme_data(programme_versions.published(g.conference.id))
    return briefly_kept(Response(json.dumps(content, ensure_ascii=False, indent=1), mimetype="application/json"))


def briefly_kept(response: Response) -> Response:
    """Let everybody keep a public answer for ten seconds, then ask whether it has changed."""
    response.headers["Cache-Control"] = SHORTLY
    response.add_etag()
    response.make_conditional(request)
    return response
