"""Delegates: search, order, edit."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("delegates", __name__, url_prefix="/office/<slug>/delegates")
