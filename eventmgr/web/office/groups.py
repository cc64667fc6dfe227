"""Groups and bodies."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("groups", __name__, url_prefix="/office/<slug>")
