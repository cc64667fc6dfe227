"""Bring the database's tables to a version; the only import of Alembic, which is loaded when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(revision: str = "head") -> None:
    """Apply the migrations that the database of the running application does not have yet, up to a revision."""
    from alembic import command  # slow: a tenth of the start, for what seldom has anything to do

    command.upgrade(_config(), revision)


def downgrade(revision: str) -> None:
    """Take migrations back, down to a revision."""
    from alembic import command  # slow

    command.downgrade(_config(), revision)


def _config() -> Any:
    from alembic.config import Config  # slow

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
