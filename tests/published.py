"""Publishing the programme in tests, as the office would."""

from __future__ import annotations

from eventmgr import clock
from eventmgr.models.database import transaction
from eventmgr.services.programme_versions import publish_within


def publish(conference_id: int) -> None:
    """Publish the programme as it stands."""
    with transaction():
        publish_within(conference_id, clock.now())
