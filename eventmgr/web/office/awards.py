"""Award forms, decision and list."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("awards", __name__, url_prefix="/office/<slug>/awards")
