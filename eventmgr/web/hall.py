"""Public programme, audience page, hall screen and the event stream."""

from __future__ import annotations

from flask import Blueprint, Flask

from eventmgr.live.hub import Hub

blueprint = Blueprint("hall", __name__, url_prefix="/e/<slug>")


def join(app: Flask, hub: Hub) -> None:
    """Let the hub render fragments for its listeners."""
