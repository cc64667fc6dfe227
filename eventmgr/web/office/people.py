"""People and their roles in a conference."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("people", __name__, url_prefix="/office/<slug>/people")
