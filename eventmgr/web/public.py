"""The public list of conferences."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventmgr.services import conferences
from eventmgr.web.access import open_to_all

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@open_to_all
def index() -> ResponseReturnValue:
    shown = conferences.public_conferences()
    if len(shown) == 1:
        return redirect(url_for("programme.page", slug=shown[0].slug))
    return render_template("public/index.html", conferences=shown)
