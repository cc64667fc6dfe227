"""The hall's own authority, for phones to install: it vouches for this server alone and holds no secret."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app
from flask.typing import ResponseReturnValue

from eventmgr.services import certificates
from eventmgr.web.access import open_to_all

blueprint = Blueprint("authority", __name__, url_prefix="/door")


@blueprint.get("/authority.crt")
@open_to_all
def download() -> ResponseReturnValue:
    settings = current_app.extensions["eventmgr"].settings
    authority = certificates.authority_of(settings.certificate_folder)
    if authority is None:
        abort(404)
    headers = {"Content-Disposition": "attachment; filename=hoi-truong.crt"}
    return Response(authority, mimetype="application/x-x509-ca-cert", headers=headers)
