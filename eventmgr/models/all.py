"""Every table, imported once so that migrations and the first start know them all."""

from __future__ import annotations

from eventmgr.models import (
    accounts,
    agenda,
    awards,
    checkin,
    conferences,
    delegates,
    imports,
    invitations,
    jobs,
    journal,
    nominations,
    programme_versions,
    wording,
)

__all__ = [
    "accounts", "agenda", "awards", "checkin", "conferences", "delegates", "imports", "invitations", "jobs",
    "journal", "nominations", "programme_versions", "wording",
]
