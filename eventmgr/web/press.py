"""The press room."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("press", __name__, url_prefix="/e/<slug>/press")
