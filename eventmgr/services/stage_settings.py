"""What is set for one conference's stage: how long speeches are, who is introduced by name, the wave on the wall."""

from __future__ import annotations

import sqlalchemy as sa

from eventmgr.domain.speeches import NAMED_UNTIL, SPEAKING_MINUTES
from eventmgr.models.database import db
from eventmgr.models.directing import StageSettings


def settings_of(conference_id: int) -> StageSettings:
    """Return the settings, or those that count while nobody has set any; such a row is not stored yet."""
    stored = db.session.scalar(sa.select(StageSettings).where(StageSettings.conference_id == conference_id))
    return stored or StageSettings(
        conference_id=conference_id, named_until=NAMED_UNTIL, speaking_minutes=SPEAKING_MINUTES
    )
