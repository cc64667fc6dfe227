"""The programme editor."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("agenda", __name__, url_prefix="/office/<slug>/agenda")
