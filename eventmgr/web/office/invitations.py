"""Letters: draft, approve, issue, print."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("invitations", __name__, url_prefix="/office/<slug>/invitations")
