"""Letterhead, number symbol, place, signer lines and recipients."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("letterhead", __name__, url_prefix="/office/<slug>/letterhead")
