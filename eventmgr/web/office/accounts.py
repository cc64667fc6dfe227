"""Staff accounts and open sessions."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/office/accounts")
