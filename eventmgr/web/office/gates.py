"""Gates, phones and what has come in."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("gates", __name__, url_prefix="/office/<slug>/gates")
