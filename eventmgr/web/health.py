"""Is the process alive, and can it serve."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from eventmgr.services import health
from eventmgr.web import figures
from eventmgr.web.access import local_only, open_to_all

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@open_to_all
def alive() -> ResponseReturnValue:
    return {"alive": True}


@blueprint.get("/readyz")
@open_to_all
def ready() -> ResponseReturnValue:
    checks = health.checks(current_app.extensions["eventmgr"].newest_migration)
    good = all(checks.values())
    return {"ready": good, **checks}, 200 if good else 503


@blueprint.get("/metrics")
@local_only
def metrics() -> ResponseReturnValue:
    return figures.text(), 200, {"Content-Type": "text/plain; version=0.0.4"}
