"""Every table, imported once so that migrations and the first start know them all."""

from __future__ import annotations

from eventmgr.models import (
    accounts,
    agenda,
    awards,
    ceremony,
    checkin,
    conferences,
    copies,
    delegates,
    directing,
    dossiers,
    holidays,
    imports,
    invitations,
    jobs,
    journal,
    journal_guard,
    mails,
    nominations,
    papers,
    privacy,
    programme_versions,
    register,
    wording,
)

__all__ = [
    "accounts", "agenda", "awards", "ceremony", "checkin", "conferences", "copies", "delegates", "directing", "dossiers",
    "holidays", "imports", "invitations", "jobs", "journal", "journal_guard", "mails", "nominations", "papers", "privacy",
    "programme_versions", "register", "wording",
]
