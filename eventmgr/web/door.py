"""The scanner: its page, and the JSON that a paired phone talks to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("door", __name__, url_prefix="/door")
api = Blueprint("door_api", __name__, url_prefix="/api/door")
