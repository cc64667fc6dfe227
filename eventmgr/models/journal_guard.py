"""The database itself refuses to change or delete a line of the journal, whoever asks.

Two ways stay open, each only after the line's seal says so: the personal part of a line may be blanked, and a line that
is past its time may go. Whoever changes these statements adds a migration that makes the triggers anew.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

_MAY_BLANK = """
    NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.verb = OLD.verb AND NEW.subject = OLD.subject
    AND NEW.subject_id {same} OLD.subject_id AND NEW.conference_id {same} OLD.conference_id
    AND NEW.account_id {same} OLD.account_id
    AND NEW.actor = '' AND NEW.sentence = '' AND {details} = '{{}}'
    AND EXISTS (SELECT 1 FROM journal_seals s WHERE s.entry_id = OLD.id AND s.blanked_at IS NOT NULL)
"""
_MAY_GO = "EXISTS (SELECT 1 FROM journal_seals s WHERE s.entry_id = OLD.id AND s.gone_at IS NOT NULL)"
_SEAL_STAYS = "NEW.entry_id = OLD.entry_id AND NEW.public = OLD.public AND NEW.personal = OLD.personal AND NEW.hash = OLD.hash"
_REFUSAL = "a line of the journal is never changed or deleted"


def _sqlite(name: str, what: str, table: str, unless: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {what} ON {table} WHEN NOT ({unless}) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


SQLITE = (
    _sqlite("journal_unchanged", "UPDATE", "journal", _MAY_BLANK.format(same="IS", details="NEW.details")),
    _sqlite("journal_stays", "DELETE", "journal", _MAY_GO),
    _sqlite("journal_seals_unchanged", "UPDATE", "journal_seals", _SEAL_STAYS),
    _sqlite("journal_seals_stay", "DELETE", "journal_seals", "0"),
)

_SAME = "IS NOT DISTINCT FROM"
POSTGRESQL = (
    f"""
    CREATE FUNCTION journal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'journal' THEN
            IF {_MAY_BLANK.format(same=_SAME, details="NEW.details::text")} THEN RETURN NEW; END IF;
        ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'journal' THEN
            IF {_MAY_GO} THEN RETURN OLD; END IF;
        ELSIF TG_OP = 'UPDATE' THEN
            IF {_SEAL_STAYS} THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION '{_REFUSAL}';
    END $$
    """,
    "CREATE TRIGGER journal_unchanged BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_guard()",
    "CREATE TRIGGER journal_stays BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION journal_guard()",
    "CREATE TRIGGER journal_seals_unchanged BEFORE UPDATE OR DELETE ON journal_seals FOR EACH ROW EXECUTE FUNCTION journal_guard()",
    "CREATE TRIGGER journal_seals_stay BEFORE TRUNCATE ON journal_seals FOR EACH STATEMENT EXECUTE FUNCTION journal_guard()",
)


def guard_after(metadata: sa.MetaData) -> None:
    """Set the triggers up when the tables are made without migrations (the file of a backup)."""

    @event.listens_for(metadata, "after_create")
    def guard(target: Any, connection: sa.Connection, **_: Any) -> None:
        for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
            connection.exec_driver_sql(statement)
