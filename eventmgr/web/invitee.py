"""Who holds an invitation: read it, answer it, download it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("invitee", __name__, url_prefix="")
