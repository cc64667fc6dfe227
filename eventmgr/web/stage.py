"""The MC's console and the chair's view."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("stage", __name__, url_prefix="/stage/<slug>")
