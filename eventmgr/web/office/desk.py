"""The desk of a conference: what is ready, what is missing, what to do next."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("desk", __name__, url_prefix="/office/<slug>")
