"""The announced award list for everybody: page, PDF, .xlsx, plain text; before the announcement there is no such page."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue

from eventmgr.services import award_release
from eventmgr.web.access import open_to_all
from eventmgr.web.downloads import file_response, pdf_response
from eventmgr.web.programme import briefly_kept

blueprint = Blueprint("award_release", __name__, url_prefix="/e/<slug>/awards")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("")
@open_to_all
def page(slug: str) -> ResponseReturnValue:
    told = award_release.release(g.conference.id)
    return briefly_kept(Response(render_template("public/awards.html", told=told, text=award_release.release_text(told))))


@blueprint.get("/list.pdf")
@open_to_all
def pdf(slug: str) -> ResponseReturnValue:
    return briefly_kept(pdf_response(award_release.release_pdf(award_release.release(g.conference.id)), f"khen-thuong-{slug}.pdf"))


@blueprint.get("/list.xlsx")
@open_to_all
def workbook(slug: str) -> ResponseReturnValue:
    content = award_release.release_workbook(award_release.release(g.conference.id))
    return briefly_kept(file_response(content, f"khen-thuong-{slug}.xlsx", XLSX, download=True))


@blueprint.get("/list.txt")
@open_to_all
def text(slug: str) -> ResponseReturnValue:
    said = award_release.release_text(award_release.release(g.conference.id))
    return briefly_kept(Response(said, mimetype="text/plain"))
