"""The notice on personal data, open to all: every letter and invitee's page leads here."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from eventmgr.domain import privacy as words
from eventmgr.services import retention
from eventmgr.web.access import open_to_all

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/privacy")
@open_to_all
def notice() -> ResponseReturnValue:
    return render_template("public/privacy.html", notice=retention.newest_notice(), rules=retention.rules(), words=words)
